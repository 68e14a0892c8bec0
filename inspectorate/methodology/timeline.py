"""2.3 Inspection phases: the weeks of an inspection as dates, working days, and what falls together."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 2010, 2095  # the years for which the bank holidays are known or can be reckoned
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
BANK_HOLIDAYS = {
    "england": holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR - 1, LAST_YEAR + 3)),
    "wales": holidays.country_holidays("GB", subdiv="WLS", years=range(FIRST_YEAR - 1, LAST_YEAR + 3)),
}
WORKING_HOLIDAYS = {
    nation: sorted(day for day in days if day.weekday() < len(WEEKDAYS)) for nation, days in BANK_HOLIDAYS.items()
}
WEEK_SHAPE = re.compile(r"-[1-9]\d?|\+[1-9]\d?|[1-9]")
TIME_SHAPE = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

CalendarDay = date  # a second name where a field is called `date`
Nation = Literal["england", "wales"]
Kind = Literal["CRC", "NPS"]
Audience = Literal["inspectorate", "body", "both", "public"]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "first-working-day", "week"]
Phase = Literal["pre-fieldwork", "fieldwork", "post-fieldwork"]


class NotAMonday(ValueError):  # noqa: N818 (named for what is wrong)
    """Fieldwork was said to start on another day than a Monday; the message names the nearest Mondays."""

    def __init__(self, day: date) -> None:
        self.nearest = nearest_mondays(day)
        before, after = (f"{monday:%A} {monday.day} {monday:%B} {monday.year}" for monday in self.nearest)
        super().__init__(
            f"Fieldwork starts on a Monday, and {day.day} {day:%B} {day.year} is a {day:%A}. "
            f"The nearest Mondays are {before} and {after}."
        )


class YearNotKnown(ValueError):  # noqa: N818 (named for what is wrong)
    """A date outside the years for which the bank holidays are known."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{day.isoformat()} is outside the years {FIRST_YEAR} to {LAST_YEAR}, "
            "for which the bank holidays are known. Choose a date within them."
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event of the manual, in weeks from the fieldwork.

    `day` is the day of the week, or the first of the allowed days with `until` the last; 'week' allows them all.
    `after` counts from another event instead: `working_days` (negative: before it; `count_first`: that event's own day
    is the first), or `within_days` for the last day that is allowed. `setting` and `choice` keep the event for the one
    choice of a setting of the pack. `proposed` says that the manual names the act but no date. `recorded`: it is done
    when it is recorded on its own page, and not ticked off.
    """

    id: str
    title: str
    week: str
    day: Day
    owner: str
    audience: Audience
    manual: str
    until: Literal["", "monday", "tuesday", "wednesday", "thursday", "friday"] = ""
    time: str = ""
    until_time: str = ""
    kinds: tuple[Kind, ...] = ("CRC", "NPS")
    nations: tuple[Nation, ...] = ("england", "wales")
    releases: str = ""
    after: str = ""
    working_days: int = 0
    count_first: bool = False
    within_days: int = 0
    setting: str = ""
    choice: str = ""
    proposed: bool = False
    recorded: bool = False

    def __post_init__(self) -> None:
        if not WEEK_SHAPE.fullmatch(self.week):
            raise ValueError(f"week '{self.week}' is not one; write '-11' to '-1', '1' to '3', or '+1' to '+19'")
        for text in (self.time, self.until_time):
            if text and not TIME_SHAPE.fullmatch(text):
                raise ValueError(f"time '{text}' is not one; write it as '16:00'")
        if self.until and (self.day not in WEEKDAYS or WEEKDAYS.index(self.until) <= WEEKDAYS.index(self.day)):
            raise ValueError(f"until '{self.until}' does not follow day '{self.day}'; name a later day of that week")
        if (self.working_days or self.within_days or self.count_first) and not self.after:
            raise ValueError("working_days, count_first and within_days count from another event; name it in 'after'")


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of one pack; `choices` are the pack's settings that decide between events."""

    fieldwork_weeks: int
    events: tuple[Event, ...]
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event with its dates: `date` the first (often only) day, `last_date` the last allowed one or None.

    `instant` and `end` are aware, in Europe/London, where the event has a time; `week` is the label of the week in
    which `date` falls; `bank_holiday` names the one that falls on `date`, for a person to decide about.
    """

    event: Event
    date: CalendarDay
    instant: datetime | None
    last_date: CalendarDay | None
    end: datetime | None
    week: str
    bank_holiday: str

    @property
    def due(self) -> CalendarDay:
        """The last day on which the event is in time.

        Manual 2.3a
        """
        return self.last_date or self.date


@dataclass(frozen=True, slots=True)
class Clash:
    """Two inspections of one person at the same time: which phases, and the first and last day of the overlap."""

    first: str
    second: str
    first_phase: Phase
    second_phase: Phase
    starts: date
    ends: date


def nearest_mondays(day: date) -> tuple[date, date]:
    """The Monday before a day and the one after it; for a Monday, itself and the next.

    Manual 2.3a
    """
    before = day - timedelta(days=day.weekday())
    return before, before + timedelta(days=7)


def bank_holiday(day: date, nation: Nation = "england") -> str:
    """The name of the bank holiday on a day, or ''. Raises YearNotKnown.

    Manual 3.3d
    """
    if not FIRST_YEAR - 1 <= day.year <= LAST_YEAR + 2:
        raise YearNotKnown(day)
    return BANK_HOLIDAYS[nation].get(day) or ""


def working_day(day: date, nation: Nation = "england") -> bool:
    """Whether a day is Monday to Friday and no bank holiday.

    Manual 3.3d
    """
    return day.weekday() < len(WEEKDAYS) and not bank_holiday(day, nation)


def add_working_days(day: date, count: int, nation: Nation = "england") -> date:
    """The working day that lies `count` of them after a day (before it, where negative); 0 gives the day itself.

    Manual 3.3d, 7.4a
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= working_day(day, nation)
    return day


def working_days_between(start: date, end: date, nation: Nation = "england") -> int:
    """How many working days lie after `start` up to and with `end`; negative where `end` is earlier.

    Manual 3.3d
    """
    if end < start:
        return -working_days_between(end, start, nation)
    for day in (start, end):
        bank_holiday(day, nation)
    off = WORKING_HOLIDAYS[nation]
    return _weekdays_until(end) - _weekdays_until(start) - (bisect_right(off, end) - bisect_right(off, start))


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the first day of the calendar up to and with a day."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # ordinal 1 is a Monday
    return weeks * len(WEEKDAYS) + min(rest + 1, len(WEEKDAYS))


def lateness(due: date, on: date, nation: Nation = "england") -> int:
    """How many working days late something due on `due` is on the day `on`; 0 while in time.

    Manual 3.4a
    """
    return max(0, working_days_between(due, on, nation))


def first_working_day(monday: date, nation: Nation = "england") -> date:
    """The first working day of the week that starts on this Monday. Raises NotAMonday.

    Manual 3.3d
    """
    if monday.weekday():
        raise NotAMonday(monday)
    return monday if working_day(monday, nation) else add_working_days(monday, 1, nation)


def instant(day: date, clock: str) -> datetime:
    """A day and a time such as '09:00' as an aware datetime in Europe/London, summer time or not.

    Manual 4.4g, 7.2g
    """
    return datetime.combine(day, time.fromisoformat(clock), LONDON)


def monday_of(timeline: Timeline, fieldwork: date, week: str) -> date:
    """The Monday of a week such as '-8', '2' or '+7'; there is no week 0. Raises NotAMonday.

    Manual 2.3a
    """
    if fieldwork.weekday():
        raise NotAMonday(fieldwork)
    offset = int(week)
    if week[0] == "+":
        offset += timeline.fieldwork_weeks - 1
    elif offset > 0:
        offset -= 1
    return fieldwork + timedelta(weeks=offset)


def week_of(fieldwork: date, day: date, timeline: Timeline) -> str:
    """The label of the week in which a day falls, such as '-8', '2' or '+7'. Raises NotAMonday.

    Manual 2.3a
    """
    if fieldwork.weekday():
        raise NotAMonday(fieldwork)
    offset = (day - fieldwork).days // 7
    if offset < 0:
        return str(offset)
    if offset < timeline.fieldwork_weeks:
        return str(offset + 1)
    return f"+{offset - timeline.fieldwork_weeks + 1}"


def phase_of(week: str) -> Phase:
    """The phase to which a week belongs.

    Manual 2.3a
    """
    if week[0] == "-":
        return "pre-fieldwork"
    return "post-fieldwork" if week[0] == "+" else "fieldwork"


def applies(event: Event, *, nation: Nation, kind: Kind, choices: Mapping[str, str]) -> bool:
    """Whether an event belongs to this kind of body, nation and choice of settings.

    Manual 2.3a
    """
    chosen = not event.setting or choices.get(event.setting) == event.choice
    return chosen and nation in event.nations and kind in event.kinds


def plan(
    timeline: Timeline,
    *,
    fieldwork: date,
    nation: Nation,
    kind: Kind,
    agreed: Mapping[str, date] | None = None,
) -> tuple[DatedEvent, ...]:
    """Every dated event of one inspection, in order of date and time.

    `fieldwork` is the Monday of fieldwork week 1. `agreed` maps the id of an event to a day settled instead of the
    manual's, such as the day of publication; what counts from that event follows it. Raises NotAMonday, YearNotKnown.

    Manual 2.3a, 3.4a
    """
    if fieldwork.weekday():
        raise NotAMonday(fieldwork)
    if not FIRST_YEAR <= fieldwork.year <= LAST_YEAR:
        raise YearNotKnown(fieldwork)
    settled = agreed or {}
    events = [e for e in timeline.events if applies(e, nation=nation, kind=kind, choices=timeline.choices)]
    dates: dict[str, tuple[date, date | None]] = {}
    for event in sorted(events, key=lambda e: bool(e.after)):
        if event.id in settled:
            dates[event.id] = settled[event.id], None
        else:
            dates[event.id] = _dates(event, monday_of(timeline, fieldwork, event.week), nation, dates)
    dated = [_dated(event, *dates[event.id], timeline, fieldwork, nation) for event in events]
    return tuple(sorted(dated, key=lambda d: (d.date, d.event.time)))


def _dates(
    event: Event, monday: date, nation: Nation, earlier: Mapping[str, tuple[date, date | None]]
) -> tuple[date, date | None]:
    """The first day of an event and its last allowed day (None where there is only one)."""
    if event.working_days:
        start, _ = earlier[event.after]
        sign = 1 if event.working_days > 0 else -1
        return add_working_days(start, event.working_days - sign * event.count_first, nation), None
    if event.day == "first-working-day":
        first, last = first_working_day(monday, nation), None
    elif event.day == "week":
        first, last = monday, monday + timedelta(days=len(WEEKDAYS) - 1)
    else:
        first = monday + timedelta(days=WEEKDAYS.index(event.day))
        last = monday + timedelta(days=WEEKDAYS.index(event.until)) if event.until else None
    if event.within_days:
        start, end = earlier[event.after]
        last = (end or start) + timedelta(days=event.within_days)
        first = min(first, last)
    return first, last


def _dated(
    event: Event, first: date, last: date | None, timeline: Timeline, fieldwork: date, nation: Nation
) -> DatedEvent:
    return DatedEvent(
        event=event,
        date=first,
        instant=instant(first, event.time) if event.time else None,
        last_date=last,
        end=instant(first, event.until_time) if event.until_time else None,
        week=week_of(fieldwork, first, timeline),
        bank_holiday=bank_holiday(first, nation),
    )


def phases(timeline: Timeline, fieldwork: date) -> tuple[tuple[Phase, date, date], ...]:
    """The three phases of an inspection, each with its first Monday and last Friday. Raises NotAMonday.

    Manual 2.3a
    """
    weeks = sorted({monday_of(timeline, fieldwork, event.week) for event in timeline.events} | {fieldwork})
    after = fieldwork + timedelta(weeks=timeline.fieldwork_weeks)
    to_friday = timedelta(days=len(WEEKDAYS) - 1)
    week = timedelta(weeks=1)
    return (
        ("pre-fieldwork", weeks[0], fieldwork - week + to_friday),
        ("fieldwork", fieldwork, after - week + to_friday),
        ("post-fieldwork", after, max(weeks[-1], after) + to_friday),
    )


def clashes(inspections: Sequence[tuple[str, date]], timeline: Timeline) -> tuple[Clash, ...]:
    """Which phases of a person's inspections, given as (label, fieldwork Monday), fall together.

    Fieldwork beside fieldwork cannot be done by one person and comes first; the others are work to be weighed.
    Raises NotAMonday.

    Manual 2.3a, 6.3a
    """
    spans = [(label, phases(timeline, monday)) for label, monday in inspections]
    found = [
        Clash(first, second, one, other, max(start, start_2), min(end, end_2))
        for (first, of_first), (second, of_second) in combinations(spans, 2)
        for one, start, end in of_first
        for other, start_2, end_2 in of_second
        if max(start, start_2) <= min(end, end_2)
    ]
    return tuple(sorted(found, key=lambda c: ([c.first_phase, c.second_phase].count("fieldwork") != 2, c.starts)))


def same_day(
    plans: Mapping[str, Sequence[DatedEvent]], owners: Collection[str]
) -> Iterator[tuple[date, tuple[str, DatedEvent], tuple[str, DatedEvent]]]:
    """The days on which somebody with these roles owns an event bound to one day in two of the inspections.

    `plans` maps each inspection's label to its plan. Gives (day, (label, event), (label, event)) in order of day.

    Manual 3.4b
    """
    bound = sorted(
        ((dated.date, label, dated) for label, events in plans.items() for dated in events
         if dated.event.owner in owners and dated.last_date is None),
        key=lambda found: found[:2],
    )  # fmt: skip
    for (day, label, dated), (other_day, other_label, other) in combinations(bound, 2):
        if day == other_day and label != other_label:
            yield day, (label, dated), (other_label, other)
