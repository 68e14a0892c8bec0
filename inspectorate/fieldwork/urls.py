"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import evidence_views, quality_views, running_views, views

HERE = "inspections/<uuid:inspection>"
CASE = f"{HERE}/cases/<uuid:case>"
FIELDWORK = f"{HERE}/fieldwork"

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
    path(f"{FIELDWORK}/", running_views.progress, name="fieldwork_progress"),
    path(f"{FIELDWORK}/days/", running_views.record_day, name="record_day"),
    path(f"{FIELDWORK}/weeks/<int:week>/", running_views.return_week, name="return_week"),
    path(f"{FIELDWORK}/closing/<slug:item>/", running_views.close_item, name="close_item"),
    path(f"{HERE}/welfare/", running_views.welfare, name="welfare"),
    path(f"{HERE}/welfare/<int:note>/", running_views.answer_welfare, name="answer_welfare"),
    path(f"{HERE}/sites/", running_views.sites, name="sites"),
    path(f"{HERE}/sites/new/", running_views.add_site, name="add_site"),
    path(f"{HERE}/sites/<uuid:site>/", running_views.site, name="site"),
    path(f"{HERE}/sites/<uuid:site>/check/", running_views.check_site, name="check_site"),
    path(f"{HERE}/meetings/", running_views.meetings, name="meetings"),
    path(f"{HERE}/domain-one/", evidence_views.domain_one, name="domain_one"),
    path(f"{HERE}/domain-one/count/", evidence_views.evidence_count, name="evidence_count"),
]
