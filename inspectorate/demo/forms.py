"""Shape of what a visitor types to move the demonstration's clock."""

import datetime as calendar
import re
from typing import Any

from django import forms

from inspectorate.audit.clock import LONDON
from inspectorate.design.dates import DateField

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
FIRST, LAST = calendar.date(2018, 1, 1), calendar.date(2026, 12, 31)


class Moment(forms.Form):
    """A day and a time in London."""

    day = DateField(label="Day", name="Day", earliest=FIRST, latest=LAST)
    time = forms.CharField(label="Time", help_text="For example, 9am or 16:00")
    govuk = {"time": {"width": 5}}  # noqa: RUF012

    @staticmethod
    def at(instant: calendar.datetime) -> dict[str, Any]:
        """The values that stand for an instant."""
        local = instant.astimezone(LONDON)
        return {"day": local.date(), "time": f"{local:%H:%M}"}

    def clean_time(self) -> calendar.time:
        """'9am', '9.30am', '16:00' or '8' as a time of day."""
        found = _TIME.fullmatch(self.cleaned_data["time"].strip())
        hour = int(found[1]) if found else 99
        half = (found[3] or "").lower() if found else ""
        if half and not 1 <= hour <= 12:
            hour = 99
        elif half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        minute = int(found[2] or 0) if found else 0
        if hour > 23 or minute > 59:
            raise forms.ValidationError("Enter a time, such as 9am or 16:00")
        return calendar.time(hour, minute)

    def instant(self) -> calendar.datetime:
        """The instant that was typed, in London."""
        return calendar.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], LONDON)
