"""Chapter 4.4, stages 1 and 2: a list counted by unit and by stratum, as tables and pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspectorate.design import charts
from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling.models import LongList
from inspectorate.sampling.samples import MarginRow, Units, in_order, labels

Key = Callable[[Units, tuple[str, ...]], str]
MOST_BARS = 30


@dataclass(frozen=True, slots=True)
class Group:
    """One value of a variable, or one unit: how many cases, and their share in percent."""

    name: str
    cases: int
    share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A list in numbers: units by tier, values by variable, combinations, and the picture of one by the other."""

    tier_1: tuple[Group, ...]
    tier_2: tuple[Group, ...]
    variables: tuple[tuple[str, tuple[Group, ...]], ...]
    combined: tuple[Group, ...]
    pictures: tuple[charts.StackedBar, ...]


def cells_of(long_list: LongList) -> list[tuple[Units, tuple[str, ...], int]]:
    """(units, strata, cases) as they were counted when the list was read."""
    return [(tuple(units), tuple(strata), count) for units, strata, count in long_list.cells]


def units_in(long_list: LongList) -> list[tuple[Units, int]]:
    """The lowest units of a list with their cases, sorted."""
    counts: dict[Units, int] = {}
    for units, _, count in cells_of(long_list):
        counts[units] = counts.get(units, 0) + count
    return sorted(counts.items())


def summary(case_list: CaseList, long_list: LongList) -> Summary:
    """Counts by unit and stratum. Manual 4.4b, 4.4c."""
    cells, names, order = cells_of(long_list), labels(case_list), in_order(case_list)
    variables = []
    for at, variable in enumerate(case_list.strata):

        def value(_: Units, strata: tuple[str, ...], at: int = at, title: str = variable.title) -> str:
            return names.get((title, strata[at]), strata[at])

        variables.append(
            (
                variable.title,
                _ordered(_groups(cells, value), [label for title, label in order if title == variable.title]),
            )
        )

    def combined(_: Units, strata: tuple[str, ...]) -> str:
        together = zip(case_list.strata, strata, strict=True)
        return ", ".join(names.get((variable.title, one), one) for variable, one in together)

    tiers = len(case_list.units)
    return Summary(
        tier_1=_groups(cells, lambda units, _: units[0]) if tiers else (),
        tier_2=_groups(cells, lambda units, _: " / ".join(units[:2])) if tiers > 1 else (),
        variables=tuple(variables),
        combined=_groups(cells, combined) if len(case_list.strata) > 1 else (),
        pictures=tuple(_pictures(case_list, cells, variables)),
    )


def _groups(cells: Sequence[tuple[Units, tuple[str, ...], int]], key: Key) -> tuple[Group, ...]:
    counts: dict[str, int] = {}
    for units, strata, count in cells:
        name = key(units, strata)
        counts[name] = counts.get(name, 0) + count
    whole = sum(counts.values()) or 1
    return tuple(Group(name, count, round(100 * count / whole, 1)) for name, count in sorted(counts.items()))


def _ordered(groups: tuple[Group, ...], order: Sequence[str]) -> tuple[Group, ...]:
    """Values in the order of the specification, where it gives one."""
    return tuple(sorted(groups, key=lambda one: order.index(one.name) if one.name in order else len(order)))


def _pictures(
    case_list: CaseList,
    cells: Sequence[tuple[Units, tuple[str, ...], int]],
    variables: Sequence[tuple[str, tuple[Group, ...]]],
) -> list[charts.StackedBar]:
    """A bar for each tier 1 unit, or the first variable where there are no units, parted by each variable."""
    names = labels(case_list)
    drawn = []
    for at, (title, groups) in enumerate(variables):
        if len(groups) > charts.PATTERNS:
            continue
        bars: dict[str, dict[str, int]] = {}
        for units, strata, count in cells:
            bar = bars.setdefault(units[0] if units else "All cases", {})
            name = names.get((title, strata[at]), strata[at])
            bar[name] = bar.get(name, 0) + count
        rows = [(bar, [counts.get(group.name, 0) for group in groups]) for bar, counts in sorted(bars.items())]
        by_unit = " by tier 1 unit" if case_list.units else ""
        drawn.append(charts.stacked_bar(f"{title}{by_unit}", [group.name for group in groups], rows[:MOST_BARS]))
    return drawn


def proportions(rows: Sequence[MarginRow]) -> list[charts.Proportions]:
    """Long list beside sample, a picture for each variable and tier that has few enough values to be seen."""
    found = []
    for variable in dict.fromkeys(row.variable for row in rows):
        its = [(row.value, row.population, row.drawn) for row in rows if row.variable == variable]
        if len(its) <= MOST_BARS:
            found.append(charts.proportions(variable, its))
    return found
