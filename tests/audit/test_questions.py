"""Kept questions answer as the query that they were written from, and refuse what could keep somebody's values.

Seen to fail with one value of a list put in the place of each, and with the row to begin at left as first asked.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from inspectorate.accounts.models import User
from inspectorate.audit import clock, rows, trail
from inspectorate.audit.models import Entry, Head
from inspectorate.audit.questions import NotAsked, Question

pytestmark = pytest.mark.django_db


@Question
def lines(*, chain: str, actions: list[str], since: datetime, skip: int, newest: bool) -> QuerySet[Entry, Any]:
    found = Entry.objects.filter(chain=chain, action__in=actions, at__gte=since)
    return found.order_by("-number" if newest else "number").values_list("action", "number")[skip:]


@Question
def people(*, ids: list[UUID], but: int) -> QuerySet[User]:
    return User.objects.filter(public_id__in=ids).exclude(pk=but).order_by("pk")


@Question
def heads(*, number: int) -> QuerySet[Head]:
    return Head.objects.filter(number=number + 1)


def test_the_same_question_with_other_values_is_another() -> None:
    for chain, action in (("a", "open"), ("a", "close"), ("a", "open"), ("b", "open")):
        trail.record_change(chain=chain, by="me", action=action, subject="it", summary="")
    past = clock.now() - timedelta(minutes=1)
    asked = {"since": past, "skip": 0, "newest": False}
    assert lines(chain="a", actions=["open"], **asked) == [("open", 1), ("open", 3)]
    assert lines(chain="b", actions=["open"], **asked) == [("open", 1)]
    assert lines(chain="a", actions=["close"], **asked) == [("close", 2)]
    assert lines(chain="a", actions=["open", "close"], **asked) == [("open", 1), ("close", 2), ("open", 3)]
    assert lines(chain="a", actions=["open", "close"], since=past, skip=2, newest=False) == [("open", 3)]
    assert lines(chain="a", actions=["open", "close"], since=past, skip=1, newest=True) == [("close", 2), ("open", 1)]
    assert lines(chain="a", actions=["open"], since=past + timedelta(days=1), skip=0, newest=False) == []
    with CaptureQueriesContext(connection) as statements:
        assert lines(chain="a", actions=[], **asked) == []
    assert not statements.captured_queries


def test_rows_come_as_objects_of_their_own() -> None:
    made = [User.objects.create(email=f"{one}@example.org", name=one) for one in "abc"]
    ids = [one.public_id for one in made]
    assert people(ids=ids, but=made[1].pk) == [made[0], made[2]]
    assert [one.name for one in people(ids=ids, but=0)] == ["a", "b", "c"]
    assert people.first(ids=ids[2:], but=0) == made[2]
    assert people.first(ids=ids[2:], but=made[2].pk) is None
    assert people(ids=ids, but=0)[0] is not people(ids=ids, but=0)[0]


def test_a_question_that_could_keep_a_value_is_refused() -> None:
    somebody = "a"

    def about_somebody() -> QuerySet[Head]:
        return Head.objects.filter(chain=somebody)

    with pytest.raises(NotAsked):
        Question(about_somebody)
    with pytest.raises(NotAsked, match="number"):
        heads(number=1)


def test_rows_are_put_over_those_that_agree() -> None:
    rows.put([Head(chain="a", number=1, digest="x"), Head(chain="b", number=1, digest="y")], over=["chain"])
    rows.put([Head(chain="b", number=2, digest="z")], over=["chain"])
    assert trail.heads() == {"a": (1, "x"), "b": (2, "z")}
