"""Chapter 4.4: a receipt replays the draw and names what was changed."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from inspectorate.methodology import sampling

SEED = b"thrown in public"
CASES = [
    sampling.ListedCase(f"É{n:03}", (f"Area {n % 3}", f"Team {n % 7}"), (("male", "female")[n % 5 == 0], "low"))
    for n in range(120)
]


def inputs_for(cases, proportions=None, units=()):
    return sampling.Inputs(
        list_id="domain-two",
        list_digest=sampling.list_digest(cases),
        specification_digest="cd" * 32,
        pack_id="probation-v3-2018",
        pack_version="1",
        pack_digest="ab" * 32,
        size=40,
        substitutes=12,
        units=units,
        proportions=None if proportions is None else sampling.proportions_of(proportions),
    )


def receipt_for(cases, proportions=None, units=(), **how):
    seed = how.pop("seed", SEED)
    there = [case for case in cases if not units or case.units in units]
    drawn = sampling.draw(there, size=40, seed=seed, substitutes=12, proportions=proportions)
    return sampling.make_receipt(cases, drawn, inputs=inputs_for(cases, proportions, units), seed=seed, **how)


RECEIPT = receipt_for(CASES)


def test_a_receipt_is_true_of_its_list_in_any_order():
    assert sampling.verify(RECEIPT, CASES) == ()
    assert sampling.verify(RECEIPT, CASES[::-1]) == ()
    assert sampling.list_digest(CASES[::-1]) == RECEIPT.list_digest


def test_a_receipt_goes_through_json_and_back():
    written = json.dumps(sampling.receipt_to_dict(RECEIPT))
    assert sampling.receipt_from_dict(json.loads(written)) == RECEIPT
    other = receipt_for(CASES, {("male", "low"): 1, ("female", "low"): 1})
    again = sampling.receipt_from_dict(json.loads(json.dumps(sampling.receipt_to_dict(other))))
    assert again == other
    assert sampling.verify(again, CASES) == ()


def test_changed_added_and_missing_rows_are_named():
    changed = replace(CASES[7], strata=("female", "low"))
    added = replace(CASES[7], reference="New")
    gone = RECEIPT.selected[0]
    cases = [changed if case == CASES[7] else case for case in CASES if case.reference != gone] + [added]
    faults = sampling.verify(RECEIPT, cases)
    assert set(faults) == {
        "Case É007 is not as it was when the draw was made.",
        "Case New was not on the list when the draw was made.",
        f"Rows that were on the list when the draw was made and are not now: 1, among them {gone}.",
    }


def test_a_row_given_twice_is_named():
    assert "Case É000 stands on more than one row." in sampling.verify(RECEIPT, [*CASES, CASES[0]])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"algorithm_version": 99}, "balanced-flow version 99"),
        ({"seed": b"another seed".hex()}, "The selected cases differ"),
        ({"selected": RECEIPT.selected[::-1]}, "another order"),
        (
            {"selected": (RECEIPT.substitutes[0], *RECEIPT.selected[1:])},
            "only in the receipt",
        ),
        ({"substitutes": RECEIPT.substitutes[1:]}, "The substitutes differ"),
        ({"list_digest": "0" * 64}, "the receipt was changed"),
    ],
)
def test_a_false_receipt_is_found_out(change, fault):
    assert any(fault in found for found in sampling.verify(replace(RECEIPT, **change), CASES))


def test_a_receipt_of_an_impossible_draw_is_found_out():
    false = replace(RECEIPT, size=0)
    false = replace(false, inputs_digest=sampling.inputs_digest(false.inputs))
    assert any("cannot be made again" in found for found in sampling.verify(false, CASES))


@pytest.mark.parametrize(
    "change",
    [
        {"form": 9},
        {"seed": "xyz"},
        {"seed": None},
        {"list": {}},
        {"list": []},
        {"size": "many"},
        {"pack": None},
        {"proportions": [{"stratum": ["a"]}]},
    ],
)
def test_what_is_no_receipt_is_refused(change):
    with pytest.raises(sampling.UnreadableReceiptError, match="receipt"):
        sampling.receipt_from_dict({**sampling.receipt_to_dict(RECEIPT), **change})
    with pytest.raises(sampling.UnreadableReceiptError, match="form"):
        sampling.receipt_from_dict({})


def test_a_receipt_names_nobody_who_was_not_drawn():
    written = json.dumps(sampling.receipt_to_dict(RECEIPT), ensure_ascii=False)
    drawn = {*RECEIPT.selected, *RECEIPT.substitutes}
    assert not [case.reference for case in CASES if case.reference not in drawn and case.reference in written]


THROWS = "3152646132511643526142365126431526413625416253416253"
DICE = receipt_for(CASES, seed=sampling.seed_of(THROWS), seed_from="dice", throws=THROWS, inputs_at="2019-04-24T10:00")
UNITS = tuple(sorted({case.units for case in CASES})[:9])


def test_a_receipt_of_dice_replays_from_the_throws():
    written = json.loads(json.dumps(sampling.receipt_to_dict(DICE)))
    assert sampling.receipt_from_dict(written) == DICE
    assert sampling.verify(DICE, CASES) == ()
    assert DICE.seed == hashlib.sha256(THROWS.encode()).hexdigest()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"throws": THROWS[::-1]}, "do not give the seed"),
        ({"throws": "12"}, "give no seed"),
        ({"seed_from": "system"}, "says that its seed is not from dice"),
        ({"inputs_digest": "0" * 64}, "does not give the digest shown before it"),
        ({"size": 41}, "does not give the digest shown before it"),
        ({"specification_digest": "0" * 64}, "does not give the digest shown before it"),
    ],
)
def test_what_was_known_before_the_draw_and_the_throws_cannot_be_changed_afterwards(change, fault):
    assert any(fault in found for found in sampling.verify(replace(DICE, **change), CASES))


def test_a_receipt_from_some_units_is_verified_with_the_whole_list():
    receipt = receipt_for(CASES, sampling.count_strata(CASES), UNITS)
    assert sampling.verify(receipt, CASES) == ()
    assert receipt.list_digest == sampling.list_digest(CASES)
    false = replace(receipt, proportions=((("female", "low"), 1),))
    false = replace(false, inputs_digest=sampling.inputs_digest(false.inputs))
    assert sampling.verify(false, CASES) == (
        "The proportions of the receipt are not those of the list: the receipt was changed.",
    )


def test_a_receipt_of_the_first_form_still_verifies():
    """As version 0.1.0 wrote it."""
    first = {
        "form": 1,
        "list": {"id": "domain-two", "digest": RECEIPT.list_digest, "rows": [list(row) for row in RECEIPT.rows]},
        "pack": {"id": "probation-v3-2018", "version": "1", "digest": "ab" * 32},
        "algorithm": {"name": RECEIPT.algorithm, "version": RECEIPT.algorithm_version},
        "size": 40,
        "substitutes_wanted": 12,
        "proportions": None,
        "seed": SEED.hex(),
        "selected": list(RECEIPT.selected),
        "substitutes": list(RECEIPT.substitutes),
    }
    receipt = sampling.receipt_from_dict(first)
    assert sampling.verify(receipt, CASES) == ()
    assert sampling.receipt_to_dict(receipt) == first
    assert sampling.verify(replace(receipt, selected=receipt.selected[::-1]), CASES) != ()


@pytest.mark.parametrize("change", [{"seed_from": "the moon"}, {"inputs": None}, {"units": 7}, {"throws": ...}])
def test_a_receipt_of_the_second_form_with_a_part_missing_is_refused(change):
    written = {**sampling.receipt_to_dict(DICE), **change}
    written = {key: value for key, value in written.items() if value is not ...}
    with pytest.raises(sampling.UnreadableReceiptError):
        sampling.receipt_from_dict(written)


def test_a_list_has_the_digest_of_its_rows_written_as_json_whichever_way_it_is_kept():
    def digest(value):
        return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    cases = [*CASES, sampling.ListedCase('a "b" \\ \u2028\n', (), ("x",))]
    rows = sorted((digest(one.reference), digest([one.reference, one.units, one.strata])) for one in cases)
    cells = [((case.strata), (case.units)) for case in cases]
    kept = sampling.CodedCases(cells, np.arange(len(cases)), [case.reference for case in cases])
    assert sampling.row_digests(cases) == sampling.row_digests(kept) == tuple(rows)
    assert sampling.list_digest(cases) == sampling.list_digest(kept) == digest([whole for _, whole in rows])
    assert list(kept) == cases
    assert sampling.list_digest([]) == digest([])
