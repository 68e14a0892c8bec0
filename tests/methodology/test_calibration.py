"""Cases are chosen evenly; a planted biased inspector and an unclear question are found with the stated power, and
nobody is named where nobody is biased. The whole bench is bench/calibration.py.

Seen to fail with the bias of the made inspections turned off, and with every dealing counted as its own case.
"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import pack
from inspectorate.methodology.fieldwork import (
    CalibrationRules,
    Candidate,
    Pair,
    choose,
    guidance,
    inspectors,
    power_of_question,
)
from inspectorate.methodology.fieldwork.calibration import at_least, fewest
from tests.methodology.made_judgements import BIASED, UNCLEAR, made

RULES = pack.load("probation-v3-2018").fieldwork.calibration


def dice(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def named(pairs: list[Pair]) -> dict[str, str]:
    return {one.inspector: one.found for one in inspectors(pairs, RULES) if one.found not in ("", "few")}


@given(st.integers(2, 7), st.integers(1, 40), st.integers(1, 40), st.binary(min_size=1, max_size=8))
def test_cases_are_chosen_evenly_over_inspectors_weeks_and_seconds(
    people: int, cases: int, size: int, seed: bytes
) -> None:
    names = [f"i{number}" for number in range(people)]
    others = [tuple(name for name in names if name != one) for one in names]
    given_ = [
        Candidate(f"c{at}", names[at % people], str(at // people % 2), others[at % people]) for at in range(cases)
    ]
    chosen = choose(given_, size=size, seed=seed)
    assert chosen == choose(given_[::-1], size=size, seed=seed)
    assert len(chosen) == len({case for case, _ in chosen}) == min(size, cases)
    first = {one.case: one.first for one in given_}
    assert all(first[case] != second for case, second in chosen)
    firsts = Counter(first[case] for case, _ in chosen)
    if cases % people == 0:
        assert max(firsts.values()) - min(firsts[name] for name in names) <= 1
    seconds = Counter(second for _, second in chosen)
    assert max(seconds.values()) - min(seconds[name] for name in names) <= 2


def test_a_case_that_nobody_can_judge_again_is_not_chosen() -> None:
    assert choose([Candidate("c", "a", "1", ())], size=3, seed=b"x") == ()


def test_the_biased_inspector_is_found_with_the_stated_power() -> None:
    """40 made inspections; the bound lies where a true power as stated would miss in fewer than 1 of 1,000."""
    stated = next(one for one in RULES.power if (one.cases, one.inspectors, one.turned) == (30, 6, 50))
    for to, kind in (("yes", "lenient"), ("no", "strict")):
        source, hits = dice(11), 0
        for _ in range(20):
            found = named(made(source, cases=30, inspectors=6, turned=0.5, to=to))
            hits += found.get(BIASED) in (kind, "unlike")
            assert found.get(BIASED, kind) in (kind, "unlike")
        least = next(k for k in range(21) if at_least(k, 20, stated.found / 100) < 0.999) - 1
        assert hits >= least, (to, hits, least)


@pytest.mark.parametrize("how", [{}, {"interview": 0.15}, {"moody": 0.08}])
def test_where_nobody_is_biased_nobody_is_named_more_often_than_allowed(how: dict[str, float]) -> None:
    source, inspections = dice(12), 40
    wrong = sum(bool(named(made(source, cases=24, inspectors=6, **how))) for _ in range(inspections))  # type: ignore[arg-type]
    most = fewest(inspections, RULES.false_alarms / 100, 0.001)
    assert most is not None
    assert wrong < most


def test_whoever_met_the_biased_inspector_is_not_named_for_it() -> None:
    source = dice(13)
    others = [set(named(made(source, cases=48, inspectors=6, turned=0.8))) - {BIASED} for _ in range(20)]
    assert sum(map(bool, others)) <= 4


def test_an_unclear_question_is_named_as_often_as_the_exact_power_says_and_clear_ones_are_not() -> None:
    source, hits, wrong = dice(14), 0, 0
    for _ in range(60):
        found = guidance(made(source, cases=30, inspectors=6, slips=0.04, unclear=0.4), RULES)
        hits += any(one.flagged for one in found if one.question == UNCLEAR)
        wrong += any(one.flagged for one in found if one.question != UNCLEAR)
    stated = power_of_question(RULES, cases=30, questions=12, rate=0.4)
    assert at_least(hits, 60, stated) < 0.999
    assert wrong < (fewest(60, RULES.false_alarms / 100, 0.001) or 0)


@pytest.mark.parametrize("cases", [5, 10, 24, 60])
def test_the_power_of_a_question_grows_with_its_size_and_is_exact_at_the_edge(cases: int) -> None:
    chances = [power_of_question(RULES, cases=cases, questions=12, rate=rate / 10) for rate in range(1, 11)]
    assert chances == sorted(chances)
    assert power_of_question(RULES, cases=cases, questions=12, rate=RULES.tolerated / 100) <= 0.05 / 12
    assert power_of_question(RULES, cases=4, questions=12, rate=1.0) == 0.0


def test_both_judging_alike_names_nobody_and_so_do_too_few() -> None:
    alike = made(dice(15), cases=24, inspectors=6, slips=0.0)
    assert {one.found for one in inspectors(alike, RULES)} == {""}
    assert not any(one.flagged for one in guidance(alike, RULES))
    few = made(dice(16), cases=8, inspectors=6, turned=1.0)
    assert {one.found for one in inspectors(few, RULES)} == {"few"}
    assert inspectors([], RULES) == guidance([], RULES) == ()


def test_the_same_answers_in_another_order_say_the_same() -> None:
    pairs = made(dice(17), cases=30, inspectors=6, turned=0.5)
    assert inspectors(pairs, RULES) == inspectors(pairs[::-1], RULES)
    assert guidance(pairs, RULES) == guidance(pairs[::-1], RULES)


def test_figures_that_cannot_be_had_are_refused() -> None:
    for wrong in ({"confidence": 100}, {"tolerated": 0}, {"false_alarms": 120}, {"least_cases": 1}, {"shuffles": 3}):
        with pytest.raises(ValueError, match="calibration"):
            CalibrationRules(**wrong)  # type: ignore[arg-type]
