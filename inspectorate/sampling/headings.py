"""Chapter 4.4, long lists: finds the row with the headers, and matches them to the columns asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspectorate.documents.spreadsheets import Cell, Sheet
from inspectorate.methodology.sampling import CaseList, Column, RefusedColumn, recognise
from inspectorate.sampling.cells import written

LOOK_AT_ROWS = 60
FEWEST = 2
MOST_COLUMNS, LONGEST_HEADER = 200, 120
# The sheet of made-up rows in the empty list, and the references on it: neither is ever read as a list or a case.
EXAMPLES, EXAMPLE = "Examples (never read)", "EXAMPLE-"


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headers stand: sheet, row (the first is 1), and each header with the id of the column that it is read
    as, "" where it is none. `by_hand` says that a person chose, `as_of` on which earlier list ("list", "by", "at")."""

    sheet: str
    row: int
    columns: tuple[tuple[str, str], ...]
    by_hand: bool = False
    as_of: Mapping[str, str] | None = None

    @property
    def positions(self) -> dict[str, int]:
        """Column id -> place in the row, from 0."""
        return {column: place for place, (_, column) in enumerate(self.columns) if column}


def may_hold_list(sheet: Sheet) -> bool:
    """Whether a list may stand on a sheet: it is in sight, and not the one with the examples."""
    return not sheet.hidden and sheet.name.strip().casefold() != EXAMPLES.casefold()


def is_example(reference: str) -> bool:
    """Whether a reference is one of the made-up rows of the empty list."""
    return reference.strip().upper().startswith(EXAMPLE)


def find(case_list: CaseList, sheets: Sequence[Sheet]) -> Heading | None:
    """The row that holds most headers of the specification, among the first rows of every sheet in sight; failing
    that the first row with three words, so that a person can match it; None where there is no such row either."""
    best: tuple[int, Sheet, int] | None = None
    fallback: tuple[Sheet, int] | None = None
    for sheet in sheets:
        if not may_hold_list(sheet):
            continue
        for number, row in enumerate(sheet.rows[:LOOK_AT_ROWS], 1):
            known = {id(found) for cell in row if isinstance(cell, str) and (found := recognise(case_list, cell))}
            if len(known) >= FEWEST and (best is None or len(known) > best[0]):
                best = (len(known), sheet, number)
            if fallback is None and sum(isinstance(cell, str) for cell in row) >= 3:
                fallback = (sheet, number)
    if best:
        return match(case_list, best[1], best[2])
    return match(case_list, *fallback) if fallback else None


def match(case_list: CaseList, sheet: Sheet, row: int) -> Heading:
    """Reads each header of a row as a column; where two fit one column the one that is written as asked for does."""
    headers = [header(cell) for cell in sheet.rows[row - 1][:MOST_COLUMNS]]
    meant = [recognise(case_list, name) if name else None for name in headers]
    chosen: dict[str, int] = {}
    for place, column in enumerate(meant):
        if isinstance(column, Column):
            exact = headers[place].casefold() == column.header.casefold()
            if column.id not in chosen or (exact and headers[chosen[column.id]].casefold() != column.header.casefold()):
                chosen[column.id] = place
    by_place = {place: column for column, place in chosen.items()}
    return Heading(sheet.name, row, tuple((name, by_place.get(place, "")) for place, name in enumerate(headers)))


def header(cell: Cell) -> str:
    """A header as people see it: one line, single spaces."""
    return written(cell)[:LONGEST_HEADER]


def refused(case_list: CaseList, name: str) -> RefusedColumn | None:
    """The column that must not be there, where this header is one."""
    found = recognise(case_list, name) if name else None
    return found if isinstance(found, RefusedColumn) else None
