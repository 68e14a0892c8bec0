"""How good samples are: cases away from proportion at each margin, and whether over many draws cells get their due."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench.sampling.made import CELLS, VALUES, Codes, Made

SMALL = 8


def deviations(listed: Made, rows: Codes) -> list[float]:
    """For each margin the most cases that one of its values is away from its share of the list."""
    found = []
    for codes, values in zip(listed.margins, VALUES, strict=True):
        due = len(rows) * np.bincount(codes, minlength=values) / listed.people
        found.append(float(np.abs(np.bincount(codes[rows], minlength=values) - due).max()))
    return found


@dataclass(frozen=True)
class Chances:
    """How far the draws of a cell are from its due (root of the mean square over cells, relative), what chance alone
    would do, and which part of their due the strata of up to 8 people got, the one that got least and the most."""

    error: float
    noise: float
    least: float
    most: float


def chances(listed: Made, samples: Iterable[Codes]) -> Chances:
    """Counts cells over many samples of one list."""
    drawn, draws, size = np.zeros(CELLS), 0, 0
    for rows in samples:
        drawn += np.bincount(listed.cell[rows], minlength=CELLS)
        draws, size = draws + 1, size + len(rows)
    people = np.bincount(listed.cell, minlength=CELLS)
    there = people > 0
    due = size * people[there] / listed.people
    error = np.sqrt(np.mean((drawn[there] / due - 1) ** 2))
    noise = np.sqrt(np.mean((1 - size / draws / listed.people) / due))
    by_stratum, all_of = drawn.reshape(16, 24).sum(axis=1), people.reshape(16, 24).sum(axis=1)
    small = (all_of > 0) & (all_of <= SMALL)
    got = by_stratum[small] / (size * all_of[small] / listed.people) if small.any() else np.ones(1)
    return Chances(float(error), float(noise), float(got.min()), float(got.max()))
