"""Chapter 2.1 of the manual, results of several inspections put together by standard and by enduring aim."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspectorate.methodology.reporting.disclosure import Cell, Place
from inspectorate.methodology.standards import Aim, Framework, KeyQuestion, Rating, Standard

Counts = tuple[int, int, int, int]
NONE: Counts = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Decided:
    """One inspection as its panel decided: yes and n by key question id, ratings by standard id; `id` names it."""

    id: str
    kind: str
    counts: Mapping[str, tuple[int, int]]
    ratings: Mapping[str, Rating]


@dataclass(frozen=True, slots=True)
class Share:
    """yes of n over the cells that are shown, and how many cells are `hidden` and not in it."""

    yes: int
    n: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class QuestionTogether:
    """One key question over several inspections."""

    question: KeyQuestion
    share: Share


@dataclass(frozen=True, slots=True)
class StandardTogether:
    """One standard over several inspections: how many have each rating (from the worst), and its key questions."""

    standard: Standard
    ratings: Counts
    questions: tuple[QuestionTogether, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class AimTogether:
    """One enduring aim: its standards' ratings and the judgements on their key questions taken together."""

    aim: Aim
    standards: tuple[str, ...]
    ratings: Counts
    share: Share


@dataclass(frozen=True, slots=True)
class Together:
    """Everything that is put together over some kinds of inspected body."""

    standards: tuple[StandardTogether, ...]
    aims: tuple[AimTogether, ...]


def tally(decided: Iterable[Decided]) -> tuple[dict[Place, Cell], dict[Place, Counts]]:
    """Judgements by (kind, key question) and ratings by (kind, standard), summed over inspections.

    Manual 2.1b
    """
    cells: dict[Place, tuple[int, int]] = {}
    ratings: dict[Place, list[int]] = {}
    for one in decided:
        for question, (yes, n) in one.counts.items():
            before = cells.get((one.kind, question), (0, 0))
            cells[one.kind, question] = before[0] + yes, before[1] + n
        for standard, rating in one.ratings.items():
            ratings.setdefault((one.kind, standard), [0, 0, 0, 0])[rating] += 1
    counts = {place: (row[0], row[1], row[2], row[3]) for place, row in ratings.items()}
    return {place: Cell(*found) for place, found in cells.items()}, counts


def consolidate(
    frameworks: Sequence[Framework], aims: Sequence[Aim], cells: Mapping[Place, Cell], ratings: Mapping[Place, Counts]
) -> Together:
    """Results by standard and by enduring aim, over the kinds of these frameworks.

    Sums are made of what is given alone: over cells that were rounded and hidden they tell nothing more.

    Manual 2.1b
    """
    standards: dict[str, list[tuple[str, Standard]]] = {}
    for framework in frameworks:
        for standard in framework.standards:
            if standard.rated:
                standards.setdefault(standard.id, []).append((framework.kind, standard))
    rows = tuple(_standard(its, cells, ratings) for its in standards.values())
    return Together(rows, tuple(_aim(aim, rows) for aim in aims))


def _standard(
    its: Sequence[tuple[str, Standard]], cells: Mapping[Place, Cell], ratings: Mapping[Place, Counts]
) -> StandardTogether:
    standard = its[0][1]
    questions = []
    for question in standard.key_questions if standard.source != "panel" else ():
        places = [(kind, question.id) for kind, _ in its]
        questions.append(QuestionTogether(question, _share(cells[place] for place in places if place in cells)))
    found = [ratings.get((kind, standard.id), NONE) for kind, _ in its]
    return StandardTogether(standard, _added(found), tuple(questions), _pooled(row.share for row in questions))


def _aim(aim: Aim, rows: Iterable[StandardTogether]) -> AimTogether:
    own = [row for row in rows if aim.id in row.standard.aims]
    shares = _pooled(row.share for row in own)
    return AimTogether(aim, tuple(row.standard.id for row in own), _added([row.ratings for row in own]), shares)


def _share(cells: Iterable[Cell]) -> Share:
    yes = n = hidden = 0
    for cell in cells:
        if cell.yes is None or cell.n is None:
            hidden += 1
        else:
            yes, n = yes + cell.yes, n + cell.n
    return Share(yes, n, hidden)


def _pooled(shares: Iterable[Share]) -> Share:
    every = list(shares)
    return Share(sum(one.yes for one in every), sum(one.n for one in every), sum(one.hidden for one in every))


def _added(counts: Sequence[Counts]) -> Counts:
    return (
        sum(row[0] for row in counts),
        sum(row[1] for row in counts),
        sum(row[2] for row in counts),
        sum(row[3] for row in counts),
    )
