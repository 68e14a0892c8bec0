"""Made long lists in numbers: 6 uneven tier 1 units of 4 tier 2 units, 2 genders x 2 sentence types x 4 RoSH levels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.intp]
MARGINS = ("gender", "sentence", "RoSH", "tier 1", "tier 2")
TIER_1 = (9, 20, 14, 31, 17, 9)
TIER_2 = (40, 12, 29, 19)
STRATA = ((85, 15), (68, 32), (35, 45, 17, 3))
VALUES = (2, 2, 4, 6, 24)
CELLS = 16 * 24


@dataclass(frozen=True)
class Made:
    """For each row the value of every margin, of its stratum (16) and of its cell (384: stratum x tier 2 unit)."""

    margins: tuple[Codes, ...]

    @property
    def people(self) -> int:
        """Rows of the list."""
        return len(self.margins[0])

    @property
    def stratum(self) -> Codes:
        """The number of each row's stratum."""
        gender, sentence, rosh = self.margins[:3]
        return (gender * 2 + sentence) * 4 + rosh

    @property
    def cell(self) -> Codes:
        """The number of each row's cell."""
        return self.stratum * 24 + self.margins[4]


def made(people: int, number: int = 0) -> Made:
    """The list of that size; each number gives another one, all but the first with shares of their own."""
    chance = np.random.default_rng([people, number])

    def thrown(weights: tuple[int, ...]) -> Codes:
        shares = np.array(weights) * (chance.uniform(0.4, 1.6, len(weights)) if number else 1.0)
        return chance.choice(len(weights), people, p=shares / shares.sum())

    area = thrown(TIER_1)
    team = np.zeros(people, dtype=np.intp)
    for one in range(len(TIER_1)):
        inside = area == one
        team[inside] = thrown(TIER_2)[inside]
    return Made((*(thrown(weights) for weights in STRATA), area, area * 4 + team))
