"""Chapters 6.4, 6.5, 6.9, 6.10: sites, meetings as they were held, the team's days, weekly returns and the closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell
from inspectorate.fieldwork.models import (
    ClosingItem,
    DayMeeting,
    MeetingRecord,
    Site,
    SiteCheck,
    WeeklyReturn,
    WelfareNote,
)
from inspectorate.methodology.fieldwork import Item
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling.limited import VEIL, Sight
from inspectorate.sampling.models import standing as standing_cases

CLOSING = "fieldwork-end"


class NotADay(Exception):
    """The day is none of this fieldwork."""


class NotAWeek(Exception):
    """The week is none of this fieldwork, or has not begun."""


class SiteThere(Exception):
    """A site of this name is there already."""


class UnknownItem(Exception):
    """The checklist has no such line."""


class Answered(Exception):
    """The note was answered already."""


def days_of(inspection: Inspection) -> tuple[date, date]:
    """First and last day of the fieldwork: Monday of week 1, Friday of the last week. Manual 6.10a"""
    weeks = packs.pack_of(inspection).timeline.fieldwork_weeks
    return inspection.fieldwork, inspection.fieldwork + timedelta(days=7 * weeks - 3)


@dataclass(frozen=True, slots=True)
class Done:
    """Of a person, an office or a list: cases given, begun and submitted."""

    name: str
    given: int
    begun: int
    submitted: int

    @property
    def open(self) -> int:
        return self.given - self.submitted


def progress(inspection: Inspection, titles: Mapping[str, str], sight: Sight) -> dict[str, list[Done]]:
    """How far the cases that stand in the sample are, by `list`, `person` and `office`; the office of a case that is
    kept from who reads is not named. One query. Manual A1b"""
    now = FilteredRelation("allocations", condition=Q(allocations__ended_at=None))
    rows = (
        standing_cases(inspection.sampled_cases.order_by())
        .annotate(current=now)
        .values_list(
            "case_list",
            "current__inspector__name",
            "case__facts__office",
            "case__unit_2",
            "case__limited",
            "assessment__started_at",
            "assessment__submitted_at",
        )
    )
    counts: dict[str, dict[str, list[int]]] = {"list": {}, "person": {}, "office": {}}
    for case_list, person, office, unit, hidden, started, submitted in rows:
        names = {"list": titles.get(case_list, case_list), "person": person or "Nobody yet", "office": office or unit}
        if hidden and not sight.reads:
            names["office"] = VEIL
        for group, name in names.items():
            tally = counts[group].setdefault(name or "No office named", [0, 0, 0])
            tally[0] += 1
            tally[1] += started is not None
            tally[2] += submitted is not None
    return {group: [Done(name, *tally) for name, tally in sorted(its.items())] for group, its in counts.items()}


@transaction.atomic
def record_day(*, inspection: Inspection, day: date, text: str, actions: str, by: User) -> DayMeeting:
    """Records the talk at the end of a fieldwork day; the newest record of a day counts. Manual 5.3a, A1b.

    Raises NotADay.
    """
    first, last = days_of(inspection)
    if not first <= day <= last or day > clock.today():
        raise NotADay(f"Give a day of the fieldwork, {first:%-d %B} to {last:%-d %B %Y}, that is not in the future.")
    kept = DayMeeting.objects.create(inspection=inspection, day=day, text=text, actions=actions, by=by, at=clock.now())
    _record(inspection, by, "record_day", kept, f"Recorded the meeting of {day:%-d %B %Y}")
    return kept


@transaction.atomic
def note_welfare(*, inspection: Inspection, text: str, by: User) -> WelfareNote:
    """Tells the deputy lead inspector, and nobody else, about somebody's welfare. Manual A1b."""
    note = WelfareNote.objects.create(inspection=inspection, text=text, by=by, at=clock.now())
    _record(inspection, by, "note_welfare", note, "Left a note on welfare")
    return note


@transaction.atomic
def answer_welfare(*, note: WelfareNote, answer: str, by: User) -> None:
    """The deputy's answer, which only the deputy and who wrote the note read. Manual A1b. Raises Answered."""
    kept = WelfareNote.objects.select_for_update().get(pk=note.pk)
    if kept.answered_at:
        raise Answered("This note was answered already.")
    kept.answer, kept.answered_at = answer, clock.now()
    kept.save(update_fields=["answer", "answered_at"])
    _record(note.inspection, by, "answer_welfare", note, "Answered a note on welfare")


@transaction.atomic
def add_site(*, inspection: Inspection, name: str, hours: str, contact: str, by: User) -> Site:
    """Adds a place where the team works. Manual 6.4a. Raises SiteThere."""
    if inspection.sites.filter(name__iexact=name).exists():
        raise SiteThere(f"{name} is there already.")
    site = Site.objects.create(inspection=inspection, name=name, hours=hours, contact=contact, by=by, at=clock.now())
    _record(inspection, by, "add_site", site, f"Added the site {name}")
    return site


def lines_of(site: Site, inspectors: list[User]) -> list[tuple[str, Item, User | None]]:
    """(key, line, inspector) of everything that is settled at a site: its own lines, then each inspector's access."""
    rules = packs.pack_of(site.inspection).fieldwork.running
    own = [(item.id, item, None) for item in rules.sites]
    access = [
        (f"{item.id}-{one.pk}", item, one) for one in inspectors for item in rules.access_for(site.inspection.kind)
    ]
    return [*own, *access]


@transaction.atomic
def check_site(*, site: Site, states: Mapping[str, tuple[str, str]], inspectors: list[User], by: User) -> int:
    """Notes how lines of a site stand, key -> (state, note); answers how many changed. Manual 6.4a, 6.5a.

    Raises UnknownItem.
    """
    lines = {key: (item, inspector) for key, item, inspector in lines_of(site, inspectors)}
    if unknown := sorted(set(states) - set(lines)):
        raise UnknownItem(f"{', '.join(unknown)}: no such line at this site. Open the page again.")
    stands = standing(site)
    changed = [
        SiteCheck(
            site=site, item=lines[key][0].id, inspector=lines[key][1], state=state, note=note, by=by, at=clock.now()
        )
        for key, (state, note) in states.items()
        if (state, note) != ((stands[key].state, stands[key].note) if key in stands else ("open", ""))
    ]
    SiteCheck.objects.bulk_create(changed)
    if changed:
        _record(site.inspection, by, "check_site", site, f"Noted {len(changed)} lines of the site {site.name}")
    return len(changed)


def standing(site: Site) -> dict[str, SiteCheck]:
    """How each line of a site stands, by key. One query."""
    found: dict[str, SiteCheck] = {}
    for check in site.checks.order_by("pk").select_related("by"):
        found[f"{check.item}-{check.inspector_id}" if check.inspector_id else check.item] = check
    return found


@transaction.atomic
def return_week(*, inspection: Inspection, week: int, by: User) -> WeeklyReturn:
    """Tells the administrator and the data team which cases were inspected by now. Manual 6.1d. Raises NotAWeek."""
    weeks = packs.pack_of(inspection).timeline.fieldwork_weeks
    if not 1 <= week <= weeks or inspection.fieldwork + timedelta(weeks=week - 1) > clock.today():
        raise NotAWeek(f"Give a week of the fieldwork from 1 to {weeks} that has begun.")
    submitted: dict[str, list[int]] = {}
    done = inspection.sampled_cases.filter(assessment__submitted_at__isnull=False).order_by("case_list", "number")
    for case_list, number in done.values_list("case_list", "number"):
        submitted.setdefault(case_list, []).append(number)
    kept = WeeklyReturn.objects.create(inspection=inspection, week=week, cases=submitted, by=by, at=clock.now())
    count = sum(len(numbers) for numbers in submitted.values())
    _record(inspection, by, "return_week", kept, f"Returned week {week} with {count} cases inspected")
    note_done(inspection=inspection, event=f"court-reports-inspected-week-{week}", by=by)
    told = Q(inspection=inspection, role="administrator") | Q(role="data-team")
    here = Q(inspection=inspection) | Q(inspection=None)
    held = Membership.objects.filter(told, here, ended_at=None, user__is_active=True)
    tell(inspection=inspection, what=f"The return of week {week}", addresses=held.values_list("user__email", flat=True))
    return kept


@transaction.atomic
def close_item(*, inspection: Inspection, item: str, note: str, by: User) -> None:
    """Ticks a line of the closing checklist; with the last one the fieldwork is closed. Manual 6.10a.

    Raises UnknownItem. A line ticked twice stays as it was.
    """
    lines = {one.id: one.title for one in packs.pack_of(inspection).fieldwork.running.closing}
    if item not in lines:
        raise UnknownItem("The closing checklist has no such line. Open the page again.")
    kept, made = ClosingItem.objects.get_or_create(
        inspection=inspection, item=item, defaults={"note": note, "by": by, "at": clock.now()}
    )
    if not made:
        return
    _record(inspection, by, "close_item", kept, f"Closing: {lines[item]}")
    if set(lines) <= set(inspection.closing_items.values_list("item", flat=True)):
        note_done(inspection=inspection, event=CLOSING, by=by)


@transaction.atomic
def record_meeting(*, inspection: Inspection, by: User, **held: Any) -> MeetingRecord:
    """Records a meeting as it was held: `meeting` (id of the pack or ""), `title`, `held_on`, `place`, `people`,
    `same_grade`, `line_managers`, `private`, `minutes`, `text`. Manual 5.2b, 6.9a."""
    kept = MeetingRecord.objects.create(inspection=inspection, by=by, at=clock.now(), **held)
    _record(inspection, by, "record_meeting", kept, f"Recorded the meeting {kept.title}")
    return kept


def _record(inspection: Inspection, by: User, action: str, subject: Any, summary: str) -> None:
    trail.record_change(chain=inspection.chain, by=by, action=action, subject=subject, summary=summary)


def open_notes(inspection: Inspection) -> Any:
    """Notes on welfare, unanswered ones first."""
    return inspection.welfare_notes.select_related("by").order_by(F("answered_at").asc(nulls_first=True), "-pk")
