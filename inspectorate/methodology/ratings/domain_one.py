"""Chapter 7.1 of the manual, domain one: pieces of evidence weighed, and whether a proposal agrees with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from inspectorate.methodology.standards import Rating

Mark = Literal["weak", "fair", "strong"]
MARKS: tuple[Mark, ...] = ("weak", "fair", "strong")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence for or against, marked for validity, source and impact."""

    key_question: str
    kind: str
    supports: bool
    validity: Mark
    source: Mark
    impact: Mark

    @property
    def weight(self) -> int:
        """1 to 3: a piece is as strong as the weakest of its three marks.

        Manual 7.2c
        """
        return 1 + min(MARKS.index(mark) for mark in (self.validity, self.source, self.impact))


@dataclass(frozen=True, slots=True)
class Balance:
    """The evidence on a standard: weights for and against, pieces, and the different kinds of source."""

    weight_for: int
    weight_against: int
    pieces: int
    kinds: int


def balance(pieces: Iterable[Piece]) -> Balance:
    """Weights of the pieces for and against put together.

    Manual 7.1c, 7.2c
    """
    found = tuple(pieces)
    return Balance(
        sum(one.weight for one in found if one.supports),
        sum(one.weight for one in found if not one.supports),
        len(found),
        len({one.kind for one in found}),
    )


def disputes(proposed: Rating, weighed: Balance, others: Sequence[Rating]) -> tuple[str, ...]:
    """Why a proposal is to be contested, each as a sentence: the evidence leans the other way, or somebody holds
    another view (`others`: the ratings that they would give).

    Manual 7.1c, 7.2c
    """
    found = []
    lean = weighed.weight_for - weighed.weight_against
    weights = f"{weighed.weight_for} for, {weighed.weight_against} against"
    if not weighed.pieces:
        found.append("There is no evidence.")
    elif proposed >= Rating.GOOD and lean < 0:
        found.append(f"{proposed.label} is proposed, and the evidence weighs against ({weights}).")
    elif proposed < Rating.GOOD and lean > 0:
        found.append(f"{proposed.label} is proposed, and the evidence weighs for ({weights}).")
    found.extend(f"Another view is {rating.label}." for rating in sorted({*others} - {proposed}, reverse=True))
    return tuple(found)


def beside_cases(proposed: Rating, cases: Sequence[Rating]) -> str:
    """How a proposal lies to the ratings that come from cases, as a sentence; empty where there are none.

    Manual 7.1c
    """
    if not cases:
        return ""
    if proposed > max(cases):
        return "Above every standard of domains two and three: say why leadership is better than the work in cases."
    if proposed < min(cases):
        return "Below every standard of domains two and three: say why the work in cases is better than leadership."
    if proposed in cases:
        return "Like at least one standard of domains two and three."
    return "Between the standards of domains two and three."
