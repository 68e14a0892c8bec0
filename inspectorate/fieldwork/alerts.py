"""Chapter 6.8: alerts as people see them: whose they are, how far each is, and for whom it waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.audit.questions import Question
from inspectorate.fieldwork.models import Alert, AlertStep, OfficerInterview, SealBroken
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut

Holders = Mapping[int, Mapping[str, frozenset[str]]]
STATES = {"raised": "Not acknowledged"} | {
    what.value: str(what.label) for what in AlertStep.What if what not in ("escalated", "opened")
}


@dataclass(frozen=True, slots=True)
class Followed:
    """An alert with its state, and whose turn it is to acknowledge it."""

    alert: Alert
    steps: tuple[rules.Step, ...]
    state: str
    is_open: bool
    flagged: bool
    acknowledged: bool
    waits_for: str
    waits_role: str
    until: datetime | None
    late: bool
    place: tuple[Any, ...]

    @property
    def says(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def about(self) -> str:
        """Which case, '' where it is about none."""
        case = self.alert.case
        return f"{case.case_list.replace('-', ' ').capitalize()} case {case.number}" if case else ""


def visible(user: User, inspection: Inspection) -> QuerySet[Alert]:
    """The alerts of an inspection that a person may see: all who follow them, otherwise one's own. A case that left
    the sample takes no alert with it: `left_at` says when it did. `broken` is whether a seal was broken, `interviewed`
    whether there is an interview on the case."""
    found = Alert.objects.filter(inspection=inspection).select_related("case", "by")
    left = DropOut.objects.filter(case=OuterRef("case"), decision__in=LEFT_THE_SAMPLE).order_by("-pk")
    found = found.annotate(
        left_at=Subquery(left.values("decided_at")[:1]),
        broken=Exists(SealBroken.objects.filter(alert=OuterRef("pk"))),
        interviewed=Exists(OfficerInterview.objects.filter(case=OuterRef("case"))),
    )
    return found if access.may(user, "alert.follow", inspection) else found.filter(by=user)


def steps_of(alert: Alert, steps: Iterable[AlertStep] | None = None) -> tuple[rules.Step, ...]:
    """The steps of an alert as the rules see them, in order."""
    return tuple(
        rules.Step(
            what=one.what,  # type: ignore[arg-type]
            by=str(one.by_id),
            at=one.at,
            evidence=one.document_id is not None,
            role=one.told if one.what == AlertStep.What.ESCALATED else "",
        )
        for one in (alert.steps.all() if steps is None else steps)
    )


def holders(inspections: Iterable[Inspection]) -> Holders:
    """Who holds each role in line now, as ids: inspection -> role -> people. National offices stand under each."""
    own = {one.pk: one for one in inspections}
    line = {one: [turn.role for turn in packs.pack_of(its).fieldwork.alerts.line] for one, its in own.items()}
    roles = {role for some in line.values() for role in some}
    held = Membership.objects.filter(
        Q(inspection__in=own) | Q(inspection=None), role__in=roles, ended_at=None, user__is_active=True
    ).values_list("inspection_id", "role", "user_id")
    people = list(held) if roles else []
    return {
        one: {
            role: frozenset(str(user) for where, has, user in people if has == role and where in (one, None))
            for role in line[one]
        }
        for one in own
    }


def turns_of(alert: Alert, steps: Sequence[rules.Step], who: Holders) -> tuple[rules.Turn, ...]:
    """Whose turn it is, one after the other."""
    inspection = alert.inspection
    figures = packs.pack_of(inspection).fieldwork.alerts
    return rules.turns(figures, alert.kind, alert.at, steps, who[inspection.pk], str(alert.by_id))


def followed(alert: Alert, who: Holders, steps: Iterable[AlertStep] | None = None) -> Followed:
    """An alert as its readers see it now."""
    now, known = clock.now(), steps_of(alert, steps)
    pack = packs.pack_of(alert.inspection)
    turn = rules.waits_for(turns_of(alert, known, who), known, now)
    is_open = rules.is_open(known)
    return Followed(
        alert=alert,
        steps=known,
        state=rules.state(known),
        is_open=is_open,
        flagged=alert.kind in pack.fieldwork.alerts.flagged,
        acknowledged=rules.is_acknowledged(known),
        waits_for=pack.roles.role(turn.role).title if turn else "",
        waits_role=turn.role if turn else "",
        until=turn.until if turn else None,
        late=bool(turn and turn.until <= now),
        place=rules.rank(
            pack.fieldwork.alerts,
            is_open=is_open,
            kind=alert.kind,
            imminent=alert.imminent,
            likely=alert.likely,
            at=alert.at,
        ),
    )


def listed(user: User, inspection: Inspection) -> list[Followed]:
    """The alerts that a person may see, the open and most urgent first. Three queries."""
    found = list(visible(user, inspection).prefetch_related("steps"))
    who = holders([inspection]) if found else {}
    for one in found:
        one.inspection = inspection
    return sorted((followed(one, who) for one in found), key=lambda one: one.place)


def waiting_for(user: User) -> list[Followed]:
    """The open alerts that wait for a person wherever they follow them: not acknowledged, those whose turn has come;
    acknowledged, those that this person took up or, as the deputy, has to see assured. Three queries at most."""
    here = {held.inspection_id for held in access.memberships(user) if held.inspection and _follows(user, held)}
    everywhere = any(held.inspection is None and _follows(user, held) for held in access.memberships(user))
    if not here and not everywhere:
        return []
    alerts = _open_alerts(everywhere=everywhere, here=[] if everywhere else list(here))
    prefetch_related_objects(alerts, "steps")
    who = holders(alert.inspection for alert in alerts) if alerts else {}
    rows = (followed(alert, who) for alert in alerts)
    return sorted((row for row in rows if _mine(row, user, who)), key=lambda row: row.place)


@Question
def _open_alerts(*, everywhere: bool, here: list[int]) -> QuerySet[Alert]:
    last = AlertStep.objects.filter(alert=OuterRef("pk")).order_by("-pk").values("what")[:1]
    found = Alert.objects.annotate(last=Subquery(last)).filter(Q(last=None) | ~Q(last=AlertStep.What.CLOSED))
    if not everywhere:
        found = found.filter(inspection__in=here)
    beside = found.select_related("case", "by", "inspection__body", "inspection__pack")
    return beside.defer("inspection__pack__files")


def _follows(user: User, held: Membership) -> bool:
    return access.may(user, "alert.follow", held.inspection)


def _mine(row: Followed, user: User, who: Holders) -> bool:
    roles = {role for role, people in who[row.alert.inspection.pk].items() if str(user.pk) in people}
    if row.acknowledged:
        took_up = [step.by for step in rules.this_round(row.steps) if step.what == "acknowledged"]
        line = packs.pack_of(row.alert.inspection).fieldwork.alerts.line
        return str(user.pk) in took_up or bool(line and line[0].role in roles)
    begun = [turn.role for turn in turns_of(row.alert, row.steps, who) if turn.since <= clock.now()]
    return bool(roles & set(begun)) and row.alert.by != user
