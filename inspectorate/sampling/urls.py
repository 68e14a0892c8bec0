"""Addresses of chapter 4."""

from django.urls import path

from inspectorate.sampling import figure_2_views, list_views, sample_views, views

HERE = "inspections/<uuid:inspection>"
LISTS = f"{HERE}/long-lists"
SAMPLES = f"{HERE}/samples"
DRAW = f"{SAMPLES}/draws/<uuid:draw>"

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
    path(f"{SAMPLES}/", sample_views.samples_page, name="samples"),
    path(f"{SAMPLES}/figure-2/", figure_2_views.figure_2_page, name="figure_2"),
    path(f"{SAMPLES}/<slug:case_list>/draw/", sample_views.draw_sample, name="draw_sample"),
    path(f"{DRAW}/", sample_views.draw, name="draw"),
    path(f"{DRAW}/cases/", sample_views.drawn_cases, name="drawn_cases"),
    path(f"{DRAW}/receipt/", sample_views.draw_receipt, name="draw_receipt"),
    path(f"{DRAW}/verify/", sample_views.verify_draw, name="verify_draw"),
    path(f"{DRAW}/exclusions/", sample_views.mark_exclusions, name="mark_exclusions"),
    path(f"{DRAW}/confirm/", sample_views.confirm_sample, name="confirm_sample"),
    path(f"{DRAW}/final/", sample_views.final_sample, name="final_sample"),
    path(f"{DRAW}/final/file/", sample_views.final_sample_file, name="final_sample_file"),
]
