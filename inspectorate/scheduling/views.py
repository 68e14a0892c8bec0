"""Chapter 5: who inspects which case, shown and changed."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase, standing
from inspectorate.scheduling import actions, availability
from inspectorate.scheduling.forms import Connection, Reallocation
from inspectorate.scheduling.models import Allocation


@access.needs("cases.allocate")
def allocation(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The team with their cases, and the cases that have no inspector yet."""
    current = Prefetch(
        "allocations", Allocation.objects.filter(ended_at=None).select_related("inspector"), to_attr="current"
    )
    sampled = standing(inspection.sampled_cases.all()).select_related("case").prefetch_related(current)
    cases = Sight(access.person(request), inspection).rows(sampled)
    people = actions.team(inspection)
    titles = {role.id: role.title for role in packs.pack_of(inspection).roles.roles}
    counts: dict[int, int] = {}
    for case in cases:
        for one in case.current:
            counts[one.inspector_id] = counts.get(one.inspector_id, 0) + 1
    context = {
        "cases": cases,
        "away": availability.notices(inspection, cases),
        "team": [(user, titles[inspector.role], counts.get(user.pk, 0)) for user, inspector in people.values()],
        "waiting": sum(1 for case in cases if not case.current),
        "lists": {one.id: one.title for one in packs.pack_of(inspection).sampling.lists},
    }
    return render(request, "scheduling/allocation.html", context)


@access.needs("cases.allocate")
@require_POST
def allocate_cases(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Deals all waiting cases to the team."""
    try:
        dealt = actions.allocate_cases(inspection=inspection, by=access.person(request))
    except actions.NothingToAllocate as refusal:
        messages.warning(request, str(refusal))
        return redirect("allocation", inspection.public_id)
    messages.success(request, f"{dealt.dealt} cases are allocated.")
    if dealt.left_over:
        messages.warning(
            request, f"Nobody may or can take {len(dealt.left_over)} cases. Add to the team, then allocate again."
        )
    if waiting := sum(1 for one in dealt.left_over if one.case.limited):
        messages.warning(request, f"{waiting} of them are limited-access cases. {actions.NAME_READERS}")
    return redirect("allocation", inspection.public_id)


@access.needs("cases.allocate")
def reallocate_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Gives one case to another inspector."""
    found = get_object_or_404(
        standing(inspection.sampled_cases.all()).select_related("case", "inspection"), public_id=case
    )
    people = [user for user, _ in actions.team(inspection).values()]
    form = Reallocation(request.POST or None, people=people)
    if form.is_valid():
        try:
            actions.reallocate_case(case=found, by=access.person(request), **form.cleaned_data)
            messages.success(request, f"The case goes to {form.cleaned_data['to'].name}.")
            return redirect("allocation", inspection.public_id)
        except actions.MayNotTake as refusal:
            form.add_error("to", str(refusal))
    history = found.allocations.select_related("inspector", "by")
    return render(request, "scheduling/reallocate_case.html", {"form": form, "case": found, "history": history})


@access.needs("case.judge")
def declare_connection(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """An inspector declares a connection; the cases that it touches leave their list at once. What they declared so far
    is read by them alone."""
    form = Connection(request.POST or None)
    if form.is_valid():
        taken: list[SampledCase] = list(
            actions.declare_connection(
                inspection=inspection, inspector=access.person(request), by=access.person(request), **form.cleaned_data
            )
        )
        messages.success(request, f"Your connection is recorded. {len(taken)} of your cases go to somebody else.")
        return redirect("my_work")
    declared = inspection.conflicts.filter(inspector=access.person(request))
    return render(request, "scheduling/declare_connection.html", {"form": form, "declared": declared})
