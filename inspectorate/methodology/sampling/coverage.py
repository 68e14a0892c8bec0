"""Chapter 4.4, stage 1: what it costs in precision and in spread to leave units out, and what a draw may miss."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Literal

from inspectorate.methodology.sampling.draws import SamplingError
from inspectorate.methodology.sampling.sizes import margin_reached
from inspectorate.methodology.sampling.strata import Stratum

Units = tuple[str, ...]
Counts = Mapping[tuple[Units, Stratum], int]
_Value = tuple[int, str]
Option = Literal["some-tier-2", "all", "not-every-tier-1"]
# The answer at which a margin is widest: half yes, half no.
_HALF = 0.5


class NoUnitLeftError(SamplingError):
    """No case is left to draw from."""


class UnlistedUnitError(SamplingError):
    """A unit was chosen that the list does not have."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A value of a stratification variable (by its place) whose share a sample from the chosen units cannot keep:
    `expected` cases are due to it, `most` are there."""

    variable: int
    value: str
    expected: Fraction
    most: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a choice of units costs. Margins are in percentage points, for an answer of half yes and half no.

    `size` of `wanted` cases can be drawn from the `covered` of all `population` cases. `margin` speaks of the covered
    cases only, `margin_of_all` is what the same size reaches with nobody left out. The cases left out can pull the true
    figure of the whole population away from that of the covered ones by `bias_at_most`; `margin_at_worst` is how far
    the finding may be from it in all. `margin_clustered` is the margin where the chosen units are looked at as a sample
    of all units, whose cases are alike to the degree given; None where nothing can be drawn from.
    """

    population: int
    covered: int
    wanted: int
    size: int
    margin: float
    margin_of_all: float
    bias_at_most: float
    margin_at_worst: float
    margin_clustered: float
    units_left_out: int
    tier_1_left_out: tuple[str, ...]
    unreached: tuple[Unreached, ...]

    @property
    def left_out(self) -> Fraction:
        """The share of the population that cannot be drawn at all."""
        return Fraction(self.population - self.covered, self.population)


def option_of(counts: Counts, chosen: Collection[Units]) -> Option:
    """Return which of the three options a choice of units is. Raises `UnlistedUnitError`, `NoUnitLeftError`.

    Manual 4.4a
    """
    there = {units for units, _ in counts}
    if unknown := sorted(set(chosen) - there):
        raise UnlistedUnitError(f"The list has no unit {', '.join(' / '.join(one) for one in unknown[:20])}.")
    if not chosen:
        raise NoUnitLeftError("No unit is chosen: choose at least one.")
    if set(chosen) == there:
        return "all"
    return "some-tier-2" if {one[0] for one in chosen} == {one[0] for one in there} else "not-every-tier-1"


def cost_of(counts: Counts, chosen: Collection[Units], *, size: int, confidence: float, likeness: float) -> Cost:
    """Return what drawing `size` cases from the chosen units only costs; `counts` are cases by (units, stratum).

    `likeness` is how far the cases of one unit are alike, as a share of their variance (0 to 1); the design-based
    margin adds to the simple one what units chosen instead of all add: likeness times the sum of the squared shares
    that each chosen unit has in the sample, times the share of the population left out. Raises `UnlistedUnitError`,
    `NoUnitLeftError`, and the errors of `margin_reached`.

    Manual 4.2a, 4.3a, 4.4a
    """
    option_of(counts, chosen)
    table = _table(counts)
    out = table.cases.keys() - set(chosen)
    return _cost(table, out, size=size, confidence=confidence, likeness=likeness)


def cost_of_each(counts: Counts, *, size: int, confidence: float, likeness: float) -> dict[Units, Cost]:
    """Return for every unit of every tier (tier 1 as one name, tier 2 as two) what leaving out just it costs.

    A unit without which nothing is left is not in the answer.

    Manual 4.4a, 4.4b
    """
    table = _table(counts)
    within: dict[Units, set[Units]] = {}
    for units in table.cases:
        for depth in range(1, len(units) + 1):
            within.setdefault(units[:depth], set()).add(units)
    return {
        one: _cost(table, out, size=size, confidence=confidence, likeness=likeness)
        for one, out in sorted(within.items())
        if sum(table.cases[units] for units in out) < table.population
    }


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A value that is to be in the sample and may be missed: its cases, the chance that it is drawn, and the size of a
    sample that is sure to hold it."""

    variable: int
    value: str
    cases: int
    chance: Fraction
    sure_at: int


def uncertain_values(counts: Mapping[Stratum, int], size: int, variables: Iterable[int]) -> tuple[Uncertain, ...]:
    """Return the values of these variables that fewer than one case of the sample is due to, least certain first.

    Where every case has the same chance, a value with a share of less than one case is drawn with just that chance, and
    one with a share of a case or more is sure to be drawn. `variables` are places in the strata.

    Manual 4.4i
    """
    population = sum(counts.values())
    drawn = min(size, population)
    found = []
    for variable in variables:
        cases_of: dict[str, int] = {}
        for stratum, cases in counts.items():
            cases_of[stratum[variable]] = cases_of.get(stratum[variable], 0) + cases
        found += [
            Uncertain(variable, value, cases, Fraction(drawn * cases, population), -(-population // cases))
            for value, cases in cases_of.items()
            if cases and drawn * cases < population
        ]
    return tuple(sorted(found, key=lambda one: (one.chance, one.variable, one.value)))


@dataclass(frozen=True, slots=True)
class _Table:
    """Cases by unit, by tier 1 unit, and by value of each variable: of all units, and of each."""

    population: int
    cases: dict[Units, int]
    values: dict[_Value, int]
    values_of: dict[Units, dict[_Value, int]]


def _table(counts: Counts) -> _Table:
    cases: dict[Units, int] = {}
    values: dict[_Value, int] = {}
    values_of: dict[Units, dict[_Value, int]] = {}
    for (units, stratum), many in counts.items():
        cases[units] = cases.get(units, 0) + many
        its = values_of.setdefault(units, {})
        for value in enumerate(stratum):
            its[value] = its.get(value, 0) + many
            values[value] = values.get(value, 0) + many
    return _Table(sum(cases.values()), cases, values, values_of)


def _cost(table: _Table, out: Collection[Units], *, size: int, confidence: float, likeness: float) -> Cost:
    """What leaving units out costs."""
    population = table.population
    there = population - sum(table.cases[units] for units in out)
    if not there:
        raise NoUnitLeftError("The units chosen hold no case: choose at least one that does.")
    drawn = min(size, there)
    margin = margin_reached(drawn, there, confidence=confidence).margin
    left_out = (population - there) / population
    kept = [units for units in table.cases if units not in out]
    tier_1 = {units[0] for units in out if units} - {units[0] for units in kept if units}
    clusters: dict[Units, int] = {}
    for units in kept:
        cluster = units[:1] if tier_1 else units
        clusters[cluster] = clusters.get(cluster, 0) + table.cases[units]
    between = likeness * left_out * sum((cases / there) ** 2 for cases in clusters.values())
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    return Cost(
        population=population,
        covered=there,
        wanted=size,
        size=drawn,
        margin=margin,
        margin_of_all=margin_reached(min(size, population), population, confidence=confidence).margin,
        bias_at_most=100 * left_out,
        margin_at_worst=(1 - left_out) * margin + 100 * left_out * _HALF,
        margin_clustered=math.hypot(margin, 100 * z * _HALF * math.sqrt(between)),
        units_left_out=len(out),
        tier_1_left_out=tuple(sorted(tier_1)),
        unreached=_unreached(table, out, drawn),
    )


def _unreached(table: _Table, out: Collection[Units], size: int) -> tuple[Unreached, ...]:
    """Values that stay a case or more below their share whatever is drawn: too few of their cases are left."""
    gone: dict[_Value, int] = {}
    for units in out:
        for value, cases in table.values_of[units].items():
            gone[value] = gone.get(value, 0) + cases
    found = []
    for value in sorted(gone):
        due, most = size * table.values[value], table.values[value] - gone[value]
        if table.values[value] and (due - most * table.population >= table.population or not most):
            found.append(Unreached(*value, Fraction(due, table.population), most))
    return tuple(found)
