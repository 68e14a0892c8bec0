"""Chapter 2.1 of the manual, results across bodies: counts are rounded and hidden before they are published."""

from collections.abc import Mapping
from dataclasses import dataclass

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """[national] of reporting.toml: how counts are rounded and hidden, and what the gate insists on.

    `base`: counts are rounded to it; `hide`: what rounds to this or less is hidden; `least_bodies`: the fewest that
    figures cover, also those that an edition adds; `least_width`: the fewest numbers between which a count has to
    remain uncertain; `signatures`: people who have to sign for an edition that the gate refuses.
    """

    base: int
    hide: int
    least_bodies: int
    least_width: int
    signatures: int
    source: str
    manual: str = "2.1b"

    def __post_init__(self) -> None:
        if min(self.base, self.least_bodies, self.least_width) < 1 or self.hide < 0:
            raise ValueError("base, least_bodies and least_width are 1 or more, and hide is 0 or more")
        if self.signatures < 2:
            raise ValueError("signatures is 2 or more: nobody sets the gate aside alone")


@dataclass(frozen=True, slots=True)
class Cell:
    """Judgements of one key question over several bodies: how many were yes, of how many; None is hidden."""

    yes: int | None
    n: int | None

    @property
    def shown(self) -> bool:
        """Whether both numbers are there."""
        return self.yes is not None and self.n is not None


def rounded(count: int, base: int) -> int:
    """A count rounded half up to a multiple of `base`.

    Manual 2.1b
    """
    return (2 * count + base) // (2 * base) * base


def span(told: int, base: int) -> tuple[int, int]:
    """The least and the greatest count that `rounded` gives as `told`.

    Manual 2.1b
    """
    return max(0, told - base // 2), told + (base - 1) // 2


def protect(rules: Disclosure, cells: Mapping[Place, Cell]) -> dict[Place, Cell]:
    """Cells as they may be published: rounded first, then hidden by the rounded numbers alone.

    Were a count hidden by its true size, a number shown would tell more than its rounding. Where yes or no rounds to
    `hide` or less, yes is hidden; where n does, n as well.

    Manual 2.1b
    """
    return {place: _protected(rules, cell) for place, cell in cells.items()}


def _protected(rules: Disclosure, cell: Cell) -> Cell:
    if cell.yes is None or cell.n is None:
        return cell
    yes, n = rounded(cell.yes, rules.base), rounded(cell.n, rules.base)
    if n <= rules.hide:
        return Cell(None, None)
    return Cell(None, n) if min(yes, n - yes) <= rules.hide else Cell(yes, n)
