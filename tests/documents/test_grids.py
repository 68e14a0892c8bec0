"""Tables kept by columns say the same as their rows, however they were sent."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.documents import sheet_process
from inspectorate.documents.grids import coded, grid_of, side_by_side
from inspectorate.documents.spreadsheets import read_table

CELLS = st.sampled_from([None, "a", "b", "A", 1, True, 0, False, 1.5, date(2019, 6, 3), datetime(2019, 6, 3)])
ROWS = st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=12).map(tuple)


def without_tail(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[: max((at for at, cell in enumerate(row, 1) if cell is not None), default=0)]


def alike(rows: Any) -> list[list[tuple[type, Any]]]:
    return [[(type(cell), cell) for cell in row] for row in rows]


@given(rows=ROWS, first=st.integers(0, 12), end=st.integers(0, 12))
@settings(max_examples=60)
def test_a_grid_has_the_rows_that_it_was_made_of(rows: Any, first: int, end: int) -> None:
    grid, expected = grid_of(rows), [without_tail(row) for row in rows]
    assert alike(grid) == alike(expected)
    assert alike(grid[first:end]) == alike(expected[first:end])
    assert alike(grid[at] for at in range(-len(rows), len(rows))) == alike([*expected, *expected])
    assert grid.in_use().tolist() == [bool(row) for row in expected]


@given(rows=st.lists(st.tuples(*[st.sampled_from("xyz")] * 3), min_size=1), kept=st.data())
@settings(max_examples=60)
def test_columns_say_what_stands_on_each_row_in_the_order_of_the_first(rows: Any, kept: Any) -> None:
    columns = [coded(values) for values in zip(*rows, strict=True)]
    together = side_by_side(columns, len(rows))
    assert together.each() == rows
    assert list(together.different) == list(dict.fromkeys(rows))
    some = kept.draw(st.lists(st.integers(0, len(rows) - 1), unique=True).map(sorted))
    part = columns[0].on(np.array(some, dtype=np.intp))
    assert part.each() == [rows[at][0] for at in some]
    assert list(part.different) == list(dict.fromkeys(part.each()))
    assert dict(zip(part.different, part.times(), strict=True)) == {one: part.each().count(one) for one in part.each()}


def test_true_and_one_stay_apart_in_a_column(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        for row, value in enumerate([1, True, "x", False, 0, True]):
            sheet.write(row, 0, value)
    (sheet,) = read_table(tmp_path / "a.xlsx").sheets
    assert alike(sheet.rows) == [[(type(one), one)] for one in (1, True, "x", False, 0, True)]


def test_rows_of_many_blocks_arrive_as_they_stand_in_the_file(tmp_path: Path) -> None:
    rows = [[str(row), f"Team {row % 7}", *["late"] * (row > 3000)] if row % 1500 else [] for row in range(5000)]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    (sheet,) = read_table(tmp_path / "a.csv").sheets
    assert sheet.rows == [tuple(row) for row in rows]


def test_cells_are_forgotten_where_too_many_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_process, "MOST_REMEMBERED", 3)
    columns = sheet_process.Columns()
    assert [one["new"] for one in columns.of([["a", "x"], ["b", "x"], ["a", None]])] == [["a", "b"], ["x", None]]
    assert columns.forget()
    assert [one["new"] for one in columns.of([["b"]])] == [["b"]]
