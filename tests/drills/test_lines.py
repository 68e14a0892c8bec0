"""Every post of the thread leaves exactly its lines in the trail; sent twice it has one effect, refused it has none.

Seen to fail with a `record_change` taken out of `move_date`, and with the middleware that knows a form again left out:
the second concern about a date then stood beside the first.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from inspectorate.audit import trail
from inspectorate.audit.models import Entry, Head, Kind
from tests.drills.thread import Browsers, Post

# What each post writes into the trail, in this order: its own line last, before it the lines of what it carries out.
LINES: dict[str, set[tuple[str, ...]]] = {
    "people": {("open_account",)},
    "close_account": {("close_account",)},
    "name_tiers": {("name_tiers",)},
    "add_units": {("add_units",)},
    "plan_inspection": {("plan_inspection",)},
    "stop_inspection": {("stop_inspection",)},
    "add_to_team": {("add_to_team",)},
    "end_role": {("end_role",)},
    "announce": {("add_to_team", "send_letter", "send_letter", "announce")},
    "write_to_partners": {("send_letter",)},
    "tell_division": {("send_letter",)},
    "issue_plan": {("issue_project_plan", "send_letter")},
    "raise_concern": {("raise_concern",)},
    "answer_concern": {("move_date", "answer_concern")},
    "move_date": {("move_date",)},
    "record_planning_meeting": {("name_tiers", "record_planning_meeting")},
    "give_evidence": {("receive", "give_evidence")},
    "assess_evidence": {("assess_evidence",)},
    "ask_for_evidence": {("ask_for_evidence",)},
    "answer_request": {("receive", "give_evidence")},
    "replace_evidence": {("receive", "give_evidence")},
    "ask_period": {("ask_period",)},
    "expect_cases": {("expect_cases",)},
    "give_long_list": {("receive", "give_long_list", "read_long_list")},
    "match_columns": {("read_again", "read_long_list")},
    "read_long_list": {("read_again", "read_long_list")},
    "accept_long_list": {
        ("begin_accepting", "accept_long_list"),
        ("begin_accepting", "add_units", "accept_long_list"),
    },
    "choose_units": {("choose_units",)},
    "waive_faults": {("waive_faults", "read_long_list")},
    "limited_readers": {("name_limited_reader",)},
    "end_limited_reader": {("end_limited_reader",)},
    "prepare_draw": {("prepare_draw",)},
    "draw_sample": {("draw_sample",)},
    "extend_sample": {("extend_sample",)},
    "verify_draw": {()},
    "check_draw": {()},
    "mark_exclusions": {("mark_exclusions",), ("return_sample",)},
    "exclusion_sheet": {("receive",)},
    "sheet_preview": {("mark_exclusions", "use_sheet")},
    "exclusion_evidence": {("receive", "attach_evidence")},
    "officers_away": {("change_availability",)},
    "withdraw_away": {("change_availability",)},
    "answer_exclusions": {("answer_exclusions",)},
    "accept_exclusions": {("answer_exclusions",)},
    "confirm_sample": {("confirm_sample",)},
    "allocate_cases": {("allocate_cases",)},
    "reallocate_case": {("reallocate_case",)},
    "declare_connection": {("declare_connection",)},
    "complete_task": {("complete_task",)},
    "case": {("judge_case",)},
    "submit_case": {("submit_case",)},
    "journal": {()},
    "save_answer": {("judge_case",)},
    "send_patches": {("judge_case",)},
    "give_case": {()},
    "take_case": {("judge_case",)},
    "leave_note": {("open_thread",)},
    "answer_note": {("add_to_thread",)},
    "correct_answer": {("override_answer",)},
    "check_case": {("check_case",)},
    "reopen_case": {("reopen_case",)},
    "training": {("add_training_case",)},
    "training_case": {("give_training_answers",)},
    "choose_seconds": {("draw_seconds",), ("give_second",)},
    "settle_difference": {("settle_difference",)},
    "end_second": {("end_second",)},
    "report_drop_out": {("report_drop_out",)},
    "decide_drop_out": {("decide_drop_out",)},
    "add_site": {("add_site",)},
    "check_site": {("check_site",)},
    "meetings": {("record_meeting",)},
    "record_day": {("record_day",)},
    "welfare": {("note_welfare",)},
    "answer_welfare": {("answer_welfare",)},
    "return_week": {("return_week",)},
    "close_item": {("close_item",)},
    "domain_one": {("note_evidence",)},
    "interview": {("record_interview",)},
    "raise_alert": {("raise_alert",)},
    "break_seal": {("break_seal",)},
    "alert_step": {
        ("acknowledge",),
        ("tell_organisation",),
        ("note_action",),
        ("receive", "assure"),
        ("close_alert",),
        ("open_alert_again",),
    },
    "raise_matter": {("raise_matter",)},
    "matter_step": {("answer_matter",), ("receive", "show_evidence"), ("close_matter",), ("open_matter_again",)},
    "explain_findings": {("explain_findings",)},
    "sign_data": {("sign_data",)},
    "issue_indicative_ratings": {("issue_indicative_ratings",)},
    "propose": {("propose_domain_one",)},
    "weigh_evidence": {("weigh_evidence",)},
    "record_view": {("record_view",)},
    "declare_panel_connection": {("declare_panel_connection",)},
    "panel_minutes": {("correct_minutes",)},
    "open_panel": {("open_panel",)},
    "attendance": {("record_attendance",)},
    "panel_item": {("decide_rating",)},
    "decide": {(*["receive"] * 4, "send_letter", "decide")},
    "release_decision": {("release_decision",)},
    "complete_step": {("complete_step",)},
    "ratings_call": {("record_ratings_call",)},
    "sign_override": {("sign_override",)},
    "publish_edition": {("publish_edition",)},
}
# Posts that the walk has no need of: the demonstration's own.
ELSEWHERE = {"sign_in_as", "move_clock"}
# What reading and signing in write by themselves.
NOT_CONTENT = {"Entry", "Head", "Session", "SentForm", "DBTaskResult"}


def changes() -> list[str]:
    return list(Entry.objects.filter(kind=Kind.CHANGE).order_by("pk").values_list("action", flat=True))


def content() -> dict[str, int]:
    """How many rows of everything there are."""
    return {m.__name__: m._default_manager.count() for m in apps.get_models() if m.__name__ not in NOT_CONTENT}


def test_every_post_leaves_its_lines_and_sent_twice_has_one_effect(browsers: Callable[..., Browsers]) -> None:
    here, wrong, had = browsers("CRC"), [], []
    walked = set()

    def before(post: Post, _: Any) -> None:
        had[:] = [len(changes())]
        walked.add(post.name)

    def after(post: Post, answer: HttpResponse | None) -> None:
        new = tuple(changes()[had[0] :])
        if new not in LINES[post.name]:
            wrong.append(f"{post.name} left {new}")
        rows = content()
        again = post.send(here.of(post.who))
        if again.status_code >= 500:
            wrong.append(f"{post.name} sent again fails with {again.status_code}")
        if len(changes()) != had[0] + len(new) or rows != content():
            wrong.append(f"{post.name} sent twice happens twice: {changes()[had[0] + len(new) :]}")

    here.carry(before=before, after=after)
    assert wrong == []
    assert sorted(posts() - walked - ELSEWHERE) == []
    assert list(trail.verify()) == []
    assert {head.chain: head.number for head in Head.objects.all()} == {
        head.chain: Entry.objects.filter(chain=head.chain).count() for head in Head.objects.all()
    }


def posts() -> set[str]:
    """Names of the addresses of ours that read what is sent."""
    return {
        str(pattern.name)
        for pattern in patterns(get_resolver())
        if hasattr(pattern.callback, "right") and (pattern.name in LINES or takes_posts(pattern.callback))
    }


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def takes_posts(view: Any) -> bool:
    source = inspect.getsource(inspect.unwrap(view))
    return "POST" in source or "sent(request)" in source
