"""Chapter 4.4: the specification of a long list as a workbook: headers with drop-downs, notes, and made-up examples."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from inspectorate.documents.spreadsheets import Cell, Column, WrittenSheet, write_workbook
from inspectorate.methodology.sampling import CaseList
from inspectorate.methodology.sampling import Column as Asked
from inspectorate.sampling.asked import Days
from inspectorate.sampling.checking import dated_by
from inspectorate.sampling.headings import EXAMPLE, EXAMPLES
from inspectorate.sampling.writing import period_in_words

BLANK_ROWS = 5000
EXAMPLE_ROWS = 3
# What stands in a column of the examples; nobody and nothing named here exists.
MADE_UP = {
    "name": "Person, Made-up",
    "tier-1": "North",
    "tier-2": "Harbour",
    "office": "Harbour office",
    "responsible-officer": "Officer, Made-up",
    "court": "Harbour Crown Court",
    "offence": "Robbery",
    "sentence-length": "2 years",
    "prison": "HMP Harbour",
    "hours": "120",
}
BIRTH = date(1985, 6, 3)
HEADS = (Column("About", 34), Column("Needed", 10), Column("What it holds", 70), Column("How it is written", 50))


def empty_list(case_list: CaseList, days: Days | None) -> bytes:
    """The workbook that a body fills in; `days` are the first and last day that the list is to cover, where known.
    The sheet of examples is grey, and never read. Manual 4.2a, 4.4b."""
    columns = tuple(
        Column(one.header, 22, tuple(choice.label for choice in one.choices), _hint(case_list, one, days))
        for one in case_list.columns
    )
    target = io.BytesIO()
    sheets = [
        WrittenSheet("Long list", columns, (), BLANK_ROWS),
        WrittenSheet("Notes", HEADS, list(_notes(case_list, days))),
        WrittenSheet(EXAMPLES, _plain(columns), list(_examples(case_list, days)), grey=True),
    ]
    write_workbook(target, sheets)
    return target.getvalue()


def _hint(case_list: CaseList, column: Asked, days: Days | None) -> str:
    if days and column == dated_by(case_list):
        return f"{column.holds}. From {days[0]:%d/%m/%Y} to {days[1]:%d/%m/%Y}"
    return column.holds


def _plain(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(Column(column.title, column.width) for column in columns)


def _notes(case_list: CaseList, days: Days | None) -> Iterator[Sequence[Cell]]:
    yield "Cases on this list", "", case_list.population, ""
    yield "Period", "", period_in_words(case_list), ""
    if days:
        yield "First day of the period", "", days[0], ""
        yield "Last day of the period", "", days[1], ""
    yield "Examples", "", f"The sheet «{EXAMPLES}» shows made-up rows. Put your cases on the first sheet.", ""
    for refused in case_list.refused_columns:
        yield f"Not on this list: {refused.header}", "", refused.why, ""
    for one in case_list.columns:
        yield one.header, "required" if one.required else "optional", one.holds, _how(case_list, one, days)


def _how(case_list: CaseList, column: Asked, days: Days | None) -> str:
    if column.choices:
        return " / ".join(choice.label for choice in column.choices)
    if days and column == dated_by(case_list):
        return f"a date from {days[0]:%d/%m/%Y} to {days[1]:%d/%m/%Y}"
    return "a date as 03/06/2019" if column.type == "date" else "text"


def _examples(case_list: CaseList, days: Days | None) -> Iterator[Sequence[Cell]]:
    for number in range(EXAMPLE_ROWS):
        yield [_example(column, number, days) for column in case_list.columns]


def _example(column: Asked, number: int, days: Days | None) -> Cell:
    if column.type == "reference":
        return f"{EXAMPLE}{number + 1}"
    if column.choices:
        return column.choices[number % len(column.choices)].label
    if column.type == "date" and column.personal:
        return BIRTH.replace(year=BIRTH.year + 4 * number)
    if column.type == "date":
        return days[0] + timedelta(2 * number) if days else "a date"
    return MADE_UP.get(column.id, "Made up")
