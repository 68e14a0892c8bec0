"""Chapters 1, 2 and 3.1: planning an inspection, its team and dates, bodies with their units, and accounts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.methodology import timeline
from inspectorate.programme import access, actions, clashes, packs
from inspectorate.programme.forms import MovedDate, NewAccount, NewInspection, NewUnits, Stopping, TeamMember, TierNames
from inspectorate.programme.models import InspectedBody, Inspection, Membership, PlannedEvent


@access.needs("programme.plan")
def plan_inspection(request: HttpRequest) -> HttpResponse:
    """Puts an inspection into the programme; clashes of team members are named before it is saved."""
    form = NewInspection(request.POST or None, initial={"body": request.GET.get("body")})
    found: list[clashes.PersonClash] = []
    if form.is_valid():
        given = form.cleaned_data
        team = form.team()
        try:
            found = clashes.of_fieldwork([p for people in team.values() for p in people], given["fieldwork"])
            if not found or given["accept_clashes"]:
                inspection = actions.plan_inspection(
                    body=given["body"],
                    fieldwork=given["fieldwork"],
                    nation=given["nation"],
                    team=team,
                    by=access.person(request),
                )
                messages.success(request, f"The inspection of {inspection.body} is planned.")
                return redirect("inspection", inspection.public_id)
        except (timeline.NotAMonday, timeline.YearNotKnown, actions.AlreadyPlanned) as refusal:
            form.add_error("fieldwork", str(refusal))
    return render(request, "programme/plan_inspection.html", {"form": form, "clashes": found})


@access.needs("inspection.view")
def team(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Who is on the inspection, in which role, since when; and clashes of their fieldwork."""
    held = list(inspection.memberships.select_related("user").order_by("ended_at", "pk"))
    roles = packs.pack_of(inspection).roles
    people = {one.user for one in held if one.side == "inspectorate" and not one.ended_at}
    context = {
        "held": [(one, roles.role(one.role).title) for one in held],
        "clashes": clashes.of_fieldwork(people, inspection.fieldwork, leave_out=[inspection.pk]),
        "form": TeamMember(roles=_roles(inspection)),
    }
    return render(request, "programme/team.html", context)


def _roles(inspection: Inspection) -> tuple[Any, ...]:
    return tuple(role for role in packs.pack_of(inspection).roles.roles if role.scope == "inspection")


@access.needs("team.change")
@require_POST
def add_to_team(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Gives somebody a role; an address without an account gets one."""
    form = TeamMember(request.POST, roles=_roles(inspection))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.invite(
                inspection=inspection,
                email=given["email"],
                name=given["name"],
                role=given["role"],
                by=access.person(request),
            )
            messages.success(request, f"{given['name']} is on the team.")
            return redirect("team", inspection.public_id)
        except actions.AlreadyHeld as refusal:
            form.add_error("email", str(refusal))
    return render(request, "programme/add_to_team.html", {"form": form}, status=422)


@access.needs("team.change")
@require_POST
def end_role(request: HttpRequest, inspection: Inspection, membership: int) -> HttpResponse:
    """Ends a role; that person's next request is refused."""
    held = get_object_or_404(inspection.memberships, pk=membership, ended_at=None)
    actions.end_role(membership=held, by=access.person(request))
    messages.success(request, f"{held.user.name} no longer has this role.")
    return redirect("team", inspection.public_id)


@access.needs("plan.change")
def move_date(request: HttpRequest, inspection: Inspection, event: str) -> HttpResponse:
    """Moves one date of the plan, with a reason."""
    planned = get_object_or_404(inspection.events, event=event)
    form = MovedDate(request.POST or None, initial={"to": planned.date})
    if form.is_valid():
        try:
            actions.move_date(planned=planned, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The date is moved.")
            return redirect("weeks", inspection.public_id)
        except (actions.AlreadyDone, timeline.YearNotKnown) as refusal:
            form.add_error("to", str(refusal))
    context = {"form": form, "planned": planned, "title": _title(inspection, planned), "changes": planned.changes.all()}
    return render(request, "programme/move_date.html", context)


def _title(inspection: Inspection, planned: PlannedEvent) -> str:
    events = packs.pack_of(inspection).timeline.events
    return next(event.title for event in events if event.id == planned.event)


@access.needs("task.complete")
@require_POST
def complete_task(request: HttpRequest, inspection: Inspection, event: str) -> HttpResponse:
    """Marks one's own task of the plan as done."""
    planned = get_object_or_404(inspection.events, event=event)
    owners = {e.owner for e in packs.pack_of(inspection).timeline.events if e.id == event}
    if not owners & access.roles_on(access.person(request), inspection):
        raise Http404
    if planned.done_at is None:
        try:
            actions.complete_task(planned=planned, by=access.person(request))
            messages.success(request, f"Done: {_title(inspection, planned)}.")
        except actions.NotYet as refusal:
            messages.error(request, str(refusal))
    return redirect("inspection", inspection.public_id)


@access.needs("programme.plan")
def stop_inspection(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Ends an inspection without ratings, with a reason that everybody on it reads."""
    form = Stopping(request.POST or None)
    if form.is_valid():
        try:
            actions.stop_inspection(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The inspection is stopped.")
            return redirect("inspection", inspection.public_id)
        except actions.CannotStop as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "refusal": actions.not_to_be_stopped(inspection)}
    return render(request, "programme/stop_inspection.html", context)


@access.needs("programme.view")
def body(request: HttpRequest, body: UUID) -> HttpResponse:
    """An inspected body: its units, what it calls them, and its inspections."""
    found = get_object_or_404(InspectedBody, public_id=body)
    units = list(found.units.filter(parent=None).prefetch_related("units"))
    context = {
        "body": found,
        "units": units,
        "tier_1": found.unit_names[1],
        "tier_2": found.unit_names[2],
        "inspections": Inspection.objects.for_user(access.person(request)).filter(body=found),
        "may_change": access.anywhere(access.person(request), "programme.plan"),
    }
    return render(request, "programme/body.html", context)


@access.needs("programme.plan")
def name_tiers(request: HttpRequest, body: UUID) -> HttpResponse:
    """Records what the body calls its tier 1 and tier 2 units."""
    found = get_object_or_404(InspectedBody, public_id=body)
    form = TierNames(request.POST or None)
    if form.is_valid():
        actions.name_tiers(body=found, by=access.person(request), **form.cleaned_data)
        return redirect("body", found.public_id)
    return render(request, "programme/name_tiers.html", {"body": found, "form": form})


@access.needs("programme.plan")
def add_units(request: HttpRequest, body: UUID) -> HttpResponse:
    """Adds units to a body."""
    found = get_object_or_404(InspectedBody, public_id=body)
    form = NewUnits(request.POST or None)
    if form.is_valid():
        added = actions.add_units(body=found, units=form.cleaned_data["units"], by=access.person(request))
        messages.success(request, f"{added} units added." if added else "The body had these units already.")
        return redirect("body", found.public_id)
    return render(request, "programme/add_units.html", {"body": found, "form": form})


@access.needs("accounts.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, their offices, and a new account."""
    offices = tuple(role for role in packs.current().roles.roles if role.scope == "national")
    form = NewAccount(request.POST or None, offices=offices)
    if form.is_valid():
        try:
            person = actions.open_account(by=access.person(request), **form.cleaned_data)
            messages.success(
                request, f"{person.name} has an account and sets the password with «Forgot your password»."
            )
            return redirect("people")
        except actions.AlreadyHeld as refusal:
            form.add_error("email", str(refusal))
    held = Prefetch("memberships", Membership.objects.filter(inspection=None, ended_at=None), to_attr="offices")
    titles = {role.id: role.title for role in offices}
    everybody = User.objects.prefetch_related(held).order_by("-is_active", "name")
    return render(request, "programme/people.html", {"everybody": everybody, "titles": titles, "form": form})


@access.needs("accounts.manage")
@require_POST
def close_account(request: HttpRequest, person: UUID) -> HttpResponse:
    """Closes an account other than one's own."""
    found = get_object_or_404(User.objects.exclude(pk=access.person(request).pk), public_id=person, is_active=True)
    actions.close_account(person=found, by=access.person(request))
    messages.success(request, f"The account of {found.name} is closed.")
    return redirect("people")
