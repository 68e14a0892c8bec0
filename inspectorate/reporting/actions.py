"""What chapter 7.3 has people do: complete the steps of the report, in their order, each by its owner."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.reporting import ReportStep, next_step, owners_missing, take_step
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision
from inspectorate.reporting.models import StepDone

# Dated events of the plan that a step carries out.
EVENTS = {"first-draft": "first-draft", "factual-accuracy": "factual-accuracy-response"}
# Who records a step whose owners have no right to complete steps: it is done by the inspected body.
RECORDS = ("lead-inspector", "administrator")


class NotDecided(Exception):
    """The report begins when the ratings panel has decided."""


class NotTheOwner(Exception):
    """The step is somebody else's, or this person signed it already."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step with those who signed it, who may sign it now (role ids), and the day in the plan."""

    step: ReportStep
    signed: tuple[StepDone, ...]
    done: bool
    waits_for: tuple[str, ...]
    due: date | None


def recorders(pack: Pack, step: ReportStep) -> tuple[str, ...]:
    """Roles that complete a step here: its owners, or those who record it for the inspected body."""
    able = {role.id for role in pack.roles.holders_of("report.step")}
    return tuple(role for role in step.owners if role in able) or RECORDS


def _waits_for(pack: Pack, step: ReportStep, signed: set[str]) -> tuple[str, ...]:
    roles = recorders(pack, step)
    if roles != step.owners:
        return () if signed else roles
    return owners_missing(step, signed)


def steps(inspection: Inspection) -> list[Step]:
    """All steps in order, in two queries."""
    pack = packs.pack_of(inspection)
    signed: dict[str, list[StepDone]] = {}
    for row in inspection.report_steps.select_related("by"):
        signed.setdefault(row.step, []).append(row)
    days = dict(inspection.events.filter(event__in=EVENTS.values()).values_list("event", "date"))
    found = []
    for step in pack.reporting.steps:
        rows = tuple(signed.get(step.id, ()))
        waits = _waits_for(pack, step, {row.role for row in rows})
        found.append(Step(step, rows, not waits, waits, days.get(EVENTS.get(step.id, ""))))
    return found


def turn(inspection: Inspection, found: list[Step]) -> Step | None:
    """The step whose turn it is; None when all are done."""
    now = next_step(packs.pack_of(inspection).reporting, [one.step.id for one in found if one.done])
    return next((one for one in found if now and one.step.id == now.id), None)


@transaction.atomic
def complete_step(*, inspection: Inspection, step: str, roles: frozenset[str], by: User, note: str = "") -> StepDone:
    """Completes the step whose turn it is, in one of the person's `roles`. Manual 7.3a, 7.3b.

    Where the owners do it together each signs. Raises NotDecided, NotTheOwner and, by the rule, StepOutOfOrder,
    StepAlreadyDone and UnknownStep.
    """
    if not Decision.objects.filter(panel__inspection=inspection).exists():
        raise NotDecided("The report begins when the ratings panel has decided.")
    one_at_a_time(inspection)
    pack, found = packs.pack_of(inspection), steps(inspection)
    taken = take_step(pack.reporting, [one.step.id for one in found if one.done], step)
    waits = next(one.waits_for for one in found if one.step.id == step)
    role = next((role for role in waits if role in roles), None)
    if role is None:
        titles = " or ".join(pack.roles.role(role).title.lower() for role in waits)
        raise NotTheOwner(f"'{taken.title}' waits for the {titles}.")
    try:
        with transaction.atomic():
            done = StepDone.objects.create(
                inspection=inspection, step=step, role=role, note=note.strip(), by=by, at=clock.now()
            )
    except IntegrityError as twice:
        raise NotTheOwner(f"'{taken.title}' was completed by somebody else a moment ago.") from twice
    if step in EVENTS:
        note_done(inspection=inspection, event=EVENTS[step], by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="complete_step",
        subject=done,
        summary=f"Completed the report step {step} as {role}",
    )
    return done
