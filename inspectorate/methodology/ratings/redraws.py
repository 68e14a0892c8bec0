"""Chapter 7.1 of the manual, the confidence of ratings: what a sample would show if other cases had been drawn.

A redraw has two steps. First the cases that nobody judged are imagined: each is like one of the judged cases of its
group, and which ones are many is itself uncertain (a Polya urn, in the form of weights that add up to one). Then a new
sample of the same size is taken: some of its cases were judged already, as the finite list makes likely, the others
come from those imagined. Beside the judged cases of a list every key question has one more yes and one more no, so
that ten of ten are not taken for all of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.ratings.drawn import DrawnCases, groups_of

Table = NDArray[np.float64]
Whole = NDArray[np.int64]
# One more yes and one more no (decision 0047).
ADDED = 1.0
# Cases that the mean of a group costs where there are several groups (decision 0047).
COST = 3.0


@dataclass(slots=True)
class Redraws:
    """Counts by redraw (rows) and key question (columns): of the new samples, and of all cases of the lists."""

    yes: Table
    n: Table
    all_yes: Table
    all_n: Table


def redraw(
    lists: Sequence[DrawnCases], questions: Sequence[str], *, seed: int, draws: int, correlation: float
) -> Redraws:
    """Redraw every list so many times. `correlation`: how alike cases of one unit are taken to be where units were left
    out (0 to 1). The same seed gives the same counts.

    Manual 4.3a, 4.4a, 7.1a
    """
    shape = (draws, len(questions))
    found = Redraws(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for number, drawn in enumerate(lists):
        if drawn.cases:
            dice = np.random.Generator(np.random.PCG64([seed % 2**128, number]))
            _List(drawn, questions, correlation).redraw(dice, draws, found)
    return found


class _List:
    """One list: its answers as tables of 0 and 1 (cases by the key questions it counts for), its groups and units."""

    def __init__(self, drawn: DrawnCases, questions: Sequence[str], correlation: float) -> None:
        asked = {question for case in drawn.cases for question in case.answers}
        self.places = [place for place, question in enumerate(questions) if question in asked]
        told = [[case.answers.get(questions[place]) for place in self.places] for case in drawn.cases]
        self.yes = np.array([[answer is True for answer in row] for row in told], dtype=np.float64)
        self.within = np.array([[answer is not None for answer in row] for row in told], dtype=np.float64)
        self.groups = groups_of(drawn)
        self.spread, self.unit_of = _unit_spread(drawn, correlation)

    def redraw(self, dice: np.random.Generator, draws: int, found: Redraws) -> None:
        """Adds the counts of this list to `found`."""
        weights = self._weights(dice, draws)
        added = dice.standard_gamma(ADDED, (2, draws, 1))
        doubt = added.sum(axis=0) / (weights @ self.within + added.sum(axis=0))
        chance = np.broadcast_to(added[0] / added.sum(axis=0), doubt.shape)
        anew = self._units_anew(dice, weights)
        here = Redraws(*(np.zeros(doubt.shape) for _ in range(4)))
        new, rest = _Unseen(doubt), _Unseen(doubt)
        for group in self.groups:
            cases, size = list(group.cases), len(group.cases)
            yes, within = self.yes[cases], self.within[cases]
            again = dice.hypergeometric(size, group.population - size, size, draws)
            kept = _some(dice, draws, size, again)
            here.yes += kept @ yes
            here.n += kept @ within
            new.take(dice, size - again, _parts(anew[:, cases]), yes, within)
            rest.count(dice, group.population - size, _parts(weights[:, cases]), yes, within)
        new.add_to(dice, doubt, chance, here.yes, here.n)
        rest.add_to(dice, doubt, chance, here.all_yes, here.all_n)
        found.yes[:, self.places] += here.yes
        found.n[:, self.places] += here.n
        found.all_yes[:, self.places] += here.all_yes + self.yes.sum(axis=0)
        found.all_n[:, self.places] += here.all_n + self.within.sum(axis=0)

    def _weights(self, dice: np.random.Generator, draws: int) -> Table:
        """How many unseen cases are like each judged one. The cases of a small group look more alike than they are, by
        what its own mean costs: where there are more groups than one, weights vary more to make up for it."""
        shape = np.ones(len(self.yes))
        for group in self.groups if len(self.groups) > 1 else ():
            shape[list(group.cases)] = 1 - COST * (1 - 1 / len(self.groups)) / len(group.cases)
        return self._units_anew(dice, dice.standard_gamma(shape, (draws, len(shape))))

    def _units_anew(self, dice: np.random.Generator, weights: Table) -> Table:
        """The weights after a choice of units, where some were left out; else as they are."""
        if not self.spread:
            return weights
        units = dice.standard_gamma(1 / self.spread, (len(weights), max(self.unit_of) + 1)) * self.spread
        varied: Table = weights * units[:, list(self.unit_of)]
        return varied


class _Unseen:
    """Cases that nobody judged, imagined by redraw (rows): how many are within each key question, and of these yes."""

    def __init__(self, like: Table) -> None:
        self.yes, self.within = np.zeros(like.shape, dtype=np.int64), np.zeros(like.shape, dtype=np.int64)

    def take(self, dice: np.random.Generator, sizes: Whole, parts: Table, yes: Table, within: Table) -> None:
        """Takes so many cases of a group one by one, so that the answers of a case stay together."""
        drawn = dice.multinomial(sizes, parts).astype(np.float64)
        self.yes += (drawn @ yes).astype(np.int64)
        self.within += (drawn @ within).astype(np.int64)

    def count(self, dice: np.random.Generator, size: int, parts: Table, yes: Table, within: Table) -> None:
        """Counts so many cases of a group, each key question by itself: quicker where only its share is asked for."""
        inside = parts @ within
        share = np.divide(parts @ yes, inside, out=np.zeros_like(inside), where=inside > 0)
        there = dice.binomial(size, np.minimum(inside, 1))
        self.yes += dice.binomial(there, np.minimum(share, 1))
        self.within += there

    def add_to(self, dice: np.random.Generator, doubt: Table, chance: Table, all_yes: Table, all_n: Table) -> None:
        """Adds the counts, after some of the answers (by `doubt`) gave way to those added to every list."""
        sure_yes = dice.binomial(self.yes, 1 - doubt)
        sure_no = dice.binomial(self.within - self.yes, 1 - doubt)
        all_yes += sure_yes + dice.binomial(self.within - sure_yes - sure_no, chance)
        all_n += self.within


def _parts(weights: Table) -> Table:
    parts: Table = weights / weights.sum(axis=1, keepdims=True)
    return parts


def _some(dice: np.random.Generator, draws: int, size: int, how_many: Whole) -> Table:
    """A table of 0 and 1 with so many ones in each row, at places drawn by chance."""
    order = dice.random((draws, size)).argsort(axis=1)
    chosen = np.zeros((draws, size))
    np.put_along_axis(chosen, order, (np.arange(size) < how_many[:, None]).astype(np.float64), axis=1)
    return chosen


def _unit_spread(drawn: DrawnCases, correlation: float) -> tuple[float, tuple[int, ...]]:
    """The variance of a unit's weight, and the unit (a number) of each case; 0 where every unit was drawn from.

    Of m units out of M each deviates on its own. What their cases show of it is mixed with chance: the part that is
    the units' own follows from the correlation and the mean number of cases of a unit.
    """
    units = sorted({case.units for case in drawn.cases})
    left_out = drawn.units_left_out
    if not left_out or len(units) < 2 or not correlation:
        return 0.0, ()
    cases = len(drawn.cases) / len(units)
    own = cases * correlation / (1 + (cases - 1) * correlation)
    rest = left_out / (left_out + len(drawn.drawn_from))
    return rest * own * len(units) / (len(units) - 1), tuple(units.index(case.units) for case in drawn.cases)
