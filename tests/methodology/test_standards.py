"""The standards of V3 as data, and other editions as the same data."""

import tomllib
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology import standards as rules
from inspectorate.methodology.standards import Rating, Standards

PACK = Path(rules.__file__).parent / "packs" / "probation-v3-2018"


@pytest.fixture(scope="module")
def v3() -> Standards:
    return TypeAdapter(Standards).validate_python(tomllib.loads((PACK / "standards.toml").read_text("utf-8")))


SWITCHES = (
    "assessment-safety-leaves-out-low-rosh",
    "delivery-safety-leaves-out-low-rosh",
    "reviewing-safety-leaves-out-low-rosh",
    "reviewing-only-where-due",
    "victim-contact-only-identifiable",
    "victim-work-only-opted-in",
    "victim-work-in-domain-two",
    "unpaid-work-delivery-only-begun",
    "resettlement-only-where-needed",
)


def test_the_pack_does_not_contradict_itself(v3):
    assert v3.faults() == ()


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("CRC", "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 4.1 4.2"),
        ("NPS", "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2"),
    ],
)
def test_each_kind_of_body_has_ten_scored_standards(v3, kind, ids):
    framework = v3.framework(kind)
    assert [s.id for s in framework.standards] == ids.split()
    assert all(s.rated and s.scored for s in framework.standards)


@pytest.mark.parametrize(
    ("kind", "case_list", "standards", "questions"),
    [
        ("CRC", "domain-two", ["2.1", "2.2", "2.3", "2.4"], 12),
        ("NPS", "domain-two", ["2.1", "2.2", "2.3", "2.4"], 12),
        ("NPS", "court-reports", ["3.1"], 2),
        ("NPS", "victim-work", ["3.2"], 3),
        ("CRC", "unpaid-work", ["4.1"], 4),
        ("CRC", "through-the-gate", ["4.2"], 3),
        ("CRC", "court-reports", [], 0),
    ],
)
def test_which_standards_are_asked_of_which_list(v3, kind, case_list, standards, questions):
    asked = v3.framework(kind).standards_for_list(case_list)
    assert [s.id for s in asked] == standards
    assert sum(len(s.key_questions) for s in asked) == questions


def test_numbers_of_key_questions_and_prompts(v3):
    questions = {s.id: len(s.key_questions) for s in v3.standards}
    assert questions == {
        "1.1": 3, "1.2": 5, "1.3": 3, "1.4": 4, "2.1": 3, "2.2": 3, "2.3": 3, "2.4": 3,
        "3.1": 2, "3.2": 3, "4.1": 4, "4.2": 3,
    }  # fmt: skip
    prompts = {s.id: [len(q.prompts) for q in s.key_questions] for s in v3.standards if s.domain == "domain-two"}
    assert prompts == {"2.1": [3, 3, 3], "2.2": [5, 3, 4], "2.3": [7, 6, 5], "2.4": [4, 4, 4]}


def test_every_key_question_is_a_question_with_guidance_and_prompts_of_its_own_id(v3):
    for question in (q for s in v3.standards for q in s.key_questions):
        assert question.question.endswith("?")
        assert 2 <= question.guidance.count(". ") + 1 <= 4, question.id
        assert [p.id for p in question.prompts] == [question.id + "abcdefg"[i] for i in range(len(question.prompts))]


def test_only_what_the_manual_confirms_is_verified(v3):
    assert [q.id for s in v3.standards for q in s.key_questions if q.verified] == ["2.2.3", "2.3.1", "2.3.2", "2.3.3"]
    assert [s.id for s in v3.standards if not s.verified] == ["4.1", "4.2"]


@pytest.mark.parametrize(("rosh", "asked"), [("low", False), ("medium", True), ("high", True), ("very-high", True)])
def test_planning_for_the_safety_of_others_leaves_out_low_risk_as_judged(v3, rosh, asked):
    assert v3.framework("NPS").key_question("2.2.3").applies_to({"rosh_judged": rosh}) is asked


def test_a_fact_not_yet_known_removes_nothing(v3):
    question = v3.framework("NPS").key_question("2.2.3")
    assert question.applies_to({})
    assert question.waits_for({}) == ("rosh_judged",)
    assert question.waits_for({"rosh_judged": "low"}) == ()


def test_what_v3_does_not_state_is_a_switch_that_is_off(v3):
    assert {s.id: s.on for s in v3.settings} == dict.fromkeys(SWITCHES, False)
    limited = [q.id for s in v3.framework("NPS").standards for q in s.key_questions if q.only or q.leave_out]
    assert limited == ["2.2.3"]


@pytest.mark.parametrize(
    ("switch", "kind", "case_list", "question", "facts"),
    [
        ("assessment-safety-leaves-out-low-rosh", "CRC", "domain-two", "2.1.3", {"rosh_judged": "low"}),
        ("delivery-safety-leaves-out-low-rosh", "CRC", "domain-two", "2.3.3", {"rosh_judged": "low"}),
        ("reviewing-safety-leaves-out-low-rosh", "CRC", "domain-two", "2.4.3", {"rosh_judged": "low"}),
        ("reviewing-only-where-due", "CRC", "domain-two", "2.4.1", {"review_due": "no"}),
        ("victim-contact-only-identifiable", "NPS", "victim-work", "3.2.1", {"victim_identifiable": "no"}),
        ("victim-work-only-opted-in", "NPS", "victim-work", "3.2.3", {"victim_opted_in": "no"}),
        ("unpaid-work-delivery-only-begun", "CRC", "unpaid-work", "4.1.3", {"work_began": "no"}),
        ("resettlement-only-where-needed", "CRC", "through-the-gate", "4.2.2", {"resettlement_need": "no"}),
    ],
)
def test_each_switch_limits_its_key_question_and_asks_its_fact(v3, switch, kind, case_list, question, facts):
    off, on = v3.framework(kind), v3.framework(kind, {switch: True})
    assert off.key_question(question).applies_to(facts, case_list)
    assert not on.key_question(question).applies_to(facts, case_list)
    (fact,) = facts
    assert fact in [f.id for f in on.facts_for_list(case_list)]


def test_victim_work_can_be_asked_in_domain_two_where_a_victim_opted_in(v3):
    framework = v3.framework("NPS", {"victim-work-in-domain-two": True})
    asked = framework.standards_for_list("domain-two")[-1]
    assert (asked.id, [q.id for q in asked.key_questions]) == ("3.2", ["3.2.2", "3.2.3"])
    question = framework.key_question("3.2.3")
    assert not question.applies_to({"victim_opted_in": "no"}, "domain-two")
    assert question.applies_to({"victim_opted_in": "no"}, "victim-work")
    assert [f.id for f in framework.facts_for_list("domain-two")] == ["rosh_judged", "victim_opted_in"]


def test_the_form_always_asks_the_risk_of_serious_harm_in_domain_two(v3):
    (fact,) = v3.framework("CRC").facts_for_list("domain-two")
    assert (fact.id, fact.values) == ("rosh_judged", ("low", "medium", "high", "very-high"))
    assert "work_began" not in [one.id for one in v3.framework("CRC").facts_for_list("unpaid-work")]


def test_a_report_type_leads_out_where_it_differs_from_the_list(v3):
    (fact,) = (one for one in v3.facts if one.id == "ndelius_report_type")
    assert fact.exclusion("oral", {"report-type": "oral"}) == ""
    assert fact.exclusion("oral", {"report-type": "standard-delivery"}) == "report-type-differs"
    assert fact.exclusion("oral", {}) == fact.exclusion("", {"report-type": "oral"}) == ""


def test_unknown_ids_are_named_with_what_there_is(v3):
    framework = v3.framework("CRC")
    with pytest.raises(rules.UnknownStandardError, match="'3.1' is not a standard for CRC: there are 1.1"):
        framework.standard("3.1")
    with pytest.raises(rules.UnknownKeyQuestionError, match="'3.1.1' is not a key question for CRC"):
        framework.key_question("3.1.1")
    with pytest.raises(rules.UnknownKindError, match="'YOT' is not a kind of inspected body: write one of CRC, NPS"):
        v3.framework("YOT")
    with pytest.raises(rules.UnknownSettingError, match="'no-such-switch'"):
        v3.framework("CRC", {"no-such-switch": True})


def test_ratings_are_written_and_shown_in_the_manuals_words():
    assert [r.slug for r in Rating] == ["inadequate", "requires-improvement", "good", "outstanding"]
    assert [r.label for r in Rating] == ["Inadequate", "Requires improvement", "Good", "Outstanding"]
    assert [Rating.from_slug(r.slug) for r in Rating] == list(Rating)
    with pytest.raises(ValueError, match="'fair' is not a rating: write one of inadequate, requires-improvement"):
        Rating.from_slug("fair")


def test_all_faults_of_a_file_are_named_at_once():
    broken = {
        "domains": [{"id": "d", "title": "D", "summary": "", "kinds": ["X"]}],
        "facts": [{"id": "rosh_judged", "label": "RoSH", "values": ["low"], "case_lists": ["l"]}],
        "standards": [
            {
                "id": "1", "title": "A", "domain": "nowhere", "headline": "", "source": "cases", "kinds": ["X"],
                "rated": False, "aims": ["fame"],
                "key_questions": [
                    {"id": "1.1", "label": "", "question": "", "only": [{"fact": "moon", "values": ["full"]}]},
                    {"id": "1.1", "label": "", "question": "",
                     "leave_out": [{"fact": "rosh_judged", "values": ["tiny"], "setting": "ghost"}],
                     "elsewhere": [{"case_list": "l", "setting": "spook"}]},
                ],
            },
        ],
    }  # fmt: skip
    assert TypeAdapter(Standards).validate_python(broken).faults() == (
        "key question '1.1' stands there more than once for X: give each its own id",
        "domain 'nowhere' of X is named by a standard and is not among the domains",
        "standard '1': takes its rating from cases, so case_list has to name a list",
        "standard '1': is scored but not rated: a score needs a rating",
        "standard '1': aim 'fame' is not among the aims",
        "key question '1.1': fact 'moon' is not among the facts",
        "key question '1.1': 'tiny' is not a value of 'rosh_judged': write one of low",
        "key question '1.1': setting 'ghost' is not among the settings",
        "key question '1.1': setting 'spook' is not among the settings",
    )
