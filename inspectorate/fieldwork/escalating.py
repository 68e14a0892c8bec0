"""Chapter 6.8: an alert that nobody acknowledged in time is told to the next in line."""

from django.db import transaction

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


@transaction.atomic
def escalate(*, alert: int) -> bool:
    """Tells every role whose turn to acknowledge has begun, each once; True while there is somebody still to tell.

    The step carries the raiser as its person, because nobody acts here; pages show it as done by the service.
    Manual 6.8a
    """
    held = Alert.objects.select_for_update(of=("self",)).select_related("inspection__body", "inspection__pack", "by")
    found = held.get(pk=alert)
    steps, who = alerts.steps_of(found), alerts.holders([found.inspection])
    turns = alerts.turns_of(found, steps, who)
    now_told = rules.to_tell(turns, steps, clock.now())
    for turn in now_told:
        AlertStep.objects.create(
            alert=found, what=AlertStep.What.ESCALATED, told=turn.role, by=found.by, at=clock.now()
        )
        trail.record_change(
            chain=found.inspection.chain,
            by=WORKER,
            action="escalate_alert",
            subject=found,
            summary=f"Told the {turn.role} of an alert that was not acknowledged in time",
        )
        tell_role(found, turn.role, who)
    told = {step.role for step in rules.this_round(steps)} | {turn.role for turn in now_told}
    quiet = rules.is_acknowledged(steps) or not rules.is_open(steps)
    return not quiet and any(turn.role not in told for turn in turns[1:])
