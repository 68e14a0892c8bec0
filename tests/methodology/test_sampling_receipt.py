"""Chapter 4.4: a receipt replays the draw and names what was changed."""

import json
from dataclasses import replace

import pytest

from inspectorate.methodology import sampling

SEED = b"thrown in public"
CASES = [
    sampling.ListedCase(f"É{n:03}", (f"Area {n % 3}", f"Team {n % 7}"), (("male", "female")[n % 5 == 0], "low"))
    for n in range(120)
]


def receipt_for(cases, proportions=None):
    drawn = sampling.draw(cases, size=40, seed=SEED, substitutes=12, proportions=proportions)
    return sampling.make_receipt(
        cases,
        drawn,
        list_id="domain-two",
        seed=SEED,
        pack=("probation-v3-2018", "1", "ab" * 32),
        substitutes=12,
        proportions=proportions,
    )


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
        ({"size": 0}, "cannot be made again"),
    ],
)
def test_a_false_receipt_is_found_out(change, fault):
    assert any(fault in found for found in sampling.verify(replace(RECEIPT, **change), CASES))


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
