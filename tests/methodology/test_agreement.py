"""How alike inspectors judge: figures as their authors define them, what is left out, and what too little is."""

import krippendorff
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspectorate.methodology.fieldwork import Agreement, Pair, agreement, among, grouped, leaning

ANSWER = st.sampled_from(["yes", "no", "na", ""])
CASES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), ANSWER, ANSWER), min_size=0, max_size=60)


def pair(case: int, first: str, second: str, question: str = "2.1.1") -> Pair:
    return Pair(f"c{case}", question, "1", "a", "b", first, second, "domain-two")


def told(pairs: list[Pair], least: int = 2) -> Agreement:
    return agreement(pairs, least_cases=least, confidence=95)


def of(table: dict[tuple[str, str], int]) -> list[Pair]:
    answers = [both for both, count in table.items() for _ in range(count)]
    return [pair(at, *both) for at, both in enumerate(answers)]


def test_the_four_figures_of_cohens_own_kind_of_table() -> None:
    """Twenty yes, fifteen no, five and ten of each kind of difference: percent 70, kappa 0.4, adjusted 0.4."""
    found = told(of({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}))
    assert found.percent is not None
    assert found.kappa is not None
    assert found.pabak is not None
    assert found.alpha is not None
    assert (found.pairs, found.cases, found.same) == (50, 50, 35)
    assert found.percent.value == pytest.approx(70)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.pabak.value == pytest.approx(0.4)
    assert found.alpha.value == pytest.approx(1 - 15 / 50 * 100 * 99 / (2 * 55 * 45))
    # Wilson's interval of 35 in 50 as published tables have it
    assert (found.percent.low, found.percent.high) == (pytest.approx(56.25, abs=0.02), pytest.approx(80.90, abs=0.02))


def test_where_nearly_all_is_yes_kappa_falls_and_the_adjusted_one_does_not() -> None:
    found = told(of({("yes", "yes"): 45, ("yes", "no"): 3, ("no", "yes"): 2}))
    assert found.kappa is not None
    assert found.pabak is not None
    assert found.kappa.value < 0 < 0.7 < found.pabak.value


def test_not_applicable_and_missing_are_counted_apart() -> None:
    some = [pair(1, "yes", "yes"), pair(2, "na", "na"), pair(3, "na", "no"), pair(4, "", "yes"), pair(5, "no", "yes")]
    found = told(some)
    assert (found.pairs, found.same, found.neither, found.applies, found.missing) == (2, 1, 1, 1, 1)
    assert (found.differ, found.judged) == (2, 3)


def test_too_few_cases_tell_nothing_however_many_answers() -> None:
    many = [pair(case, "yes", "yes", f"2.1.{q}") for case in range(4) for q in range(20)]
    found = told(many, least=5)
    assert found.too_few
    assert (found.percent, found.kappa, found.pabak, found.alpha) == (None, None, None, None)
    assert found.pairs == 80


def test_answers_of_a_case_that_hang_together_count_as_less_than_as_many_cases() -> None:
    apart = [pair(at, "yes", "yes" if at % 4 else "no", f"q{at % 10}") for at in range(80)]
    together = [pair(at // 10, "yes", "yes" if at // 10 % 4 else "no", f"q{at % 10}") for at in range(80)]
    free, held = told(apart).percent, told(together).percent
    assert free is not None
    assert held is not None
    assert free.value == held.value == pytest.approx(75)
    assert held.high - held.low > 2 * (free.high - free.low)


@given(CASES)
# 100%, of which rounding takes the upper end a hair below.
@example([(case, 0, "yes", "yes") for case in range(7)])
@example([(case, 0, "yes", "yes") for case in range(13)])
def test_figures_keep_their_bounds_and_do_not_mind_who_is_first(rows: list[tuple[int, int, str, str]]) -> None:
    some = [pair(case, a, b, f"q{q}") for case, q, a, b in rows]
    found, turned = told(some), told([pair(case, b, a, f"q{q}") for case, q, a, b in rows])
    assert found.pairs + found.applies + found.neither + found.missing == len(some)
    assert (found.differ, found.applies, found.missing) == (turned.differ, turned.applies, turned.missing)
    for name in ("percent", "kappa", "pabak", "alpha"):
        one, other = getattr(found, name), getattr(turned, name)
        assert (one is None) == (other is None)
        if one is not None:
            least, most = (0, 100) if name == "percent" else (-1, 1)
            assert least - 1e-9 <= one.low <= one.value <= one.high <= most + 1e-9
            assert one.value == pytest.approx(other.value)


@given(st.lists(st.sampled_from([("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no")]), min_size=6, max_size=40))
def test_the_interval_of_alpha_is_made_about_the_figure_of_the_library(rows: list[tuple[str, str]]) -> None:
    found = told([pair(at, *both) for at, both in enumerate(rows)]).alpha
    if found is not None:
        data = np.array([[one == "yes" for one, _ in rows], [two == "yes" for _, two in rows]], dtype=float)
        by_library = krippendorff.alpha(data, level_of_measurement="nominal", value_domain=[0.0, 1.0])
        assert found.value == pytest.approx(by_library)
        alike = len({frozenset(row) for row in rows}) == 1  # however they are drawn again, the figure is the same
        assert found.low < found.high or alike or found.value == pytest.approx(1)


def test_an_inspector_stands_in_all_their_pairs_and_leans_from_either_side() -> None:
    some = [
        Pair("1", "q", "1", "ann", "bo", "yes", "no"),
        Pair("2", "q", "2", "cy", "ann", "no", "yes"),
        Pair("3", "q", "2", "cy", "bo", "no", "na"),
    ]
    parts = grouped(some, "inspector")
    assert {who: len(its) for who, its in parts.items()} == {"ann": 2, "bo": 2, "cy": 2}
    assert leaning(parts["ann"], "ann") == (2, 0)
    assert leaning(parts["cy"], "cy") == (0, 1)
    assert sorted(grouped(some, "week")) == ["1", "2"]


def test_people_are_held_against_one_another_pair_by_pair() -> None:
    people = {"a": {"q": "yes", "r": "no"}, "b": {"q": "yes", "r": "yes"}, "c": {"q": "no", "r": "na"},
              "d": {"q": "yes", "r": "na"}}  # fmt: skip
    found = among(people, least=3, confidence=95)
    assert found is not None
    # q: 3 of 6 pairs alike; r: none of 5, the pair of whom neither found it to apply aside
    assert found.value == pytest.approx(100 * 3 / 11)
    assert found.low <= found.value <= found.high
    assert among(people, least=5, confidence=95) is None
