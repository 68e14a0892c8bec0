"""Chapter 7.3: the steps of the report in their order, and the one whose turn it is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.methodology.reporting import StepAlreadyDone, StepOutOfOrder, UnknownStep
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision
from inspectorate.reporting import actions
from inspectorate.reporting.forms import Completing

# Who reads along without a step of their own, and from which step on.
FROM = {"osag": "factual-accuracy"}


def _reached(request: HttpRequest, inspection: Inspection, found: list[actions.Step], decided: bool) -> bool:
    """Whether the report has come to this person: the inspectorate always, others from their own step on."""
    user = access.person(request)
    if access.is_inspectorate(user, inspection):
        return True
    done = sum(1 for one in found if one.done)
    roles = access.roles_on(user, inspection)
    own = [
        place
        for place, one in enumerate(found)
        if roles & set(one.step.owners) or any(FROM.get(role) == one.step.id for role in roles)
    ]
    return decided and bool(own) and done >= own[0]


@access.needs("report.view")
def report_steps(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The steps of the report with their owners; who owns the next one may complete it."""
    return _page(request, inspection, Completing())


def _page(request: HttpRequest, inspection: Inspection, form: Completing) -> HttpResponse:
    found = actions.steps(inspection)
    decided = Decision.objects.filter(panel__inspection=inspection).exists()
    if not _reached(request, inspection, found, decided):
        raise Http404
    turn = actions.turn(inspection, found) if decided else None
    pack, user = packs.pack_of(inspection), access.person(request)
    mine = turn is not None and bool(access.roles_on(user, inspection) & set(turn.waits_for))
    context = {
        "steps": found,
        "decided": decided,
        "turn": turn,
        "mine": mine and access.may(user, "report.step", inspection),
        "titles": {role.id: role.title for role in pack.roles.roles},
        "recorded": turn is not None and not set(turn.waits_for) & set(turn.step.owners),
        "form": form,
        "noted": _noted(user, inspection, found),
    }
    return render(request, "reporting/report_steps.html", context)


def _noted(user: User, inspection: Inspection, steps: list[actions.Step]) -> set[str]:
    """The steps whose notes a person reads: all inside; outside, their own and those left for their own."""
    if access.is_inspectorate(user, inspection):
        return {one.step.id for one in steps}
    roles = access.roles_on(user, inspection)
    own = {place for place, one in enumerate(steps) if roles & set(one.step.owners)}
    return {one.step.id for place, one in enumerate(steps) if own & {place, place + 1}}


@access.needs("report.step")
@require_POST
def complete_step(request: HttpRequest, inspection: Inspection, step: str) -> HttpResponse:
    """Completes one step, when it is its turn and the person's own."""
    user = access.person(request)
    form = Completing(request.POST)
    if form.is_valid():
        try:
            actions.complete_step(
                inspection=inspection,
                step=step,
                roles=access.roles_on(user, inspection),
                by=user,
                note=form.cleaned_data["note"],
            )
            messages.success(request, "The step is completed.")
            return redirect("report_steps", inspection.public_id)
        except UnknownStep as refusal:
            raise Http404 from refusal
        except (actions.NotDecided, actions.NotTheOwner, StepOutOfOrder, StepAlreadyDone) as refusal:
            form.add_error(None, str(refusal))
    return _page(request, inspection, form)
