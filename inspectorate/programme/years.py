"""Chapter 2.1: the year of a programme, which begins in April."""

from datetime import date

FIRST_MONTH = 4
EARLIEST, LATEST = 2010, 2090


def first_day(year: int) -> date:
    """The day on which the programme of this year begins."""
    return date(year, FIRST_MONTH, 1)


def asked_for(text: str, today: date) -> int:
    """The year that an address asks for, or, where it names none, the one in whose April the current year began."""
    if text.isdigit() and EARLIEST <= int(text) <= LATEST:
        return int(text)
    return today.year if today >= first_day(today.year) else today.year - 1
