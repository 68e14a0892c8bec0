"""Chapter 4: a case at least from every value of a variable (each prison, say), at the least cost to equal chances."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

Table = dict[tuple[str, ...], Fraction]


def with_one_of_each(
    due: Mapping[tuple[str, ...], Fraction], counts: Mapping[tuple[str, ...], int], variables: Collection[int]
) -> Table:
    """Return the cases due from each stratum, raised so that every value of these variables is due one case at least.

    `due` are the cases that equal chances would give, `counts` those that there are. A value that is due less than one
    case is raised to one, inside it in proportion; all other values of that variable give what this takes, each in the
    same ratio. For a further variable cases move only between strata that differ in nothing else, so that what was
    reached stays. A variable with more values than the sample has cases is left as it is.

    Manual 4.4i
    """
    table = {stratum: Fraction(cases) for stratum, cases in due.items()}
    size = sum(table.values(), Fraction(0))
    for place, variable in enumerate(sorted(set(variables))):
        sums = sums_of(table, variable)
        if len(sums) > size or min(sums.values()) >= 1:
            continue
        if place == 0:
            _raise_all(table, counts, variable, sums, size)
        else:
            for value in sorted(sums):
                _move_towards(table, counts, variable, value)
    return table


def sums_of(table: Mapping[tuple[str, ...], Fraction], variable: int) -> dict[str, Fraction]:
    """Return the cases due from each value of a variable.

    Manual 4.3a
    """
    sums: dict[str, Fraction] = {}
    for stratum, cases in table.items():
        sums[stratum[variable]] = sums.get(stratum[variable], Fraction(0)) + cases
    return sums


def _raise_all(
    table: Table, counts: Mapping[tuple[str, ...], int], variable: int, sums: Mapping[str, Fraction], size: Fraction
) -> None:
    rare, ratio = set[str](), Fraction(1)
    while more := {value for value, cases in sums.items() if value not in rare and cases * ratio < 1}:
        rare |= more
        rest = sum((cases for value, cases in sums.items() if value not in rare), Fraction(0))
        ratio = (size - len(rare)) / rest if rest else Fraction(0)
    for stratum in table:
        value = stratum[variable]
        if value not in rare:
            table[stratum] *= ratio
        elif sums[value]:
            table[stratum] /= sums[value]
        else:
            there = sum(cases for other, cases in counts.items() if other[variable] == value)
            table[stratum] = Fraction(counts[stratum], there)


def _move_towards(table: Table, counts: Mapping[tuple[str, ...], int], variable: int, value: str) -> None:
    """Move to a rare value, from the strata beside its own, what it lacks; less where they have less to spare."""
    sums = sums_of(table, variable)
    missing = 1 - sums[value]
    if missing <= 0:
        return
    moves = []
    for taker in (stratum for stratum in table if stratum[variable] == value):
        givers = [other for other in table if sums[other[variable]] > 1 and _beside(taker, other, variable)]
        spare = sum((table[giver] for giver in givers), Fraction(0))
        room = min(Fraction(1), (counts[taker] - table[taker]) / spare) if spare else Fraction(0)
        moves += [(taker, giver, table[giver] * room) for giver in givers]
    given: dict[str, Fraction] = {}
    for _, giver, most in moves:
        given[giver[variable]] = given.get(giver[variable], Fraction(0)) + most
    part = {name: min(Fraction(1), (sums[name] - 1) / most) for name, most in given.items() if most}
    able = sum((part.get(giver[variable], Fraction(0)) * most for _, giver, most in moves), Fraction(0))
    ratio = min(Fraction(1), missing / able) if able else Fraction(0)
    for taker, giver, most in moves:
        amount = part.get(giver[variable], Fraction(0)) * most * ratio
        table[taker] += amount
        table[giver] -= amount


def _beside(one: Sequence[str], other: Sequence[str], variable: int) -> bool:
    return one != other and all(
        mine == its for at, (mine, its) in enumerate(zip(one, other, strict=True)) if at != variable
    )
