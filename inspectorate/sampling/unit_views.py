"""Chapter 4.4, stage 1: cases by unit, what it costs to leave units out, and the lead inspector's choice."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inspectorate.design import charts
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, choices, samples
from inspectorate.sampling.answers import accepted_list, case_list_or_404, inside_or_404
from inspectorate.sampling.draw_forms import DecideUnits, TryUnits
from inspectorate.sampling.models import LongList
from inspectorate.sampling.samples import Units
from inspectorate.sampling.summaries import MOST_BARS, units_in

Refused = (actions.NotReady, actions.SampleConfirmed, actions.UnknownUnit, actions.WrongOption)


@access.needs("longlist.view")
def choose_units(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """Cases by unit and the cost of a choice that is tried; the lead inspector decides."""
    inside_or_404(request, inspection)
    if request.method == "POST" and not access.may(access.person(request), "units.choose", inspection):
        raise Http404
    specification = case_list_or_404(inspection, case_list)
    long_list = accepted_list(inspection, specification)
    if long_list is None:
        messages.warning(request, "Units are chosen from an accepted list only. The list is accepted first.")
        return redirect("long_lists", inspection.public_id)
    units = [one for one in units_in(long_list) if one[0]]
    if request.method == "POST":
        form: TryUnits = DecideUnits(request.POST, units=units)
        if form.is_valid() and _decided(request, long_list, form):
            return redirect("choose_units", inspection.public_id, specification.id)
    else:
        form = TryUnits(request.GET if "option" in request.GET else None, units=units)
    context = _page(inspection, specification, long_list, form, units)
    return render(request, "sampling/choose_units.html", context, status=422 if request.method == "POST" else 200)


def _decided(request: HttpRequest, long_list: LongList, form: TryUnits) -> bool:
    given = form.cleaned_data
    try:
        actions.choose_units(
            long_list=long_list,
            option=given["option"],
            units=form.chosen(),
            reason=given["reason"],
            by=access.person(request),
        )
    except actions.ReasonNeeded as refusal:
        form.add_error("reason", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, "The units are chosen. The next draw is made from them.")
        return True
    return False


def _page(
    inspection: Inspection,
    case_list: CaseList,
    long_list: LongList,
    form: TryUnits,
    units: Sequence[tuple[Units, int]],
) -> dict[str, Any]:
    proposal = samples.propose(inspection, case_list, long_list.size)
    standing = choices.standing(long_list)
    counting = [unit for unit, _ in units if not standing.units or unit in standing.units]
    if not form.is_bound:
        form.initial = {
            "option": standing.choice.option if standing.choice else "all",
            "unit": [str(place) for place, (unit, _) in enumerate(units) if unit in counting],
        }
    tried = form.chosen() if form.is_bound and not {"option", "unit"} & form.errors.keys() else None
    looked_at = tried or counting
    cost = choices.cost(long_list, looked_at, proposal.size) if units and looked_at else None
    return {
        "list": case_list,
        "long_list": long_list,
        "proposal": proposal,
        "form": form,
        "standing": standing,
        "rows": choices.unit_rows(long_list, proposal.size),
        "pictures": _pictures(units, looked_at),
        "tried": tried,
        "decide": _decide(form, units, tried),
        "leaves_out": tried is not None and len(tried) < len(units),
        "cost": cost,
        "unreached": choices.named(case_list, cost) if cost else [],
        "likeness": packs.pack_of(inspection).sampling.size.likeness_within_units,
        "chosen_units": counting,
        "is_final": inspection.sampled_cases.filter(case_list=case_list.id).exists(),
    }


def _decide(form: TryUnits, units: Sequence[tuple[Units, int]], tried: list[Units] | None) -> DecideUnits | None:
    """The form with which a choice that was tried is decided."""
    if tried is None:
        return None
    return form if isinstance(form, DecideUnits) else DecideUnits(units=units)


def _pictures(units: Sequence[tuple[Units, int]], chosen: Sequence[Units]) -> list[charts.StackedBar]:
    """Cases that can be drawn and cases left out, by tier 1 and by tier 2 unit."""
    inside, pictures = set(chosen), []
    for depth, name in ((1, "tier 1 unit"), (2, "tier 2 unit")):
        bars: dict[Units, list[int]] = {}
        for unit, cases in units:
            if len(unit) >= depth:
                bars.setdefault(unit[:depth], [0, 0])[unit not in inside] += cases
        rows = [(" / ".join(unit), counts) for unit, counts in sorted(bars.items())]
        if rows:
            names = ("Can be drawn", "Left out")
            pictures.append(charts.stacked_bar(f"Cases by {name}", names, rows[:MOST_BARS]))
    return pictures
