"""The deputy's page: what it says of a biased inspector and an unclear question, two judgements beside each other,
and the training beside the weeks.

Seen to fail with corrections counted in the figures, and with second judgements that are still open shown.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import calibration, quality_actions
from inspectorate.fieldwork import calibration_actions as actions
from inspectorate.fieldwork.models import Answer, AnswerVersion, SecondJudgement, Settlement, TrainingCase
from inspectorate.sampling.models import ListedCase, SampledCase
from tests.conftest import Team
from tests.fieldwork.twice import IN_WEEK_1, dealt, judge, judged_twice, with_assistants
from tests.methodology.made_judgements import BIASED, made

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(IN_WEEK_1)
    return an_inspection("NPS")


@pytest.fixture
def people(team: Team, person: Callable[..., User]) -> list[User]:
    return with_assistants(team, person, 6)


def text(browser: Client, team: Team, rest: str = "") -> str:
    answer = browser.get(f"/inspections/{team.inspection.public_id}/calibration/{rest}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_planted_biased_inspector_is_named_and_the_page_asks_little(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    dice = np.random.Generator(np.random.PCG64(7))
    pairs = made(dice, cases=36, inspectors=6, questions=12, turned=0.6, unclear=0.6)
    judged_twice(team, sampled(team, "domain-two", 36), {f"i{at}": one for at, one in enumerate(people)}, pairs)
    deputy = signed_in(team["deputy-lead-inspector"])
    deputy.get("/")
    with django_assert_max_num_queries(8):
        page = text(deputy, team)
    assert f"<strong>{people[int(BIASED[1:])].name}</strong>: says yes more often than the others." in page
    assert page.count("Says Yes more often than the others") == 1
    assert "<strong>2.1.1 " in page.split("Inspectors who judge unlike")[0]
    assert "Needs work" in page
    assert '<span class="govuk-body-s app-secondary">' in page
    assert "With 30 cases judged twice, one inspector who turns" in page
    assert "named in at most 5%" in page or "at most 5% of inspections" in page


def test_with_too_few_cases_nothing_is_told(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser
) -> None:
    lead = signed_in(team["lead-inspector"])
    assert "No case is given to a second inspector yet" in text(lead, team)
    cases = sampled(team, "domain-two", 2)
    dealt(team, cases, people[:1])
    for case in cases:
        actions.give_second(case=case, to=people[1], by=team["deputy-lead-inspector"])
    judge(cases[0], people[0])
    kept = SecondJudgement.objects.get(case=cases[0])
    page = text(lead, team)
    assert "First submitted, second not begun" in page
    path = f"/inspections/{team.inspection.public_id}/calibration/{kept.public_id}/"
    assert lead.get(path).status_code == 404
    judge(cases[0], people[1], {"2.1.1": "no"})
    page = text(lead, team)
    assert "Too few to tell: fewer than 5 cases are judged twice." in page
    assert "Both submitted" in page
    assert lead.get(path).status_code == 200
    ListedCase.objects.filter(pk=cases[0].case_id).update(limited=True)
    assert lead.get(path).status_code == 404


def test_two_judgements_stand_side_by_side_and_settling_changes_neither(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]], signed_in: Browser,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    case = sampled(team, "domain-two", 1)[0]
    dealt(team, [case], people[:1])
    kept = actions.give_second(case=case, to=people[1], by=team["deputy-lead-inspector"])
    judge(case, people[0])
    judge(case, people[1], {"2.1.1": "no", "2.1.2a": "na"})
    answers = list(Answer.objects.order_by("pk").values_list("assessment", "field", "value", "version"))
    deputy, path = signed_in(team["deputy-lead-inspector"]), f"{kept.public_id}/"
    page = text(deputy, team, path)
    assert "They differ on 2 questions" in page
    sent = {"field": "2.1.1", "outcome": "second", "text": "The plan was never written"}
    settle = f"/inspections/{team.inspection.public_id}/calibration/{path}settle/"
    assert deputy.post(settle, {**sent, "field": "2.1.3"}).status_code == 422
    assert deputy.post(settle, {**sent, "text": " "}).status_code == 422
    lines = Entry.objects.filter(kind="change").count()
    assert deputy.post(settle, sent).status_code == 302
    assert Entry.objects.filter(kind="change").count() == lines + 1
    page = text(deputy, team, path)
    assert "The second answer is the better one." in page
    assert "The plan was never written" in page
    assert answers == list(Answer.objects.order_by("pk").values_list("assessment", "field", "value", "version"))
    assert Settlement.objects.count() == 1
    at(IN_WEEK_1 + timedelta(days=1))
    quality_actions.override_answer(
        case=case, field="2.1.1", value="no", reason="Settled", by=team["deputy-lead-inspector"]
    )
    assert "They differ on 2 questions" in text(deputy, team, path)
    pairs = calibration.pairs(team.inspection, calibration.judgements(team.inspection))
    assert [one.question for one in pairs if one.differs] == ["2.1.1"]


def test_a_question_that_the_facts_of_one_leave_out_is_not_applicable_there(
    team: Team, people: list[User], sampled: Callable[..., list[SampledCase]]
) -> None:
    case = sampled(team, "domain-two", 1)[0]
    dealt(team, [case], people[:1])
    actions.give_second(case=case, to=people[1], by=team["deputy-lead-inspector"])
    judge(case, people[0], {"rosh_judged": "high"})
    judge(case, people[1], {"rosh_judged": "low"})
    pairs = calibration.pairs(team.inspection, calibration.judgements(team.inspection))
    left_out = {one.question for one in pairs if (one.first, one.second) == ("yes", "na")}
    assert left_out
    # It was answered together with the fact that leaves it out
    assert AnswerVersion.objects.filter(assessment__second_of=case, field__in=left_out).exists()


def test_training_is_judged_once_against_answers_set_before(team: Team, people: list[User], signed_in: Browser) -> None:
    path = f"/inspections/{team.inspection.public_id}/training/"
    head, trainee = signed_in(team["head-of-methodology"]), signed_in(people[0])
    assert trainee.post(path, {"title": "Case A", "case_list": "domain-two"}).status_code == 404
    assert head.post(path, {"title": "Case A", "case_list": "domain-two"}).status_code == 302
    one = TrainingCase.objects.get()
    asked = actions.questions(one)
    answer = head.post(f"{path}{one.public_id}/", {"2.1.1": "yes"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Choose an answer to") >= len(asked) - 1
    assert head.post(f"{path}{one.public_id}/", dict.fromkeys(asked, "yes")).status_code == 302
    assert 'value="yes" checked' not in trainee.get(f"{path}{one.public_id}/").content.decode()
    for number, somebody in enumerate(people):
        given = dict.fromkeys(asked, "yes") | dict.fromkeys(list(asked)[:number], "no")
        assert signed_in(somebody).post(f"{path}{one.public_id}/", given).status_code == 302
        assert "They stay as they are" in signed_in(somebody).get(f"{path}{one.public_id}/").content.decode()
    assert head.post(f"{path}{one.public_id}/", dict.fromkeys(asked, "no")).status_code == 200
    assert one.given.count() == 7
    with pytest.raises(actions.NotInTraining, match="already"):
        actions.give_training_answers(training_case=one, answers=dict.fromkeys(asked, "no"), by=people[0])
    page = text(signed_in(team["deputy-lead-inspector"]), team)
    wrong = sum(range(6))
    share = round(100 - 100 * wrong / (6 * len(asked)), 1)
    assert f"Training, with the reference answers: {share:g}% of 6 judgements" in page
    assert f"In training alike with the reference: {len(asked) - 5} of {len(asked)}" in page
    assert "Week 1, with one another: too few to tell" in page
