"""Chapter 7.1: the answers of submitted cases put together for rating. The answers are the truth; no number is kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import FilteredRelation, Q

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
from inspectorate.sampling.models import standing

CASE = ("public_id", "case_list", "number", "case__limited")


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
        rows = [
            [str(case.public_id), case.case_list, sorted(case.facts.items()), sorted(case.answers.items())]
            for case in sorted(self.cases, key=lambda case: str(case.public_id))
            if case.submitted
        ]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


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
    wanted = Q(assessment__answers__field__in=sorted(facts | questions))
    rows = (
        standing(inspection.sampled_cases.all())
        .annotate(its=FilteredRelation("assessment__answers", condition=wanted))
        .order_by("case_list", "number")
        .values_list(*CASE, "assessment__submitted_at", "its__field", "its__value")
    )
    cases: dict[UUID, CaseRow] = {}
    for public_id, case_list, number, hidden, submitted_at, name, value in rows:
        case = cases.get(public_id)
        if case is None:
            case = cases[public_id] = CaseRow(public_id, case_list, number, submitted_at is not None, hidden)
        if value:
            (case.facts if name in facts else case.answers)[name] = value
    return tuple(cases.values())


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
