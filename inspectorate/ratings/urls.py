"""Addresses of chapter 7.1 and 7.2."""

from django.urls import path

from inspectorate.ratings import verifying_views, views

urlpatterns = [
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
    path("inspections/<uuid:inspection>/proposals/", views.proposals, name="proposals"),
    path("inspections/<uuid:inspection>/proposals/<str:standard>/", views.propose, name="propose"),
    path("inspections/<uuid:inspection>/panel/", views.panel, name="panel"),
    path("inspections/<uuid:inspection>/panel/open/", views.open_panel, name="open_panel"),
    path("inspections/<uuid:inspection>/panel/attendance/", views.attendance, name="attendance"),
    path("inspections/<uuid:inspection>/panel/decision/", views.decide, name="decide"),
    path("inspections/<uuid:inspection>/panel/<str:subject>/", views.panel_item, name="panel_item"),
    path("inspections/<uuid:inspection>/decision/", views.decision, name="decision"),
    path("inspections/<uuid:inspection>/decision/release/", views.release_decision, name="release_decision"),
]
