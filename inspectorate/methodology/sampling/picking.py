"""Chapter 4: which rows of a long list a seed selects, and which it keeps as substitutes, cell by cell."""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from inspectorate.methodology.sampling.chance import Dice, Numbers, Tickets, Words, quick_tickets
from inspectorate.methodology.sampling.population import Population, SamplingError, UnevenCasesError
from inspectorate.methodology.sampling.strata import Stratum, share_out
from inspectorate.methodology.sampling.units import Cell, spread_over_units

ALGORITHM = "balanced-flow"
# Version 1 makes each ticket by HMAC-SHA256; version 2 is the same draw with `quick_tickets`.
ALGORITHM_VERSION, LONG_LIST_VERSION = 1, 2
ALGORITHM_VERSIONS = (ALGORITHM_VERSION, LONG_LIST_VERSION)
# More cases than any probation service lists; up to here the tickets of version 1 take some milliseconds.
MANY_CASES = 20_000
_ANY_TICKET = np.iinfo(np.uint64).max


class ImpossibleSizeError(SamplingError):
    """The number of cases or substitutes wanted is no number of cases."""


class EmptySeedError(SamplingError):
    """There is no seed to make the draw from."""


class UnknownVariableError(SamplingError):
    """The cases have no variable of that number."""


class UnknownVersionError(SamplingError):
    """There is no such version of the algorithm."""


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """Rows of a population: `selected` in the order of their tickets, `substitutes` in that of stepping in.

    `tickets` (cases, words of 64 bits) are theirs in the same order, `taken` the cases that each cell gives, `unequal`
    as in a `Draw`.
    """

    selected: tuple[int, ...]
    substitutes: tuple[int, ...]
    tickets: Words
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
    candidates = _hashed if version == ALGORITHM_VERSION else _mixed
    rows, tickets = _in_order(*candidates(population, seed, np.array(wanted)), population.references)
    codes = population.codes[rows]
    by_cell = np.argsort(codes.astype(np.min_scalar_type(len(wanted))), kind="stable")
    there = np.bincount(codes, minlength=len(wanted))
    first = np.cumsum(there) - there
    place = np.empty_like(by_cell)
    place[by_cell] = np.arange(len(rows)) - np.repeat(first, there)
    chosen = np.flatnonzero(place < np.array(take)[codes])
    spare = by_cell[[first[cell] + turn for cell, turn in turns]]
    return Picked(
        selected=tuple(rows[chosen].tolist()),
        substitutes=tuple(rows[spare].tolist()),
        tickets=tickets[np.concatenate([chosen, spare])],
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


def _hashed(population: Population, seed: bytes, need: Numbers) -> tuple[Numbers, Words]:
    """Rows of all cells that give cases, and their tickets (rows, 4 words)."""
    rows = np.flatnonzero(need[population.codes])
    ticket, references = Tickets(seed).of, population.references
    written = b"".join([ticket(references[row]) for row in rows.tolist()])
    return rows, np.frombuffer(written, dtype=">u8").astype(np.uint64).reshape(-1, 4)


def _mixed(population: Population, seed: bytes, need: Numbers) -> tuple[Numbers, Words]:
    """Rows that surely hold the lowest tickets that each cell needs, and few others; tickets are (rows, 1 word)."""
    part = (need + 4 * np.sqrt(need) + 8) / population.held
    limits = (np.minimum(part, 0.999) * 2.0**63).astype(np.uint64) << np.uint64(1)
    limits[part >= 1.0] = _ANY_TICKET
    limits[need == 0] = 0
    rows, tickets = quick_tickets(seed, population.keys, population.codes, limits)
    short = np.bincount(population.codes[rows], minlength=len(need)) < need
    if short.any():
        limits[short] = _ANY_TICKET
        rows, tickets = quick_tickets(seed, population.keys, population.codes, limits)
    return rows, tickets[:, None]


def _in_order(rows: Numbers, tickets: Words, references: Sequence[str]) -> tuple[Numbers, Words]:
    """Both by ticket; where tickets begin alike, which hardly ever happens, by whole tickets and references."""
    order = np.argsort(tickets[:, 0])
    begins = tickets[order, 0]
    if (begins[1:] == begins[:-1]).any():
        whole = sorted(zip(tickets.tolist(), [references[row] for row in rows.tolist()], range(len(rows)), strict=True))
        order = np.array([at for _, _, at in whole], dtype=np.intp)
    return rows[order], tickets[order]
