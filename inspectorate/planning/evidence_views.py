"""Chapter 3.6: pages of the evidence in advance, for the inspected body and for the lead inspector."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.documents.files import WrongFile
from inspectorate.planning import evidence_actions as rules
from inspectorate.planning.forms import AskForm, AssessForm, GiveForm
from inspectorate.planning.models import EvidenceAssessment, EvidenceItem, EvidenceRequest
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection


@access.needs("evidence.give")
def evidence(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The evidence source grid of the inspected body: what is suggested, given and asked for."""
    context = {
        "grid": rules.grid(inspection, rules.newest(inspection)),
        "requests": inspection.evidence_requests.select_related("answered_by"),
        "due": inspection.events.filter(event="evidence-in-advance").first(),
        "annex": packs.pack_of(inspection).evidence.operating_model.rules,
    }
    return render(request, "planning/evidence.html", context)


def _text_of(inspection: Inspection, item: str) -> str:
    if item == rules.FURTHER:
        return "Further evidence"
    found = next((one.text for one in rules.suggested(inspection) if one.id == item), None)
    if found is None:
        raise Http404
    return found


@access.needs("evidence.give")
def give_evidence(request: HttpRequest, inspection: Inspection, item: str) -> HttpResponse:
    """Gives a document for an item of the list."""
    return _give(request, inspection, item=item)


@access.needs("evidence.give")
def replace_evidence(request: HttpRequest, inspection: Inspection, given: UUID) -> HttpResponse:
    """Gives a newer version of a document; the earlier one stays."""
    earlier = get_object_or_404(inspection.evidence.select_related("document"), public_id=given)
    return _give(request, inspection, item=earlier.item, replaces=earlier)


@access.needs("evidence.give")
def answer_request(request: HttpRequest, inspection: Inspection, asked: int) -> HttpResponse:
    """Gives a document that answers a further request."""
    found = get_object_or_404(inspection.evidence_requests, pk=asked)
    return _give(request, inspection, item=rules.FURTHER, asked=found)


def _give(
    request: HttpRequest,
    inspection: Inspection,
    *,
    item: str,
    replaces: EvidenceItem | None = None,
    asked: EvidenceRequest | None = None,
) -> HttpResponse:
    initial = {"title": replaces.title, "covers": replaces.covers} if replaces else None
    form = GiveForm(request.POST or None, request.FILES or None, initial=initial)
    context = {"form": form, "text": _text_of(inspection, item), "replaces": replaces, "asked": asked}
    if form.is_valid():
        given = form.cleaned_data
        try:
            rules.give_evidence(
                inspection=inspection,
                item=item,
                by=access.person(request),
                replaces=replaces,
                request=asked,
                **form.cleaned_data,
            )
            messages.success(request, f"Given: {given['title']}.")
            return redirect("evidence", inspection.public_id)
        except WrongFile as refusal:
            form.add_error("upload", str(refusal))
        except rules.AlreadyReplaced as refusal:
            form.add_error(None, str(refusal))
    return render(request, "planning/give_evidence.html", context)


@access.needs("inspection.view")
def evidence_received(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """What the inspected body has given, for the inspectorate."""
    context = {
        "grid": rules.grid(inspection, rules.newest(inspection)),
        "read": set(
            EvidenceAssessment.objects.filter(item__inspection=inspection).values_list("item_id", flat=True).distinct()
        ),
    }
    return render(request, "planning/evidence_received.html", context)


@access.needs("evidence.assess")
def assess_evidence(request: HttpRequest, inspection: Inspection, given: UUID) -> HttpResponse:
    """Reads one document against the key questions of its standard."""
    item = get_object_or_404(inspection.evidence.select_related("document", "by"), public_id=given)
    item.inspection = inspection
    questions = rules.questions_for(inspection, item.item)
    form = AssessForm(request.POST or None, questions=questions)
    if form.is_valid():
        rules.assess(item=item, by=access.person(request), **form.cleaned_data)
        messages.success(request, f"Read against key question {form.cleaned_data['key_question']}.")
        return redirect("assess_evidence", inspection.public_id, item.public_id)
    context = {
        "item": item,
        "text": _text_of(inspection, item.item),
        "form": form,
        "questions": questions,
        "read": list(item.assessments.select_related("by")),
    }
    return render(request, "planning/assess_evidence.html", context)


@access.needs("evidence.assess")
def evidence_gaps(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Key questions of domain one without enough evidence yet, and what was asked for."""
    standards = rules.gaps(inspection)
    open_questions = sum(1 for _, states in standards for state in states if state.gap)
    questions = sum(len(states) for _, states in standards)
    return render(
        request,
        "planning/evidence_gaps.html",
        {"standards": standards, "open_questions": open_questions, "questions": questions},
    )


@access.needs("evidence.assess")
def ask_for_evidence(request: HttpRequest, inspection: Inspection, key_question: str) -> HttpResponse:
    """Asks for further evidence on one key question."""
    known = {question.id: question for standard in rules.domain_one(inspection) for question in standard.key_questions}
    if key_question not in known:
        raise Http404
    form = AskForm(request.POST or None)
    if form.is_valid():
        rules.ask_for_evidence(
            inspection=inspection, key_question=key_question, what=form.cleaned_data["what"], by=access.person(request)
        )
        messages.success(request, "The inspected body is asked.")
        return redirect("evidence_gaps", inspection.public_id)
    return render(request, "planning/ask_for_evidence.html", {"form": form, "question": known[key_question]})
