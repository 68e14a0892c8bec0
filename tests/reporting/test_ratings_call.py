"""The lead telephones the senior manager on the day of the release, and not before nine (Manual 7.2g)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.programme.models import PlannedEvent
from tests.ratings.conftest import Inspected
from tests.sampling.rows import day as of_day

CALLED = {"spoke_to": "Sam Senior", "position": "Chief executive", "said": "Zqwords of the callQz"}


def sent(day: int = 1, time: str = "9:30am", **more: str) -> dict[str, str]:
    return {**of_day("call_date", date(2019, 7, day)), "call_time": time, **CALLED, **more}


def call(one: Inspected, client: Client, **data: Any) -> str:
    answer = client.post(reverse("ratings_call", args=[one.inspection.public_id]), sent(**data))
    return "" if answer.status_code == 302 else answer.content.decode()


def test_the_call_is_recorded_on_the_day_and_refused_before_nine(
    decided: Callable[..., Inspected], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    at(datetime(2019, 6, 27, 10))
    one = decided()
    lead, page = signed_in(one["lead-inspector"]), reverse("ratings_call", args=[one.inspection.public_id])
    assert "You can record it from" in lead.get(page).content.decode()
    at(datetime(2019, 7, 1, 8, 59, 59))
    assert "not before" in call(one, lead, time="8:59am")
    at(datetime(2019, 7, 1, 9, 45))
    assert "explains the decision to the senior manager" in lead.get("/").content.decode(), "the reminder"
    assert "not before" in call(one, lead, time="8:59am")
    assert "still to come" in call(one, lead, time="9:46am")
    assert call(one, lead) == ""
    text = lead.get(page).content.decode()
    assert "Sam Senior, Chief executive" in text
    planned = PlannedEvent.objects.get(inspection=one.inspection, event="ratings-call")
    assert planned.done_by == one["lead-inspector"]
    assert "explains the decision to the senior manager" not in lead.get("/").content.decode()
    assert Entry.objects.filter(chain=one.inspection.chain, action="record_ratings_call").count() == 1


def test_a_call_on_another_day_needs_its_reason_and_nobody_ticks_it_off(
    decided: Callable[..., Inspected], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    at(datetime(2019, 6, 27, 10))
    one = decided()
    at(datetime(2019, 7, 2, 12))
    lead = signed_in(one["lead-inspector"])
    done = reverse("complete_task", args=[one.inspection.public_id, "ratings-call"])
    assert "recorded on its own page" in lead.post(done, follow=True).content.decode()
    assert "Say why it was on Tuesday 2 July 2019" in call(one, lead, day=2)
    assert call(one, signed_in(one["deputy-lead-inspector"]), day=2, reason="The lead was ill") == ""
    assert (
        "On another day: The lead was ill"
        in lead.get(reverse("ratings_call", args=[one.inspection.public_id])).content.decode()
    )


def test_nobody_but_lead_and_deputy_opens_it(
    decided: Callable[..., Inspected], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    at(datetime(2019, 6, 27, 10))
    one = decided()
    at(datetime(2019, 7, 1, 10))
    call(one, signed_in(one["lead-inspector"]))
    page = reverse("ratings_call", args=[one.inspection.public_id])
    found = {}
    for role in ("administrator", "link-manager", "senior-leader", "body-staff", "communications", "local-assessor"):
        client = signed_in(one[role])
        found[role] = client.get(page).status_code, client.post(page, sent()).status_code
    assert set(found.values()) == {(404, 404)}
