"""A case judged a second time, blind: neither inspector sees anything of the other, on no page and by no post.

Seen to fail with the pages of the second inspector showing the assessment of the case, with presence told to both, and
with the notes on an answer left to the first judgement.
"""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import actions, quality_actions
from inspectorate.fieldwork import calibration_actions as calibration
from inspectorate.fieldwork.models import AnswerVersion, Assessment, Presence, SecondDraw, SecondJudgement, Thread
from inspectorate.sampling.models import ListedCase, SampledCase
from inspectorate.scheduling.actions import declare_connection, reallocate_case
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team
from tests.fieldwork.test_cases import address, save
from tests.fieldwork.twice import IN_WEEK_1, dealt, judge, with_assistants

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(IN_WEEK_1)
    return an_inspection("NPS")


@pytest.fixture
def people(team: Team, person: Callable[..., User]) -> list[User]:
    return with_assistants(team, person, 3)


@pytest.fixture
def case(team: Team, people: list[User], sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    """A case of the first assistant, and quietly of the second; the first has begun."""
    one = sampled(team, "domain-two", 1)[0]
    dealt(team, [one], people)
    calibration.give_second(case=one, to=people[1], by=team["deputy-lead-inspector"])
    return one


def opened(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def patch(browser: Client, user: User, case: SampledCase, field: str, value: str, base: int = 0) -> Any:
    change = {"id": str(uuid.uuid4()), "field": field, "value": value, "base": base}
    sent = {"owner": str(user.public_id), "device": str(uuid.uuid4()), "known": 0, "here": True, "patches": [change]}
    return browser.post(address(case, "patches/"), json.dumps(sent), content_type="application/json")


def test_the_second_finds_an_ordinary_case_and_nothing_of_the_first(
    case: SampledCase, people: list[User], team: Team, signed_in: Browser
) -> None:
    first, second = signed_in(people[0]), signed_in(people[1])
    save(first, case, "2.1.1:note", "SEEN BY THE FIRST", 0)
    judge(case, people[0])
    quality_actions.open_thread(case=case, field="2.1.1", text="SEEN BY THE FIRST", by=team["lead-inspector"])
    quality_actions.override_answer(
        case=case, field="2.1.1", value="no", reason="SEEN BY THE FIRST", by=team["lead-inspector"]
    )
    listed = opened(second, f"/inspections/{case.inspection.public_id}/cases/")
    assert f"Case {case.number}" in listed
    assert "Not started" in listed
    assert people[1].name in listed
    assert "Submitted" not in listed
    assert "Not started" in opened(second, "/")
    for rest in ("", "report/", "quality/", "give/"):
        page = opened(second, address(case, rest))
        assert "SEEN BY THE FIRST" not in page
        assert f"by {people[0].name}" not in page
        assert "open note" not in page
    assert 'id="case-form" novalidate data-journal' in opened(second, address(case))
    assert second.get(address(case, "workbook/")).status_code == 200
    for rest in ("interview/", "drop-out/"):
        assert second.get(address(case, rest)).status_code == 404


def test_what_the_second_answers_is_their_own_and_the_first_does_not_see_it(
    case: SampledCase, people: list[User], signed_in: Browser
) -> None:
    first, second = signed_in(people[0]), signed_in(people[1])
    assert save(first, case, "2.1.1", "yes", 0).json()["version"] == 1
    assert save(second, case, "2.1.1", "no", 0).json()["version"] == 1
    told = patch(second, people[1], case, "2.1.2", "no").json()
    assert [one["outcome"] for one in told["answers"]] == ["confirmed"]
    assert {one["by"] for one in told["changes"]} == {people[1].name}
    assert told["others"] == []
    told = patch(first, people[0], case, "2.1.3", "yes").json()
    assert {one["by"] for one in told["changes"]} == {people[0].name}
    assert told["others"] == []
    assert Presence.objects.count() == 2
    form = {"version:2.1.4": "0", "seen:2.1.4": "", "2.1.4": "no"}
    second.post(address(case), form)
    assert "SECOND" not in opened(first, address(case))
    assert dict(AnswerVersion.objects.filter(assessment__case=case).values_list("field", "value")) == {
        "2.1.1": "yes", "2.1.3": "yes",
    }  # fmt: skip
    assert Assessment.objects.filter(second_of=case, started_by=people[1], case=None).count() == 1
    judge(case, people[1])
    assert not Assessment.objects.filter(case=case, submitted_at__isnull=False).exists()
    assert "In progress" in opened(first, f"/inspections/{case.inspection.public_id}/cases/")
    assert "The answers are locked" in opened(second, address(case))
    assert save(second, case, "2.1.1", "yes", 1).status_code == 423


def test_notes_and_matters_of_each_stay_with_each(
    case: SampledCase, people: list[User], team: Team, signed_in: Browser
) -> None:
    first, second = signed_in(people[0]), signed_in(people[1])
    save(first, case, "2.1.1", "yes", 0)
    save(second, case, "2.1.1", "no", 0)
    second.post(address(case, "quality/notes/"), {"field": "2.1.1", "text": "SAID BY THE SECOND"})
    assert Thread.objects.get().assessment.second_of == case
    assert "SAID BY THE SECOND" in opened(second, address(case, "quality/"))
    assert "SAID BY THE SECOND" not in opened(first, address(case, "quality/"))
    matter = {"kind": "with-crc", "text": "SAID BY THE SECOND"}
    assert second.post(address(case, "matters/new/"), matter).status_code == 302
    raised = case.matters.get()
    assert "Matter:" not in opened(first, address(case))
    assert "Matter:" in opened(second, address(case))
    path = f"/inspections/{case.inspection.public_id}/matters/{raised.public_id}/"
    assert [signed_in(one).get(path).status_code for one in (people[0], people[1], team["deputy-lead-inspector"])] == [
        404, 200, 200,
    ]  # fmt: skip


def test_who_could_judge_a_case_again_respects_all_that_keeps_people_apart(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser, at: Any
) -> None:
    cases = sampled(team, "domain-two", 5)
    dealt(team, cases[:4], people[:1])
    Allocation.objects.create(
        case=cases[4], inspector=team["deputy-lead-inspector"], week=1, by=team["administrator"],
        at=team.inspection.made_at,
    )  # fmt: skip
    ListedCase.objects.filter(pk=cases[0].case_id).update(limited=True)
    declare_connection(
        inspection=team.inspection, inspector=people[1], what="case", name=cases[1].case.reference, by=people[1]
    )
    reallocate_case(case=cases[2], to=people[2], reason="ill", by=team["deputy-lead-inspector"])
    could = {one.allocation.case.number: set(one.seconds.values()) for one in calibration.candidates(team.inspection)}
    # 1 is limited and nobody a named reader; 2 is connected with the second; 3 was the first's, and is the third's now;
    # 5 is with somebody who knows which cases are judged twice
    assert could == {1: set(), 2: {people[2]}, 3: {people[1]}, 4: {people[1], people[2]}}
    with pytest.raises(calibration.MayNotJudgeAgain, match="connection"):
        calibration.give_second(case=cases[1], to=people[1], by=team["deputy-lead-inspector"])
    with pytest.raises(calibration.MayNotJudgeAgain, match="case 5|Case 5"):
        calibration.give_second(case=cases[4], to=people[1], by=team["deputy-lead-inspector"])


def test_who_looked_at_a_case_does_not_judge_it_again(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser
) -> None:
    case = sampled(team, "domain-two", 1)[0]
    dealt(team, [case], [team["local-assessor"]])
    judge(case, team["local-assessor"])
    opened(signed_in(people[1]), address(case))
    could = calibration.candidates(team.inspection)[0]
    assert set(could.seconds.values()) == {people[0], people[2]}
    calibration.give_second(case=case, to=people[2], by=team["deputy-lead-inspector"])
    checks = f"/inspections/{team.inspection.public_id}/checks/"
    assert "Case 1" in opened(signed_in(people[1]), checks)
    assert "Case 1" not in opened(signed_in(people[2]), checks)
    with pytest.raises(quality_actions.SamePerson):
        quality_actions.check_case(case=case, agreed=True, text="", by=people[2])


def test_a_connection_declared_later_or_a_limit_takes_the_case_away(
    case: SampledCase, people: list[User], team: Team, signed_in: Browser
) -> None:
    save(signed_in(people[1]), case, "2.1.1", "no", 0)
    ListedCase.objects.filter(pk=case.case_id).update(limited=True)
    assert save(signed_in(people[1]), case, "2.1.2", "no", 0).status_code == 404
    ListedCase.objects.filter(pk=case.case_id).update(limited=False)
    officer = case.case.facts["responsible-officer"]
    declare_connection(inspection=team.inspection, inspector=people[1], what="officer", name=officer, by=people[1])
    assert signed_in(people[1]).get(address(case)).status_code == 404
    assert save(signed_in(people[1]), case, "2.1.2", "no", 0).status_code == 404
    assert AnswerVersion.objects.count() == 1


def test_a_draw_is_even_keeps_its_seed_and_tells_nobody(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser
) -> None:
    dealt(team, sampled(team, "domain-two", 18), people)
    deputy = signed_in(team["deputy-lead-inspector"])
    path = f"/inspections/{team.inspection.public_id}/calibration/choose/"
    before = Entry.objects.filter(kind="change").count()
    answer = deputy.post(path, {"how": "draw", "case_list": "domain-two", "wanted": 6})
    assert answer.status_code == 302
    assert Entry.objects.filter(kind="change").count() == before + 1
    made = list(SecondJudgement.objects.select_related("case", "inspector"))
    firsts = [one.case.allocations.get().inspector for one in made]
    assert [firsts.count(one) for one in people] == [2, 2, 2]
    assert [[one.inspector for one in made].count(who) for who in people] == [2, 2, 2]
    assert sorted(one.week for one in made) == [1, 1, 1, 2, 2, 2]
    draw = SecondDraw.objects.get()
    SecondJudgement.objects.all().delete()
    again = calibration.draw_seconds(
        inspection=team.inspection, case_list="domain-two", wanted=6, by=team["lead-inspector"],
        seed=bytes.fromhex(draw.seed),
    )  # fmt: skip
    assert [(one.case_id, one.inspector_id) for one in again] == [(one.case_id, one.inspector_id) for one in made]
    assert SecondDraw.objects.last().drawn_from == draw.drawn_from  # type: ignore[union-attr]
    assert deputy.post(path, {"how": "draw", "case_list": "domain-two", "wanted": 600}).status_code == 422
    refused = deputy.post(path, {"how": "draw", "case_list": "court-reports", "wanted": 3})
    assert "allocate its cases first" in refused.content.decode()


def test_by_hand_and_taken_back(case: SampledCase, people: list[User], team: Team, signed_in: Browser) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    kept = SecondJudgement.objects.get()
    path = f"/inspections/{team.inspection.public_id}/calibration/"
    save(signed_in(people[1]), case, "2.1.1", "no", 0)
    deputy.post(f"{path}{kept.public_id}/end/")
    assert signed_in(people[1]).get(address(case)).status_code == 404
    sent = {"how": "hand", "case": str(case.public_id), "inspector": str(people[2].public_id)}
    assert deputy.post(f"{path}choose/", sent).status_code == 302
    judge(case, people[2])
    deputy.post(f"{path}{SecondJudgement.objects.last().public_id}/end/")  # type: ignore[union-attr]
    assert SecondJudgement.objects.filter(ended_at=None).count() == 1
    assert deputy.post(f"{path}choose/", sent).status_code == 422
    assert Entry.objects.filter(action__in=("give_second", "end_second")).count() == 3


def test_a_case_given_to_its_second_inspector_for_good_is_judged_once(
    case: SampledCase, people: list[User], team: Team, signed_in: Browser
) -> None:
    save(signed_in(people[0]), case, "2.1.1", "yes", 0)
    save(signed_in(people[1]), case, "2.1.1", "no", 0)
    reallocate_case(case=case, to=people[1], reason="ill", by=team["deputy-lead-inspector"])
    assert save(signed_in(people[1]), case, "2.1.1", "no", 0).json()["theirs"] == "yes"
    judge(case, people[1])
    assert Assessment.objects.get(case=case).submitted_by == people[1]
    assert not actions.Assessment.objects.filter(second_of=case, submitted_at__isnull=False).exists()


@pytest.mark.parametrize("page", ["cases/", "case", "/"])
def test_the_pages_of_the_second_ask_the_database_little(
    page: str, case: SampledCase, people: list[User], signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    save(signed_in(people[1]), case, "2.1.1", "no", 0)
    path = {"case": address(case), "/": "/"}.get(page, f"/inspections/{case.inspection.public_id}/{page}")
    browser = signed_in(people[1])
    browser.get(path)
    with django_assert_max_num_queries(8):
        assert browser.get(path).status_code == 200
