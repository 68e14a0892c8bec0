"""Chapter 4: the receipt of a draw, with which anyone who holds the long list can make the same draw again."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspectorate.methodology.sampling.draws import (
    ALGORITHM,
    ALGORITHM_VERSION,
    Draw,
    ListedCase,
    SamplingError,
    draw,
)
from inspectorate.methodology.sampling.sealing import digests_of
from inspectorate.methodology.sampling.strata import Stratum

_FORM = 1


class UnreadableReceiptError(SamplingError):
    """What was given is no receipt of a draw."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that made a draw, and what it gave.

    `list_digest` is known before the seed is made. `rows` are pairs of digests (of the reference; of the whole row) in
    order: they name a changed row to who holds the list, and give nothing away to who does not. `proportions` are the
    counts matched where they were not those of the list.
    """

    list_id: str
    list_digest: str
    rows: tuple[tuple[str, str], ...]
    pack_id: str
    pack_version: str
    pack_digest: str
    algorithm: str
    algorithm_version: int
    size: int
    substitutes_wanted: int
    proportions: tuple[tuple[Stratum, int], ...] | None
    seed: str
    selected: tuple[str, ...]
    substitutes: tuple[str, ...]


def row_digests(cases: Iterable[ListedCase]) -> tuple[tuple[str, str], ...]:
    """Return for each case the digests (hexadecimal) of its reference and of its whole row, in order of the first.

    Manual 4.4b
    """
    return tuple(sorted(digests_of(cases)))


def list_digest(cases: Iterable[ListedCase]) -> str:
    """Return the SHA-256 (hexadecimal) of a long list, whatever the order of its rows.

    Manual 4.4b
    """
    return _digest([whole for _, whole in row_digests(cases)])


def make_receipt(
    cases: Sequence[ListedCase],
    drawn: Draw,
    *,
    list_id: str,
    seed: bytes,
    pack: tuple[str, str, str],
    substitutes: int,
    proportions: Mapping[Stratum, int] | None = None,
) -> Receipt:
    """Return the receipt of a draw; `pack` is its (id, version, digest), the rest as it was given to `draw`.

    Manual 4.4d, 4.4f
    """
    rows = row_digests(cases)
    return Receipt(
        list_id=list_id,
        list_digest=_digest([whole for _, whole in rows]),
        rows=rows,
        pack_id=pack[0],
        pack_version=pack[1],
        pack_digest=pack[2],
        algorithm=ALGORITHM,
        algorithm_version=ALGORITHM_VERSION,
        size=drawn.wanted,
        substitutes_wanted=substitutes,
        proportions=None if proportions is None else tuple(sorted(proportions.items())),
        seed=seed.hex(),
        selected=tuple(one.reference for one in drawn.selected),
        substitutes=tuple(one.reference for one in drawn.substitutes),
    )


def receipt_to_dict(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as plain values that JSON can hold.

    Manual 4.4f
    """
    return {
        "form": _FORM,
        "list": {"id": receipt.list_id, "digest": receipt.list_digest, "rows": [list(row) for row in receipt.rows]},
        "pack": {"id": receipt.pack_id, "version": receipt.pack_version, "digest": receipt.pack_digest},
        "algorithm": {"name": receipt.algorithm, "version": receipt.algorithm_version},
        "size": receipt.size,
        "substitutes_wanted": receipt.substitutes_wanted,
        "proportions": None
        if receipt.proportions is None
        else [{"stratum": list(stratum), "cases": cases} for stratum, cases in receipt.proportions],
        "seed": receipt.seed,
        "selected": list(receipt.selected),
        "substitutes": list(receipt.substitutes),
    }


def receipt_from_dict(given: Mapping[str, Any]) -> Receipt:
    """Return the receipt that `receipt_to_dict` wrote. Raises `UnreadableReceiptError` naming what is missing or wrong.

    Manual 4.4f
    """
    try:
        if given["form"] != _FORM:
            raise UnreadableReceiptError(f"The receipt is of form {given['form']}; this version reads form {_FORM}.")
        listed, pack, algorithm, proportions = given["list"], given["pack"], given["algorithm"], given["proportions"]
        bytes.fromhex(given["seed"])
        return Receipt(
            list_id=str(listed["id"]),
            list_digest=str(listed["digest"]),
            rows=tuple((str(reference), str(row)) for reference, row in listed["rows"]),
            pack_id=str(pack["id"]),
            pack_version=str(pack["version"]),
            pack_digest=str(pack["digest"]),
            algorithm=str(algorithm["name"]),
            algorithm_version=int(algorithm["version"]),
            size=int(given["size"]),
            substitutes_wanted=int(given["substitutes_wanted"]),
            proportions=None
            if proportions is None
            else tuple((tuple(map(str, one["stratum"])), int(one["cases"])) for one in proportions),
            seed=str(given["seed"]),
            selected=tuple(map(str, given["selected"])),
            substitutes=tuple(map(str, given["substitutes"])),
        )
    except KeyError as missing:
        raise UnreadableReceiptError(f"The receipt has no {missing}: give the file as it was written.") from missing
    except (TypeError, ValueError, AttributeError) as wrong:
        if isinstance(wrong, SamplingError):
            raise
        raise UnreadableReceiptError(f"The receipt is unreadable ({wrong}): give the file as written.") from wrong


def verify(receipt: Receipt, cases: Sequence[ListedCase]) -> tuple[str, ...]:
    """Make the draw again and return every fault found, in words; none means that the receipt is true of this list.

    Rows that were changed, added or left out are named as far as the receipt can tell them; so are another algorithm, a
    receipt that does not agree with itself and another result.

    Manual 4.4d, 4.4f
    """
    faults = _row_faults(receipt, cases)
    if _digest([whole for _, whole in receipt.rows]) != receipt.list_digest:
        faults.append("The row digests of the receipt do not give its list digest: the receipt was changed.")
    if (receipt.algorithm, receipt.algorithm_version) != (ALGORITHM, ALGORITHM_VERSION):
        faults.append(
            f"The draw was made with {receipt.algorithm} version {receipt.algorithm_version}; "
            f"this is {ALGORITHM} version {ALGORITHM_VERSION}, so it cannot be made again here."
        )
    if faults:
        return tuple(faults)
    try:
        again = draw(
            cases,
            size=receipt.size,
            seed=bytes.fromhex(receipt.seed),
            substitutes=receipt.substitutes_wanted,
            proportions=None if receipt.proportions is None else dict(receipt.proportions),
        )
    except SamplingError as refused:
        return (f"The draw cannot be made again: {refused}",)
    faults += _differences("selected cases", receipt.selected, [one.reference for one in again.selected])
    faults += _differences("substitutes", receipt.substitutes, [one.reference for one in again.substitutes])
    return tuple(faults)


def _row_faults(receipt: Receipt, cases: Sequence[ListedCase]) -> list[str]:
    known, faults, found = dict(receipt.rows), [], set[str]()
    for case in cases:
        reference = _digest(case.reference)
        if reference in found:
            faults.append(f"Case {case.reference} stands on more than one row.")
        elif reference not in known:
            faults.append(f"Case {case.reference} was not on the list when the draw was made.")
        elif known[reference] != _digest(_row(case)):
            faults.append(f"Case {case.reference} is not as it was when the draw was made.")
        found.add(reference)
    gone = known.keys() - found
    if gone:
        named = [one for one in (*receipt.selected, *receipt.substitutes) if _digest(one) in gone]
        among = f", among them {', '.join(named)}" if named else ""
        faults.append(f"Rows that were on the list when the draw was made and are not now: {len(gone)}{among}.")
    return faults


def _differences(what: str, then: Sequence[str], now: Sequence[str]) -> list[str]:
    if tuple(then) == tuple(now):
        return []
    lost, gained = [one for one in then if one not in set(now)], [one for one in now if one not in set(then)]
    if not lost and not gained:
        return [f"The {what} are the same, but in another order than the draw gives them."]
    return [f"The {what} differ: only in the receipt {lost or 'none'}, only in the draw made again {gained or 'none'}."]


def _row(case: ListedCase) -> list[Any]:
    return [case.reference, list(case.units), list(case.strata)]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
