"""Chapter 7.1: how sure ratings are: exact in small, sensible at the ends, and right as often as it says."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import comb

import numpy as np
import pytest

from bench.ratings import confidence as bench
from inspectorate.methodology import pack as packs
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import (
    ROUNDINGS,
    CaseJudgements,
    Chances,
    Count,
    DrawnCases,
    JudgedCase,
    Lens,
    answers_that_count,
    bands_of,
    count,
    groups_of,
    judge,
    lens,
    rate_counts,
    seed_of,
)
from inspectorate.methodology.ratings.redraws import redraw
from inspectorate.methodology.standards import Rating

DOMAIN_ONE = {"1.1": Rating.GOOD, "1.2": Rating.GOOD, "1.3": Rating.GOOD, "1.4": Rating.GOOD}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("probation-v3-2018")


def drawn(answers: Sequence[dict[str, bool]], population: int | None, case_list: str = "domain-two") -> DrawnCases:
    cells = () if population is None else (((), (), population),)
    return DrawnCases(case_list, cells, tuple(JudgedCase((), (), one) for one in answers))


def seen(pack: Pack, lists: Sequence[DrawnCases], given: dict[str, Rating] | None = None, draws: int = 400) -> Lens:
    counts: dict[str, Count] = {}
    for case in (case for one in lists for case in one.cases):
        for question, yes in case.answers.items():
            so_far = counts.get(question, Count(0, 0))
            counts[question] = Count(so_far.yes + yes, so_far.n + 1)
    framework = pack.framework("CRC")
    result = rate_counts(framework, pack.ratings, counts, domain_one=given)
    return lens(framework, pack.ratings, lists, result, domain_one=given, draws=draws)


def urn(yes: int, no: int, more: int, wanted: int) -> Fraction:
    """The chance of `wanted` yes among `more` balls that follow from an urn to which each ball brings one like it."""
    chance = Fraction(comb(more, wanted))
    for step in range(more):
        drawn_yes = step < wanted
        chance *= Fraction((yes + step) if drawn_yes else (no + step - wanted), yes + no + step)
    return chance


def again(population: int, cases: int, yes: int) -> dict[int, Fraction]:
    """Exact: yes answers in a second sample of as many cases, some of them judged already, with a yes and a no more."""
    found: Counter[int] = Counter()
    for old in range(cases + 1):
        met = Fraction(comb(cases, old) * comb(population - cases, cases - old), comb(population, cases))
        for old_yes in range(old + 1):
            these = Fraction(comb(yes, old_yes) * comb(cases - yes, old - old_yes), comb(cases, old))
            for new_yes in range(cases - old + 1):
                found[old_yes + new_yes] += met * these * urn(yes + 1, cases - yes + 1, cases - old, new_yes)
    return dict(found)


@pytest.mark.parametrize(("population", "cases", "yes"), [(6, 4, 3), (9, 5, 0), (7, 2, 1)])
def test_small_cases_come_out_as_counted_exactly(population: int, cases: int, yes: int) -> None:
    one = drawn([{"q": at < yes} for at in range(cases)], population)
    found = redraw([one], ["q"], seed=3, draws=40_000, correlation=0)
    exact = again(population, cases, yes)
    assert sum(exact.values()) == 1
    for number, chance in exact.items():
        assert (found.yes[:, 0] == number).mean() == pytest.approx(float(chance), abs=0.012)
    for more in range(population - cases + 1):
        chance = urn(yes + 1, cases - yes + 1, population - cases, more)
        assert (found.all_yes[:, 0] == yes + more).mean() == pytest.approx(float(chance), abs=0.012)
    assert (found.n == cases).all()
    assert (found.all_n == population).all()


def test_a_key_question_of_every_second_case_has_sub_samples_of_other_sizes() -> None:
    one = drawn([{"q": True} if at % 2 else {"r": True} for at in range(40)], 400)
    found = redraw([one], ["q", "r"], seed=1, draws=500, correlation=0)
    assert (found.n.sum(axis=1) == 40).all()
    assert found.n[:, 0].min() < 15
    assert found.n[:, 0].max() > 25


def test_everybody_judged_is_certain(pack: Pack) -> None:
    found = seen(pack, [drawn([{"2.1.1": at < 13} for at in range(20)], 20)])
    one = found.question("2.1.1")
    assert (one.low, one.high, one.certain) == (65, 65, True)
    assert found.standard("2.1").chances.of(Rating.GOOD) == 1
    assert found.standard("2.1").chances.in_hundred()[Rating.GOOD] == 100


@pytest.mark.parametrize(("yes", "edge", "rating"), [(0, 0, Rating.INADEQUATE), (10, 100, Rating.OUTSTANDING)])
def test_none_and_all_are_near_the_end_and_not_certain(pack: Pack, yes: int, edge: int, rating: Rating) -> None:
    one = seen(pack, [drawn([{"2.1.1": at < yes} for at in range(10)], 200)]).question("2.1.1")
    assert one.low is not None
    assert one.high is not None
    assert not one.certain
    assert 10 < one.high - one.low < 30
    assert min(abs(one.low - edge), abs(one.high - edge)) < 5
    assert 0.6 < one.chances.of(rating) <= 1


def test_nothing_counted_is_not_rated_and_nobody_is_sure(pack: Pack) -> None:
    found = seen(pack, [drawn([{"2.1.1": True} for _ in range(10)], 100)], DOMAIN_ONE)
    none = found.question("2.2.1")
    assert (none.low, none.high, none.certain, none.chances.not_rated) == (None, None, False, 400)
    assert found.standard("2.2").chances.likeliest is None
    assert found.overall is None
    assert found.points is None
    assert "2.2" in found.missing
    assert seen(pack, []).question("2.1.1").low is None


def _whole(pack: Pack, population: int | None = 300) -> list[DrawnCases]:
    framework = pack.framework("CRC")
    return [
        drawn(
            [
                {q.id: (at + len(q.id)) % 10 < 7 for s in framework.standards_for_list(one) for q in s.key_questions}
                for at in range(40)
            ],
            population,
            one,
        )
        for one in framework.case_lists
    ]


def test_the_overall_rating_holds_for_the_domain_one_ratings_given(pack: Pack) -> None:
    without = seen(pack, _whole(pack))
    assert (without.overall, without.rating, without.given) == (None, None, {})
    assert without.missing == ("1.1", "1.2", "1.3", "1.4")
    assert without.points is not None
    given = seen(pack, _whole(pack), DOMAIN_ONE)
    assert given.given == DOMAIN_ONE
    assert given.overall is not None
    low = seen(pack, _whole(pack), dict.fromkeys(DOMAIN_ONE, Rating.INADEQUATE))
    assert low.overall is not None
    assert low.overall.of(Rating.GOOD) < given.overall.of(Rating.GOOD)
    assert low.standards == given.standards == without.standards


def test_the_same_cases_give_the_same_figures_in_whatever_order_they_come(pack: Pack) -> None:
    lists = _whole(pack)
    other = [DrawnCases(one.case_list, one.cells, one.cases[::-1]) for one in lists[::-1]]
    assert seed_of(lists) == seed_of(other)
    assert seen(pack, lists, DOMAIN_ONE) == seen(pack, other, DOMAIN_ONE)
    assert seed_of(lists) != seed_of(lists[1:])


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_bands_of_many_counts_are_those_of_each(pack: Pack, rounding: str) -> None:
    rules = type(pack.ratings)(
        pack.ratings.bands, pack.ratings.overall, pack.ratings.discretion, pack.ratings.panels, rounding
    )
    counts = [(yes, n) for n in range(1, 61) for yes in range(n + 1)]
    found = bands_of(rules, *(np.array(column, dtype=float) for column in zip(*counts, strict=True)))
    exact = [judge(rules, "2.1.1", Count(yes, n)).computed for yes, n in counts]
    assert [rules.bands[at].rating for at in found] == exact
    assert bands_of(rules, np.zeros(1), np.zeros(1))[0] == -1


def test_the_same_answers_count_here_as_in_the_rating(pack: Pack) -> None:
    framework = pack.framework("NPS")
    cases = [
        CaseJudgements(str(at), "domain-two", {"rosh_judged": rosh, "victim_opted_in": opted},
                       {q.id: answer for s in framework.standards_for_list("domain-two") for q in s.key_questions})
        for at, (rosh, opted, answer) in enumerate(
            [("low", "no", "yes"), ("high", "yes", "no"), ("medium", "", "na"), ("", "yes", "yes")])
    ]  # fmt: skip
    here = [answers_that_count(framework, case) for case in cases]
    for question, counted in count(framework, cases).items():
        told = [one[question] for one in here if question in one]
        assert (sum(told), len(told)) == (counted.yes, counted.n)


def _by_strata(share_of_a: int, *, told: bool) -> DrawnCases:
    """Of 60 cases half are in stratum A, all of these yes, and half in B, all of these no."""
    cells = (((), ("A",), 300), ((), ("B",), 300)) if told else (((), ("",), 600),)
    names = ["A"] * share_of_a + ["B"] * (60 - share_of_a)
    return DrawnCases("x", cells, tuple(JudgedCase((), (n if told else "",), {"q": n == "A"}) for n in names))


def test_strata_that_differ_make_the_share_surer() -> None:
    spread = {
        told: redraw([_by_strata(30, told=told)], ["q"], seed=1, draws=1000, correlation=0).yes.std()
        for told in (True, False)
    }
    assert spread[True] < spread[False] / 2


def test_groups_hold_every_case_once_and_few_go_together() -> None:
    made = _made(120)
    groups = groups_of(made)
    assert sorted(at for group in groups for at in group.cases) == list(range(120))
    assert sum(group.population for group in groups) == made.population
    assert min(len(group.cases) for group in groups) >= 15
    assert len(groups) > 2
    assert len(groups_of(_made(20))) == 1


def _made(size: int) -> DrawnCases:
    rng = np.random.default_rng(4)
    framework = packs.load("probation-v3-2018").framework("CRC")
    made = bench.made_list(framework, "domain-two", rng, size=size, population=900, spread=bench.Spread())
    return made.drawn(made.draw(rng))


def test_units_left_out_make_it_less_sure() -> None:
    every = _made(120)
    used = {case.units for case in every.cases}
    cells = (*every.cells, *(((f"Unit {at}", f"Team {at}"), ("male", "community", "low"), 100) for at in range(20, 30)))
    some = DrawnCases("domain-two", tuple(cells), every.cases, frozenset(used))
    assert (every.units_left_out, some.units_left_out) == (0, 10)
    spread = [
        redraw([one], ["2.1.1"], seed=1, draws=1000, correlation=at).all_yes[:, 0].std() / (one.population or 1)
        for one, at in ((some, 0.0), (some, 0.05), (some, 0.2))
    ]
    assert spread[0] < spread[1] < spread[2]


def test_hundredths_add_up() -> None:
    times = ((Rating.INADEQUATE, 335), (Rating.REQUIRES_IMPROVEMENT, 335), (Rating.GOOD, 329), (Rating.OUTSTANDING, 0))
    told = Chances(1000, times, 1).in_hundred()
    assert sum(told.values()) == 100
    assert told[Rating.OUTSTANDING] == 0


def test_made_inspections_find_it_right_as_often_as_it_says(pack: Pack) -> None:
    found = bench.Found()
    for seed in range(60):
        bench.inspect(pack, found, bench.Spread(), seed, draws=150)
    assert 77 <= found.coverage() <= 87
    assert found.off("key questions") < 5
    assert found.off("standards") < 8
