"""Chapter 4.4, long lists: which faults can be waived and how, faults of one kind together, and a list read so."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inspectorate.documents.spreadsheets import Row
from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling import checking
from inspectorate.sampling.cells import NOTHING_HERE
from inspectorate.sampling.checking import LIMITED, MISSING_COLUMN, Checked, Fault, Waived, strata_columns
from inspectorate.sampling.headings import Heading
from inspectorate.sampling.models import Waiver

AS_WRITTEN, LEFT_OUT = Waiver.Outcome.AS_WRITTEN, Waiver.Outcome.LEFT_OUT
# A fault is known again by its row, its column and as much of its text as a waiver keeps.
LONGEST_WHAT, LONGEST_COLUMN, LONGEST_VALUE = 300, 120, 200
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """Faults that say the same of the same column: their rows, and what can become of them."""

    id: str
    column: str
    what: str
    rows: tuple[int, ...]
    outcomes: tuple[Waiver.Outcome, ...]


def outcomes(case_list: CaseList, heading: Heading, fault: Fault) -> tuple[Waiver.Outcome, ...]:
    """What can become of a fault that cannot be mended; nothing where the list is of no use with it. Manual 4.4b.

    A cell is taken as it is only where neither the case, its unit, its stratum nor its place in the period hangs on it.
    """
    if fault.row <= heading.row:
        column = next((one for one in case_list.columns if one.header == fault.column), None)
        spared = fault.row == heading.row and fault.what == MISSING_COLUMN and column is not None
        return (AS_WRITTEN,) if spared and column and column.id not in needed(case_list) else ()
    names = {name: column for name, column in heading.columns if column}
    column_id = names.get(fault.column, "")
    empty_date = column_id == _placed_by(case_list) and fault.what == NOTHING_HERE
    if not column_id or (column_id in needed(case_list) and not empty_date):
        return (LEFT_OUT,)
    return (AS_WRITTEN, LEFT_OUT)


def needed(case_list: CaseList) -> frozenset[str]:
    """The columns of which every cell must be understood."""
    own = {"reference", LIMITED, _placed_by(case_list)}
    return frozenset({*own, *case_list.units, *strata_columns(case_list)})


def _placed_by(case_list: CaseList) -> str:
    """The column whose date places a case in the period."""
    return next((column.id for column in case_list.columns if column.type == "date" and not column.personal), "")


def kinds(case_list: CaseList, heading: Heading, faults: Iterable[Sequence[object]]) -> list[Kind]:
    """The faults of a list, as they are kept with it, those alike together, in the order of the first of each."""
    found: dict[tuple[str, str, tuple[Waiver.Outcome, ...]], list[int]] = {}
    for kept in faults:
        fault = Fault(*kept)  # type: ignore[arg-type]
        alike = _alike(fault.what)
        found.setdefault((fault.column, alike, outcomes(case_list, heading, fault)), []).append(fault.row)
    return [
        Kind(hashlib.sha256(f"{column}|{what}".encode()).hexdigest()[:12], column, what, tuple(rows), able)
        for (column, what, able), rows in found.items()
    ]


def _alike(what: str) -> str:
    """What a fault says whatever the row or the length that it names."""
    return re.sub(r"\brow \d+(, \d+)*", "another row", re.sub(r"\d+(?= characters)", "too many", what))


def of_kind(kind: Kind, faults: Iterable[Sequence[object]]) -> list[Fault]:
    """The faults, as they are kept with a list, that are of a kind."""
    rows = set(kind.rows)
    return [
        fault
        for fault in (Fault(*kept) for kept in faults)  # type: ignore[arg-type]
        if fault.row in rows and fault.column == kind.column and _alike(fault.what) == kind.what
    ]


def check(
    case_list: CaseList,
    grid: Sequence[Row],
    heading: Heading,
    given_on: date,
    waivers: Sequence[Waiver],
    asked: tuple[date, date] | None = None,
) -> tuple[Checked, tuple[int, ...]]:
    """Checks a list without the faults that are waived; and the keys of the waivers that fit no fault of it.

    Some faults come to light only once others are gone, so a waiver is tried until none of the rest fits.
    """
    waiting, fitting = list(waivers), list[Waiver]()
    while True:
        checked = checking.check(case_list, grid, heading, given_on, _waived(fitting), asked)
        told = {_key(fault): fault for fault in checked.faults} if waiting else {}
        fit = [
            one for one in waiting
            if (fault := told.get((one.row, one.column, one.what)))
            and one.outcome in outcomes(case_list, heading, fault)
        ]  # fmt: skip
        if not fit:
            return checked, tuple(one.pk for one in waiting)
        fitting += fit
        used = {one.pk for one in fit}
        waiting = [one for one in waiting if one.pk not in used]


def _key(fault: Fault) -> Key:
    return fault.row, fault.column, fault.what[:LONGEST_WHAT]


def _waived(waivers: Iterable[Waiver]) -> Waived:
    out = [one for one in waivers if one.outcome == LEFT_OUT]
    kept = [one for one in waivers if one.outcome == AS_WRITTEN]
    return Waived(frozenset(one.row for one in out), frozenset((one.row, one.column, one.what) for one in kept))
