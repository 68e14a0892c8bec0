"""Chapter 4: how many cases each stratum gives, so that every value of every variable keeps its share."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from inspectorate.methodology.sampling.chance import Dice
from inspectorate.methodology.sampling.mixture import MOST_CELLS, Mixture, Whole, mix
from inspectorate.methodology.sampling.rare import sums_of, with_one_of_each
from inspectorate.methodology.sampling.rounding import round_flow

Stratum = tuple[str, ...]
Value = tuple[int, str]  # (number of the variable, its value)
K = TypeVar("K")
_FINE = 1 << 40
_FITTING_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Shares:
    """Cases for each stratum; `unequal` is by how many cases in all the chances had to leave equality."""

    cases: Mapping[Stratum, int]
    unequal: Fraction


def goals(counts: Mapping[Stratum, int], size: int, proportions: Mapping[Stratum, int]) -> dict[Value, Fraction]:
    """Return the cases expected for every value of every variable: size times its share of `proportions`.

    Values that no stratum of `counts` holds cannot be drawn; what they were due is shared among the rest.

    Manual 4.3a, 4.4c
    """
    present = set(_sums(counts))
    due = {value: cases for value, cases in _sums(proportions).items() if value in present}
    whole: dict[int, int] = {}
    for (variable, _), cases in due.items():
        whole[variable] = whole.get(variable, 0) + cases
    expected = {value: Fraction(size * cases, whole[value[0]]) for value, cases in due.items() if whole[value[0]]}
    return {value: expected.get(value, Fraction(0)) for value in sorted(present)}


def share_out(
    counts: Mapping[Stratum, int],
    size: int,
    dice: Dice,
    proportions: Mapping[Stratum, int] | None = None,
    one_of_each: Collection[int] = (),
) -> Shares:
    """Draw how many cases each stratum gives: every value within one case of its goal, every stratum's mean kept.

    `counts` are the cases that can be drawn, `proportions` (the long list where some units are left out or cases have
    been excluded) the counts whose shares are to be matched; both by stratum. Of `one_of_each` (numbers of variables)
    every value gives a case at least.

    Manual 4.3a, 4.4c, 4.4d, 4.4i
    """
    strata = sorted(stratum for stratum, cases in counts.items() if cases)
    wanted = goals(counts, size, proportions or counts)
    unit, parts = _equal(strata, counts, wanted, size, proportions)
    raised = Fraction(0)
    if one_of_each:
        equal = {stratum: Fraction(part, unit) for stratum, part in zip(strata, parts, strict=True)}
        due = with_one_of_each(equal, counts, one_of_each)
        raised = sum((abs(due[stratum] - equal[stratum]) for stratum in strata), Fraction(0))
        if raised:
            unit = math.lcm(*(cases.denominator for cases in due.values()))
            parts = [int(due[stratum] * unit) for stratum in strata]
            wanted = {(at, value): cases for at in range(len(strata[0])) for value, cases in sums_of(due, at).items()}
    if len(strata[0]) <= 2:
        return Shares(dict(zip(strata, _two_way(strata, parts, unit, dice), strict=True)), raised)
    table = [Fraction(part, unit) for part in parts]
    _fly(strata, table, dice)
    return _land(strata, table, wanted, size, dice, raised)


def chances(
    counts: Mapping[Stratum, int],
    size: int,
    proportions: Mapping[Stratum, int] | None = None,
    one_of_each: Collection[int] = (),
) -> dict[Stratum, Fraction]:
    """Return for each stratum the chance of each of its cases to be drawn; arguments as for `share_out`.

    Manual 4.3a, 4.4i
    """
    strata = sorted(stratum for stratum, cases in counts.items() if cases)
    size = min(size, sum(counts.values()))
    unit, parts = _equal(strata, counts, goals(counts, size, proportions or counts), size, proportions)
    due = {stratum: Fraction(part, unit) for stratum, part in zip(strata, parts, strict=True)}
    if one_of_each:
        due = with_one_of_each(due, counts, one_of_each)
    return {stratum: cases / counts[stratum] for stratum, cases in due.items()}


def _equal(
    strata: Sequence[Stratum],
    counts: Mapping[Stratum, int],
    wanted: Mapping[Value, Fraction],
    size: int,
    proportions: Mapping[Stratum, int] | None,
) -> tuple[int, list[int]]:
    """Parts of a case that each stratum is due, and how many parts make a case."""
    if proportions is None or dict(proportions) == dict(counts):
        return sum(counts.values()), [size * counts[stratum] for stratum in strata]
    return _FINE, _fitted([counts[stratum] for stratum in strata], strata, wanted, size)


def _sums(counts: Mapping[Stratum, int]) -> dict[Value, int]:
    sums: dict[Value, int] = {}
    for stratum, cases in counts.items():
        for value in enumerate(stratum):
            sums[value] = sums.get(value, 0) + cases
    return {value: cases for value, cases in sums.items() if cases}


def _two_way(strata: Sequence[Stratum], parts: Sequence[int], unit: int, dice: Dice) -> list[int]:
    """One or two variables are a network (source > first value > second value > sink): its rounding is always exact."""
    pairs = [((0, stratum[0] if stratum else ""), (1, stratum[1] if len(stratum) > 1 else "")) for stratum in strata]
    node = {value: number for number, value in enumerate(sorted({value for pair in pairs for value in pair}), 1)}
    sums = dict.fromkeys(node, 0)
    for pair, part in zip(pairs, parts, strict=True):
        for value in pair:
            sums[value] += part
    ends = [(node[first], node[second]) for first, second in pairs]
    sink = len(node) + 1
    ends += [(0, node[value]) if value[0] == 0 else (node[value], sink) for value in node]
    return round_flow(ends, [*parts, *sums.values()], unit, dice)[: len(pairs)]


def _fitted(counts: Sequence[int], strata: Sequence[Stratum], wanted: Mapping[Value, Fraction], size: int) -> list[int]:
    """Scale the strata to the goals in turn (raking), never above what a stratum holds; answer parts of a case.

    Floats are added and multiplied one by one in a fixed order, which every machine does alike.
    """
    table = [float(cases) for cases in counts]
    for _ in range(_FITTING_ROUNDS):
        for value, goal in wanted.items():
            cells = [at for at, stratum in enumerate(strata) if stratum[value[0]] == value[1]]
            total = 0.0
            for at in cells:
                total += table[at]
            factor = float(goal) / total if total else 0.0
            for at in cells:
                table[at] = min(table[at] * factor, float(counts[at]))
    parts = [int(cell * _FINE) for cell in table]
    missing = size * _FINE - sum(parts)
    for at in sorted(range(len(parts)), key=lambda at: (parts[at] - counts[at] * _FINE, at)):
        change = min(missing, counts[at] * _FINE - parts[at]) if missing > 0 else max(missing, -parts[at])
        parts[at] += change
        missing -= change
    return parts


def _fly(strata: Sequence[Stratum], table: list[Fraction], dice: Dice) -> None:
    """Flight of the cube method: walk inside the table, all sums kept, until few cells are broken.

    Where the sums leave no way to walk and too many cells are broken, the last variable is let go.
    """
    order = dice.shuffled(range(len(table)))
    variables = len(strata[0])
    while len(broken := [at for at in order if table[at].denominator > 1]) > MOST_CELLS:
        way = _way(broken, strata, variables)
        if way is None:
            variables -= 1
            continue
        up = min(_room(table[at], step) for at, step in way)
        down = min(_room(table[at], -step) for at, step in way)
        chance = down / (up + down)
        stride = up if dice.below(chance.denominator) < chance.numerator else -down
        for at, step in way:
            table[at] += stride * step


def _room(cell: Fraction, step: Fraction) -> Fraction:
    whole = _ceiling(cell) if step > 0 else cell // 1
    return (whole - cell) / step


def _ceiling(number: Fraction) -> int:
    return -(-number // 1)


def _way(broken: Sequence[int], strata: Sequence[Stratum], variables: int) -> list[tuple[int, Fraction]] | None:
    """Find steps for a few broken cells that change no sum: the first column that depends on the ones before it."""
    reduced: list[tuple[Value, dict[Value, Fraction], dict[int, Fraction]]] = []
    for at in broken:
        column = {value: Fraction(1) for value in [(-1, ""), *list(enumerate(strata[at]))[:variables]]}
        steps = {at: Fraction(1)}
        for pivot, known, its_steps in reduced:
            if factor := column.get(pivot):
                _subtract(column, known, factor)
                _subtract(steps, its_steps, factor)
        if not column:
            return list(steps.items())
        pivot, lead = next(iter(column.items()))
        known = {value: amount / lead for value, amount in column.items()}
        reduced.append((pivot, known, {cell: step / lead for cell, step in steps.items()}))
    return None


def _subtract(column: dict[K, Fraction], known: Mapping[K, Fraction], factor: Fraction) -> None:
    for key, amount in known.items():
        column[key] = column.get(key, Fraction(0)) - factor * amount
        if not column[key]:
            del column[key]


def _land(
    strata: Sequence[Stratum],
    table: list[Fraction],
    wanted: Mapping[Value, Fraction],
    size: int,
    dice: Dice,
    raised: Fraction,
) -> Shares:
    """Draw among the whole tables round the broken one that keep every value within one case; means are kept."""
    broken = dice.shuffled([at for at, cell in enumerate(table) if cell.denominator > 1])
    floors = [int(cell // 1) for cell in table]
    if broken:
        points = _tables_in_bounds(strata, broken, floors, wanted, size)
        lottery = mix(points, [table[at] - floors[at] for at in broken])
        for at, up in zip(broken, points[_win(lottery, dice)].tolist(), strict=True):
            floors[at] += up
        return Shares(dict(zip(strata, floors, strict=True)), raised + lottery.distance)
    return Shares(dict(zip(strata, floors, strict=True)), raised)


def _tables_in_bounds(
    strata: Sequence[Stratum],
    broken: Sequence[int],
    floors: Sequence[int],
    wanted: Mapping[Value, Fraction],
    size: int,
) -> Whole:
    """All ways to round the broken cells that miss the goals least: by nothing, where that can be."""
    ways = np.arange(1 << len(broken), dtype=np.int64)
    ways = ways[np.bitwise_count(ways) == size - sum(floors)]
    outside = np.zeros(len(ways), dtype=np.int64)
    for (variable, name), goal in wanted.items():
        base = sum(floors[at] for at, stratum in enumerate(strata) if stratum[variable] == name)
        chosen = sum(1 << place for place, at in enumerate(broken) if strata[at][variable] == name)
        drawn = base + np.bitwise_count(ways & chosen).astype(np.int64)
        outside += np.maximum(0, int(goal // 1) - drawn) + np.maximum(0, drawn - int(_ceiling(goal)))
    inside = ways[outside == outside.min()]
    points: Whole = (inside[:, None] >> np.arange(len(broken), dtype=np.int64)) & 1
    return points


def _win(lottery: Mixture, dice: Dice) -> int:
    whole = math.lcm(*(chance.denominator for _, chance in lottery.chances))
    thrown = dice.below(whole)
    for point, chance in lottery.chances:
        thrown -= int(chance * whole)
        if thrown < 0:
            return point
    raise AssertionError("the chances of a lottery add up to one")
