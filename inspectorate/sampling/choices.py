"""Chapter 4.4, stage 1: the units of a list with their cases, what was chosen of them, and what a choice costs."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.sampling.models import LongList, UnitChoice
from inspectorate.sampling.samples import Units, labels

Strata = tuple[str, ...]


def counts_of(long_list: LongList) -> dict[tuple[Units, Strata], int]:
    """Cases by (units, stratum), as they were counted when the list was read."""
    return {(tuple(units), tuple(strata)): cases for units, strata, cases in long_list.cells}


def units_of(long_list: LongList) -> list[Units]:
    """The lowest units of a list, sorted; one without a name for a list without units."""
    return sorted({units for units, _ in counts_of(long_list)})


def strata_of(long_list: LongList) -> dict[Strata, int]:
    """Cases by stratum, as they were counted when the list was read. Manual 4.4c."""
    counts: dict[Strata, int] = {}
    for (_, stratum), cases in counts_of(long_list).items():
        counts[stratum] = counts.get(stratum, 0) + cases
    return counts


def of_list(long_list: LongList) -> QuerySet[UnitChoice]:
    """Every choice of units of a list and of its earlier versions, oldest first."""
    return UnitChoice.objects.filter(
        long_list__inspection=long_list.inspection_id, long_list__case_list=long_list.case_list
    ).select_related("by")


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of the choices of a list: the newest one of this version (None: nobody has chosen, and all units are
    drawn from), and whether an earlier version had units left out, so that somebody has to choose again."""

    choice: UnitChoice | None
    history: tuple[UnitChoice, ...]
    again: bool

    @property
    def units(self) -> list[Units]:
        """The units to draw from, none for all."""
        return [tuple(one) for one in self.choice.units] if self.choice else []


def standing(long_list: LongList) -> Standing:
    """The choice that counts for a list, with all that were made. One query. Manual 4.4a."""
    history = tuple(of_list(long_list))
    mine = [one for one in history if one.long_list_id == long_list.pk]
    left_out_before = bool(history) and not mine and bool(history[-1].units)
    return Standing(mine[-1] if mine else None, history[::-1], left_out_before)


def cost(long_list: LongList, chosen: Collection[Units], size: int) -> rules.Cost:
    """What drawing from these units costs. Manual 4.4a. Raises rules.UnlistedUnitError, rules.NoUnitLeftError."""
    rule = packs.pack_of(long_list.inspection).sampling.size
    return rules.cost_of(
        counts_of(long_list),
        chosen,
        size=size,
        confidence=rule.confidence,
        likeness=rule.likeness_within_units,
    )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of either tier: its names, its cases and their share, and what leaving just it out costs (None for the
    only one). `place` numbers the units that can be ticked; -1 for a tier 1 unit above several."""

    units: Units
    cases: int
    share: float
    cost: rules.Cost | None
    place: int


def unit_rows(long_list: LongList, size: int) -> list[UnitRow]:
    """Every unit of both tiers, each tier 1 unit before its own, with the cost of leaving just it out. Manual 4.4b."""
    rule = packs.pack_of(long_list.inspection).sampling.size
    counts = counts_of(long_list)
    lowest = units_of(long_list)
    places = {units: place for place, units in enumerate(lowest)}
    costs = rules.cost_of_each(counts, size=size, confidence=rule.confidence, likeness=rule.likeness_within_units)
    cases_of: dict[Units, int] = {}
    for (units, _), cases in counts.items():
        for depth in range(1, len(units) + 1):
            cases_of[units[:depth]] = cases_of.get(units[:depth], 0) + cases
    whole = sum(counts.values()) or 1
    return [
        UnitRow(units, cases, round(100 * cases / whole, 1), costs.get(units), places.get(units, -1))
        for units, cases in sorted(cases_of.items())
    ]


def named(case_list: CaseList, found: rules.Cost) -> list[tuple[str, str, float, int]]:
    """Values out of reach, for people: variable, value, cases due to it, cases there are."""
    names = labels(case_list)
    return [
        (
            case_list.strata[one.variable].title,
            names.get((case_list.strata[one.variable].title, one.value), one.value),
            round(float(one.expected), 1),
            one.most,
        )
        for one in found.unreached
    ]


def uncertain(case_list: CaseList, long_list: LongList, size: int) -> list[tuple[str, str, int, float, int]]:
    """Values of which every one should be in the sample and may not be: variable, value, cases, chance in percent, the
    size that is sure to hold it. Manual 4.4i."""
    wanted = [at for at, variable in enumerate(case_list.strata) if variable.id in case_list.every_value_of]
    if not wanted or size < 1:
        return []
    names = labels(case_list)
    return [
        (
            case_list.strata[one.variable].title,
            names.get((case_list.strata[one.variable].title, one.value), one.value),
            one.cases,
            round(float(100 * one.chance), 0),
            one.sure_at,
        )
        for one in rules.uncertain_values(strata_of(long_list), size, wanted)
    ]
