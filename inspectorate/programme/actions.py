"""What administrators do with the programme: plan an inspection, change its team, move a date, note a thing done."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

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
    Unit,
)


class AlreadyPlanned(Exception):
    """This body already has an inspection that begins on this Monday."""


class RoleNotHeld(Exception):
    """The role to be ended is not held."""


class AlreadyDone(Exception):
    """A date that has happened was to be moved."""


class NotYet(Exception):
    """What an event releases was to be marked as released before its instant."""


class AlreadyHeld(Exception):
    """The person already has this role on this inspection."""


class CannotStop(Exception):
    """The inspection is stopped already, or its ratings are decided."""


def one_at_a_time(inspection: Inspection) -> None:
    """Makes every other action that calls this for the inspection wait until this transaction has ended."""
    held = Inspection.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    held.filter(pk=inspection.pk).values_list("pk").first()


@transaction.atomic
def plan_inspection(
    *, body: InspectedBody, fieldwork: date, nation: str, team: Mapping[str, Iterable[User]], by: User
) -> Inspection:
    """Makes an inspection with its team and all its dates. Manual 2.3a, 3.2a.

    `team` gives the people for each role id. Raises timeline.NotAMonday and AlreadyPlanned.
    """
    InspectedBody.objects.select_for_update(no_key=True).get(pk=body.pk)
    pack = packs.current()
    if fieldwork.weekday():
        raise timeline.NotAMonday(fieldwork)
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
        for one in dated_plan(inspection)
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
    one_at_a_time(inspection)
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
def invite(*, inspection: Inspection, email: str, name: str, role: str, by: User) -> Membership:
    """Gives a role to the person with this e-mail address; makes an account, without a password, where there is none.
    Manual 3.3b, 6.3a. Raises AlreadyHeld."""
    one_at_a_time(inspection)
    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        person = User.objects.create_user(email=email, name=name)
    return add_to_team(inspection=inspection, person=person, role=role, by=by)


@transaction.atomic
def end_role(*, membership: Membership, by: User) -> None:
    """Ends a role; the next request of that person is refused. The row stays."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
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
    """Moves one date of the plan, and with it what is counted from it; the originals and every change stay.
    Manual 3.4b, 7.4a. Raises AlreadyDone."""
    one_at_a_time(planned.inspection)
    planned.refresh_from_db(fields=["date", "last_date", "instant", "done_at"])
    if planned.done_at:
        raise AlreadyDone(f"This was done on {planned.done_at:%-d %B %Y}; its date stays.")
    inspection, was = planned.inspection, planned.date
    _move(planned, to, reason=reason, by=by, follows=False)
    open_events = inspection.events.filter(done_at=None)
    by_hand = DateChange.objects.filter(planned__inspection=inspection, follows=False)
    agreed = dict(by_hand.values_list("planned__event", "planned__date"))
    dated = {one.event.id: one for one in dated_plan(inspection, agreed=agreed)}
    for other in open_events.exclude(event__in=agreed):
        if other.date != dated[other.event].date:
            _move(other, dated[other.event].date, reason=f"Counted from {planned.event}", by=by, follows=True)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="move_date",
        subject=planned,
        summary=f"Moved {planned.event} from {was:%-d %B %Y} to {to:%-d %B %Y}",
        details={"reason": reason},
    )


def dated_plan(inspection: Inspection, agreed: Mapping[str, date] | None = None) -> tuple[timeline.DatedEvent, ...]:
    """The dated events of an inspection after its pack. Manual 2.3a."""
    return timeline.plan(
        packs.pack_of(inspection).timeline,
        fieldwork=inspection.fieldwork,
        nation=cast(timeline.Nation, inspection.nation),
        kind=cast(timeline.Kind, inspection.kind),
        agreed=agreed,
    )


def _move(planned: PlannedEvent, to: date, *, reason: str, by: User, follows: bool) -> None:
    DateChange.objects.create(
        planned=planned, was=planned.date, becomes=to, reason=reason, by=by, at=clock.now(), follows=follows
    )
    days = to - planned.date
    planned.date = to
    planned.last_date = planned.last_date + days if planned.last_date else None
    planned.instant = _same_hour(planned.instant, days) if planned.instant else None
    planned.save(update_fields=["date", "last_date", "instant"])


def _same_hour(instant: datetime, days: timedelta) -> datetime:
    return (instant.astimezone(clock.LONDON).replace(tzinfo=None) + days).replace(tzinfo=clock.LONDON)


def not_to_be_stopped(inspection: Inspection) -> str:
    """Why an inspection cannot be stopped any more; '' where it can."""
    if inspection.stopped_at:
        return "This inspection was stopped already."
    if inspection.panel_decided():
        return "The ratings panel has decided, and everything is locked."
    return ""


@transaction.atomic
def stop_inspection(*, inspection: Inspection, reason: str, by: User) -> None:
    """Ends an inspection without ratings. Everything found so far stays, and nothing of its plan waits any more. The
    manual knows no such end. Raises CannotStop."""
    one_at_a_time(inspection)
    inspection.refresh_from_db(fields=["stopped_at"])
    if refusal := not_to_be_stopped(inspection):
        raise CannotStop(refusal)
    inspection.stopped_at, inspection.stopped_by, inspection.stopped_why = clock.now(), by, reason.strip()
    inspection.save(update_fields=["stopped_at", "stopped_by", "stopped_why"])
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="stop_inspection",
        subject=inspection,
        summary="Stopped the inspection: it is not rated",
        details={"reason": inspection.stopped_why},
    )


def note_done(*, inspection: Inspection, event: str, by: User) -> None:
    """Notes on the plan that a dated event has happened, once; other actions call this inside their transaction."""
    PlannedEvent.objects.filter(inspection=inspection, event=event, done_at=None).update(
        done_at=clock.now(), done_by=by
    )


@transaction.atomic
def complete_task(*, planned: PlannedEvent, by: User) -> None:
    """Marks a task of the plan as done by hand, where no other action does it; a task that is done already stays as it
    is. Raises NotYet."""
    one_at_a_time(planned.inspection)
    planned.refresh_from_db(fields=["done_at", "instant"])
    if planned.done_at:
        return
    events = packs.pack_of(planned.inspection).timeline.events
    if any(event.recorded for event in events if event.id == planned.event):
        raise NotYet("This is done when it is recorded on its own page.")
    released = {event.id for event in events if event.releases}
    if planned.event in released and planned.instant and planned.instant > clock.now():
        raise NotYet(f"This happens at {planned.instant.astimezone(clock.LONDON):%H:%M on %-d %B %Y}, not before.")
    note_done(inspection=planned.inspection, event=planned.event, by=by)
    trail.record_change(
        chain=planned.inspection.chain,
        by=by,
        action="complete_task",
        subject=planned,
        summary=f"Marked {planned.event} as done",
    )


@transaction.atomic
def name_tiers(*, body: InspectedBody, tier_1: str, tier_2: str, by: User) -> None:
    """Records what a body calls its tier 1 and tier 2 units. Manual 3.5b."""
    for tier, name in ((1, tier_1), (2, tier_2)):
        TierName.objects.create(body=body, tier=tier, name=name, by=by, at=clock.now())
    trail.record_change(
        chain=trail.PROGRAMME,
        by=by,
        action="name_tiers",
        subject=body,
        summary=f"{body}: tier 1 is called {tier_1}, tier 2 is called {tier_2}",
    )


@transaction.atomic
def register_bodies(*, by: User | str) -> int:
    """Registers the bodies of figure 2 that are not there yet; answers how many were added. Manual 1.3a, 4.1a."""
    known = set(InspectedBody.objects.values_list("name", flat=True))
    rows = [row for row in packs.current().resourcing if row.name not in known]
    InspectedBody.objects.bulk_create(
        InspectedBody(
            name=row.name,
            kind=row.kind,
            cluster=row.cluster,
            nation="wales" if "Wales" in row.name.split() else "england",
        )
        for row in rows
    )
    if rows:
        trail.record_change(
            chain=trail.PROGRAMME,
            by=by,
            action="register_bodies",
            subject="programme.inspectedbody:figure-2",
            summary=f"Registered {len(rows)} inspected bodies",
        )
    return len(rows)


@transaction.atomic
def add_units(*, body: InspectedBody, units: Mapping[str, Iterable[str]], by: User | str) -> int:
    """Adds tier 1 units and the tier 2 units under each that the body does not have yet. Manual 3.5b, 4.3a."""
    added = 0
    for first, seconds in units.items():
        parent, is_new = Unit.objects.get_or_create(body=body, parent=None, name=first)
        added += is_new
        for second in seconds:
            added += Unit.objects.get_or_create(body=body, parent=parent, name=second)[1]
    if added:
        trail.record_change(
            chain=trail.PROGRAMME, by=by, action="add_units", subject=body, summary=f"{body}: {added} units added"
        )
    return added


@transaction.atomic
def open_account(*, email: str, name: str, office: str, by: User | str, kind: str = "") -> User:
    """Opens an account with a national office, for a `kind` of inspected body where the office is for one; a known
    address only gets the office, in place of the same one for another kind. Manual A1a. Raises AlreadyHeld."""
    role = packs.current().roles.role(office)
    kind = kind if role.of_a_kind else ""
    person = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email=email, name=name)
    before = Membership.objects.filter(user=person, inspection=None, role=office, ended_at=None).first()
    if before and before.kind == kind:
        raise AlreadyHeld(f"{person} holds this office already.")
    if before:
        before.ended_at = clock.now()
        before.save(update_fields=["ended_at"])
    Membership.objects.create(user=person, role=office, side=role.side, kind=kind, began_at=clock.now())
    trail.record_change(
        chain=trail.PROGRAMME,
        by=by,
        action="open_account",
        subject=person,
        summary=f"Gave {person.email} the office {office}{f' for {kind}' if kind else ''}",
    )
    return person


@transaction.atomic
def close_account(*, person: User, by: User) -> None:
    """Closes an account: nobody can sign in with it, its open sessions end at their next request. Manual A1a."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    trail.record_change(
        chain=trail.PROGRAMME, by=by, action="close_account", subject=person, summary=f"Closed {person.email}"
    )
