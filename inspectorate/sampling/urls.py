"""Addresses of chapter 4."""

from django.urls import path

from inspectorate.sampling import (
    draw_views,
    limited_views,
    list_views,
    sample_views,
    unit_views,
    views,
    waiver_views,
)

HERE = "inspections/<uuid:inspection>"
LISTS = f"{HERE}/long-lists"
SAMPLES = f"{HERE}/samples"
DRAW = f"{SAMPLES}/draws/<uuid:draw>"
PREPARED = f"{SAMPLES}/prepared/<uuid:inputs>"

urlpatterns = [
    path(f"{LISTS}/", views.long_lists, name="long_lists"),
    path(f"{LISTS}/<slug:case_list>/template/", views.long_list_template, name="long_list_template"),
    path(f"{LISTS}/<slug:case_list>/days/", list_views.ask_period, name="ask_period"),
    path(f"{LISTS}/<slug:case_list>/expected/", list_views.expect_cases, name="expect_cases"),
    path(f"{LISTS}/<slug:case_list>/give/", views.give_long_list, name="give_long_list"),
    path(f"{LISTS}/<uuid:long_list>/", views.long_list, name="long_list"),
    path(f"{LISTS}/<uuid:long_list>/faults/", views.long_list_faults, name="long_list_faults"),
    path(f"{LISTS}/<uuid:long_list>/cases/", views.listed_cases, name="listed_cases"),
    path(f"{LISTS}/<uuid:long_list>/columns/", views.match_columns, name="match_columns"),
    path(f"{LISTS}/<uuid:long_list>/read/", views.read_again, name="read_long_list"),
    path(f"{LISTS}/<uuid:long_list>/compare/<uuid:earlier>/", list_views.compare_lists, name="compare_lists"),
    path(f"{LISTS}/<uuid:long_list>/receipt/", list_views.list_receipt, name="list_receipt"),
    path(f"{LISTS}/<uuid:long_list>/accept/", views.accept_long_list, name="accept_long_list"),
    path(f"{LISTS}/<uuid:long_list>/waive/", waiver_views.waive_faults, name="waive_faults"),
    path(f"{LISTS}/<uuid:long_list>/waivers/file/", waiver_views.waivers_file, name="waivers_file"),
    path(f"{HERE}/limited-access/", limited_views.limited_readers, name="limited_readers"),
    path(f"{HERE}/limited-access/<int:named>/end/", limited_views.end_limited_reader, name="end_limited_reader"),
    path(f"{SAMPLES}/", sample_views.samples_page, name="samples"),
    path(f"{SAMPLES}/<slug:case_list>/units/", unit_views.choose_units, name="choose_units"),
    path(f"{SAMPLES}/<slug:case_list>/draw/", draw_views.prepare_draw, name="prepare_draw"),
    path(f"{SAMPLES}/<slug:case_list>/draws/", draw_views.draw_log, name="draw_log"),
    path(f"{PREPARED}/", draw_views.prepared_draw, name="prepared_draw"),
    path(f"{PREPARED}/draw/", draw_views.draw_sample, name="draw_sample"),
    path(f"{DRAW}/", sample_views.draw, name="draw"),
    path(f"{DRAW}/cases/", sample_views.drawn_cases, name="drawn_cases"),
    path(f"{DRAW}/receipt/", sample_views.draw_receipt, name="draw_receipt"),
    path(f"{DRAW}/verify/", sample_views.verify_draw, name="verify_draw"),
    path(f"{DRAW}/extend/", draw_views.extend_sample, name="extend_sample"),
    path(f"{DRAW}/own-receipt/", draw_views.own_receipt, name="own_receipt"),
    path(f"{DRAW}/check/", draw_views.check_draw, name="check_draw"),
    path(f"{DRAW}/exclusions/", sample_views.mark_exclusions, name="mark_exclusions"),
    path(f"{DRAW}/confirm/", sample_views.confirm_sample, name="confirm_sample"),
    path(f"{DRAW}/final/", sample_views.final_sample, name="final_sample"),
    path(f"{DRAW}/final/file/", sample_views.final_sample_file, name="final_sample_file"),
]
