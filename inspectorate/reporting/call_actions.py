"""Chapter 7.2: the lead inspector explains the decision to the body's senior manager by telephone, and records it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.design import words
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision
from inspectorate.reporting.models import RatingsCall

EVENT = "ratings-call"


class TooEarly(Exception):
    """The call lies before the release of the decision, or in the future."""


class DayNeedsReason(Exception):
    """The call was not on the day of the release, and nothing says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was said in the call, and why it was not on the day."""

    called_at: datetime
    spoke_to: str
    position: str
    said: str = ""
    reason: str = ""


@transaction.atomic
def record_ratings_call(*, inspection: Inspection, call: Call, by: User) -> RatingsCall:
    """Records the call about the decision; `by` is who telephoned. Manual 7.2g. Raises TooEarly, DayNeedsReason."""
    one_at_a_time(inspection)
    decision = Decision.objects.filter(panel__inspection=inspection).first()
    if decision is None:
        raise TooEarly("The ratings panel has not decided.")
    if call.called_at < decision.opens_at:
        raise TooEarly(f"The inspected body hears of the ratings from {words.moment(decision.opens_at)}, not before.")
    if call.called_at > clock.now():
        raise TooEarly("The call must have taken place: its time is still to come.")
    called, released = (one.astimezone(clock.LONDON).date() for one in (call.called_at, decision.opens_at))
    if called != released and not call.reason.strip():
        raise DayNeedsReason(f"The call is made on {words.date(released)}. Say why it was on {words.date(called)}.")
    kept = RatingsCall.objects.create(
        inspection=inspection,
        called_at=call.called_at,
        spoke_to=call.spoke_to.strip(),
        position=call.position.strip(),
        said=call.said.strip(),
        reason=call.reason.strip(),
        by=by,
        at=clock.now(),
    )
    note_done(inspection=inspection, event=EVENT, by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="record_ratings_call",
        subject=kept,
        summary=f"Recorded the call about the decision at {words.moment(call.called_at)}",
        details={"reason": kept.reason} if kept.reason else None,
    )
    return kept
