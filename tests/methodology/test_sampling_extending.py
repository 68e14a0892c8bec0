"""Chapter 4.4: a sample that is extended keeps everybody, and it makes no odds whether cases left before or after."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspectorate.methodology import sampling
from inspectorate.methodology.sampling import DrawnCase


@st.composite
def draws(draw):
    """Lists of one to four kinds of case in up to two units, with substitutes."""
    kinds = draw(st.integers(1, 4))
    teams = draw(st.integers(1, 2))
    many = draw(st.integers(12, 60))
    cases = [sampling.ListedCase(f"C{n:03}", (f"Team {n % teams}",), (f"kind {n % kinds}",)) for n in range(many)]
    size = draw(st.integers(2, many // 2))
    return sampling.draw(cases, size=size, substitutes=many - size, seed=draw(st.binary(min_size=4, max_size=8)))


def references(cases):
    return [one.reference for one in cases]


def left_after(drawn, out):
    """The sample after replacements, as references."""
    gone = set(out)
    stepped = [one.substitute.reference for one in sampling.replace(drawn, out) if one.substitute]
    return {*(one for one in references(drawn.selected) if one not in gone), *stepped}


@given(draws(), st.data())
def test_extending_keeps_everybody_and_takes_substitutes_in_their_order(drawn, data):
    more = data.draw(st.integers(0, len(drawn.substitutes)))
    larger = sampling.extend(drawn, more)
    assert references(larger.selected) == references(drawn.selected) + references(drawn.substitutes[:more])
    assert references(larger.substitutes) == references(drawn.substitutes)[more:]
    assert larger.wanted == drawn.wanted + more
    first = data.draw(st.integers(0, more))
    assert sampling.extend(sampling.extend(drawn, first), more - first) == larger


@given(draws(), st.data())
def test_extend_then_replace_keeps_what_replace_then_extend_keeps(drawn, data):
    out = data.draw(st.lists(st.sampled_from(references(drawn.selected)), unique=True, max_size=4))
    more = data.draw(st.integers(0, min(6, len(drawn.substitutes))))
    assume(len(drawn.substitutes) >= more + len(out))
    replaced = left_after(drawn, out)
    joined = sampling.joining(drawn, more, inside=replaced, out=out)
    later = replaced | set(references(joined))
    at_first = left_after(sampling.extend(drawn, more), out)
    # Nobody moves, whichever came first, and the number is the same.
    assert replaced <= later
    assert len(joined) == more
    assert len(later) == len(at_first) == len(drawn.selected) + more
    assert set(references(drawn.selected)) - set(out) <= later & at_first
    if replaced <= at_first:
        assert later == at_first


def test_where_each_cell_has_substitutes_enough_the_two_give_the_same_sample():
    cases = [sampling.ListedCase(f"C{n:03}", ("Team",), (f"kind {n % 3}",)) for n in range(90)]
    for seed in range(40):
        drawn = sampling.draw(cases, size=30, substitutes=45, seed=bytes([seed]))
        out = references(drawn.selected)[seed % 7 : seed % 7 + 6]
        replaced = left_after(drawn, out)
        for more in range(12):
            joined = sampling.joining(drawn, more, inside=replaced, out=out)
            assert replaced | set(references(joined)) == left_after(sampling.extend(drawn, more), out)


def test_two_small_extensions_are_one_large_one_after_cases_left():
    cases = [sampling.ListedCase(f"C{n:03}", ("Team",), (f"kind {n % 3}",)) for n in range(90)]
    drawn = sampling.draw(cases, size=30, substitutes=45, seed=b"once")
    out = references(drawn.selected)[:5]
    replaced = left_after(drawn, out)
    first = replaced | set(references(sampling.joining(drawn, 4, inside=replaced, out=out)))
    second = first | set(references(sampling.joining(drawn, 5, before=4, inside=first, out=out)))
    assert second == replaced | set(references(sampling.joining(drawn, 9, inside=replaced, out=out)))


def test_more_than_there_are_substitutes_is_refused_and_the_last_ones_join():
    one, two = (DrawnCase(name, (), (), "0") for name in ("a", "b"))
    drawn = sampling.Draw((one,), (two,), (), 2, 1, 0)
    with pytest.raises(sampling.ImpossibleSizeError, match="there are 1 substitutes"):
        sampling.extend(drawn, 2)
    assert references(sampling.joining(drawn, 5, inside={"a"}, out=[])) == ["b"]
