"""Addresses of chapter 7.3."""

from django.urls import path

from inspectorate.reporting import views

urlpatterns = [
    path("inspections/<uuid:inspection>/report/", views.report_steps, name="report_steps"),
    path("inspections/<uuid:inspection>/report/<str:step>/", views.complete_step, name="complete_step"),
]
