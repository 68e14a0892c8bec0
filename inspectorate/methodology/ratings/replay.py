"""Chapter 7.1 of the manual, framework replay: past inspections rated again under other figures. Nothing is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.ratings.rules import RatingRules, Rounding
from inspectorate.methodology.ratings.words import Counts, Words, counts
from inspectorate.methodology.standards import Condition, Framework, KeyQuestion, Rating, Standard

# How a standard follows from its key questions: as the manual says, or in another way to see what that would do.
StandardRule = Literal["lowest", "second-lowest", "middle", "together"]
STANDARD_RULES: tuple[StandardRule, ...] = ("lowest", "second-lowest", "middle", "together")

Grades = NDArray[np.int8]
NONE = -1
BEYOND = 100


class SandboxFaultsError(ValueError):
    """Figures that contradict one another: `faults` names all of them, each as a sentence."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What is to be other than in the pack; what is left out stays as it is.

    `least`: per cent of each band; `totals`: the least total of each overall rating; `leave_out`: for a key question
    the conditions that take a case out of its sub-sample, none for all cases.
    """

    least: Mapping[Rating, int] = field(default_factory=dict)
    totals: Mapping[Rating, int] = field(default_factory=dict)
    rounding: Rounding | None = None
    rule: StandardRule = "lowest"
    leave_out: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)

    def rules(self, rules: RatingRules) -> RatingRules:
        """The rules of a pack with these figures. Raises SandboxFaultsError.

        Manual 7.1a, 7.1d
        """
        bands = tuple(replace(band, least=self.least.get(band.rating, band.least)) for band in rules.bands)
        tables = []
        for table in rules.overall:
            least = [self.totals.get(band.rating, band.least) for band in table.bands]
            most = [*(one - 1 for one in least[1:]), table.bands[-1].most]
            rows = zip(table.bands, least, most, strict=True)
            tables.append(replace(table, bands=tuple(replace(b, least=low, most=high) for b, low, high in rows)))
        changed = replace(rules, bands=bands, overall=tuple(tables), rounding=self.rounding or rules.rounding)
        if faults := changed.faults():
            raise SandboxFaultsError(faults)
        return changed

    def framework(self, framework: Framework) -> Framework:
        """The standards of a pack with these sub-samples.

        Manual 7.1b
        """

        def question(one: KeyQuestion) -> KeyQuestion:
            return replace(one, leave_out=self.leave_out[one.id]) if one.id in self.leave_out else one

        def standard(one: Standard) -> Standard:
            return replace(one, key_questions=tuple(question(q) for q in one.key_questions))

        return replace(framework, standards=tuple(standard(one) for one in framework.standards))


@dataclass(frozen=True, slots=True)
class Decided:
    """What the panels decided, by inspection: `judged` of each standard that is rated by judgement, and of each key
    question `was` and `became` where it was changed. -1 stands for none."""

    judged: Grades
    was: Grades
    became: Grades

    @classmethod
    def of(
        cls,
        framework: Framework,
        words: Words,
        judged: Sequence[Mapping[str, Rating]],
        changes: Sequence[Mapping[str, tuple[Rating, Rating]]],
    ) -> "Decided":
        """The same from ratings by standard id, and (was, became) by key question id, of each inspection.

        Manual 7.1c, 7.2d
        """
        standards = [s.id for s in framework.standards if s.source == "panel" and s.rated]
        shape = (len(words), len(words.questions))
        was, became = np.full(shape, NONE, np.int8), np.full(shape, NONE, np.int8)
        for row, its in enumerate(changes):
            for question, (before, after) in its.items():
                column = words.questions.index(question)
                was[row, column], became[row, column] = before, after
        given = [[its.get(standard, NONE) for standard in standards] for its in judged]
        return cls(np.array(given, np.int8).reshape(len(words), len(standards)), was, became)


@dataclass(frozen=True, slots=True)
class Replayed:
    """Ratings by inspection (rows) as numbers of the scale, -1 where not rated, in the order of the framework.

    `kept`: where a panel's change of a key question stands; where there was one and it does not, it fell away.
    """

    yes: Counts
    n: Counts
    questions: Grades
    standards: Grades
    total: NDArray[np.int16]
    overall: Grades
    kept: NDArray[np.bool_]


def replay(
    framework: Framework, rules: RatingRules, words: Words, decided: Decided, *, rule: StandardRule = "lowest"
) -> Replayed:
    """Every inspection rated from its cases under this framework and these rules, all at once.

    A panel's change of a key question is kept where the cases still give the band that the panel changed. Under
    "together" a standard is banded by all answers to its key questions, so changes of one of them have no effect on it.

    Manual 7.1a, 7.1b, 7.1d
    """
    yes, n = counts(framework, words)
    computed = bands(rules, yes, n)
    kept = (decided.became != NONE) & (computed == decided.was)
    questions = np.where(kept, decided.became, computed)
    rated = [s for s in framework.standards if s.rated]
    columns = []
    judged = iter(decided.judged.T)
    for standard in rated:
        if standard.source == "panel":
            columns.append(next(judged))
            continue
        own = [words.questions.index(q.id) for q in standard.key_questions]
        columns.append(_standard(rules, rule, questions[:, own], yes[:, own], n[:, own]))
    standards = np.stack(columns, axis=1) if columns else np.zeros((len(words), 0), np.int8)
    total, overall = _overall(framework, rules, [s.scored for s in rated], standards)
    return Replayed(yes, n, questions, standards, total, overall, kept)


def bands(rules: RatingRules, yes: Counts, n: Counts) -> Grades:
    """The rating of each count by the bands and the rounding of the rules, -1 where n is 0.

    Manual 7.1a
    """
    up = rules.rounding == "half_up_then_band"
    at = np.full(yes.shape, NONE, np.int8)
    # Half up, a percentage reaches a whole edge from half a point below it on.
    share = (200 * yes + n).astype(np.int32) if up else (100 * yes).astype(np.int32)
    each = (2 * n).astype(np.int32) if up else n.astype(np.int32)
    for band in rules.bands:
        at += share >= band.least * each
    scale = np.array([band.rating for band in rules.bands], np.int8)
    return np.where(n == 0, NONE, scale[at]).astype(np.int8)


def _standard(rules: RatingRules, rule: StandardRule, grades: Grades, yes: Counts, n: Counts) -> Grades:
    """The rating of a standard from those of its key questions; those without cases drop out."""
    if rule == "together":
        return bands(rules, yes.sum(axis=1), n.sum(axis=1))
    known = grades != NONE
    if rule == "lowest":
        found = np.where(known, grades, BEYOND).min(axis=1)
    else:
        there = known.sum(axis=1)
        place = np.minimum(1, there - 1) if rule == "second-lowest" else (there - 1) // 2
        found = np.sort(np.where(known, grades, BEYOND), axis=1)[np.arange(len(grades)), np.maximum(place, 0)]
    return np.where(known.any(axis=1), found, NONE).astype(np.int8)


def _overall(
    framework: Framework, rules: RatingRules, scored: Sequence[bool], standards: Grades
) -> tuple[NDArray[np.int16], Grades]:
    """Totals and overall ratings; none of either while a scored standard has no rating."""
    points = np.zeros(BEYOND, np.int16)
    for band in rules.bands:
        points[band.rating] = band.score
    own = standards[:, np.array(scored, dtype=bool)]
    rated = (own != NONE).all(axis=1) & (own.shape[1] > 0)
    total = np.where(rated, points[own].sum(axis=1), NONE).astype(np.int16)
    table = rules.table(framework.kind).bands
    at = np.searchsorted([band.least for band in table], total, side="right") - 1
    scale = np.array([band.rating for band in table], np.int8)
    return total, np.where(rated, scale[at], NONE).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Step:
    """One rating that is another one now: of a key question, with its counts, or of a standard."""

    id: str
    before: Rating | None
    after: Rating | None
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    fell_away: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Why an inspection is rated otherwise: standards that moved, each with its key questions that did."""

    row: int
    standards: tuple[tuple[Step, tuple[Step, ...]], ...]


def moved(framework: Framework, words: Words, before: Replayed, after: Replayed) -> Iterator[Moved]:
    """The inspections of which a standard or the overall rating moved, in order.

    Manual 7.1a, 7.1d
    """
    rated = [s for s in framework.standards if s.rated]
    changed = (before.standards != after.standards).any(axis=1) | (before.overall != after.overall)
    for row in np.flatnonzero(changed).tolist():
        steps = []
        for column, standard in enumerate(rated):
            was, now = before.standards[row, column], after.standards[row, column]
            if was != now:
                its = tuple(_steps(standard, words, before, after, row))
                steps.append((Step(standard.id, scale(was), scale(now)), its))
        yield Moved(row, tuple(steps))


def _steps(standard: Standard, words: Words, before: Replayed, after: Replayed, row: int) -> Iterator[Step]:
    for question in standard.key_questions if standard.source != "panel" else ():
        column = words.questions.index(question.id)
        was, now = (one.questions[row, column] for one in (before, after))
        if was != now:
            four = tuple(int(one[row, column]) for one in (before.yes, before.n, after.yes, after.n))
            fell = bool(before.kept[row, column]) and not after.kept[row, column]
            yield Step(question.id, scale(was), scale(now), (four[0], four[1], four[2], four[3]), fell)


def scale(grade: int) -> Rating | None:
    """A number of the scale as a rating, -1 as none.

    Manual 2.1c
    """
    return None if grade == NONE else Rating(int(grade))
