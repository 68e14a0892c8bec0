"""Chapter 4.4 at a prompt: a long list as a file becomes the cases of a draw, or all that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inspectorate.command_line.answers import CommandFault
from inspectorate.documents.spreadsheets import Cell, Sheet, read_table
from inspectorate.methodology.sampling import (
    CaseList,
    Column,
    ListedCase,
    RefusedColumn,
    UnknownValueError,
    recognise,
    strata_of,
    understand,
)
from inspectorate.sampling.headings import is_example, may_hold_list

HEADER_WITHIN = 30  # rows above the header: titles, dates, notes


@dataclass(frozen=True, slots=True)
class LongList:
    """The cases of a list; `rows` hold what is written for each case, in the order of `columns`."""

    cases: tuple[ListedCase, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    sheet: Sheet
    header: int
    columns: dict[int, Column]


def read(path: Path, case_list: CaseList) -> LongList:
    """The long list in a .xlsx or .csv file. Raises CommandFault with every fault by sheet, row, column and value."""
    place = _find(path, case_list)
    faults = list(_header_faults(place, case_list))
    if faults:
        raise CommandFault("\n".join(faults))
    columns = tuple(place.columns.values())
    tiers = tuple(unit for unit in case_list.units if unit in {column.id for column in columns})
    reader = _RowReader(case_list, columns)
    cases, rows, seen = [], [], dict[str, int]()
    for number, row in enumerate(place.sheet.rows[place.header + 1 :], place.header + 2):
        written = {column.id: _text(row[at]) if at < len(row) else "" for at, column in place.columns.items()}
        if not any(written.values()):
            continue
        where = f"{place.sheet.name or path.name} row {number}"
        reference = written["reference"]
        if is_example(reference):
            continue
        strata, found = reader.strata(written)
        if reference in seen:
            found = (*found, f"{reader.reference.header}: '{reference}' stands in row {seen[reference]} too")
        seen.setdefault(reference, number)
        faults.extend(f"{where}, {fault}" for fault in found)
        cases.append(ListedCase(reference, tuple(written[tier] for tier in tiers), strata))
        rows.append(tuple(written.values()))
    if faults:
        raise CommandFault("\n".join(faults))
    return LongList(tuple(cases), columns, tuple(rows), tiers)


class _RowReader:
    """Reads the stratum of a row; what is written alike in many rows is understood once."""

    def __init__(self, case_list: CaseList, columns: Sequence[Column]) -> None:
        self.case_list = case_list
        self.reference = case_list.column("reference")
        by_id = {column.id: column for column in columns}
        self.filled = [by_id[one] for one in ("reference", *case_list.units) if one in by_id]
        self.decide = [by_id[one] for one in sorted(_needed(case_list) - {"reference"})]
        self.known: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def strata(self, written: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The stratum of a row (empty where it has faults) and the faults."""
        key = tuple(written[column.id] for column in self.decide)
        if key not in self.known:
            self.known[key] = self._understood(key)
        strata, faults = self.known[key]
        empty = tuple(f"{column.header}: is empty; fill it in" for column in self.filled if not written[column.id])
        return strata, empty + faults

    def _understood(self, key: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        values, faults = {}, []
        for column, text in zip(self.decide, key, strict=True):
            try:
                values[column.id] = understand(column, text).id if column.choices and text else text
            except UnknownValueError as error:
                faults.append(str(error))
            if not text:
                faults.append(f"{column.header}: is empty; fill it in")
        try:
            return (() if faults else strata_of(self.case_list, values)), tuple(faults)
        except UnknownValueError as error:
            return (), (str(error),)


def _find(path: Path, case_list: CaseList) -> _Place:
    """The one sheet that holds the list, and its header row: the first with the most known columns."""
    found = []
    for sheet in read_table(path).sheets:
        best: dict[int, Column] = {}
        header = 0
        for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            known = {at: recognise(case_list, _text(cell)) for at, cell in enumerate(row) if _text(cell)}
            columns = {at: column for at, column in known.items() if isinstance(column, Column)}
            if len(columns) > len(best):
                best, header = columns, number
        if best and may_hold_list(sheet):
            found.append(_Place(sheet, header, best))
    holding = [place for place in found if "reference" in {column.id for column in place.columns.values()}]
    if len(holding) > 1:
        names = ", ".join(f"'{place.sheet.name}'" for place in holding)
        raise CommandFault(f"{path}: {len(holding)} sheets hold a list ({names}); keep one sheet in the file")
    if not (holding or found):
        raise CommandFault(f"{path}: no row holds the headers of {case_list.title}; name {_names(case_list)}")
    return (holding or found)[0]


def _needed(case_list: CaseList) -> set[str]:
    """What a draw needs: the reference and the columns of the strata."""
    rules = {column for variable in case_list.strata for rule in variable.rules for column in rule.when}
    return {"reference"} | rules | {variable.column for variable in case_list.strata if variable.column}


def _names(case_list: CaseList) -> str:
    needed = _needed(case_list)
    return ", ".join(f"'{column.header}'" for column in case_list.columns if column.id in needed)


def _header_faults(place: _Place, case_list: CaseList) -> Iterator[str]:
    where = f"{place.sheet.name or 'the file'} row {place.header + 1}"
    present = [column.id for column in place.columns.values()]
    for column in case_list.columns:
        if column.id in _needed(case_list) and column.id not in present:
            yield f"{where}: there is no column '{column.header}'; add it"
        if present.count(column.id) > 1:
            yield f"{where}: {present.count(column.id)} columns are '{column.header}'; keep one"
    for cell in place.sheet.rows[place.header]:
        known = recognise(case_list, _text(cell))
        if isinstance(known, RefusedColumn):
            yield f"{where}: '{_text(cell)}' must not be sent: {known.why}; take the column out"


def _text(cell: Cell) -> str:
    """What a person sees in a cell: whole numbers without a point, dates as 2019-06-03, single spaces."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return " ".join(str(cell).split())
