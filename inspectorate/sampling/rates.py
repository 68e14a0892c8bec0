"""Chapter 4.4f: how much of a drawn sample is excluded, beside other inspections and unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from inspectorate.design import charts
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList, Verdict
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import samples
from inspectorate.sampling.models import Draw, DrawnCase, Exclusion, ExclusionAnswer

MOST_BARS = 30
HERE = "This inspection"


@dataclass(frozen=True, slots=True)
class Other:
    """The counts of another inspection with a final sample of this list; `name` is "" where it may not be seen."""

    name: str
    counts: rules.Excluded


@dataclass(frozen=True, slots=True)
class Tier:
    """The units of one tier, each beside the rest of the body, and their picture where they are not too many."""

    number: int
    units: dict[str, Verdict]
    picture: charts.StackedBar | None

    @property
    def flagged(self) -> list[str]:
        """The units whose rate is unusual."""
        return [name for name, one in self.units.items() if one.flag]


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate of a draw beside those of other inspections, the units of each tier, and a picture."""

    here: Verdict
    others: tuple[Other, ...]
    tiers: tuple[Tier, ...]
    picture: charts.StackedBar


def others_of(draw: Draw, *, named: bool) -> tuple[Other, ...]:
    """Every other inspection of the same kind of body with a final sample of this list; one query.

    A mark that was refused excludes nothing; one that was never answered, as before answers were kept, does.
    """
    inspection = draw.long_list.inspection
    newest = Exclusion.objects.filter(drawn=OuterRef("pk")).order_by("-pk")
    answer = ExclusionAnswer.objects.filter(exclusion=OuterRef("mark")).order_by("-pk")
    counted = (
        DrawnCase.objects.filter(
            draw__final_margins__isnull=False,
            draw__long_list__case_list=draw.long_list.case_list,
            draw__long_list__inspection__kind=inspection.kind,
        )
        .exclude(draw__long_list__inspection=inspection)
        .annotate(mark=Subquery(newest.values("pk")[:1]), reason_now=Subquery(newest.values("reason")[:1]))
        .annotate(accepted_now=Subquery(answer.values("accepted")[:1]))
        .order_by()
        .values(
            body=F("draw__long_list__inspection__body__name"),
            fieldwork=F("draw__long_list__inspection__fieldwork"),
        )
        .annotate(
            drawn=Count("pk"),
            out=Count("pk", filter=Q(reason_now__gt="") & (Q(accepted_now=True) | Q(accepted_now=None))),
        )
    )
    found = sorted(counted, key=lambda one: one["fieldwork"])
    return tuple(
        Other(
            f"{one['body']} {one['fieldwork'].year}" if named else "",
            rules.Excluded(one["out"], one["drawn"]),
        )
        for one in found
    )


def rates_of(draw: Draw, case_list: CaseList, rows: Sequence[Any], others: Sequence[Other]) -> Rates:
    """Compares a draw; `rows` are those of `samples.marked_rows`. No query."""
    rule = packs.pack_of(draw.long_list.inspection).sampling.unusual
    whole = rules.Excluded(sum(1 for row in rows if samples.is_out(row)), len(rows))
    bars = [(HERE, whole), *((one.name or f"Inspection {place}", one.counts) for place, one in enumerate(others, 1))]
    return Rates(
        here=rules.against_inspections(whole, [one.counts for one in others], rule),
        others=tuple(others),
        tiers=tuple(_tier(number, rows, rule) for number in range(1, len(case_list.units) + 1)),
        picture=_picture("Excluded of every 100 cases drawn, beside other inspections", bars),
    )


def of_inspection(inspection: Inspection, draw: Draw, case_list: CaseList, *, named: bool) -> Rates:
    """The rates of a draw from the database. Two queries."""
    draw.long_list.inspection = inspection
    return rates_of(draw, case_list, samples.marked_rows(draw), others_of(draw, named=named))


def _tier(number: int, rows: Sequence[Any], rule: rules.UnusualRule) -> Tier:
    groups: dict[str, list[bool]] = {}
    for row in rows:
        name = " / ".join(one for one in (row.case.unit_1, row.case.unit_2)[:number] if one)
        groups.setdefault(name, []).append(samples.is_out(row))
    counts = {name: rules.Excluded(sum(out), len(out)) for name, out in sorted(groups.items())}
    units = rules.among_units(counts, rule)
    few = 0 < len(counts) <= MOST_BARS
    title = f"Excluded of every 100 cases drawn, by tier {number} unit"
    return Tier(number, units, _picture(title, list(counts.items())) if few else None)


def _picture(title: str, bars: Sequence[tuple[str, rules.Excluded]]) -> charts.StackedBar:
    """Bars of one length, so that rates of large and small samples can be held side by side."""
    shares = [(name, round(one.percent)) for name, one in bars[:MOST_BARS]]
    return charts.stacked_bar(title, ["Excluded", "Not excluded"], [(name, [of, 100 - of]) for name, of in shares])
