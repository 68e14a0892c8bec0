"""Chapter 4.4: what the pages of both sides say when a draw is made again from a receipt and a list."""

import json
from typing import Any

from inspectorate.documents.files import WrongFile
from inspectorate.methodology import sampling as rules
from inspectorate.sampling import proofs
from inspectorate.sampling.draw_forms import CopyFile
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import Draw

MOST_RECEIPT_BYTES = 40_000_000
MOST_SHOWN = 200
NO_RECEIPT = "This file is not a receipt. Choose the .json file of a draw."


class NoReceipt(ValueError):
    """What was given is no receipt of a draw."""


def verified(draw: Draw, form: CopyFile, sight: Sight) -> dict[str, Any]:
    """What a page shows of a draw made again: `verified`, and then `faults`, `more` and `cases`; what is wrong with a
    file stands in the form. Manual 4.4d, 4.4f."""
    if not form.is_bound or not form.is_valid():
        return {"verified": False}
    copy, upload = form.cleaned_data["copy"], form.cleaned_data["upload"]
    try:
        cases = proofs.cases_in(draw.long_list, copy) if copy else None
    except (proofs.WrongCopy, WrongFile) as refusal:
        form.add_error("copy", str(refusal))
        return {"verified": False}
    try:
        many, faults = proofs.faults_of(draw, read_receipt(upload) if upload else draw.receipt, cases)
    except (rules.UnreadableReceiptError, NoReceipt, RecursionError) as refusal:
        form.add_error("upload", str(refusal))
        return {"verified": False}
    return {
        "verified": True,
        "faults": sight.told(faults[:MOST_SHOWN]),
        "more": max(0, len(faults) - MOST_SHOWN),
        "cases": many,
        "own_copy": bool(copy),
    }


def read_receipt(upload: Any) -> dict[str, Any]:
    """A receipt as it was downloaded. Raises NoReceipt."""
    if upload.size > MOST_RECEIPT_BYTES:
        raise NoReceipt(f"A receipt is smaller than {MOST_RECEIPT_BYTES // 1_000_000} MB. This is another file.")
    try:
        given = json.loads(upload.read().decode("utf-8-sig"))
    except ValueError:
        raise NoReceipt(NO_RECEIPT) from None
    if not isinstance(given, dict):
        raise NoReceipt(NO_RECEIPT)
    return given
