"""Nothing of the panel's decision is anywhere for the inspected body one second before 09:00, and all of it at 09:00.

Seen to fail with the instant taken out of `Decision.for_reader` and, in another run, out of the letters.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from inspectorate.audit import clock
from inspectorate.documents.models import Letter
from inspectorate.programme.models import PlannedEvent
from inspectorate.ratings import actions
from inspectorate.ratings.models import Decision
from tests.drills.thread import client_of
from tests.ratings.conftest import Inspected, decided, judged

__all__ = ["decided", "judged"]
SECOND = timedelta(seconds=1)
SUMMARY = "The panel found good work."
READERS = ("link-manager", "senior-leader")
OTHERS = ("body-staff", "responsible-officer", "local-assessor", "osag", "external-editor", "communications")
# Mondays of fieldwork whose release (the Monday of week +2) is the last one before and the first one after a change
# of the clock: on Sunday 31 March and Sunday 27 October 2019; and one in the middle of summer.
BEFORE_SPRING, AFTER_SPRING = date(2019, 2, 25), date(2019, 3, 4)
BEFORE_AUTUMN, AFTER_AUTUMN = date(2019, 9, 23), date(2019, 9, 30)
HOURS = {BEFORE_SPRING: 9, AFTER_SPRING: 8, BEFORE_AUTUMN: 8, AFTER_AUTUMN: 9, date(2019, 6, 3): 8}


@pytest.fixture
def locked(decided: Callable[..., Inspected], at: Callable[[datetime], None]) -> Callable[..., Inspected]:  # noqa: F811
    """`locked(fieldwork)` is an inspection whose decision is locked, on the Thursday before its release."""

    def make(fieldwork: date, kind: str = "CRC") -> Inspected:
        at(datetime.combine(fieldwork + timedelta(days=24), datetime.min.time().replace(hour=10)))
        return decided(kind, fieldwork=fieldwork)

    return make


def pages(one: Inspected) -> list[str]:
    """Every page of the body, and the letter and the report that belong to the decision."""
    inspection = one.inspection
    names = ("inspection", "weeks", "letters", "decision", "audit_trail", "project_plan", "panel", "indicative_ratings",
             "proposals", "report_steps", "confidence", "team", "cases", "domain_one", "evidence_received")  # fmt: skip
    letters = [reverse("letter", args=[inspection.public_id, x.public_id]) for x in Letter.objects.all()]
    items = [reverse("panel_item", args=[inspection.public_id, subject]) for subject in ("1.1", "2.1.1")]
    counted = [reverse("counted_cases", args=[inspection.public_id, "2.1.1"])]
    files = [reverse("decision_file", args=[inspection.public_id, f"{kind}.{extension}"])
             for kind in ("decision", "agreed") for extension in ("docx", "pdf")]  # fmt: skip
    return ["/", "/programme/", *files, *(reverse(name, args=[inspection.public_id]) for name in names),
            *letters, *items, *counted]  # fmt: skip


def tells(one: Inspected, text: str) -> list[str]:
    """What of the decision stands in a text."""
    found = Decision.objects.get(panel__inspection=one.inspection)
    address = reverse("decision", args=[one.inspection.public_id])
    secret = {SUMMARY, f"{found.total} of {found.maximum}", f"Ratings of {one.inspection.body}", f'href="{address}"'}
    return [each for each in secret if each in text]


def seen(one: Inspected, role: str) -> dict[str, list[str]]:
    """Under each page that tells this person something of the decision, what it tells."""
    client = client_of(one.people[role])
    found = {}
    for path in pages(one):
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        if told := ["a file"] if answer.streaming else tells(one, answer.content.decode()):
            found[path.replace(str(one.inspection.public_id), "…")] = told
    return found


@pytest.mark.parametrize("fieldwork", HOURS)
def test_the_body_reads_it_at_nine_in_london_and_not_a_second_before(
    fieldwork: date, locked: Callable[..., Inspected], at: Callable[[datetime], None]
) -> None:
    one = locked(fieldwork)
    opens = PlannedEvent.objects.get(inspection=one.inspection, event="ratings-to-body").instant
    assert opens is not None
    assert opens.astimezone(UTC) == datetime(
        *(fieldwork + timedelta(weeks=4)).timetuple()[:3], HOURS[fieldwork], tzinfo=UTC
    )
    assert opens.astimezone(clock.LONDON).strftime("%A %H:%M:%S") == "Monday 09:00:00"
    at(opens - SECOND)
    assert {role: seen(one, role) for role in READERS} == {role: {} for role in READERS}
    at(opens)
    for role in READERS:
        found = seen(one, role)
        assert "/" in found, role
        assert any("/decision/" in path for path in found), role
        assert any("/letters/" in path for path in found), role
        files = [path.rpartition("/")[2] for path in found if "/files/" in path]
        assert files == ["agreed.docx", "agreed.pdf"], role


def test_nobody_else_outside_the_inspectorate_reads_it_at_all(
    locked: Callable[..., Inspected], at: Callable[[datetime], None]
) -> None:
    one = locked(date(2019, 6, 3))
    for moment in (datetime(2019, 7, 1, 8, 59, 59), datetime(2019, 7, 1, 9), datetime(2019, 7, 8, 9)):
        at(moment)
        assert {role: seen(one, role) for role in OTHERS} == {role: {} for role in OTHERS}


def test_the_body_is_told_by_e_mail_at_nine_and_the_e_mail_says_nothing(
    locked: Callable[..., Inspected],
    at: Callable[[datetime], None],
    django_capture_on_commit_callbacks: Any,
    settings: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        one = locked(date(2019, 6, 3))
    opens = datetime(2019, 7, 1, 9, tzinfo=clock.LONDON)
    at(opens - SECOND)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(actions.NotReleased):
        actions.release_decision(inspection=one.inspection, by=one["administrator"])
    assert [letter.subject for letter in mail.outbox] == []
    at(opens)
    with django_capture_on_commit_callbacks(execute=True):
        actions.release_decision(inspection=one.inspection, by=one["administrator"])
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one[role].email for role in READERS)
    assert [tells(one, f"{letter.subject} {letter.body}") for letter in mail.outbox] == [[], []]
    assert not Path(settings.EMAIL_FILE_PATH).exists()


def test_a_release_marked_as_done_by_hand_opens_nothing(
    locked: Callable[..., Inspected], at: Callable[[datetime], None]
) -> None:
    one = locked(date(2019, 6, 3))
    at(datetime(2019, 7, 1, 8, 59, 59))
    client_of(one["administrator"]).post(reverse("complete_task", args=[one.inspection.public_id, "ratings-to-body"]))
    assert {role: seen(one, role) for role in READERS} == {role: {} for role in READERS}
    planned = PlannedEvent.objects.get(inspection=one.inspection, event="ratings-to-body")
    assert planned.done_at is None, "told before there was anything to read"
