"""Chapter 4.4: files that leave: the faults of a long list, and a final sample with its substitutes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from inspectorate.documents.spreadsheets import Cell, Column, WrittenSheet, write_workbook
from inspectorate.methodology.sampling import CaseList
from inspectorate.methodology.sampling import Column as Asked

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FAULT_HEADERS = ("Sheet", "Row", "Column", "Value", "What is wrong", "What would be right")


def period_in_words(case_list: CaseList) -> str:
    """`2 weeks. The person was released …`."""
    period = case_list.period
    return f"{period.length} {period.unit}{'s' if period.length > 1 else ''}. {period.meaning}."


def _workbook(sheets: Sequence[WrittenSheet]) -> bytes:
    target = io.BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def faults_table(faults: Iterable[Sequence[Any]]) -> str:
    """All faults of a list as .csv that opens in a spreadsheet program; no value can act as a formula there."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(FAULT_HEADERS)
    for sheet, row, column, value, what, right in faults:
        writer.writerow([_harmless(sheet), row or "", _harmless(column), _harmless(value), what, right])
    return "\ufeff" + target.getvalue()


WAIVER_HEADERS = ("Row", "Column", "What is wrong", "What became of it", "Why it cannot be mended", "By", "At")


def waivers_table(waivers: Iterable[Any], *, personal: bool) -> str:
    """The waivers of a list as .csv; with their values where these may be seen."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([*WAIVER_HEADERS, *(["Value"] if personal else [])])
    for one in waivers:
        cells = [_harmless(one.column), one.what, one.get_outcome_display(), _harmless(one.reason), one.by.name]
        at = f"{one.at:%Y-%m-%d %H:%M} UTC"
        writer.writerow([one.row, *cells, at, *([_harmless(one.value)] if personal else [])])
    return "\ufeff" + target.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def final_sample(case_list: CaseList, chosen: Iterable[Any], substitutes: Iterable[Any] | None) -> bytes:
    """The final sample as a workbook; the substitutes, in order, on a sheet of their own where they are given.

    Rows are those of `samples.marked_rows`.
    """
    asked = [column for column in case_list.columns if column.id != "reference"]
    given = tuple(Column(column.header, 20) for column in asked)
    sheets = [
        WrittenSheet(
            "Final sample",
            (Column("Number", 8), Column("Case reference", 18), Column("In place of", 18), *given),
            [(row.number, row.case.reference, row.in_place_of or "", *_facts(asked, row)) for row in chosen],
        )
    ]
    if substitutes is not None:
        sheets.append(
            WrittenSheet(
                "Substitutes in order",
                (Column("Order", 8), Column("Case reference", 18), *given),
                [(row.ticket, row.case.reference, *_facts(asked, row)) for row in substitutes],
            )
        )
    return _workbook(sheets)


def _facts(columns: Sequence[Asked], row: Any) -> list[Cell]:
    return [_cell(column, row.case.facts.get(column.id, "")) for column in columns]


def _cell(column: Asked, value: str) -> Cell:
    if column.type == "date" and value:
        return date.fromisoformat(value)
    return shown(column, value)


def shown(column: Asked, value: str) -> str:
    """A value of a listed case as people read it: the label of a choice, a date as 3 June 2019."""
    if column.type == "date" and value:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return next((choice.label for choice in column.choices if choice.id == value), value)


def shown_facts(case_list: CaseList, facts: dict[str, str]) -> list[tuple[str, str]]:
    """Header and value of every column that a listed case fills, as people read them."""
    return [(column.header, shown(column, facts[column.id])) for column in case_list.columns if facts.get(column.id)]
