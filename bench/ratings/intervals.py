"""How often 80% intervals of several kinds hold the share in a finite list: counted out exactly, without dice.

`python -m bench.ratings.intervals`. True shares from 30 to 90 per cent weigh alike; n cases of N are drawn blindly.
"""

from collections.abc import Callable
from functools import cache, partial
from math import ceil, comb, exp, floor, lgamma, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.80
LEAST_SHARE, MOST_SHARE = 0.30, 0.90
SIZES = (10, 20, 40, 80, 120, 150)
TAIL = (1 - LEVEL) / 2
Z = NormalDist().inv_cdf(1 - TAIL)
Interval = Callable[[int, int, int], tuple[float, float]]


@cache
def chances(population: int, true: int, cases: int) -> NDArray[np.float64]:
    """The chance of each number of yes among the cases drawn."""
    whole = comb(population, cases)
    return np.array([comb(true, y) * comb(population - true, cases - y) / whole for y in range(cases + 1)])


def wald(population: int, cases: int, yes: int) -> tuple[float, float]:
    """The formula of 4.2a about the share found."""
    share = yes / cases
    half = Z * sqrt(share * (1 - share) / cases * (population - cases) / (population - 1))
    return share - half, share + half


def wilson(population: int, cases: int, yes: int) -> tuple[float, float]:
    """Wilson's interval with the finite population in its variance."""
    z2, share = Z * Z * (population - cases) / (population - 1), yes / cases
    middle = (share + z2 / 2 / cases) / (1 + z2 / cases)
    half = sqrt(z2) * sqrt(share * (1 - share) / cases + z2 / 4 / cases**2) / (1 + z2 / cases)
    return middle - half, middle + half


def exact(population: int, cases: int, yes: int, *, counts: float) -> tuple[float, float]:
    """All totals that the sample does not refute; `counts` of the chance of the sample itself (1, or mid-P 1/2)."""
    held = []
    for true in range(yes, population - (cases - yes) + 1):
        found = chances(population, true, cases)
        if min(found[yes + 1 :].sum(), found[:yes].sum()) + counts * found[yes] > TAIL:
            held.append(true)
    return held[0] / population, held[-1] / population


def urn(population: int, cases: int, yes: int, *, added: float) -> tuple[float, float]:
    """The unseen cases drawn from an urn of those seen and `added` yes and no: what the redraws do with one group."""
    more = population - cases
    a, b = yes + added, cases - yes + added

    def log_beta(x: float, y: float) -> float:
        return lgamma(x) + lgamma(y) - lgamma(x + y)

    each = [exp(log_beta(a + k, b + more - k) - log_beta(a, b)) * comb(more, k) for k in range(more + 1)]
    total = np.cumsum(each)
    low, high = np.searchsorted(total, TAIL), min(np.searchsorted(total, 1 - TAIL), more)
    return float(yes + low) / population, float(yes + high) / population


KINDS: dict[str, Interval] = {
    "formula": wald,
    "Wilson": wilson,
    "exact": partial(exact, counts=1.0),
    "mid-P": partial(exact, counts=0.5),
    "urn + 1/2": partial(urn, added=0.5),
    "urn + 1": partial(urn, added=1.0),
}


def covered(kind: Interval, population: int, cases: int) -> tuple[float, float, float]:
    """Coverage on average and at worst, and mean width, in per cent."""
    ends = np.array([kind(population, cases, yes) for yes in range(cases + 1)])
    holds, widths = [], []
    for true in range(ceil(LEAST_SHARE * population), floor(MOST_SHARE * population) + 1):
        found, share = chances(population, true, cases), true / population
        holds.append(found[(ends[:, 0] <= share + 1e-9) & (share <= ends[:, 1] + 1e-9)].sum())
        widths.append((found * (ends[:, 1] - ends[:, 0])).sum())
    return 100 * float(np.mean(holds)), 100 * min(holds), 100 * float(np.mean(widths))


def main() -> None:
    """Prints coverage on average, at worst, and width of each kind."""
    print("   n     N  " + "".join(f"{name:>22}" for name in KINDS))
    for cases in SIZES:
        for population in (3 * cases, 6 * cases):
            told = [covered(kind, population, cases) for kind in KINDS.values()]
            print(
                f"{cases:4} {population:5}  " + "".join(f"{a:10.1f} {b:4.0f} {c:6.1f}" for a, b, c in told), flush=True
            )


if __name__ == "__main__":
    main()
