"""Chapter 7.2f: the minutes of the ratings panel, written from what was recorded as it fell; nothing is typed twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Attendance, MinuteCorrection, PanelConnection
from inspectorate.ratings.sitting import Record


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody on the panel from an instant on, until they left."""

    pk: int
    name: str
    role: str
    since: datetime
    until: datetime | None

    def taken(self, at: datetime) -> bool:
        """Whether they sat at this instant."""
        return self.since <= at and (self.until is None or self.until > at)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the minutes; `words` are those that were given. `present` is named where something was decided."""

    key: str
    number: int
    at: datetime
    what: str
    words: str
    by: str
    present: tuple[str, ...]
    corrections: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    key: str
    at: datetime
    place: int
    what: str
    words: str = ""
    by: str = ""
    decides: bool = False


def minutes(inspection: Inspection, said: Record) -> tuple[Entry, ...]:
    """Every entry in the order in which it fell, in two queries; nothing before the panel is opened."""
    opened, seats, connections, corrections = _rows(inspection)
    if opened is None:
        return ()
    pack = packs.pack_of(inspection)
    titles = {role.id: role.title.lower() for role in pack.roles.roles}
    framework = pack.framework(inspection.kind)
    drafts = [_Draft("opened", opened, 0, "The panel was opened"), *_seats(seats, titles), *_connections(connections)]
    drafts += [draft for draft in _said(said, framework) if draft.at >= opened]
    drafts.sort(key=lambda draft: (draft.at, draft.place))
    return tuple(
        Entry(
            draft.key,
            number,
            draft.at,
            draft.what,
            draft.words,
            draft.by,
            _present(seats, connections, draft.at) if draft.decides else (),
            tuple(corrections.get(draft.key, ())),
        )
        for number, draft in enumerate(drafts, 1)
    )


def as_kept(entry: Entry) -> dict[str, Any]:
    """An entry as plain values, for a decision that is locked."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "what": entry.what,
        "words": entry.words,
        "by": entry.by,
        "present": list(entry.present),
        "corrections": [[text, by, at.isoformat()] for text, by, at in entry.corrections],
    }


Connections = list[tuple[int, int, str, bool, datetime]]
Corrections = dict[str, list[tuple[str, str, datetime]]]


def _rows(inspection: Inspection) -> tuple[datetime | None, list[Seat], Connections, Corrections]:
    held = Attendance.objects.filter(panel__inspection=inspection).values_list(
        "panel__opened_at", "member_id", "member__name", "role", "at", "ended_at"
    )
    rows = list(held)
    seats = [Seat(*row[1:]) for row in rows]
    if not rows:
        return None, [], [], {}
    declared = list(
        PanelConnection.objects.filter(inspection=inspection)
        .order_by("pk")
        .values_list("pk", "member_id", "member__name", "stands", "at")
    )
    corrections: Corrections = {}
    for key, text, by, at in MinuteCorrection.objects.filter(panel__inspection=inspection).values_list(
        "entry", "text", "by__name", "at"
    ):
        corrections.setdefault(key, []).append((text, by, at))
    return rows[0][0], seats, declared, corrections


def _seats(seats: list[Seat], titles: Mapping[str, str]) -> Iterator[_Draft]:
    for number, seat in enumerate(seats, 1):
        yield _Draft(
            f"joined-{number}", seat.since, 1, f"{seat.name} took a seat as {titles.get(seat.role, seat.role)}"
        )
        if seat.until is not None:
            yield _Draft(f"left-{number}", seat.until, 4, f"{seat.name} left the panel")


def _connections(connections: Connections) -> Iterator[_Draft]:
    for pk, _, name, stands, at in connections:
        what = "declared a connection with the inspected body" if stands else "took back a connection"
        yield _Draft(f"connection-{pk}", at, 2, f"{name} {what}")


def _said(said: Record, framework: Framework) -> Iterator[_Draft]:
    for one in said.views:
        what = f"{one.by} held another view on {one.subject}: {one.scale.label}"
        yield _Draft(f"view-{one.pk}", one.at, 3, what, one.words)
    for one in said.all:
        if one.decided:
            was = Rating.from_slug(one.was).label
            origin = "as computed" if framework.has_key_question(one.subject) else "as proposed"
            how = f"{one.scale.label}, in place of {was}" if one.changed else f"{one.scale.label}, {origin}"
            yield _Draft(f"decision-{one.pk}", one.at, 3, f"Decided on {one.subject}: {how}", one.words, one.by, True)


def _present(seats: list[Seat], connections: Connections, at: datetime) -> tuple[str, ...]:
    """Who sat when something was decided, without those whose connection kept them out."""
    stands: dict[int, bool] = {}
    for _, member, _, declared, when in connections:
        if when <= at:
            stands[member] = declared
    return tuple(seat.name for seat in seats if seat.taken(at) and not stands.get(seat.pk))
