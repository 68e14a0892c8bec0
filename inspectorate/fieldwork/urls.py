"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import copy_views, journal_views, views

urlpatterns = [
    path("inspections/<uuid:inspection>/cases/", views.cases, name="cases"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/", views.case, name="case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/save/", views.save_answer, name="save_answer"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/submit/", views.submit_case, name="submit_case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/report/", copy_views.case_report, name="case_report"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/workbook/", copy_views.case_workbook, name="case_workbook"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/give/", copy_views.give_case, name="give_case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/take/", copy_views.take_case, name="take_case"),
    path("inspections/<uuid:inspection>/cases/blank/<slug:case_list>/", copy_views.blank_case, name="blank_case"),
    path("journal/", journal_views.journal, name="journal"),
    path("inspections/worker.js", journal_views.worker, name="case_worker"),
    path("inspections/offline/", journal_views.case_shell, name="case_shell"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/patches/", journal_views.send_patches, name="send_patches"),
    path("inspections/<uuid:inspection>/domain-one/", views.domain_one, name="domain_one"),
]
