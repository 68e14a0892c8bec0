"""Chapter 4: how many cases of each stratum come from each unit, as near to every unit's share as the strata allow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspectorate.methodology.sampling.chance import Dice
from inspectorate.methodology.sampling.rounding import round_flow
from inspectorate.methodology.sampling.strata import Stratum

Units = tuple[str, ...]
Cell = tuple[Stratum, Units]
_FINE = 1 << 40


@dataclass(slots=True)
class _Spread:
    """A table of strata by units in parts of a case; `part` parts make a case, `room` is what a cell can hold.

    `units_of` and `strata_of` list the cells of a row and of a column, in order.
    """

    part: int
    room: dict[Cell, int]
    held: dict[Cell, int] = field(default_factory=dict)
    units_of: dict[Stratum, list[Units]] = field(default_factory=dict)
    strata_of: dict[Units, list[Stratum]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stratum, units in self.room:
            self.units_of.setdefault(stratum, []).append(units)
            self.strata_of.setdefault(units, []).append(stratum)

    def move(self, stratum: Stratum, giver: Units, taker: Units, amount: int) -> int:
        """Move up to `amount` parts inside a stratum from a unit to another; answer how much was moved."""
        out, into = (stratum, giver), (stratum, taker)
        moved = max(0, min(amount, self.held.get(out, 0), self.room.get(into, 0) - self.held.get(into, 0)))
        if moved:
            self.held[out] -= moved
            self.held[into] += moved
        return moved


def spread_over_units(counts: Mapping[Cell, int], cases: Mapping[Stratum, int], dice: Dice) -> dict[Cell, int]:
    """Spread each stratum's cases over the units, so that every unit of every tier keeps its share within one case.

    `counts` are the cases there are by (stratum, units), `cases` how many each stratum gives. The strata are kept as
    they are; where they and what a unit holds make its share impossible, the unit gives way. Means are kept.

    Manual 4.4a, 4.4d
    """
    cells = sorted(counts)
    population = sum(counts.values())
    part = population * _FINE
    spread = _Spread(part, {cell: counts[cell] * part for cell in cells})
    _in_proportion(spread, counts, cases)
    size = sum(cases.values())
    surplus: dict[Units, int] = {}
    for cell in cells:
        surplus[cell[1]] = surplus.get(cell[1], 0) + spread.held[cell] - size * counts[cell] * _FINE
    _through_the_largest(spread, counts, surplus, cases)
    while route := _route(spread, surplus):
        _along(route, spread, surplus)
    if any(surplus.values()):
        target = {units: size * there * _FINE for units, there in _people(counts).items()}
        for depth in range(1, len(cells[0][1])):
            while route := _route(spread, slack := _slack(spread, target, depth)):
                _along(route, spread, slack)
    return _whole(spread, cells, dice)


def _in_proportion(spread: _Spread, counts: Mapping[Cell, int], cases: Mapping[Stratum, int]) -> None:
    held_by: dict[Stratum, int] = {}
    for (stratum, _), count in counts.items():
        held_by[stratum] = held_by.get(stratum, 0) + count
    missing = {stratum: cases[stratum] * spread.part for stratum in held_by}
    for cell in spread.room:
        amount = cases[cell[0]] * counts[cell] * spread.part // held_by[cell[0]]
        spread.held[cell] = amount
        missing[cell[0]] -= amount
    for cell in spread.room:
        extra = min(missing[cell[0]], spread.room[cell] - spread.held[cell])
        spread.held[cell] += extra
        missing[cell[0]] -= extra


def _through_the_largest(
    spread: _Spread, counts: Mapping[Cell, int], surplus: dict[Units, int], cases: Mapping[Stratum, int]
) -> None:
    """Settle each unit's surplus with the largest unit in fixed ratios: linear in the surplus, so that means are kept.

    Only strata sure of a case take part; one that may give none would otherwise have to give less than none.
    """
    population, size = sum(counts.values()), sum(cases.values())
    totals: dict[Stratum, int] = {}
    weights: dict[Units, int] = {}
    for (stratum, units), count in counts.items():
        totals[stratum] = totals.get(stratum, 0) + count
        weights[units] = weights.get(units, 0) + count
    sure = [stratum for stratum in sorted(totals) if size * totals[stratum] >= population]
    hub = min(weights, key=lambda units: (-weights[units], units))
    for units in sorted(weights):
        if units == hub:
            continue
        ratio = {s: min(counts.get((s, units), 0), counts.get((s, hub), 0)) for s in sure}
        whole, due = sum(ratio.values()), surplus[units]
        giver, taker = (units, hub) if due > 0 else (hub, units)
        for stratum in sure:
            if ratio[stratum]:
                moved = spread.move(stratum, giver, taker, abs(due) * ratio[stratum] // whole)
                surplus[giver] -= moved
                surplus[taker] += moved


def _route(spread: _Spread, surplus: Mapping[Units, int]) -> list[tuple[Stratum, Units, Units]]:
    """Find the shortest chain of moves from a unit with too much to one with too little; empty when there is none."""
    came: dict[Units, tuple[Stratum, Units] | None] = {u: None for u, left in sorted(surplus.items()) if left > 0}
    if not came:
        return []
    held, room = spread.held, spread.room
    queue, used = list(came), set[Stratum]()
    for units in queue:
        for stratum in spread.strata_of[units]:
            if stratum in used or not held[stratum, units]:
                continue
            used.add(stratum)
            for other in spread.units_of[stratum]:
                if other not in came and held[stratum, other] < room[stratum, other]:
                    came[other] = (stratum, units)
                    queue.append(other)
                    if surplus[other] < 0:
                        return _chain(other, came)
    return []


def _chain(units: Units, came: Mapping[Units, tuple[Stratum, Units] | None]) -> list[tuple[Stratum, Units, Units]]:
    chain = []
    while step := came[units]:
        chain.append((step[0], step[1], units))
        units = step[1]
    return chain[::-1]


def _along(route: list[tuple[Stratum, Units, Units]], spread: _Spread, surplus: dict[Units, int]) -> None:
    first, last = route[0][1], route[-1][2]
    amount = min(surplus[first], -surplus[last])
    for stratum, giver, taker in route:
        into = (stratum, taker)
        amount = min(amount, spread.held[stratum, giver], spread.room[into] - spread.held[into])
    for stratum, giver, taker in route:
        spread.move(stratum, giver, taker, amount)
    surplus[first] -= amount
    surplus[last] += amount


def _people(counts: Mapping[Cell, int]) -> dict[Units, int]:
    people: dict[Units, int] = {}
    for (_, units), count in counts.items():
        people[units] = people.get(units, 0) + count
    return people


def _slack(spread: _Spread, target: Mapping[Units, int], depth: int) -> dict[Units, int]:
    """Say what each unit may still give (more than 0) or take so that the units above it come nearer to their shares.

    Where a unit could not be brought to its own share, its neighbours make up for it, each within one case of its own.
    """
    column = dict.fromkeys(target, 0)
    above: dict[Units, int] = {}
    for (_, units), held in spread.held.items():
        column[units] += held
    for units, held in column.items():
        above[units[:depth]] = above.get(units[:depth], 0) + held - target[units]
    slack = {}
    for units, held in column.items():
        over = above[units[:depth]]
        least = target[units] // spread.part * spread.part
        most = -(-target[units] // spread.part) * spread.part
        slack[units] = max(0, min(over, held - least)) if over > 0 else -max(0, min(-over, most - held))
    return slack


def _whole(spread: _Spread, cells: list[Cell], dice: Dice) -> dict[Cell, int]:
    """Round to whole cases along the network all > strata > units > units above them > all."""
    strata, columns = dict[Stratum, int](), dict[Units, list[int]]()
    nodes: dict[Units, int] = {(): 0}  # units by their number; ("",) stands for the units of a list without units
    flows: dict[tuple[int, int], int] = {}
    made = 1
    for stratum, units in cells:
        if stratum not in strata:
            strata[stratum], made = made, made + 1
        if units not in columns:
            way = [units[:depth] for depth in range(len(units), 0, -1)] or [("",)]
            for one in way:
                if one not in nodes:
                    nodes[one], made = made, made + 1
            columns[units] = [nodes[one] for one in (*way, ())]
        amount, tail = spread.held[stratum, units], strata[stratum]
        for head in columns[units]:
            flows[tail, head] = flows.get((tail, head), 0) + amount
            tail = head
    rounded = round_flow(list(flows), list(flows.values()), spread.part, dice)
    by_ends = dict(zip(flows, rounded, strict=True))
    return {(stratum, units): by_ends[strata[stratum], columns[units][0]] for stratum, units in cells}
