"""Chapter 3: announcement, planning meeting, evidence in advance, presentation, local assessors."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import inspectorate.methodology
from inspectorate.methodology import planning
from inspectorate.methodology.planning import Assessed

PACK = Path(inspectorate.methodology.__file__).parent / "packs" / "probation-v3-2018"
FIELDWORK = date(2019, 6, 3)


def weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.fixture(scope="module")
def evidence() -> planning.Evidence:
    data = tomllib.loads((PACK / "evidence.toml").read_text(encoding="utf-8"))
    return TypeAdapter(planning.Evidence).validate_python(data)


@pytest.fixture(scope="module")
def glossary() -> tuple[planning.Term, ...]:
    data = tomllib.loads((PACK / "glossary.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[planning.Term, ...]).validate_python(data["terms"])


@pytest.mark.parametrize(
    ("kind", "by_theme"),
    [
        ("NPS", {"1.1": 12, "1.2": 9, "1.3": 8, "1.4": 11}),
        ("CRC", {"1.1": 14, "1.2": 9, "1.3": 9, "1.4": 11}),
    ],
)
def test_the_suggested_lists_have_every_item_of_the_manual(evidence, kind, by_theme):
    items = planning.suggested_items(evidence, kind)
    assert {theme: sum(item.theme == theme for item in items) for theme in by_theme} == by_theme
    assert len(items) == sum(by_theme.values())


def test_every_item_has_its_own_id(evidence):
    assert len({item.id for item in evidence.items}) == len(evidence.items)


def test_only_a_crc_is_asked_for_contract_schedule_8(evidence):
    assert "contract-schedule-8" in {item.id for item in planning.suggested_items(evidence, "CRC")}
    assert "contract-schedule-8" not in {item.id for item in planning.suggested_items(evidence, "NPS")}


def test_the_call_is_on_thursday_or_friday_of_week_minus_nine(evidence):
    days = planning.announcement_days(evidence.announcement, FIELDWORK, is_working_day=weekday)
    assert days == (date(2019, 4, 4), date(2019, 4, 5))


def test_the_call_is_never_on_a_bank_holiday(evidence):
    good_friday = date(2019, 4, 19)
    days = planning.announcement_days(
        evidence.announcement, date(2019, 6, 17), is_working_day=lambda day: weekday(day) and day != good_friday
    )
    assert days == (date(2019, 4, 18),)


def test_the_planning_meeting_is_within_one_week_of_the_call(evidence):
    days = planning.planning_meeting_days(evidence.planning_meeting, date(2019, 4, 4), is_working_day=weekday)
    assert days[0] == date(2019, 4, 4)
    assert days[-1] == date(2019, 4, 11)
    assert date(2019, 4, 6) not in days


def test_prisons_hubs_and_unpaid_work_are_on_the_agenda_of_a_crc_only(evidence):
    crc = {item.id for item in planning.agenda(evidence.planning_meeting.agenda, "CRC")}
    nps = {item.id for item in planning.agenda(evidence.planning_meeting.agenda, "NPS")}
    assert crc - nps == {"hubs", "prisons", "unpaid-work"}
    assert nps < crc


def test_local_assessors_are_a_topic_on_site_for_the_nps_only(evidence):
    assert planning.agenda(evidence.onsite_meeting.topics, "NPS")[-1].id == "local-assessors"
    assert len(planning.agenda(evidence.onsite_meeting.topics, "CRC")) == 10


def test_a_planning_meeting_names_who_is_missing(evidence):
    missing = planning.missing_attendees(evidence.planning_meeting, {"lead-inspector", "administrator"})
    assert missing == ("link-manager", "senior-leader")


def test_what_has_not_come_yet_is_named(evidence):
    everything = {item.id for item in planning.suggested_items(evidence, "NPS")}
    (missing,) = planning.not_received(evidence, "NPS", everything - {"risk-register"})
    assert missing.id == "risk-register"


def test_an_item_of_the_other_list_is_refused(evidence):
    with pytest.raises(planning.UnknownEvidence, match="contract-schedule-8"):
        planning.not_received(evidence, "NPS", {"contract-schedule-8"})


def test_gaps_say_why_in_the_order_of_the_framework():
    gaps = planning.evidence_gaps(
        ["1.1.1", "1.1.2", "1.1.3", "1.2.1"],
        [
            Assessed("governance", "1.1.2", "partial"),
            Assessed("structure", "1.1.2", "none"),
            Assessed("structure", "1.1.3", "none"),
            Assessed("staff-numbers", "1.2.1", "partial"),
            Assessed("sickness", "1.2.1", "strong"),
        ],
    )
    assert [(gap.key_question, gap.reason, gap.items) for gap in gaps] == [
        ("1.1.1", "no evidence yet", ()),
        ("1.1.2", "answered in part only", ("governance", "structure")),
        ("1.1.3", "what came does not answer it", ("structure",)),
    ]


def test_evidence_for_a_key_question_outside_domain_one_is_refused():
    with pytest.raises(planning.UnknownEvidence, match=r"2\.1\.1"):
        planning.evidence_gaps(["1.1.1"], [Assessed("governance", "2.1.1", "strong")])


def test_the_presentation_answers_five_questions_one_for_each_standard_and_one_on_priorities(evidence):
    assert [question.theme for question in evidence.presentation.questions] == ["1.1", "1.2", "1.3", "1.4", ""]


@pytest.mark.parametrize(
    ("example", "presented", "fits"),
    [
        (date(2018, 4, 29), date(2019, 4, 29), True),
        (date(2018, 4, 28), date(2019, 4, 29), False),
        (date(2019, 4, 30), date(2019, 4, 29), False),
        (date(2019, 2, 28), date(2020, 2, 29), True),
        (date(2019, 2, 27), date(2020, 2, 29), False),
        (date(2018, 12, 31), date(2019, 12, 31), True),
    ],
)
def test_examples_come_from_the_last_twelve_months(evidence, example, presented, fits):
    assert planning.recent_enough(evidence.presentation, example=example, presented=presented) is fits


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_twelve_months_are_never_more_than_366_days(presented):
    rules = planning.Presentation(-5, 90, 30, 12, (), (), "3.7a")
    assert planning.recent_enough(rules, example=presented - timedelta(days=365), presented=presented)
    assert not planning.recent_enough(rules, example=presented - timedelta(days=367), presented=presented)


def test_the_lead_inspector_does_not_come_alone(evidence):
    assert not planning.companion_present(evidence.presentation, {"lead-inspector", "administrator"})
    assert planning.companion_present(evidence.presentation, {"lead-inspector", "deputy-lead-inspector"})


@pytest.mark.parametrize(
    ("kind", "deployed", "trained", "faults"),
    [("NPS", 4, 8, 0), ("NPS", 6, 6, 0), ("NPS", 3, 8, 1), ("NPS", 7, 9, 2), ("CRC", 0, 0, 0), ("CRC", 1, 0, 1)],
)
def test_numbers_of_local_assessors(evidence, kind, deployed, trained, faults):
    found = planning.local_assessor_faults(evidence.local_assessors, kind, deployed=deployed, trained=trained)
    assert len(found) == faults


def test_two_places_in_the_training_are_left_for_others(evidence):
    assert planning.training_places_left(evidence.local_assessors, trained=8) == 2
    assert planning.training_places_left(evidence.local_assessors, trained=12) == 0


def test_the_glossary_has_every_term_once_each_in_one_sentence(glossary):
    terms = [term.term for term in glossary]
    assert len(terms) == len(set(terms)) == 129
    assert [term.term for term in glossary if not term.meaning.endswith(".")] == []


def test_a_pack_with_a_wrong_weekday_is_refused():
    adapter = TypeAdapter(planning.Announcement)
    with pytest.raises(ValueError, match="weekdays"):
        adapter.validate_python(
            {"week": -9, "weekdays": ["thirsday"], "caller": "", "stand_in": "", "covers": [], "manual": "3.3a"}
        )
