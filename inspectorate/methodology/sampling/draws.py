"""Chapter 4: the draw of a sample from a long list, its substitutes, replacements and how near it is to proportion."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inspectorate.methodology.sampling.picking import (
    ALGORITHM,
    ALGORITHM_VERSION,
    EmptySeedError,
    ImpossibleSizeError,
    pick,
)
from inspectorate.methodology.sampling.population import (
    DuplicateReferenceError,
    EmptyListError,
    ListedCase,
    Population,
    SamplingError,
    UnevenCasesError,
    encode,
)
from inspectorate.methodology.sampling.strata import Stratum
from inspectorate.methodology.sampling.units import Cell

__all__ = [
    "ALGORITHM",
    "ALGORITHM_VERSION",
    "Draw",
    "DrawnCase",
    "DuplicateReferenceError",
    "EmptyListError",
    "EmptySeedError",
    "ImpossibleSizeError",
    "ListedCase",
    "Margin",
    "Replacement",
    "SamplingError",
    "UnevenCasesError",
    "UnknownReferenceError",
    "count_strata",
    "draw",
    "margins",
    "replace",
]


class UnknownReferenceError(SamplingError):
    """A reference is in neither the sample nor its substitutes."""


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case that was drawn, with its ticket (hexadecimal): inside a cell the lowest tickets are chosen."""

    reference: str
    units: tuple[str, ...]
    strata: tuple[str, ...]
    ticket: str


@dataclass(frozen=True, slots=True)
class Margin:
    """One value of one variable: cases there are, their share, cases expected in the sample, cases drawn."""

    variable: str
    value: str
    population: int
    share: Fraction
    expected: Fraction
    drawn: int

    @property
    def difference(self) -> Fraction:
        return self.drawn - self.expected

    @property
    def within_one(self) -> bool:
        return abs(self.difference) < 1


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample in the order of its tickets, and its substitutes in the order in which they step in.

    `shortfall` is how many cases fewer than wanted the list held; `margins` come strata first, then units by tier;
    `gave_way` are the margins a case or more away from proportion, `unequal` by how many cases in all the chances had
    to leave equality to keep the strata in proportion (0 in nearly every list) or to give every value a case where
    that was asked for. `version` is that of the algorithm.
    """

    selected: tuple[DrawnCase, ...]
    substitutes: tuple[DrawnCase, ...]
    margins: tuple[Margin, ...]
    population: int
    wanted: int
    unequal: Fraction
    version: int = ALGORITHM_VERSION

    @property
    def shortfall(self) -> int:
        return self.wanted - len(self.selected)

    @property
    def gave_way(self) -> tuple[Margin, ...]:
        return tuple(margin for margin in self.margins if not margin.within_one)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A case that left the sample and the substitute in its place (none when they have run out).

    `kept_stratum` and `kept_unit` say whether the substitute is of the same stratum and of the same units.
    """

    excluded: str
    substitute: DrawnCase | None
    kept_stratum: bool
    kept_unit: bool


def count_strata(cases: Iterable[ListedCase]) -> dict[Stratum, int]:
    """Return the number of cases in each stratum, as `draw` takes it for `proportions`.

    Manual 4.4c
    """
    return _strata({cell: len(members) for cell, members in _by_cell(cases).items()})


def draw(
    cases: Sequence[ListedCase] | Population,
    *,
    size: int,
    seed: bytes,
    substitutes: int = 0,
    proportions: Mapping[Stratum, int] | None = None,
    one_of_each: Collection[int] = (),
    variables: Sequence[str] = (),
    tiers: Sequence[str] = (),
    version: int = ALGORITHM_VERSION,
) -> Draw:
    """Draw `size` cases at random: every stratification value, then every unit, within one case of its share.

    Every case has the same chance. The order of the rows does not matter, nor the machine. `proportions` gives the
    counts whose shares the strata are to match where they are not those of `cases` (units left out, cases excluded).
    `one_of_each` numbers the variables (from 0) each value of which is to give a case at least, where the size allows:
    rare values then have more than equal chances, all others a little less, and `unequal` says by how much.
    `variables` and `tiers` are the names for the margins. A list with fewer cases than wanted is taken whole. `version`
    is that of the algorithm: the first for all lists, or what `version_for` says of a list so long that time matters.
    Raises a `SamplingError` for an empty list, an impossible size, a reference twice, uneven cases, no seed.

    Manual 4.3a, 4.4a, 4.4c, 4.4d, 4.4i, 4.4k
    """
    population = cases if isinstance(cases, Population) else encode(cases)
    picked = pick(
        population,
        size=size,
        seed=seed,
        substitutes=substitutes,
        proportions=proportions,
        one_of_each=one_of_each,
        version=version,
    )

    rows = [*picked.selected, *picked.substitutes]
    cells = [population.cells[code] for code in population.codes[rows].tolist()]
    drawn = [
        DrawnCase(population.references[row], units, stratum, "".join(f"{word:016x}" for word in words))
        for row, (stratum, units), words in zip(rows, cells, picked.tickets.tolist(), strict=True)
    ]
    return Draw(
        selected=tuple(drawn[: len(picked.selected)]),
        substitutes=tuple(drawn[len(picked.selected) :]),
        margins=_margins(population.counts(), picked.taken, proportions, variables, tiers),
        population=len(population.references),
        wanted=size,
        unequal=picked.unequal,
        version=picked.version,
    )


def _by_cell(cases: Iterable[ListedCase]) -> dict[Cell, list[str]]:
    cells: dict[Cell, list[str]] = {}
    for case in cases:
        cells.setdefault((case.strata, case.units), []).append(case.reference)
    return cells


def _strata(cells: Mapping[Cell, int]) -> dict[Stratum, int]:
    counts: dict[Stratum, int] = {}
    for (stratum, _), cases in cells.items():
        counts[stratum] = counts.get(stratum, 0) + cases
    return dict(sorted(counts.items()))


def replace(drawn: Draw, excluded: Sequence[str]) -> tuple[Replacement, ...]:
    """Return for each excluded case the substitute that steps in, in the order in which the cases are given.

    The next substitute of the same stratum and units steps in; failing that one of the same stratum from the nearest
    unit; failing that one that differs in fewest variables. Nobody else moves: replacing one case and later another
    gives the same as both at once. An excluded substitute is replaced where it had stepped in, and else never does.
    Raises `UnknownReferenceError` for a reference in neither the sample nor the substitutes.

    Manual 4.4f, 4.4k, 6.1c
    """
    known = {one.reference: one for one in (*drawn.selected, *drawn.substitutes)}
    unknown = [reference for reference in excluded if reference not in known]
    if unknown:
        raise UnknownReferenceError(
            f"Neither selected nor substitutes: {', '.join(unknown[:20])}. Check the references."
        )
    inside = {one.reference for one in drawn.selected}
    waiting = list(drawn.substitutes)
    replacements = []
    for reference in dict.fromkeys(excluded):
        leaver = known[reference]
        if reference not in inside:
            waiting.remove(leaver)
            continue
        inside.discard(reference)
        best = min(enumerate(waiting), key=lambda place: (*_distance(leaver, place[1]), place[0]), default=None)
        chosen = waiting.pop(best[0]) if best else None
        if chosen:
            inside.add(chosen.reference)
        replacements.append(
            Replacement(
                reference,
                chosen,
                kept_stratum=chosen is not None and chosen.strata == leaver.strata,
                kept_unit=chosen is not None and chosen.units == leaver.units,
            )
        )
    return tuple(replacements)


def _distance(leaver: DrawnCase, other: DrawnCase) -> tuple[int, int]:
    variables = sum(mine != its for mine, its in zip(leaver.strata, other.strata, strict=True))
    shared = 0
    for mine, its in zip(leaver.units, other.units, strict=True):
        if mine != its:
            break
        shared += 1
    return variables, -shared


def margins(
    cases: Sequence[ListedCase],
    selected: Collection[str],
    proportions: Mapping[Stratum, int] | None = None,
    variables: Sequence[str] = (),
    tiers: Sequence[str] = (),
) -> tuple[Margin, ...]:
    """Return how near a sample is to proportion: for each value of each variable, then for each unit of each tier.

    `selected` are references among `cases`; shares of the strata are those of `proportions` where given.

    Manual 4.4c, 4.4f
    """
    chosen = set(selected)
    there = {cell: len(members) for cell, members in _by_cell(cases).items()}
    got = {cell: len(members) for cell, members in _by_cell(case for case in cases if case.reference in chosen).items()}
    return _margins(there, got, proportions, variables, tiers)


def _margins(
    there: Mapping[Cell, int],
    got: Mapping[Cell, int],
    proportions: Mapping[Stratum, int] | None,
    variables: Sequence[str],
    tiers: Sequence[str],
) -> tuple[Margin, ...]:
    found: list[Margin] = []
    shape = next(iter(there), ((), ()))
    strata, drawn = proportions or _strata(there), _strata(got)
    for at in range(len(shape[0])):
        name = variables[at] if at < len(variables) else f"Variable {at + 1}"
        found += _rows(name, _sum((s[at], n) for s, n in strata.items()), _sum((s[at], n) for s, n in drawn.items()))
    for depth in range(1, len(shape[1]) + 1):
        name = tiers[depth - 1] if depth <= len(tiers) else f"Tier {depth} unit"
        units, chosen = ([(" / ".join(cell[1][:depth]), n) for cell, n in table.items()] for table in (there, got))
        found += _rows(name, _sum(units), _sum(chosen))
    return tuple(found)


def _sum(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, amount in amounts:
        sums[name] = sums.get(name, 0) + amount
    return sums


def _rows(variable: str, there: Mapping[str, int], got: Mapping[str, int]) -> list[Margin]:
    whole, size = sum(there.values()), sum(got.values())
    rows = []
    for value in sorted({*there, *got}):
        share = Fraction(there.get(value, 0), whole)
        rows.append(Margin(variable, value, there.get(value, 0), share, size * share, got.get(value, 0)))
    return rows
