"""Who inspects which case: dealing, re-allocating, and connections that take cases away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.sampling.models import ListedCase, SampledCase
from inspectorate.scheduling import actions
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db


def address(team: Team, rest: str = "") -> str:
    return f"/inspections/{team.inspection.public_id}/allocation/{rest}"


def test_every_case_gets_one_inspector_and_the_lead_no_more_than_five(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    sampled(team, "domain-two", 30)
    sampled(team, "unpaid-work", 5)
    page = signed_in(team["administrator"]).post(address(team, "deal/"), follow=True).content.decode()
    assert "35 cases are allocated." in page
    assert "Every case has an inspector." in page
    held = Allocation.objects.filter(ended_at=None)
    assert held.values("case").distinct().count() == 35
    assert held.filter(inspector=team["lead-inspector"]).count() <= 5
    assert team.inspection.events.get(event="final-schedules").done_by == team["administrator"]


def test_a_person_on_two_lists_is_allocated_on_both(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]]
) -> None:
    team = an_inspection()
    for case in (*sampled(team, "domain-two", 2), *sampled(team, "unpaid-work", 2)):
        ListedCase.objects.filter(pk=case.case_id).update(reference=f"X{case.number}")
    assert actions.allocate_cases(inspection=team.inspection, by=team["administrator"]).dealt == 4


def test_there_must_be_a_sample_first(an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]) -> None:
    team = an_inspection()
    browser = signed_in(team["administrator"])
    assert "There is no final sample yet." in browser.get(address(team)).content.decode()
    assert "there is no final sample yet" in browser.post(address(team, "deal/"), follow=True).content.decode()


def test_a_case_goes_to_another_inspector_with_a_reason_and_the_first_stays_on_record(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    case = sampled(team)[0]
    actions.allocate_cases(inspection=team.inspection, by=team["administrator"])
    first = case.allocations.get().inspector
    other = next(
        team[role] for role in ("assistant-inspector", "lead-inspector", "deputy-lead-inspector") if team[role] != first
    )
    browser = signed_in(team["deputy-lead-inspector"])
    browser.post(address(team, f"{case.public_id}/"), {"to": other.pk, "reason": "Illness"})
    assert [one.inspector for one in case.allocations.all()] == [first, other]
    assert case.allocations.get(ended_at=None).reason == "Illness"
    assert Entry.objects.filter(chain=team.inspection.chain, action="reallocate_case").count() == 1


def test_a_declared_connection_takes_the_cases_away_and_keeps_them_away(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection("NPS")
    cases = sampled(team, "domain-two", 3)
    assessor = team["local-assessor"]
    for case in cases:
        Allocation.objects.create(
            case=case, inspector=assessor, week=1, by=team["administrator"], at=team.inspection.made_at
        )
    browser = signed_in(assessor)
    page = f"/inspections/{team.inspection.public_id}/cases/{cases[0].public_id}/"
    assert browser.get(page).status_code == 200
    browser.post(f"/inspections/{team.inspection.public_id}/connections/", {"what": "own", "name": "Office 1"})
    assert browser.get(page).status_code == 404
    assert Allocation.objects.filter(inspector=assessor, ended_at=None).count() == 2
    with pytest.raises(actions.MayNotTake, match="Office 1 is the inspector's normal place of work"):
        actions.reallocate_case(case=cases[0], to=assessor, reason="x", by=team["administrator"])


def test_the_page_asks_the_database_no_more_for_150_cases(
    an_inspection: Callable[..., Team],
    sampled: Callable[..., list[SampledCase]],
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    team = an_inspection()
    sampled(team, "domain-two", 150)
    actions.allocate_cases(inspection=team.inspection, by=team["administrator"])
    browser = signed_in(team["administrator"])
    with django_assert_max_num_queries(8):
        assert browser.get(address(team)).status_code == 200
