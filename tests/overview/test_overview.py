"""The pages across chapters: my work, where an inspection stands, the plan, the year and the trail."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit import trail
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


def home(team: Team, page: str = "") -> str:
    return f"/inspections/{team.inspection.public_id}/{page}"


def test_the_home_page_says_the_week_and_who_is_late_by_how_much(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 4, 9, 12))
    page = signed_in(team["deputy-lead-inspector"]).get(home(team)).content.decode()
    assert "Week -8, Phase I: planning" in page
    assert (
        "Announcement by telephone</a>: Lead inspector, <strong>2 working days late</strong>, due Friday 5 April 2019"
        in page
    )


def test_the_home_page_begins_with_what_this_person_does_next(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 4, 9, 12))
    page = signed_in(team["lead-inspector"]).get(home(team)).content.decode()
    own, others = page.split("Late with others")
    assert (
        "Announcement by telephone</a>: <strong>2 working days late</strong>, due Friday 5 April 2019"
        in own.split("What you do next")[1]
    )
    assert "Announcement by telephone" not in others.split("Phase I")[0]
    page = signed_in(team["responsible-officer"]).get(home(team)).content.decode()
    assert "Nothing in the plan waits for you." in page


def test_five_late_things_are_named_and_the_others_counted(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 6, 3, 9))
    page = signed_in(team["deputy-lead-inspector"]).get(home(team)).content.decode()
    late = page.split("Late with others")[1].split("Next with others")[0]
    assert late.count(" late</strong>") == 5
    assert "more in the plan</a>" in late


def test_an_inspector_is_told_of_the_cases_still_to_judge(
    an_inspection: Callable[..., Team],
    signed_in: Callable[[User], Client],
    sampled: Callable[..., list[SampledCase]],
) -> None:
    team = an_inspection()
    judge, lead = team["assistant-inspector"], team["lead-inspector"]
    case = sampled(team, count=1)[0]
    Allocation.objects.create(case=case, inspector=judge, week=1, by=lead, at=datetime(2019, 5, 28, tzinfo=UTC))
    assert "1 case to judge and submit</a>" in signed_in(judge).get(home(team)).content.decode()
    assert "to judge and submit" not in signed_in(lead).get(home(team)).content.decode()


def test_the_body_sees_only_what_is_meant_for_it(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    page = signed_in(team["link-manager"]).get(home(team, "weeks/")).content.decode()
    assert "External project plan sent to the inspected body" in page
    assert "Background information pack" not in page
    assert "Ratings panel" not in page


def test_a_task_without_a_page_is_ticked_off_by_its_owner_only(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    address = home(team, "dates/background-pack/done/")
    assert signed_in(team["administrator"]).post(address).status_code == 404
    assert signed_in(team["data-team"]).post(address).status_code == 302
    assert team.inspection.events.get(event="background-pack").done_by == team["data-team"]


def test_my_work_names_what_waits(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 4, 4, 9))
    page = signed_in(team["lead-inspector"]).get("/").content.decode()
    assert "Announcement by telephone" in page
    assert "First draft" not in page


def test_my_work_names_the_next_thing_when_nothing_is_due_soon(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 1, 7, 9))
    page = signed_in(team["lead-inspector"]).get("/").content.decode()
    assert "Announcement by telephone" in page
    assert "Provisional units chosen" not in page
    assert "No date of a plan waits for you." in signed_in(team["hm-inspector"]).get("/").content.decode()


def test_my_work_of_a_national_office_reaches_over_all_inspections(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], at: Callable[[datetime], None]
) -> None:
    team = an_inspection()
    at(datetime(2019, 6, 26, 9))
    page = signed_in(team["director-of-operations"]).get("/").content.decode()
    assert "Ratings panel, in the morning" in page
    assert "You have no role" not in page
    assert "Every inspection of the year" in page


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_the_year_shows_inspections_and_bodies_without_one(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    page = signed_in(team["head-of-inspection"]).get("/programme/?year=2019").content.decode()
    assert "Monday 3 June 2019" in page
    page = signed_in(team["head-of-inspection"]).get("/programme/?year=2020").content.decode()
    assert "No inspection has its fieldwork in this year." in page
    assert "Not planned" in page


def test_a_lead_sees_only_the_own_inspections_in_the_year(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    mine, other = an_inspection(), an_inspection("NPS", fieldwork=date(2019, 9, 2))
    page = signed_in(mine["lead-inspector"]).get("/programme/?year=2019").content.decode()
    assert str(mine.inspection.public_id) in page
    assert str(other.inspection.public_id) not in page


def test_the_trail_turns_its_pages(an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]) -> None:
    team = an_inspection()
    for number in range(60):
        trail.record_change(
            chain=team.inspection.chain, by="somebody", action="x", subject="thing:1", summary=f"Change {number:03}"
        )
    browser = signed_in(team["lead-inspector"])
    first = browser.get(home(team, "audit/")).content.decode()
    assert "Change 059" in first
    assert "Change 009" not in first
    assert "Change 009" in browser.get(home(team, "audit/?before=12")).content.decode()


@pytest.mark.parametrize("page", ["", "weeks/", "team/", "audit/"])
def test_no_page_asks_the_database_more_than_eight_times(
    page: str,
    an_inspection: Callable[..., Team],
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    team = an_inspection()
    for role in ("lead-inspector", "head-of-inspection"):
        browser = signed_in(team[role])
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(home(team, page)).status_code == 200


def test_the_year_and_my_work_do_not_ask_more_as_inspections_grow(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    team = an_inspection()
    for number in range(4):
        an_inspection("NPS", fieldwork=date(2019, 8, 5) + timedelta(weeks=number))
    browser = signed_in(team["head-of-inspection"])
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/programme/?year=2019")
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/")
