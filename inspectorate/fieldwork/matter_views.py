"""Chapter 6.1: pages of matters about cases: raise one, the list, one matter, and each step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.documents.files import WrongFile
from inspectorate.fieldwork import matter_actions as actions
from inspectorate.fieldwork import matter_forms as shapes
from inspectorate.fieldwork import matters, visible
from inspectorate.fieldwork.models import Matter, MatterStep
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection

# Step of the address -> title of its page, form, action, what is said afterwards.
STEPS: dict[str, tuple[str, type[forms.Form], Callable[..., MatterStep], str]] = {
    "answer": ("Record an answer", shapes.AnswerForm, actions.answer_matter, "The answer is recorded."),
    "evidence": ("Record evidence", shapes.EvidenceForm, actions.show_evidence, "The evidence is recorded."),
    "close": ("Close the matter", shapes.CloseForm, actions.close_matter, "The matter is closed."),
    "again": ("Open the matter again", shapes.AgainForm, actions.open_matter_again, "The matter is open again."),
}


@access.needs("matter.follow")
def matter_list(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Every matter of the inspection, what is open first."""
    return render(request, "fieldwork/matters.html", {"rows": matters.listed(access.person(request), inspection)})


@access.needs("case.judge")
def raise_matter(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Raises a matter about a case; the form says what is expected of whom."""
    user = access.person(request)
    found = visible.seen_case(user, inspection, case)
    known = packs.pack_of(inspection).fieldwork.matters
    form = shapes.RaiseForm(request.POST or None, kinds=rules.matters_of(known, inspection.kind, found.case_list))
    if form.is_valid():
        made = actions.raise_matter(case=found, by=user, **form.cleaned_data)
        messages.success(request, "The matter is raised. You can go on with the case.")
        return redirect("matter", inspection.public_id, made.public_id)
    return render(request, "fieldwork/raise_matter.html", {"form": form, "case": found})


def _matter(request: HttpRequest, inspection: Inspection, matter: UUID) -> Matter:
    found = get_object_or_404(matters.visible(access.person(request), inspection), public_id=matter)
    found.case.inspection = inspection
    return found


@access.needs("matter.view", personal="a matter about a case")
def matter(request: HttpRequest, inspection: Inspection, matter: UUID) -> HttpResponse:
    """One matter: what was found, what is expected of whom, and what came of it."""
    found = _matter(request, inspection, matter)
    steps = list(found.steps.select_related("by", "document"))
    row = matters.followed(inspection, found, steps)
    follows = access.may(access.person(request), "matter.follow", inspection)
    context = {"row": row, "matter": found, "steps": steps, "follows": follows}
    return render(request, "fieldwork/matter.html", context)


@access.needs("matter.follow", personal="a matter about a case")
def matter_step(request: HttpRequest, inspection: Inspection, matter: UUID, step: str) -> HttpResponse:
    """The page of one step, and its saving."""
    found = _matter(request, inspection, matter)
    if step not in STEPS:
        raise Http404
    title, shape, action, done = STEPS[step]
    more: dict[str, Any] = {"kind": matters.kind_of(inspection, found)} if shape is shapes.CloseForm else {}
    form = shape(request.POST if request.method == "POST" else None, request.FILES or None, **more)
    if form.is_valid():
        try:
            action(matter=found, by=access.person(request), **form.cleaned_data)
            messages.success(request, done)
            return redirect("matter", inspection.public_id, found.public_id)
        except actions.NotNow as refusal:
            form.add_error(None, str(refusal))
        except WrongFile as refusal:
            form.add_error("upload", str(refusal))
    return render(request, "fieldwork/matter_step.html", {"matter": found, "form": form, "title": title})
