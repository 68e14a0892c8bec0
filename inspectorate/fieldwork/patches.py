"""Chapter 6.1b: changes that a device kept and sends, each under its own id; sent again, the answer is the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.audit.questions import Question
from inspectorate.fieldwork import actions, seconds
from inspectorate.fieldwork.models import AnswerVersion, Assessment, Patch, SecondJudgement
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation

MOST_AT_ONCE = 100


class Unreadable(ValueError):
    """What was sent is not what a page of this service sends."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as a device sends it. `base` is the version that the person saw; `after` names earlier changes of the
    same device to the same field that were sent and never answered, so that a chain made offline follows itself."""

    id: UUID
    field: str
    value: str
    base: int
    after: tuple[UUID, ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending of a page: who it thinks is signed in, which device and window, the changes, and how many changes
    of the case it knows of. `here` is false when the page is being left."""

    owner: UUID
    device: UUID
    known: int
    here: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The change is on the server, as this version of its field."""

    id: UUID
    field: str
    version: int

    def told(self) -> dict[str, Any]:
        """As the page gets it."""
        return {"id": str(self.id), "field": self.field, "outcome": "confirmed", "version": self.version}


@dataclass(frozen=True, slots=True)
class Differs:
    """Somebody changed the field meanwhile: the change is not on the server, a person decides between both texts."""

    id: UUID
    other: actions.OtherVersion

    def told(self) -> dict[str, Any]:
        """As the page gets it."""
        one = self.other
        return {"id": str(self.id), "field": one.field, "outcome": "differs", "theirs": one.theirs,
                "version": one.version, "by": one.by}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """The change is not on the server and never will be, as it is; the words say why."""

    id: UUID
    field: str
    error: str

    def told(self) -> dict[str, Any]:
        """As the page gets it."""
        return {"id": str(self.id), "field": self.field, "outcome": "refused", "error": self.error}


Answered = Receipt | Differs | Refused


def read(body: bytes) -> Sent:
    """What a page sent, as values. Raises Unreadable."""
    try:
        sent = json.loads(body)
        changes = tuple(_change(one) for one in sent["patches"])
        if len(changes) > MOST_AT_ONCE:
            raise Unreadable(f"Send at most {MOST_AT_ONCE} changes at once.")
        return Sent(
            UUID(sent["owner"]), UUID(sent["device"]), max(0, int(sent["known"])), bool(sent["here"]), changes
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable("Send owner, device, known, here and patches as JSON.") from fault


def _change(one: Mapping[str, Any]) -> Change:
    made_at = datetime.fromisoformat(one["made_at"]) if one.get("made_at") else None
    if made_at is not None and made_at.tzinfo is None:
        raise Unreadable("made_at needs its time zone.")
    after = tuple(UUID(earlier) for earlier in one.get("after", ()))
    return Change(UUID(one["id"]), str(one["field"]), str(one["value"]), int(one["base"]), after, made_at)


def receive(*, case: SampledCase, changes: Sequence[Change], by: User) -> list[Answered]:
    """Takes changes that a device kept and answers each of them, in their order; the same change again has no second
    effect and the same answer. Manual 6.1b. Raises NotAllocated for somebody whose case it never was."""
    try:
        return _take(case, changes, by)
    except (actions.OtherVersion, actions.BadAnswer, IntegrityError):  # IntegrityError: one of them came before
        return [_answer(case, change, by) for change in changes]
    except actions.Locked as refusal:
        return _only_known(case, changes, by, str(refusal))
    except actions.NotAllocated:
        was = {"case": case, "inspector": by}
        if not (Allocation.objects.filter(**was).exists() or SecondJudgement.objects.filter(**was).exists()):
            raise
        return _only_known(case, changes, by, "This case is not allocated to you any more.")


def _answer(case: SampledCase, change: Change, by: User) -> Answered:
    for last in (False, True):
        try:
            return _receipts(case, [change], by).get(change.id) or _take(case, [change], by)[0]
        except actions.OtherVersion as other:
            return Differs(change.id, other)
        except (actions.BadAnswer, actions.Locked, actions.NotAllocated) as refusal:
            return Refused(change.id, change.field, str(refusal))
        except IntegrityError:  # the same change came twice at the same moment: the second look finds the first
            if last:
                raise
    raise AssertionError


@transaction.atomic
def _take(case: SampledCase, changes: Sequence[Change], by: User) -> list[Answered]:
    """All of them or, where anything stands against one, none. IntegrityError where one of them came before."""
    if len({change.field for change in changes}) < len(changes):
        raise IntegrityError("Two changes of one field are taken one by one.")
    if not changes:
        return []
    held = actions.hold(case, by)
    earlier = _versions(held.assessment, [one for change in changes for one in change.after], by)
    seen = {
        change.field: (change.value, max([change.base, *(earlier.get(one, 0) for one in change.after)]))
        for change in changes
    }
    receipts = {
        change.field: Patch(id=change.id, field=change.field, made_at=change.made_at, by=by, at=clock.now())
        for change in changes
    }
    versions = actions.save_held(case=case, held=held, changes=seen, receipts=receipts, by=by)
    return [Receipt(change.id, change.field, versions[change.field]) for change in changes]


def _receipts(case: SampledCase, changes: Sequence[Change], by: User) -> dict[UUID, Answered]:
    """The answers to those of the changes that were taken before; to an id that stands for something else, both."""
    found: dict[UUID, Answered] = {}
    kept = {one.pk: one for one in Patch.objects.filter(pk__in=[change.id for change in changes])}
    for change in changes:
        if (patch := kept.get(change.id)) is None:
            continue
        same = AnswerVersion.objects.filter(
            assessment__in=_its(case, by), assessment=patch.assessment_id, field=change.field, version=patch.version,
            value=change.value.replace("\r\n", "\n"),
        )  # fmt: skip
        if patch.by_id == by.pk and patch.field == change.field and same.exists():
            found[change.id] = Receipt(patch.pk, patch.field, patch.version)
        else:
            found[change.id] = _another(case, change, by)
    return found


def _another(case: SampledCase, change: Change, by: User) -> Differs:
    newest = AnswerVersion.objects.filter(assessment__in=_its(case, by), field=change.field).order_by("-version")
    one = newest.select_related("by").first()
    theirs = actions.OtherVersion(change.field, *((one.value, one.version, one.by.name) if one else ("", 0, "Nobody")))
    return Differs(change.id, theirs)


def _versions(assessment: Assessment | None, ids: Sequence[UUID], by: User) -> dict[UUID, int]:
    if not ids or assessment is None:
        return {}
    taken = Patch.objects.filter(pk__in=ids, assessment=assessment, by=by)
    return dict(taken.values_list("pk", "version"))


def _only_known(case: SampledCase, changes: Sequence[Change], by: User, why: str) -> list[Answered]:
    """Receipts of what was taken before, and for the rest the reason: no text of somebody else's case is shown."""
    known = {one.id: one for one in _receipts(case, changes, by).values() if isinstance(one, Receipt)}
    return [known.get(change.id, Refused(change.id, change.field, why)) for change in changes]


def case_of(inspection: Inspection, public_id: UUID, user: User) -> Any:
    """A case with its listed row; whether it is this person's to judge now, `mine`, or was given to them `again`. None
    where the inspection has no such case."""
    found = _case_of(inspection=inspection.pk, case=public_id, user=user.pk)
    for one in found:
        one.inspection = inspection
        return one
    return None


@Question
def _case_of(*, inspection: int, case: UUID, user: int) -> QuerySet[SampledCase]:
    its = {"case": OuterRef("pk"), "inspector": user, "ended_at": None}
    return (
        SampledCase.objects.filter(inspection=inspection, public_id=case)
        .select_related("case")
        .annotate(mine=Exists(Allocation.objects.filter(**its)), again=Exists(SecondJudgement.objects.filter(**its)))
    )


def _its(case: SampledCase, by: User) -> QuerySet[Assessment]:
    """The judgement of the case that this person works with."""
    return seconds.assessments(case, of=by, second=seconds.judges(by, case))


def changes_since(case: SampledCase, known: int, by: User, *, second: bool) -> tuple[list[dict[str, Any]], int]:
    """The changes of a case beyond the first `known`, oldest first, and how many there are in all: those of the
    judgement that this person works with, the `second` one or the first."""
    made = _second_changes(case=case.pk, by=by.pk, known=known) if second else _changes(case=case.pk, known=known)
    new = [{"field": field, "value": value, "version": version, "by": name} for field, value, version, name in made]
    return new, known + len(new)


@Question
def _changes(*, case: int, known: int) -> QuerySet[AnswerVersion, Any]:
    made = AnswerVersion.objects.filter(assessment__case=case).order_by("pk")
    return made.values_list("field", "value", "version", "by__name")[known:]


@Question
def _second_changes(*, case: int, by: int, known: int) -> QuerySet[AnswerVersion, Any]:
    made = AnswerVersion.objects.filter(assessment__second_of=case, assessment__started_by=by).order_by("pk")
    return made.values_list("field", "value", "version", "by__name")[known:]
