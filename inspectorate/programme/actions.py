"""What administrators do with the programme: plan an inspection, change its team, move a date, note a thing done."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.methodology import timeline
from inspectorate.programme import packs
from inspectorate.programme.models import (
    DateChange,
    InspectedBody,
    Inspection,
    Membership,
    PlannedEvent,
    TierName,
)


class AlreadyPlanned(Exception):
    """This body already has an inspection that begins on this Monday."""


class RoleNotHeld(Exception):
    """The role to be ended is not held."""


class AlreadyHeld(Exception):
    """The person already has this role on this inspection."""


@transaction.atomic
def plan_inspection(
    *, body: InspectedBody, fieldwork: date, nation: str, team: Mapping[str, Iterable[User]], by: User
) -> Inspection:
    """Makes an inspection with its team and all its dates. Manual 2.3a, 3.2a.

    `team` gives the people for each role id. Raises timeline.NotAMonday and AlreadyPlanned.
    """
    pack = packs.current()
    dated = timeline.plan(pack.timeline, fieldwork=fieldwork, nation=nation, kind=body.kind)
    if Inspection.objects.filter(body=body, fieldwork=fieldwork).exists():
        raise AlreadyPlanned(f"{body} already has an inspection with fieldwork from {fieldwork:%A %-d %B %Y}.")
    inspection = Inspection.objects.create(
        body=body,
        kind=body.kind,
        nation=nation,
        fieldwork=fieldwork,
        pack=packs.version_of(pack),
        made_by=by,
        made_at=clock.now(),
    )
    PlannedEvent.objects.bulk_create(
        PlannedEvent(
            inspection=inspection,
            event=one.event.id,
            date=one.date,
            last_date=one.last_date,
            instant=one.instant,
            original_date=one.date,
        )
        for one in dated
    )
    for role, people in team.items():
        for person in people:
            _add(inspection, person, role)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="plan_inspection",
        subject=inspection,
        summary=f"Planned the inspection of {body} with fieldwork from {fieldwork:%-d %B %Y}",
        details={"pack": pack.id, "digest": pack.digest, "nation": nation},
    )
    return inspection


def _add(inspection: Inspection, person: User, role: str) -> Membership:
    side = packs.pack_of(inspection).roles.role(role).side
    return Membership.objects.create(user=person, inspection=inspection, role=role, side=side, began_at=clock.now())


@transaction.atomic
def add_to_team(*, inspection: Inspection, person: User, role: str, by: User) -> Membership:
    """Gives a person a role on an inspection. Manual 3.1a, 6.3a. Raises AlreadyHeld, roles.UnknownRole."""
    if Membership.objects.filter(inspection=inspection, user=person, role=role, ended_at=None).exists():
        raise AlreadyHeld(f"{person} is already {role} on this inspection.")
    membership = _add(inspection, person, role)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="add_to_team",
        subject=person,
        summary=f"Gave {person.email} the role {role}",
    )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: User) -> None:
    """Ends a role; the next request of that person is refused. The row stays."""
    if membership.ended_at is not None or membership.inspection is None:
        raise RoleNotHeld("This role has ended already.")
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    trail.record_change(
        chain=membership.inspection.chain,
        by=by,
        action="end_role",
        subject=membership.user,
        summary=f"Ended the role {membership.role} of {membership.user.email}",
    )


@transaction.atomic
def move_date(*, planned: PlannedEvent, to: date, reason: str, by: User) -> None:
    """Moves one date of the plan; the original and every change stay. Manual 3.4b."""
    DateChange.objects.create(planned=planned, was=planned.date, becomes=to, reason=reason, by=by, at=clock.now())
    was, days = planned.date, to - planned.date
    planned.date = to
    planned.last_date = planned.last_date + days if planned.last_date else None
    planned.instant = _same_hour(planned.instant, days) if planned.instant else None
    planned.save(update_fields=["date", "last_date", "instant"])
    trail.record_change(
        chain=planned.inspection.chain,
        by=by,
        action="move_date",
        subject=planned,
        summary=f"Moved {planned.event} from {was:%-d %B %Y} to {to:%-d %B %Y}",
        details={"reason": reason},
    )


def _same_hour(instant: datetime, days: timedelta) -> datetime:
    return (instant.astimezone(clock.LONDON).replace(tzinfo=None) + days).replace(tzinfo=clock.LONDON)


def note_done(*, inspection: Inspection, event: str, by: User) -> None:
    """Notes on the plan that a dated event has happened, once; other actions call this inside their transaction."""
    PlannedEvent.objects.filter(inspection=inspection, event=event, done_at=None).update(
        done_at=clock.now(), done_by=by
    )


@transaction.atomic
def complete_task(*, planned: PlannedEvent, by: User) -> None:
    """Marks a task of the plan as done by hand, where no other action does it."""
    note_done(inspection=planned.inspection, event=planned.event, by=by)
    trail.record_change(
        chain=planned.inspection.chain,
        by=by,
        action="complete_task",
        subject=planned,
        summary=f"Marked {planned.event} as done",
    )


@transaction.atomic
def name_tier(*, body: InspectedBody, tier: int, name: str, by: User) -> TierName:
    """Records what a body calls its tier 1 or tier 2 units. Manual 3.5b."""
    called = TierName.objects.create(body=body, tier=tier, name=name, by=by, at=clock.now())
    trail.record_change(
        chain=trail.PROGRAMME,
        by=by,
        action="name_tier",
        subject=body,
        summary=f"{body}: tier {tier} units are called {name}",
    )
    return called
