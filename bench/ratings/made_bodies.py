"""Made inspected bodies: every case of every list with its answers, so that the truth is known."""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.ratings import Count
from inspectorate.methodology.ratings.drawn import DrawnCases, JudgedCase
from inspectorate.methodology.standards import Framework

LEAST_SHARE, MOST_SHARE = 0.30, 0.90
ROSH = (("low", 0.30), ("medium", 0.48), ("high", 0.18), ("very-high", 0.04))
GENDER = (("male", 0.85), ("female", 0.15))
SENTENCE = (("community", 0.65), ("post-custody", 0.35))
# Part of the cases for which a fact of the sub-samples holds, where it is no stratum.
HOLDS = 0.75
NOT_APPLICABLE = 0.02


@dataclass(frozen=True)
class Spread:
    """How the findings of a body differ: standard deviations of the probit between strata, units and key questions;
    `alike` is the correlation of the answers on one case. Without `every_unit` a draw is made from half of the units,
    which are chosen by chance."""

    strata: float = 0.2
    units: float = 0.2
    questions: float = 0.25
    alike: float = 0.3
    every_unit: bool = True


@dataclass
class MadeList:
    """All cases of one list: which of the 16 strata and which unit each is in, and its answers by key question."""

    case_list: str
    size: int
    questions: list[str]
    stratum: NDArray[np.int64]
    unit: NDArray[np.int64]
    yes: NDArray[np.bool_]
    within: NDArray[np.bool_]
    every_unit: bool = True

    @cached_property
    def cells(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...]:
        """Units, strata and number of cases, as a long list keeps them."""
        keys, counts = np.unique(np.stack([self.stratum, self.unit]), axis=1, return_counts=True)
        return tuple(
            (_unit(unit), _strata(stratum), int(count)) for (stratum, unit), count in zip(keys.T, counts, strict=True)
        )

    def draw(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """A sample in proportion to strata and units: evenly through the cases in order of both, those of one stratum
        and unit in an order by chance, from a start by chance."""
        order = np.lexsort((rng.random(len(self.unit)), self.unit, self.stratum))
        if not self.every_unit:
            units = np.unique(self.unit)
            chosen = rng.permutation(units)[: max(2, len(units) // 2)]
            order = order[np.isin(self.unit[order], chosen)]
        step = len(order) / self.size
        return order[np.floor(rng.random() * step + step * np.arange(self.size)).astype(np.int64) % len(order)]

    def drawn(self, sample: NDArray[np.int64]) -> DrawnCases:
        """The sample as the lens takes it."""
        cases = tuple(
            JudgedCase(
                _unit(self.unit[at]),
                _strata(self.stratum[at]),
                {q: bool(self.yes[at, n]) for n, q in enumerate(self.questions) if self.within[at, n]},
            )
            for at in sample
        )
        chosen = {_unit(one) for one in np.unique(self.unit[sample])}
        return DrawnCases(self.case_list, self.cells, cases, frozenset() if self.every_unit else frozenset(chosen))

    def counts(self, sample: NDArray[np.int64] | None = None) -> dict[str, Count]:
        """Yes and n of each key question: in a sample, or among all cases."""
        rows = slice(None) if sample is None else sample
        n = self.within[rows].sum(axis=0)
        yes = (self.yes[rows] & self.within[rows]).sum(axis=0)
        return {q: Count(int(yes[at]), int(n[at])) for at, q in enumerate(self.questions) if n[at]}


def made_list(
    framework: Framework, case_list: str, rng: np.random.Generator, *, size: int, population: int, spread: Spread
) -> MadeList:
    """One list of a made body."""
    asked = [q for s in framework.standards_for_list(case_list) if s.source == "cases" for q in s.key_questions]
    gender, sentence, rosh = (_picked(rng, one, population) for one in (GENDER, SENTENCE, ROSH))
    units = int(rng.integers(1, 7)) if spread.every_unit else int(rng.integers(6, 13))
    unit = rng.integers(0, units, population)
    shift = sum(rng.normal(0, spread.strata / 3**0.5, (4, len(asked)))[one] for one in (gender, sentence, rosh))
    shift = shift + rng.normal(0, spread.units, (units, len(asked)))[unit]
    level = NormalDist().inv_cdf(rng.uniform(LEAST_SHARE, MOST_SHARE))
    middle = level + rng.normal(0, spread.questions, len(asked))
    scatter = (1 + spread.strata**2 + spread.units**2) ** 0.5
    own = rng.normal(size=(population, len(asked))) * (1 - spread.alike) ** 0.5
    answers = middle * scatter + shift + own + rng.normal(size=(population, 1)) * spread.alike**0.5
    within = rng.random((population, len(asked))) > NOT_APPLICABLE
    facts = {fact: rng.random(population) < HOLDS for q in asked for fact in _facts(q, case_list)}
    for at, question in enumerate(asked):
        for fact in _facts(question, case_list):
            within[:, at] &= rosh > 0 if fact == "rosh_judged" else facts[fact]
    stratum = (gender * 2 + sentence) * 4 + rosh
    return MadeList(case_list, size, [q.id for q in asked], stratum, unit, answers > 0, within, spread.every_unit)


def _facts(question: object, case_list: str) -> list[str]:
    return [one.fact for one in question.conditions(case_list) + question.leave_out]  # type: ignore[attr-defined]


def _picked(rng: np.random.Generator, parts: tuple[tuple[str, float], ...], population: int) -> NDArray[np.int64]:
    return rng.choice(len(parts), population, p=[part for _, part in parts])


def _unit(number: int) -> tuple[str, ...]:
    return f"Unit {number // 3}", f"Team {number}"


def _strata(number: int) -> tuple[str, ...]:
    return GENDER[number // 8][0], SENTENCE[number // 4 % 2][0], ROSH[number % 4][0]
