"""Chapter 7.1 and 7.2 of the manual, the figures of ratings.toml: bands, scores, discretion, quorum."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from inspectorate.methodology.standards import Rating

Rounding = Literal["half_up_then_band", "floor_then_band", "unrounded_thresholds"]
ROUNDINGS: tuple[Rounding, ...] = ("half_up_then_band", "floor_then_band", "unrounded_thresholds")
ROUNDING_WORDS: Mapping[Rounding, str] = {
    "half_up_then_band": "To the nearest whole per cent, a half upwards",
    "floor_then_band": "Down to a whole per cent",
    "unrounded_thresholds": "Not at all: 64.9% is below 65%",
}


class BandsDoNotFitError(ValueError):
    """The pack has no table of overall bands for this kind of body, or one for another number of standards."""


@dataclass(frozen=True, slots=True)
class Band:
    """From `least` per cent upwards (to the next band) a key question has this rating, worth `score` points."""

    rating: Rating
    least: int
    score: int
    label: str
    manual: str = ""


@dataclass(frozen=True, slots=True)
class OverallBand:
    """Totals from `least` to `most`, both included, give this overall rating."""

    rating: Rating
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class OverallTable:
    """Bands of the total for some kinds of inspected body, worst first."""

    kinds: tuple[str, ...]
    bands: tuple[OverallBand, ...]
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Discretion:
    """How near a boundary the panel may move a key question: percentage points, or cases judged differently."""

    points: int
    inclusive: bool
    cases: int
    most_bands: int
    manual: str = ""


@dataclass(frozen=True, slots=True)
class PanelRules:
    """Who has to be present for a decision, who chairs, who may attend besides, and whose office has to be for this
    kind of body: role ids."""

    kinds: tuple[str, ...]
    chair: str
    quorum: tuple[str, ...]
    may_attend: tuple[str, ...] = ()
    relevant: tuple[str, ...] = ()
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What helps to recognise a domain one rating."""

    rating: Rating
    points: tuple[str, ...]
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Consistency:
    """When an inspection is flagged beside others: with `fewest` others or more, `far` usual distances away; or where
    chance alone would do it in fewer than `seldom` of 100 cases."""

    fewest: int = 8
    far: int = 3
    seldom: int = 1
    source: str = "ours"
    manual: str = "7.2e"


@dataclass(frozen=True, slots=True)
class CheckRules:
    """When the data team's checks say something: `chance` is the probability in per cent that any outlier is one by
    chance alone; facts on a scale contradict the long list from `steps_apart` steps on."""

    chance: float = 5
    steps_apart: int = 2
    source: str = "ours"
    manual: str = "7.2a"


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What of counts is published: nothing under `least` cases, cases and percentages to the nearest `nearest`, and no
    figure from which yes or no can be worked out more closely than within `narrowest` cases."""

    least: int = 10
    nearest: int = 5
    narrowest: int = 5
    source: str = "ours"
    manual: str = "7.3b"


@dataclass(frozen=True, slots=True)
class RatingRules:
    """ratings.toml: every figure by which answers become ratings."""

    bands: tuple[Band, ...]
    overall: tuple[OverallTable, ...]
    discretion: Discretion
    panels: tuple[PanelRules, ...]
    rounding: Rounding = "half_up_then_band"
    characteristics: tuple[Characteristics, ...] = ()
    consistency: Consistency = Consistency()
    checking: CheckRules = CheckRules()
    publication: PublicationRules = PublicationRules()

    def score(self, rating: Rating) -> int:
        """Points that a standard of this rating adds to the total.

        Manual 7.1d
        """
        return next(band.score for band in self.bands if band.rating is rating)

    def table(self, kind: str) -> OverallTable:
        """Overall bands for a kind of body; BandsDoNotFitError where the pack has none.

        Manual 7.1d
        """
        for table in self.overall:
            if kind in table.kinds:
                return table
        raise BandsDoNotFitError(f"ratings.toml has no overall bands for {kind}: add a table [[overall]] that names it")

    def faults(self) -> tuple[str, ...]:
        """Everything in the file that contradicts itself, each as a sentence.

        Manual 7.1a, 7.1d, 7.2b
        """
        return tuple(_rule_faults(self))


def is_relevant(rules: RatingRules, role: str, office_for: str, kind: str) -> bool:
    """Whether who holds a role sits on the panel of a kind of body: the relevant head of inspection is the one whose
    office is for that kind. An office for no kind in particular ("") is for every kind.

    Manual 7.2b
    """
    named = {one for panel in rules.panels if kind in panel.kinds for one in panel.relevant}
    return role not in named or office_for in ("", kind)


def quorum_missing(rules: RatingRules, present: Collection[str], kind: str) -> tuple[str, ...]:
    """Role ids that are wanting before the panel of a kind of body may decide; empty where there is a quorum.

    Manual 7.2b
    """
    for panel in rules.panels:
        if kind in panel.kinds:
            return tuple(role for role in panel.quorum if role not in present)
    raise ValueError(f"ratings.toml has no panel for {kind}: add a table [[panels]] that names it")


def _rule_faults(rules: RatingRules) -> Iterator[str]:
    if not rules.bands or rules.bands[0].least != 0:
        yield "bands: the first has to begin at 0 per cent"
    for below, above in zip(rules.bands, rules.bands[1:], strict=False):
        if above.least <= below.least or above.rating <= below.rating or above.score <= below.score:
            yield f"bands: '{above.rating.slug}' has to lie above '{below.rating.slug}' in per cent and in score"
    if any(band.least > 100 for band in rules.bands):
        yield "bands: least is a percentage, at most 100"
    rated = {band.rating for band in rules.bands}
    for table in rules.overall:
        where = f"overall ({', '.join(table.kinds)})"
        if not table.bands or table.bands[0].least != 0:
            yield f"{where}: the first band has to begin at 0"
        for step in table.bands:
            if step.most < step.least or step.rating not in rated:
                yield f"{where}: '{step.rating.slug}' from {step.least} to {step.most} is not a band"
        for lower, upper in zip(table.bands, table.bands[1:], strict=False):
            if upper.least != lower.most + 1 or upper.rating <= lower.rating:
                yield f"{where}: '{upper.rating.slug}' has to begin at {lower.most + 1}, one above the band before it"
    if not 0 < rules.checking.chance < 100 or rules.checking.steps_apart < 1:
        yield "checking: chance lies between 0 and 100 per cent, and steps_apart is a whole number from 1"
    if min(rules.publication.least, rules.publication.nearest, rules.publication.narrowest) < 1:
        yield "publication: least, nearest and narrowest are whole numbers from 1"
    for panel in rules.panels:
        if panel.chair not in panel.quorum:
            yield f"panels ({', '.join(panel.kinds)}): the chair '{panel.chair}' has to be part of the quorum"
        if strangers := set(panel.relevant) - {*panel.quorum, *panel.may_attend}:
            yield f"panels ({', '.join(panel.kinds)}): relevant {', '.join(sorted(strangers))} does not sit there"
