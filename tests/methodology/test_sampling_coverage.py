"""Chapter 4.4, stage 1: what leaving units out costs, and what a draw of equal chances may miss."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import sampling

HOW = {"confidence": 80, "likeness": 0.05}
COUNTS = {
    (("North", "A"), ("male",)): 300,
    (("North", "B"), ("male",)): 100,
    (("South", "C"), ("male",)): 80,
    (("South", "C"), ("female",)): 20,
}
ALL = sorted({units for units, _ in COUNTS})

units = st.tuples(st.sampled_from("NSE"), st.sampled_from("123"))
strata = st.tuples(st.sampled_from("mf"), st.sampled_from("lh"))
tables = st.dictionaries(st.tuples(units, strata), st.integers(1, 400), min_size=2)


def test_the_three_options_of_4_4a_are_told_from_the_units_chosen():
    assert sampling.option_of(COUNTS, ALL) == "all"
    assert sampling.option_of(COUNTS, [("North", "A"), ("South", "C")]) == "some-tier-2"
    assert sampling.option_of(COUNTS, [("North", "A"), ("North", "B")]) == "not-every-tier-1"
    with pytest.raises(sampling.NoUnitLeftError):
        sampling.option_of(COUNTS, [])
    with pytest.raises(sampling.UnlistedUnitError, match="East / Z"):
        sampling.option_of(COUNTS, [("East", "Z")])


def test_leaving_a_tier_1_unit_out_by_hand():
    """100 cases of 500: a fifth cannot be drawn; 96 of 400 at 80%; women are gone."""
    cost = sampling.cost_of(COUNTS, [("North", "A"), ("North", "B")], size=96, **HOW)
    assert (cost.population, cost.covered, cost.left_out) == (500, 400, Fraction(1, 5))
    assert cost.margin == pytest.approx(100 * 1.28155 * 0.5 * math.sqrt(304 / 399 / 96), abs=1e-3)
    assert cost.margin_of_all == pytest.approx(100 * 1.28155 * 0.5 * math.sqrt(404 / 499 / 96), abs=1e-3)
    assert cost.bias_at_most == 20
    assert cost.margin_at_worst == pytest.approx(0.8 * cost.margin + 10)
    assert cost.tier_1_left_out == ("South",)
    assert [(one.value, one.most, one.expected) for one in cost.unreached] == [("female", 0, Fraction(96 * 20, 500))]
    # North is the only cluster: its share of the sample is 1.
    assert cost.margin_clustered == pytest.approx(math.hypot(cost.margin, 100 * 1.28155 * 0.5 * math.sqrt(0.05 * 0.2)), abs=1e-3)  # fmt: skip  # noqa: E501


def test_leaving_each_unit_out_names_tiers_and_leaves_the_last_one_alone():
    costs = sampling.cost_of_each(COUNTS, size=96, **HOW)
    assert set(costs) == {("North",), ("South",), ("North", "A"), ("North", "B"), ("South", "C")}
    assert costs["South",].covered == 400
    assert costs["North", "B"].covered == 400
    assert costs["North", "B"].tier_1_left_out == ()
    only = {(("North", "A"), ("male",)): 7}
    assert sampling.cost_of_each(only, size=5, **HOW) == {}


@given(tables, st.integers(1, 300), st.data())
def test_nothing_left_out_costs_nothing_and_less_covered_never_costs_less(table, size, data):
    everything = sorted({one for one, _ in table})
    whole = sampling.cost_of(table, everything, size=size, **HOW)
    assert whole.margin == whole.margin_of_all == whole.margin_at_worst == whole.margin_clustered
    assert (whole.bias_at_most, whole.unreached, whole.tier_1_left_out, whole.left_out) == (0, (), (), 0)
    some = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    fewer = data.draw(st.lists(st.sampled_from(some), min_size=1, unique=True))
    one, other = (sampling.cost_of(table, chosen, size=size, **HOW) for chosen in (some, fewer))
    assert other.left_out >= one.left_out
    assert other.bias_at_most >= one.bias_at_most
    assert set(other.tier_1_left_out) >= set(one.tier_1_left_out)
    assert other.margin_clustered >= other.margin
    assert other.margin_of_all == one.margin_of_all
    assert other.size == min(size, other.covered)


@given(tables, st.integers(1, 60), st.data())
def test_the_worst_case_holds_whatever_the_cases_left_out_are_like(table, size, data):
    everything = sorted({one for one, _ in table})
    chosen = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    cost = sampling.cost_of(table, chosen, size=size, **HOW)
    covered, left_out = data.draw(st.integers(0, cost.covered)), cost.population - cost.covered
    outside = data.draw(st.integers(0, left_out))
    bias = covered / cost.covered - (covered + outside) / cost.population
    assert abs(100 * bias) <= cost.bias_at_most + 1e-9


@given(tables, st.integers(1, 80), st.data(), st.binary(min_size=4, max_size=8))
def test_a_value_that_is_said_to_be_out_of_reach_is_missed_by_a_case_and_no_other_is_short(table, size, data, seed):
    everything = sorted({one for one, _ in table})
    chosen = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    cost = sampling.cost_of(table, chosen, size=size, **HOW)
    said = {(one.variable, one.value): one for one in cost.unreached}
    values: dict[tuple[int, str], list[int]] = {}
    for (one, stratum), cases in table.items():
        for variable, value in enumerate(stratum):
            sums = values.setdefault((variable, value), [0, 0])
            sums[0] += cases
            sums[1] += cases if one in chosen else 0
    for key, (there, left) in values.items():
        due = Fraction(cost.size * there, cost.population)
        assert (key in said) == (left <= due - 1 or left == 0)


@given(st.dictionaries(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xy")), st.integers(1, 40), min_size=1),
       st.integers(1, 60), st.binary(min_size=4, max_size=8))  # fmt: skip
def test_a_value_is_missed_only_where_that_was_said_before(counts, size, seed):
    cases = [
        sampling.ListedCase(f"{'-'.join(stratum)}{n}", (), stratum)
        for stratum, many in counts.items()
        for n in range(many)
    ]
    said = {(one.variable, one.value): one for one in sampling.uncertain_values(counts, size, (0, 1))}
    drawn = sampling.draw(cases, size=size, seed=seed)
    for variable in (0, 1):
        got = {one.strata[variable] for one in drawn.selected}
        missed = {stratum[variable] for stratum in counts} - got
        assert {(variable, value) for value in missed} <= set(said)
    for one in said.values():
        assert 0 < one.chance < 1
        assert (one.variable, one.value) not in {
            (again.variable, again.value) for again in sampling.uncertain_values(counts, one.sure_at, (one.variable,))
        }
