"""Chapter 4.4: what is hashed before there is a seed, and the seed that dice give."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import pack, sampling
from tests.methodology.test_sampling_receipt import CASES, THROWS, inputs_for


def test_128_bits_need_fifty_throws():
    assert sampling.throws_needed() == 50
    assert sampling.throws_needed(1) == 1


@given(st.text("123456", min_size=50, max_size=120), st.integers(1, 9))
def test_throws_are_read_however_they_are_grouped(throws, group):
    written = ", ".join(throws[at : at + group] for at in range(0, len(throws), group)) + "\n"
    try:
        read = sampling.read_throws(throws)
    except sampling.WrongThrowsError:
        with pytest.raises(sampling.WrongThrowsError):
            sampling.read_throws(written)
    else:
        assert read == throws
        assert sampling.read_throws(written) == throws
        assert len(sampling.seed_of(throws)) == 32


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "0 throws; 50 are needed. Throw 50 more."),
        (THROWS[:49], "49 throws; 50 are needed. Throw 1 more."),
        (THROWS[:-1] + "7", "'7' is no throw"),
        (THROWS + "o", "'o' is no throw"),
        (THROWS[:25] + "٣" * 25, "is no throw"),
        ("123456" * 10, "The throws are 123456 over and over."),
        (THROWS[:17] * 3, f"The throws are {THROWS[:17]} over and over."),
        ("6" * 50, "showed 6 10 times or more in a row"),
        ("616263646566" * 5 + "1", "showed 6 in"),
        (THROWS * 9, "400 are the most"),
    ],
)
def test_what_no_dice_would_give_is_refused(written, says):
    with pytest.raises(sampling.WrongThrowsError, match=says):
        sampling.read_throws(written)


INPUTS = inputs_for(CASES)


@pytest.mark.parametrize(
    "change",
    [
        {"list_id": "unpaid-work"}, {"list_digest": "0" * 64}, {"specification_digest": "0" * 64},
        {"pack_id": "other"}, {"pack_version": "2"}, {"pack_digest": "0" * 64}, {"size": 41}, {"substitutes": 11},
        {"units": (("Area 1", "Team 1"),)}, {"proportions": ((("male", "low"), 1),)}, {"algorithm": "other"},
        {"algorithm_version": 99},
    ],
)  # fmt: skip
def test_every_part_of_the_inputs_changes_their_digest(change):
    assert sampling.inputs_digest(replace(INPUTS, **change)) != sampling.inputs_digest(INPUTS)
    assert len(sampling.inputs_digest(INPUTS)) == 64


def test_a_specification_has_a_digest_that_only_what_it_says_changes():
    lists = pack.load("probation-v3-2018").sampling.lists
    digests = [sampling.specification_digest(one) for one in lists]
    assert len(set(digests)) == len(lists)
    again = [sampling.specification_digest(one) for one in pack.load("probation-v3-2018").sampling.lists]
    assert again == digests
    assert sampling.specification_digest(replace(lists[0], title="Other")) != digests[0]
