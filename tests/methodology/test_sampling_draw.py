"""Chapters 4.3 and 4.4: the draw keeps every share within a case, gives equal chances and depends on the seed alone."""

import hashlib
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.methodology import sampling

SEED = bytes.fromhex("5eed" * 16)
GENDERS, SENTENCES = ("male", "female"), ("community", "post-custody")
ROSH = ("low", "medium", "high", "very-high")


def choose(number, weights):
    point = number % sum(weights)
    return next(place for place in range(len(weights)) if point < sum(weights[: place + 1]))


def made_list(name, people):
    """Six tier 1 units of four tier 2 units, all of uneven size; 2 genders x 2 sentence types x 4 RoSH levels."""
    sizes = [8 + size for size in hashlib.sha512(f"{name} units".encode()).digest()]
    cases = []
    for person in range(people):
        block = hashlib.sha256(f"{name} {person}".encode()).digest()
        throws = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 20, 4)]
        first = choose(throws[0], sizes[:6])
        second = choose(throws[1], sizes[6 + 4 * first : 10 + 4 * first])
        gender = GENDERS[choose(throws[2], (85, 15))]
        strata = (gender, SENTENCES[choose(throws[3], (68, 32))], ROSH[choose(throws[4], (35, 45, 17, 3))])
        cases.append(sampling.ListedCase(f"C{person:06}", (f"Area {first}", f"Team {first}{second}"), strata))
    return cases


def references(drawn):
    return [one.reference for one in drawn]


@st.composite
def small_lists(draw):
    """Any list at all: few or many values, one stratum, lone cases, with or without units."""
    variables, tiers = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    value = st.sampled_from("abcd")
    row = st.tuples(st.tuples(*[value] * tiers), st.tuples(*[value] * variables))
    rows = draw(st.lists(row, min_size=1, max_size=40))
    return [sampling.ListedCase(f"R{number}", *row) for number, row in enumerate(rows)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(400, 2500), st.integers(90, 159))
def test_every_share_is_within_one_case(name, people, size):
    drawn = sampling.draw(made_list(name, people), size=size, seed=SEED)
    assert len(set(references(drawn.selected))) == size
    assert [(margin.variable, margin.value) for margin in drawn.gave_way] == []
    assert max(abs(margin.difference) for margin in drawn.margins) < 1


@settings(max_examples=150, deadline=None)
@given(small_lists(), st.integers(1, 45), st.binary(min_size=1, max_size=8))
def test_any_list_gives_as_many_cases_as_it_can(cases, size, seed):
    drawn = sampling.draw(cases, size=size, seed=seed, substitutes=len(cases))
    assert len(drawn.selected) == min(size, len(cases))
    assert drawn.shortfall == max(0, size - len(cases))
    assert sorted(references(drawn.selected + drawn.substitutes)) == sorted(case.reference for case in cases)
    margins = sampling.margins(cases, references(drawn.selected))
    assert margins == drawn.margins


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("cdefgh")), min_size=1, max_size=60), st.data())
def test_two_variables_never_give_way(rows, data):
    cases = [sampling.ListedCase(str(number), (), row) for number, row in enumerate(rows)]
    size = data.draw(st.integers(1, len(rows)))
    drawn = sampling.draw(cases, size=size, seed=SEED)
    assert (drawn.gave_way, drawn.unequal) == ((), 0)


def test_neighbours_make_up_for_a_unit_that_cannot_have_its_share():
    """A team of one, the only case of its stratum, is drawn for certain; the rest of its area then gives less."""
    drawn = sampling.draw(made_list("m559", 400), size=101, seed=b"559")
    assert drawn.gave_way == ()


def test_a_share_that_is_a_whole_number_is_met_exactly():
    cases = [
        sampling.ListedCase(f"{gender}{rosh}{number}", (), (gender, "community", rosh))
        for gender in GENDERS
        for rosh in ROSH
        for number in range(10)
    ]
    drawn = sampling.draw(cases, size=16, seed=SEED)
    assert {(margin.value, margin.drawn) for margin in drawn.margins} == {
        ("male", 8),
        ("female", 8),
        ("community", 16),
        ("low", 4),
        ("medium", 4),
        ("high", 4),
        ("very-high", 4),
    }


def test_strata_outrank_units_and_the_shortfall_is_told():
    men = [sampling.ListedCase(f"m{n}", ("North",), ("male",)) for n in range(2)]
    women = [sampling.ListedCase(f"f{n}", ("South",), ("female",)) for n in range(2)]
    mixed = sampling.draw([*men, *women], size=2, seed=SEED, variables=["Gender"], tiers=["Area"])
    assert [(m.variable, m.value, m.drawn) for m in mixed.margins] == [
        ("Gender", "female", 1),
        ("Gender", "male", 1),
        ("Area", "North", 1),
        ("Area", "South", 1),
    ]
    proportions = {("male",): 3, ("female",): 1}
    tilted = sampling.draw([*men, *men_of("West", 6), *women], size=4, seed=SEED, proportions=proportions)
    assert {m.value: m.drawn for m in tilted.margins if m.variable == "Variable 1"} == {"male": 3, "female": 1}


def men_of(unit, people):
    return [sampling.ListedCase(f"{unit}{n}", (unit,), ("male",)) for n in range(people)]


def test_where_no_sample_is_in_proportion_what_gave_way_is_told():
    corners = [("a", "c", "e"), ("a", "d", "f"), ("b", "c", "f"), ("b", "d", "e")]
    cases = [sampling.ListedCase("".join(corner), (), corner) for corner in corners]
    drawn = sampling.draw(cases, size=2, seed=SEED)
    assert len(drawn.selected) == 2
    assert [margin.difference for margin in drawn.gave_way] in ([-1, 1], [1, -1])


def test_the_shares_of_the_long_list_are_kept_when_units_are_left_out():
    long_list = made_list("left out", 2000)
    chosen = [case for case in long_list if case.units[0] in {"Area 0", "Area 1", "Area 3"}]
    drawn = sampling.draw(chosen, size=110, seed=SEED, proportions=sampling.count_strata(long_list))
    assert len(drawn.selected) == 110
    assert drawn.gave_way == ()
    expected = {m.value: m.share for m in sampling.margins(long_list, [])}
    assert all(margin.share == expected[margin.value] for margin in drawn.margins[:8])


def test_the_order_of_rows_does_not_matter():
    cases = made_list("order", 700)
    once = sampling.draw(cases, size=100, seed=SEED, substitutes=20)
    assert sampling.draw(cases[::-1], size=100, seed=SEED, substitutes=20) == once
    assert sampling.draw(sorted(cases, key=lambda c: c.units), size=100, seed=SEED, substitutes=20) == once


def test_the_same_seed_gives_the_same_sample_for_ever():
    drawn = sampling.draw(made_list("for ever", 500), size=90, seed=SEED, substitutes=10)
    digest = hashlib.sha256(" ".join(references(drawn.selected + drawn.substitutes)).encode()).hexdigest()
    assert digest == "29b9665317d580a1b61b5c2a5f897dbb5447c98fe3553028b05a09ef47d75b3b"


def test_another_seed_gives_another_sample():
    cases = made_list("seeds", 500)
    samples = {tuple(references(sampling.draw(cases, size=90, seed=bytes([n])).selected)) for n in range(5)}
    assert len(samples) == 5


def test_chances_are_equal():
    """Times drawn by cell over 600 seeded draws: the mean square of their standardised differences is that of noise."""
    cases, draws, size = made_list("chances", 300), 600, 60
    times = Counter()
    for number in range(draws):
        times.update(references(sampling.draw(cases, size=size, seed=b"chance %d" % number).selected))
    people, chance = Counter(case.strata for case in cases), size / len(cases)
    drawn = Counter({stratum: sum(times[c.reference] for c in cases if c.strata == stratum) for stratum in people})
    person = sum((times[c.reference] - draws * chance) ** 2 for c in cases) / (draws * chance * (1 - chance))
    assert abs(person - len(cases)) < 5 * math.sqrt(2 * len(cases))
    for stratum, there in people.items():
        due = there * chance
        noise = math.sqrt(draws * min(due, 0.25 if due > 0.5 else due * (1 - due)))
        assert abs(drawn[stratum] - draws * due) < 4.5 * noise, stratum


def test_substitutes_are_a_prefix_of_more_substitutes():
    cases = made_list("prefix", 600)
    few, many = (sampling.draw(cases, size=100, seed=SEED, substitutes=n) for n in (15, 300))
    assert many.substitutes[:15] == few.substitutes
    assert many.selected == few.selected
    shares = sampling.margins(cases, references(many.substitutes))
    assert max(abs(m.difference) for m in shares if m.variable.startswith("Variable")) < 12


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_replacing_moves_nobody_else_and_keeps_the_stratum(data):
    drawn = sampling.draw(LIST, size=100, seed=SEED, substitutes=400)
    leaving = data.draw(st.lists(st.sampled_from(references(drawn.selected)), unique=True, max_size=12))
    replacements = sampling.replace(drawn, leaving)
    assert [one.excluded for one in replacements] == leaving
    steps = [one.substitute.reference for one in replacements]
    assert len(set(steps)) == len(steps)
    assert set(steps) <= set(references(drawn.substitutes))
    assert sampling.replace(drawn, leaving[:5]) == replacements[:5]
    big = {"male", "community"}
    assert all(one.kept_stratum for one in replacements if big <= set(one.substitute.strata))


LIST = made_list("replace", 600)


def test_an_excluded_substitute_is_passed_over_or_replaced_in_turn():
    drawn = sampling.draw(LIST, size=100, seed=SEED, substitutes=200)
    first = drawn.selected[0].reference
    step = sampling.replace(drawn, [first])[0].substitute.reference
    passed = sampling.replace(drawn, [step, first])
    assert [one.excluded for one in passed] == [first]
    assert passed[0].substitute.reference != step
    in_turn = sampling.replace(drawn, [first, step])
    assert [one.excluded for one in in_turn] == [first, step]
    assert in_turn[0].substitute.reference == step


def test_substitutes_that_have_run_out_are_told():
    drawn = sampling.draw(LIST, size=10, seed=SEED, substitutes=1)
    one, two = sampling.replace(drawn, references(drawn.selected)[:2])
    assert (one.substitute, two.substitute, two.kept_unit) == (drawn.substitutes[0], None, False)
    with pytest.raises(sampling.UnknownReferenceError, match="nobody"):
        sampling.replace(drawn, ["nobody"])


@pytest.mark.parametrize(
    ("error", "cases", "more"),
    [
        (sampling.EmptyListError, [], {}),
        (sampling.ImpossibleSizeError, LIST[:3], {"size": 0}),
        (sampling.ImpossibleSizeError, LIST[:3], {"substitutes": -1}),
        (sampling.EmptySeedError, LIST[:3], {"seed": b""}),
        (sampling.DuplicateReferenceError, [*LIST[:3], LIST[1]], {}),
        (sampling.UnevenCasesError, [LIST[0], sampling.ListedCase("X", (), LIST[0].strata)], {}),
        (sampling.UnevenCasesError, LIST[:3], {"proportions": {("male",): 1}}),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(error, cases, more):
    with pytest.raises(error):
        sampling.draw(cases, **{"size": 2, "seed": SEED, **more})
