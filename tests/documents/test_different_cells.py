"""A workbook read by its different cells holds what it holds when each cell is read where it stands."""

import re
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.documents import sheet_process
from inspectorate.documents.spreadsheets import Table, table_of

END = '{"end":true}\n'
CELLS = st.sampled_from(
    [None, "", "a", "b", 'A2"', "<c> & </row>", " ", 1, 12.0, 0.5, True, False, date(2019, 6, 3), "=1"]
)
SHEETS = st.lists(st.lists(st.lists(CELLS, max_size=5), max_size=9), min_size=1, max_size=3)
SHEET = "xl/worksheets/sheet1.xml"


def written(path: Path, sheets: Any, left: int, inline: bool) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        day, plain = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"bold": True})
        for rows in sheets:
            page = book.add_worksheet()
            for at, row in enumerate(rows):
                for place, cell in enumerate(row, left):
                    if cell == "=1":
                        page.write_formula(at * 2, place, cell, None, 1)
                    elif cell == "":
                        page.write_blank(at * 2, place, None, plain)
                    elif cell is not None:
                        page.write(at * 2, place, cell, day if isinstance(cell, date) else None)
            if len(rows) > 4 and not inline:
                page.merge_range(40, 1, 42, 1, "together", plain)
                page.hide() if page.index else None
    return path


def by_different_cells(path: Path) -> Table | None:
    lines: list[str] = []
    return table_of([*lines, END]) if sheet_process.write_different(str(path), lines.append) else None


def as_it_is(path: Path) -> Table:
    lines: list[str] = []
    sheet_process.write_worksheets(str(path), lines.append)
    return table_of([*lines, END])


def typed(table: Table) -> Any:
    return [(s.name, s.hidden, s.merged, [[(type(c), c) for c in row] for row in s.rows]) for s in table.sheets]


def changed(path: Path, pattern: str, new: str) -> Path:
    """The workbook with the first place in the text of its sheet that matches changed."""
    other = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(other, "w") as after:
        for entry in before.infolist():
            text = before.read(entry)
            if entry.filename == SHEET:
                found, times = re.subn(pattern.encode(), new.encode(), text, count=1)
                assert times
                text = found
            after.writestr(entry.filename, text)
    return other


@given(sheets=SHEETS, left=st.integers(0, 2), inline=st.booleans())
@settings(max_examples=25, deadline=None)
def test_both_ways_of_reading_tell_the_same(sheets: Any, left: int, inline: bool) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "a.xlsx", sheets, left, inline)
        found = by_different_cells(path)
        assert found
        assert typed(found) == typed(as_it_is(path))


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"<c ", "<!-- <c -->"),
        (r"</c><c ", "</c>\n<c "),
        (r'r="A1"', 'r="B1"'),
        (r'<c r="B1"', "<c"),
        (r'<c r="C3"', '<c r="A3"'),
        (r'<row r="3"', '<row r="1"'),
        (r'<row r="3"[^>]*>', "<row>"),
        (r'<row r="3"', '<row r="900000"'),
        (r"<sheetData>", "<sheetData><!-- -->"),
        (r"</sheetData>", '</sheetData><sheetData><row r="9"><c r="A9"><v>1</v></c></row></sheetData>'),
        (r"</v></c>", "</v></c><c><v>7</v></c>"),
        (r"</v></c>", "</v><c/></c>"),
        (r"<v>", "<f>A1</f><v>"),
        (r"</c></row>", "</c></row><row/>"),
        (r"</row>", ""),
    ],
)
def test_a_workbook_written_in_another_way_is_read_as_it_is_or_tells_the_same(
    tmp_path: Path, pattern: str, new: str
) -> None:
    path = changed(written(tmp_path / "a.xlsx", [[["a", 1, "b"], ["c", 2, "d"]]], 0, False), pattern, new)
    found = by_different_cells(path)
    assert found is None or typed(found) == typed(as_it_is(path))


def test_blank_cells_keep_their_places_among_very_many(tmp_path: Path) -> None:
    rows = [[f"{row}" if row % 1000 != 999 else "", row % 3 or None, None if row % 7 else "x"] for row in range(2500)]
    path = written(tmp_path / "a.xlsx", [rows], 1, False)
    found = by_different_cells(path)
    assert found
    assert typed(found) == typed(as_it_is(path))


def test_formulas_never_computed_and_errors_are_left_to_the_reading_that_names_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [[["=1", 1]]], 0, False)
    assert by_different_cells(path)
    assert by_different_cells(changed(path, "<v>1</v></c>", "</c>")) is None
    assert by_different_cells(changed(path, '<c r="B1"><v>1</v>', '<c r="B1" t="e"><v>#N/A</v>')) is None
