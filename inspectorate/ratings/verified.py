"""Chapter 7.2a: the verified data as signed, what changed since and by whom, and what the checks find now."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from inspectorate.fieldwork.models import Answer, AnswerVersion, Reopening, Submission
from inspectorate.methodology import fieldwork as fieldwork_rules
from inspectorate.methodology.ratings import (
    Change,
    CheckedCase,
    Finding,
    VerifiedCase,
    changes_since,
    check,
    verified_as_json,
    verified_digest,
    verified_from_json,
)
from inspectorate.methodology.standards import Framework
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import CaseRow
from inspectorate.ratings.models import VerifiedData
from inspectorate.sampling.limited import key
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, standing

CASE_COLUMNS = (
    "pk", "public_id", "case_list", "number", "case__limited", "case__reference", "case__unit_1", "case__unit_2",
    "case__facts", "assessment__pk", "assessment__submitted_at", "assessment__submitted_by__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandsOn:
    """The version of the verified data that a page stands on, and how the data of now differ from it."""

    number: int
    by: str
    at: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """A change since the data were signed, with who made the newest of it, and when; empty where nobody is known."""

    change: Change
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the checks with the key under which it is explained, and whether access to its case is limited."""

    key: str
    finding: Finding
    limited: bool


def frozen(cases: Iterable[CaseRow]) -> tuple[VerifiedCase, ...]:
    """Cases as verified data holds them; what a case that is not submitted says so far counts nowhere."""
    return tuple(
        VerifiedCase(str(one.public_id), one.case_list, one.number, True, one.facts, one.answers)
        if one.submitted
        else VerifiedCase(str(one.public_id), one.case_list, one.number, False)
        for one in cases
    )


def newest(inspection: Inspection) -> VerifiedData | None:
    """The newest version, its content left for whoever needs it. One query."""
    return inspection.verified_data.select_related("by").defer("content", "findings").last()


def stands_on(inspection: Inspection, cases: Iterable[CaseRow]) -> StandsOn | None:
    """The newest version beside the cases of now. One query, a second one where something changed."""
    signed = newest(inspection)
    return None if signed is None else beside(signed, cases)


def beside(signed: VerifiedData, cases: Iterable[CaseRow]) -> StandsOn:
    """A version beside these cases."""
    now = frozen(cases)
    same = verified_digest(verified_as_json(now)) == signed.digest
    changes = () if same else changes_since(verified_from_json(signed.content), now)
    return StandsOn(signed.number, signed.by.name, signed.at, changes)


def changed_by(inspection: Inspection, since: datetime, changes: Iterable[Change]) -> list[ChangedBy]:
    """Each change with who made it last. At most two queries."""
    found = list(changes)
    fields = {one.subject for one in found if one.subject}
    answers: dict[tuple[str, str], tuple[str, datetime]] = {}
    if fields:
        rows = AnswerVersion.objects.filter(assessment__case__inspection=inspection, field__in=fields, at__gte=since)
        for case, name, by, at in rows.values_list("assessment__case__public_id", "field", "by__name", "at"):
            answers[str(case), name] = (by, at)
    cases = _moved(inspection, since) if any(not one.subject for one in found) else {}
    nobody = ("", None)
    return [
        ChangedBy(one, *(answers.get((one.case, one.subject), nobody) if one.subject else cases.get(one.case, nobody)))
        for one in found
    ]


def _moved(inspection: Inspection, since: datetime) -> dict[str, tuple[str, datetime]]:
    """Who submitted a case, opened it again, or decided that it leaves the sample, or steps in, last. One query."""

    def columns(rows: Any, case: str, by: str, at: str) -> Any:
        return rows.filter(**{f"{at}__gte": since}).order_by().values_list(F(case), F(by), F(at))

    of_case = {"assessment__case__inspection": inspection}
    about = ("assessment__case__public_id", "by__name", "at")
    drops = DropOut.objects.filter(case__inspection=inspection, decision__in=LEFT_THE_SAMPLE)
    rows = columns(Submission.objects.filter(**of_case), *about).union(
        columns(Reopening.objects.filter(**of_case), *about),
        columns(drops, "case__public_id", "decided_by__name", "decided_at"),
        columns(drops.exclude(substitute=None), "substitute__public_id", "decided_by__name", "decided_at"),
        all=True,
    )
    return {str(case): (by, at) for case, by, at in sorted(rows, key=lambda row: row[2])}


def findings(inspection: Inspection) -> tuple[list[Found], tuple[CaseRow, ...]]:
    """What the checks find in the data of now, and the cases as `case_rows` gives them. Two queries."""
    pack = packs.pack_of(inspection)
    framework = pack.framework(inspection.kind)
    given: dict[int, dict[str, str]] = {}
    answers = Answer.objects.filter(assessment__case__inspection=inspection).exclude(value="")
    for judged, name, value in answers.order_by().values_list("assessment__case", "field", "value"):
        given.setdefault(judged, {})[name] = value
    columns = {one.id: {column.id: column.fact for column in one.columns if column.fact} for one in pack.sampling.lists}
    rows = standing(inspection.sampled_cases.all()).values_list(*CASE_COLUMNS, named=True)
    checked, cases = [], []
    for row in rows.order_by("case_list", "number"):
        case = _as_row(framework, row, given.get(row.pk, {}))
        listed = {fact: row.case__facts.get(column, "") for column, fact in columns.get(case.case_list, {}).items()}
        checked.append(_checked(framework, case, given.get(row.pk, {}), listed, row))
        cases.append(case)
    limited = {str(case.public_id) for case in cases if case.limited}
    found = [
        Found(hashlib.sha256(one.id.encode()).hexdigest(), one, one.case in limited)
        for one in check(framework, pack.ratings.checking, checked)
    ]
    return found, tuple(cases)


def _as_row(framework: Framework, row: Any, given: Mapping[str, str]) -> CaseRow:
    facts = {fact.id for fact in framework.facts}
    submitted = row.assessment__submitted_at is not None
    return CaseRow(
        row.public_id,
        row.case_list,
        row.number,
        submitted,
        row.case__limited,
        {name: value for name, value in given.items() if name in facts},
        {name: value for name, value in given.items() if _is_counted(framework, name)},
    )


def _is_counted(framework: Framework, name: str) -> bool:
    return framework.has_key_question(name) and framework.standard_of(name).source == "cases"


def _checked(
    framework: Framework, case: CaseRow, given: Mapping[str, str], listed: Mapping[str, str], row: Any
) -> CheckedCase:
    about = (framework, case.case_list, case.facts, given, given)
    lacks = fieldwork_rules.completeness(*about) if case.submitted else None
    against = fieldwork_rules.disagreements(*about) if case.submitted else ()
    # A unit may hold limited-access cases only: it is named by no check.
    units = () if case.limited else (row.case__unit_1, row.case__unit_2)
    return CheckedCase(
        str(case.public_id),
        case.case_list,
        case.number,
        begun=row.assessment__pk is not None,
        submitted=case.submitted,
        facts=case.facts,
        answers=case.answers,
        unanswered=(*lacks.facts, *lacks.key_questions, *lacks.prompts) if lacks else (),
        against=tuple(one.key_question for one in against),
        listed=listed,
        same_as=key(row.case__reference),
        inspector=row.assessment__submitted_by__name or "",
        units=tuple(dict.fromkeys(f"Unit {unit}" for unit in units if unit)),
    )
