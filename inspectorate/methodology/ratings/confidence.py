"""Chapter 7.1 of the manual, the confidence of ratings: how far the cases that happened to be drawn decide them.

For each key question an interval for the share among all cases of its list; for key questions, standards and the
overall rating the chance of each rating if other cases had been drawn in the same way. What it does not tell: whether
another inspector would have judged the same cases alike.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.ratings.drawn import DrawnCases, in_order, seed_of
from inspectorate.methodology.ratings.redraws import Redraws, redraw
from inspectorate.methodology.ratings.result import KeyQuestionRating, Result
from inspectorate.methodology.ratings.rules import RatingRules
from inspectorate.methodology.standards import Framework, Rating

DRAWS = 1000
Places = NDArray[np.int64]
_NOT_RATED = -1


@dataclass(frozen=True, slots=True)
class Chances:
    """How often each rating came out, in so many redraws; `not_rated` where no case counted in them."""

    draws: int
    times: tuple[tuple[Rating, int], ...]
    not_rated: int

    def of(self, rating: Rating) -> float:
        """The share of redraws with this rating, 0 to 1.

        Manual 7.1a
        """
        return dict(self.times).get(rating, 0) / self.draws

    @property
    def likeliest(self) -> Rating | None:
        """The rating that came out most often, the lower of two; None where it is none at all.

        Manual 7.1a
        """
        rating, times = max(self.times, key=lambda one: (one[1], -one[0]))
        return rating if times > self.not_rated else None

    def in_hundred(self) -> dict[Rating | None, int]:
        """Whole numbers of a hundred that add up to it, by rating, worst first; None stands for not rated.

        Manual 7.1a
        """
        parts: list[tuple[Rating | None, int]] = [*self.times, (None, self.not_rated)]
        whole = {rating: 100 * times // self.draws for rating, times in parts}
        rests = sorted(parts, key=lambda one: -(100 * one[1] % self.draws))
        for rating, _ in rests[: 100 - sum(whole.values())]:
            whole[rating] += 1
        return whole


@dataclass(frozen=True, slots=True)
class QuestionConfidence:
    """One key question. `low` and `high` in per cent: the interval for the share of yes among all cases of the list to
    which it applies; None without cases. `certain` where every one of them was judged."""

    rating: KeyQuestionRating
    low: float | None
    high: float | None
    certain: bool
    chances: Chances

    @property
    def id(self) -> str:
        """The id of the key question.

        Manual 7.1a
        """
        return self.rating.id


@dataclass(frozen=True, slots=True)
class StandardConfidence:
    """One standard that is rated from cases: its rating, and the chance of each."""

    id: str
    rating: Rating | None
    chances: Chances


@dataclass(frozen=True, slots=True)
class Lens:
    """All of it for one inspection. `given`: domain one ratings that every redraw takes over, by standard id.

    `overall` is None while scored standards are `missing`. `points` are those of the scored standards rated from
    cases: as computed, and from and to which they lie in `level` per cent of redraws; None where one is not rated.
    """

    level: float
    draws: int
    questions: tuple[QuestionConfidence, ...]
    standards: tuple[StandardConfidence, ...]
    rating: Rating | None
    overall: Chances | None
    given: Mapping[str, Rating]
    missing: tuple[str, ...]
    points: tuple[int, int, int] | None
    population_known: bool
    units_left_out: int

    def question(self, question_id: str) -> QuestionConfidence:
        """The confidence of one key question; KeyError where it is not counted over cases.

        Manual 7.1a
        """
        return {one.id: one for one in self.questions}[question_id]

    def standard(self, standard_id: str) -> StandardConfidence:
        """The confidence of one standard; KeyError where it is not rated from cases.

        Manual 7.1a
        """
        return {one.id: one for one in self.standards}[standard_id]


def lens(
    framework: Framework,
    rules: RatingRules,
    lists: Sequence[DrawnCases],
    result: Result,
    *,
    domain_one: Mapping[str, Rating] | None = None,
    level: float = 80,
    draws: int = DRAWS,
    correlation: float = 0.0,
) -> Lens:
    """How sure the ratings of an inspection are. `result`: those computed from the same cases, before any discretion.

    `level` in per cent for the intervals; `correlation` as `redraw` takes it. The same cases give the same figures.

    Manual 7.1a, 7.1b, 7.1d
    """
    lists = sorted(map(in_order, lists), key=lambda one: one.case_list)
    counted = [standard for standard in framework.standards if standard.source != "panel"]
    questions = [question.id for standard in counted for question in standard.key_questions]
    found = redraw(lists, questions, seed=seed_of(lists), draws=draws, correlation=correlation)
    bands = bands_of(rules, found.yes, found.n)
    place = {question: at for at, question in enumerate(questions)}
    standards = {one.id: _lowest(bands[:, [place[q.id] for q in one.key_questions]]) for one in counted}
    given = {one.id: domain_one[one.id] for one in framework.standards if domain_one and one.id in domain_one}
    return Lens(
        level=level,
        draws=draws,
        questions=tuple(
            QuestionConfidence(result.key_question(one), *_interval(found, at, level), _chances(rules, bands[:, at]))
            for at, one in enumerate(questions)
        ),
        standards=tuple(
            StandardConfidence(one.id, result.standard(one.id).rating, _chances(rules, standards[one.id]))
            for one in counted
            if one.rated
        ),
        rating=result.overall,
        overall=None if result.missing or not result.maximum else _overall(framework, rules, standards, given),
        given=given,
        missing=result.missing,
        points=_points(framework, rules, standards, result, level),
        population_known=all(one.population is not None for one in lists if one.cases),
        units_left_out=sum(one.units_left_out for one in lists if one.cases),
    )


def bands_of(rules: RatingRules, yes: NDArray[np.float64], n: NDArray[np.float64]) -> Places:
    """The place of the band of each count (worst 0), -1 where nothing counts; in whole numbers, as `judge` has it.

    Manual 7.1a
    """
    share, whole = yes.astype(np.int64), n.astype(np.int64)
    some = np.maximum(whole, 1)
    half_up = rules.rounding == "half_up_then_band"
    percent = (200 * share + some) // (2 * some) if half_up else 100 * share // some
    edges = np.array([band.least for band in rules.bands])
    found: Places = np.where(whole > 0, np.searchsorted(edges, percent, side="right") - 1, _NOT_RATED)
    return found


def _lowest(bands: Places) -> Places:
    """The lowest band of each row among those that are rated; -1 where none is."""
    if not bands.shape[1]:
        return np.full(len(bands), _NOT_RATED)
    beyond = np.iinfo(np.int64).max
    least: Places = np.where(bands == _NOT_RATED, beyond, bands).min(axis=1)
    return np.where(least == beyond, _NOT_RATED, least)


def _chances(rules: RatingRules, bands: Places) -> Chances:
    times = tuple((band.rating, int((bands == at).sum())) for at, band in enumerate(rules.bands))
    return Chances(len(bands), times, int((bands == _NOT_RATED).sum()))


def _interval(found: Redraws, at: int, level: float) -> tuple[float | None, float | None, bool]:
    """From and to in per cent, and whether nothing is unknown. The share that was found always lies inside."""
    n = found.all_n[:, at]
    if not n.any():
        return None, None, False
    share = np.sort(100 * found.all_yes[n > 0, at] / n[n > 0])
    tail = (1 - level / 100) / 2
    low = float(share[math.floor(tail * (len(share) - 1))])
    high = float(share[math.ceil((1 - tail) * (len(share) - 1))])
    return low, high, bool(share[0] == share[-1])


def _scores(rules: RatingRules, bands: Places) -> Places:
    return np.array([band.score for band in rules.bands], dtype=np.int64)[bands]


def _overall(
    framework: Framework, rules: RatingRules, standards: Mapping[str, Places], given: Mapping[str, Rating]
) -> Chances:
    scored = [one.id for one in framework.standards if one.scored]
    rows = [standards[one] for one in scored if one in standards]
    total = sum((_scores(rules, row) for row in rows), np.int64(0)) + sum(
        rules.score(given[one]) for one in scored if one not in standards
    )
    rated = np.all([row != _NOT_RATED for row in rows], axis=0) if rows else np.ones(1, dtype=bool)
    bands = rules.table(framework.kind).bands
    times = tuple((band.rating, int(((band.least <= total) & (total <= band.most) & rated).sum())) for band in bands)
    return Chances(len(rated), times, int((~rated).sum()))


def _points(
    framework: Framework, rules: RatingRules, standards: Mapping[str, Places], result: Result, level: float
) -> tuple[int, int, int] | None:
    scored = [one.id for one in framework.standards if one.scored and one.id in standards]
    now = [result.standard(one).score for one in scored]
    rated = np.all([standards[one] != _NOT_RATED for one in scored], axis=0) if scored else np.zeros(0, dtype=bool)
    if not rated.any() or any(score is None for score in now):
        return None
    total = np.sort(sum((_scores(rules, standards[one])[rated] for one in scored), np.int64(0)))
    tail = (1 - level / 100) / 2
    low, high = math.floor(tail * (len(total) - 1)), math.ceil((1 - tail) * (len(total) - 1))
    return sum(score for score in now if score is not None), int(total[low]), int(total[high])
