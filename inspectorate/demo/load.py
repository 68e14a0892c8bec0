"""Fills an empty demonstration by doing what people would have done, through the same actions (Manual 2.3)."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.demo import invented, people, proportions
from inspectorate.programme import actions as programme
from inspectorate.programme.models import InspectedBody, Inspection

STORY = Path(__file__).with_name("story.toml")


class NotADemonstration(Exception):
    """Invented inspections were to be put into a database that is not a demonstration's."""


@dataclass(slots=True)
class Scene:
    """What the stages share: the story, everybody by e-mail address, and the inspections by kind."""

    story: Mapping[str, Any]
    users: Mapping[str, User]
    inspections: dict[str, Inspection] = field(default_factory=dict)

    def who(self, role: str, kind: str = "") -> User:
        """The first person in a role, on the inspection of a kind or in a national office."""
        return self.users[people.email_of(role, kind)]


def story() -> Mapping[str, Any]:
    """story.toml as it stands."""
    return tomllib.loads(STORY.read_text(encoding="utf-8"))


def at(day: date, hour: time) -> datetime:
    """A day and a time in London."""
    return datetime.combine(day, hour, clock.LONDON)


def load(stages: tuple[Callable[[Scene], None], ...] = ()) -> bool:
    """Loads everything, all or nothing, and leaves the clock where the story says; False where it was there already.

    Raises NotADemonstration outside demonstration mode.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration(
            "Invented inspections are only loaded in demonstration mode: set INSPECTORATE_DEMONSTRATION=1."
        )
    if InspectedBody.objects.filter(name__in=invented.BODIES.values()).exists():
        return False
    was = clock.shift()
    try:
        with transaction.atomic():
            scene = Scene(story(), people.make_accounts())
            for stage in stages or STAGES:
                stage(scene)
    except BaseException:
        clock.set_now(clock.now() - clock.shift() + was)
        raise
    clock.set_now(at(scene.story["now"]["day"], scene.story["now"]["time"]))
    return True


def register(scene: Scene) -> None:
    """The bodies of figure 2 and the two invented ones with their units; national offices are filled."""
    clock.set_now(at(date(2018, 9, 3), time(9)))
    programme.register_bodies(by="demonstration")
    for kind, name in invented.BODIES.items():
        body = InspectedBody.objects.create(name=name, kind=kind, cluster=proportions.row("cluster", kind).text)
        programme.add_units(body=body, units=invented.UNITS[kind], by="demonstration")
    for player in people.players():
        if not player.kind:
            programme.open_account(email=player.email, name=player.name, office=player.role, by="demonstration")


def plan_year(scene: Scene) -> None:
    """The two inspections with their whole teams, and the year's other ones with the people who are free."""
    clock.set_now(at(date(2018, 12, 3), time(11)))
    by = scene.who("head-of-inspection")
    for kind, name in invented.BODIES.items():
        scene.inspections[kind] = _plan(name, scene.story["fieldwork"][kind], _team(scene, kind), by)
    for one in scene.story["year"]:
        _plan(one["body"], one["fieldwork"], {}, by)


def _team(scene: Scene, kind: str) -> dict[str, list[User]]:
    team: dict[str, list[User]] = {}
    for player in people.players():
        if player.kind == kind:
            team.setdefault(player.role, []).append(scene.users[player.email])
    return team


def _plan(name: str, fieldwork: date, team: Mapping[str, list[User]], by: User) -> Inspection:
    body = InspectedBody.objects.get(name=name)
    return programme.plan_inspection(body=body, fieldwork=fieldwork, nation=body.nation, team=team, by=by)


def prepare(scene: Scene) -> None:
    """Weeks -11 and -10 of both: preparation starts and the background pack goes to the lead inspector."""
    for kind, inspection in scene.inspections.items():
        for event, role in (("preparation-start", "administrator"), ("background-pack", "data-team")):
            planned = inspection.events.get(event=event)
            clock.set_now(at(planned.date + timedelta(days=1), time(15)))
            by = scene.who(role, kind if role == "administrator" else "")
            programme.complete_task(planned=planned, by=by)


STAGES: tuple[Callable[[Scene], None], ...] = (register, plan_year, prepare)
