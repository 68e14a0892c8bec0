"""Chapter 6.8: an alert that nobody acknowledged in time is told to the next in line."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell
from inspectorate.fieldwork import alerts
from inspectorate.fieldwork.models import Alert, AlertStep
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme.models import Membership

WORKER = "background worker"


def tell_role(alert: Alert, role: str, who: alerts.Holders) -> None:
    """Tells those who hold a role, but not the raiser, that an alert waits; the message has no content."""
    people = who[alert.inspection.pk].get(role, frozenset()) - {str(alert.by_id)}
    held = Membership.objects.filter(user__in=[int(one) for one in people], user__is_active=True)
    tell(inspection=alert.inspection, what="An alert", addresses=held.values_list("user__email", flat=True))


def escalate(*, alert: int) -> bool:
    """Tells every role whose turn to acknowledge has begun; True while there is somebody still to tell.

    A role is told first and its step is noted then: cut off between both, the next look tells it once more, and nobody
    is left untold. Call it outside a transaction. Manual 6.8a
    """
    found = Alert.objects.select_related("inspection__body", "inspection__pack", "by").get(pk=alert)
    steps, who = alerts.steps_of(found), alerts.holders([found.inspection])
    turns = alerts.turns_of(found, steps, who)
    now_told = rules.to_tell(turns, steps, clock.now())
    for turn in now_told:
        tell_role(found, turn.role, who)
        _note(found, turn.role, who)
    return _somebody_left(turns, steps, {turn.role for turn in now_told})


@transaction.atomic
def _note(alert: Alert, role: str, who: alerts.Holders) -> None:
    """Notes that a role was told, where nobody noted or acknowledged meanwhile.

    The step carries the raiser as its person, because nobody acts here; pages show it as done by the service."""
    held = Alert.objects.select_for_update(of=("self",)).select_related("inspection__pack", "by").get(pk=alert.pk)
    steps, now = alerts.steps_of(held), clock.now()
    if role not in {turn.role for turn in rules.to_tell(alerts.turns_of(held, steps, who), steps, now)}:
        return
    AlertStep.objects.create(alert=held, what=AlertStep.What.ESCALATED, told=role, by=held.by, at=now)
    trail.record_change(
        chain=held.inspection.chain,
        by=WORKER,
        action="escalate_alert",
        subject=held,
        summary=f"Told the {role} of an alert that was not acknowledged in time",
    )


def _somebody_left(turns: Sequence[rules.Turn], steps: Sequence[rules.Step], now_told: Collection[str] = ()) -> bool:
    told = {step.role for step in rules.this_round(steps)} | set(now_told)
    quiet = rules.is_acknowledged(steps) or not rules.is_open(steps)
    return not quiet and any(turn.role not in told for turn in turns[1:])


def unfinished() -> list[int]:
    """The alerts that have somebody left to tell, as their rows say. Three queries. Manual 6.8a"""
    last = AlertStep.objects.filter(alert=OuterRef("pk")).order_by("-pk").values("what")[:1]
    waiting = Alert.objects.annotate(last=Subquery(last)).filter(Q(last=None) | ~Q(last=AlertStep.What.CLOSED))
    found = list(waiting.select_related("inspection__pack").prefetch_related("steps"))
    who = alerts.holders(one.inspection for one in found) if found else {}
    states = ((one, alerts.steps_of(one)) for one in found)
    return [one.pk for one, steps in states if _somebody_left(alerts.turns_of(one, steps, who), steps)]
