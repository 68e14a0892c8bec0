"""Addresses of chapters 2.1, 7.2 (the call about the decision) and 7.3."""

from django.urls import path

from inspectorate.reporting import call_views, national_views, views

urlpatterns = [
    path("inspections/<uuid:inspection>/decision/call/", call_views.ratings_call, name="ratings_call"),
    path("inspections/<uuid:inspection>/report/", views.report_steps, name="report_steps"),
    path("inspections/<uuid:inspection>/report/<str:step>/", views.complete_step, name="complete_step"),
    path("national/", national_views.national, name="national"),
    path("national/all/", national_views.national_all, name="national_all"),
    path("national/next/", national_views.prepare_edition, name="prepare_edition"),
    path("national/next/publish/", national_views.publish_edition, name="publish_edition"),
    path("national/next/sign/", national_views.sign_override, name="sign_override"),
    path("national/editions/<uuid:edition>/", national_views.national_edition, name="national_edition"),
]
