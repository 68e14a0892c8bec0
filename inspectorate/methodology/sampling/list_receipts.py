"""Chapter 4.4: whether a list is the one that a receipt of an accepted list speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from inspectorate.methodology.sampling.draws import ListedCase
from inspectorate.methodology.sampling.receipts import UnreadableReceiptError
from inspectorate.methodology.sampling.sealing import list_digest

# How such a receipt begins, so that nobody takes it for the receipt of a draw.
LIST_RECEIPT: Mapping[str, Any] = MappingProxyType({"form": 1, "receipt": "accepted long list"})


@dataclass(frozen=True, slots=True)
class ListReceipt:
    """The part of a receipt by which a list is known again."""

    list_id: str
    list_digest: str
    file_digest: str
    cases: int
    pack_id: str


def list_receipt_from_dict(given: Any) -> ListReceipt:
    """Read the receipt of an accepted list. Raises `UnreadableReceiptError`.

    Manual 4.4b
    """
    try:
        if {one: given[one] for one in LIST_RECEIPT} != dict(LIST_RECEIPT):
            raise UnreadableReceiptError("This is not the receipt of an accepted long list.")
        return ListReceipt(
            list_id=str(given["list"]["id"]),
            list_digest=str(given["list"]["digest"]),
            file_digest=str(given["file"]["sha256"]),
            cases=int(given["counts"]["cases"]),
            pack_id=str(given["pack"]["id"]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, UnreadableReceiptError):
            raise
        raise UnreadableReceiptError("This is not the receipt of an accepted long list.") from error


def differs_from_receipt(receipt: ListReceipt, cases: Sequence[ListedCase]) -> tuple[str, ...]:
    """Say in which way the cases of a list are not those of a receipt; nothing where they are.

    Manual 4.4b
    """
    if list_digest(cases) == receipt.list_digest:
        return ()
    if len(cases) != receipt.cases:
        return (f"the list has {len(cases)} cases, the accepted one has {receipt.cases}",)
    return ("the list has as many cases as the accepted one, but a reference, a unit or a stratum differs",)
