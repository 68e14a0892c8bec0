"""Papers in: a table kept by columns, each different cell of one only once, which is quicker to read than its rows."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[Cell, ...]
Numbers = NDArray[np.intp]
Places = NDArray[np.uint32]
T = TypeVar("T")
S = TypeVar("S")

ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[T]):
    """A column: its `different` values, and `at` the place among them of what stands on each row."""

    different: Sequence[T]
    at: Numbers

    def each(self) -> list[T]:
        """The value of every row."""
        return list(map(self.different.__getitem__, self.at.tolist()))

    def times(self) -> list[int]:
        """On how many rows each of the different values stands."""
        found: list[int] = np.bincount(self.at, minlength=len(self.different)).tolist()
        return found

    def where(self, wanted: Callable[[T], bool]) -> NDArray[np.bool_]:
        """Whether what stands on each row is `wanted`; each of the different values is asked for once."""
        return np.fromiter(map(wanted, self.different), dtype=np.bool_)[self.at]

    def part(self, rows: slice) -> "Coded[T]":
        """Some rows of the column."""
        return Coded(self.different, self.at[rows])

    def on(self, rows: Numbers) -> "Coded[T]":
        """These rows (from 0) of the column: the values that stand there, in the order of their first row."""
        at = self.at[rows]
        first = np.full(len(self.different), len(at), dtype=np.intp)
        np.minimum.at(first, at, np.arange(len(at)))
        order = np.argsort(first)[: np.count_nonzero(first < len(at))]
        place = np.zeros(len(self.different), dtype=np.intp)
        place[order] = np.arange(len(order))
        return Coded([self.different[one] for one in order.tolist()], place[at])

    def read_as(self, values: Sequence[S]) -> "Coded[S]":
        """Other `values` in place of the different ones; those that are equal become one, the order stays."""
        number: dict[S, int] = {}
        place = [number.setdefault(value, len(number)) for value in values]
        return Coded(list(number), np.array(place, dtype=np.intp)[self.at])


def coded(values: Iterable[T]) -> Coded[T]:
    """A column from the value of every row."""
    there = list(values)
    return Coded(there, np.arange(len(there), dtype=np.intp)).read_as(there)


def side_by_side(columns: Sequence[Coded[T]], rows: int) -> Coded[tuple[T, ...]]:
    """What stands on each of the `rows` in several columns, in the order of the first row of each."""
    at = np.zeros(rows, dtype=np.intp)
    for column in columns:
        at = np.unique(at * len(column.different) + column.at, return_inverse=True)[1]
    _, first, at = np.unique(at, return_index=True, return_inverse=True)
    found = [tuple(column.different[column.at[row]] for column in columns) for row in first.tolist()]
    return Coded(found, at).on(np.arange(rows))


class Grid(Sequence[Row]):
    """The rows of a sheet, kept by columns; a row ends with its last cell in use. Of each column the first different
    cell is None, whether it stands anywhere or not."""

    def __init__(self, columns: Sequence[Coded[Cell]], height: int) -> None:
        self.columns, self.height = columns, height

    def column(self, place: int) -> Coded[Cell]:
        """A column from its place, the first being 0; an empty one beyond the last."""
        return self.columns[place] if place < len(self.columns) else Coded([None], np.zeros(self.height, np.intp))

    def in_use(self) -> NDArray[np.bool_]:
        """Whether anything stands on each row."""
        there = np.zeros(self.height, dtype=np.bool_)
        for column in self.columns:
            there |= column.at != 0
        return there

    def filled_down(self, parts: Iterable[tuple[int, int, int]]) -> "Grid":
        """The same grid with the cell of the first row in the others, for each (column, first row, end) from 0."""
        places = {place: column.at.copy() for place, column in enumerate(self.columns)}
        for place, first, end in parts:
            if place in places and first < self.height:
                places[place][first + 1 : end] = places[place][first]
        return Grid([Coded(column.different, places[at]) for at, column in enumerate(self.columns)], self.height)

    def __len__(self) -> int:
        return self.height

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Row]: ...
    def __getitem__(self, key: int | slice) -> Row | Sequence[Row]:
        if isinstance(key, slice):
            return self._rows(key)
        at = range(self.height)[key]
        return self._rows(slice(at, at + 1))[0]

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, self.height, ROWS_AT_ONCE):
            yield from self._rows(slice(start, start + ROWS_AT_ONCE))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __repr__(self) -> str:
        return f"Grid({list(self)!r})"

    def _rows(self, part: slice) -> list[Row]:
        cells = (column.part(part).each() for column in self.columns)
        if not self.columns:
            return [()] * len(range(self.height)[part])
        return [row if row[-1] is not None else _without_tail(row) for row in zip(*cells, strict=True)]


def _without_tail(row: Row) -> Row:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def grid_of(rows: Sequence[Row]) -> Grid:
    """A grid from its rows."""
    if isinstance(rows, Grid):
        return rows
    columns: list[Coded[Cell]] = []
    for cells in zip_longest(*rows):
        different = _Different()
        at = np.array([different.number(cell) for cell in cells], dtype=np.intp)
        columns.append(Coded(different.cells, at))
    return Grid(columns, len(rows))


class GridBuilder:
    """A grid whose rows arrive in blocks from one who numbers the different cells of each column too."""

    def __init__(self) -> None:
        self.height = 0
        self._columns: list[_Arriving] = []

    def blank(self, rows: int) -> None:
        """Adds rows on which nothing stands."""
        self.height += rows

    def block(self, columns: Sequence[tuple[Iterable[Cell], Places]]) -> None:
        """Adds rows by their columns, each as the different cells that are new in it, and which of all that it had so
        far, by the sender's numbers, stands on each row."""
        self._columns += [_Arriving() for _ in columns[len(self._columns) :]]
        for arriving, (new, at) in zip(self._columns, columns, strict=False):
            arriving.add(self.height, new, at)
        self.height += len(columns[0][1])

    def anew(self) -> None:
        """From here on the sender numbers the cells from 0 again."""
        for arriving in self._columns:
            arriving.theirs = array("q")

    def grid(self) -> Grid:
        """The whole grid."""
        return Grid([arriving.column(self.height) for arriving in self._columns], self.height)


class _Different:
    """The different cells of a column as they come, each under its number; None is 0."""

    def __init__(self) -> None:
        self.cells: list[Cell] = [None]
        self._numbers: dict[Any, int] = {None: 0}

    def number(self, cell: Cell) -> int:
        """The number of a cell, a new one where it was not there yet."""
        key = (cell,) if isinstance(cell, bool) else cell  # True equals 1, and would become it
        number = self._numbers.setdefault(key, len(self.cells))
        if number == len(self.cells):
            self.cells.append(cell)
        return number


class _Arriving:
    """A column of a grid that is built: own numbers of the cells for the sender's, and those on the rows so far."""

    def __init__(self) -> None:
        self.theirs = array("q")
        self._different = _Different()
        self._parts: list[Numbers] = []
        self._rows = 0

    def add(self, start: int, new: Iterable[Cell], at: Places) -> None:
        """Adds rows from row `start` on; nothing stands on those between."""
        self.theirs.extend(map(self._different.number, new))
        own = np.frombuffer(self.theirs, dtype=np.int64)[at].astype(np.intp, copy=False)
        self._parts += [np.zeros(start - self._rows, dtype=np.intp), own]
        self._rows = start + len(at)

    def column(self, height: int) -> Coded[Cell]:
        """The column of a grid of this height."""
        missing = np.zeros(height - self._rows, dtype=np.intp)
        return Coded(self._different.cells, np.concatenate([*self._parts, missing]))
