"""Chapters 4.3 and 4.4: no row is favoured, small strata get their due, and one changed case moves no other.

Seen to fail with a draw that always takes the likeliest of the tables that keep every margin: it is as balanced, its
chi-square was 100 times what chance gives, and a stratum of two had a third of its due.
"""

import hashlib
import math
from collections import Counter
from fractions import Fraction
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest

from inspectorate.methodology import sampling

SEED = bytes.fromhex("c0de" * 16)
DRAWS = 10_000
LEAST_P = 0.001


def made_population(name, people):
    """Two areas of two teams of uneven size; 2 genders x 2 sentence types x 4 RoSH levels, some of them very rare."""
    cases = []
    for person in range(people):
        block = hashlib.sha256(f"{name} {person}".encode()).digest()
        area = int(block[0] < 90)
        team = int(block[1] < (60, 150)[area])
        strata = (
            "female" if block[2] < 38 else "male",
            "custody" if block[3] < 82 else "community",
            "low" if block[4] < 90 else "medium" if block[4] < 205 else "high" if block[4] < 248 else "very-high",
        )
        cases.append(sampling.ListedCase(f"P{person:04}", (f"Area {area}", f"Team {area}{team}"), strata))
    return cases


def chi_square_p(statistic, degrees):
    """Chance of a chi-square at least so great (Wilson and Hilferty's approximation; degrees over 30)."""
    spread = 2 / (9 * degrees)
    return 1 - NormalDist().cdf(((statistic / degrees) ** (1 / 3) - (1 - spread)) / math.sqrt(spread))


def times_drawn(population, size, draws, **more):
    """How often each row is drawn, over draws from as many seeds."""
    times = np.zeros(len(population.references), dtype=np.int64)
    for number in range(draws):
        picked = sampling.pick(population, size=size, seed=b"chances %d" % number, **more)
        times[list(picked.selected)] += 1
    return times


@pytest.mark.parametrize(("version", "draws"), [(1, DRAWS), (2, DRAWS // 4)])
def test_no_row_is_favoured(version, draws):
    """Each row's count has the variance of a coin thrown once a draw; nor is any stratum favoured, however small."""
    cases = [sampling.ListedCase(case.reference, case.units[:1], case.strata) for case in made_population("rows", 80)]
    size = 14
    times = times_drawn(sampling.encode(cases), size, draws, version=version)
    due = draws * size / len(cases)
    statistic = float(((times - due) ** 2).sum() / due) * (len(cases) - 1) / (len(cases) - size)
    assert chi_square_p(statistic, len(cases) - 1) > LEAST_P
    people, drawn = Counter(case.strata for case in cases), Counter()
    for case, drawn_so_often in zip(cases, times.tolist(), strict=True):
        drawn[case.strata] += drawn_so_often
    for stratum, there in people.items():
        mean = there * size / len(cases)
        noise = math.sqrt(draws * max(mean % 1 * (1 - mean % 1), 0.02))
        assert abs(drawn[stratum] - draws * mean) < 5 * noise, (stratum, there)


def test_the_smallest_strata_get_their_due():
    """Strata of one to three people: a rounding that is balanced but biased gave such ones a third of it."""
    cases, draws, size = made_population("small", 500), 1_000, 60
    population = sampling.encode(cases)
    times = times_drawn(population, size, draws)
    people = Counter(case.strata for case in cases)
    small = [stratum for stratum, there in people.items() if there <= 8]
    assert len(small) >= 5
    for stratum in small:
        rows = [row for row, case in enumerate(cases) if case.strata == stratum]
        due = draws * size / len(cases) * len(rows)
        assert abs(times[rows].sum() - due) < 5 * math.sqrt(due), stratum


@pytest.mark.parametrize("block", range(3))
def test_every_margin_of_100_made_populations_is_within_one_case(block):
    for number in range(block * 100, block * 100 + 100):
        cases = made_population(f"margins {number}", 150 + 11 * number % 1700)
        size = min(90 + number % 70, len(cases) - 10)
        drawn = sampling.draw(cases, size=size, seed=b"%d" % number)
        assert drawn.gave_way == (), number
        exact = [margin for margin in drawn.margins if margin.expected.denominator == 1]
        assert all(margin.drawn == margin.expected for margin in exact if margin.variable.startswith("Variable"))


def test_whole_shares_of_all_three_variables_are_met_exactly():
    """Uneven cells whose sums are whole: 40 of 200, so every fifth case of each value."""
    times = {"male": 3, "female": 1, "community": 2, "custody": 2, "low": 2, "medium": 1}
    triples = product(("male", "female"), ("community", "custody"), ("low", "medium"))
    cases = [
        sampling.ListedCase(f"{triple} {number}", (), triple)
        for triple in triples
        for number in range(5 * math.prod(times[value] for value in triple))
    ]
    drawn = sampling.draw(cases, size=len(cases) // 5, seed=SEED)
    assert all(margin.difference == 0 for margin in drawn.margins)


def test_both_ways_give_the_same_draw():
    """Cases one by one, and the same list in numbers that somebody else has given it, in another order of cells."""
    cases = made_population("both", 700)
    cells = sorted({(case.strata, case.units) for case in cases}, reverse=True)
    unused = (("male", "nothing", "low"), ("Area 0", "Team 00"))
    codes = np.array([cells.index((case.strata, case.units)) for case in cases], dtype=np.intp)
    population = sampling.coded([*cells, unused], codes, [case.reference for case in cases])
    for version in sampling.ALGORITHM_VERSIONS:
        one = sampling.draw(cases, size=100, seed=SEED, substitutes=40, version=version)
        assert sampling.draw(population, size=100, seed=SEED, substitutes=40, version=version) == one
        assert (one.version, one.gave_way) == (version, ())


def test_the_second_version_has_stayed_as_it_was():
    drawn = sampling.draw(made_population("kept", 400), size=50, seed=SEED, substitutes=10, version=2)
    written = " ".join(f"{one.reference}:{one.ticket}" for one in (*drawn.selected, *drawn.substitutes))
    assert (
        hashlib.sha256(written.encode()).hexdigest()
        == "d728ddcb80d11d9271e4730a3f3fa85238e775929ca42d626e619deb2a7c1533"
    )


def test_cases_of_equal_tickets_stand_in_the_order_of_their_references():
    """Two references whose digests begin alike are too rare to be met; here the keys are made equal."""
    population = sampling.encode([sampling.ListedCase(name, (), ("a",)) for name in ("B", "C", "A", "D")])
    population.keys[:] = 7
    picked = sampling.pick(population, size=3, seed=SEED, substitutes=1, version=2)
    assert [population.references[row] for row in (*picked.selected, *picked.substitutes)] == ["A", "B", "C", "D"]
    picked = sampling.pick(population, size=2, seed=SEED, version=2)
    assert [population.references[row] for row in picked.selected] == ["A", "B"]


def test_long_lists_are_drawn_by_the_second_version():
    assert [sampling.version_for(cases) for cases in (100, 20_000, 20_001)] == [1, 1, 2]
    assert sampling.version_for(100, {("a",): 30_000}) == 2


@pytest.mark.parametrize("version", sampling.ALGORITHM_VERSIONS)
def test_a_changed_case_moves_no_other(version):
    """Who leaves a cell or joins it with a higher ticket changes nothing in the order of the others of that cell."""
    cases = made_population("change", 600)
    long = {"size": 80, "seed": SEED, "substitutes": 520, "version": version}
    tickets = {one.reference: one.ticket for one in everybody(sampling.draw(cases, **long))}
    for number in range(12):
        changed = [case for case in cases if case.reference != f"P{number * 41:04}"]
        changed.append(sampling.ListedCase(f"New {number}", changed[number].units, changed[number].strata))
        again = sampling.draw(changed, **long)
        assert all(tickets.get(one.reference, one.ticket) == one.ticket for one in everybody(again))
        for cell in {(one.units, one.strata) for one in again.selected}:
            inside = [one.ticket for one in again.selected if (one.units, one.strata) == cell]
            waiting = [one.ticket for one in again.substitutes if (one.units, one.strata) == cell]
            assert max(inside) < min(waiting, default="~")
            assert waiting == sorted(waiting)


def everybody(drawn):
    return (*drawn.selected, *drawn.substitutes)


PRISONS = {"A": 80, "B": 60, "C": 30, "D": 12, "E": 3, "F": 1, "G": 1}


def gate_list():
    cases = []
    for prison, people in PRISONS.items():
        for number in range(people):
            agency = "nps" if number % 40 == 17 else "crc"
            cases.append(sampling.ListedCase(f"{prison}{number}", (), (f"HMP {prison}", agency)))
    return cases


@pytest.mark.parametrize("size", [7, 8, 20, 60])
def test_every_prison_and_both_agencies_give_a_case(size):
    cases = gate_list()
    for number in range(60):
        drawn = sampling.draw(cases, size=size, seed=b"%d" % number, one_of_each=(0, 1))
        assert len(drawn.selected) == size
        assert min(margin.drawn for margin in drawn.margins) >= 1
    assert drawn.unequal > 0


def test_without_being_asked_rare_prisons_have_equal_chances():
    drawn = [sampling.draw(gate_list(), size=20, seed=b"%d" % number) for number in range(60)]
    assert {one.unequal for one in drawn} == {0}
    assert any(margin.drawn == 0 for one in drawn for margin in one.margins)


def test_the_chances_that_are_told_are_those_of_the_draws():
    cases, size, draws = gate_list(), 20, 1_000
    told = sampling.chances(sampling.count_strata(cases), size, one_of_each=(0, 1))
    population = sampling.encode(cases)
    times = times_drawn(population, size, draws, one_of_each=(0, 1))
    for stratum, chance in told.items():
        rows = [row for row, case in enumerate(cases) if case.strata == stratum]
        assert abs(times[rows].sum() / draws / len(rows) - float(chance)) < 0.06 / math.sqrt(len(rows)), stratum
    assert told["HMP F", "crc"] == 1
    assert told["HMP A", "crc"] < Fraction(size, len(cases))
    equal = sampling.chances(sampling.count_strata(cases), size)
    unequal = sampling.draw(cases, size=size, seed=SEED, one_of_each=(0, 1)).unequal
    people = sampling.count_strata(cases)
    assert unequal == sum(abs(told[one] - equal[one]) * people[one] for one in told)


def test_more_prisons_than_cases_leave_the_chances_equal():
    drawn = sampling.draw(gate_list(), size=6, seed=SEED, one_of_each=(0,))
    assert (len(drawn.selected), drawn.unequal) == (6, 0)


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (sampling.UnknownVersionError, {"version": 3}),
        (sampling.UnknownVariableError, {"one_of_each": (2,)}),
        (sampling.UnknownVariableError, {"one_of_each": (-1,)}),
    ],
)
def test_what_the_algorithm_does_not_know_is_refused(error, change):
    with pytest.raises(error):
        sampling.draw(gate_list(), size=5, seed=SEED, **change)


@pytest.mark.parametrize(
    ("error", "cells", "codes", "references"),
    [
        (sampling.EmptyListError, [(("a",), ())], [], []),
        (sampling.DuplicateReferenceError, [(("a",), ())], [0, 0], ["R", "R"]),
        (sampling.WrongCodesError, [(("a",), ())], [0], ["R", "S"]),
        (sampling.WrongCodesError, [(("a",), ()), (("a",), ())], [0, 1], ["R", "S"]),
        (sampling.WrongCodesError, [(("a",), ())], [0, 1], ["R", "S"]),
        (sampling.WrongCodesError, [(("a",), ())], [0, -1], ["R", "S"]),
        (sampling.UnevenCasesError, [(("a",), ()), (("a",), ("North",))], [0, 1], ["R", "S"]),
    ],
)
def test_numbers_that_make_no_list_are_refused(error, cells, codes, references):
    with pytest.raises(error):
        sampling.coded(cells, np.array(codes, dtype=np.intp), references)
