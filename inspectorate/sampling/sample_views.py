"""Chapter 4.4: draws with their receipts, exclusions as the body marks them, and the final sample."""

import json
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access, packs
from inspectorate.programme.models import NAMES_OF_UNITS, Inspection, TierName
from inspectorate.sampling import actions, due, reading, returning, samples, standing, summaries, writing
from inspectorate.sampling.actions.final import reasons
from inspectorate.sampling.answers import case_list_or_404, download
from inspectorate.sampling.forms import DrawForm, Marks, ReceiptFile
from inspectorate.sampling.models import Draw, ExclusionAnswer, LongList, SampleConfirmation

MOST_RECEIPT_BYTES = 40_000_000
Refused = (
    actions.NotReady,
    actions.OldDraw,
    actions.NotReturned,
    actions.Unanswered,
    actions.AlreadyConfirmed,
    actions.SamePerson,
    actions.SampleConfirmed,
)


def _sent(request: HttpRequest) -> Any:
    """What was sent, also where it is nothing; None before anything was."""
    return request.POST if request.method == "POST" else None


def _inside(request: HttpRequest, inspection: Inspection) -> None:
    """404 for the inspected body's side, which sees neither seeds nor the order of substitutes."""
    if not access.is_inspectorate(access.person(request), inspection):
        raise Http404


def _draw(inspection: Inspection, public_id: UUID) -> Draw:
    """A draw of the inspection with its list; whether anybody confirmed it and what its body calls its units come in
    the same query."""
    names = TierName.objects.filter(body=OuterRef("long_list__inspection__body")).order_by("-pk").values("name")
    found: Any = get_object_or_404(
        Draw.objects.filter(long_list__inspection=inspection)
        .select_related("long_list", "by", "returned__by")
        .annotate(
            confirmed=Exists(SampleConfirmation.objects.filter(draw=OuterRef("pk"))),
            answered=Exists(ExclusionAnswer.objects.filter(exclusion__drawn__draw=OuterRef("pk"))),
            tier_1=Subquery(names.filter(tier=1)[:1]),
            tier_2=Subquery(names.filter(tier=2)[:1]),
        ),
        public_id=public_id,
    )
    found.long_list.inspection = inspection
    named = {1: found.tier_1, 2: found.tier_2}
    inspection.body.unit_names = NAMES_OF_UNITS | {tier: name for tier, name in named.items() if name}
    return cast(Draw, found)


def _rows(inspection: Inspection, public_id: UUID) -> tuple[Draw, CaseList, list[Any]]:
    found = _draw(inspection, public_id)
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


@access.needs("sample.draw")
def draw_sample(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """What a draw is made with, and then the draw."""
    found = case_list_or_404(inspection, case_list)
    long_list = inspection.long_lists.filter(case_list=found.id, state=LongList.State.ACCEPTED).first()
    if long_list is None:
        messages.warning(request, "A sample is drawn from an accepted list only. Accept the list first.")
        return redirect("long_lists", inspection.public_id)
    long_list.inspection = inspection
    earlier = Draw.objects.filter(long_list__inspection=inspection, long_list__case_list=found.id).exists()
    proposal = samples.propose(inspection, found, long_list.size)
    units = summaries.units_in(long_list)
    form = DrawForm(_sent(request), proposal=proposal, population=long_list.size, units=units, again=earlier)
    if form.is_valid():
        try:
            drawn = actions.draw_sample(long_list=long_list, by=access.person(request), **form.given())
            messages.success(request, f"{drawn.size} cases are drawn. The inspected body can mark exclusions now.")
            return redirect("draw", inspection.public_id, drawn.public_id)
        except actions.ReasonNeeded as refusal:
            form.add_error(
                "reason" if "reason" in form.fields and not form.given()["reason"] else "units_reason", str(refusal)
            )
        except (actions.WrongSize, actions.UnknownUnit, *Refused) as refusal:
            form.add_error(None, str(refusal))
    context = {"list": found, "long_list": long_list, "proposal": proposal, "form": form, "again": earlier}
    return render(request, "sampling/draw_sample.html", context)


@access.needs("longlist.view")
def draw(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """One draw: inputs, margins, exclusions by unit, and its confirmation by two people."""
    _inside(request, inspection)
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
    _inside(request, inspection)
    found, case_list, rows = _rows(inspection, draw)
    context = {
        "draw": found,
        "list": case_list,
        "selected": [row for row in rows if not row.substitute],
        "substitutes": [row for row in rows if row.substitute],
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
    _inside(request, inspection)
    if not access.may(access.person(request), "longlist.view", inspection):
        raise Http404
    found = _draw(inspection, draw)
    written = json.dumps(found.receipt, indent=1, ensure_ascii=False)
    return download(written, "application/json", f"{found.long_list.case_list}-receipt.json")


@access.needs("longlist.view")
def verify_draw(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Makes the draw again from the list that is kept and says whether it is the same."""
    _inside(request, inspection)
    found = _draw(inspection, draw)
    form = ReceiptFile(_sent(request), request.FILES)
    context: dict[str, Any] = {"draw": found, "form": form, "verified": False}
    if request.method == "POST" and form.is_valid():
        try:
            receipt = rules.receipt_from_dict(_receipt(form.cleaned_data["upload"], found))
            case_list = reading.specification(found.long_list)
            cases = samples.cases_of(case_list, found.long_list, samples.units_of(found))
            context |= {"verified": True, "faults": rules.verify(receipt, cases), "cases": len(cases)}
        except (rules.UnreadableReceiptError, ValueError, RecursionError) as refusal:
            form.add_error("upload", str(refusal))
    return render(request, "sampling/verify_draw.html", context)


def _receipt(upload: Any, found: Draw) -> dict[str, Any]:
    if upload is None:
        return dict(found.receipt)
    if upload.size > MOST_RECEIPT_BYTES:
        raise ValueError(f"A receipt is smaller than {MOST_RECEIPT_BYTES // 1_000_000} MB. This is another file.")
    try:
        given = json.loads(upload.read().decode("utf-8-sig"))
    except ValueError:
        raise ValueError("This file is not a receipt. Choose the .json file of a draw.") from None
    if not isinstance(given, dict):
        raise ValueError("This file is not a receipt. Choose the .json file of a draw.")
    return given


@access.needs("exclusions.mark", personal="the provisional sample")
def mark_exclusions(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The provisional sample as the body sees it, a reason and a note for each case; saves however far it is."""
    found, case_list, rows = _rows(inspection, draw)
    rows.sort(key=lambda row: (row.case.unit_1, row.case.unit_2, row.case.reference))
    closed = reasons(inspection, case_list)
    its_reasons = [(reason.id, reason.text) for reason in closed]
    form = Marks(_sent(request), rows=rows, reasons=its_reasons)
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
        messages.success(request, f"Saved. {changed} marks changed.")
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
    found = _draw(inspection, draw)
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
    margins = samples.margin_rows(found.final_margins or [])
    context = {
        "draw": found,
        "list": case_list,
        "chosen": chosen,
        "substitutes": left if inside else [],
        "inside": inside,
        "margins": margins if inside else [],
        "in_words": returning.final_in_words(found, case_list, margins) if inside else "",
        "pictures": summaries.proportions(margins) if inside else [],
        "shortfall": found.size - len(chosen),
        "reached": samples.reached(inspection, case_list, len(chosen), found.long_list.size),
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
    substitutes = left if access.is_inspectorate(user, inspection) else None
    content = writing.final_sample(case_list, chosen, substitutes)
    return download(content, writing.WORKBOOK, f"{case_list.id}-final-sample.xlsx")
