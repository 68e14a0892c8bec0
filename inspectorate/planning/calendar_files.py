"""Chapter 3.4: the issued project plan as a calendar file and as a workbook, and what has changed since."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import icalendar

from inspectorate.audit.clock import LONDON
from inspectorate.documents.spreadsheets import Column, WrittenSheet, write_workbook
from inspectorate.planning.models import PlanIssue
from inspectorate.programme.models import Inspection

HOUR = dt.timedelta(hours=1)
PRODUCT = "-//inspectorate//project plan//EN"


@dataclass(frozen=True, slots=True)
class Issued:
    """One dated event of the external plan as it was issued."""

    event: str
    title: str
    owner: str
    date: dt.date
    last_date: dt.date | None
    instant: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A date that is no longer as issued; `was` or `now` is None for an event that came or went."""

    title: str
    was: Issued | None
    now: Issued | None


def issued(dates: Iterable[Mapping[str, Any]]) -> list[Issued]:
    """The events of an issued plan, in order of their dates."""
    found = [
        Issued(
            one["event"],
            one["title"],
            one["owner"],
            dt.date.fromisoformat(one["date"]),
            dt.date.fromisoformat(one["last_date"]) if one["last_date"] else None,
            dt.datetime.fromisoformat(one["instant"]).astimezone(LONDON) if one["instant"] else None,
        )
        for one in dates
    ]
    return sorted(found, key=lambda one: one.date)


def differences(before: Iterable[Issued], now: Iterable[Issued]) -> list[Difference]:
    """What differs between the issued plan and the present dates, in order of the present ones."""
    old, new = {one.event: one for one in before}, {one.event: one for one in now}
    changed = [Difference(one.title, old.get(one.event), one) for one in new.values() if old.get(one.event) != one]
    return changed + [Difference(one.title, one, None) for one in old.values() if one.event not in new]


def calendar(inspection: Inspection, issue: PlanIssue, *, address: str) -> bytes:
    """The issued plan as an iCalendar file for an electronic diary; `address` is that of the plan's page."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Inspection of {inspection.body}")
    for one in issued(issue.dates):
        entry = icalendar.Event()
        entry.add("uid", f"{one.event}.{inspection.public_id}@inspectorate")
        entry.add("sequence", issue.pk)
        entry.add("dtstamp", issue.at)
        entry.add("summary", f"{one.title} ({inspection.body})")
        entry.add("description", f"Done by: {one.owner}\n{address}")
        entry.add("transp", "TRANSPARENT")
        if one.instant:
            entry.add("dtstart", one.instant)
            entry.add("dtend", one.instant + HOUR)
        else:
            entry.add("dtstart", one.date)
            entry.add("dtend", (one.last_date or one.date) + dt.timedelta(days=1))
        made.add_component(entry)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def workbook(issue: PlanIssue) -> bytes:
    """The issued plan as a workbook: from, to, time, what and who."""
    columns = (Column("From", 12), Column("To", 12), Column("Time", 8), Column("What", 70), Column("Who", 34))
    rows = (
        (one.date, one.last_date, one.instant.time() if one.instant else None, one.title, one.owner)
        for one in issued(issue.dates)
    )
    kept = io.BytesIO()
    write_workbook(kept, [WrittenSheet("Project plan", columns, rows)])
    return kept.getvalue()
