"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import (
    alert_views,
    calibration_views,
    copy_views,
    drop_out_views,
    evidence_views,
    inspected_views,
    interview_views,
    journal_views,
    matter_views,
    precision_views,
    quality_views,
    running_views,
    training_views,
    views,
)

HERE = "inspections/<uuid:inspection>"
CASE = f"{HERE}/cases/<uuid:case>"
FIELDWORK = f"{HERE}/fieldwork"
ALERTS = f"{HERE}/alerts"
MATTERS = f"{HERE}/matters"
CALIBRATION = f"{HERE}/calibration"
TRAINING = f"{HERE}/training"

urlpatterns = [
    path("inspections/<uuid:inspection>/cases/", views.cases, name="cases"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/", views.case, name="case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/save/", views.save_answer, name="save_answer"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/submit/", views.submit_case, name="submit_case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/interview/", interview_views.interview, name="interview"),
    path(
        "inspections/<uuid:inspection>/cases/<uuid:case>/matters/new/", matter_views.raise_matter, name="raise_matter"
    ),
    path("inspections/<uuid:inspection>/interviews/", interview_views.in_aggregate, name="interviews"),
    path(f"{ALERTS}/", alert_views.alert_list, name="alerts"),
    path(f"{ALERTS}/new/", alert_views.raise_alert, name="raise_alert"),
    path(f"{ALERTS}/<uuid:alert>/", alert_views.alert, name="alert"),
    path(f"{ALERTS}/<uuid:alert>/seal/", alert_views.break_seal, name="break_seal"),
    path(f"{ALERTS}/<uuid:alert>/steps/<slug:step>/", alert_views.alert_step, name="alert_step"),
    path(f"{MATTERS}/", matter_views.matter_list, name="matters"),
    path(f"{MATTERS}/<uuid:matter>/", matter_views.matter, name="matter"),
    path(f"{MATTERS}/<uuid:matter>/steps/<slug:step>/", matter_views.matter_step, name="matter_step"),
    path(
        "inspections/<uuid:inspection>/cases/<slug:case_list>/inspected/",
        inspected_views.inspected_cases,
        name="inspected_cases",
    ),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/drop-out/", drop_out_views.report, name="report_drop_out"),
    path("inspections/<uuid:inspection>/drop-outs/", drop_out_views.drop_outs, name="drop_outs"),
    path("inspections/<uuid:inspection>/drop-outs/<uuid:drop_out>/", drop_out_views.decide, name="decide_drop_out"),
    path("inspections/<uuid:inspection>/samples/precision/", precision_views.precision_page, name="precision"),
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
    path("inspections/<uuid:inspection>/cases/<uuid:case>/report/", copy_views.case_report, name="case_report"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/workbook/", copy_views.case_workbook, name="case_workbook"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/give/", copy_views.give_case, name="give_case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/take/", copy_views.take_case, name="take_case"),
    path("inspections/<uuid:inspection>/cases/blank/<slug:case_list>/", copy_views.blank_case, name="blank_case"),
    path(f"{CALIBRATION}/", calibration_views.calibration, name="calibration"),
    path(f"{CALIBRATION}/choose/", calibration_views.choose, name="choose_seconds"),
    path(f"{CALIBRATION}/<uuid:judgement>/", calibration_views.beside, name="two_judgements"),
    path(f"{CALIBRATION}/<uuid:judgement>/settle/", calibration_views.settle, name="settle_difference"),
    path(f"{CALIBRATION}/<uuid:judgement>/end/", calibration_views.end, name="end_second"),
    path(f"{TRAINING}/", training_views.training, name="training"),
    path(f"{TRAINING}/<uuid:training_case>/", training_views.training_case, name="training_case"),
    path("journal/", journal_views.journal, name="journal"),
    path("inspections/worker.js", journal_views.worker, name="case_worker"),
    path("inspections/offline/", journal_views.case_shell, name="case_shell"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/patches/", journal_views.send_patches, name="send_patches"),
]
