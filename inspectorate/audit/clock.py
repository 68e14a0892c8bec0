"""What o'clock it is for the whole service: real time, or the demonstration's clock that can be moved."""

import math
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


class NotADemonstration(Exception):
    """The clock was to be moved outside demonstration mode."""


def now() -> datetime:
    """The instant at which the service believes to be (aware, UTC)."""
    return timezone.now() + shift()


def today() -> date:
    """The day in London at `now()`."""
    return now().astimezone(LONDON).date()


def shift() -> timedelta:
    """How far the demonstration's clock stands from the real one; always nothing outside demonstration mode."""
    if not settings.DEMONSTRATION:
        return timedelta()
    try:
        return timedelta(seconds=int(Path(settings.CLOCK_FILE).read_text()))
    except FileNotFoundError:
        return timedelta()


def set_now(instant: datetime) -> None:
    """Moves the demonstration's clock to `instant` (up to a second after, never before); only in demonstration mode."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration("The clock can only be moved in demonstration mode.")
    kept = Path(settings.CLOCK_FILE)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    fresh.write_text(str(math.ceil((instant - timezone.now()).total_seconds())))
    fresh.replace(kept)
