"""Chapter 4.4: draws with their receipts, exclusions as the body marks them, and the final sample."""

import json
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, due, reading, returning, samples, standing, summaries, writing
from inspectorate.sampling.actions.final import reasons
from inspectorate.sampling.answers import download, draw_or_404, files_sent, inside_or_404, sent
from inspectorate.sampling.draw_forms import CopyFile
from inspectorate.sampling.forms import Marks
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import Draw
from inspectorate.sampling.verifying import verified

Refused = (
    actions.NotReady,
    actions.OldDraw,
    actions.NotReturned,
    actions.Unanswered,
    actions.AlreadyConfirmed,
    actions.SamePerson,
    actions.SampleConfirmed,
)


def _rows(inspection: Inspection, public_id: UUID) -> tuple[Draw, CaseList, list[Any]]:
    found = draw_or_404(inspection, public_id)
    return found, reading.specification(found.long_list), samples.marked_rows(found)


@access.needs("longlist.view")
def samples_page(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Each list with its draws, how far its sample is and what has to come next."""
    parts = standing.standing(inspection)
    context = {
        "parts": parts,
        "dates": due.dates_of(inspection, {part.list.id: part.newest for part in parts}),
        "inside": access.is_inspectorate(access.person(request), inspection),
    }
    return render(request, "sampling/samples.html", context)


@access.needs("longlist.view")
def draw(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """One draw: inputs, margins, exclusions by unit, and its confirmation by two people."""
    inside_or_404(request, inspection)
    found, case_list, rows = _rows(inspection, draw)
    confirmations = list(found.confirmations.select_related("by"))
    margins = samples.margin_rows(found.margins)
    final = samples.final_of(case_list, found, rows, [row.pk for row in rows if samples.is_out(row)])
    titles = {role.id: role.title for role in packs.pack_of(inspection).roles.roles}
    context = {
        "draw": found,
        "list": case_list,
        "margins": margins,
        "pictures": summaries.proportions(margins),
        "missing": standing.values_missed(case_list, margins),
        "drawn": sum(1 for row in rows if not row.substitute),
        "no_longer": actions.why_over(found) if access.may(access.person(request), "sample.draw", inspection) else "",
        "extensions": list(found.extensions.select_related("by")) if samples.extended_by(found) else [],
        "wanted": found.size + samples.extended_by(found),
        "reached": samples.reached(inspection, case_list, len(final.chosen), found.long_list.size),
        "exclusions": standing.exclusions_by_unit(case_list, rows),
        "why": standing.exclusions_by_reason(case_list, rows),
        "final": final,
        "is_final": any(row.number for row in rows),
        "confirmations": [(titles[one.role], one) for one in confirmations],
        "waits_for": _waits_for(found, access.person(request), confirmations),
        "returning": returning.summary(found, rows, due.back_of(found)),
    }
    if found.returned_or_none and not context["is_final"]:
        context |= _foreseen(case_list, found, final)
    return render(request, "sampling/draw.html", context)


def _foreseen(case_list: CaseList, found: Draw, final: samples.Final) -> dict[str, Any]:
    """How near to proportion the final sample would be now, as a table and in words."""
    margins = samples.margin_rows(samples.final_margins(case_list, found, final))
    said = returning.in_words(margins, returning.replaced(final), final.other_stratum, len(final.unfilled))
    return {"foreseen": margins, "in_words": said}


def _waits_for(found: Draw, user: User, confirmations: list[Any]) -> str:
    """Why this person cannot confirm the sample now, "" when they can."""
    try:
        actions.role_to_confirm(found, user, confirmations)
    except (actions.SamePerson, actions.AlreadyConfirmed) as refusal:
        return str(refusal)
    return ""


@access.needs("longlist.view", personal="the cases of a draw")
def drawn_cases(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The cases of a draw: selected ones and substitutes, in ticket order, with what the body marked."""
    inside_or_404(request, inspection)
    found, case_list, rows = _rows(inspection, draw)
    rows = Sight(access.person(request), inspection).rows(rows)
    context = {
        "draw": found,
        "list": case_list,
        "selected": [row for row in rows if not row.substitute],
        "joined": (joined := standing.joined(found, rows)),
        "substitutes": [row for row in rows if row.substitute and row not in joined],
        "reasons": {reason.id: reason.text for reason in case_list.exclusions},
        "columns": _columns(case_list, access.may(access.person(request), "personal.view", inspection)),
        "shown": writing.shown,
    }
    return render(request, "sampling/drawn_cases.html", context)


def _columns(case_list: CaseList, personal: bool) -> list[rules.Column]:
    """The columns of a case that a person may see beside its reference and units."""
    if not personal:
        return []
    return [one for one in case_list.columns if one.id != "reference" and one.id not in case_list.units]


@access.needs("personal.view", personal="the receipt of a draw")
def draw_receipt(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The receipt of a draw, with which anyone who holds the list can make it again; it names the cases drawn."""
    inside_or_404(request, inspection)
    if not access.may(access.person(request), "longlist.view", inspection):
        raise Http404
    found = draw_or_404(inspection, draw)
    told = Sight(access.person(request), inspection).told(found.receipt)
    written = json.dumps(told, indent=1, ensure_ascii=False)
    return download(written, "application/json", f"{found.long_list.case_list}-receipt.json")


@access.needs("longlist.view")
def verify_draw(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Makes the draw again, from the list that is kept or from one's own copy of it, and says whether it is the
    same."""
    inside_or_404(request, inspection)
    found = draw_or_404(inspection, draw)
    form = CopyFile(sent(request), files_sent(request), must=False)
    context = {"draw": found, "form": form, **verified(found, form, Sight(access.person(request), inspection))}
    return render(request, "sampling/verify_draw.html", context)


@access.needs("exclusions.mark", personal="the provisional sample")
def mark_exclusions(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The provisional sample as the body sees it, a reason and a note for each case; saves however far it is."""
    found, case_list, rows = _rows(inspection, draw)
    rows.sort(key=lambda row: (row.case.unit_1, row.case.unit_2, row.case.reference))
    closed = reasons(inspection, case_list)
    its_reasons = [(reason.id, reason.text) for reason in closed]
    form = Marks(sent(request), rows=rows, reasons=its_reasons)
    if form.is_valid() and (answer := _save_marks(request, found, form)):
        return answer
    context = {
        "draw": found,
        "list": case_list,
        "rows": [(row, form[f"reason-{row.pk}"], form[f"note-{row.pk}"]) for row in rows],
        "columns": [one for one in case_list.columns if one.id not in ("reference", *case_list.units)][:2],
        "shown": writing.shown,
        "reasons": dict(its_reasons),
        "excluded": sum(1 for row in rows if row.mark_reason),
        "need_a_note": returning.need_a_note(closed),
        "locked": cast(Any, found).confirmed or cast(Any, found).answered,
        "due": due.back_of(found),
        "form": form,
    }
    return render(request, "sampling/mark_exclusions.html", context, status=422 if form.errors else 200)


def _save_marks(request: HttpRequest, found: Draw, form: Marks) -> HttpResponse | None:
    inspection = found.long_list.inspection
    try:
        changed = actions.mark_exclusions(draw=found, marks=form.given(), by=access.person(request))
        if "return" in request.POST:
            actions.return_sample(draw=found, by=access.person(request))
            messages.success(request, "The sample is returned to the inspectorate.")
            return redirect("samples", inspection.public_id)
        messages.success(request, f"Saved. {changed} mark{'' if changed == 1 else 's'} changed.")
        return redirect("mark_exclusions", inspection.public_id, found.public_id)
    except actions.Incomplete as refusal:
        form.add_missing(refusal.missing)
    except (actions.UnknownReason, *Refused) as refusal:
        form.add_error(None, str(refusal))
    return None


@access.needs("sample.confirm")
@require_POST
def confirm_sample(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Confirms a returned sample in one's role; the second role makes it final."""
    found = draw_or_404(inspection, draw)
    try:
        final = actions.confirm_sample(draw=found, by=access.person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("draw", inspection.public_id, found.public_id)
    if final:
        messages.success(request, "The final sample is confirmed.")
        return redirect("final_sample", inspection.public_id, found.public_id)
    messages.success(request, "Your confirmation is noted. The sample waits for the other one.")
    return redirect("draw", inspection.public_id, found.public_id)


def _final(inspection: Inspection, draw: UUID) -> tuple[Draw, CaseList, list[Any], list[Any]]:
    found, case_list, rows = _rows(inspection, draw)
    chosen = sorted((row for row in rows if row.number), key=lambda row: row.number)
    if not chosen:
        raise Http404
    left = [row for row in rows if row.substitute and not row.number and not samples.is_out(row)]
    return found, case_list, chosen, left


@access.needs("longlist.view", personal="the final sample")
def final_sample(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The final sample with its margins; the substitutes that remain, in order, for the inspectorate."""
    found, case_list, chosen, left = _final(inspection, draw)
    inside = access.is_inspectorate(access.person(request), inspection)
    sight = Sight(access.person(request), inspection)
    margins = samples.margin_rows(found.final_margins or [])
    left_later = sum(1 for row in chosen if row.left_later) if inside else 0
    cases = len(chosen) - left_later
    context = {
        "draw": found,
        "list": case_list,
        "chosen": sight.rows(chosen),
        "cases": cases,
        "left_later": left_later,
        "stepped_in": sum(1 for row in chosen if row.stepped_in) if inside else 0,
        "substitutes": sight.rows(left) if inside else [],
        "inside": inside,
        "margins": margins if inside else [],
        "in_words": returning.final_in_words(found, case_list, margins) if inside else "",
        "pictures": summaries.proportions(margins) if inside else [],
        "shortfall": found.size + samples.extended_by(found) - cases,
        "reached": samples.reached(inspection, case_list, cases, found.long_list.size),
        "columns": _columns(case_list, access.may(access.person(request), "personal.view", inspection))[:2],
        "shown": writing.shown,
    }
    return render(request, "sampling/final_sample.html", context)


@access.needs("personal.view", personal="the final sample as a file")
def final_sample_file(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The final sample as .xlsx, with the substitutes for the inspectorate."""
    user = access.person(request)
    if not access.may(user, "longlist.view", inspection):
        raise Http404
    _, case_list, chosen, left = _final(inspection, draw)
    sight = Sight(user, inspection)
    substitutes = sight.rows(left) if access.is_inspectorate(user, inspection) else None
    content = writing.final_sample(case_list, sight.rows(chosen), substitutes)
    return download(content, writing.WORKBOOK, f"{case_list.id}-final-sample.xlsx")
