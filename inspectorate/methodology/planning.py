"""Chapter 3: announcement, planning meeting, evidence in advance and its gaps, presentation, local assessors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Strength = Literal["strong", "partial", "none"]


class UnknownEvidence(LookupError):  # noqa: N818 (named for what is wrong)
    """An evidence item or key question that the framework and the lists do not have."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the glossary (appendix 3) with its meaning in one sentence."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """The telephone call that announces an inspection: its week, its weekdays, who calls and what is said."""

    week: int
    weekdays: tuple[Weekday, ...]
    caller: str
    stand_in: str
    covers: tuple[str, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of a meeting's agenda, and the kinds of inspected body it concerns."""

    id: str
    title: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attendee:
    """A role (its id) that takes part in the telephone planning meeting."""

    role: str
    mandatory: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanningMeeting:
    """The telephone planning meeting: days after the announcement, who is there, what is spoken of."""

    within_days: int
    chair: str
    attendees: tuple[Attendee, ...]
    agenda: tuple[AgendaItem, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class OnsiteMeeting:
    """Topics of the planning meeting on site."""

    topics: tuple[AgendaItem, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class PresentationQuestion:
    """A question the senior leader answers; `theme` is a domain one standard, empty for the one on priorities."""

    theme: str
    text: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """The inspected body's presentation; its examples may be at most `months` old."""

    week: int
    minutes: int
    discussion_minutes: int
    months: int
    companions: tuple[str, ...]
    questions: tuple[PresentationQuestion, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """Start and end of a training day, written HH:MM."""

    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class LocalAssessors:
    """How many local assessors are used and trained, and when they are nominated and trained."""

    kinds: tuple[str, ...]
    least: int
    most: int
    trained: int
    training_places: int
    nomination_week: int
    training_week: int
    training_days: tuple[TrainingDay, ...]
    training_cases: int
    training_cases_week: int
    sockets_each: int
    competencies: tuple[str, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One line of the suggested evidence; `theme` is the domain one standard (1.1 to 1.4) it speaks to."""

    id: str
    theme: str
    kinds: tuple[str, ...]
    text: str
    manual: str


@dataclass(frozen=True, slots=True)
class OperatingModel:
    """Rules for the operating model annex."""

    rules: tuple[str, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of chapter 3 that is data (evidence.toml)."""

    announcement: Announcement
    planning_meeting: PlanningMeeting
    onsite_meeting: OnsiteMeeting
    presentation: Presentation
    local_assessors: LocalAssessors
    items: tuple[EvidenceItem, ...]
    operating_model: OperatingModel


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the lead inspector made of one item for one key question."""

    item: str
    key_question: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Gap:
    """A key question without strong evidence yet; `items` are those that partly or do not answer it."""

    key_question: str
    reason: str
    items: tuple[str, ...]


def announcement_days(
    announcement: Announcement, fieldwork: date, *, is_working_day: Callable[[date], bool]
) -> tuple[date, ...]:
    """Days on which the call may be made, earliest first, for the Monday of fieldwork week 1.

    A bank holiday is left out; an empty answer means that the lead inspector must agree another day.

    Manual 3.3a
    """
    monday = fieldwork + timedelta(weeks=announcement.week)
    days = sorted(monday + timedelta(days=WEEKDAYS.index(name)) for name in announcement.weekdays)
    return tuple(day for day in days if is_working_day(day))


def planning_meeting_days(
    meeting: PlanningMeeting, announced: date, *, is_working_day: Callable[[date], bool]
) -> tuple[date, ...]:
    """Working days on which the telephone planning meeting may be held: from the announcement to the end of its week.

    Manual 3.5a
    """
    days = (announced + timedelta(days=n) for n in range(meeting.within_days + 1))
    return tuple(day for day in days if is_working_day(day))


def agenda(items: Iterable[AgendaItem], kind: str) -> tuple[AgendaItem, ...]:
    """The items of a planning meeting (by telephone or on site) that concern this kind of inspected body, in order.

    Manual 3.5a, 3.8a
    """
    return tuple(item for item in items if kind in item.kinds)


def missing_attendees(meeting: PlanningMeeting, present: Collection[str]) -> tuple[str, ...]:
    """Role ids whose part in the telephone planning meeting is mandatory and who are not among `present`.

    Manual 3.5a
    """
    return tuple(a.role for a in meeting.attendees if a.mandatory and a.role not in present)


def suggested_items(evidence: Evidence, kind: str) -> tuple[EvidenceItem, ...]:
    """The suggested evidence for this kind of inspected body, in the order of the manual. A guide, not compulsory.

    Manual 3.6a
    """
    return tuple(item for item in evidence.items if kind in item.kinds)


def not_received(evidence: Evidence, kind: str, received: Collection[str]) -> tuple[EvidenceItem, ...]:
    """Suggested items for which nothing has come yet; raises UnknownEvidence for ids that are not on the list.

    Manual 3.6b
    """
    suggested = suggested_items(evidence, kind)
    unknown = sorted(set(received) - {item.id for item in suggested})
    if unknown:
        raise UnknownEvidence(f"not on the evidence list for {kind}: {', '.join(unknown)}")
    return tuple(item for item in suggested if item.id not in received)


def evidence_gaps(key_questions: Sequence[str], assessed: Iterable[Assessed]) -> tuple[Gap, ...]:
    """Key questions of domain one that no strong evidence answers yet, in the order given, with the reason.

    `key_questions` are the ids of the framework; raises UnknownEvidence when an assessment names another one.

    Manual 3.6c
    """
    by_question: dict[str, list[Assessed]] = {question: [] for question in key_questions}
    for entry in assessed:
        if entry.key_question not in by_question:
            raise UnknownEvidence(f"key question {entry.key_question} (item {entry.item}) is not in domain one")
        by_question[entry.key_question].append(entry)
    gaps = []
    for question, entries in by_question.items():
        strengths = {entry.strength for entry in entries}
        if "strong" in strengths:
            continue
        if "partial" in strengths:
            reason = "answered in part only"
        elif entries:
            reason = "what came does not answer it"
        else:
            reason = "no evidence yet"
        gaps.append(Gap(question, reason, tuple(entry.item for entry in entries)))
    return tuple(gaps)


def recent_enough(presentation: Presentation, *, example: date, presented: date) -> bool:
    """Whether an example falls within the months before the presentation that it must come from.

    Manual 3.7a
    """
    return _months_before(presented, presentation.months) <= example <= presented


def companion_present(presentation: Presentation, present: Collection[str]) -> bool:
    """Whether one of those who must accompany the lead inspector (role ids) is among `present`.

    Manual 3.7a
    """
    return any(role in present for role in presentation.companions)


def local_assessor_faults(rules: LocalAssessors, kind: str, *, deployed: int, trained: int) -> tuple[str, ...]:
    """What is wrong with the numbers of local assessors of one inspection, all at once.

    `deployed` inspect cases; `trained` are those nominated for training, reserves among them.

    Manual 3.9a
    """
    if kind not in rules.kinds:
        return (f"Local assessors take no part in the inspection of a {kind}.",) if deployed or trained else ()
    faults = []
    if not rules.least <= deployed <= rules.most:
        faults.append(f"{deployed} local assessors are used; {rules.least} to {rules.most} are needed.")
    if trained > rules.trained:
        faults.append(f"{trained} local assessors are to be trained; at most {rules.trained} are, cover included.")
    if deployed > trained:
        faults.append(f"{deployed} local assessors are used but only {trained} are trained.")
    return tuple(faults)


def training_places_left(rules: LocalAssessors, *, trained: int) -> int:
    """Places in the training that others of the inspected body or the inspectorate may take, never below none.

    Manual 3.9a
    """
    return max(0, rules.training_places - trained)


def _months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
