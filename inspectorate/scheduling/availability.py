"""Chapter 5.1: which cases meet an officer who is away in the week for which they are allocated (days of 4.4d)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from inspectorate.methodology import timeline
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import officers
from inspectorate.sampling.models import SampledCase


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands beside a case: the days away, and whether they leave no working day of its week."""

    text: str
    whole_week: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week of fieldwork with its working days."""

    number: int
    days: tuple[date, ...]


def weeks_of(inspection: Inspection) -> tuple[Week, ...]:
    """The weeks of fieldwork. Manual 2.3a."""
    rules, nation = packs.pack_of(inspection).timeline, cast(timeline.Nation, inspection.nation)
    mondays = [timeline.monday_of(rules, inspection.fieldwork, str(one)) for one in range(1, rules.fieldwork_weeks + 1)]
    return tuple(
        Week(
            number,
            tuple(day for on in range(7) if timeline.working_day(day := monday + timedelta(days=on), nation)),
        )
        for number, monday in enumerate(mondays, 1)
    )


def notices(inspection: Inspection, cases: Iterable[SampledCase]) -> dict[int, Notice]:
    """For each case, by key, whose officer is away in the week for which it is allocated, or in any week of fieldwork
    while it is not; `cases` have their allocations as `current`. Manual 4.4d, 5.1a. One query."""
    away: dict[str, list[tuple[date, date]]] = {}
    for one in inspection.officers_away.filter(ended_at=None):
        away.setdefault(one.officer.casefold(), []).append((one.first_day, one.last_day))
    weeks = weeks_of(inspection) if away else ()
    found = {}
    for case in cases:
        days = away.get(officers.officer_of(case.case.facts).casefold(), [])
        current = getattr(case, "current", [])
        its = [week for week in weeks if not current or week.number == current[0].week]
        if days and (notice := _notice(days, its)):
            found[case.pk] = notice
    return found


def _notice(away: Sequence[tuple[date, date]], weeks: Sequence[Week]) -> Notice | None:
    """What to say of these days away in these weeks, None where no working day of theirs is among them."""
    said, whole = [], []
    for week in weeks:
        missed = [day for day in week.days if any(first <= day <= last for first, last in away)]
        if missed:
            whole.append(len(missed) == len(week.days))
            said.append(f"all of week {week.number}" if whole[-1] else f"{_in_words(missed)}, in week {week.number}")
    return Notice(f"Officer away {'; '.join(said)}", all(whole)) if said else None


def _in_words(days: Sequence[date]) -> str:
    """`Monday 3 June`, or `Monday 3 to Wednesday 5 June` for days in a row; else each day."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return " and ".join(_run(run[0], run[-1]) for run in runs)


def _run(first: date, last: date) -> str:
    until = f"{last:%A} {last.day} {last:%B}"
    if first == last:
        return until
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first:%A} {first.day}{month} to {until}"
