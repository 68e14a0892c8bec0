"""Chapter 4.4: files that leave: the empty long list, the faults of one, and a final sample with its substitutes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from inspectorate.documents.spreadsheets import Cell, Column, WrittenSheet, write_workbook
from inspectorate.methodology.sampling import CaseList
from inspectorate.methodology.sampling import Column as Asked
from inspectorate.sampling.models import LongList

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLANK_ROWS = 5000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FAULT_HEADERS = ("Sheet", "Row", "Column", "Value", "What is wrong", "What would be right")


def empty_list(case_list: CaseList) -> bytes:
    """The workbook that a body fills in: headers with drop-down lists, and notes on each column."""
    columns = tuple(
        Column(one.header, 22, tuple(choice.label for choice in one.choices), one.holds) for one in case_list.columns
    )
    notes: list[Sequence[Cell]] = [
        (one.header, "required" if one.required else "optional", one.holds, _how(one)) for one in case_list.columns
    ]
    about = [
        ("Cases on this list", "", case_list.population, ""),
        ("Period", "", period_in_words(case_list), ""),
        *((f"Not on this list: {one.header}", "", one.why, "") for one in case_list.refused_columns),
    ]
    heads = (Column("About", 30), Column("Needed", 10), Column("What it holds", 70), Column("How it is written", 50))
    return _workbook(
        [WrittenSheet("Long list", columns, (), BLANK_ROWS), WrittenSheet("Notes", heads, [*about, *notes])]
    )


def _how(column: Asked) -> str:
    if column.choices:
        return " / ".join(choice.label for choice in column.choices)
    return "a date as 03/06/2019" if column.type == "date" else "text"


def period_in_words(case_list: CaseList) -> str:
    """`2 weeks. The person was released …`."""
    period = case_list.period
    return f"{period.length} {period.unit}{'s' if period.length > 1 else ''}. {period.meaning}."


def _workbook(sheets: Sequence[WrittenSheet]) -> bytes:
    target = io.BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def faults_table(long_list: LongList) -> str:
    """All faults of a list as .csv that opens in a spreadsheet program; no value can act as a formula there."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(FAULT_HEADERS)
    for sheet, row, column, value, what, right in long_list.faults:
        writer.writerow([_harmless(sheet), row or "", _harmless(column), _harmless(value), what, right])
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
    return [cell(column, row.case.facts.get(column.id, "")) for column in columns]


def cell(column: Asked, value: str) -> Cell:
    """A value of a listed case for a worksheet: a date as a date, else as people read it."""
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
