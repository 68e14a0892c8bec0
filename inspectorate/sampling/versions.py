"""Chapter 4.4: two versions of a long list side by side: rows added, gone and changed, and counts by unit."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from inspectorate.audit import clock
from inspectorate.documents.spreadsheets import Cell
from inspectorate.methodology.sampling import CaseList, Column
from inspectorate.sampling import cells, reading, writing
from inspectorate.sampling.models import LongList

# Versions kept at hand, so that a second look or another page does not read the file again.
AT_HAND = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a version: where it stands, and what each column says, as people read it."""

    row: int
    reference: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """The rows of a version by reference, and how many rows cannot be told apart: without one, or with one twice."""

    lines: Mapping[str, Line]
    untold: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one row: "added", "gone" or "changed", its rows before and after, and (column, was, is)."""

    kind: str
    reference: str
    before: int | None
    after: int | None
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The rows of one unit in both versions."""

    unit: str
    before: int
    after: int
    difference: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences in order, how many of each kind, rows that are the same, and counts by unit."""

    differences: tuple[Difference, ...]
    counts: Mapping[str, int]
    same: int
    units: tuple[UnitCount, ...]
    untold: tuple[int, int]


def compare(case_list: CaseList, earlier: LongList, later: LongList) -> Comparison:
    """How a later version differs from an earlier one; faults do not matter where the rows can be read. Manual 4.4b.

    Raises UnreadableSheet where the file of one holds no list that can be read.
    """
    old, new = read_version(case_list, earlier), read_version(case_list, later)
    found = [*_changed(case_list, old, new), *_only_in("added", new, old), *_only_in("gone", old, new)]
    counts = Counter(one.kind for one in found)
    return Comparison(
        differences=tuple(found),
        counts={kind: counts[kind] for kind in ("changed", "added", "gone")},
        same=len(new.lines) - counts["changed"] - counts["added"],
        units=_units(case_list, old, new),
        untold=(old.untold, new.untold),
    )


def _changed(case_list: CaseList, old: Version, new: Version) -> list[Difference]:
    found = []
    for key, after in new.lines.items():
        before = old.lines.get(key)
        if before is None or before.values == after.values:
            continue
        changes = tuple(
            (column.header, was, now)
            for column in case_list.columns
            if column.id != "reference"
            and (was := before.values.get(column.id, "")) != (now := after.values.get(column.id, ""))
            and not (column.id in case_list.units and was.casefold() == now.casefold())
        )
        if changes:
            found.append(Difference("changed", after.reference, before.row, after.row, changes))
    return found


def _only_in(kind: str, here: Version, there: Version) -> list[Difference]:
    return [
        Difference(kind, line.reference, *((None, line.row) if kind == "added" else (line.row, None)))
        for key, line in here.lines.items()
        if key not in there.lines
    ]


def _units(case_list: CaseList, old: Version, new: Version) -> tuple[UnitCount, ...]:
    if not case_list.units:
        return ()
    counts: list[Counter[str]] = []
    called: dict[str, str] = {}
    for version in (old, new):
        rows = version.lines.values()
        names = [" / ".join(row.values.get(one, "") or "none" for one in case_list.units) for row in rows]
        called |= {name.casefold(): name for name in names}
        counts.append(Counter(name.casefold() for name in names))
    before, after = counts
    return tuple(UnitCount(called[key], before[key], after[key], after[key] - before[key]) for key in sorted(called))


def read_version(case_list: CaseList, long_list: LongList) -> Version:
    """The rows of a version: those kept once it is accepted, else those of its file. Raises UnreadableSheet."""
    if long_list.state == LongList.State.ACCEPTED:
        return _kept(case_list, long_list)
    matching = json.dumps([long_list.matching, long_list.left_out])
    return _in_file(_File(long_list.public_id, matching, long_list, case_list))


def _kept(case_list: CaseList, long_list: LongList) -> Version:
    columns = case_list.columns
    lines = {}
    for row, reference, facts in long_list.cases.values_list("row", "reference", "facts"):
        values = {column.id: writing.shown(column, facts.get(column.id, "")) for column in columns}
        lines[_key(reference)] = Line(row, reference, values)
    return Version(lines, 0)


@dataclass(frozen=True)
class _File:
    """The file of a list, known again by the list's name and by how its columns are read."""

    public_id: UUID
    matching: str
    long_list: LongList = field(compare=False)
    case_list: CaseList = field(compare=False)


@lru_cache(maxsize=AT_HAND)
def _in_file(file: _File) -> Version:
    heading, grid = reading.lines_of(file.long_list)
    left_out = {row for row, _ in file.long_list.left_out}
    places = heading.positions
    columns = [(column, places[column.id]) for column in file.case_list.columns if column.id in places]
    reader = _Cells(file.long_list.given_at.astimezone(clock.LONDON).date())
    lines: dict[str, Line] = {}
    untold = 0
    for number, row in enumerate(grid[heading.row :], heading.row + 1):
        values = {column.id: reader.shown(column, row[at] if at < len(row) else None) for column, at in columns}
        if number in left_out or not any(values.values()):
            continue
        reference = values.get("reference", "")
        key = _key(reference)
        if not key or key in lines:
            untold += 1
        else:
            lines[key] = Line(number, reference, values)
    return Version(lines, untold)


class _Cells:
    """Reads cells as people are shown them; those that nobody can understand stay as they are written."""

    def __init__(self, given_on: date) -> None:
        self.given_on = given_on
        self.known: dict[tuple[str, Cell], str] = {}

    def shown(self, column: Column, cell: Cell) -> str:
        """What a cell of a column says."""
        key = (column.id, cell)
        if key not in self.known:
            try:
                self.known[key] = writing.shown(column, cells.read(column, cell, self.given_on).value)
            except cells.NotUnderstood:
                self.known[key] = cells.written(cell)
        return self.known[key]


def _key(reference: str) -> str:
    """References are told apart without spaces and without capitals, as when a list is checked."""
    return "".join(reference.split()).upper()
