"""Chapters 1.4 and 6.7: the headings of an officer interview, and what of the answers can be told of a group."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """Something that the officer is asked about; under domain one with a view that is counted."""

    id: str
    title: str
    domain: Literal["one", "two"]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How the officer finds what a heading is about."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class InterviewRules:
    """What the pack says of officer interviews: for which case lists, what is asked, and the smallest group of
    officers of whom counts are shown."""

    lists: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    views: tuple[View, ...] = ()
    least_group: int = 5
    manual: str = "6.7a"

    @property
    def counted(self) -> tuple[Heading, ...]:
        """The headings of which views are counted."""
        return tuple(one for one in self.headings if one.domain == "one")


@dataclass(frozen=True, slots=True)
class OfficerSaid:
    """What one officer, once however many cases, said: heading -> view, for those that were talked about."""

    site: str
    views: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Officers by view under one heading."""

    officers: int
    by_view: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HeadingCounts:
    """Under one heading the counts of all officers and of each group of sites; None where too few spoke of it."""

    heading: str
    everybody: Counts | None
    groups: tuple[Counts, ...] | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What can be told: how many officers (None: too few), the groups of sites, and the counts by heading."""

    officers: int | None
    groups: tuple[tuple[str, ...], ...]
    headings: tuple[HeadingCounts, ...]


def site_groups(sizes: Mapping[str, int], least: int) -> tuple[tuple[str, ...], ...]:
    """Sites put together so that no group is smaller than `least`, also not by subtracting shown groups from the
    total: sites that are large enough stand alone, all others together with as many of the former as it takes. No
    groups where there would be only one.

    Manual 1.4b
    """
    ordered = sorted((site for site, size in sizes.items() if size), key=lambda site: (-sizes[site], site))
    alone = [site for site in ordered if sizes[site] >= least]
    rest = [site for site in ordered if sizes[site] < least]
    while rest and alone and sum(sizes[site] for site in rest) < least:
        rest.insert(0, alone.pop())
    groups = [(site,) for site in alone] + ([tuple(rest)] if rest else [])
    return tuple(groups) if len(groups) > 1 else ()


def aggregate(rules: InterviewRules, said: Sequence[OfficerSaid]) -> Aggregate:
    """Counts of what officers said, by heading and by group of sites, never of fewer than the least group.

    A heading is shown by site only where in every group enough officers spoke of it, so that nothing can be taken
    from the total.

    Manual 1.4b
    """
    least = rules.least_group
    groups = site_groups(Counter(one.site for one in said), least)
    headings = []
    for heading in rules.counted:
        everybody = _counts(heading.id, said)
        by_group = tuple(_counts(heading.id, [one for one in said if one.site in group]) for group in groups)
        shown = groups and all(counts.officers >= least for counts in by_group)
        headings.append(
            HeadingCounts(heading.id, everybody if everybody.officers >= least else None, by_group if shown else None)
        )
    return Aggregate(len(said) if len(said) >= least else None, groups, tuple(headings))


def _counts(heading: str, said: Sequence[OfficerSaid]) -> Counts:
    views = Counter(one.views[heading] for one in said if one.views.get(heading))
    return Counts(sum(views.values()), dict(views))
