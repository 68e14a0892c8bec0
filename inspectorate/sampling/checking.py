"""Chapter 4.4, long lists: checks a whole list, rows in, cases or every fault out; nothing is kept here."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inspectorate.documents.spreadsheets import Cell, Row
from inspectorate.methodology.sampling import CaseList, Column, UnknownValueError, strata_of
from inspectorate.sampling.cells import LONGEST_TEXT, Meaning, NotUnderstood, read, written
from inspectorate.sampling.headings import Heading, is_example, refused

LINE_OF_TOTALS = re.compile(r"(grand |sub)?-?totals?\b|count\b|sum\b|number of cases\b")
# A period is told from the dates themselves: where so great a part lies within one, the others are outside it.
MOST_IN_PERIOD = 0.75
DAYS = {"week": 7, "month": 31}
MISSING_COLUMN = "This column is missing."
# Cells of this column say that a case is seen by named readers only (Manual 4.4e).
LIMITED = "limited-access"

Numbered = tuple[int, Row]


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
class ReadCase:
    """A row of the list: `facts` holds the value of each column under its id; units tier 1 first."""

    row: int
    reference: str
    units: tuple[str, ...]
    strata: tuple[str, ...]
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole list: its cases when there is no fault, else every fault and no case. `limited` are the rows of which the
    list says, or may mean to say, that access to the case is limited."""

    cases: tuple[ReadCase, ...]
    faults: tuple[Fault, ...]
    understood: tuple[Understood, ...]
    left_out: tuple[tuple[int, str], ...]
    rows: int
    first_day: date | None
    last_day: date | None
    limited: tuple[int, ...] = ()


@dataclass(slots=True)
class _Reading:
    """The list while it is checked: values by column id, in the order of `rows`."""

    case_list: CaseList
    heading: Heading
    given_on: date
    asked: tuple[date, date] | None
    rows: list[Numbered]
    values: dict[str, list[str]]
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
    positions = heading.positions
    rows, left_out, thin = _sorted_rows(case_list, grid, heading)
    if waived.rows:
        rows = [one for one in rows if one[0] not in waived.rows]
        thin = [one for one in thin if one[0] not in waived.rows]
        left_out += [(number, "Waived") for number in sorted(waived.rows)]
    reading = _Reading(case_list, heading, given_on, asked, rows, {}, [], [], waived)
    _check_headers(reading)
    for number, only in thin:
        reading.fault(number, "", only, "This row holds nearly nothing.", "Delete the row, or complete it.")
    if not rows and not thin:
        reading.fault(heading.row, "", "", "There is no case beneath the headers.", "Give at least one row.")
    for column in case_list.columns:
        if column.id in positions:
            reading.values[column.id] = _read_column(reading, column, positions[column.id])
    _check_references(reading)
    _check_persons(reading)
    first, last = _check_period(reading)
    _same_units(reading)
    strata = [] if reading.faults else _strata(reading)
    order = {column: place for place, column in enumerate(positions)}
    reading.faults.sort(key=lambda fault: (fault.row, order.get(fault.column, 0)))
    cases = () if reading.faults else tuple(_cases(reading, strata))
    limited = tuple(_limited(reading))
    return Checked(
        cases, tuple(reading.faults), tuple(reading.understood), tuple(left_out), len(rows), first, last, limited
    )


def _limited(reading: _Reading) -> Iterator[int]:
    """The rows that say anything but no: one that nobody understands may mean yes."""
    place = reading.heading.positions.get(LIMITED)
    if place is not None:
        for (number, row), value in zip(reading.rows, reading.values[LIMITED], strict=True):
            if value == "yes" or (not value and place < len(row) and written(row[place])):
                yield number


def _sorted_rows(
    case_list: CaseList, grid: Sequence[Row], heading: Heading
) -> tuple[list[Numbered], list[tuple[int, str]], list[tuple[int, str]]]:
    """Rows with a case; rows left out, with why; rows with one cell only, with what it says."""
    places = heading.positions
    needed = [places[column.id] for column in case_list.columns if column.required and column.id in places]
    enough, last = max(len(needed) // 2, 1), max(needed, default=0)
    headers = {place: written.casefold() for place, (written, column) in enumerate(heading.columns) if column}
    rows: list[Numbered] = []
    left_out: list[tuple[int, str]] = []
    thin: list[tuple[int, str]] = []
    for number, row in enumerate(grid[heading.row :], heading.row + 1):
        width = len(row)
        if width > last and None not in row:
            filled = len(needed)
        else:
            filled = sum(place < width and row[place] is not None for place in needed)
        if filled > enough:
            if _repeats(row, headers):
                left_out.append((number, "The headers again"))
            elif _is_example(row, places):
                left_out.append((number, "An example row of the empty list"))
            else:
                rows.append((number, row))
            continue
        texts = [text for cell in row if (text := written(cell))]
        if not texts:
            left_out.append((number, "Empty"))
        elif any(LINE_OF_TOTALS.match(text.casefold()) for text in texts):
            left_out.append((number, f"A line of totals: {' '.join(texts)}"[:120]))
        elif len(texts) < 2:
            thin.append((number, texts[0]))
        else:
            rows.append((number, row))
    return rows, left_out, thin


def _repeats(row: Row, headers: Mapping[int, str]) -> bool:
    place, name = next(iter(headers.items()), (0, ""))
    cell = row[place] if place < len(row) else None
    if not isinstance(cell, str) or cell.strip().casefold() != name:
        return False
    return all(place < len(row) and written(row[place]).casefold() == name for place, name in headers.items())


def _is_example(row: Row, places: Mapping[str, int]) -> bool:
    place = places.get("reference")
    cell = row[place] if place is not None and place < len(row) else None
    return isinstance(cell, str) and is_example(cell)


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


def _read_column(reading: _Reading, column: Column, place: int) -> list[str]:
    """The values of a column; each different way of writing is read once."""
    cells: list[Cell] = [row[place] if place < len(row) else None for _, row in reading.rows]
    header, times = reading.called(column.id), Counter(cells)
    read_as: dict[Cell, str] = {}
    wrong: dict[Cell, NotUnderstood] = {}
    shown: Counter[tuple[str, str]] = Counter()
    for cell, count in times.items():
        try:
            meaning = read(column, cell, reading.given_on)
        except NotUnderstood as fault:
            wrong[cell], meaning = fault, Meaning("")
        read_as[cell] = meaning.value
        if meaning.shown:
            shown[("dates as text or numbers" if column.type == "date" else written(cell), meaning.shown)] += count
    reading.understood += [Understood(header, text, as_, count) for (text, as_), count in shown.most_common()]
    values = [read_as[cell] for cell in cells]
    if wrong:
        for at, (cell, (number, _)) in enumerate(zip(cells, reading.rows, strict=True)):
            if cell in wrong and not reading.fault(number, header, written(cell), wrong[cell].what, wrong[cell].right):
                values[at] = as_it_is(column, cell)
    return values


def as_it_is(column: Column, cell: Cell) -> str:
    """What is kept of a cell whose fault is waived: a text as far as there is room, of a date or choice nothing."""
    return written(cell)[:LONGEST_TEXT] if column.type == "text" else ""


def _check_references(reading: _Reading) -> None:
    if "reference" not in reading.values:
        return
    keys = ["".join(reference.split()).upper() for reference in reading.values["reference"]]
    times = Counter(key for key in keys if key)
    if len(times) == len(keys):
        return
    rows: dict[str, list[int]] = {}
    for key, (number, _) in zip(keys, reading.rows, strict=True):
        if times[key] > 1:
            rows.setdefault(key, []).append(number)
    for key, numbers in rows.items():
        for number in numbers:
            others = ", ".join(str(other) for other in numbers if other != number)
            reading.fault(
                number, reading.called("reference"), key, f"The same reference stands on row {others[:80]}.",
                "Keep one row for each case.",
            )  # fmt: skip


def dated_by(case_list: CaseList) -> Column | None:
    """The column with the day that must lie in the period of the list."""
    return next((column for column in case_list.columns if column.type == "date" and not column.personal), None)


def _check_asked(
    reading: _Reading, column: Column, asked: tuple[date, date], known: Mapping[str, date]
) -> tuple[date | None, date | None]:
    """First and last day of the cases within the days asked for; a fault for each row outside them."""
    outside = 0
    for (number, _), text in zip(reading.rows, reading.values[column.id], strict=True):
        if text and not asked[0] <= known[text] <= asked[1]:
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
    keys = [
        (born, frozenset(name.casefold().replace(",", " ").split())) if born and name else None
        for born, name in zip(values["date-of-birth"], values["name"], strict=True)
    ]
    if len(set(keys)) == len(keys):
        return
    same: dict[object, list[int]] = {}
    for at, key in enumerate(keys):
        if key:
            same.setdefault(key, []).append(at)
    for places in same.values():
        references = {values["reference"][at].upper() for at in places}
        for at in places if len(references) > 1 else ():
            own = values["reference"][at].upper()
            others = [str(reading.rows[one][0]) for one in places if values["reference"][one].upper() != own]
            reading.fault(
                reading.rows[at][0], reading.called("name"), values["name"][at],
                f"The same name and date of birth stand on row {', '.join(others)[:80]} under another reference.",
                "Keep one row for each person. Where they are two people, tell the administrator.",
            )  # fmt: skip


def _check_period(reading: _Reading) -> tuple[date | None, date | None]:
    """First and last day of the cases; faults where dates lie outside the period that the list is to cover."""
    period = reading.case_list.period
    column = dated_by(reading.case_list)
    if column is None or not any(reading.values.get(column.id, ())):
        return None, None
    known = {text: date.fromisoformat(text) for text in set(reading.values[column.id]) if text}
    counts = Counter({known[text]: n for text, n in Counter(reading.values[column.id]).items() if text})
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
        for (number, _), text in zip(reading.rows, reading.values[column.id], strict=True):
            if text and not days[0] <= known[text] <= days[-1]:
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
        times, spellings = Counter(reading.values[column]), dict[str, str]()
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
        reading.values[column] = [one[spelling] for spelling in reading.values[column]]


def _strata(reading: _Reading) -> list[tuple[str, ...]]:
    columns = strata_columns(reading.case_list)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    found: list[tuple[str, ...]] = []
    for at, values in enumerate(_side_by_side(reading, columns)):
        if values not in known:
            try:
                known[values] = strata_of(reading.case_list, dict(zip(columns, values, strict=True)))
            except UnknownValueError as unknown:
                number = reading.rows[at][0]
                reading.fault(number, "", ", ".join(values), str(unknown), "Correct these values of the row.")
                known[values] = ()
        found.append(known[values])
    return found


def strata_columns(case_list: CaseList) -> tuple[str, ...]:
    """The columns from which the strata of a case are told."""
    used = {variable.column for variable in case_list.strata if variable.column}
    used |= {column for variable in case_list.strata for rule in variable.rules for column in rule.when}
    return tuple(column.id for column in case_list.columns if column.id in used)


def _side_by_side(reading: _Reading, columns: Iterable[str]) -> Iterator[tuple[str, ...]]:
    chosen = [reading.values[column] for column in columns if column in reading.values]
    return zip(*chosen, strict=True) if chosen else (() for _ in reading.rows)


def _cases(reading: _Reading, strata: Sequence[tuple[str, ...]]) -> Iterator[ReadCase]:
    columns = tuple(reading.values)
    units = _side_by_side(reading, reading.case_list.units)
    together = zip(
        reading.rows, reading.values["reference"], units, strata, _side_by_side(reading, columns), strict=True
    )
    for (number, _), reference, its_units, its_strata, values in together:
        yield ReadCase(number, reference, its_units, its_strata, dict(zip(columns, values, strict=True)))
