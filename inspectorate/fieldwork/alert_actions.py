"""Chapter 6.8: what people do about an alert: raise, acknowledge, tell, see it acted upon and assured, close it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import receive, tell
from inspectorate.documents.models import Document
from inspectorate.fieldwork import alerts, escalating, tasks
from inspectorate.fieldwork.models import Alert, AlertStep
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase

What = AlertStep.What


class NotNow(Exception):
    """A step that cannot be taken; `reasons` are all of them, each a sentence for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class OtherAlert(Exception):
    """The id that a device gave to an alert belongs to another one already."""


@transaction.atomic
def raise_alert(
    *,
    inspection: Inspection,
    kind: str,
    what: str,
    likely: str,
    imminent: str,
    by: User,
    case: SampledCase | None = None,
    public_id: UUID | None = None,
    made_at: datetime | None = None,
) -> Alert:
    """Raises an alert and tells the first in line, without its content. Manual 6.8a.

    `public_id` is made by the device: sent again, the same alert is answered and nothing happens twice. `made_at` is
    the device's time; the clock of the acknowledgement runs from the server's. Raises OtherAlert.
    """
    now = clock.now()
    given = {
        "inspection": inspection,
        "case": case,
        "kind": kind,
        "what": what,
        "likely": likely,
        "imminent": imminent,
        "made_at": min(made_at, now) if made_at else None,
        "by": by,
        "at": now,
    }
    alert, new = Alert.objects.get_or_create(public_id=public_id or uuid4(), defaults=given)
    if not new:
        if (alert.inspection_id, alert.by_id) != (inspection.pk, by.pk):
            raise OtherAlert("This page was used for another alert. Open the form again; nothing was raised.")
        return alert
    about = f" about {case.case_list} case {case.number}" if case else ""
    _record(alert, by, "raise_alert", f"Raised an alert{about}")
    _begin(alert)
    return alert


def _record(alert: Alert, by: User, action: str, summary: str, details: dict[str, Any] | None = None) -> None:
    trail.record_change(
        chain=alert.inspection.chain, by=by, action=action, subject=alert, summary=summary, details=details
    )


def _begin(alert: Alert) -> None:
    """Starts a round: the first in line is told, and the worker watches the clock."""
    who = alerts.holders([alert.inspection])
    turns = alerts.turns_of(alert, alerts.steps_of(alert), who)
    if turns:
        escalating.tell_role(alert, turns[0].role, who)
    tasks.watch(alert.pk)


def _held(alert: Alert) -> tuple[rules.Step, ...]:
    """The steps so far, while nobody else adds one."""
    Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    return alerts.steps_of(alert, alert.steps.order_by("pk"))


def _open(alert: Alert) -> tuple[rules.Step, ...]:
    steps = _held(alert)
    if not rules.is_open(steps):
        raise NotNow(["The alert is closed. Open it again first."])
    return steps


def _step(alert: Alert, what: str, by: User, **given: Any) -> AlertStep:
    return AlertStep.objects.create(alert=alert, what=what, by=by, at=clock.now(), **given)


@transaction.atomic
def acknowledge(*, alert: Alert, by: User, text: str = "") -> AlertStep:
    """Takes an alert up: its clock stops. Manual 6.8a. Raises NotNow."""
    steps = _held(alert)
    if reasons := rules.why_not_acknowledge(str(alert.by_id), steps, str(by.pk)):
        raise NotNow(reasons)
    _record(alert, by, "acknowledge", "Acknowledged an alert")
    return _step(alert, What.ACKNOWLEDGED, by, text=text)


@transaction.atomic
def tell_organisation(*, alert: Alert, told: str, text: str, identity: Sequence[str], by: User) -> AlertStep:
    """Records whom the alert was put to, how and when, and exactly which details that identify somebody went with it.
    `identity` are ids of the pack. Manual 6.8a. Raises NotNow."""
    _open(alert)
    known = {one.id: one.title for one in packs.pack_of(alert.inspection).fieldwork.alerts.identity}
    if unknown := [one for one in identity if one not in known]:
        raise NotNow([f"'{one}' is not a detail that can be passed on: choose from the list." for one in unknown])
    passed = ", ".join(known[one] for one in known if one in identity)
    _record(
        alert,
        by,
        "tell_organisation",
        f"Told an organisation of an alert; passed on: {passed.lower() or 'nothing that identifies anybody'}",
        {"identity": sorted(identity)},
    )
    return _step(alert, What.TOLD, by, told=told, text=text, identity=passed)


@transaction.atomic
def note_action(*, alert: Alert, text: str, by: User) -> AlertStep:
    """Notes what the organisation did. Manual 6.8a. Raises NotNow."""
    _open(alert)
    _record(alert, by, "note_action", "Noted what an organisation did about an alert")
    return _step(alert, What.ACTED, by, text=text)


@transaction.atomic
def assure(*, alert: Alert, text: str, upload: File[bytes], by: User) -> AlertStep:
    """Records the assurance with the file that shows it. Manual 6.8a. Raises NotNow, files.WrongFile."""
    _open(alert)
    document: Document = receive(inspection=alert.inspection, slot="alert", upload=upload, by=by)
    _record(alert, by, "assure", "Recorded assurance with evidence for an alert")
    return _step(alert, What.ASSURED, by, text=text, document=document)


@transaction.atomic
def close_alert(*, alert: Alert, by: User, text: str = "") -> AlertStep:
    """Closes an alert that is assured with evidence; never its raiser. Manual 6.8a. Raises NotNow with every reason."""
    steps = _held(alert)
    if reasons := rules.why_not_close(str(alert.by_id), steps, str(by.pk)):
        raise NotNow(reasons)
    _record(alert, by, "close_alert", "Closed an alert")
    tell(inspection=alert.inspection, what="What became of an alert", addresses=[alert.by.email])
    return _step(alert, What.CLOSED, by, text=text)


@transaction.atomic
def open_alert_again(*, alert: Alert, text: str, by: User) -> AlertStep:
    """Opens a closed alert again, with the reason; its clock begins anew. Manual 6.8a. Raises NotNow."""
    if rules.is_open(_held(alert)):
        raise NotNow(["The alert is open."])
    _record(alert, by, "open_alert_again", "Opened an alert again")
    step = _step(alert, What.OPENED, by, text=text)
    _begin(alert)
    return step
