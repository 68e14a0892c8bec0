"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import quality_views, views

CASE = "inspections/<uuid:inspection>/cases/<uuid:case>"

urlpatterns = [
    path("inspections/<uuid:inspection>/cases/", views.cases, name="cases"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/", views.case, name="case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/save/", views.save_answer, name="save_answer"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/submit/", views.submit_case, name="submit_case"),
    path(f"{CASE}/quality/", quality_views.case_quality, name="case_quality"),
    path(f"{CASE}/quality/reopen/", quality_views.reopen_case, name="reopen_case"),
    path(f"{CASE}/quality/check/", quality_views.check_case, name="check_case"),
    path(f"{CASE}/quality/correct/", quality_views.correct_answer, name="correct_answer"),
    path(f"{CASE}/quality/notes/", quality_views.leave_note, name="leave_note"),
    path(f"{CASE}/quality/notes/<uuid:thread>/", quality_views.answer_note, name="answer_note"),
    path("inspections/<uuid:inspection>/checks/", quality_views.checks, name="checks"),
    path("inspections/<uuid:inspection>/domain-one/", views.domain_one, name="domain_one"),
]
