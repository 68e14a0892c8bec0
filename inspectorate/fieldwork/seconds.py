"""Chapter 6.1: cases that a person judges a second time, blind: to that person they are cases like any other, and of
the first judgement they see nothing; to everybody else the second judgement is not there."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from inspectorate.accounts.models import User
from inspectorate.audit.questions import Question
from inspectorate.fieldwork.models import Assessment, SecondJudgement
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, SampledCase
from inspectorate.scheduling.actions import connected
from inspectorate.scheduling.models import Allocation, Conflict


def read(user: User) -> list[Any]:
    """The second judgements that a person has now, on every inspection, each with its case and, as `own`, their
    assessment or None; none of a case that left the sample, that was given to them since, or with which they declared
    a connection. One query, two where they declared any."""
    found: list[Any] = _given(user=user.pk)
    closed = connected(user, [one.case for one in found if one.declared])
    for one in found:
        one.own = _own(one, user) if one.own_pk else None
    return [one for one in found if one.case.pk not in closed]


@Question
def _given(*, user: int) -> QuerySet[Any]:
    own = Allocation.objects.filter(case=OuterRef("case"), inspector=user, ended_at=None)
    left = DropOut.objects.filter(case=OuterRef("case"), decision__in=LEFT_THE_SAMPLE)
    declared = Conflict.objects.filter(inspection=OuterRef("case__inspection"), inspector=user)
    judged = Assessment.objects.filter(second_of=OuterRef("case"), started_by=user)
    given = SecondJudgement.objects.filter(~Exists(own), ~Exists(left), inspector=user, ended_at=None)
    return given.select_related("case__case", "case__inspection__body").annotate(
        declared=Exists(declared),
        **{f"own_{name}": Subquery(judged.values(name)[:1]) for name in ("pk", "started_at", "submitted_at")},
    )


def _own(one: Any, user: User) -> Assessment:
    """The second judgement itself, made from what was read of it: who began it alone submits it."""
    return Assessment(
        pk=one.own_pk, second_of=one.case, started_by=user, started_at=one.own_started_at,
        submitted_by=user if one.own_submitted_at else None, submitted_at=one.own_submitted_at,
    )  # fmt: skip


def held(user: User, inspection: Inspection) -> dict[int, Any]:
    """The same on one inspection, by the key of the case; read once a request, and not for people who see all cases,
    to whom none is given."""
    if not _may_judge_twice(user, inspection):
        return {}
    kept: list[Any] | None = getattr(user, "_second_judgements", None)
    if kept is None:
        kept = read(user)
        user._second_judgements = kept  # type: ignore[attr-defined]
    return {one.case.pk: one for one in kept if one.case.inspection_id == inspection.pk}


def _may_judge_twice(user: User, inspection: Inspection) -> bool:
    """Nobody who sees all cases is given one."""
    rights = access.rights_on(user, inspection)
    return "case.judge" in rights and "case.view-all" not in rights


def given(user: User, case: SampledCase) -> QuerySet[SecondJudgement]:
    """What was given to a person to judge a second time, whether or not they still may."""
    return SecondJudgement.objects.filter(case=case, inspector=user, ended_at=None)


def judges(user: User, case: SampledCase) -> bool:
    """Whether a person judges this case a second time, as the database says now."""
    return any(one.case.pk == case.pk for one in read(user))


def assessments(case: SampledCase, *, of: User, second: bool) -> QuerySet[Assessment]:
    """The judgement that a person works with: their own second one, or the first."""
    return Assessment.objects.filter(**({"second_of": case, "started_by": of} if second else {"case": case}))


def show_own(found: Any, user: User) -> Any:
    """Has a case that was fetched for a person's page show what is theirs: where they judge it a second time, nothing
    of the first judgement can be reached through it."""
    mine = held(user, found.inspection).get(found.pk)
    found.again = mine is not None
    if mine:
        _put(found, mine.own)
        found.mine, found.file_read, found.open_notes, found.dropping = True, True, 0, None
    return found


def _put(case: SampledCase, own: Assessment | None) -> None:
    SampledCase._meta.get_field("assessment").set_cached_value(case, own)


def show_own_rows(rows: list[Any], user: User, inspection: Inspection) -> list[Any]:
    """The same for rows of the list of cases."""
    mine = {one.case.public_id: one.own for one in held(user, inspection).values()}
    shown = []
    for row in rows:
        if row.public_id in mine:
            own = mine[row.public_id]
            started, submitted = (own.started_at, own.submitted_at) if own else (None, None)
            told = {"started_at": started, "submitted_at": submitted, "dropping": None, "file_read": True}
            row = row._replace(inspector=user.name, **told)
        shown.append(row)
    return shown


def with_own(cases: list[Any], user: User, inspections: Any) -> list[Any]:
    """The allocations of a person, and their second judgements among them, as one list. One query at most."""
    here = {one.pk for one in inspections if _may_judge_twice(user, one)}
    added = [one for one in (read(user) if here else ()) if one.case.inspection_id in here]
    for one in added:
        _put(one.case, one.own)
    return sorted(
        [*cases, *added], key=lambda one: (one.case.inspection.fieldwork, one.case.case_list, one.case.number)
    )


def away_from(user: User) -> Q:
    """For a query of what is told about a case (`case`, `by`): what a second inspector told, that nobody but those who
    follow it may see."""
    second = SecondJudgement.objects.filter(case=OuterRef("case"), inspector=OuterRef("by"), ended_at=None)
    return Q(by=user) | ~Q(Exists(second))
