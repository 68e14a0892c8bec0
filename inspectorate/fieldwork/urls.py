"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import views

urlpatterns = [
    path("inspections/<uuid:inspection>/cases/", views.cases, name="cases"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/", views.case, name="case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/save/", views.save_answer, name="save_answer"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/submit/", views.submit_case, name="submit_case"),
    path("inspections/<uuid:inspection>/domain-one/", views.domain_one, name="domain_one"),
]
