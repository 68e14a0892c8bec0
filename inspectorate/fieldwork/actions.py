"""What chapter 6 has inspectors do: judge a case field by field, and submit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from inspectorate.accounts.models import User
from inspectorate.audit import clock, rows, trail
from inspectorate.audit.questions import Question
from inspectorate.fieldwork import seconds
from inspectorate.fieldwork.form import CaseForm, case_form
from inspectorate.fieldwork.models import Answer, AnswerVersion, Assessment, Patch, SecondJudgement, Submission
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme.actions import note_done
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, SampledCase, standing
from inspectorate.scheduling.models import Allocation

LONGEST_NOTE = 20_000


class NotAllocated(Exception):
    """The case is not, or no longer, this person's."""


class Locked(Exception):
    """The case was submitted; its answers stay as they are."""


class BadAnswer(Exception):
    """The field does not belong to the case, or the value is not one of those offered."""


class Incomplete(Exception):
    """The case cannot be submitted yet; `missing` holds what it lacks."""

    def __init__(self, missing: rules.Unanswered) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} answers are missing.")


class NotThisCase(Exception):
    """The facts recorded say that the case should have been excluded, and the deputy did not decide that it stays."""


@dataclass(frozen=True, slots=True)
class OtherVersion(Exception):
    """Somebody else changed this field meanwhile; both texts are kept, and a person decides."""

    field: str
    theirs: str
    version: int
    by: str

    def __str__(self) -> str:
        return f"{self.by} changed this answer after you opened the page. It now says «{self.theirs}»."


def save_answer(*, case: SampledCase, field: str, value: str, seen: int, by: User) -> int:
    """Saves one field and answers with its new version. Manual 6.1b.

    `seen` is the version that the person saw (0 for none). The same save sent twice has one effect. Raises
    NotAllocated, Locked, BadAnswer, OtherVersion.
    """
    versions = save_answers(case=case, changes={field: (value, seen)}, by=by)
    return versions[field]


@transaction.atomic
def save_answers(*, case: SampledCase, changes: Mapping[str, tuple[str, int]], by: User) -> dict[str, int]:
    """Saves several fields, all or none, each as (value, version seen); answers with their versions. Manual 6.1b."""
    return save_held(case=case, held=hold(case, by), changes=changes, receipts={}, by=by)


def save_held(
    *,
    case: SampledCase,
    held: "Held",
    changes: Mapping[str, tuple[str, int]],
    receipts: Mapping[str, Patch],
    by: User,
) -> dict[str, int]:
    """The same within the transaction that holds the assessment; `receipts` are kept with the changes, by field. Part
    of other actions. Manual 6.1b."""
    assessment = _judged(case, held, by)
    form = case_form(case)
    current = {one.field: one for one in _stand(assessment=assessment.pk, fields=list(changes))}
    saved: dict[str, int] = {}
    changed: list[Answer] = []
    for field, (value, seen) in changes.items():
        text = value.replace("\r\n", "\n")
        _check(form, field, text)
        kept = current.get(field)
        if kept is not None and kept.value == text:
            saved[field] = kept.version
        elif (kept.version if kept else 0) != seen:
            raise _other(field, kept)
        else:
            changed.append(_write(assessment, kept, field, text, by))
            saved[field] = changed[-1].version
    _keep(assessment, changed)
    _keep_receipts(assessment, receipts, saved)
    if changed:
        # Last, because the end of the trail is held from here until the transaction ends.
        trail.record_change(
            chain=case.inspection.chain,
            by=by,
            action="judge_case",
            subject=case,
            summary=f"Answered {', '.join(one.field for one in changed)} of {case.case_list} case {case.number}"[:500],
            details={one.field: one.version for one in changed},
        )
    return saved


@Question
def _stand(*, assessment: int, fields: list[str]) -> QuerySet[Answer]:
    return Answer.objects.filter(assessment=assessment, field__in=fields)


@dataclass(frozen=True, slots=True)
class Held:
    """The assessment of a case that a person works with, locked until the transaction ends; whether the case is theirs
    now; whether it has left the sample; whether they judge it a second time."""

    assessment: Assessment | None
    mine: bool
    left: bool
    second: bool


def hold(case: SampledCase, by: User) -> Held:
    """Locks the assessment of a case, and finds whose the case is, in one query, or some more where the person judges
    it a second time. Call it inside a transaction."""
    first = _first_judgement.first(case=case.pk, by=by.pk)
    if first:
        is_mine, again = first.mine, first.again
    else:
        is_mine = Allocation.objects.filter(case=case, inspector=by, ended_at=None).exists()
        again = seconds.given(by, case).exists()
    if again and not is_mine and seconds.judges(by, case):
        own = seconds.assessments(case, of=by, second=True).select_for_update().first()
        return Held(own, mine=True, left=False, second=True)
    return Held(first, mine=is_mine, left=bool(first and first.left), second=False)


@Question
def _first_judgement(*, case: int, by: int) -> QuerySet[Any]:
    its = {"case": case, "inspector": by, "ended_at": None}
    out = DropOut.objects.filter(case=case, decision__in=LEFT_THE_SAMPLE)
    held = Assessment.objects.select_for_update().filter(case=case)
    return held.annotate(
        mine=Exists(Allocation.objects.filter(**its)),
        again=Exists(SecondJudgement.objects.filter(**its)),
        left=Exists(out),
    )


def _open(case: SampledCase, by: User) -> Assessment:
    """The assessment, held until the transaction ends, of a case that is this person's now and not kept from them."""
    return _judged(case, hold(case, by), by)


def _judged(case: SampledCase, held: Held, by: User) -> Assessment:
    if not Sight(by, case.inspection).sees(case.case):
        raise NotAllocated("This is a limited-access case, and you are no named reader of them.")
    if held.left:
        raise Locked("This case has left the sample. Its answers stay on record and change no more.")
    if not held.mine:
        raise NotAllocated("This case is not allocated to you.")
    if held.assessment is None:
        now = clock.now()
        if held.second:
            Assessment.objects.get_or_create(second_of=case, started_by=by, defaults={"started_at": now})
        else:
            Assessment.objects.get_or_create(case=case, defaults={"started_by": by, "started_at": now})
        return _judged(case, hold(case, by), by)
    if held.assessment.submitted_at:
        raise Locked(f"This case was submitted on {held.assessment.submitted_at:%-d %B %Y} and is locked.")
    return held.assessment


def _check(form: CaseForm, field: str, value: str) -> None:
    if field not in form.fields:
        raise BadAnswer(f"'{field}' is not a field of this case.")
    options = form.fields[field]
    if options and value and value not in options:
        raise BadAnswer(f"'{value}' is not an answer to {field}: choose one of {', '.join(options)}.")
    if len(value) > LONGEST_NOTE:
        raise BadAnswer(f"The note to {field} is {len(value)} characters long; {LONGEST_NOTE} is the most.")


def _other(field: str, kept: Answer | None) -> OtherVersion:
    if kept is None:
        return OtherVersion(field, "", 0, "Somebody")
    return OtherVersion(field, kept.value, kept.version, kept.by.name)


def _write(assessment: Assessment, kept: Answer | None, field: str, value: str, by: User) -> Answer:
    answer = kept or Answer(assessment=assessment, field=field, version=0)
    answer.value, answer.version, answer.by, answer.at = value, answer.version + 1, by, clock.now()
    return answer


def _keep(assessment: Assessment, changed: Sequence[Answer]) -> None:
    """Saves answers and adds what they say to their history; the lock of the assessment keeps others out."""
    rows.put(changed, over=["assessment", "field"])
    rows.put(
        [
            AnswerVersion(
                assessment=assessment, field=one.field, version=one.version, value=one.value, by=one.by, at=one.at
            )
            for one in changed
        ]
    )


def _keep_receipts(assessment: Assessment, receipts: Mapping[str, Patch], saved: Mapping[str, int]) -> None:
    for field, receipt in receipts.items():
        receipt.assessment, receipt.version = assessment, saved[field]
    rows.put(list(receipts.values()))


@transaction.atomic
def submit_case(*, case: SampledCase, by: User) -> Assessment:
    """Submits and locks a case that is complete and was not found to be one to exclude. Manual 6.1b, 6.1d, 6.1e, 6.1g,
    6.1h. Raises NotAllocated, Locked, Incomplete, NotThisCase."""
    assessment = _open(case, by)
    form = case_form(case, list(assessment.answers.all()))
    if missing := form.missing():
        raise Incomplete(missing)
    if form.points_out(case.case.facts) and not case.drop_outs.filter(decision=DropOut.Decision.KEPT).exists():
        raise NotThisCase(
            "What you recorded says that this case should have been excluded. Tell the deputy lead inspector, who "
            "decides whether it stays; then it can be submitted."
        )
    assessment.submitted_by, assessment.submitted_at = by, clock.now()
    assessment.save(update_fields=["submitted_by", "submitted_at"])
    Submission.objects.create(assessment=assessment, by=by, at=assessment.submitted_at)
    trail.record_change(
        chain=case.inspection.chain,
        by=by,
        action="submit_case",
        subject=case,
        summary=f"Submitted {case.case_list} case {case.number}",
    )
    note_all_submitted(inspection=case.inspection, by=by)
    return assessment


def note_all_submitted(*, inspection: Inspection, by: User) -> None:
    """Once every case that stands in the sample is submitted, the case inspections of both weeks are done. Part of
    other actions. Manual 6.1b."""
    if not standing(inspection.sampled_cases.all()).filter(assessment__submitted_at=None).exists():
        for week in (1, 2):
            note_done(inspection=inspection, event=f"cases-week-{week}", by=by)
