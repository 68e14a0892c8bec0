"""Chapter 6.1, domain one: the evidence of the whole team by key question, with its gaps, and a new piece."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from inspectorate.documents.models import Document
from inspectorate.fieldwork import evidence_actions
from inspectorate.fieldwork.forms import Evidence
from inspectorate.methodology.fieldwork import evidence_gaps
from inspectorate.methodology.standards import Framework
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection


@access.needs("domain-one.note")
def domain_one(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Domain one evidence by key question, with its kinds of source and the gaps; and a new piece."""
    user = access.person(request)
    framework = packs.pack_of(inspection).framework(inspection.kind)
    standards = tuple(standard for standard in framework.standards if standard.source == "panel")
    form = Evidence(
        request.POST or None,
        standards=standards,
        meetings=list(inspection.meeting_records.all()),
        documents=list(Document.objects.for_user(user, inspection).filter(slot="evidence")),
    )
    if form.is_valid():
        evidence_actions.note_evidence(inspection=inspection, by=user, **form.given())
        messages.success(request, "The evidence is noted.")
        return redirect("domain_one", inspection.public_id)
    context = {"standards": standards, "form": form, **_noted(inspection, framework)}
    return render(request, "fieldwork/domain_one.html", context, status=422 if form.errors else 200)


def _noted(inspection: Inspection, framework: Framework) -> dict[str, Any]:
    notes: dict[str, list[Any]] = {}
    for note in inspection.evidence_notes.select_related("by", "document", "meeting"):
        notes.setdefault(note.key_question, []).append(note)
    sources = {question: [note.source for note in found] for question, found in notes.items()}
    return {
        "notes": notes,
        "kinds": {question: len(set(found)) for question, found in sources.items()},
        "gaps": {gap.key_question: gap.lacks for gap in evidence_gaps(framework, sources)},
        "count": sum(len(found) for found in notes.values()),
    }


@access.needs("domain-one.note")
def evidence_count(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """How many pieces of evidence there are now, and who noted the last: JSON for the page that is open."""
    last = inspection.evidence_notes.select_related("by").last()
    return JsonResponse({"count": inspection.evidence_notes.count(), "by": last.by.name if last else ""})
