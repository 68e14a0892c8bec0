"""Judging a case: fields saved one by one, two editors, submission and its lock, and who may see what."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import actions
from inspectorate.fieldwork.form import case_form
from inspectorate.fieldwork.models import Answer, AnswerVersion, Assessment
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("NPS")


@pytest.fixture
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    one = sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(
        case=one, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    return one


def address(case: SampledCase, rest: str = "") -> str:
    return f"/inspections/{case.inspection.public_id}/cases/{case.public_id}/{rest}"


def save(browser: Client, case: SampledCase, field: str, value: str, version: int) -> HttpResponse:
    sent = json.dumps({"field": field, "value": value, "version": version})
    return browser.post(address(case, "save/"), sent, content_type="application/json")


def judge_all(case: SampledCase, by: User) -> None:
    """Gives every answer that the case asks for, until none is missing."""
    while True:
        assessment = Assessment.objects.filter(case=case).first()
        answers = list(assessment.answers.all()) if assessment else []
        form = case_form(case, answers)
        missing = form.missing()
        if not missing:
            return
        for field in (*missing.facts, *missing.key_questions, *missing.prompts):
            value = form.fields[field][1] if field == "rosh_judged" else form.fields[field][0]
            actions.save_answer(case=case, field=field, value=value, seen=0, by=by)


def test_an_answer_is_saved_with_its_history(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    assert save(browser, case, "2.1.1", "yes", 0).json() == {"field": "2.1.1", "version": 1}
    assert save(browser, case, "2.1.1", "no", 1).json() == {"field": "2.1.1", "version": 2}
    assert Answer.objects.get(field="2.1.1").value == "no"
    assert list(AnswerVersion.objects.values_list("value", flat=True)) == ["yes", "no"]
    assert Entry.objects.filter(action="judge_case").count() == 2


def test_a_case_names_its_list_and_number(case: SampledCase, team: Team, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(team["assistant-inspector"]).get(address(case)).content.decode()
    assert f"<title>Case {case.number}, Domain two: case supervision - " in page


def test_a_repeated_save_has_one_effect(case: SampledCase, team: Team, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(team["assistant-inspector"])
    assert save(browser, case, "2.1.1", "yes", 0).json()["version"] == 1
    assert save(browser, case, "2.1.1", "yes", 0).json()["version"] == 1
    assert AnswerVersion.objects.count() == 1


def test_two_editors_never_overwrite_each_other(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    one, two = signed_in(team["assistant-inspector"]), signed_in(team["assistant-inspector"])
    save(one, case, "2.1.1:note", "The first text", 0)
    refused = save(two, case, "2.1.1:note", "The second text", 0)
    assert refused.status_code == 409
    assert refused.json()["theirs"] == "The first text"
    assert Answer.objects.get().value == "The first text"
    assert save(two, case, "2.1.1:note", "The second text", refused.json()["version"]).status_code == 200


def test_without_script_a_page_saves_only_what_was_changed_and_shows_both_texts(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    save(browser, case, "2.1.1", "no", 0)
    save(browser, case, "2.1.2", "no", 0)
    old_page = {
        "version:2.1.1": "0", "seen:2.1.1": "", "2.1.1": "yes",
        "version:2.1.2": "0", "seen:2.1.2": "", "2.1.2": "",
        "version:2.1.3": "0", "seen:2.1.3": "", "2.1.3": "yes",
    }  # fmt: skip
    answer = browser.post(address(case), old_page)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "It now says «no»." in text
    assert "Yours was «yes»" in text
    values = dict(Answer.objects.values_list("field", "value"))
    assert values == {"2.1.1": "no", "2.1.2": "no", "2.1.3": "yes"}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("9.9.9", "yes", "is not a field of this case"),
        ("2.1.1", "perhaps", "choose one of yes, no, na"),
        ("rosh_judged", "severe", "choose one of low, medium, high, very-high"),
        ("2.1.1:note", "x" * 20_001, "20000 is the most"),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    field: str, value: str, says: str, case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    refused = save(signed_in(team["assistant-inspector"]), case, field, value, 0)
    assert refused.status_code == 422
    assert says in refused.json()["error"]
    assert not Answer.objects.exists()


def test_what_is_no_json_is_refused(case: SampledCase, team: Team, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(team["assistant-inspector"])
    for body in ("", "[]", "{", '{"field": "2.1.1"}', '{"field": "2.1.1", "value": "yes", "version": "many"}'):
        assert browser.post(address(case, "save/"), body, content_type="application/json").status_code == 400


def test_low_rosh_takes_the_safety_question_of_planning_out_of_the_case(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    assert 'id="q-2.2.3"' in browser.get(address(case)).content.decode()
    save(browser, case, "rosh_judged", "low", 0)
    assert 'id="q-2.2.3"' not in browser.get(address(case)).content.decode()


def test_an_incomplete_case_is_not_submitted_and_says_what_is_missing(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    save(browser, case, "2.1.1", "yes", 0)
    page = browser.post(address(case, "submit/")).content.decode()
    assert "This case cannot be submitted yet" in page
    assert '<a href="#2.1.2-1">2.1.2' in page
    assert Assessment.objects.get().submitted_at is None


def test_a_submitted_case_is_locked(case: SampledCase, team: Team, signed_in: Callable[[User], Client]) -> None:
    judge_all(case, team["assistant-inspector"])
    browser = signed_in(team["assistant-inspector"])
    page = browser.post(address(case, "submit/"), follow=True).content.decode()
    assert "Case 1 is submitted and locked." in page
    assert save(browser, case, "2.1.1", "no", 1).status_code == 423
    assert "The answers are locked." in browser.get(address(case)).content.decode()
    assert team.inspection.events.get(event="cases-week-2").done_at


def test_an_answer_against_all_its_prompts_is_pointed_out(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    for prompt in "abc":
        save(browser, case, f"2.1.1{prompt}", "no", 0)
    save(browser, case, "2.1.1", "yes", 0)
    assert "Your answer differs from every prompt above." in browser.get(address(case)).content.decode()


def test_only_the_inspector_of_a_case_may_judge_it_and_only_some_may_read_it(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    may_read = {
        role for role, somebody in team.people.items() if signed_in(somebody).get(address(case)).status_code == 200
    }
    assert may_read == {
        "assistant-inspector",
        "lead-inspector",
        "deputy-lead-inspector",
        "head-of-inspection",
        "data-team",
    }
    may_save = {
        role
        for role, somebody in team.people.items()
        if save(signed_in(somebody), case, "2.1.1", "yes", 0).status_code == 200
    }
    assert may_save == {"assistant-inspector"}


def test_every_look_at_a_case_leaves_a_line(case: SampledCase, team: Team, signed_in: Callable[[User], Client]) -> None:
    signed_in(team["lead-inspector"]).get(address(case))
    look = Entry.objects.get(kind="look")
    assert look.actor == team["lead-inspector"].email
    assert str(case.public_id) in look.subject


def test_pages_ask_the_database_at_most_eight_times(
    team: Team,
    sampled: Callable[..., list[SampledCase]],
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    cases = sampled(team, "domain-two", 120)
    for one in cases:
        Allocation.objects.create(
            case=one, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=one.at
        )
    judge_all(cases[0], team["assistant-inspector"])
    browser = signed_in(team["assistant-inspector"])
    base = f"/inspections/{team.inspection.public_id}/"
    for page in ("cases/", f"cases/{cases[0].public_id}/", "domain-one/"):
        browser.get(base + page)
        with django_assert_max_num_queries(8):
            assert browser.get(base + page).status_code == 200


def test_domain_one_evidence_is_shown_with_its_kinds_of_source(team: Team, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(team["lead-inspector"])
    page = f"/inspections/{team.inspection.public_id}/domain-one/"
    sent = {"key_question": "1.1.1", "source": "document", "weighs": "for", "text": "The plan is known to all"}
    assert "1 piece, one kind of source only" in browser.post(page, sent, follow=True).content.decode()
    browser.post(page, sent | {"source": "focus-group", "weighs": "against", "text": "Staff know another plan"})
    assert "2 pieces from 2 kinds of source" in browser.get(page).content.decode()
    assert signed_in(team["link-manager"]).get(page).status_code == 404


LEADS_OUT = [
    ("NPS", "court-reports", "ndelius_report_type", "standard-delivery", "The kind of report in nDelius differs"),
    ("NPS", "court-reports", "court_in_area", "no", "Sentenced by a court outside the area inspected"),
    ("NPS", "court-reports", "sentence_to_allocate", "no", "No immediate community or custodial sentence"),
    ("NPS", "victim-work", "victim_identifiable", "no", "No person can be identified as the victim"),
    ("CRC", "unpaid-work", "weeks_unavailable", "more-than-six-weeks", "Unavailable for work for more than six"),
    ("CRC", "through-the-gate", "released_as_expected", "no", "Not released as expected"),
    ("CRC", "through-the-gate", "supervised_by", "another-crc", "Released to a CRC other than the one inspected"),
    ("CRC", "through-the-gate", "supervised_by", "another-nps", "Released to an NPS area that is not local"),
    ("CRC", "through-the-gate", "supervised_by", "nobody", "Not supervised after release"),
]


@pytest.mark.parametrize(("kind", "case_list", "fact", "value", "says"), LEADS_OUT)
def test_a_fact_that_leads_out_is_said_and_keeps_the_case_from_being_submitted(
    kind: str, case_list: str, fact: str, value: str, says: str, an_inspection: Callable[..., Team],
    sampled: Callable[..., list[SampledCase]], signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    """Manual 6.1d, 6.1e, 6.1g, 6.1h."""
    team = an_inspection(kind)
    case, me = sampled(team, case_list, 1)[0], team["assistant-inspector"]
    case.case.facts |= {"report-type": "oral"}
    case.case.save()
    Allocation.objects.create(case=case, inspector=me, week=1, by=me, at=team.inspection.made_at)
    judge_all(case, me)
    browser = signed_in(me)
    shown = re.compile(rf'data-leads-out="{fact}" data-value="{value}">')
    assert not shown.search(browser.get(address(case)).content.decode())
    version = Answer.objects.get(field=fact).version
    actions.save_answer(case=case, field=fact, value=value, seen=version, by=me)
    page = browser.get(address(case)).content.decode()
    assert shown.search(page)
    assert says in page
    (link,) = set(re.findall(r'href="([^"]*drop-out/\?reason=[^"]*)"', page[shown.search(page).start() :][:600]))
    assert 'value="' + link.partition("=")[2] + '" checked' in browser.get(link).content.decode()
    refused = browser.post(address(case, "submit/"), follow=True).content.decode()
    assert "Tell the deputy lead inspector, who decides whether it stays" in refused
    assert not Assessment.objects.get().submitted_at
    case.drop_outs.create(reason="x", note="x", found_by=me, found_at=case.at, decision="kept")
    actions.submit_case(case=case, by=me)
