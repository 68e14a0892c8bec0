"""Chapter 4.4: what the five lists hold, and how what is written on them is understood."""

import tomllib
from importlib.resources import files

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology import sampling

PACK = files("inspectorate.methodology") / "packs" / "probation-v3-2018"
RULES = TypeAdapter(sampling.Sampling).validate_python(tomllib.loads((PACK / "sampling.toml").read_text("utf-8")))
every_list = pytest.mark.parametrize("case_list", RULES.lists, ids=lambda case_list: case_list.id)


def test_each_kind_of_body_has_three_lists():
    lists = {kind: [one.id for one in RULES.lists if kind in one.kinds] for kind in ("CRC", "NPS")}
    assert lists == {
        "CRC": ["domain-two", "unpaid-work", "through-the-gate"],
        "NPS": ["domain-two", "court-reports", "victim-work"],
    }


def test_the_periods_are_those_of_the_manual():
    assert {one.id: (one.period.length, one.period.unit) for one in RULES.lists} == {
        "domain-two": (1, "month"),
        "court-reports": (1, "week"),
        "victim-work": (1, "month"),
        "unpaid-work": (2, "week"),
        "through-the-gate": (2, "week"),
    }


def test_the_sizes_of_the_text():
    assert {one.id: (one.least, one.most) for one in RULES.lists if one.least} == {
        "domain-two": (100, 150),
        "unpaid-work": (24, 72),
        "through-the-gate": (20, 80),
    }


@every_list
def test_every_list_is_sound_in_itself(case_list):
    columns = [column.id for column in case_list.columns]
    assert len(set(columns)) == len(columns)
    assert {*case_list.units} <= {*columns}
    assert columns[0] == "reference"
    for variable in case_list.strata:
        assert {variable.column or next(iter(rule.when)) for rule in variable.rules or (variable,)} <= {*columns} or (
            variable.rules
        )
    assert len({reason.id for reason in case_list.exclusions}) == len(case_list.exclusions) > 0
    for column in case_list.columns:
        assert bool(column.choices) == (column.type == "choice")
        assert sampling.recognise(case_list, column.header.upper()) == column
        for choice in column.choices:
            for spelling in (choice.label, *choice.spellings):
                assert sampling.understand(column, f" {spelling.upper()}. ") == choice


@every_list
def test_no_header_is_claimed_by_two_columns(case_list):
    for column in case_list.columns:
        for header in column.spellings:
            assert sampling.recognise(case_list, header) == column


def test_the_victim_list_refuses_whether_contact_was_made_or_accepted():
    victims = RULES.case_list("victim-work")
    for header in ("Contact made", "Victim contacted?", "Contact accepted", "opted in"):
        assert isinstance(sampling.recognise(victims, header), sampling.RefusedColumn)
    assert isinstance(sampling.recognise(victims, "Was contact made with the victim?"), sampling.RefusedColumn)
    assert all(sampling.recognise(victims, header) is None for header in ("Favourite colour", "Victim liaison officer"))


@pytest.mark.parametrize(
    ("sentence", "stratum"),
    [("SSO", "community"), ("community order", "community"), ("Post custody", "post-custody"), ("PSS", "post-custody")],
)
def test_sentence_types_make_two_strata(sentence, stratum):
    domain_two = RULES.case_list("domain-two")
    kind = sampling.understand(domain_two.column("sentence-type"), sentence)
    values = {"gender": "female", "sentence-type": kind.id, "rosh": "very-high"}
    assert sampling.strata_of(domain_two, values) == ("female", stratum, "very-high")


@pytest.mark.parametrize(
    ("gender", "rosh", "stratum"),
    [("male", "low", "low-risk-male"), ("male", "high", "other-male"), ("female", "low", "female")],
)
def test_unpaid_work_has_three_strata(gender, rosh, stratum):
    assert sampling.strata_of(RULES.case_list("unpaid-work"), {"gender": gender, "rosh": rosh}) == (stratum,)


def test_through_the_gate_is_spread_over_prisons_and_agencies():
    values = {"prison": "HMP Example", "responsible-for": "nps"}
    assert sampling.strata_of(RULES.case_list("through-the-gate"), values) == ("HMP Example", "nps")


def test_what_is_not_understood_is_named():
    domain_two = RULES.case_list("domain-two")
    with pytest.raises(sampling.UnknownValueError, match="'Severe' is not understood; write one of Low, Medium"):
        sampling.understand(domain_two.column("rosh"), "Severe")
    with pytest.raises(sampling.UnknownValueError, match="Gender"):
        sampling.strata_of(domain_two, {"gender": "", "sentence-type": "licence", "rosh": "low"})
    with pytest.raises(sampling.UnknownCaseListError, match="give one of domain-two"):
        RULES.case_list("domain-nine")
