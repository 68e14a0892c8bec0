"""What the stages of the demonstration share (beside Manual 2.3): its story, its people and its inspections."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.demo import people
from inspectorate.programme.models import Inspection

STORY = Path(__file__).with_name("story.toml")
MORNING = time(10, 0)


@dataclass(slots=True)
class Scene:
    """The story, everybody by e-mail address, and the inspections by kind."""

    story: Mapping[str, Any]
    users: Mapping[str, User]
    inspections: dict[str, Inspection] = field(default_factory=dict)

    def who(self, role: str, kind: str = "") -> User:
        """The first person in a role, on the inspection of a kind or in a national office."""
        return self.users[people.email_of(role, kind)]

    def someone(self, role: str, kind: str) -> User:
        """The first person in a role, wherever it is held."""
        known = {(one.role, one.kind) for one in people.players()}
        return self.who(role, kind if (role, kind) in known else "")


def story() -> Mapping[str, Any]:
    """story.toml as it stands."""
    return tomllib.loads(STORY.read_text(encoding="utf-8"))


def at(day: date, hour: time) -> datetime:
    """A day and a time in London."""
    return datetime.combine(day, hour, clock.LONDON)


def morning(day: date) -> datetime:
    """Ten o'clock on a day in London."""
    return at(day, MORNING)
