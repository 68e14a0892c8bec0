"""Chapter 6.1: the page on which the deputy sees how alike inspectors judge, gives cases to a second inspector, and
looks at two judgements side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from inspectorate.design import charts
from inspectorate.fieldwork import calibration as figures
from inspectorate.fieldwork import calibration_actions as actions
from inspectorate.fieldwork.calibration_forms import DrawSeconds, GiveSecond, Settle
from inspectorate.fieldwork.models import SecondJudgement
from inspectorate.fieldwork.quality_actions import history, notes_of, words
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight

WITH_ONE_ANOTHER = "Training, with one another"


@access.needs("calibration.view")
@require_GET
def calibration(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """How alike inspectors judge, by question, inspector and week, beside the training; and the cases judged twice."""
    found = figures.judgements(inspection)
    shown = figures.shown(inspection, found)
    rows = [
        (one.name, one.judged, (one.percent.value, one.percent.low, one.percent.high) if one.percent else None)
        for one in shown.moments
    ]
    context = {
        "found": found,
        "ready": sum(1 for one in found if one.ready),
        "shown": shown,
        "picture": charts.drift("Answers that are alike", rows, WITH_ONE_ANOTHER, "judgements"),
        "rules": packs.pack_of(inspection).fieldwork.calibration,
        "lists": _titles(inspection),
    }
    return render(request, "fieldwork/calibration.html", context)


def _titles(inspection: Inspection) -> dict[str, str]:
    return {one.id: one.title for one in packs.pack_of(inspection).sampling.lists if inspection.kind in one.kinds}


@access.needs("calibration.choose")
def choose(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Draws cases to be judged a second time, or gives one by hand."""
    could = actions.candidates(inspection)
    titles = _titles(inspection)
    drawn, by_hand = request.POST.get("how") == "draw", request.POST.get("how") == "hand"
    most = packs.pack_of(inspection).fieldwork.calibration.most_at_once
    people = {str(user.public_id): user for one in could for user in one.seconds.values()}
    cases = {str(one.allocation.case.public_id): one.allocation for one in could if one.seconds}
    draw = DrawSeconds(request.POST if drawn else None, lists=[*titles.items()], most=most)
    hand = GiveSecond(
        request.POST if by_hand else None,
        people=[(key, user.name) for key, user in people.items()],
        cases=[(key, f"{titles.get(one.case.case_list, one.case.case_list)}, case {one.case.number}, now with "
                     f"{one.inspector.name}") for key, one in cases.items()],
    )  # fmt: skip
    form: Form = hand if by_hand else draw
    if form.is_valid():
        try:
            messages.success(request, _given(request, inspection, form, cases, people))
            return redirect("calibration", inspection.public_id)
        except (actions.NothingToDraw, actions.MayNotJudgeAgain) as refusal:
            form.add_error(None, str(refusal))
    wrong = form if form.is_bound else None
    context = {"draw": draw, "hand": hand, "could": len(cases), "form": wrong}
    return render(request, "fieldwork/choose_seconds.html", context, status=422 if wrong else 200)


def _given(request: HttpRequest, inspection: Inspection, form: Form, cases: Any, people: Any) -> str:
    by, given = access.person(request), form.cleaned_data
    if isinstance(form, DrawSeconds):
        made = actions.draw_seconds(inspection=inspection, by=by, **given)
        return f"{len(made)} of {given['wanted']} cases are given to a second inspector. Nobody was told."
    case = cases[given["case"]].case
    case.inspection = inspection
    actions.give_second(case=case, to=people[given["inspector"]], by=by)
    return f"Case {case.number} is given to a second inspector. Nobody was told."


def _judgement(request: HttpRequest, inspection: Inspection, judgement: UUID) -> Any:
    """A case that both have submitted and that is not kept from who asks."""
    found = next((one for one in figures.judgements(inspection) if one.public_id == judgement), None)
    if found is None or not found.ready or not Sight(access.person(request), inspection).sees(found.case.case):
        raise Http404
    return found


@access.needs("calibration.view", personal="two judgements of a case")
@require_GET
def beside(request: HttpRequest, inspection: Inspection, judgement: UUID) -> HttpResponse:
    """Two judgements of a case side by side, once both are submitted, and what was made of their differences."""
    return _beside(request, _judgement(request, inspection, judgement), inspection)


def _beside(
    request: HttpRequest, found: Any, inspection: Inspection, rows: Any = None, wrong: Form | None = None
) -> HttpResponse:
    rows = rows or figures.beside(inspection, found)
    differing = [(one.field, one.words[:120]) for one in rows if one.differs]
    context = {
        "judgement": found,
        "list": _titles(inspection)[found.case.case_list],
        "rows": rows,
        "differing": len(differing),
        "notes": notes_of(history(found.second_id)),
        "words": words,
        "settle": wrong or Settle(fields=differing),
        "form": wrong,
    }
    return render(request, "fieldwork/two_judgements.html", context, status=422 if wrong else 200)


@access.needs("calibration.choose", personal="two judgements of a case")
@require_POST
def settle(request: HttpRequest, inspection: Inspection, judgement: UUID) -> HttpResponse:
    """Notes what was made of a difference; no answer changes."""
    found = _judgement(request, inspection, judgement)
    rows = figures.beside(inspection, found)
    differing = {one.field: one.words[:120] for one in rows if one.differs}
    form = Settle(request.POST, fields=[*differing.items()])
    if form.is_valid():
        try:
            actions.settle_difference(
                judgement=found, differing=frozenset(differing), by=access.person(request), **form.cleaned_data
            )
            messages.success(request, "Your note is kept. No answer was changed.")
            return redirect("two_judgements", inspection.public_id, judgement)
        except actions.NotADifference as refusal:
            form.add_error(None, str(refusal))
    return _beside(request, found, inspection, rows, form)


@access.needs("calibration.choose")
@require_POST
def end(request: HttpRequest, inspection: Inspection, judgement: UUID) -> HttpResponse:
    """Takes a second judgement back before it is submitted."""
    there = SecondJudgement.objects.filter(case__inspection=inspection).select_related("case")
    found = get_object_or_404(there, public_id=judgement)
    found.case.inspection = inspection
    try:
        actions.end_second(judgement=found, by=access.person(request))
        messages.success(request, f"Case {found.case.number} is not judged a second time.")
    except actions.Begun as refusal:
        messages.error(request, str(refusal))
    return redirect("calibration", inspection.public_id)
