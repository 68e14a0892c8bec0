"""Chapter 2.1 of the manual, linear programs in whole numbers throughout, so that no bound is off by a rounding.

The tableau is kept times its last pivot; every step then divides evenly (Edmonds, Bareiss). Small programs only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.object_]
CAREFUL_AFTER = 60


@dataclass(frozen=True, slots=True)
class Row:
    """low <= sum of weight x variable <= high."""

    weights: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Corner:
    """The best corner: its value rounded up, whether it is in whole numbers, else a variable with its floor."""

    value: int
    whole: bool
    broken: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Program:
    """A feasible tableau: `table` over `scale`, its last column the values of the variables in `basis`."""

    size: int
    table: Table
    basis: list[int]
    scale: int

    @classmethod
    def of(cls, rows: Sequence[Row], size: int, endless: int) -> Program | None:
        """The program of these rows over variables of 0 or more; None where nothing satisfies them.

        Manual 2.1b
        """
        lines = [line for row in rows for line in _lines(row, endless)]
        if any(not any(weights) and (least > 0 if at_least else least < 0) for weights, least, at_least in lines):
            return None
        table = np.zeros((len(lines), size + len(lines) + 1), dtype=object)
        basis = []
        for number, (weights, bound, at_least) in enumerate(lines):
            table[number, :size] = weights
            table[number, size + number] = -1 if at_least else 1
            table[number, -1] = bound
            basis.append(-1 if at_least else size + number)
        made = cls(size, table, basis, 1)
        return made if made._begin() else None

    def least(self, target: Sequence[int]) -> Corner | None:
        """The corner at which the sum of weight x variable is least; None where it has no end.

        Manual 2.1b
        """
        tried = Program(self.size, self.table.copy(), list(self.basis), self.scale)
        cost = np.zeros(self.table.shape[1], dtype=object)
        cost[: self.size] = target
        price: Table = cost * self.scale
        for number, name in enumerate(tried.basis):
            if cost[name]:
                price = price - cost[name] * tried.table[number]
        found = tried._descend(price)
        return None if found is None else tried._corner(-found[-1])

    def _corner(self, value: int) -> Corner:
        at_least = -(-value // self.scale)
        for number, name in enumerate(self.basis):
            if name < self.size and self.table[number, -1] % self.scale:
                return Corner(at_least, False, (name, int(self.table[number, -1] // self.scale)))
        return Corner(at_least, True)

    def _begin(self) -> bool:
        """Drives out what stands for rows not yet satisfied (-1 in the basis); whether all could be."""
        wanting = [number for number, name in enumerate(self.basis) if name < 0]
        if not wanting:
            return True
        price = self._descend(-self.table[wanting].sum(axis=0))
        if price is None or price[-1] != 0:
            return False
        for number in [number for number, name in enumerate(self.basis) if name < 0]:
            column = next((at for at, entry in enumerate(self.table[number, :-1]) if entry), None)
            if column is not None:
                if self.table[number, column] < 0:
                    self.table[number] = -self.table[number]
                self._pivot(number, column, np.zeros(self.table.shape[1], dtype=object))
        kept = [number for number, name in enumerate(self.basis) if name >= 0]
        self.table, self.basis = self.table[kept], [self.basis[number] for number in kept]
        return True

    def _descend(self, price: Table) -> Table | None:
        """Steps from corner to corner while one is better; None where it goes on for ever."""
        steps = 0
        while True:
            better = [at for at, entry in enumerate(price[:-1]) if entry < 0]
            if not better:
                return price
            steps += 1
            column = better[0] if steps > CAREFUL_AFTER else min(better, key=lambda at: price[at])
            number = self._leaves(column)
            if number is None:
                return None
            price = self._pivot(number, column, price)

    def _leaves(self, column: int) -> int | None:
        """The row that gives way first when a variable grows; of several, the one whose variable comes first."""
        best: int | None = None
        for number in range(len(self.basis)):
            entry = self.table[number, column]
            if entry <= 0:
                continue
            if best is None:
                best = number
                continue
            mine = self.table[number, -1] * self.table[best, column]
            its = self.table[best, -1] * entry
            if mine < its or (mine == its and self.basis[number] < self.basis[best]):
                best = number
        return best

    def _pivot(self, number: int, column: int, price: Table) -> Table:
        """Exchanges one variable of the basis; answers the prices after it."""
        row, pivot = self.table[number].copy(), self.table[number, column]
        price = (price * pivot - price[column] * row) // self.scale
        factors = self.table[:, column].copy()
        self.table = (self.table * pivot - np.outer(factors, row)) // self.scale
        self.table[number] = row
        self.basis[number] = column
        self.scale = pivot
        return price


def _lines(row: Row, endless: int) -> list[tuple[tuple[int, ...], int, bool]]:
    """A row as (weights, bound, whether the sum is at least the bound), each bound 0 or more."""
    found = []
    minus = tuple(-weight for weight in row.weights)
    if row.high < endless:
        found.append((row.weights, row.high, False) if row.high >= 0 else (minus, -row.high, True))
    if row.low > 0:
        found.append((row.weights, row.low, True))
    elif min(row.weights, default=0) < 0:
        found.append((minus, -row.low, False))
    return found
