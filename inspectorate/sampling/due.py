"""Chapter 4.4: when the sample of each list is to be drawn and is due back, and how late it is, for both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from inspectorate.audit import clock
from inspectorate.methodology import timeline
from inspectorate.programme.models import Inspection, PlannedEvent
from inspectorate.sampling.models import Draw
from inspectorate.sampling.reading import OWN_EVENT, lists_of

# (to be drawn, due back) for a list with dates of its own, and for the others.
OWN = ("court-report-sample", "court-report-return")
LISTS = "long-list"
OTHERS = ("provisional-sample", "exclusions-returned")


@dataclass(frozen=True, slots=True)
class Due:
    """A day of the plan, with its time where it has one, the day from which it was moved, and when it was met."""

    day: date
    instant: datetime | None
    moved_from: date | None
    met_at: datetime | None
    late: int
    past: bool

    @property
    def lateness(self) -> str:
        """`2 working days late`; "" while in time."""
        if not self.past:
            return ""
        if self.late:
            return f"{self.late} working day{'' if self.late == 1 else 's'} late"
        return "late by less than a working day"


@dataclass(frozen=True, slots=True)
class Dates:
    """Of one list: when it is to be drawn, and when the marked sample is due back; None where the plan has no date."""

    drawing: Due | None
    back: Due | None


def lists_due(inspection: Inspection) -> dict[str, Any]:
    """When the long lists are due (`due`), and those with a date of their own (`due_of`, by id), which are given on the
    day on which their sample is drawn. One query. Manual 4.4b, 4.4g."""
    events = {one.event: one for one in inspection.events.filter(event__in=[LISTS, OWN[0]])}
    own = events.get(OWN[0])
    return {"due": events.get(LISTS), "due_of": dict.fromkeys(OWN_EVENT, own) if own else {}}


def dates_of(inspection: Inspection, newest: Mapping[str, Draw | None]) -> dict[str, Dates]:
    """The dates of each list, by its id; `newest` gives the draw that counts, if there is one. One query."""
    events = {one.event: one for one in inspection.events.filter(event__in=[*OWN, *OTHERS])}
    found = {}
    for one in lists_of(inspection):
        drawing, back = OWN if one.id in OWN_EVENT else OTHERS
        draw = newest.get(one.id)
        returned = draw.returned_or_none if draw else None
        found[one.id] = Dates(
            _due(inspection, events.get(drawing), draw.at if draw else None),
            _due(inspection, events.get(back), returned.at if returned else None),
        )
    return found


def back_of(draw: Draw) -> Due | None:
    """When one draw is due back. One query."""
    inspection, name = draw.long_list.inspection, draw.long_list.case_list
    return dates_of(inspection, {name: draw})[name].back


def _due(inspection: Inspection, planned: PlannedEvent | None, met_at: datetime | None) -> Due | None:
    if planned is None:
        return None
    day = planned.last_date or planned.date
    on = (met_at or clock.now()).astimezone(clock.LONDON)
    past = on > planned.instant if planned.instant and day == planned.date else on.date() > day
    nation = cast(timeline.Nation, inspection.nation)
    return Due(
        day=day,
        instant=planned.instant if day == planned.date else None,
        moved_from=planned.original_date if planned.original_date != planned.date else None,
        met_at=met_at,
        late=timeline.lateness(day, on.date(), nation) if past else 0,
        past=past,
    )
