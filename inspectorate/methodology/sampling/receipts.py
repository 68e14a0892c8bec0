"""Chapter 4: the receipt of a draw, with which anyone who holds the long list can make the same draw again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inspectorate.methodology.sampling.draws import (
    ALGORITHM,
    Draw,
    ListedCase,
    SamplingError,
    count_strata,
    draw,
)
from inspectorate.methodology.sampling.inputs import (
    Inputs,
    Units,
    WrongThrowsError,
    digest_of,
    inputs_digest,
    proportions_of,
    read_throws,
    seed_of,
)
from inspectorate.methodology.sampling.picking import ALGORITHM_VERSIONS
from inspectorate.methodology.sampling.sealing import row_digests
from inspectorate.methodology.sampling.strata import Stratum

_FORM = 2
# Form 1 held no inputs, and of the list only the rows of the units drawn from.
_FORMS = (1, _FORM)
SeedFrom = Literal["system", "dice", "given"]
_SEEDS: tuple[SeedFrom, ...] = ("system", "dice", "given")


class UnreadableReceiptError(SamplingError):
    """What was given is no receipt of a draw."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that made a draw, and what it gave.

    `rows` are pairs of digests (of the reference; of the whole row) in order: they name a changed row to who holds the
    list, and give nothing away to who does not. `proportions` are the counts matched where they were not those of the
    cases drawn from, `units` the units drawn from (none for all). `inputs_digest` was shown at `inputs_at` (ISO 8601,
    "" where it was shown to nobody), before the seed was made from `seed_from`; `throws` are the throws of dice.
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
    form: int = 1
    specification_digest: str = ""
    units: tuple[Units, ...] = ()
    inputs_digest: str = ""
    inputs_at: str = ""
    seed_from: SeedFrom = "system"
    throws: str = ""
    one_of_each: tuple[int, ...] = ()

    @property
    def inputs(self) -> Inputs:
        """What the draw was made from, as it was hashed before there was a seed."""
        return Inputs(
            list_id=self.list_id,
            list_digest=self.list_digest,
            specification_digest=self.specification_digest,
            pack_id=self.pack_id,
            pack_version=self.pack_version,
            pack_digest=self.pack_digest,
            size=self.size,
            substitutes=self.substitutes_wanted,
            units=self.units,
            proportions=self.proportions,
            algorithm=self.algorithm,
            algorithm_version=self.algorithm_version,
            one_of_each=self.one_of_each,
        )


def make_receipt(
    cases: Sequence[ListedCase],
    drawn: Draw,
    *,
    inputs: Inputs,
    seed: bytes,
    inputs_at: str = "",
    seed_from: SeedFrom = "system",
    throws: str = "",
) -> Receipt:
    """Return the receipt of a draw from `inputs`; `cases` are those of the whole list, left out units included.

    `inputs_at` is the instant (ISO 8601) at which the digest of the inputs was shown, `throws` the throws of dice.

    Manual 4.4d, 4.4f
    """
    return Receipt(
        list_id=inputs.list_id,
        list_digest=inputs.list_digest,
        rows=row_digests(cases),
        pack_id=inputs.pack_id,
        pack_version=inputs.pack_version,
        pack_digest=inputs.pack_digest,
        algorithm=inputs.algorithm,
        algorithm_version=inputs.algorithm_version,
        size=inputs.size,
        substitutes_wanted=inputs.substitutes,
        proportions=inputs.proportions,
        seed=seed.hex(),
        selected=tuple(one.reference for one in drawn.selected),
        substitutes=tuple(one.reference for one in drawn.substitutes),
        form=_FORM,
        specification_digest=inputs.specification_digest,
        units=inputs.units,
        inputs_digest=inputs_digest(inputs),
        inputs_at=inputs_at,
        seed_from=seed_from,
        throws=throws,
        one_of_each=inputs.one_of_each,
    )


def receipt_to_dict(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as plain values that JSON can hold.

    Manual 4.4f
    """
    written: dict[str, Any] = {
        "form": receipt.form,
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
    if receipt.form > 1:
        written["list"] |= {"specification": receipt.specification_digest}
        written |= {
            "units": [list(units) for units in receipt.units],
            "one_of_each": list(receipt.one_of_each),
            "inputs": {"digest": receipt.inputs_digest, "at": receipt.inputs_at},
            "seed_from": receipt.seed_from,
            "throws": receipt.throws,
        }
    return written


def receipt_from_dict(given: Mapping[str, Any]) -> Receipt:
    """Return the receipt that `receipt_to_dict` wrote, in this form or an earlier one. Raises `UnreadableReceiptError`
    naming what is missing or wrong.

    Manual 4.4f
    """
    try:
        if given["form"] not in _FORMS:
            raise UnreadableReceiptError(f"The receipt is of form {given['form']}; this version reads up to {_FORM}.")
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
            **(_later(given) if given["form"] > 1 else {}),
        )
    except KeyError as missing:
        raise UnreadableReceiptError(f"The receipt has no {missing}: give the file as it was written.") from missing
    except (TypeError, ValueError, AttributeError) as wrong:
        if isinstance(wrong, SamplingError):
            raise
        raise UnreadableReceiptError(f"The receipt is unreadable ({wrong}): give the file as written.") from wrong


def _later(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a receipt of form 2 holds besides."""
    if given["seed_from"] not in _SEEDS:
        raise UnreadableReceiptError(f"The receipt has a seed from '{given['seed_from']}', which is no source of one.")
    return {
        "form": int(given["form"]),
        "specification_digest": str(given["list"]["specification"]),
        "units": tuple(tuple(map(str, one)) for one in given["units"]),
        "one_of_each": tuple(map(int, given["one_of_each"])),
        "inputs_digest": str(given["inputs"]["digest"]),
        "inputs_at": str(given["inputs"]["at"]),
        "seed_from": given["seed_from"],
        "throws": str(given["throws"]),
    }


def verify(receipt: Receipt, cases: Sequence[ListedCase]) -> tuple[str, ...]:
    """Make the draw again and return every fault found, in words; none means that the receipt is true of this list.

    `cases` are those of the whole list. Rows that were changed, added or left out are named as far as the receipt can
    tell them; so are another algorithm, a receipt that does not agree with itself (its inputs with the digest shown
    before the draw, its seed with the throws of dice) and another result.

    Manual 4.4d, 4.4f
    """
    faults = _row_faults(receipt, cases)
    if digest_of([whole for _, whole in receipt.rows]) != receipt.list_digest:
        faults.append("The row digests of the receipt do not give its list digest: the receipt was changed.")
    faults += _faults_within(receipt)
    if receipt.algorithm != ALGORITHM or receipt.algorithm_version not in ALGORITHM_VERSIONS:
        faults.append(
            f"The draw was made with {receipt.algorithm} version {receipt.algorithm_version}; this is {ALGORITHM} "
            f"version {' or '.join(map(str, ALGORITHM_VERSIONS))}, so it cannot be made again here."
        )
    if not faults and receipt.units and receipt.proportions != proportions_of(count_strata(cases)):
        faults.append("The proportions of the receipt are not those of the list: the receipt was changed.")
    if faults:
        return tuple(faults)
    units = set(receipt.units)
    try:
        again = draw(
            [case for case in cases if not units or case.units in units],
            size=receipt.size,
            seed=bytes.fromhex(receipt.seed),
            substitutes=receipt.substitutes_wanted,
            proportions=None if receipt.proportions is None else dict(receipt.proportions),
            one_of_each=receipt.one_of_each,
            version=receipt.algorithm_version,
        )
    except SamplingError as refused:
        return (f"The draw cannot be made again: {refused}",)
    faults += _differences("selected cases", receipt.selected, [one.reference for one in again.selected])
    faults += _differences("substitutes", receipt.substitutes, [one.reference for one in again.substitutes])
    return tuple(faults)


def _faults_within(receipt: Receipt) -> list[str]:
    """How a receipt disagrees with itself in what was known before the draw, and in its seed."""
    faults = []
    if receipt.form > 1 and inputs_digest(receipt.inputs) != receipt.inputs_digest:
        faults.append("What the draw was made from does not give the digest shown before it: the receipt was changed.")
    if receipt.seed_from == "dice":
        try:
            if seed_of(read_throws(receipt.throws)).hex() != receipt.seed:
                faults.append("The throws of the dice do not give the seed: the receipt was changed.")
        except WrongThrowsError as refused:
            faults.append(f"The throws of the dice give no seed: {refused}")
    elif receipt.throws:
        faults.append("The receipt holds throws of dice and says that its seed is not from dice: it was changed.")
    return faults


def _row_faults(receipt: Receipt, cases: Sequence[ListedCase]) -> list[str]:
    known, faults, found = dict(receipt.rows), [], set[str]()
    for case in cases:
        reference = digest_of(case.reference)
        if reference in found:
            faults.append(f"Case {case.reference} stands on more than one row.")
        elif reference not in known:
            faults.append(f"Case {case.reference} was not on the list when the draw was made.")
        elif known[reference] != digest_of(_row(case)):
            faults.append(f"Case {case.reference} is not as it was when the draw was made.")
        found.add(reference)
    gone = known.keys() - found
    if gone:
        named = [one for one in (*receipt.selected, *receipt.substitutes) if digest_of(one) in gone]
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
