"""Chapter 4.4, stage 3: the provisional sample as a sheet and back, and evidence with an exclusion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.documents.downloads import as_download
from inspectorate.documents.files import WrongFile
from inspectorate.documents.models import Document
from inspectorate.documents.spreadsheets import UnreadableSheet
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, due, limited, marks_sheet, officers, reading, returning, samples, writing
from inspectorate.sampling.actions.returns import EVIDENCE, SHEET, asked_of, preview
from inspectorate.sampling.answers import download, draw_or_404
from inspectorate.sampling.models import Draw, Exclusion
from inspectorate.sampling.officers import Away
from inspectorate.sampling.return_forms import EvidenceFile, SheetFile

SHOWN_FAULTS = 500
Refused = (actions.OldDraw, actions.AlreadyConfirmed)


@access.needs("exclusions.mark", personal="the provisional sample as a workbook")
def exclusion_workbook(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The provisional sample as .xlsx, with what is marked so far: to be filled in and given back."""
    found = draw_or_404(inspection, draw)
    case_list, rows = reading.specification(found.long_list), samples.marked_rows(found)
    rows.sort(key=lambda row: (row.case.unit_1, row.case.unit_2, row.case.reference))
    away = [Away(one.officer, one.first_day, one.last_day, one.note) for one in officers.standing_away(inspection)]
    content = marks_sheet.workbook(case_list, rows, asked_of(found, rows), inspection.body.unit_names, away)
    return download(content, writing.WORKBOOK, f"{case_list.id}-provisional-sample.xlsx")


@access.needs("exclusions.mark")
def exclusion_sheet(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The sheet to download, and the place to give it back."""
    found = draw_or_404(inspection, draw)
    form = SheetFile(request.POST, request.FILES) if request.method == "POST" else SheetFile()
    if form.is_valid():
        try:
            kept = actions.receive_sheet(draw=found, upload=form.cleaned_data["upload"], by=access.person(request))
            return redirect("sheet_preview", inspection.public_id, found.public_id, kept.public_id)
        except (WrongFile, *Refused) as refusal:
            form.add_error("upload", str(refusal))
    case_list = reading.specification(found.long_list)
    context = {
        "draw": found,
        "list": case_list,
        "form": form,
        "due": due.back_of(found),
        "locked": returning.why_closed(found),
        "with_officers": officers.names_officers(case_list),
        "fieldwork": officers.in_words(*officers.fieldwork_days(inspection)),
    }
    return render(request, "sampling/exclusion_sheet.html", context, status=422 if form.errors else 200)


@access.needs("exclusions.mark", personal="a returned sheet of exclusions")
def sheet_preview(request: HttpRequest, inspection: Inspection, draw: UUID, document: UUID) -> HttpResponse:
    """What a sheet would change, or all its faults; and its use."""
    found = draw_or_404(inspection, draw)
    kept = get_object_or_404(inspection.documents.filter(slot=SHEET), public_id=document)
    refused, locked = "", ""
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            actions.use_sheet(draw=found, document=kept, seen=seen, by=access.person(request))
            messages.success(request, "The marks of the sheet are used.")
            return redirect("mark_exclusions", inspection.public_id, found.public_id)
        except (actions.MarksChanged, actions.SheetHasFaults, actions.Incomplete, UnreadableSheet, *Refused) as refusal:
            refused = str(refusal)
    else:
        locked = returning.why_closed(found)
    case_list = reading.specification(found.long_list)
    context = {"draw": found, "list": case_list, "kept": kept, "locked": locked, **_read(found, kept)}
    context["reasons"] = {one.id: one.text for one in case_list.exclusions} | {"": "Not excluded"}
    if refused:
        context["problems"] = [{"text": refused}]
    return render(request, "sampling/sheet_preview.html", context, status=422 if refused else 200)


def _read(found: Draw, kept: Document) -> dict[str, Any]:
    """The faults of a sheet, or what it would change and what its marks still lack."""
    try:
        rows = samples.marked_rows(found)
        asked = asked_of(found, rows)
        returned = marks_sheet.read(kept.stored.path, asked)
    except UnreadableSheet as refusal:
        return {"faults": [("", 0, "", "", str(refusal), "")], "more": 0}
    if returned.faults:
        shown = [(one.sheet, one.row, one.column, one.value, one.what, one.right) for one in returned.faults]
        return {"faults": shown[:SHOWN_FAULTS], "more": max(0, len(shown) - SHOWN_FAULTS)}
    wanted = {one.id: one.note_says for one in asked.reasons}
    bare = [reference for reference, (reason, note) in returned.marks.items() if wanted.get(reason) and not note]
    return {
        "faults": [],
        "change": preview(found, rows, returned),
        "bare": sorted(bare),
        "excluded": sum(1 for reason, _ in returned.marks.values() if reason),
        "cases": len(returned.marks),
        "away": returned.away,
    }


@access.needs("exclusions.mark", personal="an excluded case")
def exclusion_evidence(request: HttpRequest, inspection: Inspection, draw: UUID, row: int) -> HttpResponse:
    """A document for the exclusion of one case; `row` is its row in the long list."""
    found = draw_or_404(inspection, draw)
    case_list = reading.specification(found.long_list)
    drawn = get_object_or_404(found.cases.select_related("case"), case__row=row)
    marks = list(drawn.exclusions.select_related("document", "by"))
    form = EvidenceFile(request.POST, request.FILES) if request.method == "POST" else EvidenceFile()
    if form.is_valid():
        try:
            upload = form.cleaned_data["upload"]
            actions.attach_evidence(draw=found, row=row, upload=upload, by=access.person(request))
            messages.success(request, f"The document is kept with the exclusion of {drawn.case.reference}.")
            return redirect("mark_exclusions", inspection.public_id, found.public_id)
        except (WrongFile, actions.NotExcluded, *Refused) as refusal:
            form.add_error("upload", str(refusal))
    context = {
        "draw": found,
        "list": case_list,
        "case": drawn.case,
        "mark": marks[-1] if marks else None,
        "texts": {one.id: one.text for one in case_list.exclusions},
        "note_says": returning.note_wanted(case_list, marks[-1].reason) if marks else "",
        "locked": returning.why_closed(found),
        "form": form,
    }
    return render(request, "sampling/exclusion_evidence.html", context, status=422 if form.errors else 200)


@access.needs("personal.view", personal="the evidence of an exclusion")
def exclusion_document(request: HttpRequest, inspection: Inspection, draw: UUID, row: int) -> HttpResponseBase:
    """The document that stands with the exclusion of a case, for those who may see the case."""
    user = access.person(request)
    if not access.may(user, "longlist.view", inspection):
        raise Http404
    marks = Exclusion.objects.filter(
        drawn__draw__public_id=draw, drawn__draw__long_list__inspection=inspection, drawn__case__row=row
    )
    mark = marks.select_related("document", "drawn__case").order_by("-pk").first()
    if mark is None or mark.document is None or mark.document.slot != EVIDENCE:
        raise Http404
    if mark.drawn.case.limited and not limited.may_read(user, inspection):
        raise Http404
    return as_download(mark.document)
