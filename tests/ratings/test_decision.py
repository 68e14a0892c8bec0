"""Chapter 7.2f and 7.2g: the decision is locked, and opens to the inspected body at 9am on the Monday of week +2."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from inspectorate.audit import clock
from inspectorate.audit.models import Entry
from inspectorate.documents.models import Letter
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.standards import Rating
from inspectorate.programme.models import PlannedEvent
from inspectorate.ratings import actions, verifying_actions
from inspectorate.ratings.models import Decision

Decided = Callable[..., Any]
BODY = ("senior-leader", "link-manager")


def _page(one: Any, signed_in: Any, role: str) -> Any:
    return signed_in(one[role]).get(f"/inspections/{one.inspection.public_id}/decision/")


@pytest.mark.parametrize(
    ("fieldwork", "release"),
    [
        (date(2019, 6, 3), datetime(2019, 7, 1, 8, tzinfo=UTC)),
        (date(2019, 9, 30), datetime(2019, 10, 28, 9, tzinfo=UTC)),
        (date(2019, 3, 4), datetime(2019, 4, 1, 8, tzinfo=UTC)),
    ],
)
def test_it_opens_at_its_instant_and_not_a_second_before(
    decided: Decided, signed_in: Any, at: Any, fieldwork: date, release: datetime
) -> None:
    at(release - timedelta(days=4))
    one = decided(domain_two=4, fieldwork=fieldwork)
    assert release.astimezone(clock.LONDON).hour == 9
    at(release - timedelta(seconds=1))
    refused = [_page(one, signed_in, role) for role in BODY]
    assert [page.status_code for page in refused] == [404, 404]
    letters = f"/inspections/{one.inspection.public_id}/letters/"
    assert "Ratings of" not in signed_in(one["senior-leader"]).get(letters).content.decode()
    at(release)
    assert [_page(one, signed_in, role).status_code for role in BODY] == [200, 200]
    assert "Ratings of" in signed_in(one["senior-leader"]).get(letters).content.decode()


def test_before_the_release_it_looks_as_if_there_were_none(
    judged: Decided, decided: Decided, signed_in: Any, at: Any
) -> None:
    at(datetime(2019, 6, 28, 12))
    none, some = judged(domain_two=4), decided(domain_two=4)
    first, second = (_page(one, signed_in, "link-manager") for one in (none, some))
    assert (first.status_code, second.status_code) == (404, 404)

    def plain(page: bytes, one: Any) -> bytes:
        return re.sub(rb'nonce="[^"]*"', b"", page).replace(str(one.inspection.public_id).encode(), b"")

    assert plain(first.content, none) == plain(second.content, some)


def test_the_inspectorate_reads_it_once_it_is_locked(judged: Decided, signed_in: Any, at: Any) -> None:
    at(datetime(2019, 6, 27, 12))
    one = judged(yes={"2.1.1": 12})
    assert "has not decided yet" in _page(one, signed_in, "assistant-inspector").content.decode()
    one.ready()
    one.open()
    one.accept()
    actions.use_discretion(
        inspection=one.inspection, key_question="2.1.1", rating=Rating.GOOD, reason="At the edge",
        by=one["director-of-operations"],
    )  # fmt: skip
    one.decide()
    page = _page(one, signed_in, "assistant-inspector").content.decode()
    assert "25 of 30 points" in page
    assert "At the edge" in page
    kept = [each for each in Decision.objects.get().result["decisions"] if each["subject"] == "2.1.1"]
    assert [(each["was"], each["decided"], each["by"]) for each in kept] == [
        ("requires-improvement", "good", "Director of operations")
    ]
    assert "9am on Monday 1 July 2019" in page


def test_the_body_reads_ratings_and_note_without_what_was_overridden(decided: Decided, signed_in: Any, at: Any) -> None:
    one = decided(domain_two=4)
    at(datetime(2019, 7, 1, 9))
    page = _page(one, signed_in, "senior-leader").content.decode()
    assert "26 of 30 points" in page
    assert "The panel found good work." in page
    assert "2.4 Reviewing" in page
    assert "Decisions one by one" not in page
    assert "Fingerprint" not in page


def test_local_assessors_and_other_bodies_never_read_it(decided: Decided, signed_in: Any, at: Any) -> None:
    one, other = decided(domain_two=4), decided(domain_two=4)
    at(datetime(2019, 7, 2, 9))
    for role in ("local-assessor", "body-staff", "responsible-officer", "osag", "external-editor", "communications"):
        assert _page(one, signed_in, role).status_code == 404, role
    address = f"/inspections/{other.inspection.public_id}/decision/"
    assert signed_in(one["senior-leader"]).get(address).status_code == 404


def test_nothing_changes_after_the_lock(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    kept = Decision.objects.get()
    by = one["director-of-operations"]
    here: dict[str, Any] = {"inspection": one.inspection, "by": by}
    for refused in (
        lambda: actions.decide(**here, summary="Again"),
        lambda: actions.decide_standard(**here, standard="1.1", rating=Rating.INADEQUATE, reason="Late"),
        lambda: actions.use_discretion(**here, key_question="2.1.1", rating=Rating.GOOD, reason="Late"),
        lambda: actions.record_attendance(**here, members=[]),
    ):
        with pytest.raises(actions.PanelNotOpen, match="locked"):
            refused()
    Answer.objects.filter(field="2.1.1").update(value="no")
    with pytest.raises(actions.CannotIssue, match="locked"):
        actions.issue_indicative_ratings(inspection=one.inspection, by=one["data-team"])
    with pytest.raises(verifying_actions.CannotSign, match="locked"):
        one.sign("Late")
    assert Decision.objects.get().result == kept.result
    assert "26 of 30 points" in _page(one, signed_in, "lead-inspector").content.decode()
    page = signed_in(by).get(f"/inspections/{one.inspection.public_id}/panel/").content.decode()
    assert "The decision is locked." in page
    assert "Record who sits" not in page


def test_answers_that_change_during_the_panel_stop_the_decision(judged: Decided) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    one.accept()
    Answer.objects.filter(field="2.1.1").update(value="no")
    with pytest.raises(actions.CannotDecide, match="issue them again"):
        one.decide()


def test_the_plan_the_trail_and_the_summary_letter(decided: Decided) -> None:
    one = decided(domain_two=4)
    done = PlannedEvent.objects.filter(inspection=one.inspection, done_at__isnull=False)
    assert {"indicative-ratings", "ratings-panel", "panel-decision"} <= set(done.values_list("event", flat=True))
    assert not done.filter(event="ratings-to-body").exists()
    letter = Letter.objects.get(template="panel-summary")
    assert letter.opens_at == Decision.objects.get().opens_at == datetime(2019, 7, 1, 8, tzinfo=UTC)
    assert "26 of 30 points" in " ".join(letter.text.split())
    assert "| 2.1 Assessment | Outstanding |" in letter.text
    line = Entry.objects.get(chain=one.inspection.chain, action="decide")
    assert "Outstanding, 26 of 30" in line.summary


def test_the_administrator_tells_the_body_from_the_release_on(decided: Decided, signed_in: Any, at: Any) -> None:
    at(datetime(2019, 6, 28, 12))
    one = decided(domain_two=4)
    mail.outbox.clear()
    tell = f"/inspections/{one.inspection.public_id}/decision/release/"
    administrator = signed_in(one["administrator"])
    assert "Tell the inspected body" not in _page(one, signed_in, "administrator").content.decode()
    assert "not open to the inspected body yet" in administrator.post(tell, follow=True).content.decode()
    at(datetime(2019, 7, 1, 9))
    assert signed_in(one["link-manager"]).post(tell).status_code == 404
    assert "Tell the inspected body" in _page(one, signed_in, "administrator").content.decode()
    assert "was told by" in administrator.post(tell, follow=True).content.decode()
    assert one.inspection.events.get(event="ratings-to-body").done_by == one["administrator"]
    assert "was told on" in administrator.post(tell, follow=True).content.decode()


def test_a_moved_release_moves_the_instant(judged: Decided) -> None:
    one = judged(domain_two=4)
    planned = one.inspection.events.get(event="ratings-to-body")
    planned.date, planned.instant = date(2019, 7, 8), datetime(2019, 7, 8, 8, tzinfo=UTC)
    planned.save()
    one.ready()
    one.open()
    one.accept()
    assert one.decide().opens_at == datetime(2019, 7, 8, 8, tzinfo=UTC)


def test_no_page_of_the_body_links_to_it_before_the_release(decided: Decided, signed_in: Any, at: Any) -> None:
    at(datetime(2019, 7, 1, 8, 59, 59))
    one = decided(domain_two=4)
    address, leader = f"/inspections/{one.inspection.public_id}/decision/", signed_in(one["senior-leader"])
    pages = [f"/inspections/{one.inspection.public_id}/weeks/", "/"]
    assert [address in leader.get(page, follow=True).content.decode() for page in pages] == [False, False]
    at(datetime(2019, 7, 1, 9))
    assert address in leader.get(pages[0], follow=True).content.decode()
