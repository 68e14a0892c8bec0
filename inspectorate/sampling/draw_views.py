"""Chapter 4.4: a draw is prepared and shown, then made; more cases join it; the body checks it with its own copy."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.audit import clock
from inspectorate.methodology import sampling as rules
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, choices, proofs, reading, samples
from inspectorate.sampling.actions.draws import drawn_before, prepared
from inspectorate.sampling.answers import (
    accepted_list,
    case_list_or_404,
    download,
    draw_or_404,
    files_sent,
    inside_or_404,
    sent,
)
from inspectorate.sampling.draw_forms import CopyFile, ExtendForm, PrepareForm, SeedForm
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import Draw, DrawInputs, LongList
from inspectorate.sampling.verifying import verified

Refused = (
    actions.NotReady,
    actions.SampleConfirmed,
    actions.ChoiceNeeded,
    actions.WrongSize,
    actions.OldInputs,
    actions.OldDraw,
    actions.AlreadyConfirmed,
    actions.PanelDecided,
    actions.ListChanged,
)


@access.needs("sample.draw")
def prepare_draw(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """What a draw is to be made from; it is hashed and shown before there is a seed."""
    found = case_list_or_404(inspection, case_list)
    long_list = accepted_list(inspection, found)
    if long_list is None:
        messages.warning(request, "A sample is drawn from an accepted list only. Accept the list first.")
        return redirect("long_lists", inspection.public_id)
    proposal = samples.propose(inspection, found, long_list.size)
    again = bool(prepared(inspection, found.id)) or drawn_before(long_list)
    every = " and every ".join(one.title.lower() for one in found.strata if one.id in found.every_value_of)
    form = PrepareForm(sent(request), proposal=proposal, population=long_list.size, again=again, every=every)
    if form.is_valid() and (kept := _prepare(request, long_list, form)):
        return redirect("prepared_draw", inspection.public_id, kept.public_id)
    size = form.cleaned_data.get("size", 0) if form.is_bound else proposal.size
    context = {
        "list": found,
        "long_list": long_list,
        "proposal": proposal,
        "form": form,
        "again": again,
        "standing": choices.standing(long_list),
        "uncertain": choices.uncertain(found, long_list, size),
    }
    return render(request, "sampling/prepare_draw.html", context, status=422 if form.errors else 200)


def _prepare(request: HttpRequest, long_list: LongList, form: PrepareForm) -> DrawInputs | None:
    try:
        kept = actions.prepare_draw(long_list=long_list, by=access.person(request), **form.cleaned_data)
    except actions.ReasonNeeded as refusal:
        form.add_error("reason" if "reason" in form.fields else None, str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, "The draw is prepared. Its digest is fixed now; no seed exists yet.")
        return kept
    return None


def _prepared(inspection: Inspection, public_id: UUID) -> DrawInputs:
    """What was prepared for one draw, with its list."""
    found = get_object_or_404(
        DrawInputs.objects.filter(long_list__inspection=inspection)
        .select_related("long_list", "by", "draw__by")
        .defer("draw__receipt", "draw__margins", "long_list__faults"),
        public_id=public_id,
    )
    found.long_list.inspection = inspection
    return found


def _page(request: HttpRequest, found: DrawInputs, form: SeedForm, status: int = 200) -> HttpResponse:
    inspection, case_list = found.long_list.inspection, reading.specification(found.long_list)
    newest = prepared(inspection, case_list.id)[0]
    context = {
        "list": case_list,
        "inputs": found,
        "form": form,
        "draw": getattr(found, "draw", None),
        "newest": newest,
        "throws_needed": rules.throws_needed(),
        "written": json.dumps(found.inputs, ensure_ascii=False, separators=(",", ":")),
        "uncertain": choices.uncertain(case_list, found.long_list, found.size),
    }
    return render(request, "sampling/prepared_draw.html", context, status=status)


@access.needs("longlist.view")
def prepared_draw(request: HttpRequest, inspection: Inspection, inputs: UUID) -> HttpResponse:
    """What one draw is made from, with its digest, and the button that makes the draw."""
    inside_or_404(request, inspection)
    return _page(request, _prepared(inspection, inputs), SeedForm())


@access.needs("sample.draw")
@require_POST
def draw_sample(request: HttpRequest, inspection: Inspection, inputs: UUID) -> HttpResponse:
    """Makes the seed, by chance or from dice, and draws what was prepared."""
    found = _prepared(inspection, inputs)
    form = SeedForm(request.POST)
    if form.is_valid():
        try:
            drawn = actions.draw_sample(inputs=found, by=access.person(request), throws=form.thrown())
            messages.success(request, f"{drawn.size} cases are drawn. The inspected body can mark exclusions now.")
            return redirect("draw", inspection.public_id, drawn.public_id)
        except actions.WrongThrows as refusal:
            form.add_error("throws", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, found, form, 422)


@access.needs("longlist.view")
def draw_log(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """Every draw of a list that was prepared, drawn or not; the body reads digests and times, and later its proofs."""
    found = case_list_or_404(inspection, case_list)
    user = access.person(request)
    earlier = Draw.objects.filter(long_list__inspection=inspection, long_list__case_list=found.id, inputs=None)
    context = {
        "list": found,
        "prepared": prepared(inspection, found.id),
        "earlier": list(earlier.select_related("by").defer("receipt", "margins")),
        "inside": access.is_inspectorate(user, inspection),
        "open": proofs.is_open(inspection),
        "opens_on": proofs.opens_on(inspection),
        "may_check": access.may(user, "exclusions.mark", inspection),
    }
    return render(request, "sampling/draw_log.html", context)


@access.needs("sample.draw")
def extend_sample(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Lets more cases join a sample, in the order of its substitutes."""
    found = draw_or_404(inspection, draw)
    form = ExtendForm(sent(request))
    if form.is_valid():
        try:
            made = actions.extend_sample(draw=found, by=access.person(request), **form.cleaned_data)
            messages.success(request, f"The sample is longer by {made.cases}.")
            return redirect("draw", inspection.public_id, found.public_id)
        except actions.ReasonNeeded as refusal:
            form.add_error("reason", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context: dict[str, Any] = {
        "draw": found,
        "list": reading.specification(found.long_list),
        "form": form,
        "extensions": list(found.extensions.select_related("by")),
        "file_reads": clock.today() >= inspection.fieldwork,
        "over": actions.why_over(found),
    }
    return render(request, "sampling/extend_sample.html", context, status=422 if form.errors else 200)


def _open_draw(inspection: Inspection, public_id: UUID) -> Draw:
    """A draw whose receipt is open to the inspected body by now; 404 before."""
    if not proofs.is_open(inspection):
        raise Http404
    return draw_or_404(inspection, public_id)


@access.needs("exclusions.mark", personal="the receipt of a draw")
def own_receipt(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The receipt of a draw for the inspected body, once fieldwork is over."""
    found = _open_draw(inspection, draw)
    written = json.dumps(found.receipt, indent=1, ensure_ascii=False)
    return download(written, "application/json", f"{found.long_list.case_list}-receipt.json")


@access.needs("exclusions.mark", personal="the proof of a draw")
def check_draw(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The inspected body makes a draw again from its receipt and its own copy of the long list."""
    found = _open_draw(inspection, draw)
    form = CopyFile(sent(request), files_sent(request), must=True)
    context = {
        "draw": found,
        "list": reading.specification(found.long_list),
        "form": form,
        **verified(found, form, Sight(access.person(request), inspection)),
    }
    return render(request, "sampling/check_draw.html", context)
