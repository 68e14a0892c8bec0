"""Chapter 4.4: two versions of a long list side by side: rows added, gone and changed, and counts by unit."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.documents.spreadsheets import Cell
from inspectorate.methodology.sampling import CaseList, Column
from inspectorate.sampling import cells, limited, reading, writing
from inspectorate.sampling.limited import VEIL
from inspectorate.sampling.models import LongList

# Comparisons kept at hand, so that a second look or another page does not read the files again.
AT_HAND = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a version: where it stands, and what each column says, as people read it."""

    row: int
    reference: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """The rows of a version by reference, the references that stand on several rows, how many rows are left aside
    because they have no reference or such a one, and all rows counted by unit."""

    lines: Mapping[str, Line]
    twice: frozenset[str]
    untold: int
    units: Mapping[str, int]

    def without(self, references: frozenset[str]) -> "Version":
        """The version without the rows of these references."""
        kept = {key: line for key, line in self.lines.items() if key not in references}
        return replace(self, lines=kept, untold=self.untold + len(self.lines) - len(kept))


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one row: "added", "gone" or "changed", its rows before and after, and (column, was, is)."""

    kind: str
    reference: str
    before: int | None
    after: int | None
    changes: tuple[tuple[str, str, str], ...] = ()

    def covered(self) -> "Difference":
        """The same difference without anything that tells of the case."""
        return replace(self, reference=VEIL, before=None, after=None, changes=())


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


@dataclass(frozen=True)
class _Pair:
    """Two lists, known again by their names, their states and how their columns are read."""

    key: tuple[str, ...]
    case_list: CaseList = field(compare=False)
    earlier: LongList = field(compare=False)
    later: LongList = field(compare=False)


def compare(case_list: CaseList, earlier: LongList, later: LongList) -> Comparison:
    """How a later version differs from an earlier one; faults do not matter where the rows can be read. Manual 4.4b.

    Raises UnreadableSheet where the file of one holds no list that can be read.
    """
    return _compare(_Pair(key_of(case_list, earlier, later), case_list, earlier, later))


def key_of(case_list: CaseList, earlier: LongList, later: LongList) -> tuple[str, ...]:
    """What a comparison follows from: where any of it is another, the comparison may be."""
    headers = json.dumps([column.header for column in case_list.columns])
    keys = [
        json.dumps([str(one.public_id), one.state, one.matching.get("columns"), one.left_out])
        for one in (earlier, later)
    ]
    return (headers, *keys)


@lru_cache(maxsize=AT_HAND)
def _compare(pair: _Pair) -> Comparison:
    case_list = pair.case_list
    old, new = _version(case_list, pair.earlier), _version(case_list, pair.later)
    units = _units(old, new)
    twice = old.twice | new.twice
    old, new = old.without(twice), new.without(twice)
    found = [*_changed(case_list, old, new), *_only_in("added", new, old), *_only_in("gone", old, new)]
    counts = Counter(one.kind for one in found)
    return Comparison(
        differences=tuple(found),
        counts={kind: counts[kind] for kind in ("changed", "added", "gone")},
        same=len(new.lines) - counts["changed"] - counts["added"],
        units=units,
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


def _units(old: Version, new: Version) -> tuple[UnitCount, ...]:
    called = {name.casefold(): name for version in (old, new) for name in version.units if name}
    before, after = (_folded(version.units) for version in (old, new))
    return tuple(UnitCount(called[key], before[key], after[key], after[key] - before[key]) for key in sorted(called))


def _folded(units: Mapping[str, int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, times in units.items():
        counts[name.casefold()] += times
    return counts


def _unit(case_list: CaseList, values: Mapping[str, str]) -> str:
    """The unit of a row as people read it, "" where the list has none."""
    return " / ".join(values.get(one, "") or "none" for one in case_list.units)


def _version(case_list: CaseList, long_list: LongList) -> Version:
    """The rows of a version: those kept once it is accepted, else those of its file. Raises UnreadableSheet."""
    return _kept(case_list, long_list) if long_list.state == LongList.State.ACCEPTED else _in_file(case_list, long_list)


def _kept(case_list: CaseList, long_list: LongList) -> Version:
    columns = case_list.columns
    lines = {}
    for row, reference, facts in long_list.cases.values_list("row", "reference", "facts"):
        values = {column.id: writing.shown(column, facts.get(column.id, "")) for column in columns}
        lines[_key(reference)] = Line(row, reference, values)
    return Version(lines, frozenset(), 0, Counter(_unit(case_list, line.values) for line in lines.values()))


def _in_file(case_list: CaseList, long_list: LongList) -> Version:
    heading, grid = reading.lines_of(long_list)
    left_out = {row for row, _ in long_list.left_out}
    places = heading.positions
    columns = [(column, places[column.id]) for column in case_list.columns if column.id in places]
    reader = _Cells(long_list.given_at.astimezone(clock.LONDON).date())
    lines: dict[str, Line] = {}
    times: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for number, row in enumerate(grid[heading.row :], heading.row + 1):
        values = {column.id: reader.shown(column, row[at] if at < len(row) else None) for column, at in columns}
        if number not in left_out and any(values.values()):
            reference = values.get("reference", "")
            times[_key(reference)] += 1
            units[_unit(case_list, values)] += 1
            lines[_key(reference)] = Line(number, reference, values)
    twice = frozenset(key for key, count in times.items() if key and count > 1)
    told = {key: line for key, line in lines.items() if key and key not in twice}
    return Version(told, twice, times.total() - len(told), units)


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


def covered(differences: Iterable[Difference], earlier: LongList, later: LongList, user: User) -> list[Difference]:
    """Differences as this person may see them: limited-access cases are covered for all but their named readers and
    the body, which gave them. Manual 4.4e."""
    shown = list(differences)
    inspection = later.inspection
    secret = limited.known_in(inspection)
    rows = [set(one.matching.get("limited", ())) for one in (earlier, later)]
    hidden = [
        at
        for at, one in enumerate(shown)
        if _key(one.reference) in secret or one.before in rows[0] or one.after in rows[1]
    ]
    if hidden and not limited.may_read(user, inspection):
        for at in hidden:
            shown[at] = shown[at].covered()
    return shown


def _key(reference: str) -> str:
    """References are told apart without spaces and without capitals, as when a list is checked."""
    return "".join(reference.split()).upper()
