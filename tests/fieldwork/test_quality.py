"""A case after it was judged: opened again by another person, checked, corrected with a reason, noted on."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.fieldwork import actions, quality_actions
from inspectorate.fieldwork.models import Answer, AnswerVersion, Assessment, Reopening, Submission
from inspectorate.programme.actions import note_done
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team
from tests.fieldwork.test_cases import address, judge_all, save

# Beginning and ending a transaction is no question to the database.
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
pytestmark = pytest.mark.django_db


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(datetime(2019, 6, 5, 10))  # noqa: DTZ001 (London time)
    return an_inspection("NPS")


@pytest.fixture
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    """A case of a local assessor, submitted."""
    one = sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(
        case=one, inspector=team["local-assessor"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    judge_all(one, team["local-assessor"])
    actions.submit_case(case=one, by=team["local-assessor"])
    return one


def page(browser: Client, case: SampledCase) -> str:
    answer = browser.get(address(case, "quality/"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_opened_again_can_be_changed_and_keeps_what_was_submitted(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    deputy, assessor = signed_in(team["deputy-lead-inspector"]), signed_in(team["local-assessor"])
    assert save(assessor, case, "2.1.1", "no", 1).status_code == 423
    answer = deputy.post(address(case, "quality/reopen/"), {"reason": "The risk was judged on the wrong person"})
    assert answer.status_code == 302
    shown = page(deputy, case)
    assert "Opened again" in shown
    assert "The risk was judged on the wrong person" in shown
    assert save(assessor, case, "2.1.1", "no", 1).status_code == 200
    actions.submit_case(case=case, by=team["local-assessor"])
    assert Submission.objects.count() == 2
    assert list(AnswerVersion.objects.filter(field="2.1.1").values_list("value", flat=True)) == ["yes", "no"]
    assert Entry.objects.filter(action="reopen_case").count() == 1


def test_nobody_opens_their_own_case_again_nor_without_a_reason(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    answer = deputy.post(address(case, "quality/reopen/"), {"reason": " "})
    assert answer.status_code == 422
    assert (
        "Enter the why the case is opened again" in answer.content.decode() or "why the case" in answer.content.decode()
    )
    assert signed_in(team["local-assessor"]).post(address(case, "quality/reopen/"), {"reason": "x"}).status_code == 404
    Assessment.objects.update(submitted_by=team["deputy-lead-inspector"])
    assert "reopen/" not in page(deputy, case)
    with pytest.raises(quality_actions.SamePerson):
        quality_actions.reopen_case(case=case, reason="x", by=team["deputy-lead-inspector"])
    assert not Reopening.objects.exists()


def test_once_the_panel_has_decided_no_answer_changes(case: SampledCase, team: Team) -> None:
    note_done(inspection=team.inspection, event="panel-decision", by=team["director-of-operations"])
    for act in (
        lambda: quality_actions.reopen_case(case=case, reason="late", by=team["lead-inspector"]),
        lambda: quality_actions.override_answer(
            case=case, field="2.1.1", value="no", reason="late", by=team["lead-inspector"]
        ),
    ):
        with pytest.raises(quality_actions.Decided):
            act()
    assert Answer.objects.get(field="2.1.1").value == "yes"


def test_a_correction_keeps_the_original_who_and_why(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    lead = signed_in(team["lead-inspector"])
    sent = {"field": "2.1.1", "value": "no", "reason": "Two prompts were read the wrong way round"}
    assert lead.post(address(case, "quality/correct/"), sent).status_code == 302
    shown = page(signed_in(team["local-assessor"]), case)
    assert "Two prompts were read the wrong way round" in shown
    row = shown[shown.index("Two prompts") - 400 : shown.index("Two prompts")]
    assert row.index(">Yes<") < row.index(">No<")
    assert team["lead-inspector"].name in shown
    assert Answer.objects.get(field="2.1.1").value == "no"
    again = lead.post(address(case, "quality/correct/"), sent)
    assert again.status_code == 422
    assert "This answer stands already" in again.content.decode()


def test_an_assistant_inspector_checks_a_local_assessors_case_and_no_other(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client], person: Callable[..., User]
) -> None:
    browser = signed_in(team["assistant-inspector"])
    listed = browser.get(f"/inspections/{team.inspection.public_id}/checks/").content.decode()
    assert team["local-assessor"].name in listed
    assert "Not yet" in listed
    refused = browser.post(address(case, "quality/check/"), {"agreed": "no", "text": ""})
    assert refused.status_code == 422
    assert "Enter why you do not agree" in refused.content.decode()
    sent = {"agreed": "no", "text": "2.1.1 has no evidence"}
    assert browser.post(address(case, "quality/check/"), sent).status_code == 302
    listed = browser.get(f"/inspections/{team.inspection.public_id}/checks/").content.decode()
    assert "To be looked at again" in listed
    with pytest.raises(quality_actions.SamePerson):
        quality_actions.check_case(case=case, agreed=True, text="", by=team["local-assessor"])
    # Once the case is an assistant inspector's own, it is none that others of the team may look into.
    case.allocations.update(ended_at=team.inspection.made_at)
    Allocation.objects.create(
        case=case, inspector=team["deputy-lead-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    assert browser.get(address(case, "quality/")).status_code == 404


def test_a_note_is_answered_resolved_and_opened_again(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    checker, assessor = signed_in(team["assistant-inspector"]), signed_in(team["local-assessor"])
    assert (
        checker.post(address(case, "quality/notes/"), {"field": "2.1.1", "text": "Where is it said?"}).status_code
        == 302
    )
    assert "1 open note" in assessor.get(address(case)).content.decode()
    thread = Assessment.objects.get().threads.get()
    reply = address(case, f"quality/notes/{thread.public_id}/")
    assessor.post(reply, {"what": "said", "text": "In the contact of 3 May"})
    checker.post(reply, {"what": "resolved", "text": ""})
    shown = page(assessor, case)
    assert "In the contact of 3 May" in shown
    assert ">Resolved</strong>" in shown
    assert "open note" not in assessor.get(address(case)).content.decode()
    refused = checker.post(reply, {"what": "resolved", "text": ""}, follow=True).content.decode()
    assert "This note is resolved already" in refused
    assessor.post(reply, {"what": "reopened", "text": "One more thing"})
    assert "1 open note" in checker.get(address(case)).content.decode()


@pytest.mark.parametrize("role", ["link-manager", "administrator", "hm-inspector", "senior-leader"])
def test_others_do_not_see_what_was_made_of_a_case(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client], role: str
) -> None:
    assert signed_in(team[role]).get(address(case, "quality/")).status_code == 404


def test_the_page_asks_no_more_with_more_notes(
    case: SampledCase, team: Team, signed_in: Callable[[User], Client]
) -> None:
    for number in range(12):
        thread = quality_actions.open_thread(case=case, field="2.1.1", text=f"Note {number}", by=team["lead-inspector"])
        quality_actions.add_to_thread(thread=thread, what="said", text="More", by=team["local-assessor"])
    browser = signed_in(team["lead-inspector"])
    with CaptureQueriesContext(connection) as asked:
        assert "Note 11" in page(browser, case)
    assert len([one for one in asked if not one["sql"].startswith(FRAME)]) <= 8
