"""Chapter 6.1: cases that should have been excluded: said by the inspector, decided by the deputy, seen by the team."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, FilteredRelation, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.fieldwork import drop_out_actions as actions
from inspectorate.fieldwork.actions import NotAllocated
from inspectorate.fieldwork.forms import DropOutDecision, DropOutReport
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import substitutes
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import DrawnCase, DropOut, SampledCase
from inspectorate.sampling.substitutes import SteppingIn

DECISIONS = {
    DropOut.Decision.SUBSTITUTED: "The substitute takes its place, as a file read",
    DropOut.Decision.NOT_REPLACED: "It leaves the sample and no case takes its place",
    DropOut.Decision.KEPT: "It stays in the sample",
}


def _titles(inspection: Inspection) -> dict[str, str]:
    return {one.id: one.title for one in packs.pack_of(inspection).sampling.lists}


def _reasons(inspection: Inspection) -> dict[tuple[str, str], str]:
    """(list, id of a reason) -> its words."""
    lists = packs.pack_of(inspection).sampling.lists
    return {(one.id, reason.id): reason.text for one in lists for reason in one.exclusions}


@access.needs("case.judge", personal="a case")
def report(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """An inspector says that a case should have been excluded, from the closed list of reasons."""
    found = get_object_or_404(inspection.sampled_cases.select_related("case"), public_id=case)
    found.inspection = inspection
    offered = [(one.id, one.text) for one in actions.reasons(inspection, found.case_list)]
    form = DropOutReport(request.POST or None, reasons=offered, initial={"reason": request.GET.get("reason", "")})
    try:
        actions.check_reporter(found, access.person(request))
        if form.is_valid():
            actions.report_drop_out(case=found, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The deputy lead inspector decides now what becomes of the case.")
            return redirect("case", inspection.public_id, found.public_id)
    except NotAllocated as refusal:
        raise Http404 from refusal
    except (actions.UnknownReason, actions.NoteNeeded, actions.AlreadyReported) as refusal:
        form.add_error(None, str(refusal))
    context = {"case": found, "list": _titles(inspection)[found.case_list], "form": form}
    return render(request, "fieldwork/report_drop_out.html", context)


@access.needs("cases.allocate", personal="cases that drop out")
def drop_outs(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Every case found to be one that should have been excluded: those that wait, and what was decided."""
    now = FilteredRelation("substitute__allocations", condition=Q(substitute__allocations__ended_at=None))
    rows = (
        DropOut.objects.filter(case__inspection=inspection)
        .select_related("case__case", "found_by", "decided_by", "substitute__case")
        .annotate(now=now)
        .annotate(inspector=F("now__inspector__name"), week=F("now__week"))
        .order_by("-pk")
    )
    found, sight = list(rows), Sight(access.person(request), inspection)
    for one in found:
        one.case, one.substitute = _seen(sight, one.case), _seen(sight, one.substitute)
    context = {
        "waiting": [one for one in found if not one.decision],
        "decided": [one for one in found if one.decision],
        "titles": _titles(inspection),
        "reasons": _reasons(inspection),
        "may_decide": access.may(access.person(request), "substitute.decide", inspection),
    }
    return render(request, "fieldwork/drop_outs.html", context)


@access.needs("substitute.decide", personal="a case that drops out")
def decide(request: HttpRequest, inspection: Inspection, drop_out: UUID) -> HttpResponse:
    """The deputy decides: the next substitute steps in, no case does, or the case stays."""
    found = get_object_or_404(
        DropOut.objects.filter(case__inspection=inspection).select_related("case__case", "found_by", "decided_by"),
        public_id=drop_out,
    )
    found.case.inspection = inspection
    chosen = None if found.decision else substitutes.next_for(found.case)
    form = _form(request, chosen)
    if form.is_valid():
        try:
            return _decided(request, found, form.cleaned_data)
        except (actions.NoSubstitute, actions.OtherSubstitute, actions.AlreadyDecided, actions.NoteNeeded) as refusal:
            chosen = substitutes.next_for(found.case)
            form.add_error(None, str(refusal))
            form.data = {**form.data, "seen": chosen.row.pk if chosen else ""}
    context = {
        "drop_out": found,
        "case": _seen(Sight(access.person(request), inspection), found.case),
        "list": _titles(inspection)[found.case.case_list],
        "reason": _reasons(inspection).get((found.case.case_list, found.reason), found.reason),
        "chosen": chosen,
        "next_row": _seen(Sight(access.person(request), inspection), chosen.row if chosen else None),
        "form": form,
    }
    return render(request, "fieldwork/decide_drop_out.html", context)


def _seen(sight: Sight, case: SampledCase | DrawnCase | None) -> Any:
    """A sampled or drawn case as somebody may see it."""
    return sight.rows([case])[0] if case else None


def _form(request: HttpRequest, chosen: SteppingIn | None) -> DropOutDecision:
    offered = [(id_, text) for id_, text in DECISIONS.items() if chosen or id_ != DropOut.Decision.SUBSTITUTED]
    sent: Any = request.POST.dict() if request.method == "POST" else None
    return DropOutDecision(sent, decisions=offered, seen=chosen.row.pk if chosen else None)


def _decided(request: HttpRequest, found: DropOut, given: dict[str, Any]) -> HttpResponse:
    """Carries the decision out and says what the schedule makes of it."""
    decided, handed = actions.decide_drop_out(drop_out=found, by=access.person(request), **given)
    inspection = found.case.inspection
    if decided.substitute is None:
        messages.success(request, f"Decided: {decided.get_decision_display().lower()}.")
    elif handed.allocation:
        who = f"{handed.allocation.inspector.name} inspects it in fieldwork week {handed.allocation.week}."
        messages.success(request, f"Case {decided.substitute.number} steps in as a file read. {who}")
    else:
        waits = f"It waits for an inspector: {handed.why_not}."
        messages.warning(request, f"Case {decided.substitute.number} steps in as a file read. {waits}")
    return redirect("drop_outs", inspection.public_id)
