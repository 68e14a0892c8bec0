"""Fills an empty demonstration by doing what people would have done, through the same actions (Manual 2.3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time

from django.conf import settings
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.demo import (
    at_fieldwork,
    before_fieldwork,
    before_panel,
    concerns,
    invented,
    people,
    proportions,
    the_samples,
)
from inspectorate.demo.scene import Scene, at, story
from inspectorate.programme import actions as programme
from inspectorate.programme.models import InspectedBody, Inspection

Stage = Callable[[Scene, str], None]


class NotADemonstration(Exception):
    """Invented inspections were to be put into a database that is not a demonstration's."""


# The CRC is carried to the morning of its ratings panel; the NPS waits for its announcement, for visitors to carry on.
CRC_STAGES: tuple[Stage, ...] = (
    before_fieldwork.prepare,
    before_fieldwork.announce,
    before_fieldwork.issue_plan,
    before_fieldwork.meet,
    before_fieldwork.raise_a_conflict,
    the_samples.give_lists,
    the_samples.draw_samples,
    before_fieldwork.give_evidence,
    before_fieldwork.assess_evidence,
    the_samples.return_samples,
    the_samples.confirm_samples,
    at_fieldwork.allocate,
    at_fieldwork.start,
    at_fieldwork.judge_cases,
    concerns.hold_interviews,
    concerns.raise_concerns,
    at_fieldwork.note_evidence,
    at_fieldwork.close,
    before_panel.issue_indicative_ratings,
    before_panel.propose,
)
NPS_STAGES: tuple[Stage, ...] = (before_fieldwork.prepare,)
STAGES: Mapping[str, tuple[Stage, ...]] = {"CRC": CRC_STAGES, "NPS": NPS_STAGES}


def load(stages: Mapping[str, Sequence[Stage]] = STAGES) -> bool:
    """Loads everything, all or nothing, and leaves the clock where the story says; False where it was there already.

    `stages` by kind of body. Raises NotADemonstration outside demonstration mode.
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
            register()
            plan_year(scene)
            for kind, of_kind in stages.items():
                for stage in of_kind:
                    stage(scene, kind)
    except BaseException:
        clock.set_now(clock.now() - clock.shift() + was)
        raise
    clock.set_now(at(scene.story["now"]["day"], scene.story["now"]["time"]))
    return True


def register() -> None:
    """The bodies of figure 2 and the two invented ones with their units; the national offices are filled."""
    clock.set_now(at(date(2018, 9, 3), time(9)))
    programme.register_bodies(by="demonstration")
    for kind, name in invented.BODIES.items():
        body = InspectedBody.objects.create(name=name, kind=kind, cluster=proportions.row("cluster", kind).text)
        programme.add_units(body=body, units=invented.UNITS[kind], by="demonstration")
    for player in people.players():
        if not player.kind:
            programme.open_account(
                email=player.email, name=player.name, office=player.role, kind=player.office_for, by="demonstration"
            )


def plan_year(scene: Scene) -> None:
    """The two inspections with their whole teams, and the year's other ones, whose teams are still to be named."""
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
