"""Chapter 7.2e of the manual, consistency: one inspection among the others, and discretion used beyond chance.

The manual asks that like work is rated alike and names no figure: the statistics here are ours, and stated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt
from statistics import median, quantiles

from inspectorate.methodology.ratings.rules import Consistency

# Turns the median distance from the median into what a standard deviation would be, were distances normal.
USUAL = 1.4826


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentages of a key question over inspections: lowest, quartiles, highest, and how many there are."""

    lowest: float
    lower: float
    middle: float
    upper: float
    highest: float
    inspections: int


@dataclass(frozen=True, slots=True)
class Place:
    """One inspection among the others: its percentage, how many of them are lower, and the usual distances between it
    and their median (None where there are too few of them to tell); `far` where somebody should look."""

    percent: float
    lower: int
    distance: float | None
    far: bool = False


def spread(counted: Sequence[tuple[int, int]]) -> Spread | None:
    """The spread of (yes, n) over inspections; those with n = 0 are left out, and None where none is left.

    Manual 7.2e
    """
    shares = sorted(100 * yes / n for yes, n in counted if n)
    if not shares:
        return None
    lower, middle, upper = quantiles(shares, n=4, method="inclusive") if len(shares) > 1 else shares * 3
    return Spread(shares[0], lower, middle, upper, shares[-1], len(shares))


def place(rules: Consistency, own: tuple[int, int], others: Sequence[tuple[int, int]]) -> Place | None:
    """Where an inspection (yes, n) stands among the others; None where its n is 0.

    The usual distance is 1.4826 times the median distance of the others from their median, and never less than the
    standard error of a sample of this n at that median, with two answers of each sort added: small samples vary by
    themselves.

    Manual 7.2e
    """
    yes, n = own
    if not n:
        return None
    percent, shares = 100 * yes / n, [100 * y / m for y, m in others if m]
    lower = sum(1 for share in shares if share < percent)
    if len(shares) < rules.fewest:
        return Place(percent, lower, None)
    middle = median(shares)
    likely = (middle * n / 100 + 2) / (n + 4)
    error = 100 * sqrt(likely * (1 - likely) / n)
    distance = (percent - middle) / max(USUAL * median(abs(share - middle) for share in shares), error)
    return Place(percent, lower, distance, abs(distance) >= rules.far)


def more_often(own: tuple[int, int], others: tuple[int, int]) -> Fraction:
    """The chance that so many or more of all changes fall on this inspection, were they dealt to key questions within
    the window blindly. Each is (changed, within the window); 1 where nothing was within it.

    Manual 7.2d, 7.2e
    """
    (changed, window), (elsewhere, beside) = own, others
    if not 0 <= changed <= window or not 0 <= elsewhere <= beside:
        raise ValueError(f"{changed} of {window} and {elsewhere} of {beside} cannot be counted")
    total, marked = window + beside, changed + elsewhere
    ways = sum(comb(window, k) * comb(beside, marked - k) for k in range(changed, min(window, marked) + 1))
    return Fraction(ways, comb(total, marked))


def one_way(up: int, down: int) -> Fraction:
    """The chance that changes go one way as often as this or more often, were up and down equally likely.

    Manual 7.2d, 7.2e
    """
    total, most = up + down, max(up, down)
    if not total:
        return Fraction(1)
    return min(Fraction(1), 2 * Fraction(sum(comb(total, k) for k in range(most, total + 1)), 2**total))


def seldom(rules: Consistency, chance: Fraction) -> bool:
    """Whether something is so unlikely by chance alone that it is flagged.

    Manual 7.2e
    """
    return 100 * chance < rules.seldom
