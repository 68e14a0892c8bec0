"""Which questions a case is asked, what it still lacks, and where answers disagree."""

import tomllib

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology import fieldwork, pack
from inspectorate.methodology.fieldwork import Disagreement, Unanswered
from inspectorate.methodology.standards import Framework, Standards

PACK = pack.SHIPPED / "probation-v3-2018" / "standards.toml"


@pytest.fixture(scope="module")
def v3() -> Standards:
    return TypeAdapter(Standards).validate_python(tomllib.loads(PACK.read_text("utf-8")))


@pytest.fixture(scope="module")
def nps(v3) -> Framework:
    return v3.framework("NPS")


def answered(framework, case_list, facts, answer="yes"):
    asked = fieldwork.applicable_questions(framework, case_list, facts)
    return {q.id: answer for q in asked}, {p.id: answer for q in asked for p in q.prompts}


def test_a_low_risk_case_is_not_asked_about_planning_for_safety(nps):
    medium = [q.id for q in fieldwork.applicable_questions(nps, "domain-two", {"rosh_judged": "medium"})]
    low = [q.id for q in fieldwork.applicable_questions(nps, "domain-two", {"rosh_judged": "low"})]
    assert len(medium) == 12
    assert [q for q in medium if q not in low] == ["2.2.3"]


def test_a_case_not_yet_judged_for_risk_is_asked_everything(nps):
    assert len(fieldwork.applicable_questions(nps, "domain-two", {})) == 12


def test_standards_to_show_hold_only_what_is_asked(nps):
    shown = fieldwork.applicable_standards(nps, "domain-two", {"rosh_judged": "low"})
    assert [(s.id, len(s.key_questions)) for s in shown] == [("2.1", 3), ("2.2", 2), ("2.3", 3), ("2.4", 3)]


def test_a_question_for_some_cases_waits_until_the_fact_lets_it_in(v3):
    framework = v3.framework("NPS", {"victim-work-in-domain-two": True})

    def asked(facts):
        return [q.id for q in fieldwork.applicable_questions(framework, "domain-two", facts) if q.id.startswith("3.2")]

    assert asked({}) == []
    assert asked({"victim_opted_in": "no"}) == []
    assert asked({"victim_opted_in": "yes"}) == ["3.2.2", "3.2.3"]


def test_no_standard_is_shown_where_no_review_was_due(v3):
    framework = v3.framework("CRC", {"reviewing-only-where-due": True})
    facts = {"rosh_judged": "high", "review_due": "no"}
    shown = fieldwork.applicable_standards(framework, "domain-two", facts)
    assert [s.id for s in shown] == ["2.1", "2.2", "2.3"]


def test_a_list_of_the_other_kind_of_body_is_refused(nps):
    with pytest.raises(ValueError, match="'unpaid-work' is not a case list for NPS: write one of domain-two, court"):
        fieldwork.applicable_questions(nps, "unpaid-work", {})


def test_an_empty_case_lacks_everything(nps):
    missing = fieldwork.completeness(nps, "domain-two", {}, {}, {})
    assert missing.facts == ("rosh_judged",)
    assert len(missing.key_questions) == 12
    assert len(missing.prompts) == 51
    assert len(missing) == 64


def test_a_complete_case_lacks_nothing(nps):
    facts = {"rosh_judged": "low"}
    answers, prompts = answered(nps, "domain-two", facts)
    missing = fieldwork.completeness(nps, "domain-two", facts, answers, prompts)
    assert missing == Unanswered()
    assert not missing


def test_judging_the_risk_higher_makes_a_complete_case_incomplete(nps):
    answers, prompts = answered(nps, "domain-two", {"rosh_judged": "low"})
    missing = fieldwork.completeness(nps, "domain-two", {"rosh_judged": "high"}, answers, prompts)
    assert missing == Unanswered((), ("2.2.3",), ("2.2.3a", "2.2.3b", "2.2.3c", "2.2.3d"))


def test_empty_or_strange_answers_are_no_answers(nps):
    facts = {"rosh_judged": "enormous"}
    answers, prompts = answered(nps, "domain-two", {"rosh_judged": "high"})
    missing = fieldwork.completeness(nps, "domain-two", facts, answers | {"2.1.1": ""}, prompts | {"2.1.1a": "maybe"})
    assert missing == Unanswered(("rosh_judged",), ("2.1.1",), ("2.1.1a",))


def test_not_applicable_is_an_answer(nps):
    answers, prompts = answered(nps, "victim-work", {}, "na")
    facts = {fact.id: fact.values[0] for fact in nps.facts_for_list("victim-work")}
    assert not fieldwork.completeness(nps, "victim-work", facts, answers, prompts)


@pytest.mark.parametrize(
    ("answer", "prompts", "found"),
    [
        ("yes", "no no no", ("2.1.1a", "2.1.1b", "2.1.1c")),
        ("no", "yes yes yes", ("2.1.1a", "2.1.1b", "2.1.1c")),
        ("no", "yes na yes", ("2.1.1a", "2.1.1c")),
        ("yes", "no no yes", None),
        ("yes", "yes yes yes", None),
        ("yes", "na na na", None),
        ("na", "no no no", None),
        ("", "no no no", None),
    ],
)
def test_a_key_question_against_all_its_prompts_is_pointed_out(nps, answer, prompts, found):
    said = dict(zip(("2.1.1a", "2.1.1b", "2.1.1c"), prompts.split(), strict=True))
    warnings = fieldwork.disagreements(nps, "domain-two", {"rosh_judged": "low"}, {"2.1.1": answer}, said)
    assert warnings == (() if found is None else (Disagreement("2.1.1", answer, found),))
