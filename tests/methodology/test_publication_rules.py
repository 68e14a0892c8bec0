"""Chapter 7.3: what of counts is published tells nobody's answers: the attack on every count, and on planted leaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.methodology import pack
from inspectorate.methodology.ratings import Count, Published, judge, lowest, publish, worked_out
from inspectorate.methodology.ratings.publication import _nearest, _possible

RULES = pack.load("probation-v3-2018").ratings
counts = st.integers(0, 160).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(counts, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_nothing_that_is_published_can_be_worked_out_and_it_is_true(made):
    told = [(f"2.1.{at}", Count(*one)) for at, one in enumerate(made, 1)]
    rating, _ = lowest([judge(RULES, name, one) for name, one in told])
    shown = publish(RULES, told, rating)
    assert worked_out(RULES, shown, rating) == ()
    for row, (name, one) in zip(shown, told, strict=True):
        assert row.id == name
        if one.n < 10:
            assert row.how == "hidden"
        if row.how != "hidden":
            assert abs(row.n - one.n) <= 2.5
        if row.how == "percent":
            assert abs(row.percent - 100 * one.yes / one.n) <= 2.5
        if row.how == "band":
            assert row.band is judge(RULES, name, one).computed


@pytest.mark.parametrize(
    "leak",
    [
        Published("2.1.1", "percent", 20, 70),
        Published("2.1.1", "percent", 10, 100),
        Published("2.1.1", "percent", 100, 100),
        Published("2.1.1", "percent", 100, 0),
        Published("2.1.1", "band", 10, None, judge(RULES, "", Count(7, 10)).rating),
    ],
)
def test_planted_leaks_are_found(leak):
    assert worked_out(RULES, [leak]) == ("2.1.1",)


def test_the_rating_of_the_standard_is_part_of_the_attack():
    """65 per cent of 100 may be 63 to 67; that the standard requires improvement leaves only those under 65."""
    shown = [Published("2.1.1", "percent", 100, 65)]
    assert worked_out(RULES, shown) == ()
    assert worked_out(RULES, shown, judge(RULES, "", Count(60, 100)).rating) == ("2.1.1",)


def test_large_counts_are_published_as_percentages():
    assert publish(RULES, [("2.1.1", Count(98, 140))])[0] == Published("2.1.1", "percent", 140, 70)


def test_what_passes_alone_leaves_every_number_of_cases_possible():
    """So standards over the same cases tell nothing of one another, and attacking one at a time attacks all."""
    for n in (10, 15, 35, 120):
        every = {m for m in range(10, n + 3) if _nearest(m, 1, 5) == n}
        told = [Published("2.1.1", "percent", n, percent) for percent in range(0, 101, 5)]
        told += [Published("2.1.1", "band", n, None, band.rating) for band in RULES.bands]
        for one in told:
            if _possible(RULES, one) and not worked_out(RULES, [one]):
                assert {m for _, m, _ in _possible(RULES, one)} == every, one
