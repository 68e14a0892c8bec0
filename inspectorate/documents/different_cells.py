"""Papers in: finds the different cells of each column of a workbook before calamine parses it, which then has few.

Part of the reading process, which knows only the standard library and calamine. A workbook written in the usual way is
cut into cells without being understood: what follows the place of a cell in the file's text is the cell. A copy of the
workbook that holds each different one of a column once is what calamine reads. Where anything is unusual, `Unusual` is
raised, and the workbook has to be read as it is.
"""

import io
import re
import secrets
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice
from typing import Any

import python_calamine

WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
BYTES_AT_ONCE = 1_000_000
ENOUGH = 200_000  # cells, to see whether fewer than half of them differ
MOST_DIFFERENT = 600_000  # what is remembered of them has to fit beside what calamine makes of them
CELLS_A_ROW = 1_000
MOST_WAITING = 20_000_000
ROW_BEGINS = b'<row r="'
BEGINS, EMPTY, ENDS, ROW_ENDS = b"<sheetData>", b"<sheetData/>", b"</sheetData>", b"</row>"
CELL = b'<c r="'
LAST = b"<c><v>0</v></c>"
SAID = rb'(?: (?!r=)[A-Za-z0-9:]+="[^"<>]*")*'  # attributes other than the place
ROW = re.compile(rb'(?:<row r="[0-9]+"' + SAID + rb'/>)*<row r="([1-9][0-9]{0,6})"' + SAID + rb">")
BLANK_ROWS = re.compile(rb'(?:<row r="[0-9]+"' + SAID + rb"/>)*")
LETTERS = re.compile(rb"[A-Z]{1,3}")
ELEMENT = rb"<%s" + SAID + rb"(?:/>|>[^<]*</%s>)"
INLINE, FORMULA, VALUE = (ELEMENT % (name, name) for name in (b"t", b"f", b"v"))
WHOLE = re.compile(SAID + rb"(?:/>|>(?:<is>" + INLINE + rb"</is>|(?:" + FORMULA + rb")?(?:" + VALUE + rb")?)</c>)")

Row = tuple[bytes, list[bytes]]  # its number with a quotation mark, and its cells


class Unusual(Exception):
    """The workbook is not written in the usual way, and has to be read as it is."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most cells, counting blank ones between, blank rows above, columns beside, and blank rows between two."""

    cells: int
    above: int
    beside: int
    between: int


@dataclass(frozen=True, slots=True)
class Read:
    """A worksheet as it was read: `about` it as calamine tells, its merged cells, and for each column its different
    values and which of them, the first being 1, stands on each row; 0 where none does."""

    about: Any
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    columns: list[tuple[list[Any], "array[int]"]]


@dataclass(slots=True)
class _Column:
    number: defaultdict[bytes, int] = field(default_factory=lambda: defaultdict(count(1).__next__))
    at: "array[int]" = field(default_factory=lambda: array("I"))

    def new(self, before: int) -> list[bytes]:
        """The cells that came after the first `before` different ones."""
        return list(islice(reversed(self.number), len(self.number) - before))


def read(path: str, bounds: Bounds, refuses: Callable[[bytes], bool]) -> list[Read]:
    """Every worksheet of a workbook. Raises Unusual, also for cells whose text `refuses`, and whatever zipfile and
    calamine raise of a file that is damaged."""
    mark = secrets.token_hex(8)
    with open(path, "rb") as file:
        copy = io.BytesIO(file.read())
    sheets: list[_Sheet] = []
    with zipfile.ZipFile(copy, "a") as archive:
        for entry in [entry for entry in archive.infolist() if WORKSHEET.fullmatch(entry.filename)]:
            sheet = _Sheet(bounds)
            with archive.open(entry) as text:
                sheet.take(iter(lambda text=text: text.read(BYTES_AT_ONCE), b""))  # type: ignore[misc]
            sheet.check(refuses)
            archive.filelist.remove(entry)
            del archive.NameToInfo[entry.filename]
            archive.writestr(entry.filename, b"".join(sheet.shortened(f"{mark} {len(sheets)}")))
            sheets.append(sheet)
    return list(_read(copy, mark, sheets))


def _read(copy: io.BytesIO, mark: str, sheets: Sequence["_Sheet"]) -> Iterator[Read]:
    copy.seek(0)
    with python_calamine.load_workbook(copy) as book:
        for place, about in enumerate(book.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_index(place)
            rows = list(found.iter_rows())
            marked = str(rows[0][0]).split() if rows else []
            if marked[:1] != [mark] or found.start != (0, 0):
                raise Unusual
            columns = sheets[int(marked[1])].columns_with(chain.from_iterable(row[:CELLS_A_ROW] for row in rows[1:]))
            yield Read(about, found.merged_cell_ranges or (), columns)


class _Sheet:
    """One worksheet: its columns, and the text before and after its rows."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._before = self._after = b""
        self._columns: list[_Column] = []
        self._layouts: dict[int, list[bytes]] = {}
        self._places: dict[bytes, int] = {}
        self._height = self._cells = 0
        self._row_said = b""

    def take(self, pieces: Iterator[bytes]) -> None:
        """Reads the whole text."""
        text = self._begun(pieces)
        while ENDS not in text:
            cut = text.rfind(ROW_ENDS) + len(ROW_ENDS)
            if cut >= len(ROW_ENDS):
                self._take_rows(text[:cut])
                text = text[cut:]
            text += _next(pieces, text)
        rows, _, self._after = text.partition(ENDS)
        cut = rows.rfind(ROW_ENDS) + len(ROW_ENDS)
        if cut >= len(ROW_ENDS):
            self._take_rows(rows[:cut])
            rows = rows[cut:]
        if not BLANK_ROWS.fullmatch(rows):
            raise Unusual
        self._after += b"".join(pieces)
        if BEGINS in self._after or b"<!" in self._after:
            raise Unusual

    def _begun(self, pieces: Iterator[bytes]) -> bytes:
        """What stands in the first pieces after the text before all rows."""
        text = next(pieces, b"")
        while BEGINS not in text and EMPTY not in text:
            text += _next(pieces, text)
        self._before, _, rest = text.replace(EMPTY, BEGINS + ENDS, 1).partition(BEGINS)
        if b"<!" in self._before:
            raise Unusual
        return rest

    def _take_rows(self, text: bytes) -> None:
        rows: dict[int, list[Row]] = {}
        height = self._height
        for row in text.split(ROW_ENDS)[:-1]:
            head, *cells = row.split(CELL)
            name = b"%d" % (height + 1)
            if head != ROW_BEGINS + name + self._row_said:
                name = self._name(head, height)
            height = int(name)
            rows.setdefault(len(cells), []).append((name + b'"', cells))
        self._height = height
        if len(self._columns) * height > self._bounds.cells:
            raise Unusual
        for many, alike in rows.items():
            if many and not self._add(self._layouts.setdefault(many, _layout(*alike[0])), alike):
                for layout, same in _by_layout(alike).items():
                    self._layouts[many] = list(layout)
                    if not self._add(self._layouts[many], same):
                        raise Unusual

    def _name(self, head: bytes, height: int) -> bytes:
        """The number of a row below `height` rows, from the text before its cells."""
        said = ROW.fullmatch(head)
        if not said:
            raise Unusual
        most = self._bounds.between if height else self._bounds.above
        if not height < int(said[1]) <= height + most:
            raise Unusual
        self._row_said = head[said.end(1) :]
        return said[1]

    def _add(self, letters: list[bytes], rows: list[Row]) -> bool:
        """Adds rows whose cells stand in the columns of these letters; says whether all do, and else adds none."""
        columns = [self._column(one) for one in letters]
        before = [len(column.number) for column in columns]
        names = [name for name, _ in rows]
        found, good = [], True
        for column, letter, there, cells in zip(
            columns, letters, before, zip(*(cells for _, cells in rows), strict=True), strict=True
        ):
            places = [letter + name for name in names]
            found.append(array("I", map(column.number.__getitem__, map(bytes.removeprefix, cells, places))))
            good = good and all(cell[:1] in b" >/" for cell in column.new(there))
        if not good:
            for column, there in zip(columns, before, strict=True):
                for cell in column.new(there):
                    del column.number[cell]
                column.number.default_factory = count(there + 1).__next__
            return False
        self._place([int(name[:-1]) - 1 for name in names], columns, found)
        return True

    def _place(self, rows: list[int], columns: list[_Column], found: "list[array[int]]") -> None:
        for column, numbers in zip(columns, found, strict=True):
            at = column.at
            at.frombytes(bytes(at.itemsize * max(0, rows[-1] + 1 - len(at))))
            if rows[-1] - rows[0] + 1 == len(rows):
                at[rows[0] : rows[-1] + 1] = numbers
            else:
                for row, number in zip(rows, numbers, strict=True):
                    at[row] = number
        self._cells += len(rows) * len(columns)
        different = sum(len(column.number) for column in self._columns)
        if different > MOST_DIFFERENT or ENOUGH < self._cells < 2 * different:
            raise Unusual

    def _column(self, letters: bytes) -> _Column:
        place = self._places.get(letters)
        if place is None:
            place = 0
            for letter in letters:
                place = place * 26 + letter - 64
            self._places[letters] = place = place - 1
            wide = max(place + 1, len(self._columns))
            if (not self._columns and place > self._bounds.beside) or wide * self._height > self._bounds.cells:
                raise Unusual
            self._columns += [_Column() for _ in range(len(self._columns), wide)]
        return self._columns[place]

    def check(self, refuses: Callable[[bytes], bool]) -> None:
        """Raises Unusual unless each of the different cells is one, whole, and not refused."""
        cells = [cell for column in self._columns for cell in column.number]
        if not all(map(WHOLE.fullmatch, cells)) or refuses(b"<c" + b"<c".join(cells)):
            raise Unusual

    def shortened(self, mark: str) -> Iterator[bytes]:
        """The text of a worksheet with each of the different cells once, below a row with a mark. No cell says where it
        stands, which makes it the next one of its row; a last one keeps blank cells before it in the row."""
        yield self._before + BEGINS
        yield f'<row><c t="inlineStr"><is><t>{mark}</t></is></c></row>'.encode()
        cells = [cell for column in self._columns for cell in column.number]
        for start in range(0, len(cells), CELLS_A_ROW):
            yield b"<row><c" + b"<c".join(cells[start : start + CELLS_A_ROW]) + LAST + ROW_ENDS
        yield ENDS + self._after

    def columns_with(self, values: Iterator[Any]) -> "list[tuple[list[Any], array[int]]]":
        """The columns with the values of their different cells; empty rows and columns at the end are left away."""
        columns = []
        for column in self._columns:
            different = list(islice(values, len(column.number)))
            if len(different) < len(column.number):
                raise Unusual
            empty = {0, *(number for number, value in enumerate(different, 1) if value == "" or value is None)}
            at = column.at
            while at and at[-1] in empty:
                at.pop()
            columns.append((different, at))
        while columns and not columns[-1][1]:
            columns.pop()
        height = max((len(at) for _, at in columns), default=0)
        for _, at in columns:
            at.frombytes(bytes(at.itemsize * (height - len(at))))
        return columns


def _next(pieces: Iterator[bytes], waiting: bytes) -> bytes:
    """The next piece of a text of which a part, which should be short, still waits for its end."""
    piece = next(pieces, None)
    if piece is None or len(waiting) > MOST_WAITING:
        raise Unusual
    return piece


def _layout(name: bytes, cells: Sequence[bytes]) -> list[bytes]:
    """The letters of the columns in which the cells of a row stand, as the beginning of each cell says."""
    layout = []
    for cell in cells:
        place = cell[: cell.find(b'"') + 1]
        letters = place.removesuffix(name)
        if place == letters or not LETTERS.fullmatch(letters):
            raise Unusual
        layout.append(letters)
    if any((len(one), one) >= (len(other), other) for one, other in zip(layout, layout[1:], strict=False)):
        raise Unusual
    return layout


def _by_layout(rows: Sequence[Row]) -> dict[tuple[bytes, ...], list[Row]]:
    alike: dict[tuple[bytes, ...], list[Row]] = {}
    for name, cells in rows:
        alike.setdefault(tuple(_layout(name, cells)), []).append((name, cells))
    return alike
