"""Chapter 4: which rows of a long list a seed selects, and which it keeps as substitutes, cell by cell."""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np

from inspectorate.methodology.sampling.chance import Dice, Tickets, quick_tickets
from inspectorate.methodology.sampling.population import Numbers, Population, SamplingError, UnevenCasesError
from inspectorate.methodology.sampling.strata import Stratum, share_out
from inspectorate.methodology.sampling.units import Cell, spread_over_units

ALGORITHM = "balanced-flow"
# Version 1 makes each ticket by HMAC-SHA256; version 2 is the same draw with `quick_tickets`.
ALGORITHM_VERSION, LONG_LIST_VERSION = 1, 2
ALGORITHM_VERSIONS = (ALGORITHM_VERSION, LONG_LIST_VERSION)
# More cases than any probation service lists; up to here the tickets of version 1 take some milliseconds.
MANY_CASES = 20_000


class ImpossibleSizeError(SamplingError):
    """The number of cases or substitutes wanted is no number of cases."""


class EmptySeedError(SamplingError):
    """There is no seed to make the draw from."""


class UnknownVariableError(SamplingError):
    """The cases have no variable of that number."""


class UnknownVersionError(SamplingError):
    """There is no such version of the algorithm."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of a population: `selected` in the order of their tickets, `substitutes` in that of stepping in.

    `tickets` are theirs in the same order, `taken` the cases that each cell gives, `unequal` as in a `Draw`.
    """

    selected: tuple[int, ...]
    substitutes: tuple[int, ...]
    tickets: tuple[bytes, ...]
    taken: Mapping[Cell, int]
    unequal: Fraction
    version: int


def version_for(population: int, proportions: Mapping[Stratum, int] | None = None) -> int:
    """Return the version to draw from so many cases with; those of the whole long list count, where it is given.

    Manual 4.4d
    """
    whole = max(population, sum(proportions.values()) if proportions else 0)
    return LONG_LIST_VERSION if whole > MANY_CASES else ALGORITHM_VERSION


def pick(
    population: Population,
    *,
    size: int,
    seed: bytes,
    substitutes: int = 0,
    proportions: Mapping[Stratum, int] | None = None,
    one_of_each: Collection[int] = (),
    version: int = ALGORITHM_VERSION,
) -> Picked:
    """Pick rows as `draw` draws cases; arguments, results and errors are those of `draw`.

    The time is that of one look at each row for the count and, in version 2, one for its ticket.

    Manual 4.3a, 4.4a, 4.4c, 4.4d, 4.4i, 4.4k
    """
    _check(population, size, seed, substitutes, proportions, version)
    variables = len(population.cells[0][0])
    if any(not 0 <= variable < variables for variable in one_of_each):
        raise UnknownVariableError(f"The cases have {variables} variables: `one_of_each` numbers them from 0.")
    counts = population.counts()
    size = min(size, len(population.references))
    shares = share_out(_by_stratum(counts), size, Dice(seed, "strata"), proportions, one_of_each)
    taken = spread_over_units(counts, shares.cases, Dice(seed, "units"))
    take = [taken[cell] for cell in population.cells]
    turns = _turns(list(counts.values()), take, substitutes, Dice(seed, "substitutes"))
    wanted = list(take)
    for cell, _ in turns:
        wanted[cell] += 1
    lowest = _lowest_hashed if version == ALGORITHM_VERSION else _lowest_mixed
    rows, tickets = lowest(population, seed, wanted)
    first = [end - want for want, end in zip(wanted, accumulate(wanted), strict=True)]
    chosen = [at for start, some in zip(first, take, strict=True) for at in range(start, start + some)]
    chosen.sort(key=tickets.__getitem__)
    if len({tickets[at] for at in chosen}) < len(chosen):
        chosen.sort(key=lambda at: (tickets[at], population.references[rows[at]]))
    spare = [first[cell] + place for cell, place in turns]
    return Picked(
        selected=tuple(rows[at] for at in chosen),
        substitutes=tuple(rows[at] for at in spare),
        tickets=tuple(tickets[at] for at in (*chosen, *spare)),
        taken=taken,
        unequal=shares.unequal,
        version=version,
    )


def _check(
    population: Population,
    size: int,
    seed: bytes,
    substitutes: int,
    proportions: Mapping[Stratum, int] | None,
    version: int,
) -> None:
    if size < 1:
        raise ImpossibleSizeError(f"A sample of {size} cases cannot be drawn: ask for 1 or more.")
    if substitutes < 0:
        raise ImpossibleSizeError(f"{substitutes} substitutes cannot be drawn: ask for 0 or more.")
    if not seed:
        raise EmptySeedError("The draw has no seed: give at least one byte.")
    if version not in ALGORITHM_VERSIONS:
        known = ", ".join(map(str, ALGORITHM_VERSIONS))
        raise UnknownVersionError(f"There is no version {version} of {ALGORITHM}: choose one of {known}.")
    variables = len(population.cells[0][0])
    if proportions is not None and any(len(stratum) != variables for stratum in proportions):
        raise UnevenCasesError(f"The proportions must be given for strata of {variables} variables, as the cases have.")


def _by_stratum(cells: Mapping[Cell, int]) -> dict[Stratum, int]:
    counts: dict[Stratum, int] = {}
    for (stratum, _), cases in cells.items():
        counts[stratum] = counts.get(stratum, 0) + cases
    return dict(sorted(counts.items()))


def _turns(counts: Sequence[int], take: Sequence[int], wanted: int, dice: Dice) -> list[tuple[int, int]]:
    """Order substitutes so that any first few of them are spread over the cells in proportion, from a random start.

    Each is (cell, place in the cell, counted in the order of tickets).
    """
    step = [(1 << 96) // count for count in counts]
    starts = [(dice.below(1 << 64) * one >> 64, cell, take[cell]) for cell, one in enumerate(step)] if wanted else []
    queue = [start for start in starts if start[2] < counts[start[1]]]
    heapq.heapify(queue)
    order: list[tuple[int, int]] = []
    while queue and len(order) < wanted:
        turn, cell, place = queue[0]
        order.append((cell, place))
        if place + 1 < counts[cell]:
            heapq.heapreplace(queue, (turn + step[cell], cell, place + 1))
        else:
            heapq.heappop(queue)
    return order


def _lowest_hashed(population: Population, seed: bytes, wanted: Sequence[int]) -> tuple[list[int], list[bytes]]:
    """The rows of as many cases as wanted of each cell in turn, lowest tickets first, and their tickets."""
    order = np.argsort(population.codes, kind="stable").tolist()
    ends = np.cumsum(np.bincount(population.codes, minlength=len(wanted))).tolist()
    ticket, references = Tickets(seed).of, population.references
    found: list[tuple[bytes, str, int]] = []
    start = 0
    for want, end in zip(wanted, ends, strict=True):
        if want:
            found += sorted((ticket(references[row]), references[row], row) for row in order[start:end])[:want]
        start = end
    return [row for _, _, row in found], [ticket for ticket, _, _ in found]


def _lowest_mixed(population: Population, seed: bytes, wanted: Sequence[int]) -> tuple[list[int], list[bytes]]:
    """The same by `quick_tickets`: only rows whose ticket is low enough to be wanted are put in order."""
    mixed = quick_tickets(seed, population.keys)
    need = np.array(wanted, dtype=np.int64)
    rows = _low_rows(mixed, population.codes, need)
    rows = rows[np.lexsort((mixed[rows], population.codes[rows]))]
    codes, tickets = population.codes[rows], mixed[rows]
    if np.any((tickets[1:] == tickets[:-1]) & (codes[1:] == codes[:-1])):
        references = population.references
        rows = np.array(sorted(rows.tolist(), key=lambda row: (population.codes[row], mixed[row], references[row])))
    kept = np.arange(len(rows)) - np.searchsorted(codes, np.arange(len(need)))[codes] < need[codes]
    written = tickets[kept].astype(">u8").tobytes()
    return rows[kept].tolist(), [written[at : at + 8] for at in range(0, len(written), 8)]


def _low_rows(mixed: np.typing.NDArray[np.uint64], codes: Numbers, need: np.typing.NDArray[np.int64]) -> Numbers:
    """Rows that surely hold the lowest tickets that each cell needs, and few others."""
    there = np.bincount(codes, minlength=len(need))
    part = np.minimum((need + 4 * np.sqrt(need) + 8) / there, 1.0)
    limit = np.where(part < 1.0, part * 2.0**63, 2.0**63 - 1024).astype(np.uint64) << np.uint64(1)
    limit[part >= 1.0] = np.iinfo(np.uint64).max
    limit[need == 0] = 0
    rows = np.flatnonzero(mixed <= limit[codes])
    short = np.bincount(codes[rows], minlength=len(need)) < need
    if short.any():
        limit[short] = np.iinfo(np.uint64).max
        rows = np.flatnonzero(mixed <= limit[codes])
    return rows
