"""Chapter 4.4: whether a body, or a unit of it, excludes unusually many or few of the cases drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Flag = Literal["", "high", "low"]
# Half a case of either kind: what is assumed of a rate before anything is known (the prior of Jeffreys).
_PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class UnusualRule:
    """When a rate is called unusual: confidence in per cent, and how many inspections and cases of others have to be
    known first. The rate itself may be of any size: the chances are exact."""

    confidence: float = 95
    least_inspections: int = 3
    least_cases: int = 10
    manual: tuple[str, ...] = ("4.4e", "4.4f")

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 100:
            raise ValueError(
                f"a confidence of {self.confidence} per cent cannot be had; write more than 0, less than 100"
            )
        if self.least_inspections < 1 or self.least_cases < 1:
            raise ValueError("least_inspections and least_cases are whole numbers from 1")


class ImpossibleCountError(ValueError):
    """More cases are excluded than were drawn, or fewer than none."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many of the cases drawn were excluded. Raises ImpossibleCountError."""

    excluded: int
    drawn: int

    def __post_init__(self) -> None:
        if not 0 <= self.excluded <= self.drawn:
            raise ImpossibleCountError(f"{self.excluded} of {self.drawn} cases cannot be excluded: give 0 to all.")

    @property
    def percent(self) -> float:
        """The rate in per cent, 0 where nothing was drawn."""
        return round(100 * self.excluded / self.drawn, 1) if self.drawn else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rate beside that of others: `usual` is theirs in per cent, `low` and `high` are the fewest and the most
    exclusions that chance alone makes likely, `chance` is that of so many or more (so few or fewer). None where too
    little is known to compare."""

    here: Excluded
    usual: float | None
    low: int | None
    high: int | None
    chance: float | None
    flag: Flag
    sentence: str


def against_inspections(here: Excluded, others: Sequence[Excluded], rule: UnusualRule) -> Verdict:
    """Return whether a body's rate is unusual beside other inspections of the same kind of body and list.

    Manual 4.4e, 4.4f
    """
    said = f"{here.excluded} of {here.drawn} drawn cases ({here.percent:g}%) are excluded."
    known = [one for one in others if one.drawn]
    if len(known) < rule.least_inspections:
        there = f"Only {len(known)} other {_inspections(len(known))}" if known else "No other inspection"
        return _cannot_tell(
            here, f"{said} {there} of this kind has a final sample of this list, too few to compare with: "
            f"{rule.least_inspections} are needed."
        )  # fmt: skip
    pool = Excluded(sum(one.excluded for one in known), sum(one.drawn for one in known))
    if pool.drawn < rule.least_cases or not here.drawn:
        return _cannot_tell(here, f"{said} {_too_few(rule)}")
    beside = f"{said} In {len(known)} other inspections together it was {pool.percent:g}%."
    return _verdict(here, pool, (100 - rule.confidence) / 200, beside)


def among_units(units: Mapping[str, Excluded], rule: UnusualRule) -> dict[str, Verdict]:
    """Return for each unit whether its rate is unusual beside the rest of the body.

    The more units are compared, the stronger the sign has to be: the chance of a false sign among all of them stays
    what the rule allows (Bonferroni).

    Manual 4.4e, 4.4f
    """
    whole = Excluded(sum(one.excluded for one in units.values()), sum(one.drawn for one in units.values()))
    rest = {
        name: Excluded(whole.excluded - one.excluded, whole.drawn - one.drawn) for name, one in units.items()
    }  # fmt: skip
    comparable = [name for name, one in units.items() if one.drawn and rest[name].drawn >= rule.least_cases]
    found = {}
    for name, one in units.items():
        said = f"{one.excluded} of {one.drawn} drawn cases ({one.percent:g}%) are excluded."
        if name not in comparable:
            found[name] = _cannot_tell(one, f"{said} {_too_few(rule)}")
            continue
        beside = f"{said} In the rest of the body it is {rest[name].percent:g}%."
        found[name] = _verdict(one, rest[name], (100 - rule.confidence) / 200 / len(comparable), beside)
    return found


def chances(drawn: int, pool: Excluded) -> tuple[float, ...]:
    """Return the chance of 0, 1, … exclusions among `drawn` cases, when the rate is that of the pool.

    The pool is a sample too, so the rate is not taken as known: beta-binomial, from the pool's counts and half a case
    of either kind.

    Manual 4.4e
    """
    a, b = pool.excluded + _PRIOR, pool.drawn - pool.excluded + _PRIOR
    start = _log_beta(a, b)
    return tuple(
        math.exp(
            math.lgamma(drawn + 1) - math.lgamma(k + 1) - math.lgamma(drawn - k + 1)
            + _log_beta(a + k, b + drawn - k) - start
        )
        for k in range(drawn + 1)
    )  # fmt: skip


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _verdict(here: Excluded, pool: Excluded, tail: float, beside: str) -> Verdict:
    likely = chances(here.drawn, pool)
    at_most = [math.fsum(likely[: k + 1]) for k in range(here.drawn + 1)]
    at_least = [math.fsum(likely[k:]) for k in range(here.drawn + 1)]
    low = next(k for k in range(here.drawn + 1) if at_most[k] > tail)
    high = next(k for k in range(here.drawn, -1, -1) if at_least[k] > tail)
    few, many = at_most[here.excluded], at_least[here.excluded]
    flag: Flag = "high" if here.excluded > high else "low" if here.excluded < low else ""
    said = f"{beside} That is usual: {low} to {high} exclusions would be."
    if flag:
        so = "many" if flag == "high" else "few"
        said = (
            f"{beside} That is unusually {flag}: by chance so {so} would be excluded in fewer than 1 of "
            f"{_times(min(few, many))} samples, and {low} to {high} would be usual."
        )
    return Verdict(here, pool.percent, low, high, min(few, many), flag, said)


def _times(chance: float) -> str:
    """A chance as one of so many, two numbers exact: 0.00321 is 1 of 310."""
    times = 1 / max(chance, 1e-6)
    digits = max(0, math.floor(math.log10(times)) - 1)
    return f"{math.floor(times / 10**digits) * 10**digits:,}"


def _cannot_tell(here: Excluded, said: str) -> Verdict:
    return Verdict(here, None, None, None, None, "", said)


def _too_few(rule: UnusualRule) -> str:
    return f"Fewer than {rule.least_cases} other cases are too few to compare with."


def _inspections(count: int) -> str:
    return "inspection" if count == 1 else "inspections"
