"""The draw of the methodology, from a list that is in numbers."""

from itertools import product

from bench.sampling.made import TIER_1, TIER_2, Codes, Made
from inspectorate.methodology import sampling

UNITS = [(f"Area {area}", f"Team {area}{team}") for area in range(len(TIER_1)) for team in range(len(TIER_2))]
STRATA = list(product(("male", "female"), ("community", "custody"), ("low", "medium", "high", "very high")))
CELLS = list(product(STRATA, UNITS))


def population(listed: Made) -> sampling.Population:
    """The list as the draw takes it."""
    return sampling.coded(CELLS, listed.cell, [f"C{row:07d}" for row in range(listed.people)])


def rows(there: sampling.Population, size: int, number: int) -> Codes:
    """Row numbers of a sample."""
    version = sampling.version_for(len(there.references))
    return list(sampling.pick(there, size=size, seed=b"bench %d" % number, version=version).selected)  # type: ignore[return-value]


def cases(there: sampling.Population, size: int, number: int) -> sampling.Draw:
    """A sample with its cases and margins."""
    version = sampling.version_for(len(there.references))
    return sampling.draw(there, size=size, seed=b"bench %d" % number, version=version)
