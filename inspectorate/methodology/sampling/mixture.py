"""Chapter 4: a lottery over whole tables whose mean is a given broken table (exact simplex on whole numbers)."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
# Every entry of the tableau is a determinant of zeros and ones of order at most 17: below 18 ** 9 / 2 ** 17, or 1.6
# million, so that 64 bits never overflow. Gender, sentence type and RoSH make 16 cells.
MOST_CELLS = 16
_BEFORE_BLAND = 60


@dataclass(frozen=True, slots=True)
class Mixture:
    """Tables (row numbers) with their chances; `distance` is by how many cases the means miss the target in all."""

    chances: tuple[tuple[int, Fraction], ...]
    distance: Fraction


def mix(points: Whole, target: list[Fraction]) -> Mixture:
    """Return chances of the points (rows of 0 and 1) whose mean is the target, or as near to it as can be.

    Minimises the sum of absolute distances of the mean from the target, over all lotteries. `points` is (tables, cells)
    with at least one table and at most `MOST_CELLS` cells; `target` lies between 0 and 1.

    Manual 4.3a
    """
    tables, cells = points.shape
    tableau, cost, broken = _first_tableau(points, target)
    parts = math.lcm(*(amount.denominator for amount in broken))
    right = [int(amount * parts) for amount in broken]
    basis = [tables + cell for cell in range(cells)] + [0]
    scale, turn = 1, 0
    while (enter := _entering(cost, turn)) is not None:
        column = tableau[:, enter].copy()
        amounts = column.tolist()
        leave = _leaving(amounts, right, basis)
        pivot = amounts[leave]
        row, share = tableau[leave].copy(), right[leave]
        right = [
            share if at == leave else (right[at] * pivot - amounts[at] * share) // scale for at in range(cells + 1)
        ]
        tableau *= pivot
        tableau -= column[:, None] * row[None, :]
        if scale > 1:
            tableau //= scale
        tableau[leave] = row
        cost = (cost * pivot - int(cost[enter]) * row) // scale
        basis[leave], scale, turn = enter, pivot, turn + 1
    whole = scale * parts
    chances = [(basis[at], Fraction(right[at], whole)) for at in range(cells + 1) if basis[at] < tables and right[at]]
    missed = sum((Fraction(right[at], whole) for at in range(cells + 1) if basis[at] >= tables), Fraction(0))
    return Mixture(tuple(sorted(chances)), missed)


def _first_tableau(points: Whole, target: list[Fraction]) -> tuple[Whole, Whole, list[Fraction]]:
    """Start from the first table alone; what it misses in each cell stands in that cell's own slack."""
    tables, cells = points.shape
    first = points[0]
    missing = [part - int(whole) for part, whole in zip(target, first, strict=True)]
    sign = np.array([-1 if part < 0 else 1 for part in missing], dtype=np.int64)
    identity = np.eye(cells, dtype=np.int64)
    cell_rows = np.hstack([(points - first).T * sign[:, None], identity, -identity])
    sum_row = np.concatenate([np.ones(tables, dtype=np.int64), np.zeros(2 * cells, dtype=np.int64)])
    cost = np.concatenate([np.zeros(tables, dtype=np.int64), np.ones(2 * cells, dtype=np.int64)])
    cost = cost - cell_rows.sum(axis=0)
    return np.vstack([cell_rows, sum_row]), cost, [abs(part) for part in missing] + [Fraction(1)]


def _entering(cost: Whole, turn: int) -> int | None:
    """Steepest column at first; the lowest one (Bland's rule) later, so that it can never go round in circles."""
    column = int(cost.argmin() if turn < _BEFORE_BLAND else (cost < 0).argmax())
    return column if cost[column] < 0 else None


def _leaving(column: list[int], right: list[int], basis: list[int]) -> int:
    """The row that the entering column empties first (smallest right side by column); of several, lowest basis."""
    best = -1
    for at, amount in enumerate(column):
        if amount <= 0:
            continue
        ahead = right[at] * column[best] - right[best] * amount if best >= 0 else -1
        if ahead < 0 or (ahead == 0 and basis[at] < basis[best]):
            best = at
    return best
