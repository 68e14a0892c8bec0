"""Papers in and papers out: reads tables that people send and writes workbooks for them, without the website."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np
import xlsxwriter

from inspectorate.documents.grids import Cell as Cell
from inspectorate.documents.grids import GridBuilder, Places
from inspectorate.documents.grids import Row as Row
from inspectorate.documents.sheet_process import TOO_MUCH

KINDS = {".xlsx": "xlsx", ".csv": "csv"}
MEMORY_BYTES = 500 * 1024 * 1024
SECONDS = 20
ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from inspectorate.documents import sheet_process
sys.exit(sheet_process.main(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
"""
LISTS = "Lists"
GREY = "#6B6B6B"


class UnreadableSheet(ValueError):
    """The file cannot be read as a table; the message says why and what the sender can do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. `rows[0]` is row 1 and `rows[0][0]` cell A1; rows end with their last cell in use, so that they
    differ in length and may be empty. Of merged cells (named as "A2:A5") only the first holds the value."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: the worksheets of a workbook in order, or the one nameless sheet of a .csv file."""

    sheets: tuple[Sheet, ...]


def read_table(path: Path | str, *, memory: int = MEMORY_BYTES, seconds: int = SECONDS) -> Table:
    """Reads an .xlsx or .csv file in a process of its own that may use `memory` bytes and `seconds`.

    Empty cells are None; whole numbers are int; dates stay date or datetime. Values of .csv files stay text. Raises
    UnreadableSheet for everything that cannot be read in full, and for nothing else.
    """
    file = Path(path)
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise UnreadableSheet(f"A file that ends in {file.suffix or 'nothing'} is not read. Save it as .xlsx or .csv.")
    if not file.is_file() or file.stat().st_size == 0:
        raise UnreadableSheet("The file is empty. Choose the file that holds the list.")
    return table_of(_child(file, kind, memory, seconds))


def table_of(lines: Iterable[str]) -> Table:
    """The table that the reading process tells line by line; raises UnreadableSheet where it tells none."""
    found: list[tuple[Mapping[str, Any], GridBuilder]] = []
    told: Mapping[str, Any] = {}
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:  # cut off while it was written
            told = {}
            continue
        if "sheet" in told:
            found.append((told, GridBuilder()))
        elif "columns" in told:
            found[-1][1].block([_column(column) for column in told["columns"]])
        elif "blank" in told:
            found[-1][1].blank(told["blank"])
        elif "anew" in told:
            found[-1][1].anew()
    if told.get("end") is not True:
        raise UnreadableSheet(told.get("fault", TOO_MUCH))
    return Table(tuple(_sheet(about, builder) for about, builder in found))


def _child(file: Path, kind: str, memory: int, seconds: int) -> Iterator[str]:
    """The lines that the reading process writes, while it writes them; it is killed when its time is over."""
    command = [sys.executable, "-I", "-c", CHILD, str(ROOT), str(file.resolve()), kind, str(memory), str(seconds)]
    late: list[bool] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A heap for each thread would count against its memory without being used.
        env={"MALLOC_ARENA_MAX": "1"},
    ) as process:

        def end() -> None:
            late.append(True)
            process.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            assert process.stdout
            for line in process.stdout:
                yield line.decode("ascii", errors="replace")
        finally:
            timer.cancel()
            process.kill()
    if late:
        raise UnreadableSheet(f"The file took more than {seconds} seconds to read. {TOO_MUCH}")


def _column(sent: Mapping[str, Any]) -> tuple[list[Cell], Places]:
    """The cells of a column that are new in a block, and which of all those so far stands on each of its rows."""
    return [_cell(value) for value in sent["new"]], np.frombuffer(b64decode(sent["at"]), dtype=np.uint32)


def _sheet(about: Mapping[str, Any], builder: GridBuilder) -> Sheet:
    return Sheet(about["sheet"], builder.grid(), about["hidden"], tuple(about["merged"]))


def _cell(value: Any) -> Cell:
    """A cell as it was read."""
    if isinstance(value, dict):
        name, written = next(iter(value.items()))
        decoded: Cell = _DECODED[name](written)
        return decoded
    known: Cell = value[0] if isinstance(value, list) else value
    return known


def _seconds(written: float) -> timedelta:
    return timedelta(seconds=written)


_DECODED: Mapping[str, Any] = {
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "time": time.fromisoformat,
    "seconds": _seconds,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write. With `choices` its cells offer a drop-down list; `hint` is shown beside a chosen cell."""

    title: str
    width: int = 18
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A worksheet to write: `rows` of values in the order of `columns`; drop-down lists reach `blank_rows` beyond. What
    stands on a `grey` one is greyed out."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]] = ()
    blank_rows: int = 0
    grey: bool = False


def write_workbook(target: Path | str | IO[bytes], sheets: Sequence[WrittenSheet]) -> None:
    """Writes an .xlsx workbook: bold header that stays in sight, widths, drop-down lists, dates as 03/06/2019.

    Text is always written as text, never as a formula or link, whatever it begins with.
    """
    where = str(target) if isinstance(target, Path) else target
    with xlsxwriter.Workbook(where, {"constant_memory": True, "in_memory": not isinstance(where, str)}) as book:
        plain = _looks(book, {})
        grey = _looks(book, {"font_color": GREY, "italic": True}) if any(sheet.grey for sheet in sheets) else plain
        offered: list[tuple[str, ...]] = []
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, grey if sheet.grey else plain, offered)
        if offered:
            _write_lists(book.add_worksheet(LISTS), offered)


def _looks(book: Any, every: Mapping[str, Any]) -> Mapping[Any, Any]:
    """How headers, dates, times and the rest look, with `every` added to each; plain text and numbers have no look."""
    return {
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", **every}),
        date: book.add_format({"num_format": "dd/mm/yyyy", **every}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm", **every}),
        time: book.add_format({"num_format": "hh:mm", **every}),
        "text": book.add_format(dict(every)) if every else None,
    }


def _write_sheet(page: Any, sheet: WrittenSheet, looks: Mapping[Any, Any], offered: list[tuple[str, ...]]) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.title, looks["header"])
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            _write_cell(page, last, place, value, looks)
    end = last + sheet.blank_rows
    for place, column in enumerate(sheet.columns):
        if end and (column.choices or column.hint):
            page.data_validation(1, place, end, place, _validation(column, offered))


def _write_cell(page: Any, row: int, place: int, value: Cell, looks: Mapping[Any, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_string(row, place, "Yes" if value else "No", looks["text"])
    elif isinstance(value, int | float):
        page.write_number(row, place, value, looks["text"])
    elif isinstance(value, str):
        page.write_string(row, place, value, looks["text"])
    elif isinstance(value, timedelta):
        page.write_datetime(row, place, value, looks[time])
    else:
        naive = value.replace(tzinfo=None) if isinstance(value, datetime | time) else value
        page.write_datetime(row, place, naive, looks[type(value)])


def _validation(column: Column, offered: list[tuple[str, ...]]) -> dict[str, Any]:
    """The drop-down of a column; lists stand on a hidden sheet, since one typed into a cell rule ends at 255 signs."""
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        if column.choices not in offered:
            offered.append(column.choices)
        letter = _letter(offered.index(column.choices))
        rule = {
            "validate": "list",
            "source": f"={LISTS}!${letter}$1:${letter}${len(column.choices)}",
            "error_title": "Choose from the list",
            "error_message": f"Choose one of the values offered for {column.title}."[:255],
        }
    if column.hint:
        rule |= {"input_title": column.title[:32], "input_message": column.hint[:255]}
    return rule


def _letter(place: int) -> str:
    letters, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _write_lists(page: Any, offered: Sequence[tuple[str, ...]]) -> None:
    page.hide()
    for row in range(max(map(len, offered))):
        for place, choices in enumerate(offered):
            if row < len(choices):
                page.write_string(row, place, choices[row])
