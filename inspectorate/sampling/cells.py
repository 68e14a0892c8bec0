"""Chapter 4.4, long lists: what one cell says, however it is written, or why nobody can tell."""

import calendar
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from inspectorate.documents.spreadsheets import Cell
from inspectorate.methodology.sampling import Column, UnknownValueError, understand

LONGEST = {"reference": 60, "tier-1": 120, "tier-2": 120}
LONGEST_TEXT = 300
NOTHING_HERE = "Nothing stands here."
NOTHING = {"", "-", "--", "n/a", "#n/a", "na", "nil", "none", "null", "?"}
# Day 0 of the numbers under which spreadsheets keep dates, and the numbers that can be such a date here.
DAY_0, FIRST_SERIAL, LAST_SERIAL = date(1899, 12, 30), 3654, 73050
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if number}
DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]([a-z]{3,9})\.?,?[ \-/](\d{4}|\d{2})")
CLOCK = re.compile(r"[t ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


class NotUnderstood(ValueError):
    """What is wrong with a cell and what would be right."""

    def __init__(self, what: str, right: str) -> None:
        self.what, self.right = what, right
        super().__init__(f"{what} {right}")


class Meaning(NamedTuple):
    """What a cell holds: its value (id of the choice, date as 2019-06-03, text), and how that is shown where it was
    written otherwise than asked for."""

    value: str
    shown: str = ""


def written(cell: Cell) -> str:
    """A cell as a person sees it: one line, single spaces, no signs that cannot be seen."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = " ".join(cell.split())
        return text if text.isprintable() else "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if (cell.hour, cell.minute) == (0, 0) else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def read(column: Column, cell: Cell, given_on: date) -> Meaning:
    """What a cell of a column says; `given_on` is the day of the upload. Raises NotUnderstood."""
    if column.type == "date" and isinstance(cell, date):
        return _likely(column, cell.date() if isinstance(cell, datetime) else cell, given_on)
    text = written(cell)
    if text.casefold() not in NOTHING:
        return READERS[column.type](column, text, given_on)
    if column.required:
        raise NotUnderstood(NOTHING_HERE, f"Write {_what_to_write(column)}.")
    return Meaning("")


def _what_to_write(column: Column) -> str:
    if column.choices:
        return "one of " + ", ".join(choice.label for choice in column.choices)
    if column.type == "date":
        return "a date as 03/06/2019"
    return column.holds[:1].lower() + column.holds[1:]


def _text(column: Column, text: str, _: date) -> Meaning:
    most = LONGEST.get(column.id, LONGEST_TEXT)
    if len(text) > most:
        raise NotUnderstood(f"This is {len(text)} characters long.", f"Write at most {most} characters.")
    return Meaning(text)


def _choice(column: Column, text: str, _: date) -> Meaning:
    try:
        choice = understand(column, text)
    except UnknownValueError:
        raise NotUnderstood("This value is not understood.", f"Write {_what_to_write(column)}.") from None
    return Meaning(choice.id, "" if text == choice.label else choice.label)


def _date(column: Column, text: str, given_on: date) -> Meaning:
    day = _day(text.casefold(), given_on)
    return _likely(column, day, given_on)._replace(shown="a date, day before month")


def _likely(column: Column, day: date, given_on: date) -> Meaning:
    if column.personal and not 10 <= given_on.year - day.year <= 110:
        raise NotUnderstood("This is not a likely date of birth.", "Write the date of birth as 03/06/1979.")
    if not 1900 <= day.year <= 2100:
        raise NotUnderstood("This date is not a likely one.", "Write the date with its year in four numbers.")
    return Meaning(day.isoformat())


def _day(text: str, given_on: date) -> date:
    text = CLOCK.sub("", text)
    try:
        if found := DAY_FIRST.fullmatch(text):
            return date(_year(found[3], given_on), int(found[2]), int(found[1]))
        if found := YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if (found := NAMED_MONTH.fullmatch(text)) and found[2][:3] in MONTHS:
            return date(_year(found[3], given_on), MONTHS[found[2][:3]], int(found[1]))
        if re.fullmatch(r"\d{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if re.fullmatch(r"\d{4,5}(\.\d+)?", text) and FIRST_SERIAL <= float(text) <= LAST_SERIAL:
            return DAY_0 + timedelta(days=int(float(text)))
    except ValueError:
        raise NotUnderstood("There is no such day.", "Write a real date, day before month, as 03/06/2019.") from None
    raise NotUnderstood("This is not understood as a date.", "Write the date as 03/06/2019.")


def _year(text: str, given_on: date) -> int:
    """Two numbers stand for the latest such year that is not in the future."""
    if len(text) == 4:
        return int(text)
    year = given_on.year - given_on.year % 100 + int(text)
    return year if year <= given_on.year else year - 100


READERS: Mapping[str, Callable[[Column, str, date], Meaning]] = {
    "reference": _text,
    "text": _text,
    "choice": _choice,
    "date": _date,
}
