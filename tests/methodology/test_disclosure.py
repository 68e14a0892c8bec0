"""Chapter 2.1: results put together, rounded and hidden, and the gate that attacks them before they are published."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.disclosure.made import COUNTS, plain, planted, random_release
from inspectorate.methodology import pack as packs
from inspectorate.methodology.reporting import (
    Cell,
    Decided,
    Disclosure,
    Told,
    bounds,
    consolidate,
    leaks,
    percentage,
    protect,
    rounded,
    span,
    tally,
)
from inspectorate.methodology.standards import Rating

PACK = packs.load("probation-v3-2018")
assert PACK.reporting.national is not None
RULES: Disclosure = PACK.reporting.national
SMALL = 6


@given(st.integers(0, 500), st.integers(1, 12))
def test_a_rounded_count_may_have_been_exactly_those_of_its_span(count: int, base: int) -> None:
    told = rounded(count, base)
    low, high = span(told, base)
    assert [one for one in range(told + 2 * base) if rounded(one, base) == told] == list(range(low, high + 1))


@given(st.integers(0, 200), st.integers(0, 200))
def test_nothing_under_ten_is_shown_neither_yes_nor_no_nor_both(yes: int, no: int) -> None:
    cell = protect(RULES, {("CRC", "2.1.1"): Cell(yes, yes + no)})["CRC", "2.1.1"]
    if cell.shown:
        assert min(yes, no) >= 10
    if cell.n is not None:
        assert yes + no >= 10


LINE = st.tuples(st.lists(st.integers(-2, 3), min_size=3, max_size=3), st.integers(0, 12), st.integers(0, 6))


@settings(deadline=None, max_examples=80)
@given(st.lists(LINE, min_size=1, max_size=4), st.sets(st.sampled_from("abc"), min_size=1))
def test_bounds_are_those_of_trying_every_world(lines: list[tuple[list[int], int, int]], wanted: set[str]) -> None:
    told = [Told(dict(zip("abc", weights, strict=True)), low, low + wide) for weights, low, wide in lines]
    told += [Told({name: 1}, 0, SMALL) for name in "abc"]
    worlds = [dict(zip("abc", world, strict=True)) for world in product(range(SMALL + 1), repeat=3)]
    possible = [
        sum(world[name] for name in wanted)
        for world in worlds
        if all(t.low <= sum(w * world[name] for name, w in t.weights.items()) <= t.high for t in told)
    ]
    found = bounds(told, [wanted])
    if not possible:
        assert found is None or found[0].width <= 0
    else:
        assert found is not None
        assert (found[0].low, found[0].high, found[0].sure) == (min(possible), max(possible), True)


def test_a_percentage_of_a_hundred_or_fewer_is_a_count_in_disguise() -> None:
    for n, yes in ((44, 17), (97, 61), (100, 3)):
        told = [*percentage(["y"], ["n"], (200 * yes + n) // (2 * n)), Told({"y": 1, "n": 1}, n, n)]
        found = bounds(told, [["y"]])
        assert found is not None
        assert (found[0].low, found[0].high) == (yes, yes)


@pytest.mark.parametrize("name", planted(RULES))
def test_a_planted_leak_is_stopped(name: str) -> None:
    assert leaks(RULES, planted(RULES)[name]())


def test_made_releases_come_through_with_nothing_recovered() -> None:
    found = {seed: leaks(RULES, random_release(RULES, seed).editions()) for seed in (1, 4, 10, 15)}
    assert found == {1: (), 4: (), 10: (), 15: ()}
    alone = [seed for seed in found if leaks(RULES, random_release(RULES, seed).editions(further=False))]
    assert alone == [1, 4, 10, 15], "with rounding and hiding alone these leak: the attack hides further"


def test_a_leak_is_found_when_any_part_of_the_protection_is_left_out() -> None:
    release = plain(RULES, COUNTS, (4, 7))
    assert leaks(RULES, release.editions()) == ()
    weaker = Disclosure(3, 10, 3, 5, 2, "ours")
    exact = Disclosure(1, 0, 3, 5, 2, "ours")
    for rules in (weaker, exact):
        assert leaks(RULES, plain(rules, COUNTS, (4, 7)).editions(further=False))


def test_results_are_put_together_by_standard_and_by_aim_over_both_kinds() -> None:
    frameworks = [PACK.framework(kind) for kind in ("CRC", "NPS")]
    decided = [
        Decided("a", "CRC", {"2.1.1": (30, 40), "4.1.1": (5, 10)}, {"2.1": Rating.GOOD, "4.1": Rating.INADEQUATE}),
        Decided("b", "NPS", {"2.1.1": (10, 40), "3.2.1": (9, 9)}, {"2.1": Rating.INADEQUATE, "3.2": Rating.GOOD}),
    ]
    cells, ratings = tally(decided)
    found = consolidate(frameworks, PACK.standards.aims, cells, ratings)
    by_id = {row.standard.id: row for row in found.standards}
    assert (by_id["2.1"].ratings, by_id["2.1"].share.yes, by_id["2.1"].share.n) == ((1, 0, 1, 0), 40, 80)
    assert (by_id["3.2"].share.yes, by_id["1.1"].share.n) == (9, 0)
    aims = {row.aim.id: row for row in found.aims}
    assert (aims["protect-the-public"].share.yes, aims["protect-the-public"].share.n) == (49, 89)
    assert "4.1" in aims["reduce-reoffending"].standards
    assert aims["reduce-reoffending"].share.yes == 45


def test_sums_leave_out_what_is_hidden_and_say_how_much() -> None:
    framework = PACK.framework("CRC")
    found = consolidate([framework], (), {("CRC", "2.1.1"): Cell(40, 60), ("CRC", "2.1.2"): Cell(None, 60)}, {})
    share = next(row.share for row in found.standards if row.standard.id == "2.1")
    assert (share.yes, share.n, share.hidden) == (40, 60, 1)
