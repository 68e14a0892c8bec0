"""Addresses of the programme: planning an inspection, its team and dates, and the inspected bodies."""

from django.urls import path

from inspectorate.programme import views

urlpatterns = [
    path("programme/new/", views.plan_inspection, name="plan_inspection"),
    path("people/", views.people, name="people"),
    path("people/<uuid:person>/close/", views.close_account, name="close_account"),
    path("bodies/<uuid:body>/", views.body, name="body"),
    path("bodies/<uuid:body>/names/", views.name_tiers, name="name_tiers"),
    path("bodies/<uuid:body>/units/", views.add_units, name="add_units"),
    path("inspections/<uuid:inspection>/team/", views.team, name="team"),
    path("inspections/<uuid:inspection>/team/add/", views.add_to_team, name="add_to_team"),
    path("inspections/<uuid:inspection>/team/<int:membership>/end/", views.end_role, name="end_role"),
    path("inspections/<uuid:inspection>/stop/", views.stop_inspection, name="stop_inspection"),
    path("inspections/<uuid:inspection>/dates/<slug:event>/move/", views.move_date, name="move_date"),
    path("inspections/<uuid:inspection>/dates/<slug:event>/done/", views.complete_task, name="complete_task"),
]
