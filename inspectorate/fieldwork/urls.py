"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import (
    alert_views,
    drop_out_views,
    inspected_views,
    interview_views,
    matter_views,
    precision_views,
    views,
)

ALERTS = "inspections/<uuid:inspection>/alerts"
MATTERS = "inspections/<uuid:inspection>/matters"

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
    path("inspections/<uuid:inspection>/domain-one/", views.domain_one, name="domain_one"),
]
