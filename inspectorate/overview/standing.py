"""Where an inspection stands: its dated events by phase, what is next, what is late and by how much, and whose."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from inspectorate.audit import clock
from inspectorate.methodology import timeline
from inspectorate.methodology.pack import Pack
from inspectorate.overview import context
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, PlannedEvent

PHASES = {
    "pre-fieldwork": "Phase I: planning",
    "fieldwork": "Phase II: fieldwork",
    "post-fieldwork": "Phase III: ratings and report",
}
PAGES = {
    "announcement": "announce",
    "announcement-letter": "letters",
    "partner-letters": "letters",
    "confirmation": "project_plan",
    "project-plan": "project_plan",
    "plan-conflicts": "project_plan",
    "telephone-planning-meeting": "planning_meeting",
    "evidence-in-advance": "evidence",
    "long-list": "long_lists",
    "unit-choice": "long_lists",
    "provisional-sample": "samples",
    "exclusions-returned": "samples",
    "court-report-sample": "samples",
    "court-report-return": "samples",
    "sample-check": "samples",
    "final-sample": "samples",
    "nps-told-of-unpaid-work": "tell_division",
    "final-schedules": "allocation",
    "cases-week-1": "cases",
    "cases-week-2": "cases",
    "meetings-week-3": "domain_one",
    "indicative-ratings": "indicative_ratings",
    "ratings-panel": "panel",
    "panel-decision": "panel",
    "ratings-to-body": "decision",
    "ratings-call": "ratings_call",
    "first-draft": "report_steps",
}
# Where one side gives and the other receives: the page of those who receive.
OTHER_SIDE = {"evidence": "evidence_received"}


@dataclass(frozen=True, slots=True)
class Task:
    """One dated event as a person on the inspection sees it."""

    event: str
    title: str
    week: str
    phase: str
    owner: str
    mine: bool
    date: datetime.date
    last_date: datetime.date | None
    instant: datetime.datetime | None
    moved_from: datetime.date | None
    done_at: datetime.datetime | None
    done_by: str
    late: int
    href: str
    manual: str
    stopped: bool

    @property
    def due(self) -> datetime.date:
        return self.last_date or self.date

    @property
    def status(self) -> str:
        """`done`, `late`, `today` or `ahead`; a task without a page is still one that somebody ticks off."""
        if self.done_at:
            return "done"
        return "late" if self.late else "ahead"


def tasks(inspection: Inspection, *, roles: frozenset[str], rights: frozenset[str], today: datetime.date) -> list[Task]:
    """All dated events of an inspection that these roles may know of, in order. One query."""
    pack = packs.pack_of(inspection)
    inside = any(pack.roles.role(role).side == "inspectorate" for role in roles)
    events = {event.id: event for event in pack.timeline.events}
    return [
        task(inspection, one, roles=roles, rights=rights, today=today)
        for one in inspection.events.select_related("done_by").order_by("date", "instant", "pk")
        if inside or events[one.event].audience in ("body", "both", "public")
    ]


def task(
    inspection: Inspection,
    planned: PlannedEvent,
    *,
    roles: frozenset[str],
    rights: frozenset[str],
    today: datetime.date,
) -> Task:
    """One planned event as these roles see it."""
    pack = packs.pack_of(inspection)
    event = _event(pack, planned)
    due = planned.last_date or planned.date
    inside = any(pack.roles.role(role).side == "inspectorate" for role in roles)
    nation: timeline.Nation = "wales" if inspection.nation == "wales" else "england"
    week = timeline.week_of(inspection.fieldwork, planned.date, pack.timeline)
    return Task(
        event=event.id,
        title=event.title,
        week=week,
        phase=timeline.phase_of(week),
        owner=pack.roles.role(event.owner).title,
        mine=event.owner in roles and not inspection.stopped_at,
        date=planned.date,
        last_date=planned.last_date,
        instant=planned.instant,
        moved_from=planned.original_date if planned.original_date != planned.date else None,
        done_at=planned.done_at,
        done_by=planned.done_by.name if planned.done_by else "",
        late=0 if planned.done_at or inspection.stopped_at else timeline.lateness(due, today, nation),
        href=href(inspection, event.id, rights) if _open(planned, event, inside=inside) else "",
        manual=event.manual,
        stopped=inspection.stopped_at is not None,
    )


def owner(inspection: Inspection, planned: PlannedEvent) -> str:
    """Id of the role that carries out a planned event."""
    return _event(packs.pack_of(inspection), planned).owner


def _event(pack: Pack, planned: PlannedEvent) -> timeline.Event:
    return next(one for one in pack.timeline.events if one.id == planned.event)


def _open(planned: PlannedEvent, event: timeline.Event, *, inside: bool) -> bool:
    """Whether what an event releases may be linked: to the inspected body only from its instant on."""
    waits = event.releases and planned.instant and planned.instant > clock.now()
    return inside or not waits


def href(inspection: Inspection, event: str, rights: frozenset[str]) -> str:
    """Address of the page where an event is carried out, empty when there is none or these rights do not open it."""
    if event not in PAGES:
        return ""
    page = PAGES[event]
    if context.right_of(page) not in rights:
        page = OTHER_SIDE.get(page, page)
    return reverse(page, args=[inspection.public_id]) if context.right_of(page) in rights else ""


def by_phase(found: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Tasks under the heading of their phase, in the manual's order."""
    groups: dict[str, list[Task]] = {phase: [] for phase in PHASES}
    for task in found:
        groups[task.phase].append(task)
    return [(PHASES[phase], group) for phase, group in groups.items() if group]


def by_week(found: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Tasks under the label of their week."""
    groups: dict[str, list[Task]] = {}
    for task in found:
        groups.setdefault(task.week, []).append(task)
    return list(groups.items())
