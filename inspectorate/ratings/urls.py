"""Addresses of chapter 7.1 and 7.2."""

from django.urls import path

from inspectorate.ratings import (
    consistency_views,
    lens_views,
    panel_room_views,
    proposal_views,
    replay_views,
    verifying_views,
    views,
)

urlpatterns = [
    path("programme/replay/", replay_views.replay_page, name="replay"),
    path("programme/consistency/", consistency_views.consistency, name="consistency"),
    path("inspections/<uuid:inspection>/ratings/", views.indicative_ratings, name="indicative_ratings"),
    path("inspections/<uuid:inspection>/ratings/issue/", views.issue, name="issue_indicative_ratings"),
    path("inspections/<uuid:inspection>/verified-data/", verifying_views.data_checks, name="data_checks"),
    path(
        "inspections/<uuid:inspection>/verified-data/explain/",
        verifying_views.explain_findings,
        name="explain_findings",
    ),
    path("inspections/<uuid:inspection>/verified-data/sign/", verifying_views.sign_data, name="sign_data"),
    path("inspections/<uuid:inspection>/verified-data/changes/", verifying_views.data_changes, name="data_changes"),
    path(
        "inspections/<uuid:inspection>/verified-data/<int:number>/<str:name>",
        verifying_views.verified_file,
        name="verified_file",
    ),
    path("inspections/<uuid:inspection>/ratings/<str:key_question>/", views.counted_cases, name="counted_cases"),
    path("inspections/<uuid:inspection>/confidence/", lens_views.confidence, name="confidence"),
    path("inspections/<uuid:inspection>/proposals/", proposal_views.proposals, name="proposals"),
    path("inspections/<uuid:inspection>/proposals/<str:standard>/", proposal_views.propose, name="propose"),
    path(
        "inspections/<uuid:inspection>/proposals/<str:standard>/evidence/<uuid:note>/",
        proposal_views.weigh_evidence,
        name="weigh_evidence",
    ),
    path("inspections/<uuid:inspection>/views/<str:subject>/", proposal_views.record_view, name="record_view"),
    path("inspections/<uuid:inspection>/panel/", views.panel, name="panel"),
    path("inspections/<uuid:inspection>/panel/open/", views.open_panel, name="open_panel"),
    path("inspections/<uuid:inspection>/panel/attendance/", views.attendance, name="attendance"),
    path("inspections/<uuid:inspection>/panel/decision/", views.decide, name="decide"),
    path("inspections/<uuid:inspection>/panel/what-if/", panel_room_views.what_if, name="what_if"),
    path("inspections/<uuid:inspection>/panel/minutes/", panel_room_views.panel_minutes, name="panel_minutes"),
    path(
        "inspections/<uuid:inspection>/panel/connection/",
        panel_room_views.declare_panel_connection,
        name="declare_panel_connection",
    ),
    path("inspections/<uuid:inspection>/panel/<str:subject>/", views.panel_item, name="panel_item"),
    path("inspections/<uuid:inspection>/decision/", views.decision, name="decision"),
    path("inspections/<uuid:inspection>/decision/release/", views.release_decision, name="release_decision"),
    path(
        "inspections/<uuid:inspection>/decision/files/<str:file>", panel_room_views.decision_file, name="decision_file"
    ),
]
