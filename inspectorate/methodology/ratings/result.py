"""Chapter 7.1 and 7.2 of the manual, the ratings: key question to band, standard by its lowest, overall, discretion."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from inspectorate.methodology.ratings.judgements import CaseJudgements, Count, RatingFaultsError, count, faults
from inspectorate.methodology.ratings.rules import ROUNDINGS, BandsDoNotFitError, RatingRules, Rounding
from inspectorate.methodology.standards import Framework, Rating, UnknownIdError

_NO_CASES = Count(0, 0)
_Side = tuple[int, int, Fraction, int, bool]


class PanelChangeRefusedError(ValueError):
    """The panel may not change this key question in this way."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A band beside the computed one. `distance` in percentage points from the unrounded percentage to `boundary`.

    `cases`: the fewest answers, among the n counted, that would have to be the other way to reach that side.
    """

    rating: Rating
    boundary: int
    distance: Fraction
    cases: int
    within_window: bool


@dataclass(frozen=True, slots=True)
class KeyQuestionRating:
    """One key question: `computed` from its answers, and `rating` as in force after the panel.

    With n = 0 there is no percentage and no rating. `percent` is whole, `unrounded` exact, both of 100.
    """

    id: str
    yes: int
    n: int
    percent: int | None
    unrounded: Fraction | None
    computed: Rating | None
    rating: Rating | None
    neighbours: tuple[Neighbour, ...]
    rounding_matters: bool
    cases: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the panel changed it.

        Manual 7.2d
        """
        return self.rating is not self.computed

    @property
    def within_window(self) -> bool:
        """Whether the panel may use discretion here, towards any side.

        Manual 7.2d
        """
        return any(neighbour.within_window for neighbour in self.neighbours)

    @property
    def cases_to_change(self) -> int | None:
        """The fewest answers the other way that would change the band.

        Manual 7.2d
        """
        return min((neighbour.cases for neighbour in self.neighbours), default=None)


@dataclass(frozen=True, slots=True)
class StandardRating:
    """One standard. `decided_by`: the key questions with its lowest band, or ('panel',); empty where not rated."""

    id: str
    rating: Rating | None
    score: int | None
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overall:
    """Total score of `maximum` and the overall rating; both None while scored standards are `missing` (ids)."""

    total: int | None
    maximum: int
    rating: Rating | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """All ratings of one inspection, in the order of the standards."""

    key_questions: tuple[KeyQuestionRating, ...]
    standards: tuple[StandardRating, ...]
    total: int | None
    maximum: int
    overall: Rating | None
    missing: tuple[str, ...] = ()

    def key_question(self, question_id: str) -> KeyQuestionRating:
        """The rating of one key question; UnknownIdError where there is none.

        Manual 7.1a
        """
        for row in self.key_questions:
            if row.id == question_id:
                return row
        raise UnknownIdError(f"key question '{question_id}' is not in this result")

    def standard(self, standard_id: str) -> StandardRating:
        """The rating of one standard; UnknownIdError where there is none.

        Manual 7.1a
        """
        for row in self.standards:
            if row.id == standard_id:
                return row
        raise UnknownIdError(f"standard '{standard_id}' is not in this result")


def rate(
    framework: Framework,
    rules: RatingRules,
    cases: Sequence[CaseJudgements],
    *,
    domain_one: Mapping[str, Rating] | None = None,
    panel: Mapping[str, Rating] | None = None,
    pooled: Mapping[str, Count] | None = None,
) -> Result:
    """Rate one inspection. `domain_one` by standard id; `panel` changes by key question id; `pooled` counts of units.

    Raises RatingFaultsError (all faults at once), PanelChangeRefusedError and BandsDoNotFitError.

    Manual 7.1a, 7.1b, 7.1d, 7.2d
    """
    found = faults(framework, cases)
    if found:
        raise RatingFaultsError(found)
    counted = {**count(framework, cases), **(pooled or {})}
    return rate_counts(framework, rules, counted, domain_one=domain_one, panel=panel)


def rate_counts(
    framework: Framework,
    rules: RatingRules,
    counts: Mapping[str, Count],
    *,
    domain_one: Mapping[str, Rating] | None = None,
    panel: Mapping[str, Rating] | None = None,
) -> Result:
    """As `rate`, from counts by key question id. A key question without a count has an empty sub-sample.

    Manual 7.1a, 7.1d, 7.2d
    """
    judged, changes = domain_one or {}, panel or {}
    found = list(_input_faults(framework, counts, judged, changes))
    if found:
        raise RatingFaultsError(found)
    questions: list[KeyQuestionRating] = []
    standards: list[StandardRating] = []
    for standard in framework.standards:
        if standard.source == "panel":
            rating = judged.get(standard.id)
            decided_by: tuple[str, ...] = () if rating is None else ("panel",)
        else:
            rated = [
                _decided(rules, judge(rules, question.id, counts.get(question.id, _NO_CASES)), changes.get(question.id))
                for question in standard.key_questions
            ]
            questions.extend(rated)
            rating, decided_by = lowest(rated)
        if standard.rated:
            score = None if rating is None else rules.score(rating)
            standards.append(StandardRating(standard.id, rating, score, decided_by))
    total = overall(rules, framework, {row.id: row.rating for row in standards if row.rating is not None})
    return Result(tuple(questions), tuple(standards), total.total, total.maximum, total.rating, total.missing)


def judge(rules: RatingRules, question_id: str, counted: Count) -> KeyQuestionRating:
    """Band of one key question with its boundary facts. ValueError unless 0 <= yes <= n.

    Manual 7.1a, 7.2d
    """
    if counted.n == 0 and counted.yes == 0:
        return KeyQuestionRating(question_id, 0, 0, None, None, None, None, (), False, counted.cases)
    edges = tuple(band.least for band in rules.bands)
    window = (rules.discretion.points, rules.discretion.inclusive, rules.discretion.cases)
    percent, unrounded, at, sides, matters = _boundary_facts(edges, rules.rounding, window, counted.yes, counted.n)
    neighbours = tuple(
        Neighbour(rules.bands[at + step].rating, boundary, distance, cases, within)
        for step, boundary, distance, cases, within in sides
    )
    rating = rules.bands[at].rating
    return KeyQuestionRating(
        question_id, counted.yes, counted.n, percent, unrounded, rating, rating, neighbours, matters, counted.cases
    )


def lowest(rated: Iterable[KeyQuestionRating]) -> tuple[Rating | None, tuple[str, ...]]:
    """Rating of a standard and the ids of the key questions that decide it; (None, ()) where none has cases.

    Manual 7.1a
    """
    counted = [(row.id, row.rating) for row in rated if row.rating is not None]
    if not counted:
        return None, ()
    least = min(rating for _, rating in counted)
    return least, tuple(question for question, rating in counted if rating is least)


def overall(rules: RatingRules, framework: Framework, ratings: Mapping[str, Rating]) -> Overall:
    """Total and overall rating from ratings by standard id; no total while a scored standard is missing.

    Raises UnknownStandardError for an id that the framework does not hold, and BandsDoNotFitError.

    Manual 7.1d
    """
    for standard_id in ratings:
        framework.standard(standard_id)
    scored = [standard.id for standard in framework.standards if standard.scored]
    maximum = len(scored) * max(band.score for band in rules.bands)
    if not scored:
        return Overall(None, 0, None)
    bands = rules.table(framework.kind).bands
    if bands[-1].most != maximum:
        raise BandsDoNotFitError(
            f"overall bands for {framework.kind} end at {bands[-1].most}, "
            f"but {len(scored)} scored standards reach {maximum}: let the last band end there"
        )
    missing = tuple(standard_id for standard_id in scored if standard_id not in ratings)
    if missing:
        return Overall(None, maximum, None, missing)
    total = sum(rules.score(ratings[standard_id]) for standard_id in scored)
    return Overall(total, maximum, next(band.rating for band in bands if band.least <= total <= band.most))


@lru_cache(maxsize=65536)
def _boundary_facts(
    edges: tuple[int, ...], rounding: Rounding, window: tuple[int, bool, int], yes: int, n: int
) -> tuple[int, Fraction, int, tuple[_Side, ...], bool]:
    """Whole percentage, exact one, band, and (step, boundary, distance, cases, within) of each band beside it."""
    if not 0 <= yes <= n or n == 0:
        raise ValueError(f"{yes} of {n} cannot be counted: yes lies between 0 and n")
    points, inclusive, most_cases = window
    unrounded = Fraction(100 * yes, n)
    at = _band(edges, rounding, yes, n)
    sides = []
    for step, boundary in ((-1, edges[at]), (1, edges[at + 1] if at + 1 < len(edges) else None)):
        if boundary is None or at + step < 0:
            continue
        distance = abs(unrounded - boundary)
        cases = 1
        while (_band(edges, rounding, yes + step * cases, n) - at) * step <= 0:
            cases += 1
        near = distance <= points if inclusive else distance < points
        sides.append((step, boundary, distance, cases, near or cases <= most_cases))
    matters = len({_band(edges, other, yes, n) for other in ROUNDINGS}) > 1
    whole = 100 * yes // n if rounding == "floor_then_band" else _half_up(yes, n)
    return whole, unrounded, at, tuple(sides), matters


def _band(edges: tuple[int, ...], rounding: Rounding, yes: int, n: int) -> int:
    """Position of the band, worst 0. Edges are whole, so a percentage reaches one exactly when its floor does."""
    return bisect_right(edges, _half_up(yes, n) if rounding == "half_up_then_band" else 100 * yes // n) - 1


def _half_up(yes: int, n: int) -> int:
    return (200 * yes + n) // (2 * n)


def _decided(rules: RatingRules, row: KeyQuestionRating, change: Rating | None) -> KeyQuestionRating:
    """The row as the panel leaves it; PanelChangeRefusedError outside the window or too far."""
    if change is None or change is row.computed:
        return row
    if row.computed is None:
        raise PanelChangeRefusedError(
            f"key question {row.id} has no cases: there is no rating that the panel could change"
        )
    order = [band.rating for band in rules.bands]
    far = order.index(change) - order.index(row.computed)
    if abs(far) > rules.discretion.most_bands:
        raise PanelChangeRefusedError(
            f"key question {row.id} is {row.computed.label} and cannot become {change.label}: "
            f"discretion moves at most {rules.discretion.most_bands} band"
        )
    near = order[order.index(row.computed) + (1 if far > 0 else -1)]
    side = next(neighbour for neighbour in row.neighbours if neighbour.rating is near)
    if not side.within_window:
        raise PanelChangeRefusedError(
            f"key question {row.id} is {float(side.distance):.1f} points and {side.cases} cases from {near.label}: "
            f"discretion needs {rules.discretion.points} points or fewer, or {rules.discretion.cases} case"
        )
    return replace(row, rating=change)


def _input_faults(
    framework: Framework, counts: Mapping[str, Count], judged: Mapping[str, Rating], changes: Mapping[str, Rating]
) -> Iterator[str]:
    panel_standards = [s.id for s in framework.standards if s.source == "panel"]
    for standard_id in judged:
        if standard_id not in panel_standards:
            yield f"'{standard_id}' is not rated by judgement: give {', '.join(panel_standards) or 'none'}"
    for what, ids in (("counts", counts), ("panel", changes)):
        for question_id in ids:
            if not framework.has_key_question(question_id):
                yield f"{what}: '{question_id}' is not a key question for {framework.kind}"
            elif framework.standard_of(question_id).source == "panel":
                yield f"{what}: '{question_id}' is judged as a whole standard, not counted over cases"
