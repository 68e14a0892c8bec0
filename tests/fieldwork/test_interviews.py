"""Manual 6.7 and 1.4: an officer interview is recorded and sealed, told of groups only, and opened through an alert."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import alert_actions, interview_actions, interviews
from inspectorate.fieldwork.models import Alert, OfficerInterview, SealBroken
from inspectorate.sampling.models import ListedCase, SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db
SAID = "Zqnobody trained meQz"
DAY = {"held_on-day": "4", "held_on-month": "6", "held_on-year": "2019"}
SignedIn = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(datetime(2019, 6, 5, 10))  # noqa: DTZ001 (London time)
    return an_inspection("NPS")


def allocate(team: Team, case: SampledCase, role: str = "assistant-inspector") -> SampledCase:
    Allocation.objects.create(
        case=case, inspector=team[role], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    return case


@pytest.fixture
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    return allocate(team, sampled(team, "domain-two", 1)[0])


def page(case: SampledCase) -> str:
    return reverse("interview", args=[case.inspection.public_id, case.public_id])


def record(team: Team, case: SampledCase, **more: Any) -> OfficerInterview:
    given = {
        "mode": "face-to-face", "held_on": date(2019, 6, 4), "evidence": {"training": SAID, "training_view": "badly"},
        "feedback_given": True, "feedback": "Said what was good", "by": team["assistant-inspector"],
    }  # fmt: skip
    return interview_actions.record_interview(case=case, **(given | more))


def test_the_inspector_of_the_case_records_it_heading_by_heading(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    browser = signed_in(team["assistant-inspector"])
    assert (
        "Record the officer interview"
        in browser.get(reverse("case", args=[team.inspection.public_id, case.public_id])).content.decode()
    )
    form = browser.get(page(case)).content.decode()
    for heading in ("Training and development", "Supervision and management oversight", "Leadership", "Workload"):
        assert heading in form
    sent = {"mode": "telephone", **DAY, "training": SAID, "training_view": "badly", "planning": "None", "feedback": ""}
    sent["workload_view"] = "none"
    answer = browser.post(page(case), sent, follow=True).content.decode()
    assert "The interview is recorded and sealed." in answer
    assert SAID in answer
    made = OfficerInterview.objects.get()
    assert made.evidence == {"training": SAID, "training_view": "badly", "planning": "None"}
    assert (made.mode, made.held_on, made.feedback_given) == ("telephone", date(2019, 6, 4), False)
    line = Entry.objects.get(action="record_interview")
    assert SAID not in line.summary + line.details


def test_what_contradicts_itself_is_refused_with_a_sentence(team: Team, case: SampledCase, signed_in: SignedIn) -> None:
    browser = signed_in(team["assistant-inspector"])
    for sent, said in (
        ({}, "Select how it was held"),
        ({"mode": "face-to-face"}, "Give the day of the interview"),
        ({"mode": "telephone", **DAY, "held_on-day": "20"}, "must be 5 June 2019 or earlier"),
        ({"mode": "file-read", "training": "x"}, "A file read has nobody who said anything"),
        ({"mode": "telephone", **DAY, "training_view": "splendid"}, "There is a problem"),
    ):
        assert said in browser.post(page(case), sent).content.decode()
    assert not OfficerInterview.objects.exists()
    browser.post(page(case), {"mode": "file-read"})
    assert OfficerInterview.objects.get().held_on is None


def test_a_changed_record_leaves_the_earlier_one(team: Team, case: SampledCase, signed_in: SignedIn) -> None:
    record(team, case)
    browser = signed_in(team["assistant-inspector"])
    assert f">{SAID}</textarea>" in browser.get(page(case)).content.decode()
    browser.post(page(case), {"mode": "telephone", **DAY, "training": "Other words"})
    assert [one.evidence["training"] for one in OfficerInterview.objects.all()] == [SAID, "Other words"]
    assert SAID not in browser.get(page(case)).content.decode()


def test_it_is_read_by_who_held_it_the_lead_and_the_deputy_and_by_nobody_else(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    record(team, case)
    readers = {"assistant-inspector", "lead-inspector", "deputy-lead-inspector"}
    for role, person in team.people.items():
        answer = signed_in(person).get(page(case))
        assert (answer.status_code == 200) == (role in readers), role
        assert (SAID in answer.content.decode()) == (role in readers), role


def test_the_interview_of_a_limited_access_case_is_kept_from_who_is_no_named_reader(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    record(team, case)
    reader = signed_in(team["lead-inspector"])
    assert SAID in reader.get(page(case)).content.decode()
    ListedCase.objects.filter(pk=case.case_id).update(limited=True)
    assert reader.get(page(case)).status_code == 404


def test_a_new_inspector_of_the_case_does_not_read_what_the_one_before_was_told(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    record(team, case)
    Allocation.objects.filter(case=case).update(ended_at=team.inspection.made_at)
    allocate(team, case, "hm-inspector")
    answer = signed_in(team["hm-inspector"]).get(page(case)).content.decode()
    assert "Record the interview" in answer
    assert SAID not in answer
    assert signed_in(team["assistant-inspector"]).get(page(case)).status_code == 404


def test_officers_are_interviewed_about_domain_two_only(
    team: Team, sampled: Callable[..., list[SampledCase]], signed_in: SignedIn
) -> None:
    court = allocate(team, sampled(team, "court-reports", 1)[0])
    assert signed_in(team["assistant-inspector"]).get(page(court)).status_code == 404
    with pytest.raises(interview_actions.NotYours):
        record(team, court)


@pytest.fixture
def many(team: Team, sampled: Callable[..., list[SampledCase]]) -> Callable[[int], None]:
    def make(count: int) -> None:
        for number, one in enumerate(sampled(team, "domain-two", count)):
            record(team, allocate(team, one), evidence={"training_view": "badly" if number % 2 else "well"})

    return make


def aggregate(team: Team) -> str:
    return reverse("interviews", args=[team.inspection.public_id])


def test_fewer_than_the_least_group_show_nothing(team: Team, many: Callable[[int], None], signed_in: SignedIn) -> None:
    many(4)
    assert (
        "Too few to show: fewer than 5 officers"
        in signed_in(team["lead-inspector"]).get(aggregate(team)).content.decode()
    )
    assert interviews.in_aggregate(team.inspection).told.officers is None


def test_an_officer_with_several_cases_counts_once(
    team: Team, sampled: Callable[..., list[SampledCase]], signed_in: SignedIn
) -> None:
    for one in sampled(team, "domain-two", 6):
        one.case.facts["responsible-officer"] = "The same officer"
        one.case.save()
        record(team, allocate(team, one))
    assert interviews.in_aggregate(team.inspection).told.officers is None


def test_sites_are_shown_where_each_is_large_enough(
    team: Team, many: Callable[[int], None], signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    many(15)  # three offices of five officers
    browser = signed_in(team["deputy-lead-inspector"])
    with django_assert_max_num_queries(8):
        shown = browser.get(aggregate(team)).content.decode()
    for office in ("Office 0", "Office 1", "Office 2"):
        assert office in shown
    assert interviews.in_aggregate(team.inspection).told.officers == 15
    assert "Officer 1" not in shown
    assert "Canary" not in shown


def test_small_sites_are_not_found_by_subtraction(team: Team, many: Callable[[int], None], signed_in: SignedIn) -> None:
    many(13)  # offices of five, four and four
    told = interviews.in_aggregate(team.inspection).told
    assert told.groups == (("Office 1",), ("Office 0", "Office 2"))
    assert min(sum(counts.by_view.values()) for counts in told.headings[0].groups or ()) >= 5


def test_only_the_lead_and_the_deputy_see_the_counts(team: Team, signed_in: SignedIn) -> None:
    opens = {role for role, person in team.people.items() if signed_in(person).get(aggregate(team)).status_code == 200}
    assert opens == {"lead-inspector", "deputy-lead-inspector"}


@pytest.fixture
def raised(team: Team, case: SampledCase) -> Alert:
    return alert_actions.raise_alert(
        inspection=team.inspection, case=case, kind="life", what="A child", likely="likely", imminent="now",
        by=team["assistant-inspector"],
    )  # fmt: skip


def seal(alert: Alert) -> str:
    return reverse("break_seal", args=[alert.inspection.public_id, alert.public_id])


def test_the_seal_is_broken_for_named_fields_with_a_reason_and_only_on_that_alert(
    team: Team, case: SampledCase, raised: Alert, signed_in: SignedIn
) -> None:
    record(team, case, evidence={"training": SAID, "workload": "Zqtoo manyQz"})
    deputy, head = signed_in(team["deputy-lead-inspector"]), signed_in(team["head-of-inspection"])
    shown_at = reverse("alert", args=[team.inspection.public_id, raised.public_id])
    assert SAID not in head.get(shown_at).content.decode()
    assert (
        "Enter why somebody needs protection"
        in deputy.post(seal(raised), {"fields_shown": ["training"]}).content.decode()
    )
    assert (
        "Select what the readers of this alert will see" in deputy.post(seal(raised), {"reason": "x"}).content.decode()
    )
    assert not SealBroken.objects.exists()
    deputy.post(seal(raised), {"fields_shown": ["training"], "reason": "A child is with him tonight"})
    for reader in (head, signed_in(team["assistant-inspector"])):
        shown = reader.get(shown_at).content.decode()
        assert SAID in shown
        assert "A child is with him tonight" in shown
        assert "Zqtoo manyQz" not in shown
    assert head.get(page(case)).status_code == 404
    line = Entry.objects.get(action="break_seal")
    assert line.summary.endswith("for an alert: Training and development")
    assert SAID not in line.summary + line.details


def test_who_may_not_read_interviews_breaks_no_seal(
    team: Team, case: SampledCase, raised: Alert, signed_in: SignedIn
) -> None:
    record(team, case)
    for role in ("assistant-inspector", "head-of-inspection", "administrator", "link-manager"):
        answer = signed_in(team[role]).post(seal(raised), {"fields_shown": ["training"], "reason": "x"})
        assert answer.status_code == 404
    assert not SealBroken.objects.exists()


def test_no_seal_is_broken_for_another_case_a_closed_alert_or_an_empty_field(
    team: Team, case: SampledCase, raised: Alert, sampled: Callable[..., list[SampledCase]]
) -> None:
    other = record(team, allocate(team, sampled(team, "domain-two", 1)[0]))
    given = {"alert": raised, "reason": "x", "by": team["lead-inspector"]}
    with pytest.raises(interview_actions.SealStays, match="not about the case"):
        interview_actions.break_seal(interview=other, fields=["training"], **given)
    own = record(team, case)
    with pytest.raises(interview_actions.SealStays, match="workload"):
        interview_actions.break_seal(interview=own, fields=["workload"], **given)
    raised.steps.create(what="closed", by=team["lead-inspector"], at=raised.at)
    with pytest.raises(interview_actions.SealStays, match="closed"):
        interview_actions.break_seal(interview=own, fields=["training"], **given)
    assert not SealBroken.objects.exists()
