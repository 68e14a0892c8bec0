"""A date typed in three boxes, with an error that says which box and why."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from inspectorate.design.words import in_sentence

PARTS = ("day", "month", "year")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def _month(text: str) -> int | None:
    """`6`, `06`, `june` or `jun` -> 6."""
    if text.isdecimal():
        return int(text)
    name = text.casefold().rstrip(".")
    found = [place for place, month in enumerate(MONTHS, 1) if len(name) > 2 and month.startswith(name)]
    return found[0] if len(found) == 1 else None


class DateWidget(forms.Widget):
    """Three boxes named `<name>-day`, `<name>-month`, `<name>-year`."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}-{part}", "")).strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day" if id_ else id_

    @staticmethod
    def parts_of(value: Any) -> dict[str, str]:
        """What stands in the boxes: what was typed, or a stored date."""
        if isinstance(value, dict):
            return {part: str(value.get(part, "")) for part in PARTS}
        if isinstance(value, datetime.date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return dict.fromkeys(PARTS, "")


class DateField(forms.Field):
    """A date in three boxes; `name` is how errors call it ("Date of the call"), else the label.

    earliest and latest are dates or functions that give one; both are allowed values themselves.
    """

    widget = DateWidget

    def __init__(self, *, name: str = "", earliest: Any = None, latest: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.name, self.earliest, self.latest = name, earliest, latest

    def has_changed(self, initial: Any, data: Any) -> bool:
        return DateWidget.parts_of(initial) != DateWidget.parts_of(data)

    def clean(self, value: Any) -> datetime.date | None:
        typed = DateWidget.parts_of(value)
        missing = tuple(part for part in PARTS if not typed[part])
        if len(missing) == len(PARTS):
            if self.required:
                raise self._wrong(f"Enter {self._called()}", "required", PARTS)
            return None
        if missing:
            raise self._wrong(
                f"{self._called(start=True)} must include a {' and a '.join(missing)}", "missing", missing
            )
        day = self._real(typed)
        self._within(day)
        self.run_validators(day)
        return day

    def _real(self, typed: Mapping[str, str]) -> datetime.date:
        if not (typed["year"].isdecimal() and len(typed["year"]) == 4):
            raise self._wrong("Year must include 4 numbers", "year", ("year",))
        month = _month(typed["month"])
        wrong = () if month and 1 <= month <= 12 else ("month",)
        if not (typed["day"].isdecimal() and 1 <= int(typed["day"]) <= 31):
            wrong = ("day", *wrong)
        try:
            if wrong or month is None:
                raise ValueError
            return datetime.date(int(typed["year"]), month, int(typed["day"]))
        except ValueError:
            raise self._wrong(f"{self._called(start=True)} must be a real date", "unreal", wrong or ("day",)) from None

    def _within(self, day: datetime.date) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and day < earliest:
            raise self._wrong(f"{self._called(start=True)} must be {_written(earliest)} or later", "early", PARTS)
        if latest and day > latest:
            raise self._wrong(f"{self._called(start=True)} must be {_written(latest)} or earlier", "late", PARTS)

    def _called(self, *, start: bool = False) -> str:
        name = self.name or str(self.label or "the date")
        return name[:1].upper() + name[1:] if start else in_sentence(name)

    @staticmethod
    def _wrong(said: str, code: str, parts: tuple[str, ...]) -> ValidationError:
        return ValidationError(said.replace("%", "%%"), code=code, params={"parts": parts})


def _written(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
