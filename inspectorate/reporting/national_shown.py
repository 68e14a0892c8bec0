"""Chapter 2.1: national results as pages show them: pictures with their tables, shares in words, what is hidden."""

from collections.abc import Collection
from dataclasses import dataclass

from inspectorate.design import charts, words
from inspectorate.methodology.reporting import AimTogether, Share, Together
from inspectorate.methodology.standards import Rating

RATINGS = tuple(sorted(Rating))
HIDDEN = "Hidden"
NOT_ASKED = "No cases"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table of key questions: yes, of how many, and the share, each as text."""

    id: str
    label: str
    yes: str
    n: str
    share: str
    partly: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a page of national results draws."""

    ratings: charts.StackedBar
    aims: charts.StackedBar
    aim_lines: tuple[Line, ...]
    lines: tuple[Line, ...]


def shown(together: Together) -> Shown:
    """Pictures and rows of results put together."""
    labels = [rating.label for rating in reversed(RATINGS)]
    ratings = [(f"{row.standard.id} {row.standard.title}", list(reversed(row.ratings))) for row in together.standards]
    aims = [(row.aim.title, [row.share.yes, row.share.n - row.share.yes]) for row in together.aims]
    asked = {row.standard.id for row in together.standards if row.questions}
    lines = []
    for row in together.standards:
        if row.questions:
            lines.append(_line(row.standard.id, row.standard.title, row.share, whole=True))
            lines += [_line(one.question.id, one.question.label, one.share) for one in row.questions]
    return Shown(
        charts.stacked_bar("Inspected bodies by rating of each standard", labels, ratings, charts.RATED),
        charts.stacked_bar("Judgements on the key questions of each enduring aim", ["Yes", "No"], aims),
        tuple(_aim_line(row, asked) for row in together.aims),
        tuple(lines),
    )


def _aim_line(row: AimTogether, asked: Collection[str]) -> Line:
    standards = words.listed(one for one in row.standards if one in asked)
    return _line(f"{row.aim.title}:", f"standards {standards}", row.share)


def _line(name: str, label: str, share: Share, *, whole: bool = False) -> Line:
    partly = f"without {words.plural(share.hidden, 'hidden figure')}" if share.hidden and share.n else ""
    if not share.n:
        empty = HIDDEN if share.hidden else NOT_ASKED
        return Line(name, label, empty, empty, empty, "", whole)
    # From the numbers that are shown, so that a share tells nothing more than they do.
    percent = f"{(200 * share.yes + share.n) // (2 * share.n)}%"
    return Line(name, label, words.number(share.yes), words.number(share.n), percent, partly, whole)


def kinds_of(asked: str, known: Collection[str]) -> tuple[str, ...]:
    """The kinds of body that a reader asked for: one, or all."""
    return (asked,) if asked in known else tuple(known)
