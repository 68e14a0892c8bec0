"""Addresses of chapter 5."""

from django.urls import path

from inspectorate.scheduling import views

urlpatterns = [
    path("inspections/<uuid:inspection>/allocation/", views.allocation, name="allocation"),
    path("inspections/<uuid:inspection>/allocation/deal/", views.allocate_cases, name="allocate_cases"),
    path("inspections/<uuid:inspection>/allocation/<uuid:case>/", views.reallocate_case, name="reallocate_case"),
    path("inspections/<uuid:inspection>/connections/", views.declare_connection, name="declare_connection"),
]
