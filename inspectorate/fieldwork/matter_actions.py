"""Chapter 6.1: a matter about a case is raised, answered, shown to be done, closed with its outcome, opened again."""

from django.core.files.base import File
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import receive
from inspectorate.documents.models import Document
from inspectorate.fieldwork import matters
from inspectorate.fieldwork.models import Matter, MatterStep
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import packs
from inspectorate.sampling.models import SampledCase


class NotThisKind(Exception):
    """A kind of matter that is not raised about cases of this list."""


class NotNow(Exception):
    """A step that cannot be taken; the message holds every reason."""


@transaction.atomic
def raise_matter(*, case: SampledCase, kind: str, text: str, by: User) -> Matter:
    """Raises a matter about a case; judging goes on. Manual 6.1d, 6.1i. Raises NotThisKind."""
    pack = packs.pack_of(case.inspection)
    offered = rules.matters_of(pack.fieldwork.matters, case.inspection.kind, case.case_list)
    if kind not in {one.id for one in offered}:
        raise NotThisKind(f"This is not raised about {case.case_list} cases: choose from the list.")
    matter = Matter.objects.create(case=case, kind=kind, text=text, by=by, at=clock.now())
    _step(matter, "raised", f"Raised: {matter.get_kind_display()}", by)
    _record(matter, by, "raise_matter", f"Raised a matter about {case.case_list} case {case.number}: {kind}")
    return matter


def _record(matter: Matter, by: User, action: str, summary: str) -> None:
    trail.record_change(chain=matter.case.inspection.chain, by=by, action=action, subject=matter, summary=summary)


def _step(matter: Matter, what: str, text: str, by: User, document: Document | None = None) -> MatterStep:
    return MatterStep.objects.create(matter=matter, what=what, text=text, document=document, by=by, at=clock.now())


def _held(matter: Matter, *, open_: bool = True) -> tuple[rules.MatterStep, ...]:
    """The steps so far, while nobody else adds one. Raises NotNow where the matter is not `open_` as it should be."""
    Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    steps = matters.steps_of(matter.steps.order_by("pk"))
    if rules.matter_is_open(steps) != open_:
        raise NotNow("The matter is closed. Open it again first." if open_ else "The matter is open.")
    return steps


@transaction.atomic
def answer_matter(*, matter: Matter, text: str, by: User) -> MatterStep:
    """Records what was answered. Manual 6.1i. Raises NotNow."""
    _held(matter)
    _record(matter, by, "answer_matter", "Recorded an answer to a matter about a case")
    return _step(matter, "answered", text, by)


@transaction.atomic
def show_evidence(*, matter: Matter, text: str, upload: File[bytes], by: User) -> MatterStep:
    """Records the file that shows what was done. Manual 6.1d. Raises NotNow, files.WrongFile."""
    _held(matter)
    document = receive(inspection=matter.case.inspection, slot="matter", upload=upload, by=by)
    _record(matter, by, "show_evidence", "Recorded evidence for a matter about a case")
    return _step(matter, "evidence", text, by, document)


@transaction.atomic
def close_matter(*, matter: Matter, outcome: str, text: str, by: User) -> MatterStep:
    """Closes a matter with its outcome, one of those of its kind. Manual 6.1d, 6.1i. Raises NotNow."""
    steps = _held(matter)
    kind = matters.kind_of(matter.case.inspection, matter)
    if reasons := rules.why_matter_stays_open(kind, steps):
        raise NotNow(" ".join(reasons))
    if outcome not in kind.outcomes:
        raise NotNow("Choose an outcome from the list.")
    _record(matter, by, "close_matter", f"Closed a matter about a case: {outcome}")
    return _step(matter, "closed", f"{outcome}. {text}".strip(), by)


@transaction.atomic
def open_matter_again(*, matter: Matter, text: str, by: User) -> MatterStep:
    """Opens a closed matter again, with the reason. Manual 6.1i. Raises NotNow."""
    _held(matter, open_=False)
    _record(matter, by, "open_matter_again", "Opened a matter about a case again")
    return _step(matter, "opened", text, by)
