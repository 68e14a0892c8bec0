"""Chapter 7.2e: one inspection among the others, and discretion used beyond chance.

Seen to fail with the standard error left out of `place`, and with `more_often` counting fewer instead of more.
"""

from fractions import Fraction
from itertools import combinations

import pytest

from inspectorate.methodology.ratings.consistency import more_often, one_way, place, seldom, spread
from inspectorate.methodology.ratings.rules import Consistency

RULES = Consistency()
ALIKE = [(58, 100), (59, 100), (60, 100), (60, 100), (60, 100), (61, 100), (62, 100), (63, 100)]


def test_the_spread_leaves_out_inspections_without_cases():
    found = spread([(5, 10), (0, 0), (10, 10), (0, 10)])
    assert found is not None
    assert (found.lowest, found.middle, found.highest, found.inspections) == (0, 50, 100, 3)
    assert spread([(0, 0)]) is None
    assert spread([(1, 4)]).upper == 25


def test_an_inspection_far_from_the_others_is_flagged():
    found = place(RULES, (90, 100), ALIKE)
    assert (found.percent, found.lower, found.far) == (90, 8, True)
    # The others lie within 2 points; a sample of 100 has a standard error of 4.9, and that is the unit.
    assert found.distance == pytest.approx(30 / 4.907, abs=0.01)
    assert not place(RULES, (70, 100), ALIKE).far


def test_a_small_sample_is_not_flagged_for_being_small():
    assert place(RULES, (90, 100), ALIKE).far
    assert not place(RULES, (5, 5), ALIKE).far
    assert not place(RULES, (1, 1), [(0, 40)] * 9).far


def test_with_fewer_than_eight_others_nothing_is_flagged():
    found = place(RULES, (100, 100), ALIKE[:7])
    assert (found.distance, found.far) == (None, False)
    assert place(RULES, (0, 0), ALIKE) is None


@pytest.mark.parametrize(("own", "others"), [((2, 3), (1, 4)), ((0, 2), (3, 5)), ((3, 3), (0, 4)), ((0, 0), (2, 3))])
def test_the_chance_of_so_many_changes_is_every_way_to_deal_them(own, others):
    (changed, window), (elsewhere, beside) = own, others
    dealt = list(combinations(range(window + beside), changed + elsewhere))
    as_many = sum(1 for one in dealt if sum(place < window for place in one) >= changed)
    assert more_often(own, others) == Fraction(as_many, len(dealt))


def test_changes_that_all_go_one_way():
    assert one_way(0, 0) == one_way(3, 3) == 1
    assert one_way(9, 0) == one_way(0, 9) == Fraction(2, 2**9)
    assert seldom(RULES, one_way(9, 0))
    assert not seldom(RULES, one_way(7, 0))


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        more_often((3, 2), (0, 4))
