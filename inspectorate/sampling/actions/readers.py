"""Chapter 4.4e: the lead inspector names who may read limited-access cases, and ends it."""

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.programme import access, packs
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling.models import LimitedReader


class CannotRead(Exception):
    """This person cannot be named as a reader, or is none; the message says why."""


def candidates(inspection: Inspection) -> list[User]:
    """Those of the inspectorate on the team of an inspection who may see personal data, by name. One query."""
    roles = packs.pack_of(inspection).roles
    able = [role.id for role in roles.holders_of("personal.view") if role.side == "inspectorate"]
    held = Membership.objects.filter(inspection=inspection, role__in=able, ended_at=None, user__is_active=True)
    people = {one.user for one in held.select_related("user")}
    return sorted(people, key=lambda one: (one.name, one.pk))


@transaction.atomic
def name_limited_reader(*, inspection: Inspection, reader: User, reason: str, by: User) -> LimitedReader:
    """Names somebody who may read the limited-access cases of an inspection. Manual 4.4e. Raises CannotRead."""
    one_at_a_time(inspection)
    if not reason.strip():
        raise CannotRead("Say why this person has to read limited-access cases.")
    if not access.is_inspectorate(reader, inspection) or not access.may(reader, "personal.view", inspection):
        raise CannotRead(f"{reader.name} sees no names and references on this inspection, so cannot be named.")
    if LimitedReader.objects.filter(inspection=inspection, reader=reader, ended_at=None).exists():
        raise CannotRead(f"{reader.name} is a named reader already.")
    named = LimitedReader.objects.create(
        inspection=inspection, reader=reader, reason=reason.strip(), by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="name_limited_reader",
        subject=named,
        summary=f"Named {reader.email} as a reader of limited-access cases",
        details={"reason": named.reason},
    )
    return named


@transaction.atomic
def end_limited_reader(*, named: LimitedReader, by: User) -> LimitedReader:
    """Ends what a named reader may see, at once; the row stays. Manual 4.4e. Raises CannotRead."""
    one_at_a_time(named.inspection)
    named.refresh_from_db(fields=["ended_at"])
    if named.ended_at:
        raise CannotRead(f"{named.reader.name} is no named reader any more.")
    named.ended_by, named.ended_at = by, clock.now()
    named.save(update_fields=["ended_by", "ended_at"])
    trail.record_change(
        chain=named.inspection.chain,
        by=by,
        action="end_limited_reader",
        subject=named,
        summary=f"Ended {named.reader.email} as a reader of limited-access cases",
    )
    return named
