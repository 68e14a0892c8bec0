"""Chapter 4.4: unusual rates of exclusion, beside other inspections and beside the rest of the body."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology.sampling import unusual
from inspectorate.methodology.sampling.unusual import Excluded, ImpossibleCountError, UnusualRule

RULE = UnusualRule(confidence=95, least_inspections=3, least_cases=10)
FOUR = [Excluded(18, 150), Excluded(15, 150), Excluded(17, 150), Excluded(22, 150)]  # 72 of 600, 12%


def rising(start: Fraction, steps: int) -> Fraction:
    product = Fraction(1)
    for step in range(steps):
        product *= start + step
    return product


def by_hand(k: int, drawn: int, pool: Excluded) -> Fraction:
    """The beta-binomial in whole fractions: C(n, k) a^(k) b^(n-k) / (a + b)^(n), rising powers."""
    a, b = pool.excluded + Fraction(1, 2), pool.drawn - pool.excluded + Fraction(1, 2)
    return comb(drawn, k) * rising(a, k) * rising(b, drawn - k) / rising(a + b, drawn)


@pytest.mark.parametrize(("drawn", "pool"), [(5, Excluded(0, 0)), (12, Excluded(3, 40)), (30, Excluded(72, 600))])
def test_chances_are_those_of_whole_fractions(drawn: int, pool: Excluded) -> None:
    exact = [float(by_hand(k, drawn, pool)) for k in range(drawn + 1)]
    assert unusual.chances(drawn, pool) == pytest.approx(exact, rel=1e-9)


counts = st.integers(0, 300).flatmap(lambda drawn: st.tuples(st.integers(0, drawn), st.just(drawn)))


@given(st.integers(0, 400), counts)
def test_chances_make_one(drawn: int, pool: tuple[int, int]) -> None:
    assert sum(unusual.chances(drawn, Excluded(*pool))) == pytest.approx(1)


@pytest.mark.parametrize(
    ("excluded", "flag"), [(18, ""), (12, ""), (27, ""), (28, "high"), (60, "high"), (9, "low"), (0, "low"), (10, "")]
)
def test_a_rate_far_from_that_of_the_others_is_flagged_in_its_direction(excluded: int, flag: str) -> None:
    found = unusual.against_inspections(Excluded(excluded, 150), FOUR, RULE)
    assert found.flag == flag
    assert found.usual == 12.0
    assert (found.low, found.high) == (10, 27)


def test_the_limits_are_where_the_tails_of_whole_fractions_pass_two_and_a_half_per_cent() -> None:
    tail = [sum(by_hand(k, 150, Excluded(72, 600)) for k in range(first, 151)) for first in (27, 28)]
    assert tail[1] <= Fraction(1, 40) < tail[0]
    head = [sum(by_hand(k, 150, Excluded(72, 600)) for k in range(last + 1)) for last in (9, 10)]
    assert head[0] <= Fraction(1, 40) < head[1]


def test_it_is_said_in_one_plain_sentence_each() -> None:
    assert unusual.against_inspections(Excluded(18, 150), FOUR, RULE).sentence == (
        "18 of 150 drawn cases (12%) are excluded. In 4 other inspections together it was 12%. "
        "That is usual: 10 to 27 exclusions would be."
    )
    assert unusual.against_inspections(Excluded(36, 150), FOUR, RULE).sentence == (
        "36 of 150 drawn cases (24%) are excluded. In 4 other inspections together it was 12%. That is unusually high: "
        "by chance so many would be excluded in fewer than 1 of 3,900 samples, and 10 to 27 would be usual."
    )


@pytest.mark.parametrize("known", [0, 1, 2])
def test_too_few_inspections_are_said_and_nothing_is_flagged(known: int) -> None:
    found = unusual.against_inspections(Excluded(150, 150), FOUR[:known], RULE)
    assert (found.flag, found.usual, found.chance) == ("", None, None)
    assert "too few to compare with: 3 are needed." in found.sentence


def test_an_inspection_of_which_nothing_was_drawn_is_not_counted() -> None:
    found = unusual.against_inspections(Excluded(1, 20), [*FOUR[:2], Excluded(0, 0)], RULE)
    assert "Only 2 other inspections" in found.sentence


def test_too_few_cases_are_said() -> None:
    found = unusual.against_inspections(Excluded(9, 9), [Excluded(1, 3)] * 3, RULE)
    assert found.flag == ""
    assert "Fewer than 10 other cases are too few to compare with." in found.sentence


def test_a_small_sample_of_which_all_is_excluded_is_flagged_and_one_case_never_is() -> None:
    assert unusual.against_inspections(Excluded(6, 6), FOUR, RULE).flag == "high"
    assert unusual.against_inspections(Excluded(0, 6), FOUR, RULE).flag == ""
    units = {"All": Excluded(6, 6)} | {f"Unit {number}": Excluded(1, 8) for number in range(15)}
    assert unusual.among_units(units, RULE)["All"].flag == "high"
    assert unusual.among_units(units | {"All": Excluded(1, 1)}, RULE)["All"].flag == ""


def test_a_unit_is_compared_with_the_rest_of_the_body() -> None:
    found = unusual.among_units(
        {"North": Excluded(14, 40), "South": Excluded(4, 60), "East": Excluded(5, 60), "Tiny": Excluded(1, 4)}, RULE
    )
    assert {name: one.flag for name, one in found.items()} == {"North": "high", "South": "", "East": "", "Tiny": ""}
    assert found["North"].usual == pytest.approx(8.1)
    assert "In the rest of the body it is 8.1%." in found["North"].sentence
    assert "In the rest of the body it is 14.4%." in found["Tiny"].sentence


def test_a_body_of_one_unit_has_nothing_to_compare_it_with() -> None:
    assert unusual.among_units({"Only": Excluded(30, 40)}, RULE)["Only"].usual is None


def test_the_more_units_are_compared_the_stronger_a_sign_has_to_be() -> None:
    few = {f"Unit {number}": Excluded(30, 300) for number in range(4)}
    many = {f"Unit {number}": Excluded(3, 30) for number in range(40)}
    here = {"Here": Excluded(9, 30)}
    assert unusual.among_units(here | few, RULE)["Here"].usual == unusual.among_units(here | many, RULE)["Here"].usual
    assert unusual.among_units(here | few, RULE)["Here"].flag == "high"
    assert unusual.among_units(here | many, RULE)["Here"].flag == ""


def test_the_chance_said_is_that_of_whole_fractions() -> None:
    found = unusual.against_inspections(Excluded(36, 150), FOUR, RULE)
    tail = sum(by_hand(k, 150, Excluded(72, 600)) for k in range(36, 151))
    assert found.chance == pytest.approx(float(tail))
    assert 3900 <= 1 / tail < 4000


@given(counts.filter(lambda pair: pair[1] >= 10), st.lists(counts, min_size=3, max_size=6))
def test_a_rate_within_the_limits_is_usual_and_one_beyond_is_not(
    here: tuple[int, int], others: list[tuple[int, int]]
) -> None:
    pool = [Excluded(*one) for one in others]
    found = unusual.against_inspections(Excluded(*here), pool, RULE)
    if found.low is None or found.high is None:
        return
    assert found.low <= found.high
    assert (found.flag == "") == (found.low <= here[0] <= found.high)


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ImpossibleCountError, match="3 of 2 cases"):
        Excluded(3, 2)


@pytest.mark.parametrize(
    "wrong", [{"confidence": 0}, {"confidence": 100}, {"least_inspections": 0}, {"least_cases": 0}]
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="confidence|least"):
        UnusualRule(**wrong)
