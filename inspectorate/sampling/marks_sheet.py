"""Chapter 4.4d and e: the provisional sample as a workbook for the body, and that workbook read again: every fault by
sheet, row and column, or what it says."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from inspectorate.documents.spreadsheets import (
    Cell,
    Column,
    Row,
    Sheet,
    Table,
    WrittenSheet,
    read_table,
    write_workbook,
)
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList, ExclusionReason
from inspectorate.sampling import cells, officers, writing
from inspectorate.sampling.checking import Fault
from inspectorate.sampling.officers import Away
from inspectorate.sampling.returning import LONGEST_NOTE

REFERENCE, REASON, NOTE = "Case reference", "Excluded because", "Note"
OFFICER, FIRST, LAST = "Responsible officer", "First day away", "Last day away"
MARKS, AWAY, ABOUT = "Exclusions", "Officers away", "How to fill this in"
LOOK_AT_ROWS = 20
SPARE_ROWS = 40
NOT_EXCLUDED = "not excluded"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a returned sheet is held against: the drawn cases, the closed reasons, the officers, fieldwork, today."""

    references: frozenset[str]
    reasons: tuple[ExclusionReason, ...]
    officers: tuple[str, ...]
    first_day: date
    last_day: date
    given_on: date

    @property
    def fieldwork(self) -> str:
        return officers.in_words(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a sheet says: reference -> (reason id, note) of every drawn case, and the days away, None where the file
    has no sheet for them. With faults nothing of it counts."""

    marks: Mapping[str, tuple[str, str]]
    away: tuple[Away, ...] | None
    faults: tuple[Fault, ...]


def workbook(
    case_list: CaseList, rows: Sequence[Any], asked: Asked, unit_names: Mapping[int, str], away: Sequence[Away]
) -> bytes:
    """The workbook: every drawn case in unit order with what is marked so far, and a row for each officer.

    `rows` are those of `samples.marked_rows` in the order in which they are to stand; nothing tells which of them are
    substitutes.
    """
    sheets = [_marks_page(case_list, rows, asked, unit_names)]
    if asked.officers:
        sheets.append(_away_page(asked, away))
    sheets.append(_about_page(case_list, asked))
    target = io.BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def _marks_page(case_list: CaseList, rows: Sequence[Any], asked: Asked, unit_names: Mapping[int, str]) -> WrittenSheet:
    shown = context_columns(case_list)
    texts = {reason.id: reason.text for reason in asked.reasons}
    columns = (
        Column(REFERENCE, 18),
        *(Column(one.header, 22) for one in shown),
        *(Column(unit_names[tier], 22) for tier in range(1, len(case_list.units) + 1)),
        Column(REASON, 60, tuple(texts.values()), "Choose a reason, or leave it empty where the case is not excluded"),
        Column(NOTE, 50),
    )
    return WrittenSheet(
        MARKS,
        columns,
        [
            (
                row.case.reference,
                *(writing.cell(one, row.case.facts.get(one.id, "")) for one in shown),
                *(row.case.unit_1, row.case.unit_2)[: len(case_list.units)],
                texts.get(row.mark_reason, "") if row.mark_reason else "",
                (row.mark_note or "") if row.mark_reason else "",
            )
            for row in rows
        ],
    )


def context_columns(case_list: CaseList) -> list[rules.Column]:
    """The two columns by which the body knows a case beside its reference and units."""
    return [one for one in case_list.columns if one.id not in ("reference", *case_list.units)][:2]


def _away_page(asked: Asked, away: Sequence[Away]) -> WrittenSheet:
    hint = f"A day of fieldwork: {asked.fieldwork}"
    said = [one for one in away if one.officer in asked.officers]
    rows: list[Sequence[Cell]] = []
    for name in asked.officers:
        its = [(one.officer, one.first_day, one.last_day, one.note) for one in sorted(said) if one.officer == name]
        rows += its or [(name,)]
    columns = (
        Column(OFFICER, 30, asked.officers),
        Column(FIRST, 18, (), hint),
        Column(LAST, 18, (), hint),
        Column(NOTE, 50),
    )
    return WrittenSheet(AWAY, columns, rows, SPARE_ROWS)


def _about_page(case_list: CaseList, asked: Asked) -> WrittenSheet:
    rows: list[Sequence[Cell]] = [
        (case_list.title,),
        (f"{MARKS}: one row for each case that may be inspected. Choose a reason for each case that has to be left "
         "out; leave the others empty. Take no row away and add none.",),
        *((f"A note is needed with «{one.text}»: {one.note_says.lower()}.",) for one in asked.reasons if one.note_says),
    ]  # fmt: skip
    if asked.officers:
        rows.append(
            (f"{AWAY}: days of fieldwork on which an officer cannot be interviewed. Fieldwork is {asked.fieldwork}. "
             "Leave the days empty for an officer who is there throughout; add a row for a second absence.",)
        )  # fmt: skip
    return WrittenSheet(ABOUT, (Column(ABOUT, 110),), rows)


def read(path: Path | str, asked: Asked) -> Returned:
    """What a returned workbook or .csv file says. Manual 4.4d, 4.4e. Raises UnreadableSheet."""
    return understand(read_table(path), asked)


@dataclass(slots=True)
class _Page:
    """A sheet that is being read: where its headers stand, and the faults found so far."""

    name: str
    rows: Sequence[Row]
    head: int
    places: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)

    def cell(self, row: Row, column: str) -> Cell:
        place = self.places.get(column)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Row, column: str) -> str:
        return cells.written(self.cell(row, column))

    def below(self) -> Iterator[tuple[int, Row]]:
        return ((number, row) for number, row in enumerate(self.rows[self.head :], self.head + 1))

    def fault(self, row: int, column: str, value: str, what: str, right: str) -> None:
        self.faults.append(Fault(self.name, row, column, value[:200], what, right))


def understand(table: Table, asked: Asked) -> Returned:
    """What the sheets of a file say, or every fault at once."""
    pages = [sheet for sheet in table.sheets if not sheet.hidden]
    marks, away = _find(pages, (REFERENCE, REASON, NOTE)), _find(pages, (OFFICER, FIRST, LAST))
    if not marks:
        what = f"No row with the headers «{REFERENCE}», «{REASON}» and «{NOTE}» was found."
        return Returned({}, None, (Fault("", 0, "", "", what, "Use the workbook that is downloaded here."),))
    faults = [
        Fault(page.name, 0, "", "", f"This is a second sheet with {subject}.", "Keep one such sheet.")
        for subject, found in (("exclusions", marks), ("officers' days away", away))
        for page in found[1:]
    ]
    read_marks = _marks(marks[0], asked)
    read_away = _days_away(away[0], asked) if away else None
    faults += marks[0].faults + (away[0].faults if away else [])
    return Returned(read_marks, read_away, tuple(faults))


def _find(sheets: Sequence[Sheet], headers: Sequence[str]) -> list[_Page]:
    """The sheets that have a row with all of these headers among their first."""
    found = []
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:LOOK_AT_ROWS], 1):
            places = {cells.written(cell).casefold(): place for place, cell in reversed(list(enumerate(row)))}
            if all(one.casefold() in places for one in headers):
                known = {one: places[one.casefold()] for one in (*headers, NOTE) if one.casefold() in places}
                found.append(_Page(sheet.name or "The file", sheet.rows, number, known))
                break
    return found


def _marks(page: _Page, asked: Asked) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    first: dict[str, int] = {}
    column = _reason_column(asked.reasons)
    for number, row in page.below():
        reference, written, note = (page.text(row, one) for one in (REFERENCE, REASON, NOTE))
        if not reference and not written and not note:
            continue
        if not reference:
            page.fault(number, REFERENCE, "", "No case reference stands here.", "Write the reference of the case.")
        elif reference not in asked.references:
            page.fault(
                number, REFERENCE, reference, "This case is not in the provisional sample.",
                "Take the row away, or write the reference as it was sent.",
            )  # fmt: skip
        elif reference in first:
            page.fault(
                number, REFERENCE, reference, f"This case stands on row {first[reference]} already.", "Keep one row."
            )
        else:
            first[reference] = number
        found[reference] = (_reason(page, number, column, written), _note(page, number, written, note))
    for reference in sorted(asked.references - first.keys()):
        page.fault(0, REFERENCE, reference, "This case is missing from the sheet.", "Put its row back.")
    return found


def _reason_column(reasons: Sequence[ExclusionReason]) -> rules.Column:
    choices = tuple(rules.Choice(one.id, one.text) for one in reasons)
    return rules.Column("reason", REASON, "", "choice", False, choices=choices)


def _reason(page: _Page, number: int, column: rules.Column, written: str) -> str:
    if written.casefold() in cells.NOTHING | {NOT_EXCLUDED}:
        return ""
    try:
        return rules.understand(column, written).id
    except rules.UnknownValueError:
        page.fault(
            number, REASON, written, "This is not one of the reasons.",
            "Choose a reason from the list of the cell, or leave it empty.",
        )  # fmt: skip
        return ""


def _note(page: _Page, number: int, written: str, note: str) -> str:
    if len(note) > LONGEST_NOTE:
        page.fault(
            number, NOTE, note, f"The note has {len(note)} characters.", f"Write at most {LONGEST_NOTE} characters."
        )
    if note and written.casefold() in cells.NOTHING | {NOT_EXCLUDED}:
        page.fault(number, NOTE, note, "A note stands here and no reason.", "Choose a reason, or take the note away.")
    return note


def _days_away(page: _Page, asked: Asked) -> tuple[Away, ...]:
    known = {name.casefold(): name for name in asked.officers}
    found: list[tuple[int, Away]] = []
    for number, row in page.below():
        name, first, last, note = (page.text(row, one) for one in (OFFICER, FIRST, LAST, NOTE))
        if not first and not last and not (note and not name):
            if note:
                page.fault(
                    number, FIRST, "", "A note stands here and no days.", "Write the days, or take the note away."
                )
            continue
        if name.casefold() not in known:
            what = "No case of this sample has this officer." if name else "No officer stands here."
            page.fault(number, OFFICER, name, what, "Write the name as it was sent.")
        if len(note) > officers.LONGEST_NOTE:
            page.fault(
                number, NOTE, note, f"The note has {len(note)} characters.",
                f"Write at most {officers.LONGEST_NOTE} characters.",
            )  # fmt: skip
        days = [_day(page, number, row, one, asked) for one in (FIRST, LAST)]
        if days[0] and days[1]:
            if days[1] < days[0]:
                page.fault(number, LAST, last, "The last day is before the first.", "Write the earlier day first.")
            found.append((number, Away(known.get(name.casefold(), name), days[0], days[1], note)))
    _overlaps(page, found)
    return tuple(one for _, one in found)


def _day(page: _Page, number: int, row: Row, column: str, asked: Asked) -> date | None:
    """The day in a cell, with a fault where it is none or no day of fieldwork."""
    written = page.text(row, column)
    kind = rules.Column("day", column, "a day of fieldwork", "date", True)
    try:
        day = date.fromisoformat(cells.read(kind, page.cell(row, column), asked.given_on).value)
    except cells.NotUnderstood as wrong:
        page.fault(number, column, written, wrong.what, wrong.right)
        return None
    if not asked.first_day <= day <= asked.last_day:
        page.fault(number, column, written, "This is not a day of fieldwork.", f"Fieldwork is {asked.fieldwork}.")
    return day


def _overlaps(page: _Page, found: Sequence[tuple[int, Away]]) -> None:
    """Days of one officer that stand on two rows: in order of days each row is held against the one that ends last."""
    latest: dict[str, tuple[int, Away]] = {}
    for number, one in sorted(found, key=lambda pair: (pair[1].first_day, pair[0])):
        row, other = latest.get(one.officer, (0, one))
        if row and one.first_day <= other.last_day:
            what = f"These days stand on row {min(row, number)} already."
            page.fault(max(row, number), OFFICER, one.officer, what, "Write each absence once.")
        if not row or one.last_day > other.last_day:
            latest[one.officer] = (number, one)
