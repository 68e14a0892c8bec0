"""Chapter 4: how many cases a sample needs for its margin of error, and the margin that a sample reaches."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from inspectorate.methodology.sampling.draws import SamplingError

Rounding = Literal["up", "nearest"]
# The answer that needs the largest sample: half yes, half no.
_HALF = 0.5


class ImpossiblePopulationError(SamplingError):
    """The population is not a number of cases."""


class ImpossibleMarginError(SamplingError):
    """The margin of error is not between 0 and 100 points."""


class ImpossibleConfidenceError(SamplingError):
    """The confidence is not between 0 and 100 per cent."""


class ImpossibleSampleSizeError(SamplingError):
    """The size of the sample is not a number of cases, or more than the population."""


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Cases to inspect out of a population; margin in percentage points, confidence in per cent."""

    population: int
    size: int
    margin: float
    confidence: float


def sample_size(population: int, *, margin: float, confidence: float, rounding: Rounding = "up") -> SampleSize:
    """Return the simple random sample that keeps a finding within `margin` points at `confidence` per cent.

    The answer is taken as half yes, half no; finite population correction n = n0 / (1 + (n0 - 1) / N). The manual does
    not say how to round: `rounding` "up" never falls short of the margin, "nearest" may by half a case. Never more than
    the population. Raises `ImpossiblePopulationError`, `ImpossibleMarginError` or `ImpossibleConfidenceError`.

    Manual 4.2a
    """
    _check_population(population)
    if not _between(margin):
        raise ImpossibleMarginError(f"A margin of {margin} points cannot be kept: give more than 0 and less than 100.")
    unlimited = (_z(confidence) * _HALF / (margin / 100)) ** 2
    size = unlimited * population / (population + unlimited - 1)
    whole = math.ceil(size - 1e-9) if rounding == "up" else math.floor(size + 0.5)
    return SampleSize(population, min(population, max(1, whole)), margin, confidence)


def margin_reached(size: int, population: int, *, confidence: float) -> SampleSize:
    """Return the margin of error, in percentage points, that `size` cases of a population reach (0 for all of them).

    The same formula as `sample_size`, the other way round. Raises `ImpossiblePopulationError`,
    `ImpossibleSampleSizeError` (none, or more than the population) or `ImpossibleConfidenceError`.

    Manual 4.2a, A1b
    """
    _check_population(population)
    if not _whole(size) or not 1 <= size <= population:
        raise ImpossibleSampleSizeError(f"{size} cases of {population} cannot be inspected: give 1 to {population}.")
    rest = 0.0 if population == 1 else (population - size) / (population - 1)
    margin = 100 * _z(confidence) * _HALF * math.sqrt(rest / size)
    return SampleSize(population, size, margin, confidence)


def implied_population(size: int, *, margin: float, confidence: float) -> tuple[int, int | None]:
    """Return the smallest and the largest population for which `sample_size` answers `size`.

    The largest is None where every larger population needs no more cases. Raises `ImpossibleSampleSizeError` where no
    population needs so many, and the errors of `sample_size`.

    Manual 4.1a, 4.2a
    """
    if not _whole(size) or size < 1:
        raise ImpossibleSampleSizeError(f"A sample of {size} cases is none: give 1 or more.")
    lowest = _first_needing(size, margin, confidence)
    if lowest is None:
        raise ImpossibleSampleSizeError(
            f"No population needs {size} cases for {margin} points at {confidence} per cent: give a smaller size."
        )
    above = _first_needing(size + 1, margin, confidence)
    return lowest, None if above is None else above - 1


def _first_needing(size: int, margin: float, confidence: float) -> int | None:
    """Close in on the first population that needs so many, by halves: sizes grow with populations."""
    low, high = 0, 10**12
    if sample_size(high, margin=margin, confidence=confidence).size < size:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if sample_size(middle, margin=margin, confidence=confidence).size < size:
            low = middle
        else:
            high = middle
    return high


def _z(confidence: float) -> float:
    if not _between(confidence):
        raise ImpossibleConfidenceError(
            f"A confidence of {confidence} per cent cannot be had: give more than 0 and less than 100."
        )
    return NormalDist().inv_cdf(0.5 + confidence / 200)


def _between(percent: float) -> bool:
    return not isinstance(percent, bool) and isinstance(percent, int | float) and 0 < percent < 100


def _whole(number: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _check_population(population: int) -> None:
    if not _whole(population) or population < 1:
        raise ImpossiblePopulationError(f"A population of {population} cannot be sampled: give a whole number from 1.")
