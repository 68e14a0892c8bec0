"""How dates, times and numbers are written on pages: "Monday 3 June 2019", "9am", "in 3 working days"."""

import datetime
from collections.abc import Callable, Iterable
from fractions import Fraction

from django.utils import timezone

Day = datetime.date | datetime.datetime
SPEAKS_FOR_ITSELF = {"a", "an", "any", "how", "the", "what", "when", "where", "which", "who", "why", "your"}


def _local(value: Day) -> Day:
    """An instant as the clock on the wall shows it; a plain date stays."""
    return timezone.localtime(value) if isinstance(value, datetime.datetime) and timezone.is_aware(value) else value


def date(value: Day | None) -> str:
    """`Monday 3 June 2019`; nothing for None."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(value: Day | None) -> str:
    """`3 Jun 2019`, for tables."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day.day} {day:%b %Y}"


def time(value: datetime.time | datetime.datetime | None) -> str:
    """`9am`, `4:30pm`, `midday`, `midnight`."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime.datetime) and timezone.is_aware(value) else value
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime.datetime | None) -> str:
    """`9am on Monday 3 June 2019`."""
    return "" if value is None else f"{time(value)} on {date(value)}"


def iso(value: Day | datetime.time | None) -> str:
    """For the `datetime` attribute of `<time>`."""
    return "" if value is None else value.isoformat()


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `1,204 cases`, `2 bodies`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def number(value: int | float | None) -> str:
    """`1,204`."""
    return "" if value is None else f"{value:,}"


def percent(value: int | float | Fraction | None, of: int | None = None) -> str:
    """`67%`, or with the number beneath it `67% of 40`. Takes a percentage (0 to 100), never a share."""
    if value is None:
        return "not rated"
    shown = int(value) if value == int(value) else round(float(value), 1)
    return f"{shown}%" if of is None else f"{shown}% of {number(of)}"


def in_sentence(label: str) -> str:
    """A label inside a sentence: `Date of the call` -> `the date of the call`, `OASys number` -> `the OASys number`."""
    first = label.split(" ", 1)[0]
    if first.rstrip(",").casefold() in SPEAKS_FOR_ITSELF:
        return label[:1].lower() + label[1:]
    keeps_capitals = any(letter.isupper() for letter in first[1:])
    return f"the {label if keeps_capitals else label[:1].lower() + label[1:]}"


def listed(items: Iterable[object], last: str = "and") -> str:
    """`Leeds, York and Hull`."""
    all_items = [str(item) for item in items]
    if len(all_items) < 2:
        return "".join(all_items)
    return f"{', '.join(all_items[:-1])} {last} {all_items[-1]}"


def in_working_days(count: int) -> str:
    """`today`, `in 1 working day`, `3 working days ago`; negative counts lie in the past."""
    if count == 0:
        return "today"
    phrase = plural(abs(count), "working day")
    return f"in {phrase}" if count > 0 else f"{phrase} ago"


def monday_to_friday(day: datetime.date) -> bool:
    """A weekday; pass `timeline.working_day` where bank holidays matter."""
    return day.weekday() < 5


def due(
    on: datetime.date, today: datetime.date, working_day: Callable[[datetime.date], bool] = monday_to_friday
) -> str:
    """How far a date lies from today, counted in working days: `in 3 working days`, `1 working day ago`."""
    if on == today:
        return "today"
    earlier, later = min(on, today), max(on, today)
    days = (earlier + datetime.timedelta(days=step) for step in range(1, (later - earlier).days + 1))
    count = sum(1 for day in days if working_day(day))
    if count == 0:
        return "in less than 1 working day" if on > today else "less than 1 working day ago"
    return in_working_days(count if on > today else -count)
