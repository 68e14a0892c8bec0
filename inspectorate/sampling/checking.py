"""Chapter 4.4, long lists: checks a whole list, rows in, cases or every fault out; nothing is kept here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import numpy as np

from inspectorate.documents.grids import Cell, Coded, Grid, Numbers, Row, coded, grid_of, side_by_side
from inspectorate.methodology.sampling import CaseList, Column, UnknownValueError, strata_of
from inspectorate.sampling.cells import LONGEST_TEXT, Meaning, NotUnderstood, read, written
from inspectorate.sampling.headings import Heading, refused
from inspectorate.sampling.read_cases import NO_CASES, ReadCases
from inspectorate.sampling.sorting import sorted_rows

# A period is told from the dates themselves: where so great a part lies within one, the others are outside it.
MOST_IN_PERIOD = 0.75
DAYS = {"week": 7, "month": 31}
# Rows that a fault names besides its own, and the room for them.
MOST_NAMED, LONGEST_NAMED = 30, 80
MISSING_COLUMN = "This column is missing."
# Cells of this column say that a case is seen by named readers only (Manual 4.4e).
LIMITED = "limited-access"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place of the file and what would be right; row 0 stands for the whole file."""

    sheet: str
    row: int
    column: str
    value: str
    what: str
    right: str


@dataclass(frozen=True, slots=True)
class Waived:
    """Rows that are left out, and faults, as (row, column, what), whose cells are taken as they are."""

    rows: frozenset[int] = frozenset()
    cells: frozenset[tuple[int, str, str]] = frozenset()


NOTHING_WAIVED = Waived()


@dataclass(frozen=True, slots=True)
class Understood:
    """A value written otherwise than asked for: how it was read, and on how many rows."""

    column: str
    written: str
    read_as: str
    times: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole list: its cases when there is no fault, else every fault and no case. `limited` are the rows of which the
    list says, or may mean to say, that access to the case is limited."""

    cases: ReadCases
    faults: tuple[Fault, ...]
    understood: tuple[Understood, ...]
    left_out: tuple[tuple[int, str], ...]
    rows: int
    first_day: date | None
    last_day: date | None
    limited: tuple[int, ...] = ()


@dataclass(slots=True)
class _Reading:
    """The list while it is checked: values by column id, in the order of `rows`, the numbers of rows with a case."""

    case_list: CaseList
    grid: Grid
    heading: Heading
    given_on: date
    asked: tuple[date, date] | None
    rows: Numbers
    values: dict[str, Coded[str]]
    faults: list[Fault]
    understood: list[Understood]
    waived: Waived

    def fault(self, row: int, column: str, value: str, what: str, right: str) -> bool:
        """Notes a fault; False where it is waived."""
        if self.waived.cells and (row, column, what) in self.waived.cells:
            return False
        self.faults.append(Fault(self.heading.sheet, row, column, value[:200], what, right))
        return True

    def called(self, column: str) -> str:
        """The header under which the body gives a column."""
        return self.heading.columns[self.heading.positions[column]][0]

    def cells(self, column: str) -> Coded[Cell]:
        """The cells of a column."""
        return self.grid.column(self.heading.positions[column]).on(self.rows - 1)

    def where(self, column: str, wanted: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
        """The row numbers, and values, of a column where the value is wanted."""
        values, at = self.values[column], np.flatnonzero(self.values[column].where(wanted))
        return zip(self.rows[at].tolist(), Coded(values.different, values.at[at]).each(), strict=True)

    def together(self, columns: Iterable[str]) -> Coded[tuple[str, ...]]:
        """The values of those of these columns that there are, side by side."""
        return side_by_side([self.values[column] for column in columns if column in self.values], len(self.rows))


def check(
    case_list: CaseList,
    grid: Sequence[Row],
    heading: Heading,
    given_on: date,
    waived: Waived = NOTHING_WAIVED,
    asked: tuple[date, date] | None = None,
) -> Checked:
    """Reads every row beneath the headers. `grid[0]` is row 1 of the sheet, `given_on` the day of the upload.

    Every fault is told at once: columns that are missing, doubled or refused, cells that hold nothing or nothing that
    can be understood, references on more than one row, dates outside the days `asked` for (first, last), or, where none
    are known, outside the period that nearly all others keep.
    """
    there = grid_of(grid)
    rows, left_out, thin = sorted_rows(case_list, there, heading)
    if waived.rows:
        rows = rows[~np.isin(rows, list(waived.rows))]
        thin = [one for one in thin if one[0] not in waived.rows]
        left_out += [(number, "Waived") for number in sorted(waived.rows)]
    reading = _Reading(case_list, there, heading, given_on, asked, rows, {}, [], [], waived)
    _check_headers(reading)
    for number, only in thin:
        reading.fault(number, "", only, "This row holds nearly nothing.", "Delete the row, or complete it.")
    if not len(rows) and not thin:
        reading.fault(heading.row, "", "", "There is no case beneath the headers.", "Give at least one row.")
    for column in case_list.columns:
        if column.id in heading.positions:
            reading.values[column.id] = _read_column(reading, column)
    _check_references(reading)
    _check_persons(reading)
    first, last = _check_period(reading)
    _same_units(reading)
    strata = None if reading.faults else _strata(reading)
    order = {column: place for place, column in enumerate(heading.positions)}
    reading.faults.sort(key=lambda fault: (fault.row, order.get(fault.column, 0)))
    cases = NO_CASES
    if strata and not reading.faults:
        cases = ReadCases(rows, reading.values, reading.together(case_list.units), strata)
    limited = tuple(_limited(reading))
    return Checked(
        cases, tuple(reading.faults), tuple(reading.understood), tuple(left_out), len(rows), first, last, limited
    )


def _limited(reading: _Reading) -> list[int]:
    """The rows that say anything but no: one that nobody understands may mean yes."""
    if LIMITED not in reading.values:
        return []
    values, cells = reading.values[LIMITED], reading.cells(LIMITED)
    unsaid = values.where(lambda value: not value) & cells.where(lambda cell: written(cell) != "")
    found: list[int] = reading.rows[values.where(lambda value: value == "yes") | unsaid].tolist()
    return found


def _check_headers(reading: _Reading) -> None:
    heading, case_list = reading.heading, reading.case_list
    there = heading.positions
    for column in case_list.columns:
        if column.required and column.id not in there:
            reading.fault(
                heading.row, column.header, "", MISSING_COLUMN,
                f"Add a column «{column.header}»: {column.holds[:1].lower()}{column.holds[1:]}.",
            )  # fmt: skip
    for name, meant in heading.columns:
        wrong = refused(case_list, name)
        if wrong:
            reading.fault(heading.row, name, name, f"This column must not be there. {wrong.why}.", "Delete the column.")
        elif name and not meant and not heading.by_hand:
            twin = next((c for c in case_list.columns if c.id in there and _names(c, name)), None)
            if twin:
                reading.fault(
                    heading.row, name, name, f"«{reading.called(twin.id)}» is read as {twin.header} too.",
                    "Delete one of the two columns, or choose on this page which one counts.",
                )  # fmt: skip


def _names(column: Column, header: str) -> bool:
    return header.casefold() in {name.casefold() for name in (column.id, column.header, *column.spellings)}


def _read_column(reading: _Reading, column: Column) -> Coded[str]:
    """The values of a column; each different way of writing is read once."""
    cells, header = reading.cells(column.id), reading.called(column.id)
    read_as: list[str] = []
    wrong: dict[int, NotUnderstood] = {}
    shown: Counter[tuple[str, str]] = Counter()
    for at, (cell, count) in enumerate(zip(cells.different, cells.times(), strict=True)):
        try:
            meaning = read(column, cell, reading.given_on)
        except NotUnderstood as fault:
            wrong[at], meaning = fault, Meaning("")
        read_as.append(meaning.value)
        if meaning.shown:
            shown[("dates as text or numbers" if column.type == "date" else written(cell), meaning.shown)] += count
    reading.understood += [Understood(header, text, as_, count) for (text, as_), count in shown.most_common()]
    values = cells.read_as(read_as)
    if not wrong:
        return values
    as_they_are: dict[int, str] = {}
    for row in np.flatnonzero(np.isin(cells.at, list(wrong))).tolist():
        at = cells.at[row]
        cell, number = cells.different[at], int(reading.rows[row])
        if not reading.fault(number, header, written(cell), wrong[at].what, wrong[at].right):
            as_they_are[row] = as_it_is(column, cell)
    return coded(as_they_are.get(row, value) for row, value in enumerate(values.each())) if as_they_are else values


def as_it_is(column: Column, cell: Cell) -> str:
    """What is kept of a cell whose fault is waived: a text as far as there is room, of a date or choice nothing."""
    return written(cell)[:LONGEST_TEXT] if column.type == "text" else ""


def _check_references(reading: _Reading) -> None:
    if "reference" not in reading.values:
        return
    references = reading.values["reference"]
    keys = references.read_as(["".join(reference.split()).upper() for reference in references.different])
    if len(keys.different) == len(reading.rows) and "" not in keys.different:
        return
    rows: dict[str, list[int]] = {}
    for key, number in zip(keys.each(), reading.rows.tolist(), strict=True):
        rows.setdefault(key, []).append(number)
    for key, numbers in rows.items():
        if not key or len(numbers) < 2:
            continue
        for number in numbers:
            others = _rows_named(other for other in numbers if other != number)
            reading.fault(
                number, reading.called("reference"), key, f"The same reference stands on row {others}.",
                "Keep one row for each case.",
            )  # fmt: skip


def _rows_named(numbers: Iterable[int]) -> str:
    """The first of these row numbers, as far as there is room."""
    return ", ".join(map(str, islice(numbers, MOST_NAMED)))[:LONGEST_NAMED]


def dated_by(case_list: CaseList) -> Column | None:
    """The column with the day that must lie in the period of the list."""
    return next((column for column in case_list.columns if column.type == "date" and not column.personal), None)


def _check_asked(
    reading: _Reading, column: Column, asked: tuple[date, date], known: Mapping[str, date]
) -> tuple[date | None, date | None]:
    """First and last day of the cases within the days asked for; a fault for each row outside them."""
    outside = 0
    for number, text in reading.where(column.id, lambda text: text != "" and not asked[0] <= known[text] <= asked[1]):
        outside += 1
        reading.fault(
            number, reading.called(column.id), f"{known[text]:%d/%m/%Y}",
            f"This date lies outside the days asked for, {asked[0]:%d/%m/%Y} to {asked[1]:%d/%m/%Y}.",
            "Correct the date, or delete the row.",
        )  # fmt: skip
    if outside > len(reading.rows) // 2:
        meaning = reading.case_list.period.meaning
        reading.fault(
            reading.heading.row, reading.called(column.id), "",
            f"The list is to cover {asked[0]:%d/%m/%Y} to {asked[1]:%d/%m/%Y}; {outside} rows lie outside these days.",
            f"Send the cases of these days only: {meaning[:1].lower()}{meaning[1:]}.",
        )  # fmt: skip
    inside = [day for day in known.values() if asked[0] <= day <= asked[1]]
    return (min(inside), max(inside)) if inside else (None, None)


def _check_persons(reading: _Reading) -> None:
    """One name with one date of birth under two references: nobody can tell whether it is one person or two."""
    values = reading.values
    if not {"reference", "name", "date-of-birth"} <= values.keys():
        return
    born, name = values["date-of-birth"], values["name"]
    names = name.read_as([frozenset(one.casefold().replace(",", " ").split()) for one in name.different])
    known = np.flatnonzero(born.where(bool) & name.where(bool))
    keys = (born.at * len(names.different) + names.at)[known]
    if len(np.unique(keys)) == len(keys):
        return
    same: dict[int, list[int]] = {}
    for at, key in zip(known.tolist(), keys.tolist(), strict=True):
        same.setdefault(key, []).append(at)
    given, called = values["reference"].each(), name.each()
    for places in same.values():
        own = {int(reading.rows[at]): given[at].upper() for at in places}
        others = {one: _rows_named(row for row, other in own.items() if other != one) for one in set(own.values())}
        for at in places if len(others) > 1 else ():
            number = int(reading.rows[at])
            reading.fault(
                number, reading.called("name"), called[at],
                f"The same name and date of birth stand on row {others[own[number]]} under another reference.",
                "Keep one row for each person. Where they are two people, tell the administrator.",
            )  # fmt: skip


def _check_period(reading: _Reading) -> tuple[date | None, date | None]:
    """First and last day of the cases; faults where dates lie outside the period that the list is to cover."""
    period = reading.case_list.period
    column = dated_by(reading.case_list)
    if column is None or column.id not in reading.values:
        return None, None
    values = reading.values[column.id]
    known = {text: date.fromisoformat(text) for text in values.different if text}
    if not known:
        return None, None
    counts = Counter({known[text]: n for text, n in zip(values.different, values.times(), strict=True) if text})
    if reading.asked:
        return _check_asked(reading, column, reading.asked, known)
    length, asked = DAYS[period.unit] * period.length, f"{period.length} {period.unit}" + "s" * (period.length > 1)
    first, inside = _fullest(counts, length)
    days = [day for day in sorted(counts) if first <= day < first + timedelta(days=length)]
    if inside < MOST_IN_PERIOD * counts.total():
        reading.fault(
            reading.heading.row, reading.called(column.id), "",
            f"The dates run from {min(counts):%d/%m/%Y} to {max(counts):%d/%m/%Y}; the list is to cover {asked}.",
            f"Send the cases of {asked} only: {period.meaning[:1].lower()}{period.meaning[1:]}.",
        )  # fmt: skip
    elif inside < counts.total():
        outside = reading.where(column.id, lambda text: text != "" and not days[0] <= known[text] <= days[-1])
        for number, text in outside:
            reading.fault(
                number, reading.called(column.id), f"{known[text]:%d/%m/%Y}",
                f"This date lies outside the {asked} of the list, {days[0]:%d/%m/%Y} to {days[-1]:%d/%m/%Y}.",
                "Correct the date, or delete the row.",
            )  # fmt: skip
    return days[0], days[-1]


def _fullest(counts: Mapping[date, int], length: int) -> tuple[date, int]:
    """The first day of the stretch of `length` days that holds most cases, and how many it holds."""
    days = sorted(counts)
    best, inside, end = (days[0], 0), 0, 0
    for start, day in enumerate(days):
        while end < len(days) and (days[end] - day).days < length:
            inside += counts[days[end]]
            end += 1
        if inside > best[1]:
            best = (day, inside)
        inside -= counts[days[start]]
    return best


def _same_units(reading: _Reading) -> None:
    """One spelling for each unit, the one used most: «leeds» beside «Leeds» is no other unit."""
    for column in reading.case_list.units:
        if column not in reading.values:
            continue
        values, spellings = reading.values[column], dict[str, str]()
        times = Counter(dict(zip(values.different, values.times(), strict=True)))
        for spelling, _ in times.most_common():
            spellings.setdefault(spelling.casefold(), spelling)
        if len(spellings) == len(times):
            continue
        one = {spelling: spellings[spelling.casefold()] for spelling in times}
        reading.understood += [
            Understood(reading.called(column), spelling, same, times[spelling])
            for spelling, same in one.items()
            if spelling != same
        ]
        reading.values[column] = values.read_as([one[spelling] for spelling in values.different])


def _strata(reading: _Reading) -> Coded[tuple[str, ...]]:
    columns = strata_columns(reading.case_list)
    together = reading.together(columns)
    found: list[tuple[str, ...]] = []
    for at, values in enumerate(together.different):
        try:
            found.append(strata_of(reading.case_list, dict(zip(columns, values, strict=True))))
        except UnknownValueError as unknown:
            number = int(reading.rows[np.argmax(together.at == at)])
            reading.fault(number, "", ", ".join(values), str(unknown), "Correct these values of the row.")
            found.append(())
    return together.read_as(found)


def strata_columns(case_list: CaseList) -> tuple[str, ...]:
    """The columns from which the strata of a case are told."""
    used = {variable.column for variable in case_list.strata if variable.column}
    used |= {column for variable in case_list.strata for rule in variable.rules for column in rule.when}
    return tuple(column.id for column in case_list.columns if column.id in used)
