"""Chapter 4.2: margins against every sample of tiny populations, and against draws made with the real rule."""

import itertools
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import sampling
from inspectorate.methodology.sampling import Group

Z80 = 1.2815515655446004


def shares(samples):
    """The variance of the share of yes over all these samples, each as likely as the next: exact."""
    found = [Fraction(sum(sample), len(sample)) for sample in samples]
    mean = sum(found, Fraction(0)) / len(found)
    return sum(((one - mean) ** 2 for one in found), Fraction(0)) / len(found)


def answers(population, yes):
    return [1] * yes + [0] * (population - yes)


@pytest.mark.parametrize("population", range(2, 9))
def test_the_simple_variance_is_that_of_all_samples_of_a_tiny_population(population):
    for cases in range(1, population + 1):
        for yes in range(population + 1):
            every = [
                [answers(population, yes)[place] for place in places]
                for places in itertools.combinations(range(population), cases)
            ]
            assert sampling.simple_variance(population, cases, yes) == shares(every)


@pytest.mark.parametrize(
    "groups",
    [
        [Group(4, 2, 2), Group(3, 1, 1)],
        [Group(2, 1, 1), Group(4, 2, 3), Group(2, 1, 0)],
        [Group(5, 2, 2), Group(1, 1, 1)],
        [Group(4, 3, 2), Group(4, 0, 4)],
        [Group(6, 3, 3)],
    ],
    ids=str,
)
def test_the_stratified_variance_is_that_of_all_stratified_samples(groups):
    parts = [itertools.combinations(answers(group.population, group.yes), group.cases) for group in groups]
    every = [list(itertools.chain(*sample)) for sample in itertools.product(*parts)]
    assert sampling.stratified_variance(groups) == shares(every)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=1, max_size=5))
def test_no_answers_vary_more_than_the_worst_that_is_assumed(pairs):
    groups = [Group(population, min(cases, population)) for population, cases in pairs]
    if not any(group.cases for group in groups):
        return
    worst = sampling.stratified_variance(groups)
    for part in range(5):
        given_yes = [Group(one.population, one.cases, one.population * part // 4) for one in groups]
        assert sampling.stratified_variance(given_yes) <= worst


@given(st.integers(1, 5000), st.data())
def test_the_formula_is_that_of_the_sizes(population, data):
    cases = data.draw(st.integers(1, population))
    margin = sampling.margin_of(sampling.simple_variance(population, cases), confidence=80)
    assert margin == pytest.approx(sampling.margin_reached(cases, population, confidence=80).margin)


@given(st.integers(1, 40), st.integers(2, 8), st.integers(2, 30))
def test_strata_in_proportion_and_half_yes_give_what_the_simple_formula_gives_but_for_their_small_numbers(
    cases, strata, times
):
    """All else equal the strata gain nothing where each says yes by half: (N - 1) / (N - H) is all that is between."""
    groups = [Group(2 * cases * times, 2 * cases)] * strata
    population = sum(one.population for one in groups)
    simple = sampling.simple_variance(population, 2 * cases * strata)
    ratio = sampling.stratified_variance(groups) / simple
    assert ratio == Fraction(population - 1, population - strata)


def test_strata_that_differ_come_nearer_than_the_simple_formula():
    groups = [Group(200, 20, 180), Group(200, 20, 20)]
    simple = sampling.simple_variance(400, 40, 200)
    assert sampling.stratified_variance(groups) < simple / 2


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1, max_size=8))
def test_without_likeness_units_change_nothing(pairs):
    units = [Group(population, min(cases, population)) for population, cases in pairs]
    cases, population = sum(one.cases for one in units), sum(one.population for one in units)
    if cases:
        simple = float(sampling.simple_variance(population, cases))
        assert sampling.unit_variance(units, 0) == pytest.approx(simple, abs=1e-12)


def test_the_unit_variance_is_that_of_the_deviations_it_assumes():
    """Monte Carlo over populations whose units deviate together: normal answers, since only two moments matter."""
    units, correlation, dice = [Group(30, 12), Group(50, 20), Group(40, 0), Group(20, 8)], 0.2, random.Random(4)
    between, within = math.sqrt(correlation / 4), math.sqrt((1 - correlation) / 4)
    population, cases = sum(one.population for one in units), sum(one.cases for one in units)
    squares, rounds = 0.0, 4000
    for _ in range(rounds):
        all_of_them, drawn = 0.0, 0.0
        for unit in units:
            own = dice.gauss(0, between)
            values = [own + dice.gauss(0, within) for _ in range(unit.population)]
            all_of_them += sum(values)
            drawn += sum(values[: unit.cases])
        squares += (drawn / cases - all_of_them / population) ** 2
    found = squares / rounds * population / (population - 1)
    assert sampling.unit_variance(units, correlation) == pytest.approx(found, rel=0.08)


def test_some_units_cost_precision_and_all_units_gain_some():
    all_of_them = [Group(100, 10)] * 10
    some = [Group(100, 20)] * 5 + [Group(100, 0)] * 5
    simple = float(sampling.simple_variance(1000, 100))
    assert sampling.unit_variance(all_of_them, 0.05) < simple < sampling.unit_variance(some, 0.05)
    assert sampling.unit_variance(some, 0.02) < sampling.unit_variance(some, 0.05)


def test_with_many_units_the_design_effect_is_the_one_of_the_textbooks():
    """1 + (b - 1) x correlation, for few cases out of many equal units with many cases each."""
    units = [Group(10_000, 5)] * 20 + [Group(10_000, 0)] * 1980
    effect = sampling.unit_variance(units, 0.05) / float(sampling.simple_variance(20_000_000, 100))
    assert effect == pytest.approx((1 + 4 * 0.05), rel=0.01)


@pytest.mark.parametrize("correlation", [-0.1, 1.1])
def test_a_correlation_that_cannot_be_is_refused(correlation):
    with pytest.raises(ValueError, match="0 to 1"):
        sampling.unit_variance([Group(10, 2)], correlation)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ((0, 0), sampling.ImpossiblePopulationError),
        ((5, 6), sampling.ImpossibleSampleSizeError),
        ((5, 2, 6), sampling.ImpossiblePopulationError),
    ],
)
def test_an_impossible_group_is_refused(wrong, error):
    with pytest.raises(error):
        Group(*wrong)


def test_where_no_case_is_inspected_nothing_is_claimed():
    with pytest.raises(sampling.ImpossibleSampleSizeError):
        sampling.stratified_variance([Group(10, 0)])
    with pytest.raises(sampling.ImpossibleConfidenceError):
        sampling.margin_of(0.1, confidence=100)


def test_units_left_out_widen_the_statement_about_the_whole():
    found = sampling.precision_of([Group(300, 90)], [Group(300, 90), Group(100, 0)], left_out=100, confidence=80,
                                  correlations=(0, 0.05))  # fmt: skip
    assert (found.population, found.covered) == (400, 300)
    assert found.whole == pytest.approx(0.75 * found.simple + 12.5)
    assert found.clustered[0].effect == pytest.approx(1)
    assert found.clustered[1].effect > 1


@given(st.integers(2, 40), st.integers(0, 40), st.integers(0, 40), st.data())
def test_the_bound_for_the_whole_holds_whatever_is_left_out(covered, yes, out, data):
    """The interval for the covered cases, widened, holds the share of all cases, all yes or all no outside."""
    yes, out_yes = min(yes, covered), data.draw(st.integers(0, out))
    cases = data.draw(st.integers(1, covered))
    found = sampling.precision_of([Group(covered, cases)], [Group(covered, cases)], left_out=out, confidence=80,
                                  correlations=())  # fmt: skip
    centre = (yes + out / 2) / (covered + out)
    assert abs((yes + out_yes) / (covered + out) - centre) * 100 <= found.whole + 1e-9


@given(st.integers(1, 3000), st.data())
def test_still_needed_holds_the_margin_and_one_fewer_does_not(population, data):
    standing = data.draw(st.integers(0, min(population, 300)))
    submitted = data.draw(st.integers(0, standing))
    need = sampling.still_needed(population, submitted=submitted, standing=standing, margin=5, confidence=80)
    assert sampling.margin_reached(need.needed, population, confidence=80).margin <= 5 + 1e-9
    assert need.more == max(0, need.needed - submitted)
    assert need.spare == standing - need.needed
    assert (need.standing == "held") is (submitted >= need.needed)
    if need.standing == "out-of-reach":
        assert standing < need.needed


def test_more_submitted_than_there_are_is_refused():
    with pytest.raises(sampling.ImpossibleSampleSizeError, match="at most the next"):
        sampling.still_needed(100, submitted=11, standing=10, margin=5, confidence=80)


def listed(population):
    """A list with strata of unlike sizes in units of unlike sizes."""
    return [
        sampling.ListedCase(
            f"X{number}",
            (("North", "South")[number % 2], f"Team {number % 7}"),
            (("male", "female")[number % 5 == 0], ("community", "licence")[number % 3 == 0]),
        )
        for number in range(population)
    ]


def covered_rate(cases, says_yes, size, rounds):
    """How often the share found in a real draw lies within the stated margin of the true share."""
    truth = sum(says_yes(one) for one in cases) / len(cases)
    margin = sampling.margin_reached(size, len(cases), confidence=80).margin / 100
    yes = {one.reference: says_yes(one) for one in cases}
    inside = 0
    for seed in range(rounds):
        drawn = sampling.draw(cases, size=size, seed=b"cover" + seed.to_bytes(4, "big"))
        found = sum(yes[one.reference] for one in drawn.selected) / size
        inside += abs(found - truth) <= margin + 1e-9
    return inside / rounds


ROUNDS = 600
CHANCE = 3 * math.sqrt(0.8 * 0.2 / ROUNDS)


def test_the_stated_margin_covers_as_often_as_it_says_where_groups_are_alike():
    chance = random.Random(11)
    yes = {one.reference for one in listed(420) if chance.random() < 0.5}
    rate = covered_rate(listed(420), lambda one: one.reference in yes, 105, ROUNDS)
    assert 0.8 - CHANCE <= rate <= 0.8 + CHANCE


def test_it_covers_more_often_where_groups_differ():
    chance = random.Random(12)
    part = {"male": 0.85, "female": 0.2}
    yes = {one.reference for one in listed(420) if chance.random() < part[one.strata[0]]}
    assert covered_rate(listed(420), lambda one: one.reference in yes, 105, ROUNDS) >= 0.8


def test_with_a_few_cases_of_many_strata_it_still_covers():
    chance = random.Random(13)
    yes = {one.reference for one in listed(150) if chance.random() < 0.5}
    assert covered_rate(listed(150), lambda one: one.reference in yes, 30, ROUNDS) >= 0.8 - CHANCE


def test_z_is_that_of_80_per_cent():
    assert sampling.margin_of(Fraction(1, 400), confidence=80) == pytest.approx(5 * Z80)
