"""Where the two imaginary inspections stand (Manual 2.3): their weeks, people and files, and the stops of the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from inspectorate.audit.clock import LONDON
from inspectorate.demo import evidence, invented, people
from inspectorate.methodology import timeline
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection

FILES = Path(__file__).with_name("files")
# Moments worth going to: an event of the plan, and by how many minutes before it.
MOMENTS = (
    ("preparation-start", 0),
    ("announcement", 0),
    ("project-plan", 0),
    ("telephone-planning-meeting", 0),
    ("long-list", 0),
    ("provisional-sample", 0),
    ("exclusions-returned", 0),
    ("final-sample", 0),
    ("fieldwork-start", 0),
    ("indicative-ratings", 0),
    ("ratings-panel", 0),
    ("ratings-to-body", 1),
    ("ratings-to-body", 0),
    ("factual-accuracy-draft", 0),
    ("publication", 0),
    ("action-plan", 0),
)
MORNING = time(10, 0)


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment to which the clock can be moved."""

    title: str
    week: str
    instant: datetime

    @property
    def typed(self) -> dict[str, str]:
        """The moment as the form of the clock takes it."""
        local = self.instant.astimezone(LONDON)
        return {
            "day-day": str(local.day),
            "day-month": str(local.month),
            "day-year": str(local.year),
            "time": f"{local:%H:%M}",
        }


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a body sends: its name under files/, and what it is."""

    name: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stand:
    """One of the two inspections, as the demonstration's page shows it."""

    inspection: Inspection
    week: str
    people: Sequence[people.Player]
    stops: Sequence[Stop]
    files: Sequence[SentFile]


def all_of(now: datetime) -> list[Stand]:
    """The inspections of the imaginary bodies that are there."""
    found = (
        Inspection.objects.filter(body__name__in=invented.BODIES.values())
        .select_related("body", "pack")
        .prefetch_related("events")
        .order_by("fieldwork")
    )
    return [_stand(inspection, now) for inspection in found]


def _stand(inspection: Inspection, now: datetime) -> Stand:
    rules = packs.pack_of(inspection).timeline
    return Stand(
        inspection=inspection,
        week=timeline.week_of(inspection.fieldwork, now.astimezone(LONDON).date(), rules),
        people=[one for one in people.players() if one.kind == inspection.kind and one.number == 1],
        stops=_stops(inspection),
        files=[one for one in files() if one.kind == inspection.kind],
    )


def _stops(inspection: Inspection) -> list[Stop]:
    rules = packs.pack_of(inspection).timeline
    titles = {event.id: event.title for event in rules.events}
    planned = {one.event: one for one in inspection.events.all()}
    stops = []
    for event, before in MOMENTS:
        if (one := planned.get(event)) is None:
            continue
        instant = one.instant or datetime.combine(one.date, MORNING, LONDON)
        title = f"{'One minute before: ' if before else ''}{titles[event]}"
        week = timeline.week_of(inspection.fieldwork, one.date, rules)
        stops.append(Stop(title, week, instant - timedelta(minutes=before)))
    last = max((event.week for event in rules.events if event.week.startswith("+")), key=int)
    end = datetime.combine(timeline.monday_of(rules, inspection.fieldwork, last), MORNING, LONDON)
    stops.append(Stop("The last week of the timeline", last, end))
    return sorted(stops, key=lambda stop: stop.instant)


def offices() -> list[people.Player]:
    """Everybody who belongs to no single inspection."""
    return [one for one in people.players() if not one.kind]


@cache
def files() -> tuple[SentFile, ...]:
    """Every file that can be sent in, long lists first."""
    found = []
    for kind in invented.BODIES:
        folder = FILES / kind.lower()
        for path in sorted(folder.glob("*.xlsx")):
            found.append(SentFile(f"{kind.lower()}/{path.name}", _list_title(path.stem), kind))
        for paper in evidence.papers_of(kind):
            found.append(SentFile(f"{kind.lower()}/evidence/{paper.file_name}", f"Evidence: {paper.title}", kind))
    return tuple(found)


def _list_title(stem: str) -> str:
    endings = {"-as-first-received": ", as first received, with faults", "-libreoffice": ", from LibreOffice"}
    for ending, said in endings.items():
        if stem.endswith(ending):
            return f"Long list: {stem.removesuffix(ending).replace('-', ' ')}{said}"
    return f"Long list: {stem.replace('-', ' ')}"
