"""Chapters 1.4 and 6.7: the page of an officer interview, under seal, and what is told of all of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inspectorate.fieldwork import interview_actions, interviews, visible
from inspectorate.fieldwork.interview_forms import InterviewForm
from inspectorate.fieldwork.models import OfficerInterview
from inspectorate.programme import access
from inspectorate.programme.models import Inspection


@access.needs("case.judge", personal="an officer interview")
def interview(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """The interview of a case: its form for the inspector of the case, and what was said for those who may read it."""
    user = access.person(request)
    found = visible.seen_case(user, inspection, case)
    newest = interviews.readable(user, found).last()
    holds = found.mine and interviews.belongs(found)
    if not holds and (newest is None or request.method == "POST"):
        raise Http404
    form = _form(request, inspection, newest) if holds else None
    if form and form.is_valid():
        try:
            interview_actions.record_interview(case=found, by=user, **form.given())
            messages.success(request, "The interview is recorded and sealed.")
            return redirect("interview", inspection.public_id, found.public_id)
        except interview_actions.BadInterview as refusal:
            form.add_error(None, str(refusal))
    if newest:
        newest.case = found
    context: dict[str, Any] = {"case": found, "form": form, "newest": newest}
    return render(request, "fieldwork/interview.html", context | {"said": interviews.said(newest) if newest else ()})


def _form(request: HttpRequest, inspection: Inspection, newest: OfficerInterview | None) -> InterviewForm:
    typed = request.POST if request.method == "POST" else None
    return InterviewForm(typed, rules=interviews.rules_of(inspection), newest=newest)


@access.needs("interview.read")
def in_aggregate(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Counts of what officers said, never of fewer than the least group, nor so that a smaller one can be told."""
    asked = interviews.rules_of(inspection)
    context = {
        "held": interviews.in_aggregate(inspection),
        "views": asked.views,
        "titles": {one.id: one.title for one in asked.counted},
        "least": asked.least_group,
    }
    return render(request, "fieldwork/interviews.html", context)
