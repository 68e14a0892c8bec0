"""Chapter 6.1: what was made of a case after it was judged: submissions, checks, corrections and notes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.fieldwork import quality_actions, seconds, visible
from inspectorate.fieldwork.form import case_form
from inspectorate.fieldwork.models import Assessment, Check, Thread
from inspectorate.fieldwork.quality_forms import Checked, Correct, Note, Reopen, Reply
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase

Refused = (
    quality_actions.NotSubmitted,
    quality_actions.SamePerson,
    quality_actions.Decided,
    quality_actions.NoReason,
    quality_actions.NotAnAnswer,
    quality_actions.ThreadClosed,
)


@access.needs("case.view-allocated", personal="what was made of a case")
def case_quality(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Submissions, re-openings, checks, corrections and notes of one case, and what this person may add."""
    return _page(request, visible.open_case(request, inspection, case))


def _page(request: HttpRequest, case: Any, wrong: Form | None = None) -> HttpResponse:
    user, inspection = access.person(request), case.inspection
    assessment: Assessment | None = getattr(case, "assessment", None)
    rights = access.rights_on(user, inspection)
    questions = _questions(case)
    submitted = bool(assessment and assessment.submitted_at)
    offered: dict[str, Form] = {}
    if assessment:
        if "case.judge" in rights:
            offered["note"] = Note(questions=questions)
        if not case.mine and "case.check" in rights:
            offered["check"] = Checked()
        if submitted and assessment.submitted_by_id != user.pk and "case.reopen" in rights:
            offered["reopen"] = Reopen()
        if submitted and "case.override" in rights:
            offered["correct"] = Correct(questions=questions)
    if wrong is not None:
        offered[_NAMES[type(wrong)]] = wrong
    history = quality_actions.history(assessment.pk) if assessment else []
    context = {
        "case": case,
        "assessment": assessment,
        "titles": dict(questions),
        "events": _timeline(history),
        "corrections": [event for event in history if event.what == "corrected"],
        "notes": quality_actions.notes_of(history),
        "noted": NOTED,
        "offered": offered,
        "words": quality_actions.words,
        "form": wrong,
    }
    return render(request, "fieldwork/case_quality.html", context, status=422 if wrong else 200)


EVENTS = {
    "submitted": "Submitted",
    "reopened": "Opened again",
    "agreed": "Checked: agreed",
    "not-agreed": "Checked: to be looked at again",
}
NOTED = {"note resolved": "Resolved", "note reopened": "Opened again"}
_NAMES: dict[type[Form], str] = {Note: "note", Checked: "check", Reopen: "reopen", Correct: "correct"}


def _questions(case: SampledCase) -> list[tuple[str, str]]:
    """(field, words) of every key question and prompt that the case can have."""
    found = []
    for standard in case_form(case).framework.standards_for_list(case.case_list):
        for question in standard.key_questions:
            found.append((question.id, f"{question.id} {question.label}"))
            found += [(prompt.id, f"{prompt.id} {prompt.text}"[:120]) for prompt in question.prompts]
    return found


def _timeline(events: list[quality_actions.Event]) -> list[dict[str, Any]]:
    return [
        {"title": EVENTS[event.what], "by": event.by, "when": event.at, "text": event.text}
        for event in events
        if event.what in EVENTS
    ]


def _do(request: HttpRequest, case: Any, form: Form, act: Callable[[dict[str, Any]], Any], done: str) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
            messages.success(request, done)
            return redirect("case_quality", case.inspection.public_id, case.public_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, case, form)


@access.needs("case.reopen", personal="what was made of a case")
@require_POST
def reopen_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Opens a submitted case again."""
    found, by = visible.open_case(request, inspection, case), access.person(request)
    return _do(
        request, found, Reopen(request.POST),
        lambda given: quality_actions.reopen_case(case=found, reason=given["reason"], by=by),
        "The case is open again. Its inspector can change it and submits it once more.",
    )  # fmt: skip


@access.needs("case.check", personal="what was made of a case")
@require_POST
def check_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Notes a check of a local assessor's case."""
    found, by = visible.open_case(request, inspection, case), access.person(request)
    return _do(
        request, found, Checked(request.POST),
        lambda given: quality_actions.check_case(
            case=found, agreed=given["agreed"] == "yes", text=given["text"], by=by
        ),
        "Your check is noted.",
    )  # fmt: skip


@access.needs("case.override", personal="what was made of a case")
@require_POST
def correct_answer(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Changes an answer of a submitted case, with a reason."""
    found, by = visible.open_case(request, inspection, case), access.person(request)
    return _do(
        request, found, Correct(request.POST, questions=_questions(found)),
        lambda given: quality_actions.override_answer(case=found, by=by, **given),
        "The answer is changed. The earlier one stays on record.",
    )  # fmt: skip


@access.needs("case.judge", personal="what was made of a case")
@require_POST
def leave_note(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Leaves a note on one answer."""
    found, by = visible.open_case(request, inspection, case), access.person(request)
    return _do(
        request, found, Note(request.POST, questions=_questions(found)),
        lambda given: quality_actions.open_thread(case=found, by=by, **given),
        "Your note is there.",
    )  # fmt: skip


@access.needs("case.judge")
@require_POST
def answer_note(request: HttpRequest, inspection: Inspection, case: UUID, thread: UUID) -> HttpResponse:
    """Answers a note, resolves it or opens it again."""
    found = visible.open_case(request, inspection, case)
    judged = seconds.assessments(found, of=access.person(request), second=found.again)
    there = Thread.objects.filter(assessment__in=judged).select_related("assessment__case", "assessment__second_of")
    kept = get_object_or_404(there, public_id=thread)
    kept.assessment.judged.inspection = inspection
    form, what = Reply(request.POST), request.POST.get("what", "said")
    try:
        if not form.is_valid() or what not in ("said", "resolved", "reopened"):
            raise quality_actions.NoReason("Write a reply of at most 5,000 characters.")
        quality_actions.add_to_thread(thread=kept, what=what, text=form.cleaned_data["text"], by=access.person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("case_quality", inspection.public_id, case)


@access.needs("case.check", personal="the cases of local assessors")
def checks(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The cases of local assessors, those that nobody has checked first."""
    by_me = Check.objects.filter(assessment__case=OuterRef("pk"))
    rows = (
        visible.to_check(inspection)
        .exclude(pk__in=seconds.held(access.person(request), inspection))
        .select_related("assessment")
        .annotate(checked=Exists(by_me))
        .prefetch_related("allocations__inspector", "assessment__checks__by")
    )
    found = sorted(rows, key=lambda case: (not _judged(case), case.checked, case.case_list, case.number))
    return render(request, "fieldwork/checks.html", {"cases": found})


def _judged(case: SampledCase) -> bool:
    return getattr(case, "assessment", None) is not None
