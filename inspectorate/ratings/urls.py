"""Addresses of chapter 7.1 and 7.2."""

from django.urls import path

from inspectorate.ratings import consistency_views, replay_views, views

urlpatterns = [
    path("programme/replay/", replay_views.replay_page, name="replay"),
    path("programme/consistency/", consistency_views.consistency, name="consistency"),
    path("inspections/<uuid:inspection>/ratings/", views.indicative_ratings, name="indicative_ratings"),
    path("inspections/<uuid:inspection>/ratings/issue/", views.issue, name="issue_indicative_ratings"),
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
