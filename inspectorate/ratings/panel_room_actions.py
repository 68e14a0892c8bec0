"""Chapter 7.1c and 7.2: evidence weighed, other views, connections declared, and minutes corrected by later entries."""

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.ratings import Mark
from inspectorate.methodology.standards import Rating
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.ratings.minutes import minutes
from inspectorate.ratings.models import Decision, EvidenceWeighing, MinuteCorrection, Panel, PanelConnection, RatingView
from inspectorate.ratings.sitting import record


class CannotRecord(Exception):
    """What was to be recorded cannot be recorded like this; the message says why."""


def _still_open(inspection: Inspection) -> None:
    one_at_a_time(inspection)
    if Decision.objects.filter(panel__inspection=inspection).exists():
        raise CannotRecord("The ratings panel has decided, and everything is locked.")


@transaction.atomic
def weigh_evidence(
    *, inspection: Inspection, note: EvidenceNote, validity: Mark, source: Mark, impact: Mark, by: User
) -> EvidenceWeighing:
    """Marks a piece of domain one evidence for validity, source and impact; earlier marks stay. Manual 7.2c.

    Raises CannotRecord.
    """
    _still_open(inspection)
    before = note.weighings.last()
    if before and (before.validity, before.source, before.impact) == (validity, source, impact):
        raise CannotRecord("This piece of evidence is marked like this already.")
    weighing = EvidenceWeighing.objects.create(
        note=note, validity=validity, source=source, impact=impact, by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="weigh_evidence",
        subject=weighing,
        summary=f"Weighed a piece of evidence on {note.key_question}: {validity}, {source}, {impact}",
        details={"note": str(note.public_id)},
    )
    return weighing


@transaction.atomic
def record_view(
    *, inspection: Inspection, subject: str, rating: Rating, text: str, holder: User, by: User
) -> RatingView:
    """Records another view on a rating and whose it is; it changes no rating. Manual 7.1c, 7.2c.

    Raises CannotRecord.
    """
    _still_open(inspection)
    said = record(inspection)
    stands = said.decided().get(subject) or said.proposed().get(subject)
    if stands and stands.rating == rating.slug:
        raise CannotRecord(f"{rating.label} is what stands: record a view only where it is another one.")
    if not text.strip():
        raise CannotRecord("Say why: the view is minuted in these words.")
    if _connected(inspection, holder):
        raise CannotRecord(f"{holder.name} declared a connection with the inspected body and takes no part.")
    view = RatingView.objects.create(
        inspection=inspection,
        subject=subject,
        rating=rating.slug,
        text=text.strip(),
        holder=holder,
        by=by,
        at=clock.now(),
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="record_view",
        subject=view,
        summary=f"Recorded another view on {subject}: {rating.label}",
        details={"holder": holder.email},
    )
    return view


def _connected(inspection: Inspection, member: User) -> bool:
    newest = PanelConnection.objects.filter(inspection=inspection, member=member).last()
    return newest is not None and newest.stands


@transaction.atomic
def declare_panel_connection(
    *, inspection: Inspection, member: User, stands: bool, text: str, by: User
) -> PanelConnection:
    """Declares a connection of a panel member with the inspected body, or takes it back. Manual 7.2b.

    While it stands they neither count to the quorum nor decide. Raises CannotRecord.
    """
    _still_open(inspection)
    if not text.strip():
        raise CannotRecord("Say what the connection is, or why there is none any more.")
    if stands == _connected(inspection, member):
        raise CannotRecord("This connection is declared already." if stands else "No connection is declared.")
    declared = PanelConnection.objects.create(
        inspection=inspection, member=member, stands=stands, text=text.strip(), by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="declare_panel_connection",
        subject=declared,
        summary=f"{member.email} {'declared' if stands else 'took back'} a connection with the inspected body",
    )
    return declared


@transaction.atomic
def correct_minutes(*, inspection: Inspection, entry: str, text: str, by: User) -> MinuteCorrection:
    """Adds a correction to the minutes of the panel, beside the entry that it corrects. Manual 7.2f.

    Raises CannotRecord.
    """
    _still_open(inspection)
    panel = Panel.objects.filter(inspection=inspection).first()
    if panel is None or entry not in {one.key for one in minutes(inspection, record(inspection))}:
        raise CannotRecord("There is no such entry in the minutes.")
    if not text.strip():
        raise CannotRecord("Write what is right.")
    correction = MinuteCorrection.objects.create(panel=panel, entry=entry, text=text.strip(), by=by, at=clock.now())
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="correct_minutes",
        subject=correction,
        summary=f"Corrected the minutes of the ratings panel: {entry}",
    )
    return correction
