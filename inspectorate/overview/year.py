"""The year's programme as a picture: which weeks each inspection takes, and the bodies that have none yet."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.questions import Question
from inspectorate.design import charts
from inspectorate.methodology import timeline
from inspectorate.overview import standing
from inspectorate.programme import access, packs, years
from inspectorate.programme.models import InspectedBody, Inspection, PlannedEvent

SOON = 14


def picture(inspections: Iterable[Inspection], start: int, today: date) -> charts.Year:
    """The phases of each inspection over the twelve months from April of `start`."""
    rows = [
        (
            one.body.name + (", stopped" if one.stopped_at else ""),
            reverse("inspection", args=[one.public_id]),
            [
                (standing.PHASES[phase], first, last)
                for phase, first, last in timeline.phases(packs.pack_of(one).timeline, one.fieldwork)
            ],
        )
        for one in inspections
    ]
    return charts.year(f"Programme {start} to {start + 1}", years.first_day(start), rows, today)


def bodies(inspections: Collection[Inspection]) -> list[tuple[InspectedBody, list[Inspection]]]:
    """Every body with its inspections of the year. One query."""
    by_body: dict[int, list[Inspection]] = {}
    for one in inspections:
        by_body.setdefault(one.body_id, []).append(one)
    return [(body, by_body.get(body.pk, [])) for body in InspectedBody.objects.all()]


def waiting(held: Iterable[Inspection], *, user: User, today: date) -> list[tuple[Inspection, standing.Task]]:
    """Open tasks of this person's own roles, soonest first: those late or due within two weeks, and where an
    inspection has none such, the next one. One query."""
    by_id = {one.pk: one for one in held}
    held_there = {one.pk: (access.roles_on(user, one), access.rights_on(user, one)) for one in by_id.values()}
    found: dict[Inspection, list[standing.Task]] = {}
    for planned in _open_events(inspections=list(by_id)):
        inspection, (roles, rights) = by_id[planned.inspection_id], held_there[planned.inspection_id]
        if standing.owner(inspection, planned) in roles:
            task = standing.task(inspection, planned, roles=roles, rights=rights, today=today)
            found.setdefault(inspection, []).append(task)
    pairs = [
        (inspection, task)
        for inspection, its in found.items()
        for number, task in enumerate(its)
        if not number or task.late or (task.date - today).days <= SOON
    ]
    return sorted(pairs, key=lambda pair: pair[1].due)


@Question
def _open_events(*, inspections: list[int]) -> QuerySet[PlannedEvent]:
    return PlannedEvent.objects.filter(inspection__in=inspections, done_at=None, inspection__stopped_at=None).order_by(
        "date", "pk"
    )
