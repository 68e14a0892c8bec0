"""Addresses of the pages across chapters."""

from django.urls import path

from inspectorate.overview import views

urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("programme/", views.programme, name="programme"),
    path("inspections/<uuid:inspection>/", views.inspection_home, name="inspection"),
    path("inspections/<uuid:inspection>/weeks/", views.weeks, name="weeks"),
    path("inspections/<uuid:inspection>/audit/", views.audit_trail, name="audit_trail"),
]
