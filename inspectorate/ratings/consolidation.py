"""Chapter 7.1: the answers of submitted cases put together for rating. The answers are the truth; no number is kept."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, JSONField, OuterRef, Q, Subquery

from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.ratings import (
    CaseJudgements,
    Count,
    RatingFaultsError,
    RatingRules,
    Result,
    count,
    faults,
    rate_counts,
)
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase, standing

SUBMITTED = Q(assessment__submitted_at__isnull=False)
CASE = ("public_id", "case_list", "number", "case__limited")


class Together(Aggregate):
    """Names with their values as one JSON object, so that a case is one row and not one for each answer."""

    function = "JSON_GROUP_OBJECT"
    output_field = JSONField()

    def as_postgresql(self, *args: Any, **options: Any) -> tuple[str, Any]:
        """The same function under the name that PostgreSQL has for it."""
        return self.as_sql(*args, **options, function="JSONB_OBJECT_AGG")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of the final sample as far as it is judged; facts and answers by id, empty ones left out."""

    public_id: UUID
    case_list: str
    number: int
    submitted: bool
    limited: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """All cases of an inspection, with yes and n of each key question over those submitted."""

    framework: Framework
    rules: RatingRules
    cases: tuple[CaseRow, ...]
    counts: Mapping[str, Count]

    @property
    def submitted(self) -> int:
        """How many cases are submitted."""
        return sum(1 for case in self.cases if case.submitted)

    @property
    def complete(self) -> bool:
        """Whether there are cases and every one is submitted."""
        return bool(self.cases) and self.submitted == len(self.cases)

    def so_far(self) -> dict[str, tuple[int, int]]:
        """Submitted and sampled cases of each list."""
        found: dict[str, tuple[int, int]] = {}
        for case in self.cases:
            done, of = found.get(case.case_list, (0, 0))
            found[case.case_list] = (done + case.submitted, of + 1)
        return found

    def rate(self, *, domain_one: Mapping[str, Rating], panel: Mapping[str, Rating] | None = None) -> Result:
        """The ratings with these domain one ratings and changes of the panel. Raises PanelChangeRefusedError."""
        return rate_counts(self.framework, self.rules, self.counts, domain_one=domain_one, panel=panel)

    def digest(self) -> str:
        """SHA-256 of every fact and answer that counts, as 64 hexadecimal digits."""
        return digest_of(judgements(self.cases))


def digest_of(judged: Iterable[CaseJudgements]) -> str:
    """SHA-256 of every fact and answer of judged cases, as 64 hexadecimal digits."""
    rows = [
        [case.case, case.case_list, sorted(case.facts.items()), sorted(case.answers.items())]
        for case in sorted(judged, key=lambda case: case.case)
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def answers_of(assessment: str, fields: Collection[str]) -> Subquery:
    """What stands in these fields of an assessment, empty ones included, as one JSON object; `assessment` names it."""
    own = Answer.objects.filter(assessment=OuterRef(assessment), field__in=sorted(fields)).order_by()
    return Subquery(own.values("assessment").annotate(given=Together("field", "value")).values("given"))


def case_set(inspection: Inspection) -> CaseSet:
    """Every case in the final sample now, with its key questions and facts, in one query. Raises RatingFaultsError."""
    pack = packs.pack_of(inspection)
    framework = pack.framework(inspection.kind)
    cases = case_rows(inspection, framework)
    judged = judgements(cases)
    if found := faults(framework, judged):
        raise RatingFaultsError(found)
    return CaseSet(framework, pack.ratings, cases, count(framework, judged))


def case_rows(inspection: Inspection, framework: Framework) -> tuple[CaseRow, ...]:
    """The cases of the final sample now as they stand, whether or not their answers can be right. One query."""
    facts = {fact.id for fact in framework.facts}
    questions = {q.id for s in framework.standards if s.source == "cases" for q in s.key_questions}
    rows = (
        standing(SampledCase.objects.filter(inspection=inspection))
        .annotate(submitted=SUBMITTED, given=answers_of("assessment", facts | questions))
        .order_by("case_list", "number")
        .values_list(*CASE, "submitted", "given")
    )
    return tuple(_case(facts, *row) for row in rows)


def _case(
    names: Collection[str],
    public_id: UUID,
    case_list: str,
    number: int,
    limited: bool,
    submitted: bool,
    given: Mapping[str, str] | None,
) -> CaseRow:
    facts = {name: value for name, value in (given or {}).items() if value and name in names}
    answers = {name: value for name, value in (given or {}).items() if value and name not in names}
    return CaseRow(public_id, case_list, number, submitted, limited, facts, answers)


def judgements(cases: Iterable[CaseRow]) -> tuple[CaseJudgements, ...]:
    """Submitted cases as the rules read them."""
    return tuple(
        CaseJudgements(str(case.public_id), case.case_list, case.facts, case.answers)
        for case in cases
        if case.submitted
    )


def result_of(
    inspection: Inspection,
    *,
    domain_one: Mapping[str, Rating] | None = None,
    panel: Mapping[str, Rating] | None = None,
) -> Result:
    """The ratings of an inspection as its submitted cases give them now. Manual 7.1a."""
    return case_set(inspection).rate(domain_one=domain_one or {}, panel=panel)
