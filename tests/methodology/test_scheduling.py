"""Chapter 5: who inspects which case, conflicts of interest, core meetings and focus groups."""

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import inspectorate.methodology
from inspectorate.methodology import scheduling
from inspectorate.methodology.scheduling import Inspector, ScheduledCase

PACK = Path(inspectorate.methodology.__file__).parent / "packs" / "probation-v3-2018"
MEETINGS = TypeAdapter(scheduling.Meetings).validate_python(
    tomllib.loads((PACK / "meetings.toml").read_text(encoding="utf-8"))
)
OFFICES = ("Avonbridge", "Brookfield", "Carrow", "Dunmore")


def sample(size: int, case_list: str = "domain-two") -> list[ScheduledCase]:
    return [
        ScheduledCase(f"{case_list}-{n:03}", case_list, OFFICES[n % len(OFFICES)], f"officer {n % 11}")
        for n in range(size)
    ]


def crc_team() -> list[Inspector]:
    assistants = [Inspector(f"assistant-{n}", "assistant-inspector", (OFFICES[n % 4],)) for n in range(6)]
    return [
        Inspector("lead", "lead-inspector", ("Avonbridge",)),
        Inspector("deputy", "deputy-lead-inspector", ("Brookfield",)),
        *assistants,
    ]


def nps_team() -> list[Inspector]:
    locals_ = [
        Inspector(f"local-{n}", "local-assessor", own_offices=frozenset({OFFICES[n % len(OFFICES)]})) for n in range(5)
    ]
    return [*crc_team(), *locals_]


@pytest.mark.parametrize(
    ("kind", "by_theme"),
    [
        (
            "CRC",
            {
                "people": 5,
                "leadership": 1,
                "staff": 2,
                "services": 9,
                "unpaid-work": 3,
                "through-the-gate": 4,
                "information-and-facilities": 9,
            },
        ),
        (
            "NPS",
            {
                "people": 4,
                "leadership": 1,
                "staff": 2,
                "services": 10,
                "court-work": 4,
                "victim-work": 2,
                "information-and-facilities": 6,
            },
        ),
    ],
)
def test_the_core_meetings_are_those_of_the_manual(kind, by_theme):
    assert Counter(meeting.theme for meeting in scheduling.core_meetings(MEETINGS, kind)) == by_theme


@pytest.mark.parametrize(
    ("kind", "twice"),
    [
        ("CRC", ["middle-managers", "responsible-officers"]),
        ("NPS", ["middle-managers", "responsible-officers", "court-duty-staff"]),
    ],
)
def test_some_meetings_are_held_at_two_locations(kind, twice):
    assert [m.id for m in scheduling.core_meetings(MEETINGS, kind) if m.locations == 2] == twice


@pytest.mark.parametrize(("size", "right"), [(5, False), (6, True), (10, True), (11, False)])
def test_a_focus_group_has_six_to_ten_people(size, right):
    assert (scheduling.focus_group_faults(MEETINGS.group, size) == ()) is right


@pytest.mark.parametrize(("minutes", "right"), [(44, False), (45, True), (90, True), (91, False)])
def test_a_focus_group_lasts_45_to_90_minutes(minutes, right):
    assert (scheduling.focus_group_faults(MEETINGS.group, 8, minutes=minutes) == ()) is right


def test_all_faults_of_a_group_are_named_at_once():
    faults = scheduling.focus_group_faults(
        MEETINGS.group, 3, minutes=120, roles=["manager", "officer"], with_managers=True
    )
    assert len(faults) == 4


def test_lead_and_deputy_take_five_and_the_assistants_share_the_rest_evenly():
    cases = sample(100)
    allocation = scheduling.allocate(MEETINGS, "CRC", cases, crc_team())
    load = Counter(allocation.assigned.values())
    assert (load["lead"], load["deputy"]) == (5, 5)
    assert [load[f"assistant-{n}"] for n in range(6)] == [15] * 6
    assert allocation.left_over == ()
    assert scheduling.check_allocation(MEETINGS, "CRC", cases, crc_team(), allocation.assigned) == ()


def test_cases_go_to_inspectors_of_their_office_where_possible():
    cases = sample(100)
    team = {inspector.id: inspector for inspector in crc_team()}
    allocation = scheduling.allocate(MEETINGS, "CRC", cases, crc_team())
    near = sum(case.office in team[allocation.assigned[case.reference]].offices for case in cases)
    assert near == 25 + 25 + 15 + 15  # two offices have hands enough for their 25 cases, two have one assistant each


def test_local_assessors_take_seven_cases_away_from_their_own_office():
    cases = sample(120)
    allocation = scheduling.allocate(MEETINGS, "NPS", cases, nps_team())
    load = Counter(allocation.assigned.values())
    assert [load[f"local-{n}"] for n in range(5)] == [7] * 5
    assert scheduling.check_allocation(MEETINGS, "NPS", cases, nps_team(), allocation.assigned) == ()


def test_domain_three_cases_go_to_assistant_inspectors_only():
    cases = sample(40) + sample(20, "unpaid-work")
    allocation = scheduling.allocate(MEETINGS, "CRC", cases, crc_team())
    takers = {id_ for reference, id_ in allocation.assigned.items() if reference.startswith("unpaid-work")}
    assert allocation.left_over == ()
    assert {id_.split("-")[0] for id_ in takers} == {"assistant"}


def test_a_local_assessor_takes_no_case_in_the_inspection_of_a_crc():
    reason = scheduling.why_not(MEETINGS, "CRC", sample(1)[0], Inspector("local", "local-assessor"))
    assert reason == "local-assessor takes no cases in the inspection of a CRC"


@pytest.mark.parametrize(
    ("conflict", "words"),
    [
        ({"own_offices": frozenset({"Avonbridge"})}, "normal place of work"),
        ({"conflict_offices": frozenset({"Avonbridge"})}, "conflict of interest at Avonbridge"),
        ({"conflict_officers": frozenset({"officer 0"})}, "connection with the officer officer 0"),
        ({"conflict_cases": frozenset({"domain-two-000"})}, "connection with this case"),
    ],
)
def test_a_conflict_of_interest_keeps_a_case_away_and_is_named(conflict, words):
    case = sample(1)[0]
    assessor = replace(Inspector("local", "local-assessor"), **conflict)
    assert words in scheduling.why_not(MEETINGS, "NPS", case, assessor)
    assert scheduling.allocate(MEETINGS, "NPS", [case], [assessor]).left_over == (case.reference,)


def test_a_case_with_a_conflict_goes_to_the_least_loaded_inspector_at_its_office():
    cases = sample(12)
    assigned = {case.reference: "assistant-0" for case in cases[:8]} | {
        case.reference: "assistant-4" for case in cases[8:]
    }
    takers = scheduling.who_can_take(MEETINGS, "CRC", cases[0], crc_team(), assigned)
    assert takers[:2] == ("lead", "assistant-4")
    assert "assistant-0" not in takers


def test_every_fault_of_an_allocation_is_named_at_once():
    cases = sample(9)
    team = [
        Inspector("lead", "lead-inspector"),
        Inspector("deputy", "deputy-lead-inspector", own_offices=frozenset(OFFICES)),
    ]
    assigned = {case.reference: "lead" for case in cases[:6]}
    assigned |= {"domain-two-006": "deputy", "domain-two-007": "stranger", "unknown": "lead"}
    faults = scheduling.check_allocation(MEETINGS, "CRC", cases, team, assigned)
    assert [(fault.case, fault.inspector) for fault in faults] == [
        ("domain-two-008", ""),
        ("domain-two-006", "deputy"),
        ("domain-two-007", "stranger"),
        ("unknown", "lead"),
        ("", "lead"),
        ("", "deputy"),
    ]


@st.composite
def inspections(draw):
    cases = [
        ScheduledCase(f"c{n}", "domain-two", draw(st.sampled_from(OFFICES)), draw(st.sampled_from(["x", "y", ""])))
        for n in range(draw(st.integers(0, 40)))
    ]
    roles = draw(
        st.lists(
            st.sampled_from(["lead-inspector", "deputy-lead-inspector", "assistant-inspector", "local-assessor"]),
            max_size=6,
        )
    )
    some = st.frozensets(st.sampled_from(OFFICES), max_size=2)
    team = [Inspector(f"i{n}", role, tuple(sorted(draw(some))), draw(some), draw(some)) for n, role in enumerate(roles)]
    return cases, team, draw(st.permutations(cases))


@settings(max_examples=150, deadline=None)
@given(inspections())
def test_nobody_gets_a_refused_case_and_none_is_left_that_someone_could_take(inspection):
    cases, team, shuffled = inspection
    allocation = scheduling.allocate(MEETINGS, "NPS", cases, team)
    by_id = {inspector.id: inspector for inspector in team}
    load = Counter(allocation.assigned.values())
    for case in cases:
        if case.reference in allocation.assigned:
            taker = by_id[allocation.assigned[case.reference]]
            assert scheduling.why_not(MEETINGS, "NPS", case, taker) == ""
        else:
            assert scheduling.who_can_take(MEETINGS, "NPS", case, team, allocation.assigned) == ()
    for inspector in team:
        most = MEETINGS.share(inspector.role, "NPS").most
        assert most is None or load[inspector.id] <= most
    again = scheduling.allocate(MEETINGS, "NPS", shuffled, list(reversed(team)))
    assert again.assigned == allocation.assigned


def test_what_one_inspector_may_not_take_is_shared_evenly_by_the_others():
    team = [
        Inspector("assistant-0", "assistant-inspector"),
        Inspector("assistant-1", "assistant-inspector"),
        Inspector("assistant-2", "assistant-inspector", conflict_offices=frozenset(OFFICES)),
    ]
    load = Counter(scheduling.allocate(MEETINGS, "CRC", sample(12), team).assigned.values())
    assert load == {"assistant-0": 6, "assistant-1": 6}
