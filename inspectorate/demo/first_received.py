"""A domain two list as it comes the first time (Manual 4.4b): a few dozen faults, each one written down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from inspectorate.demo import invented, long_lists, proportions
from inspectorate.demo.long_lists import KINDS, Row
from inspectorate.methodology.sampling.lists import CaseList

SHEET = "Long list"
# The body's own order of columns and its own words for them; all are to be recognised.
HEADERS = {
    "tier-2": "Team ",
    "tier-1": "LDU cluster",
    "reference": "CRN",
    "name": "Service user name",
    "rosh": "RoSH ",
    "gender": "Sex",
    "date-of-birth": "DOB",
    "sentence-type": "Order type",
    "commencement-date": "Sentence or release date",
    "responsible-officer": "RO",
    "office": " Office location",
}
# Written otherwise, yet plain: column and choice, and what stands there instead.
VARIANTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("gender", "female"): ("F", "f", "female ", "FEMALE"),
    ("gender", "male"): ("M", "m ", " Male"),
    ("sentence-type", "community-order"): ("CO", "community order"),
    ("sentence-type", "suspended-sentence-order"): ("SSO", "Suspended sentence"),
    ("sentence-type", "licence"): ("Licence ", "Post custody", "PSS"),
    ("rosh", "low"): ("L",),
    ("rosh", "medium"): ("Med", "MEDIUM"),
    ("rosh", "high"): ("high ",),
}
# Written so that nobody can tell: column and why, and what stands there.
PUZZLES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("rosh", "not a level"): ("Med/High", "TBC", "2", "Not assessed"),
    ("gender", "unknown value"): ("X?", "MF"),
    ("sentence-type", "not a sentence of this list"): ("Deferred sentence", "Fine", "Hospital order"),
    ("commencement-date", "no such day"): ("31/02/2019", "30/11/18/19", "early December"),
    ("date-of-birth", "no such day"): ("29/02/1987", "unknown", "13/13/1979"),
}
BLANKS = ("rosh", "rosh", "gender", "sentence-type", "commencement-date", "reference", "tier-1", "tier-2", "name")
OUT_OF_PERIOD = (date(2016, 5, 3), date(2017, 11, 20), date(2021, 1, 4), date(2015, 8, 12))
DUPLICATES = 4


@dataclass(slots=True)
class Planted:
    """A cell that was changed: sheet row (the first is 1), column id, header as written, value, and what of it."""

    row: int
    column: str
    header: str
    value: str
    what: str


@dataclass(slots=True)
class Received:
    """The lines of the sheet with everything that was done to them.

    `faults` must be named when the list is read, each by row and header; `understood` must be read without a fault, as
    `what` says; the blank row and the line of totals are no cases and no faults.
    """

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    totals_row: int
    blank_row: int
    table: list[list[Any]]
    faults: list[Planted] = field(default_factory=list)
    understood: list[Planted] = field(default_factory=list)


def spoil(case_list: CaseList, listed: Sequence[Row], kind: str) -> Received:
    """The list with titles above it, other headers, variants, faults, a blank row and a line of totals."""
    labels = {column.id: {choice.id: choice.label for choice in column.choices} for column in case_list.columns}
    columns = [name for name in HEADERS if name in labels]
    lines = [[labels[name].get(str(row[name]), row[name]) for name in columns] for row in listed]
    first_row, blank_at = 5, len(lines) // 2
    received = Received(
        sheet=SHEET, header_row=4, first_row=first_row, last_row=first_row + len(lines),
        totals_row=first_row + len(lines) + 1, blank_row=first_row + blank_at, table=[],
    )  # fmt: skip
    turns = iter(np.random.default_rng([long_lists.SEED, KINDS.index(kind), 99]).permutation(len(lines)).tolist())
    for at, column, value, what, is_fault in _changes(listed, lines, columns, turns, kind):
        lines[at][columns.index(column)] = value
        sheet_row = first_row + at + (at >= blank_at)
        planted = Planted(sheet_row, column, HEADERS[column].strip(), _written(value), what)
        (received.faults if is_fault else received.understood).append(planted)
    totals: list[Any] = ["Total", "", len(lines), *[""] * (len(columns) - 3)]
    lines.insert(blank_at, [""] * len(columns))
    title = f"{invented.BODIES[kind]}: long list for domain two"
    received.table = [[title], ["Prepared by the performance team"], [], [HEADERS[c] for c in columns], *lines, totals]
    received.faults.sort(key=lambda one: (one.row, one.column))
    received.understood.sort(key=lambda one: (one.row, one.column))
    return received


def _written(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _changes(
    listed: Sequence[Row], lines: Sequence[Sequence[Any]], columns: Sequence[str], turns: Iterator[int], kind: str
) -> Iterator[tuple[int, str, Any, str, bool]]:
    """Every change as (row from 0, column, value, what of it, whether it is a fault), each on a row of its own."""
    for (column, choice), spellings in VARIANTS.items():
        for written in spellings * 2:
            at = next(turn for turn in turns if listed[turn][column] == choice)
            yield at, column, written, choice, False
    for column in ("commencement-date", "date-of-birth"):
        for _ in range(6):
            at = next(turns)
            day = listed[at][column]
            assert isinstance(day, date)
            yield at, column, f"{day:%d/%m/%Y}", day.isoformat(), False
    for column in ("reference", "name", "tier-2"):
        at = next(turns)
        yield at, column, f"{lines[at][columns.index(column)]}  ", str(listed[at][column]), False
    for (column, why), puzzles in PUZZLES.items():
        for written in puzzles:
            yield next(turns), column, written, why, True
    for column in BLANKS:
        yield next(turns), column, "", "nothing there", True
    first, last = proportions.period("domain-two", kind)
    for day in OUT_OF_PERIOD:
        yield next(turns), "commencement-date", day, f"outside {first:%d/%m/%Y} to {last:%d/%m/%Y}", True
    for _ in range(DUPLICATES):
        reference = listed[first_of_two := next(turns)]["reference"]
        for at in (first_of_two, next(turns)):
            yield at, "reference", reference, "stands twice", True
