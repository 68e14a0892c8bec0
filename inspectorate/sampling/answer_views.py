"""Chapter 4.4, stage 4: the inspectorate answers the exclusions of a returned sample, and sees how unusual they are."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, due, limited, rates, reading, returning
from inspectorate.sampling.answers import draw_or_404
from inspectorate.sampling.models import Draw
from inspectorate.sampling.return_forms import Answers

Refused = (actions.OldDraw, actions.NotReturned, actions.AlreadyConfirmed, actions.UnknownMark)


@access.needs("exclusions.confirm", personal="the exclusions of a sample")
def answer_exclusions(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Every exclusion with its reason, note and document, to be accepted or refused; what changed after the return."""
    found = draw_or_404(inspection, draw)
    case_list = reading.specification(found.long_list)
    marked = returning.marked(found, case_list)
    form = Answers(request.POST if request.method == "POST" else None, standing=marked.standing)
    if form.is_valid() and (answer := _save_answers(request, found, form)):
        return answer
    confirmed = cast(Any, found).confirmed
    context: dict[str, Any] = {
        "draw": found,
        "list": case_list,
        "marked": marked,
        "rows": [(one, form[f"answer-{one.mark.pk}"], form[f"why-{one.mark.pk}"]) for one in marked.standing],
        "reads_limited": not marked.limited or limited.may_read(access.person(request), inspection),
        "confirmed": confirmed,
        "may_answer": bool(found.returned_or_none) and not confirmed,
        "form": form,
        "due": due.back_of(found),
    }
    return render(request, "sampling/answer_exclusions.html", context, status=422 if form.errors else 200)


def _save_answers(request: HttpRequest, found: Draw, form: Answers) -> HttpResponse | None:
    here = redirect("answer_exclusions", found.long_list.inspection.public_id, found.public_id)
    try:
        changed = actions.answer_exclusions(draw=found, answers=form.given(), by=access.person(request))
    except (actions.RefusalNeedsReason, *Refused) as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"Saved. {changed} {'answer' if changed == 1 else 'answers'} changed.")
    return here


@access.needs("exclusions.confirm")
@require_POST
def accept_exclusions(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """Accepts every exclusion that has no answer yet."""
    found = draw_or_404(inspection, draw)
    try:
        accepted = actions.accept_remaining(draw=found, by=access.person(request))
        messages.success(request, f"{accepted} {'exclusion is' if accepted == 1 else 'exclusions are'} accepted.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("answer_exclusions", inspection.public_id, found.public_id)


@access.needs("longlist.view")
def exclusion_rates(request: HttpRequest, inspection: Inspection, draw: UUID) -> HttpResponse:
    """The rate of exclusions beside other inspections, and of each unit beside the rest of the body."""
    user = access.person(request)
    if not access.is_inspectorate(user, inspection):
        raise Http404
    found = draw_or_404(inspection, draw)
    case_list = reading.specification(found.long_list)
    named = access.may(user, "programme.view", inspection)
    compared = rates.of_inspection(inspection, found, case_list, named=named)
    context = {"draw": found, "list": case_list, "rates": compared, "named": named}
    return render(request, "sampling/exclusion_rates.html", context)
