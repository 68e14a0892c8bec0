"""The release to the second: every principal at random instants around it, at both changes of the clock.

CLOCK_INSTANTS=10000 makes it the full drill: 0 strays, in three minutes of the processor (in the suite 30 instants a
scene). What is asked at every instant are the
doors through which every page goes; the pages themselves, e-mails and counts are looked at on both sides of the second.
Each planted fault has been seen to be found: a door that compares days, an hour of the wrong season, a subject that
names the rating, a count over inspections that are embargoed.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client
from django.urls import reverse

from inspectorate.audit import clock
from inspectorate.documents import actions as documents
from inspectorate.documents.models import Letter
from inspectorate.methodology import timeline
from inspectorate.ratings import actions
from inspectorate.ratings.models import Decision, DecisionQuerySet
from inspectorate.reporting import national
from tests.drills.test_release import SUMMARY, decided, judged, locked, tells
from tests.drills.thread import client_of
from tests.ratings.conftest import Inspected

__all__ = ["decided", "judged", "locked"]
INSTANTS = int(os.environ.get("CLOCK_INSTANTS", "60"))
# Fieldwork from this Monday; the release in universal time, worked out by hand: the Monday after the last Sunday of
# March and of October, the Mondays before them, and one in summer. The suite takes the two after a change.
RELEASED = {
    date(2019, 3, 4): datetime(2019, 4, 1, 8, tzinfo=UTC),
    date(2019, 9, 30): datetime(2019, 10, 28, 9, tzinfo=UTC),
    date(2019, 2, 25): datetime(2019, 3, 25, 9, tzinfo=UTC),
    date(2019, 9, 23): datetime(2019, 10, 21, 8, tzinfo=UTC),
    date(2019, 6, 3): datetime(2019, 7, 1, 8, tzinfo=UTC),
}
SCENES = tuple(RELEASED) if INSTANTS > 1000 else tuple(RELEASED)[:2]
# The rule, said once more: who reads the decision when it is locked, who from its release on; nobody else, ever.
AT_ONCE = {
    "chief-inspector", "director-of-operations", "director-of-strategy", "head-of-inspection", "head-of-standards",
    "head-of-methodology", "lead-inspector", "deputy-lead-inspector", "hm-inspector", "assistant-inspector",
    "administrator", "data-team",
}  # fmt: skip
AT_NINE = {"senior-leader", "link-manager"}
SECOND = timedelta(seconds=1)
STEPS = (timedelta(), SECOND, timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))


@dataclass
class Scene:
    """A locked decision, the instant of its release, and a hand to move the clock."""

    one: Inspected
    opens: datetime
    at: Callable[[datetime], None]

    def strays(self, instants: list[datetime]) -> list[str]:
        """Where a door stands open or shut against the rule, at these instants, for every principal."""
        found = []
        inspection = self.one.inspection
        people: dict[str, Any] = {**self.one.people, "anonymous": AnonymousUser()}
        for now in instants:
            self.at(now)
            for role, user in people.items():
                should = role in AT_ONCE or (role in AT_NINE and now >= self.opens)
                doors = {
                    "decision": lambda user=user, now=now: Decision.objects.for_reader(user, inspection, now).exists(),
                    "letter": lambda user=user: (
                        Letter.objects.for_user(user, inspection).filter(template="panel-summary").exists()
                    ),
                }
                found += [f"{door} for {role} at {now}" for door, opens in doors.items() if opens() != should]
        return found


@pytest.fixture
def scene(locked: Callable[..., Inspected], at: Callable[[datetime], None]) -> Callable[[date], Scene]:  # noqa: F811
    return lambda fieldwork: Scene(locked(fieldwork), RELEASED[fieldwork], at)


def instants(opens: datetime, count: int, seed: int) -> Iterator[datetime]:
    """Half on the second itself and a step beside it; the others within four days, changes of the clock among them."""
    dice = random.Random(seed)
    for _ in range(count // 2):
        yield opens + dice.choice((-1, 1)) * dice.choice(STEPS)
        yield opens + timedelta(seconds=dice.uniform(-4 * 86_400, 4 * 86_400))


@pytest.mark.parametrize("fieldwork", SCENES)
def test_every_door_opens_for_everybody_at_the_second_of_the_rule(
    fieldwork: date, scene: Callable[[date], Scene]
) -> None:
    here = scene(fieldwork)
    assert len(here.one.people) + 1 >= 20
    drawn = list(instants(here.opens, INSTANTS // len(SCENES), seed=fieldwork.toordinal()))
    assert here.strays(drawn) == []


def test_pages_hold_to_the_same_second(scene: Callable[[date], Scene]) -> None:
    here = scene(date(2019, 3, 4))
    pages = [reverse(name, args=[here.one.inspection.public_id]) for name in ("decision", "letters")]
    clients = {role: client_of(user) for role, user in here.one.people.items()} | {"anonymous": Client()}
    for now in (here.opens - SECOND, here.opens):
        here.at(now)
        reads = {role for role, client in clients.items() if any(_told(here, client, page) for page in pages)}
        assert reads == (AT_ONCE if now < here.opens else AT_ONCE | AT_NINE)


def _told(here: Scene, client: Client, page: str) -> list[str]:
    answer = client.get(page)
    return tells(here.one, answer.content.decode()) if answer.status_code == 200 else []


def test_a_door_that_compares_days_is_found(scene: Callable[[date], Scene], monkeypatch: pytest.MonkeyPatch) -> None:
    here, as_it_is = scene(date(2019, 3, 4)), DecisionQuerySet.for_reader

    def by_day(self: DecisionQuerySet, user: Any, inspection: Any, now: datetime) -> DecisionQuerySet:
        return as_it_is(self, user, inspection, datetime.combine(now.date(), time.max, UTC))

    monkeypatch.setattr(DecisionQuerySet, "for_reader", by_day)
    assert here.strays([here.opens - SECOND])


@pytest.mark.parametrize("fieldwork", list(RELEASED)[:2])
def test_an_hour_of_the_wrong_season_is_found(
    fieldwork: date, scene: Callable[[date], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    season = datetime.combine(fieldwork, time(9), clock.LONDON).utcoffset() or timedelta()

    def naive(day: date, hour: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(hour), UTC) - season

    monkeypatch.setattr(timeline, "instant", naive)
    here = scene(fieldwork)
    assert here.strays([here.opens - SECOND, here.opens])


def betrayed(here: Scene) -> list[str]:
    """E-mails that went out and say something of the decision."""
    words = (SUMMARY, "Outstanding", "Good", "Requires improvement", "Inadequate", " of 30", "Ratings of")
    letters = [f"{message.subject} {message.body}" for message in mail.outbox]
    return [text for text in letters if any(word in text for word in words) or tells(here.one, text)]


def test_an_e_mail_that_names_the_rating_is_found(
    scene: Callable[[date], Scene], django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        here = scene(date(2019, 3, 4))
    assert mail.outbox == [], "nothing goes out before the second"
    here.at(here.opens)
    told = Decision.objects.get().overall.capitalize()
    for subject in ("A decision", f"{told}: a decision"):
        mail.outbox.clear()
        monkeypatch.setattr(documents, "WAITING", subject + " about {body} waits: {what}")
        with django_capture_on_commit_callbacks(execute=True):
            documents.tell_body(inspection=here.one.inspection, what="The decision", right="decision.read")
        assert mail.outbox
        assert bool(betrayed(here)) == (told in subject)
    with django_capture_on_commit_callbacks(execute=True):
        mail.outbox.clear()
        monkeypatch.undo()
        here.at(here.opens)
        actions.release_decision(inspection=here.one.inspection, by=here.one["administrator"])
    assert betrayed(here) == []


def counted(here: Scene, instants: list[datetime], done: datetime, day: datetime) -> list[str]:
    """Where an inspection is counted before its report is out, or not counted after."""
    found = []
    one = next(iter(national.decided_in(2019)))
    for now in instants:
        here.at(now)
        if one.public(now) != (now >= max(done, day)):
            found.append(f"counted at {now}")
    return found


def test_an_embargoed_inspection_is_in_no_count_before_its_second(
    scene: Callable[[date], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(date(2019, 9, 30))
    planned = here.one.inspection.events.get(event="publication")
    day = datetime.combine(planned.date, time(), clock.LONDON).astimezone(UTC)
    done = day + timedelta(hours=9)
    here.one.inspection.events.filter(event="publication").update(done_at=done)
    drawn = [*instants(done, INSTANTS, seed=1), *instants(day, INSTANTS, seed=2)]
    assert counted(here, drawn, done, day) == []
    monkeypatch.setattr(national.OneDecided, "public", lambda self, now: self.public_from.date() <= now.date())
    assert counted(here, drawn, done, day)
