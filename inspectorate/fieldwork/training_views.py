"""Chapter 3.9: training cases: their reference answers, and the answers of each person in training."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.fieldwork import calibration_actions as actions
from inspectorate.fieldwork.calibration_forms import NewTrainingCase, TrainingSheet
from inspectorate.fieldwork.models import TrainingAnswers, TrainingCase
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection


@access.needs("training.view")
def training(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The training cases of an inspection; whoever sets them adds one."""
    user = access.person(request)
    sets = access.may(user, "training.set", inspection)
    if request.method == "POST" and not sets:
        raise Http404
    titles = {one.id: one.title for one in packs.pack_of(inspection).sampling.lists if inspection.kind in one.kinds}
    form = NewTrainingCase(request.POST or None, lists=[*titles.items()]) if sets else None
    if form and form.is_valid():
        actions.add_training_case(inspection=inspection, by=user, **form.cleaned_data)
        messages.success(request, "The training case is there. Set its reference answers next.")
        return redirect("training", inspection.public_id)
    context = {"cases": _rows(inspection, user), "sets": sets, "form": form, "titles": titles}
    return render(request, "fieldwork/training.html", context, status=422 if form and form.is_bound else 200)


def _rows(inspection: Inspection, user: Any) -> Any:
    """Each training case: whether its reference answers are set, whether this person judged it, and how many did."""
    given = TrainingAnswers.objects.filter(training_case=OuterRef("pk"))
    return inspection.training_cases.annotate(
        has_reference=Exists(given.filter(reference=True)),
        mine=Exists(given.filter(reference=False, by=user)),
        judged=Count("given", filter=Q(given__reference=False)),
    )


@access.needs("training.view")
def training_case(request: HttpRequest, inspection: Inspection, training_case: UUID) -> HttpResponse:
    """One training case: its reference answers for whoever sets them; else this person's own answers, given once."""
    found = get_object_or_404(TrainingCase.objects.filter(inspection=inspection), public_id=training_case)
    found.inspection = inspection
    user = access.person(request)
    sets = access.may(user, "training.set", inspection)
    kept = found.given.filter(reference=True) if sets else found.given.filter(reference=False, by=user)
    newest = kept.select_related("by").last()
    judged = sets and found.given.filter(reference=False).exists()
    may_give = not judged if sets else newest is None and access.may(user, "case.judge", inspection)
    asked = actions.questions(found)
    sent = request.POST if request.method == "POST" and may_give else None
    form = TrainingSheet(sent, questions=asked, given=newest.answers if newest else {})
    if form.is_valid():
        try:
            actions.give_training_answers(training_case=found, answers=form.cleaned_data, by=user)
            messages.success(request, "Your answers are kept.")
            return redirect("training", inspection.public_id)
        except actions.NotInTraining as refusal:
            form.add_error(None, str(refusal))
    context = {"case": found, "sheet": form, "sets": sets, "newest": newest, "may_give": may_give, "asked": asked}
    context["form"] = form if form.is_bound else None
    return render(request, "fieldwork/training_case.html", context, status=422 if form.is_bound else 200)
