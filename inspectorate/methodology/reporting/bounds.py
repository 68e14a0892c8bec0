"""Chapter 2.1 of the manual, what numbers that were told say of those that were not: exact, in whole numbers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspectorate.methodology.reporting.simplex import Corner, Program, Row

MANY = 10**12
NODES = 400


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is known: low <= sum of weight x count <= high. Counts are whole and 0 or more.

    A `high` of MANY says nothing.
    """

    weights: Mapping[str, int]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and greatest value that a sum of counts can have; `sure` when nothing lies outside.

    Both are values of a world in whole numbers that was found and agrees with all that is known, so what lies between
    is not told apart. Where not `sure` the search was cut off: the truth may be wider than this, never narrower.
    """

    low: int
    high: int
    sure: bool = True

    @property
    def width(self) -> int:
        """How many whole numbers lie between, both ends counted; 0 where no world was found."""
        return self.high - self.low + 1


def bounds(told: Sequence[Told], wanted: Sequence[Collection[str]]) -> list[Bounds] | None:
    """What is known of the sum of each collection of counts; None where nothing agrees with everything told.

    Counts that play the same part in everything told and wanted are taken as one.

    Manual 2.1b
    """
    lines, columns = _columns(told, wanted)
    rows = [Row(tuple(line.weights.get(name, 0) for name in columns), line.low, line.high) for line in lines]
    program = Program.of(rows, len(columns), MANY)
    if program is None:
        return None
    found = []
    for one in wanted:
        target = tuple(int(name in one) for name in columns)
        (low, low_sure), (high, high_sure) = (_end(program, target, rows, sign) for sign in (1, -1))
        if low is None or high is None:
            found.append(Bounds(0, -1, False))
        else:
            found.append(Bounds(low, high, low_sure and high_sure))
    return found


def percentage(yes: Iterable[str], no: Iterable[str], percent: int) -> tuple[Told, ...]:
    """What a share in whole per cent, rounded half up, tells: two lines between yes and no.

    Manual 2.1b
    """
    least, most, these, others = 2 * percent - 1, 2 * percent + 1, tuple(yes), tuple(no)
    below = dict.fromkeys(these, 200 - least) | dict.fromkeys(others, -least)
    above = dict.fromkeys(these, most - 200) | dict.fromkeys(others, most)
    return Told(below, 0, MANY), Told(above, 1, MANY)


def _columns(told: Sequence[Told], wanted: Sequence[Collection[str]]) -> tuple[list[Told], list[str]]:
    """The lines that have to do with what is wanted, and one name for each different part that a count plays."""
    near = {name for one in wanted for name in one}
    reached = -1
    while reached != len(near):
        reached = len(near)
        for line in told:
            if not near.isdisjoint(line.weights):
                near |= line.weights.keys()
    lines = list(dict.fromkeys(map(_key, (line for line in told if not near.isdisjoint(line.weights)))))
    kept = [Told(dict(weights), low, high) for weights, low, high in lines]
    part: dict[tuple[object, ...], str] = {}
    for name in sorted(near):
        key = (*(name in one for one in wanted), *(line.weights.get(name, 0) for line in kept))
        part.setdefault(key, name)
    return kept, list(part.values())


def _key(line: Told) -> tuple[tuple[tuple[str, int], ...], int, int]:
    return tuple(sorted(line.weights.items())), line.low, line.high


def _end(program: Program, target: tuple[int, ...], rows: Sequence[Row], sign: int) -> tuple[int | None, bool]:
    """The least (`sign` 1) or greatest (-1) whole value of the target, and whether it is sure; MANY without an end."""
    wanted = tuple(sign * weight for weight in target)
    corner = program.least(wanted)
    if corner is None:
        return MANY, True
    if corner.whole:
        return sign * corner.value, True
    return _branched(program.size, wanted, rows, sign)


def _branched(size: int, wanted: tuple[int, ...], rows: Sequence[Row], sign: int) -> tuple[int | None, bool]:
    """The same by branching: a count that is not whole at a corner is tried below and above."""
    best: int | None = None
    waiting: list[list[Row]] = [[]]
    for _ in range(NODES):
        if not waiting:
            return (None if best is None else sign * best), True
        more = waiting.pop()
        program = Program.of([*rows, *more], size, MANY)
        corner = program.least(wanted) if program else None
        if corner is None or (best is not None and corner.value >= best):
            continue
        if corner.whole:
            best = corner.value
        else:
            waiting += _halves(size, corner, more)
    return (None if best is None else sign * best), False


def _halves(size: int, corner: Corner, more: list[Row]) -> list[list[Row]]:
    at, below = corner.broken
    unit = tuple(int(place == at) for place in range(size))
    return [[*more, Row(unit, 0, below)], [*more, Row(unit, below + 1, MANY)]]
