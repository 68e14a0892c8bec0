"""Chapter 3: announcing an inspection, issuing its project plan, answering conflicts, the planning meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.design import words
from inspectorate.documents import letter_facts
from inspectorate.documents.actions import send_letter, tell_body
from inspectorate.documents.models import Letter
from inspectorate.methodology import planning, timeline
from inspectorate.planning.models import AnnouncementCall, DateConcern, PlanIssue, PlanningMeeting
from inspectorate.programme import packs
from inspectorate.programme.actions import invite, move_date, name_tiers, note_done, one_at_a_time
from inspectorate.programme.models import Inspection, Membership, PlannedEvent

SHOWN_TO_BODY = ("body", "both", "public")
DIVISION_TOLD, DIVISION_LETTER = "nps-told-of-unpaid-work", "unpaid-work-notice"


class AlreadyAnnounced(Exception):
    """The inspection was announced before."""


class NotAnnounced(Exception):
    """The inspection has to be announced first."""


class NotOfThisKind(Exception):
    """Inspections of this kind of body have no such thing."""


class NotYetHeld(Exception):
    """A call or meeting in the future cannot be recorded."""


class ReasonNeeded(Exception):
    """A day other than those of the manual needs a reason; the message names the days."""


class WrongLinkManager(Exception):
    """The link manager's address belongs to somebody who cannot be the link manager."""


class AlreadyAnswered(Exception):
    """The concern has been answered."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was said in the announcement call. `reason` is for days other than those of the manual."""

    called_at: datetime
    spoke_to: str
    position: str
    link_manager_name: str
    link_manager_email: str
    planning_meeting_at: datetime
    agreed: str = ""
    reason: str = ""


def call_days(inspection: Inspection) -> tuple[date, ...]:
    """Days on which the inspection may be announced without a reason. Manual 3.3a."""
    rule = packs.pack_of(inspection).evidence.announcement
    return planning.announcement_days(rule, inspection.fieldwork, is_working_day=_working_day(inspection))


def _working_day(inspection: Inspection) -> Any:
    nation = cast(timeline.Nation, inspection.nation)
    return lambda day: timeline.working_day(day, nation)


def _check_days(inspection: Inspection, call: Call) -> None:
    if call.called_at > clock.now():
        raise NotYetHeld("The call must have taken place: its time is still to come.")
    called, meets = (moment.astimezone(clock.LONDON).date() for moment in (call.called_at, call.planning_meeting_at))
    if call.planning_meeting_at <= call.called_at:
        raise NotYetHeld("The planning meeting must come after the call.")
    if call.reason.strip():
        return
    days = call_days(inspection)
    if called not in days:
        raise ReasonNeeded(
            f"An inspection is announced on {words.listed(map(words.date, days), 'or')}. "
            f"Say why the call was on {words.date(called)}."
        )
    rule = packs.pack_of(inspection).evidence.planning_meeting
    allowed = planning.planning_meeting_days(rule, called, is_working_day=_working_day(inspection))
    if meets not in allowed:
        raise ReasonNeeded(
            f"The planning meeting takes place on a working day by {words.date(allowed[-1])}. "
            f"Say why it is on {words.date(meets)}."
        )


@transaction.atomic
def announce(*, inspection: Inspection, call: Call, partners: Iterable[str] = (), by: User) -> AnnouncementCall:
    """Records the announcement call: the body may see its inspection from now on. Manual 3.3a, 3.3b, 3.3c.

    Makes the link manager's role (and account, without a password), the announcement letter, and a letter to each
    partner. Raises AlreadyAnnounced, NotYetHeld, ReasonNeeded and WrongLinkManager.
    """
    one_at_a_time(inspection)
    inspection.refresh_from_db(fields=["announced_at"])
    if inspection.announced_at is not None:
        raise AlreadyAnnounced(f"This inspection was announced on {words.date(inspection.announced_at)}.")
    _check_days(inspection, call)
    _name_link_manager(inspection, call, by)
    inspection.announced_at = call.called_at
    inspection.save(update_fields=["announced_at"])
    _agree_dates(inspection, call, by)
    letter = _announcement_letter(inspection, call, by)
    kept = AnnouncementCall.objects.create(
        inspection=inspection,
        called_at=call.called_at,
        spoke_to=call.spoke_to,
        position=call.position,
        link_manager_name=call.link_manager_name,
        link_manager_email=call.link_manager_email.lower(),
        planning_meeting_at=call.planning_meeting_at,
        agreed=call.agreed,
        reason=call.reason,
        letter=letter,
        by=by,
        at=clock.now(),
    )
    write_to_partners(inspection=inspection, partners=partners, by=by)
    for event in ("announcement", "announcement-letter"):
        note_done(inspection=inspection, event=event, by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="announce",
        subject=inspection,
        summary=f"Announced the inspection in a call at {words.moment(call.called_at)}",
        details={"reason": call.reason} if call.reason else None,
    )
    return kept


def _name_link_manager(inspection: Inspection, call: Call, by: User) -> None:
    email = call.link_manager_email.lower()
    held = Membership.objects.filter(user__email=email, ended_at=None)
    if held.filter(side="inspectorate").exists():
        raise WrongLinkManager(f"{email} belongs to somebody of the inspectorate, who cannot be the link manager.")
    if User.objects.filter(email=email, is_active=False).exists():
        raise WrongLinkManager(f"The account of {email} is closed. Have it opened again, or enter another address.")
    if not held.filter(inspection=inspection, role="link-manager").exists():
        invite(inspection=inspection, email=email, name=call.link_manager_name, role="link-manager", by=by)


def _agree_dates(inspection: Inspection, call: Call, by: User) -> None:
    called, meets = (moment.astimezone(clock.LONDON).date() for moment in (call.called_at, call.planning_meeting_at))
    for event, day, reason in (
        ("announcement", called, call.reason),
        ("telephone-planning-meeting", meets, call.reason or "Agreed in the announcement call"),
    ):
        planned = inspection.events.filter(event=event).first()
        if planned and not planned.done_at and not planned.date <= day <= (planned.last_date or planned.date):
            move_date(planned=planned, to=day, reason=reason, by=by)
    meeting = inspection.events.filter(event="telephone-planning-meeting").first()
    if meeting:
        meeting.date, meeting.instant = meets, call.planning_meeting_at
        meeting.save(update_fields=["date", "instant"])


def _announcement_letter(inspection: Inspection, call: Call, by: User) -> Letter:
    facts = letter_facts.of(inspection) | {
        "caller": by.name,
        "call_taken_by": call.spoke_to,
        "call_date": words.date(call.called_at),
        "link_manager": call.link_manager_name,
        "planning_meeting": f"{words.date(call.planning_meeting_at)} at {words.time(call.planning_meeting_at)}",
    }
    return send_letter(
        inspection=inspection,
        template="announcement",
        addressed_to=f"{call.spoke_to}, {call.position}",
        subject=f"Announcement of the inspection of {inspection.body}",
        values=facts,
        by=by,
        opens_at=clock.now(),
        outward=True,
    )


@transaction.atomic
def write_to_partners(*, inspection: Inspection, partners: Iterable[str], by: User) -> list[Letter]:
    """Writes a letter to each partner organisation, to be sent by post or e-mail. Manual 3.3c. Raises NotAnnounced."""
    if inspection.announced_at is None:
        raise NotAnnounced("Partners are written to once the inspection is announced.")
    names = list(dict.fromkeys(name.strip() for name in partners if name.strip()))
    facts = letter_facts.of(inspection) if names else {}
    letters = [
        send_letter(
            inspection=inspection,
            template="partner",
            addressed_to=name,
            subject=f"Inspection of {inspection.body}: the view of {name}"[:200],
            values=facts | {"partner": name, "partner_due": facts["evidence_due"]},
            by=by,
            opens_at=clock.now(),
            outward=False,
        )
        for name in names
    ]
    if letters:
        note_done(inspection=inspection, event="partner-letters", by=by)
    return letters


@transaction.atomic
def tell_division(*, inspection: Inspection, division: str, addressed_to: str, by: User) -> Letter:
    """Writes to an NPS division that unpaid work is inspected in some of its cases. Manual 6.1g.

    The letter is to be sent by post or e-mail. Raises NotAnnounced, and NotOfThisKind where there is no unpaid work.
    """
    if not inspection.events.filter(event=DIVISION_TOLD).exists():
        raise NotOfThisKind("Unpaid work is inspected at a CRC only.")
    if inspection.announced_at is None:
        raise NotAnnounced("The NPS division is told once the inspection is announced.")
    letter = send_letter(
        inspection=inspection,
        template=DIVISION_LETTER,
        addressed_to=f"{addressed_to}, {division}"[:300],
        subject=f"Inspection of {inspection.body}: unpaid work in cases of {division}"[:200],
        values=letter_facts.of(inspection) | {"division": f"{addressed_to}, {division}"},
        by=by,
        opens_at=clock.now(),
        outward=False,
    )
    note_done(inspection=inspection, event=DIVISION_TOLD, by=by)
    return letter


def plan_for_body(inspection: Inspection, planned: Iterable[PlannedEvent]) -> list[dict[str, Any]]:
    """The dates of the external project plan as they are issued: id, title, owner and dates in ISO form."""
    pack = packs.pack_of(inspection)
    events = {event.id: event for event in pack.timeline.events if event.audience in SHOWN_TO_BODY}
    return [
        {
            "event": one.event,
            "title": events[one.event].title,
            "owner": pack.roles.role(events[one.event].owner).title,
            "date": one.date.isoformat(),
            "last_date": one.last_date.isoformat() if one.last_date else None,
            "instant": one.instant.isoformat() if one.instant else None,
        }
        for one in planned
        if one.event in events
    ]


@transaction.atomic
def issue_project_plan(*, inspection: Inspection, by: User) -> PlanIssue:
    """Issues the external project plan as it stands; the first time with the confirmation. Manual 3.3d, 3.4a.

    Raises NotAnnounced.
    """
    if inspection.announced_at is None:
        raise NotAnnounced("The project plan is issued once the inspection is announced.")
    one_at_a_time(inspection)
    first = not inspection.plan_issues.exists()
    dates = plan_for_body(inspection, inspection.events.all())
    issue = PlanIssue.objects.create(inspection=inspection, dates=dates, by=by, at=clock.now())
    for event in ("project-plan", "confirmation"):
        note_done(inspection=inspection, event=event, by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="issue_project_plan",
        subject=f"planning.planissue:{issue.pk}",
        summary="Issued the project plan" if first else "Issued the project plan again",
    )
    if first:
        _confirm(inspection, by)
    else:
        tell_body(inspection=inspection, what="A changed project plan", right="evidence.give")
    return issue


def _confirm(inspection: Inspection, by: User) -> None:
    facts = letter_facts.of(inspection)
    send_letter(
        inspection=inspection,
        template="confirmation",
        addressed_to=facts["link_manager"],
        subject=f"Inspection of {inspection.body}: confirmation and papers",
        values=facts,
        by=by,
        opens_at=clock.now(),
        outward=True,
    )


@transaction.atomic
def raise_concern(*, planned: PlannedEvent, what: str, by: User) -> DateConcern:
    """Says that a date of the plan collides with something else. Manual 3.4b."""
    concern = DateConcern.objects.create(planned=planned, what=what, by=by, at=clock.now())
    note_done(inspection=planned.inspection, event="plan-conflicts", by=by)
    trail.record_change(
        chain=planned.inspection.chain,
        by=by,
        action="raise_concern",
        subject=concern,
        summary=f"Raised a conflict with the date of {planned.event}",
    )
    return concern


@transaction.atomic
def answer_concern(*, concern: DateConcern, moved_to: date | None, reason: str, by: User) -> DateConcern:
    """Moves the date or keeps it, with a reason that the body sees. Manual 3.4b.

    Raises AlreadyAnswered, and programme.actions.AlreadyDone when the event has happened.
    """
    one_at_a_time(concern.planned.inspection)
    concern.refresh_from_db(fields=["answer", "answered_at"])
    if concern.answer:
        raise AlreadyAnswered(f"This was answered on {words.date(concern.answered_at)}.")
    if moved_to:
        move_date(planned=concern.planned, to=moved_to, reason=reason, by=by)
    concern.answer = DateConcern.Answer.MOVED if moved_to else DateConcern.Answer.KEPT
    concern.moved_to, concern.reason = moved_to, reason
    concern.answered_by, concern.answered_at = by, clock.now()
    concern.save(update_fields=["answer", "moved_to", "reason", "answered_by", "answered_at"])
    inspection = concern.planned.inspection
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="answer_concern",
        subject=concern,
        summary=f"Answered the conflict with {concern.planned.event}: {concern.get_answer_display().lower()}",
        details={"reason": reason},
    )
    tell_body(inspection=inspection, what="An answer about a date", right="evidence.give")
    return concern


@transaction.atomic
def record_planning_meeting(
    *,
    inspection: Inspection,
    held_at: datetime,
    present: Iterable[str],
    names: str,
    notes: Mapping[str, str],
    tier_1: str,
    tier_2: str,
    by: User,
) -> PlanningMeeting:
    """Keeps the minutes of the telephone planning meeting, a correction beside the earlier ones. Manual 3.5a, 3.5b.

    `present` are role ids; `notes` gives what was said under the id of each agenda item. Raises NotAnnounced and
    NotYetHeld.
    """
    if inspection.announced_at is None:
        raise NotAnnounced("The planning meeting follows the announcement: record the call first.")
    if held_at > clock.now():
        raise NotYetHeld("The meeting must have taken place: its time is still to come.")
    pack = packs.pack_of(inspection)
    items = planning.agenda(pack.evidence.planning_meeting.agenda, inspection.kind)
    titles = [pack.roles.role(role).title for role in present]
    meeting = PlanningMeeting.objects.create(
        inspection=inspection,
        held_at=held_at,
        attendees="\n".join([*titles, *(line.strip() for line in names.splitlines() if line.strip())]),
        minutes="\n\n".join(f"## {item.title}\n\n{notes[item.id]}" for item in items if notes.get(item.id)),
        by=by,
        at=clock.now(),
    )
    if tier_1 and tier_2:
        name_tiers(body=inspection.body, tier_1=tier_1, tier_2=tier_2, by=by)
    note_done(inspection=inspection, event="telephone-planning-meeting", by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="record_planning_meeting",
        subject=f"planning.planningmeeting:{meeting.pk}",
        summary="Recorded the telephone planning meeting",
    )
    tell_body(inspection=inspection, what="The minutes of the planning meeting", right="evidence.give")
    return meeting
