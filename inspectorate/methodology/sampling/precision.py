"""Chapter 4.2: how near a finding is to the truth, by the simple formula and by the design, and how many cases hold it.

All figures are for the answer that is hardest to measure, half yes and half no, unless the yes answers are given.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Literal

from inspectorate.methodology.sampling.sizes import (
    ImpossibleConfidenceError,
    ImpossiblePopulationError,
    ImpossibleSampleSizeError,
    Rounding,
    sample_size,
)

Standing = Literal["held", "within-reach", "out-of-reach"]
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Group:
    """A stratum or a unit: the cases it has, those of them in the sample, and its yes answers where they are known."""

    population: int
    cases: int
    yes: int | None = None

    def __post_init__(self) -> None:
        if self.population < 1:
            raise ImpossiblePopulationError(f"A group of {self.population} cases is none: give 1 or more.")
        if not 0 <= self.cases <= self.population:
            raise ImpossibleSampleSizeError(
                f"{self.cases} cases of {self.population} cannot be inspected: give 0 to {self.population}."
            )
        if self.yes is not None and not 0 <= self.yes <= self.population:
            raise ImpossiblePopulationError(f"{self.yes} of {self.population} cannot have answered yes.")


@dataclass(frozen=True, slots=True)
class Clustered:
    """The margin in points where cases of one unit are alike by this correlation, and the variance as a multiple of the
    simple one (the design effect)."""

    correlation: float
    margin: float
    effect: float


@dataclass(frozen=True, slots=True)
class Precision:
    """How near a sample comes. Margins are in points at `confidence` per cent.

    `simple` is the formula of 4.2a over the cases that had a chance; `stratified` that of the strata at their worst;
    `drift` how many points the sample can be off since its strata are not in proportion to a fraction of a case;
    `whole` the margin for all cases of the list with nothing assumed of the units left out (half the width of the
    interval); `clustered` what follows for all of them where cases of one unit are alike.
    """

    population: int
    covered: int
    cases: int
    confidence: float
    simple: float
    stratified: float
    drift: float
    whole: float
    clustered: tuple[Clustered, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes to hold the margin aimed at: `needed` cases in all, `more` still to be submitted, and `spare` cases
    that can drop out before it is lost (below zero: cases that are missing)."""

    needed: int
    more: int
    spare: int
    standing: Standing


def simple_variance(population: int, cases: int, yes: int | None = None) -> Fraction:
    """Return the variance of the share of yes answers in a simple random sample without replacement: exact.

    (N - n) / (N - 1) x p(1 - p) / n, with p one half where `yes` of the population is not given. Raises
    `ImpossiblePopulationError`, `ImpossibleSampleSizeError` (none, or more than the population).

    Manual 4.2a
    """
    group = Group(population, cases, yes)
    if not cases:
        raise ImpossibleSampleSizeError("No case was inspected, so nothing is known: give 1 or more.")
    share = _HALF if yes is None else Fraction(yes, group.population)
    rest = Fraction(population - cases, population - 1) if population > 1 else Fraction(0)
    return rest * share * (1 - share) / cases


def stratified_variance(strata: Sequence[Group]) -> Fraction:
    """Return the variance of the share of yes answers when so many cases are drawn from each stratum: exact.

    The share is that of the sample as it stands, without weights. Strata whose yes answers are not given count with
    those that vary most, half of the cases or as near to half as whole cases come. Raises
    `ImpossibleSampleSizeError` where no case was drawn.

    Manual 4.2a, 4.3a
    """
    cases = _cases(strata)
    parts = (
        stratum.cases * (1 - Fraction(stratum.cases, stratum.population)) * _spread(stratum)
        for stratum in strata
        if stratum.cases
    )
    return sum(parts, Fraction(0)) / cases**2


def unit_variance(units: Sequence[Group], correlation: float) -> float:
    """Return the variance, over all units, of a share found in some of them, cases of a unit being alike by so much.

    `units` are all of them, with no case where none was drawn. Each unit adds its own deviation, each case its own;
    the correlation (0 to 1) is the part of the variance that lies between units. With 0 this is `simple_variance` of
    the whole. Raises `ValueError` for another correlation, `ImpossibleSampleSizeError` where no case was drawn.

    Manual 4.2a, 4.3a, 4.4a
    """
    if not 0 <= correlation <= 1:
        raise ValueError(f"A correlation of {correlation} cannot be: give 0 to 1.")
    cases, population = _cases(units), sum(unit.population for unit in units)
    if population == 1:
        return 0.0
    apart = sum(float(Fraction(unit.cases, cases) - Fraction(unit.population, population)) ** 2 for unit in units)
    alone = 1 / cases - 1 / population
    return population / (4 * (population - 1)) * (correlation * apart + (1 - correlation) * alone)


def margin_of(variance: Fraction | float, *, confidence: float) -> float:
    """Return the margin of error in points that belongs to a variance. Raises `ImpossibleConfidenceError`.

    Manual 4.2a
    """
    if isinstance(confidence, bool) or not 0 < confidence < 100:
        raise ImpossibleConfidenceError(
            f"A confidence of {confidence} per cent cannot be had: give more than 0 and less than 100."
        )
    return 100 * NormalDist().inv_cdf(0.5 + confidence / 200) * math.sqrt(variance)


def out_of_proportion(strata: Sequence[Group]) -> Fraction:
    """Return how far the share of yes can lie off since the sample is not in proportion: 0 to 1, at the very worst.

    That is where every case of the groups with too many says yes and every case of the others no.

    Manual 4.3a, 4.4d
    """
    cases, population = _cases(strata), sum(stratum.population for stratum in strata)
    apart = (Fraction(stratum.cases, cases) - Fraction(stratum.population, population) for stratum in strata)
    return sum((abs(one) for one in apart), Fraction(0)) / 2


def precision_of(
    strata: Sequence[Group], units: Sequence[Group], *, left_out: int, confidence: float, correlations: Sequence[float]
) -> Precision:
    """Return how near a sample comes by the simple formula and by its design.

    `strata` are those of the units drawn from; `units` those and the ones left out, which hold `left_out` cases.
    Raises the errors of the variances.

    Manual 4.2a, 4.3a, 4.4a, A1b
    """
    covered, cases = sum(stratum.population for stratum in strata), _cases(strata)
    simple = margin_of(simple_variance(covered, cases), confidence=confidence)
    population = covered + left_out
    base = float(simple_variance(population, cases))
    clustered = []
    for correlation in correlations if len(units) > 1 else ():
        variance = unit_variance(units, correlation)
        margin = margin_of(variance, confidence=confidence)
        clustered.append(Clustered(correlation, margin, variance / base if base else 1.0))
    return Precision(
        population=population,
        covered=covered,
        cases=cases,
        confidence=confidence,
        simple=simple,
        stratified=margin_of(stratified_variance(strata), confidence=confidence),
        drift=100 * float(out_of_proportion(strata)),
        whole=(covered * simple + left_out * 50) / population,
        clustered=tuple(clustered),
    )


def still_needed(
    population: int, *, submitted: int, standing: int, margin: float, confidence: float, rounding: Rounding = "up"
) -> Need:
    """Return how many more cases have to be submitted so that the margin is held.

    `standing` are the cases still in the sample, the submitted among them. Raises `ImpossibleSampleSizeError` where
    more are submitted than stand, and the errors of `sample_size`.

    Manual 4.2a, A1b
    """
    if not 0 <= submitted <= standing <= population:
        raise ImpossibleSampleSizeError(
            f"{submitted} cases submitted, {standing} in the sample, {population} on the list: each is to be at most "
            "the next."
        )
    needed = sample_size(population, margin=margin, confidence=confidence, rounding=rounding).size
    state: Standing = "out-of-reach" if standing < needed else "within-reach"
    if submitted >= needed:
        state = "held"
    return Need(needed, max(0, needed - submitted), standing - needed, state)


def _cases(groups: Sequence[Group]) -> int:
    cases = sum(group.cases for group in groups)
    if not cases:
        raise ImpossibleSampleSizeError("No case was inspected, so nothing is known: give 1 or more.")
    return cases


def _spread(group: Group) -> Fraction:
    """The variance of single answers within a group (divided by its cases less one); 0 in a group of one."""
    if group.population == 1:
        return Fraction(0)
    yes = group.population // 2 if group.yes is None else group.yes
    return Fraction(yes * (group.population - yes), group.population * (group.population - 1))
