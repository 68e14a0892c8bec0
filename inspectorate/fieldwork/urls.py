"""Addresses of chapter 6."""

from django.urls import path

from inspectorate.fieldwork import drop_out_views, inspected_views, precision_views, views

urlpatterns = [
    path("inspections/<uuid:inspection>/cases/", views.cases, name="cases"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/", views.case, name="case"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/save/", views.save_answer, name="save_answer"),
    path("inspections/<uuid:inspection>/cases/<uuid:case>/submit/", views.submit_case, name="submit_case"),
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
