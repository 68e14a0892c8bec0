"""Chapter 6.1: matters as people see them: how far each is, and what it still needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from inspectorate.accounts.models import User
from inspectorate.fieldwork import seconds
from inspectorate.fieldwork.models import Matter, MatterStep
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection

STATES = {"raised": "Raised", "answered": "Answered", "evidence": "Evidence given", "closed": "Closed",
          "opened": "Opened again"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """A matter with its kind of the pack, its state, and why it cannot be closed yet."""

    matter: Matter
    kind: rules.MatterKind
    state: str
    is_open: bool
    lacks: tuple[str, ...]

    @property
    def says(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def about(self) -> str:
        """Which case it is about."""
        case = self.matter.case
        return f"{case.case_list.replace('-', ' ').capitalize()} case {case.number}"


def visible(user: User, inspection: Inspection) -> QuerySet[Matter]:
    """The matters that a person may see: all who follow them, otherwise their own and those of their cases."""
    found = Matter.objects.filter(case__inspection=inspection).select_related("case", "by")
    if access.may(user, "matter.follow", inspection) or access.may(user, "case.view-all", inspection):
        return found
    mine = Q(case__allocations__inspector=user, case__allocations__ended_at=None)
    return found.filter(Q(by=user) | mine & seconds.away_from(user)).distinct()


def steps_of(steps: Iterable[MatterStep]) -> tuple[rules.MatterStep, ...]:
    """Steps as the rules see them, in order."""
    return tuple(rules.MatterStep(one.what, one.document_id is not None) for one in steps)


def kind_of(inspection: Inspection, matter: Matter) -> rules.MatterKind:
    """What the pack says of this kind; a kind that it no longer names is followed without expectations."""
    if found := packs.pack_of(inspection).fieldwork.matter(matter.kind):
        return found
    title = str(Matter.Kind(matter.kind).label)
    return rules.MatterKind(matter.kind, title, (inspection.kind,), "The inspected body", "", ("Settled",), "6.1i")


def followed(inspection: Inspection, matter: Matter, steps: Iterable[MatterStep] | None = None) -> Followed:
    """A matter as its readers see it now."""
    known = steps_of(matter.steps.all() if steps is None else steps)
    kind = kind_of(inspection, matter)
    is_open = rules.matter_is_open(known)
    lacks = rules.why_matter_stays_open(kind, known) if is_open else ()
    return Followed(matter, kind, known[-1].what if known else "raised", is_open, lacks)


def listed(user: User, inspection: Inspection) -> list[Followed]:
    """The matters that a person may see, open ones first, each group as they were raised. Two queries."""
    rows = [followed(inspection, one) for one in visible(user, inspection).prefetch_related("steps")]
    return sorted(rows, key=lambda row: not row.is_open)
