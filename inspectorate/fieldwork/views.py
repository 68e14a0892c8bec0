"""Chapter 6: the cases of an inspection, the form of one case with its autosave, and domain one evidence."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, FilteredRelation, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.fieldwork import actions, device, visible
from inspectorate.fieldwork.form import case_form
from inspectorate.fieldwork.forms import Evidence
from inspectorate.methodology.standards import Framework
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase


@access.needs("case.view-allocated", personal="a list of cases")
def cases(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The cases of one list with who judges them and how far they are."""
    lists = [one for one in packs.pack_of(inspection).sampling.lists if inspection.kind in one.kinds]
    chosen = request.GET.get("list", lists[0].id)
    mine = visible.cases(request, inspection)
    counts = {
        row["case_list"]: row
        for row in mine.order_by()
        .values("case_list")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(assessment__submitted_at__isnull=False)))
    }
    rows = Sight(access.person(request), inspection).rows(_rows(mine.filter(case_list=chosen)))
    context = {"lists": lists, "chosen": chosen, "counts": counts, "cases": rows}
    return render(request, "fieldwork/cases.html", context)


def _rows(found: Any) -> list[Any]:
    """What the list shows of each case, as plain rows: no object is made for it."""
    now = FilteredRelation("allocations", condition=Q(allocations__ended_at=None))
    shown = {
        "reference": F("case__reference"),
        "office": F("case__facts__office"),
        "unit_2": F("case__unit_2"),
        "limited": F("case__limited"),
        "inspector": F("current__inspector__name"),
        "started_at": F("assessment__started_at"),
        "submitted_at": F("assessment__submitted_at"),
    }
    rows = found.annotate(current=now).annotate(**shown).order_by("number")
    return list(rows.values_list("number", "public_id", *shown, named=True))


@access.needs("case.view-allocated", personal="a case")
def case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """One case: the form for its inspector while it is open, else what was answered. Without script it is one form."""
    found = visible.found_case(request, inspection, case)
    if not Sight(access.person(request), inspection).sees(found.case):
        return render(request, "fieldwork/limited_case.html", {"case": found})
    if request.method == "POST":
        return _save_page(request, found)
    return _case_page(request, found)


def _case_page(
    request: HttpRequest, found: Any, *, conflicts: Sequence[actions.OtherVersion] = (), missing: Any = None
) -> HttpResponse:
    assessment = getattr(found, "assessment", None)
    answers = assessment.answers.all() if assessment else ()
    locked = bool(assessment and assessment.submitted_at)
    personal = access.may(access.person(request), "personal.view", found.inspection)
    form = case_form(found, answers)
    context = {
        "case": found,
        "list": packs.pack_of(found.inspection).sampling.case_list(found.case_list),
        "sheet": form,
        "assessment": assessment,
        "editable": found.mine and not locked,
        "locked": locked,
        "conflicts": conflicts,
        "missing": missing,
        "titles": _titles(form.framework),
        "warnings": form.warnings(),
        "storage": device.storage(request),
        "columns": visible.columns(found, personal=personal),
    }
    return render(request, "fieldwork/case.html", context, status=409 if conflicts else 200)


def _titles(framework: Framework) -> dict[str, str]:
    return {q.id: f"{q.id} {q.label}" for s in framework.standards for q in s.key_questions}


def _save_page(request: HttpRequest, found: SampledCase) -> HttpResponse:
    """Saves the fields of the page that differ from what was seen when it was opened."""
    changes = {
        field: (request.POST.get(field, ""), _number(request.POST.get(f"version:{field}")))
        for field in case_form(found).fields
        if f"version:{field}" in request.POST and request.POST.get(field, "") != request.POST.get(f"seen:{field}", "")
    }
    conflicts: list[actions.OtherVersion] = []
    try:
        conflicts = _save_changes(found, changes, access.person(request))
    except (actions.NotAllocated, actions.Locked, actions.BadAnswer) as refusal:
        messages.error(request, str(refusal))
        return redirect("case", found.inspection.public_id, found.public_id)
    if conflicts:
        return _case_page(request, visible.found_case(request, found.inspection, found.public_id), conflicts=conflicts)
    messages.success(request, "The server has confirmed your answers.")
    return redirect("case", found.inspection.public_id, found.public_id)


def _save_changes(found: SampledCase, changes: dict[str, tuple[str, int]], by: User) -> list[actions.OtherVersion]:
    """Saves all changes at once; where somebody was faster, the others one by one, and says which were not saved."""
    try:
        actions.save_answers(case=found, changes=changes, by=by)
        return []
    except actions.OtherVersion:
        conflicts = []
        for field, change in changes.items():
            try:
                actions.save_answers(case=found, changes={field: change}, by=by)
            except actions.OtherVersion as other:
                conflicts.append(other)
        return conflicts


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


@access.needs("case.judge")
@require_POST
def save_answer(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Saves one field as soon as it changes: JSON {field, value, version} in, {version, missing} or what stands out.
    Whose case it is, the action itself finds out."""
    found = get_object_or_404(SampledCase.objects.select_related("case"), inspection=inspection, public_id=case)
    found.inspection = inspection
    try:
        sent = json.loads(request.body)
        field, value, seen = str(sent["field"]), str(sent["value"]), int(sent["version"])
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": "Send field, value and version as JSON."}, status=400)
    try:
        version = actions.save_answer(case=found, field=field, value=value, seen=seen, by=access.person(request))
    except actions.OtherVersion as other:
        stands = {"error": str(other), "theirs": other.theirs, "version": other.version, "by": other.by}
        return JsonResponse(stands, status=409)
    except actions.Locked as refusal:
        return JsonResponse({"error": str(refusal)}, status=423)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    except actions.BadAnswer as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse({"field": field, "version": version})


@access.needs("case.judge", personal="a case")
@require_POST
def submit_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Submits and locks a complete case; what is missing is named."""
    found = visible.found_case(request, inspection, case)
    try:
        actions.submit_case(case=found, by=access.person(request))
    except actions.Incomplete as refusal:
        return _case_page(request, found, missing=refusal.missing)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    except actions.Locked as refusal:
        messages.warning(request, str(refusal))
        return redirect("case", inspection.public_id, case)
    messages.success(request, f"Case {found.number} is submitted and locked.")
    return redirect("cases", inspection.public_id)


@access.needs("domain-one.note")
def domain_one(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Domain one evidence by key question, with its kinds of source and the gaps; and a new piece."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    standards = tuple(standard for standard in framework.standards if standard.source == "panel")
    form = Evidence(request.POST or None, standards=standards)
    if form.is_valid():
        actions.note_evidence(inspection=inspection, by=access.person(request), **form.cleaned_data)
        messages.success(request, "The evidence is noted.")
        return redirect("domain_one", inspection.public_id)
    notes: dict[str, list[Any]] = {}
    for note in inspection.evidence_notes.select_related("by", "document"):
        notes.setdefault(note.key_question, []).append(note)
    sources = {question: {note.source for note in found} for question, found in notes.items()}
    context = {"standards": standards, "notes": notes, "sources": sources, "form": form}
    return render(request, "fieldwork/domain_one.html", context)
