"""Chapters 4.2, 4.4 and 6.1: the days that a long list covers, told from the first day of fieldwork."""

import calendar
from datetime import date, timedelta

from inspectorate.methodology.sampling.lists import Period

_WEEK = 7
_YEAR = 12


def period_days(period: Period, fieldwork: date) -> tuple[date, date] | None:
    """Return the first and the last day of a list's period, or None where the pack does not say which days.

    `fieldwork` is the first day of fieldwork. A month runs from a day to the day before the same one of the next month
    (the last of a month that is too short): "between six and seven months before" Monday 2 September is 2 February to
    1 March. Weeks are counted back from fieldwork, so that they begin on its day of the week.

    Manual 4.2a, 4.4b, 4.4g, 4.4i, 4.4j, 6.1e
    """
    if period.months_before:
        first = _months_before(fieldwork, period.months_before)
        behind = period.length if period.unit == "month" else 0
        end = _months_before(fieldwork, period.months_before - behind) if behind else _weeks_after(first, period)
    elif period.weeks_before:
        first = fieldwork - timedelta(_WEEK * period.weeks_before)
        end = _weeks_after(first, period) if period.unit == "week" else _months_before(first, -period.length)
    else:
        return None
    return first, end - timedelta(1)


def _weeks_after(first: date, period: Period) -> date:
    return first + timedelta(_WEEK * period.length)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier (later, where negative), or the last of a month that is too short."""
    year, month = divmod(_YEAR * day.year + day.month - 1 - months, _YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
