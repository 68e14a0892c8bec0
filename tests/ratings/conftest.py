"""A judged inspection in miniature: cases with their answers, evidence, proposals, a panel, a decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from inspectorate.accounts.models import User
from inspectorate.documents.models import Document
from inspectorate.fieldwork.models import Answer, Assessment, EvidenceNote
from inspectorate.methodology.standards import Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, Membership
from inspectorate.ratings import actions, verified, verifying_actions
from inspectorate.ratings.consolidation import case_set
from inspectorate.sampling.models import ListedCase, LongList, SampledCase

THEN = datetime(2019, 6, 20, 10, tzinfo=UTC)


def judge(
    inspection: Inspection,
    by: User,
    case_list: str,
    count: int,
    *,
    yes: Mapping[str, int] | None = None,
    rosh: Mapping[int, str] | None = None,
    submitted: int | None = None,
) -> list[SampledCase]:
    """`count` cases of a list, each key question answered yes in the first `yes[id]` of them (all, unless given), and
    no in the others; the first `submitted` are submitted (all, unless given)."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    questions = [q.id for s in framework.standards_for_list(case_list) for q in s.key_questions]
    document = Document.objects.create(
        inspection=inspection, slot="longlist", file_name="list.xlsx", stored="list.xlsx", size=1, digest="0" * 64,
        content_type="text/plain", given_by=by, given_at=THEN,
    )  # fmt: skip
    long_list = LongList.objects.create(
        inspection=inspection, case_list=case_list, document=document, given_by=by, given_at=THEN
    )
    listed = ListedCase.objects.bulk_create(
        ListedCase(long_list=long_list, row=n, reference=f"{case_list} {n}", facts={}) for n in range(count)
    )
    cases = SampledCase.objects.bulk_create(
        SampledCase(inspection=inspection, case_list=case_list, case=one, number=n, at=THEN)
        for n, one in enumerate(listed, 1)
    )
    done = count if submitted is None else submitted
    assessments = Assessment.objects.bulk_create(
        Assessment(
            case=case,
            started_by=by,
            started_at=THEN,
            submitted_by=by if n < done else None,
            submitted_at=THEN if n < done else None,
        )
        for n, case in enumerate(cases)
    )
    Answer.objects.bulk_create(
        Answer(assessment=one, field=name, value=value, version=1, by=by, at=THEN)
        for n, one in enumerate(assessments)
        for name, value in [
            ("rosh_judged", (rosh or {}).get(n, "medium")),
            *((question, "yes" if n < (yes or {}).get(question, count) else "no") for question in questions),
        ]
        if name != "rosh_judged" or case_list == "domain-two"
    )
    return cases


@dataclass
class Inspected:
    """An inspection whose cases are judged, with its people by role id."""

    inspection: Inspection
    people: dict[str, User]

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    def note(self, key_question: str, source: str = "document", weighs: str = "for") -> EvidenceNote:
        return EvidenceNote.objects.create(
            inspection=self.inspection, key_question=key_question, source=source, weighs=weighs,
            text=f"What a {source} says on {key_question}", by=self["lead-inspector"], at=THEN,
        )  # fmt: skip

    def sign(self, reason: str = "") -> Any:
        """The data team explains what its checks find, as it would each time, and signs."""
        by, keys = self["data-team"], [one.key for one in verified.findings(self.inspection)[0]]
        known = set(self.inspection.explanations.values_list("finding", flat=True))
        if new := set(keys) - known:
            verifying_actions.explain_findings(inspection=self.inspection, findings=new, reason="Made up", by=by)
        return verifying_actions.sign_data(inspection=self.inspection, by=by, reason=reason)

    def issue(self, reason: str = "") -> Any:
        """The data team issues the indicative ratings, on data signed as they are now."""
        on = verified.stands_on(self.inspection, case_set(self.inspection).cases)
        if on is None or on.changes:
            self.sign("Answers changed")
        return actions.issue_indicative_ratings(inspection=self.inspection, by=self["data-team"], reason=reason)

    def propose(self, standard: str, rating: Rating = Rating.GOOD) -> Any:
        return actions.propose_domain_one(
            inspection=self.inspection, standard=standard, rating=rating, rationale=f"All points to it in {standard}",
            evidence=[self.note(f"{standard}.1")], by=self["lead-inspector"],
        )  # fmt: skip

    def ready(self) -> None:
        """Issued, and every domain one standard proposed as good."""
        self.issue()
        for standard in ("1.1", "1.2", "1.3", "1.4"):
            self.propose(standard)

    def open(self, *, without: str = "") -> None:
        """The panel is open with its quorum, but for one role."""
        actions.open_panel(inspection=self.inspection, by=self["director-of-operations"])
        self.sit("director-of-operations", "lead-inspector", "head-of-inspection", without=without)

    def sit(self, *roles: str, without: str = "") -> None:
        held = Membership.objects.filter(user__in=self.people.values(), role__in=[r for r in roles if r != without])
        actions.record_attendance(inspection=self.inspection, members=held, by=self["director-of-operations"])

    def accept(self, *standards: str) -> None:
        for standard in standards or ("1.1", "1.2", "1.3", "1.4"):
            actions.decide_standard(
                inspection=self.inspection, standard=standard, rating=Rating.GOOD, by=self["director-of-operations"]
            )

    def decide(self) -> Any:
        return actions.decide(
            inspection=self.inspection, summary="The panel found good work.", by=self["director-of-operations"]
        )


@pytest.fixture
def judged(an_inspection: Callable[..., Any]) -> Callable[..., Inspected]:
    """`judged(yes={"2.1.1": 12})` makes an inspection with 20 domain two cases and 5 of each other list."""

    def make(
        kind: str = "CRC",
        *,
        domain_two: int = 20,
        yes: Mapping[str, int] | None = None,
        rosh: Mapping[int, str] | None = None,
        submitted: int | None = None,
        **options: Any,
    ) -> Inspected:
        team = an_inspection(kind, **options)
        framework = packs.pack_of(team.inspection).framework(kind)
        by = team["assistant-inspector"]
        for case_list in framework.case_lists:
            if case_list == "domain-two":
                judge(team.inspection, by, case_list, domain_two, yes=yes, rosh=rosh, submitted=submitted)
            else:
                judge(team.inspection, by, case_list, 5)
        return Inspected(team.inspection, team.people)

    return make


@pytest.fixture
def decided(judged: Callable[..., Inspected]) -> Callable[..., Inspected]:
    """`decided()` goes through to the locked decision; all standards from cases are outstanding."""

    def make(*args: Any, **options: Any) -> Inspected:
        one = judged(*args, **options)
        one.ready()
        one.open()
        one.accept()
        one.decide()
        return one

    return make
