"""Chapter 7.1, framework replay: past inspections under other figures, before and after, who moved and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inspectorate.design import charts, words
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import (
    Decided,
    RatingRules,
    Replayed,
    Sandbox,
    Step,
    Words,
    joined,
    moved,
    overall,
    replay,
    scale,
    waiting,
)
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.ratings import past
from inspectorate.ratings.past import Past

SCALE = tuple(sorted(Rating, reverse=True))


@dataclass(frozen=True, slots=True)
class StandardMoved:
    """A standard that is rated otherwise, and what made it so, each as a sentence."""

    title: str
    before: str | None
    after: str | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An inspection before and after; totals and overall ratings (slugs) are None where a standard is not rated."""

    past: Past
    total: int | None
    overall: str | None
    total_then: int | None
    overall_then: str | None
    maximum: int
    moved: tuple[StandardMoved, ...]

    @property
    def far(self) -> tuple[bool, int, int]:
        """How far it moved: overall first, then by points and standards."""
        points = abs((self.total_then or 0) - (self.total or 0))
        return self.overall != self.overall_then, points, len(self.moved)


@dataclass(frozen=True, slots=True)
class Rerated:
    """Every past inspection rated again: those that moved first. `refused` cannot be rated again; `notes` say what a
    reader has to know."""

    rows: tuple[Row, ...]
    refused: tuple[Past, ...]
    notes: tuple[str, ...]
    picture: charts.StackedBar
    standards: tuple[tuple[str, int, int], ...]

    @property
    def moved(self) -> int:
        """How many inspections have a standard or overall rating that is another one."""
        return sum(1 for row in self.rows if row.moved or row.overall != row.overall_then)

    @property
    def overall(self) -> int:
        """How many have another overall rating."""
        return sum(1 for row in self.rows if row.overall != row.overall_then)


def rerate(pack: Pack, found: Sequence[Past], sandbox: Sandbox, settings: Mapping[str, bool]) -> Rerated:
    """All past inspections of a pack in the sandbox, read before. `settings`: switches of its standards.

    Raises SandboxFaultsError.
    """
    rules, rows, refused, notes = sandbox.rules(pack.ratings), [], [], []
    tally: dict[str, list[int]] = {}
    for kind in pack.standards.kinds:
        own = past.of_kind(found, pack.id, kind)
        framework = pack.framework(kind)
        packed = list(zip(own, past.words(own), strict=True))
        refused += [one for one, its in packed if its is None]
        usable = [(one, its) for one, its in packed if its is not None]
        if not usable:
            continue
        there, together = [one for one, _ in usable], joined([its for _, its in usable])
        decided = _decided(framework, together, there)
        other = sandbox.framework(pack.standards.framework(kind, settings))
        before = replay(framework, pack.ratings, together, decided)
        after = replay(other, rules, together, decided, rule=sandbox.rule)
        rows += list(_rows(pack.ratings, framework, together, there, before, after))
        notes += list(_notes(framework, other, together))
        _count(framework, before, after, tally)
    rows.sort(key=lambda row: row.far, reverse=True)
    titles = [(title, up, down) for title, (up, down) in sorted(tally.items()) if up or down]
    return Rerated(tuple(rows), tuple(refused), tuple(notes), _picture(rows), tuple(titles))


def _decided(framework: Framework, together: Words, there: Sequence[Past]) -> Decided:
    judged = [
        {s.id: one.locked.standards[s.id] for s in framework.standards if s.source == "panel" and s.rated}
        for one in there
    ]
    return Decided.of(framework, together, judged, [one.locked.changes for one in there])


def _rows(
    rules: RatingRules, framework: Framework, together: Words, there: Sequence[Past], before: Replayed, after: Replayed
) -> Iterator[Row]:
    most = overall(rules, framework, {}).maximum
    why = {one.row: one.standards for one in moved(framework, together, before, after)}
    for number, one in enumerate(there):
        yield Row(
            one,
            _total(before, number),
            _slug(before.overall[number]),
            _total(after, number),
            _slug(after.overall[number]),
            most,
            tuple(_standard_moved(framework, step, its) for step, its in why.get(number, ())),
        )


def _total(found: Replayed, row: int) -> int | None:
    total = int(found.total[row])
    return None if total < 0 else total


def _slug(grade: int) -> str | None:
    rating = scale(grade)
    return None if rating is None else rating.slug


def _standard_moved(framework: Framework, step: Step, its: Sequence[Step]) -> StandardMoved:
    title = f"{step.id} {framework.standard(step.id).title}"
    why = tuple(_why(framework, one) for one in its) or ("The way from key questions to the standard is another one.",)
    before, after = (None if one is None else one.slug for one in (step.before, step.after))
    return StandardMoved(title, before, after, why)


def _why(framework: Framework, step: Step) -> str:
    """'2.1.3 Keeping others safe: 64% of 112, Good before, Requires improvement now'."""
    yes, n, yes_then, n_then = step.counts
    was, now = (_share(*pair) for pair in ((yes, n), (yes_then, n_then)))
    figures = was if was == now else f"{was} before, {now} now"
    name = f"{step.id} {framework.key_question(step.id).label}"
    said = f"{name}: {figures}; {_label(step.before)} before, {_label(step.after)} now"
    return f"{said}, as the panel's change falls away" if step.fell_away else said


def _share(yes: int, n: int) -> str:
    return words.percent(100 * yes / n, n) if n else "no cases"


def _label(rating: Rating | None) -> str:
    return "not rated" if rating is None else rating.label


def _notes(framework: Framework, other: Framework, together: Words) -> Iterator[str]:
    """Where a changed sub-sample hangs on a fact that some cases do not tell."""
    for question in together.questions:
        asked = other.key_question(question)
        if asked == framework.key_question(question):
            continue
        unknown = int(waiting(other, together, question).sum())
        if unknown:
            cases = words.plural(unknown, "case stays", "cases stay")
            yield (
                f"{question} {asked.label}: {cases} in the sub-sample ({framework.kind}), "
                "because the fact that would decide was not recorded."
            )


def _count(framework: Framework, before: Replayed, after: Replayed, tally: dict[str, list[int]]) -> None:
    """Adds how many inspections each standard moved up and down in."""
    for column, standard in enumerate(one for one in framework.standards if one.rated):
        was, now = before.standards[:, column], after.standards[:, column]
        known = (was >= 0) & (now >= 0)
        both = tally.setdefault(f"{standard.id} {standard.title}", [0, 0])
        both[0] += int(np.count_nonzero(known & (now > was)))
        both[1] += int(np.count_nonzero(known & (now < was)))


def _picture(rows: Sequence[Row]) -> charts.StackedBar:
    names = [*(rating.label for rating in SCALE), "Not rated"]
    slugs = [*(rating.slug for rating in SCALE), None]
    before = [sum(1 for row in rows if row.overall == slug) for slug in slugs]
    after = [sum(1 for row in rows if row.overall_then == slug) for slug in slugs]
    bars = [("As decided", before), ("In the sandbox", after)]
    return charts.stacked_bar("Overall ratings", names, bars, charts.RATED)
