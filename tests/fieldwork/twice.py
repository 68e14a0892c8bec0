"""Cases judged twice: a team with several assistant inspectors, and answers given all at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.fieldwork import actions, seconds
from inspectorate.fieldwork.form import case_form
from inspectorate.fieldwork.models import AnswerVersion, Assessment, SecondJudgement, Submission
from inspectorate.methodology.fieldwork import Pair
from inspectorate.programme import packs
from inspectorate.programme.models import Membership
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

IN_WEEK_1 = datetime(2019, 6, 5, 10)


def with_assistants(team: Team, person: Callable[..., User], count: int) -> list[User]:
    """The assistant inspector of a team, and so many in all."""
    found = [team["assistant-inspector"]]
    while len(found) < count:
        one = person(f"Assistant {len(found) + 1}")
        Membership.objects.create(user=one, inspection=team.inspection, role="assistant-inspector", side="inspectorate")
        found.append(one)
    return found


def dealt(team: Team, cases: list[SampledCase], people: list[User]) -> None:
    """The cases with these people in turn, in both weeks."""
    for at, case in enumerate(cases):
        Allocation.objects.create(
            case=case, inspector=people[at % len(people)], week=at // len(people) % 2 + 1, by=team["administrator"],
            at=team.inspection.made_at,
        )  # fmt: skip


def judged_twice(team: Team, cases: list[SampledCase], people: dict[str, User], pairs: list[Pair]) -> None:
    """Both judgements of each case as these pairs have them, submitted; questions q0, q1 … are those of domain two."""
    framework = packs.pack_of(team.inspection).framework(team.inspection.kind)
    asked = [q.id for standard in framework.standards_for_list("domain-two") for q in standard.key_questions]
    made: dict[str, tuple[Assessment, Assessment]] = {}
    rows = []
    when, by = clock.now(), team["deputy-lead-inspector"]
    for one in pairs:
        first, second = people[one.first_by], people[one.second_by]
        if one.case not in made:
            case = cases[len(made)]
            week = int(one.week)
            Allocation.objects.create(case=case, inspector=first, week=week, by=by, at=when)
            SecondJudgement.objects.create(case=case, inspector=second, week=week, by=by, at=when)
            made[one.case] = (_submitted(first, when, case=case), _submitted(second, when, second_of=case))
        field = asked[int(one.question[1:])]
        for assessment, value in zip(made[one.case], (one.first, one.second), strict=True):
            rows.append(AnswerVersion(assessment=assessment, field=field, version=1, value=value,
                                      by=assessment.started_by, at=when))  # fmt: skip
    rows += [
        AnswerVersion(assessment=one, field="rosh_judged", version=1, value="high", by=one.started_by, at=when)
        for both in made.values()
        for one in both
    ]
    AnswerVersion.objects.bulk_create(rows)


def _submitted(by: User, when: datetime, **of: SampledCase) -> Assessment:
    one = Assessment.objects.create(started_by=by, started_at=when, submitted_by=by, submitted_at=when, **of)
    Submission.objects.create(assessment=one, by=by, at=when)
    return one


def judge(case: SampledCase, by: User, answers: Mapping[str, str] | None = None, rest: str = "yes") -> None:
    """Gives every answer that the case asks of this person and submits: those given here, the rest alike."""
    given: dict[str, Any] = dict(answers or {})
    while True:
        second = seconds.judges(by, case)
        mine = seconds.assessments(case, of=by, second=second).first()
        missing = case_form(case, list(mine.answers.all()) if mine else []).missing()
        if not missing:
            break
        fields = (*missing.facts, *missing.key_questions, *missing.prompts)
        changes = {field: (given.get(field, "medium" if field == "rosh_judged" else rest), 0) for field in fields}
        actions.save_answers(case=case, changes=changes, by=by)
    actions.submit_case(case=case, by=by)
