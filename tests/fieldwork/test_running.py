"""Running the fieldwork: progress, days, weekly returns, the closing, sites, meetings and welfare."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import actions, running_actions
from inspectorate.fieldwork.models import SiteCheck, WeeklyReturn
from inspectorate.programme import packs
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team
from tests.fieldwork.test_cases import judge_all

pytestmark = pytest.mark.django_db
Browse = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(datetime(2019, 6, 5, 17))  # noqa: DTZ001 (London time)
    return an_inspection("CRC")


def address(team: Team, rest: str) -> str:
    return f"/inspections/{team.inspection.public_id}/{rest}"


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def typed(day: date) -> dict[str, int]:
    return {"day-day": day.day, "day-month": day.month, "day-year": day.year}


def test_progress_counts_by_list_person_and_office_and_tells_no_finding(
    team: Team, sampled: Callable[..., list[SampledCase]], signed_in: Browse
) -> None:
    cases = sampled(team, "domain-two", 3)
    for case in cases[:2]:
        Allocation.objects.create(
            case=case,
            inspector=team["assistant-inspector"],
            week=1,
            by=team["administrator"],
            at=team.inspection.made_at,
        )
    judge_all(cases[0], team["assistant-inspector"])
    actions.submit_case(case=cases[0], by=team["assistant-inspector"])
    found = running_actions.progress(
        team.inspection, {"domain-two": "Domain two"}, Sight(team["lead-inspector"], team.inspection)
    )
    assert [(one.name, one.given, one.begun, one.submitted, one.open) for one in found["list"]] == [
        ("Domain two", 3, 1, 1, 2)
    ]
    assert {one.name: one.given for one in found["person"]} == {team["assistant-inspector"].name: 2, "Nobody yet": 1}
    page = text(signed_in(team["administrator"]), address(team, "fieldwork/"))
    assert team["assistant-inspector"].name in page
    assert "Nobody yet" in page
    assert f'href="/inspections/{team.inspection.public_id}/samples/precision/">Precision' in page
    other = text(signed_in(team["assistant-inspector"]), address(team, "fieldwork/"))
    assert "samples/precision/" not in other
    for word in ("Requires improvement", "Outstanding", "percent"):
        assert word not in page.split("<main")[1]


def test_the_end_of_a_day_is_recorded_for_a_day_that_was(team: Team, signed_in: Browse) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    told = {"text": "Plans are thin at two offices", "actions": "Asha looks at the contact logs"}
    for wrong in (date(2019, 6, 6), date(2019, 5, 31)):
        answer = deputy.post(address(team, "fieldwork/days/"), {**typed(wrong), **told})
        assert answer.status_code == 422
        assert "Give a day of the fieldwork, 3 June to 21 June 2019" in answer.content.decode()
    assert deputy.post(address(team, "fieldwork/days/"), {**typed(date(2019, 6, 4)), **told}).status_code == 302
    page = text(deputy, address(team, "fieldwork/"))
    assert "Tuesday 4 June 2019" in page
    assert "Asha looks at the contact logs" in page


def test_a_week_is_returned_with_the_numbers_of_the_cases_inspected(
    team: Team, sampled: Callable[..., list[SampledCase]], signed_in: Browse, django_assert_max_num_queries: Any
) -> None:
    case = sampled(team, "domain-two", 2)[0]
    Allocation.objects.create(
        case=case, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    judge_all(case, team["assistant-inspector"])
    actions.submit_case(case=case, by=team["assistant-inspector"])
    deputy = signed_in(team["deputy-lead-inspector"])
    refused = deputy.post(address(team, "fieldwork/weeks/2/"), follow=True).content.decode()
    assert "that has begun" in refused
    deputy.post(address(team, "fieldwork/weeks/1/"))
    assert WeeklyReturn.objects.get().cases == {"domain-two": [case.number]}
    assert "Domain two: case supervision 1 case" in text(signed_in(team["administrator"]), address(team, "fieldwork/"))
    data_team, told = signed_in(team["data-team"]), "The cases inspected up to week 1 were returned at"
    data_team.get("/")
    with django_assert_max_num_queries(8):
        assert told in text(data_team, address(team, "cases/"))
    assert told not in text(signed_in(team["assistant-inspector"]), address(team, "cases/"))


def test_the_last_line_of_the_closing_checklist_closes_the_fieldwork(team: Team, signed_in: Browse) -> None:
    lead = signed_in(team["lead-inspector"])
    lines = packs.pack_of(team.inspection).fieldwork.running.closing
    for line in lines[:-1]:
        lead.post(address(team, f"fieldwork/closing/{line.id}/"))
    event = team.inspection.events.get(event="fieldwork-end")
    assert event.done_at is None
    lead.post(address(team, f"fieldwork/closing/{lines[-1].id}/"))
    event.refresh_from_db()
    assert event.done_at is not None
    lead.post(address(team, f"fieldwork/closing/{lines[0].id}/"))
    assert team.inspection.closing_items.count() == len(lines) == 7
    assert "no such line" in lead.post(address(team, "fieldwork/closing/cake/"), follow=True).content.decode()


def test_a_site_shows_what_is_not_settled_and_keeps_what_was(team: Team, signed_in: Browse) -> None:
    administrator = signed_in(team["administrator"])
    sent = {"name": "Harbour House", "hours": "8am to 6pm", "contact": "Reception"}
    page = administrator.post(address(team, "sites/new/"), sent, follow=True)
    where = page.redirect_chain[-1][0]
    shown = page.content.decode()
    assert "OASys" in shown
    assert "ViSOR" not in shown, "a CRC has none"
    again = administrator.post(address(team, "sites/new/"), {**sent, "name": "harbour house"})
    assert again.status_code == 422
    keys = {name.removeprefix("state-"): "open" for name in _names(shown) if name.startswith("state-")}
    given = {f"state-{key}": state for key, state in keys.items()} | {f"note-{key}": "" for key in keys}
    administrator.post(
        where + "check/", {**given, "state-fobs": "problem", "note-fobs": "Only two fobs for six people"}
    )
    administrator.post(where + "check/", {**given, "state-fobs": "ready", "note-fobs": ""})
    assert list(SiteCheck.objects.values_list("item", "state")) == [("fobs", "problem"), ("fobs", "ready")]
    assert f"1 of {len(keys)} ready" in text(administrator, address(team, "sites/"))
    inspector = signed_in(team["assistant-inspector"])
    assert "<select" not in text(inspector, where)
    assert inspector.post(where + "check/", given).status_code == 404


def _names(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split('name="')[1:]}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"people": 12}, "a group has 6 to 10"),
        ({"minutes": 30}, "a group lasts 45 to 90"),
        ({"same_grade": "no"}, "Several grades or roles were mixed"),
        ({"line_managers": "yes"}, "A line manager or senior manager"),
        ({"private": "no"}, "It was not in private"),
    ],
)
def test_a_group_that_is_not_as_it_should_be_is_recorded_with_what_is_wrong(
    team: Team, signed_in: Browse, changed: dict[str, Any], fault: str
) -> None:
    lead = signed_in(team["lead-inspector"])
    sent = {
        "meeting": "responsible-officers", "held_on-day": 4, "held_on-month": 6, "held_on-year": 2019, "people": 8,
        "minutes": 60, "same_grade": "yes", "line_managers": "no", "private": "yes", "text": "Caseloads are high",
    }  # fmt: skip
    assert lead.post(address(team, "meetings/"), sent).status_code == 302
    assert fault not in text(lead, address(team, "meetings/"))
    assert lead.post(address(team, "meetings/"), {**sent, **changed}).status_code == 302
    assert fault in text(lead, address(team, "meetings/"))


def test_welfare_is_read_by_the_deputy_and_the_writer_only(team: Team, signed_in: Browse) -> None:
    writer, deputy = signed_in(team["assistant-inspector"]), signed_in(team["deputy-lead-inspector"])
    writer.post(address(team, "welfare/"), {"text": "Yesterday's case stays with me"})
    assert "stays with me" in text(deputy, address(team, "welfare/"))
    deputy.post(address(team, f"welfare/{team.inspection.welfare_notes.get().pk}/"), {"answer": "Take Thursday off"})
    assert "Take Thursday off" in text(writer, address(team, "welfare/"))
    assert "stays with me" not in text(signed_in(team["lead-inspector"]), address(team, "welfare/"))
    assert signed_in(team["administrator"]).get(address(team, "welfare/")).status_code == 404
    assert not Entry.objects.filter(details__contains="stays with me").exists()
    assert not Entry.objects.filter(summary__contains="stays with me").exists()
