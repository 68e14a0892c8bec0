"""Addresses of files and letters."""

from django.urls import path

from inspectorate.documents import views

urlpatterns = [
    path("inspections/<uuid:inspection>/documents/<uuid:document>/", views.document, name="document"),
    path("inspections/<uuid:inspection>/letters/", views.letters, name="letters"),
    path("inspections/<uuid:inspection>/letters/<uuid:letter>/", views.letter, name="letter"),
]
