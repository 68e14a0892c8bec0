"""Chapter 4.4: how far the sample of each list is, what has to come next, and how much the body excludes where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import Draw, LongList
from inspectorate.sampling.reading import lists_of
from inspectorate.sampling.samples import MarginRow, extended_by


@dataclass(frozen=True, slots=True)
class Part:
    """A list of an inspection: the list that counts, its draws, and the size of its final sample."""

    list: CaseList
    long_list: LongList | None
    draws: tuple[Draw, ...]
    final: int

    @property
    def newest(self) -> Draw | None:
        return self.draws[0] if self.draws else None

    @property
    def state(self) -> str:
        """`no-list`, `accepted`, `drawn`, `returned`, `confirmed-once` or `final`."""
        draw = self.newest
        if self.final:
            return "final"
        if draw is None:
            return "accepted" if self.long_list else "no-list"
        if not draw.returned_or_none:
            return "drawn"
        return "confirmed-once" if draw.times_confirmed else "returned"  # type: ignore[attr-defined]


def standing(inspection: Inspection) -> list[Part]:
    """How far each list of an inspection is. Three queries."""
    accepted: dict[str, LongList] = {}
    for one in inspection.long_lists.filter(state=LongList.State.ACCEPTED).select_related("accepted_by"):
        accepted.setdefault(one.case_list, one)
    draws: dict[str, list[Draw]] = {}
    for draw in (
        Draw.objects.filter(long_list__inspection=inspection)
        .select_related("long_list", "by", "returned__by")
        .annotate(times_confirmed=Count("confirmations"))
        .defer("receipt", "margins", "long_list__cells", "long_list__faults")
    ):
        draws.setdefault(draw.long_list.case_list, []).append(draw)
    counts = dict(inspection.sampled_cases.order_by().values_list("case_list").annotate(Count("pk")))
    return [
        Part(one, accepted.get(one.id), tuple(draws.get(one.id, ())), counts.get(one.id, 0))
        for one in lists_of(inspection)
    ]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Of a unit or a reason: cases drawn, cases marked as excluded, and their share in percent."""

    name: str
    drawn: int
    excluded: int
    rate: float


def exclusions_by_unit(case_list: CaseList, rows: Sequence[Any]) -> list[Excluded]:
    """How much was excluded in each unit, the body as a whole last. `rows` are those of `marked_rows`."""
    groups: dict[str, list[bool]] = {}
    for row in rows:
        if case_list.units:
            name = " / ".join(one for one in (row.case.unit_1, row.case.unit_2) if one)
            groups.setdefault(name, []).append(bool(row.mark_reason))
    found = [_excluded(name, marks) for name, marks in sorted(groups.items())]
    return [*found, _excluded("All cases drawn", [bool(row.mark_reason) for row in rows])]


def _excluded(name: str, marks: Sequence[bool]) -> Excluded:
    return Excluded(name, len(marks), sum(marks), round(100 * sum(marks) / (len(marks) or 1), 1))


def exclusions_by_reason(case_list: CaseList, rows: Sequence[Any]) -> list[tuple[str, int]]:
    """How often each reason was given, most often first."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.mark_reason:
            counts[row.mark_reason] = counts.get(row.mark_reason, 0) + 1
    texts = {reason.id: reason.text for reason in case_list.exclusions}
    return sorted(((texts.get(one, one), count) for one, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def values_missed(case_list: CaseList, margins: Sequence[MarginRow]) -> list[str]:
    """Values of which every one should be in the sample (every prison) and is not. Manual 4.4i."""
    titles = {variable.title for variable in case_list.strata if variable.id in case_list.every_value_of}
    return [one.value for one in margins if one.variable in titles and one.population and not one.drawn]


def joined(draw: Draw, rows: Sequence[Any]) -> list[Any]:
    """The substitutes that joined when the sample was extended, in their order; `rows` are those of `marked_rows`.
    Manual 4.4k."""
    substitutes = [row for row in rows if row.substitute]
    more = extended_by(draw)
    if more and any(row.number for row in rows):
        return [row for row in substitutes if row.number and not row.in_place_of]
    return substitutes[:more]
