"""Manual 6.1: wrong agency and shortcomings before allocation are raised from a case and followed to an outcome."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import matter_actions
from inspectorate.fieldwork.models import Matter
from inspectorate.sampling.models import ListedCase, SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db
FOUND = "Zqthe risk was misread at courtQz"
SignedIn = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(datetime(2019, 6, 5, 10))  # noqa: DTZ001 (London time)
    return an_inspection("NPS")


@pytest.fixture
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    one = sampled(team, "court-reports", 1)[0]
    Allocation.objects.create(
        case=one, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    return one


@pytest.fixture
def raised(team: Team, case: SampledCase) -> Callable[[str], Matter]:
    return lambda kind: matter_actions.raise_matter(case=case, kind=kind, text=FOUND, by=team["assistant-inspector"])


def address(name: str, team: Team, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def step(browser: Client, team: Team, matter: Matter, name: str, **data: Any) -> str:
    return text(browser.post(address("matter_step", team, matter.public_id, name), data, follow=True))


def test_it_is_raised_from_the_case_and_says_what_to_expect(team: Team, case: SampledCase, signed_in: SignedIn) -> None:
    browser = signed_in(team["assistant-inspector"])
    form = address("raise_matter", team, case.public_id)
    assert f'href="{form}"' in text(browser.get(address("case", team, case.public_id)))
    offered = text(browser.get(form))
    assert "The case is not expected to move." in offered
    assert "asks that the case is re-allocated to the NPS" in offered
    assert "shows that it told the CRC" in offered
    assert "Select what it is" in text(browser.post(form, {"text": "x"}))
    shown = text(browser.post(form, {"kind": "with-crc", "text": FOUND}, follow=True))
    assert FOUND in shown
    assert "Matter: With the CRC, should be with the NPS" in text(browser.get(address("case", team, case.public_id)))
    assert "asks that the case is re-allocated to the NPS" in shown
    assert "Close the matter" not in shown
    assert "matter: with the crc" in text(browser.get(address("case", team, case.public_id))).lower()
    line = Entry.objects.get(action="raise_matter")
    assert FOUND not in line.summary + line.details


def test_none_is_raised_about_a_limited_access_case_by_who_is_no_named_reader(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    ListedCase.objects.filter(pk=case.case_id).update(limited=True)
    form = address("raise_matter", team, case.public_id)
    for role in ("assistant-inspector", "lead-inspector"):
        browser = signed_in(team[role])
        assert browser.get(form).status_code == 404
        assert browser.post(form, {"kind": "with-crc", "text": FOUND}).status_code == 404
    assert not Matter.objects.exists()


def test_judging_goes_on(team: Team, case: SampledCase, raised: Callable[[str], Matter], signed_in: SignedIn) -> None:
    raised("with-nps")
    browser = signed_in(team["assistant-inspector"])
    assert "Submit the case" in text(browser.get(address("case", team, case.public_id)))


def test_a_shortcoming_is_not_closed_before_the_nps_shows_that_it_told_the_crc(
    team: Team, raised: Callable[[str], Matter], signed_in: SignedIn
) -> None:
    matter = raised("shortcoming")
    deputy = signed_in(team["deputy-lead-inspector"])
    page = text(deputy.get(address("matter", team, matter.public_id)))
    assert "No answer is recorded." in page
    assert "There is no evidence." in page
    step(deputy, team, matter, "answer", text="They will tell the CRC")
    outcome = {"outcome": "Put right, and the CRC was told"}
    assert "There is no evidence." in step(deputy, team, matter, "close", **outcome)
    assert "Choose a file" in step(deputy, team, matter, "evidence", text="x")
    step(deputy, team, matter, "evidence", text="The e-mail", upload=SimpleUploadedFile("mail.txt", b"told"))
    assert "There is a problem" in step(deputy, team, matter, "close", outcome="Something else")
    assert "The matter is closed." in step(deputy, team, matter, "close", **outcome)
    assert [one.what for one in matter.steps.all()] == ["raised", "answered", "evidence", "closed"]
    assert "Open it again first" in step(deputy, team, matter, "answer", text="x")
    assert "The matter is open again." in step(deputy, team, matter, "again", text="The CRC knows nothing")
    assert "No answer is recorded." in text(deputy.get(address("matter", team, matter.public_id)))


def test_no_move_is_expected_of_a_case_with_the_nps(
    team: Team, raised: Callable[[str], Matter], signed_in: SignedIn
) -> None:
    matter = raised("with-nps")
    administrator = signed_in(team["administrator"])
    assert "The matter is closed." in step(administrator, team, matter, "close", outcome="The NPS was told")


def test_the_list_is_for_those_who_follow_them(
    team: Team, raised: Callable[[str], Matter], signed_in: SignedIn
) -> None:
    raised("with-crc")
    closed = raised("with-nps")
    matter_actions.close_matter(matter=closed, outcome="The NPS was told", text="", by=team["lead-inspector"])
    opens = {
        r for r, person in team.people.items() if signed_in(person).get(address("matters", team)).status_code == 200
    }
    assert opens == {"lead-inspector", "deputy-lead-inspector", "administrator"}
    page = text(signed_in(team["administrator"]).get(address("matters", team)))
    assert page.index("With the CRC, should") < page.index("With the NPS, should")
    assert FOUND not in page


def test_a_matter_is_seen_by_who_raised_it_and_who_follows_it(
    team: Team, raised: Callable[[str], Matter], signed_in: SignedIn
) -> None:
    matter = raised("with-crc")
    path = address("matter", team, matter.public_id)
    opens = {role for role, person in team.people.items() if signed_in(person).get(path).status_code == 200}
    assert opens == {"lead-inspector", "deputy-lead-inspector", "administrator", "assistant-inspector"}
    assert (
        signed_in(team["assistant-inspector"]).get(address("matter_step", team, matter.public_id, "answer")).status_code
        == 404
    )


def test_a_shortcoming_is_not_raised_about_another_list(team: Team, sampled: Callable[..., list[SampledCase]]) -> None:
    other = sampled(team, "domain-two", 1)[0]
    with pytest.raises(matter_actions.NotThisKind):
        matter_actions.raise_matter(case=other, kind="shortcoming", text="x", by=team["lead-inspector"])
    assert not Matter.objects.exists()


def test_pages_of_matters_take_few_queries(
    team: Team, raised: Callable[[str], Matter], signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    matter = raised("with-crc")
    browser = signed_in(team["lead-inspector"])
    for path in (address("matters", team), address("matter", team, matter.public_id)):
        with django_assert_max_num_queries(8):
            assert browser.get(path).status_code == 200
