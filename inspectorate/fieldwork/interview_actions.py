"""Chapters 1.4 and 6.7: an inspector records the talk with an officer; its seal is broken for an alert, with reason."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.fieldwork import alerts, interviews
from inspectorate.fieldwork.models import Alert, OfficerInterview, SealBroken
from inspectorate.methodology import fieldwork as rules
from inspectorate.sampling.models import SampledCase


class NotYours(Exception):
    """The case is not this person's, or of a list on which no officer is interviewed."""


class BadInterview(Exception):
    """What was given contradicts itself; the message says what to do."""


class SealStays(Exception):
    """The seal cannot be broken for this alert; the message says why."""


@transaction.atomic
def record_interview(
    *,
    case: SampledCase,
    mode: str,
    held_on: date | None,
    evidence: Mapping[str, str],
    feedback_given: bool,
    feedback: str,
    by: User,
) -> OfficerInterview:
    """Records an officer interview, or that the case was read without one. Manual 6.7a.

    `evidence` maps headings of the pack, and headings with "_view", to what was said. An earlier record stays. The
    trail says that it was recorded and nothing of what was said. Raises NotYours, BadInterview.
    """
    if not interviews.may_hold(by, case):
        raise NotYours("This case is not yours, or no officer is interviewed about it.")
    asked = interviews.rules_of(case.inspection)
    fields = {one.id for one in asked.headings} | {one.id + interviews.VIEW for one in asked.headings}
    if unknown := sorted(set(evidence) - fields):
        raise BadInterview(f"'{unknown[0]}' is not a heading of an interview.")
    given = {name: text for name, text in evidence.items() if text}
    if mode == OfficerInterview.Mode.FILE_READ:
        if given or feedback or feedback_given:
            raise BadInterview("A file read has nobody who said anything: choose how the interview was held.")
        held_on = None
    elif held_on is None or held_on > clock.today():
        raise BadInterview("Give the day of the interview, today or earlier.")
    made = OfficerInterview.objects.create(
        case=case,
        mode=mode,
        held_on=held_on,
        evidence=given,
        feedback_given=feedback_given,
        feedback=feedback,
        by=by,
        at=clock.now(),
    )
    trail.record_change(
        chain=case.inspection.chain,
        by=by,
        action="record_interview",
        subject=made,
        summary=f"Recorded the officer interview of {case.case_list} case {case.number}",
    )
    return made


@transaction.atomic
def break_seal(
    *, alert: Alert, interview: OfficerInterview, fields: Sequence[str], reason: str, by: User
) -> SealBroken:
    """Shows the named fields of an interview to the readers of an alert about the same case. Manual 1.4b, 6.7a.
    Raises SealStays."""
    Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.case is None or interview.case != alert.case:
        raise SealStays("The alert is not about the case of this interview.")
    if not rules.is_open(alerts.steps_of(alert, alert.steps.order_by("pk"))):
        raise SealStays("The alert is closed: a seal is broken only while somebody needs protection.")
    interview.case.inspection = alert.inspection
    there = {one.field: one.title for one in interviews.said(interview)}
    if not fields or (missing := [one for one in fields if one not in there]):
        what = f"nothing was said under '{missing[0]}'" if fields else "no field was chosen"
        raise SealStays(f"The seal stays: {what}. Choose from what was said.")
    broken = SealBroken.objects.create(
        alert=alert, interview=interview, reason=reason, fields=sorted(set(fields)), by=by, at=clock.now()
    )
    trail.record_change(
        chain=alert.inspection.chain,
        by=by,
        action="break_seal",
        subject=alert,
        summary=f"Broke the seal of the interview of {alert.case.case_list} case {alert.case.number} for an alert: "
        + ", ".join(there[one] for one in broken.fields),
    )
    return broken
