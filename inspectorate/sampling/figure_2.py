"""Chapter 4.1: figure 2 reproduced: the population that each size implies, and what the chosen size reaches of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from inspectorate.methodology import sampling as rules
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.sampling import CaseList, ResourcingRow


@dataclass(frozen=True, slots=True)
class Implied:
    """One size of figure 2: the populations (least, most or None for no end) for which the formula gives it, the size
    chosen instead, and the margins in points that this reaches of the least and of the most."""

    at_80: int
    least: int
    most: int | None
    chosen: int
    nearest: float
    farthest: float

    @property
    def more(self) -> int:
        """Cases chosen beyond the size at 80%; below zero where fewer were chosen."""
        return self.chosen - self.at_80


@dataclass(frozen=True, slots=True)
class Row:
    """A row of figure 2 with one entry for each list, in the order of the lists."""

    row: ResourcingRow
    lists: tuple[Implied, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind of body, under its lists."""

    kind: str
    lists: tuple[CaseList, ...]
    rows: tuple[Row, ...]


def tables(pack: Pack) -> tuple[Table, ...]:
    """Figure 2 for each kind of body. Manual 4.1a, 4.2a."""
    size = pack.sampling.size
    found = []
    for kind in dict.fromkeys(row.kind for row in pack.resourcing):
        lists = tuple(one for one in pack.sampling.lists if kind in one.kinds)
        rows = [row for row in pack.resourcing if row.kind == kind]
        found.append(
            Table(kind, lists, tuple(Row(row, _implied(row, lists, size.margin, size.confidence)) for row in rows))
        )
    return tuple(found)


def _implied(row: ResourcingRow, lists: Sequence[CaseList], margin: float, confidence: float) -> tuple[Implied, ...]:
    sizes = [(row.size_at_80(one.id), row.size_for(one.id)) for one in lists]
    return tuple(_one(at_80, chosen, margin, confidence) for at_80, chosen in sizes if at_80 and chosen)


@cache
def _one(at_80: int, chosen: int, margin: float, confidence: float) -> Implied:
    least, most = rules.implied_population(at_80, margin=margin, confidence=confidence)

    def reached(population: int) -> float:
        return rules.margin_reached(min(chosen, population), population, confidence=confidence).margin

    return Implied(at_80, least, most, chosen, reached(least), reached(most or 10**9))
