"""Chapter 6.1: a submitted case is opened again, checked, corrected with a reason, and talked about in notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.fieldwork import seconds
from inspectorate.fieldwork.form import NOTE, case_form
from inspectorate.fieldwork.models import (
    Answer,
    AnswerVersion,
    Assessment,
    Check,
    Reopening,
    Submission,
    Thread,
    ThreadEntry,
)
from inspectorate.methodology.fieldwork import ANSWERS
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


class NotSubmitted(Exception):
    """The case is still open: its inspector can change it."""


class SamePerson(Exception):
    """Somebody was to check, or open again, their own work."""


class Decided(Exception):
    """The ratings panel has decided on these answers."""


class NoReason(Exception):
    """What is done needs a reason, and none was given."""


class NotAnAnswer(Exception):
    """The field is not one that the case asks, or the value is not on offer, or it is no change."""


class ThreadClosed(Exception):
    """The note is resolved already, or not resolved yet."""


def _held(case: SampledCase, *, second: User | None = None) -> Assessment:
    """The assessment of a case, held until the transaction ends; the second one of this person where they judge it a
    second time. Raises NotSubmitted where nobody began it."""
    if second and seconds.judges(second, case):
        its = seconds.assessments(case, of=second, second=True)
    else:
        its = Assessment.objects.filter(case=case)
    found = its.select_for_update().first()
    if found is None:
        raise NotSubmitted("Nobody has begun to judge this case.")
    return found


def decided(inspection: Inspection) -> bool:
    """Whether the panel's decision stands, after which no answer changes any more."""
    return inspection.panel_decided()


def _reason(text: str, what: str) -> str:
    if not text.strip():
        raise NoReason(f"Enter why {what}.")
    return text.strip()


@transaction.atomic
def reopen_case(*, case: SampledCase, reason: str, by: User) -> Reopening:
    """Opens a submitted case again for its inspector; every answer and the earlier submission stay. Manual 6.1b.

    Raises NotSubmitted, SamePerson (who submitted it does not open it again), Decided, NoReason.
    """
    assessment = _held(case)
    if not assessment.submitted_at:
        raise NotSubmitted("This case is open. Its inspector can change it.")
    if assessment.submitted_by_id == by.pk:
        raise SamePerson("You submitted this case. Ask the lead or deputy lead inspector to open it again.")
    if decided(case.inspection):
        raise Decided("The ratings panel has decided on this case. Its answers stay as they are.")
    reopened = Reopening.objects.create(
        assessment=assessment, reason=_reason(reason, "the case is opened again"), by=by, at=clock.now()
    )
    assessment.submitted_at = assessment.submitted_by = None
    assessment.save(update_fields=["submitted_at", "submitted_by"])
    _record(case, by, "reopen_case", "Opened again {}", reason=reopened.reason)
    return reopened


@transaction.atomic
def check_case(*, case: SampledCase, agreed: bool, text: str, by: User) -> Check:
    """Notes that a local assessor's case was looked through, and what was found. Manual 3.9h.

    Raises NotSubmitted where nobody began it, SamePerson for one's own case, NoReason where it was not agreed with.
    """
    assessment = _held(case)
    judged = {assessment.started_by_id, assessment.submitted_by_id}
    mine = case.allocations.filter(inspector=by, ended_at=None).exists() or seconds.judges(by, case)
    if by.pk in judged or mine:
        raise SamePerson("You judge this case yourself. Somebody else checks it.")
    if not agreed:
        _reason(text, "you do not agree")
    check = Check.objects.create(assessment=assessment, agreed=agreed, text=text.strip(), by=by, at=clock.now())
    _record(case, by, "check_case", f"Checked {{}}: {'agreed' if agreed else 'not agreed'}")
    return check


@transaction.atomic
def override_answer(*, case: SampledCase, field: str, value: str, reason: str, by: User) -> int:
    """Changes an answer of a submitted case; what stood there, who changed it and why stay with it. Manual 6.1b.

    Answers with the new version. Raises NotSubmitted, Decided, NotAnAnswer, NoReason.
    """
    assessment = _held(case)
    if not assessment.submitted_at:
        raise NotSubmitted("This case is open. Its inspector changes it, or leave a note to the answer.")
    if decided(case.inspection):
        raise Decided("The ratings panel has decided on this case. Its answers stay as they are.")
    kept = assessment.answers.select_for_update().filter(field=field).first()
    options = case_form(case).fields.get(field)
    if not options or value not in options:
        raise NotAnAnswer("Choose the question and its new answer.")
    if kept is not None and kept.value == value:
        raise NotAnAnswer("This answer stands already.")
    why = _reason(reason, "the answer is changed")
    answer = kept or Answer(assessment=assessment, field=field, version=0)
    answer.value, answer.version, answer.by, answer.at = value, answer.version + 1, by, clock.now()
    answer.save()
    AnswerVersion.objects.create(
        assessment=assessment, field=field, version=answer.version, value=value, reason=why, by=by, at=answer.at
    )
    _record(case, by, "override_answer", f"Changed {field} of {{}}", reason=why, version=answer.version)
    return answer.version


@transaction.atomic
def open_thread(*, case: SampledCase, field: str, text: str, by: User) -> Thread:
    """Leaves a note on one answer of a case. Manual 6.1b. Raises NotSubmitted where nobody began it, NotAnAnswer."""
    assessment = _held(case, second=by)
    if field not in case_form(case).fields or field.endswith(NOTE):
        raise NotAnAnswer("Choose the question that the note is about.")
    said = _reason(text, "you leave a note")
    thread = Thread.objects.create(assessment=assessment, field=field, by=by, at=clock.now())
    ThreadEntry.objects.create(thread=thread, what="said", text=said, by=by, at=thread.at)
    _record(case, by, "open_thread", f"Left a note on {field} of {{}}")
    return thread


@transaction.atomic
def add_to_thread(*, thread: Thread, what: str, text: str, by: User) -> ThreadEntry:
    """Answers a note, resolves it or opens it again. Manual 6.1b. Raises ThreadClosed, NoReason."""
    Thread.objects.select_for_update().get(pk=thread.pk)
    resolved = _resolved(thread.entries.values_list("what", flat=True))
    if (what == "resolved" and resolved) or (what == "reopened" and not resolved):
        raise ThreadClosed("This note is resolved already." if resolved else "This note is open.")
    if what == "said":
        _reason(text, "you answer")
    entry = ThreadEntry.objects.create(thread=thread, what=what, text=text.strip(), by=by, at=clock.now())
    _record(thread.assessment.judged, by, "add_to_thread", f"{entry.get_what_display()} on {thread.field} of {{}}")
    return entry


def _resolved(happened: Iterable[str]) -> bool:
    states = [what for what in happened if what != "said"]
    return bool(states) and states[-1] == "resolved"


def open_notes() -> Subquery:
    """For a query of cases: how many notes on each are not resolved, None for none."""
    states = ThreadEntry.objects.filter(thread=OuterRef("pk")).exclude(what="said").order_by("-pk")
    threads = Thread.objects.filter(assessment__case=OuterRef("pk")).annotate(state=Subquery(states.values("what")[:1]))
    open_ones = threads.filter(Q(state=None) | ~Q(state="resolved")).order_by().values("assessment")
    return Subquery(open_ones.annotate(count=Count("pk")).values("count"))


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a case after it was judged: `submitted`, `reopened`, `agreed` or `not-agreed` (a check),
    `corrected`, where `field` was changed from `was` to `value`, or something in a thread of notes on `field`, whose id
    is `thread`: `note said`, `note resolved`, `note reopened`."""

    what: str
    by: str
    at: datetime
    text: str
    field: str
    was: str
    value: str
    thread: str
    place: int


def history(assessment: int) -> list[Event]:
    """Everything that happened to a case after it was judged, by the key of its assessment, newest first. One query."""
    stood = AnswerVersion.objects.filter(
        assessment=OuterRef("assessment"), field=OuterRef("field"), version=OuterRef("version") - 1
    )
    none = Value("", output_field=TextField())
    agreed = Case(When(agreed=True, then=Value("agreed")), default=Value("not-agreed"), output_field=TextField())
    noted = Concat(Value("note "), F("what"), output_field=TextField())

    def rows(found: QuerySet[Any], what: Any, text: Any, **more: Any) -> Any:
        named = {"event": what, "who": F("by__name"), "when": F("at"), "why": text}
        named |= dict.fromkeys(("of", "before", "now", "its_thread"), none) | more | {"place": F("pk")}
        return found.order_by().annotate(**named).values_list(*named)

    def fixed(what: str) -> Any:
        return Value(what, output_field=TextField())

    own = {"assessment": assessment}
    corrected = {"of": F("field"), "before": Coalesce(Subquery(stood.values("value")[:1]), none), "now": F("value")}
    of_thread = {"of": F("thread__field"), "its_thread": Cast("thread__public_id", TextField())}
    together = rows(Submission.objects.filter(**own), fixed("submitted"), none).union(
        rows(Reopening.objects.filter(**own), fixed("reopened"), F("reason")),
        rows(Check.objects.filter(**own), agreed, F("text")),
        rows(AnswerVersion.objects.filter(**own).exclude(reason=""), fixed("corrected"), F("reason"), **corrected),
        rows(ThreadEntry.objects.filter(thread__assessment=assessment), noted, F("text"), **of_thread),
        all=True,
    )
    return sorted((Event(*row) for row in together), key=lambda event: (event.at, event.place), reverse=True)


@dataclass(frozen=True, slots=True)
class Notes:
    """A thread of notes on a field, what happened in it, oldest first, and whether it is resolved."""

    thread: UUID
    field: str
    entries: tuple[Event, ...]
    resolved: bool


def notes_of(events: Iterable[Event]) -> list[Notes]:
    """The notes on a case among what happened to it, open ones first, then as they were begun."""
    threads: dict[str, list[Event]] = {}
    for event in sorted((one for one in events if one.thread), key=lambda one: one.place):
        threads.setdefault(event.thread, []).append(event)
    found = [
        Notes(UUID(thread), its[0].field, tuple(its), _resolved(one.what.removeprefix("note ") for one in its))
        for thread, its in threads.items()
    ]
    return sorted(found, key=lambda one: one.resolved)


def words(value: str) -> str:
    """An answer in words."""
    return dict(zip(ANSWERS, ("Yes", "No", "Not applicable"), strict=True)).get(value) or (
        value.replace("-", " ").capitalize() or "Not answered"
    )


def _record(case: SampledCase, by: User, action: str, summary: str, **details: object) -> None:
    trail.record_change(
        chain=case.inspection.chain,
        by=by,
        action=action,
        subject=case,
        summary=summary.format(f"{case.case_list} case {case.number}"),
        details=details,
    )
