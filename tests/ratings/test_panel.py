"""Chapter 7.2: what the panel needs, its quorum, domain one decisions, discretion, and what follows from them."""

from collections.abc import Callable
from typing import Any

import pytest

from inspectorate.audit.models import Entry
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.ratings import PanelChangeRefusedError
from inspectorate.methodology.standards import Rating
from inspectorate.programme import actions as programme
from inspectorate.ratings import actions
from inspectorate.ratings.models import Attendance, Decision, Panel, PanelDecision

Judged = Callable[..., Any]
CHAIR = "director-of-operations"


def _address(one: Any, rest: str = "") -> str:
    return f"/inspections/{one.inspection.public_id}/panel/{rest}"


def _use(one: Any, key_question: str, rating: Rating, reason: str = "Not a true reflection") -> Any:
    return actions.use_discretion(
        inspection=one.inspection, key_question=key_question, rating=rating, reason=reason, by=one[CHAIR]
    )


def test_the_panel_says_what_has_to_come_first(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    page = signed_in(one[CHAIR]).get(_address(one)).content.decode()
    assert "The data team has not issued the indicative ratings." in page
    assert "Standard 1.4 Information and facilities has no proposed rating." in page
    assert "Open the ratings panel" not in page
    page = signed_in(one[CHAIR]).post(_address(one, "open/"), follow=True).content.decode()
    assert "The data team has not issued" in page
    assert not Panel.objects.exists()


def test_changed_answers_have_to_be_issued_again_before_the_panel(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    Answer.objects.filter(assessment__case__number=1, field="2.1.1").update(value="no")
    page = signed_in(one[CHAIR]).post(_address(one, "open/"), follow=True).content.decode()
    assert "has to issue them again" in page
    assert not Panel.objects.exists()


def test_only_the_chair_opens_and_records_who_sits(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    head = signed_in(one["head-of-inspection"])
    assert "The chair opens the panel: the director of operations." in head.get(_address(one)).content.decode()
    assert head.post(_address(one, "open/")).status_code == 404
    assert "Record who sits" in signed_in(one[CHAIR]).post(_address(one, "open/"), follow=True).content.decode()
    assert head.get(_address(one, "attendance/")).status_code == 404


def test_the_quorum_names_who_is_missing(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open(without="head-of-inspection")
    page = signed_in(one["lead-inspector"]).get(_address(one)).content.decode()
    assert "No quorum" in page
    assert "Missing: head of inspection" in page
    with pytest.raises(actions.NoQuorum, match="head of inspection"):
        one.accept("1.1")
    with pytest.raises(actions.NoQuorum):
        one.decide()
    assert "The panel has no quorum" in signed_in(one[CHAIR]).get(_address(one, "1.1/")).content.decode()


def test_the_chair_ticks_who_sits_and_may_correct_it(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    actions.open_panel(inspection=one.inspection, by=one[CHAIR])
    chair = signed_in(one[CHAIR])
    form = chair.get(_address(one, "attendance/")).content.decode()
    assert "Head of inspection methodology and assurance" in form
    held = {m.role: str(m.pk) for user in one.people.values() for m in user.memberships.all()}
    everybody = [held[CHAIR], held["lead-inspector"], held["head-of-inspection"]]
    chair.post(_address(one, "attendance/"), {"members": everybody})
    assert "Everybody needed for a decision is there" in chair.get(_address(one)).content.decode()
    chair.post(_address(one, "attendance/"), {"members": everybody[:2]})
    assert "No quorum" in chair.get(_address(one)).content.decode()
    assert Attendance.objects.count() == 3
    with pytest.raises(actions.NoQuorum, match="head of inspection"):
        one.accept("1.1")
    page = chair.post(_address(one, "attendance/"), {"members": [held["administrator"]]}).content.decode()
    assert "There is a problem" in page


def test_the_head_for_another_kind_of_body_does_not_sit(judged: Judged, signed_in: Any, person: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    actions.open_panel(inspection=one.inspection, by=one[CHAIR])
    head = person("Head of the others")
    for office_for in ("", "NPS"):
        programme.open_account(
            email=head.email, name=head.name, office="head-of-inspection", kind=office_for, by=one[CHAIR]
        )
    held = head.memberships.get(ended_at=None)
    why = "Head of the others is head of inspection for NPS: on this panel sits the head of inspection for CRC."
    page = signed_in(one[CHAIR]).get(_address(one, "attendance/")).content.decode()
    assert why in page
    assert f'value="{held.pk}"' not in page
    own = [one[role].memberships.get() for role in (CHAIR, "lead-inspector")]
    with pytest.raises(actions.NotAPanelMember, match="is head of inspection for NPS"):
        actions.record_attendance(inspection=one.inspection, members=[*own, held], by=one[CHAIR])
    one.sit(CHAIR, "lead-inspector")
    with pytest.raises(actions.NoQuorum, match="head of inspection"):
        one.accept("1.1")


def test_nobody_sits_in_a_role_of_another_inspection(judged: Judged) -> None:
    one, other = judged(domain_two=4), judged(domain_two=4)
    one.ready()
    actions.open_panel(inspection=one.inspection, by=one[CHAIR])
    held = other["lead-inspector"].memberships.get()
    with pytest.raises(actions.NotAPanelMember, match="another inspection"):
        actions.record_attendance(inspection=one.inspection, members=[held], by=one[CHAIR])


def test_domain_one_is_accepted_or_changed_with_a_reason(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    chair = signed_in(one[CHAIR])
    page = chair.post(_address(one, "1.1/"), {"rating": "outstanding", "reason": ""}).content.decode()
    assert "Give the reason why Outstanding and not Good, as proposed" in page
    assert not PanelDecision.objects.exists()
    chair.post(_address(one, "1.1/"), {"rating": "outstanding", "reason": "Staff say so in every office"})
    chair.post(_address(one, "1.2/"), {"rating": "good", "reason": ""})
    page = chair.get(_address(one)).content.decode()
    assert "changed: Staff say so in every office" in page
    assert "accepted" in page
    kept = PanelDecision.objects.get(subject="1.1")
    assert (kept.was, kept.decided, kept.by) == ("good", "outstanding", one[CHAIR])
    assert Entry.objects.filter(chain=one.inspection.chain, action="decide_rating").count() == 2


def test_a_decision_may_be_taken_back_and_both_stay(judged: Judged) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    one.accept("1.1")
    actions.decide_standard(
        inspection=one.inspection, standard="1.1", rating=Rating.INADEQUATE, reason="On reflection", by=one[CHAIR]
    )
    assert list(PanelDecision.objects.values_list("decided", flat=True)) == ["good", "inadequate"]
    with pytest.raises(actions.CannotDecide, match="already"):
        actions.decide_standard(
            inspection=one.inspection, standard="1.1", rating=Rating.INADEQUATE, reason="On reflection", by=one[CHAIR]
        )


def test_discretion_is_for_key_questions_near_a_boundary(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12, "2.1.2": 9, "2.2.1": 15})
    one.ready()
    one.open()
    with pytest.raises(actions.CannotDecide, match="never without"):
        _use(one, "2.1.1", Rating.GOOD, reason=" ")
    _use(one, "2.1.1", Rating.GOOD)
    with pytest.raises(PanelChangeRefusedError, match="at most 1 band"):
        _use(one, "2.1.1", Rating.OUTSTANDING)
    with pytest.raises(PanelChangeRefusedError, match="discretion needs 5 points or fewer"):
        _use(one, "2.2.1", Rating.REQUIRES_IMPROVEMENT)
    with pytest.raises(actions.CannotDecide, match="not a key question that is counted"):
        _use(one, "1.1.1", Rating.GOOD)
    page = signed_in(one[CHAIR]).get(_address(one, "2.2.1/")).content.decode()
    assert "Not possible: key question 2.2.1 is Good and cannot become Inadequate" in page


def test_the_computed_rating_stays_beside_the_decided_one(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12})
    one.ready()
    one.open()
    page = signed_in(one[CHAIR]).get(_address(one)).content.decode()
    assert "24 of 30" in page
    address = _address(one, "2.1.1/")
    signed_in(one[CHAIR]).post(address, {"rating": "good", "reason": "Two cases were at the edge"})
    kept = PanelDecision.objects.get()
    assert (kept.was, kept.decided, kept.reason) == ("requires-improvement", "good", "Two cases were at the edge")
    page = signed_in(one[CHAIR]).get(_address(one)).content.decode()
    assert "24 of 30" in page
    assert "25 of 30" in page
    assert "changed: Two cases were at the edge" in page
    with pytest.raises(actions.CannotDecide, match="is Good already"):
        _use(one, "2.1.1", Rating.GOOD)
    _use(one, "2.1.1", Rating.REQUIRES_IMPROVEMENT, reason="Taken back")
    assert "25 of 30" not in signed_in(one[CHAIR]).get(_address(one)).content.decode()


def test_what_would_follow_is_shown_before_deciding(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12})
    one.ready()
    one.open()
    page = signed_in(one["lead-inspector"]).get(_address(one, "1.1/")).content.decode()
    assert "What would follow" in page
    assert [f">{total}<" in page for total in (22, 23, 24, 25)] == [True] * 4
    assert "Record the decision" not in page


def test_a_far_key_question_says_why_it_stays(judged: Judged, signed_in: Any) -> None:
    one = judged()
    one.ready()
    one.open()
    page = signed_in(one[CHAIR]).get(_address(one, "2.1.1/")).content.decode()
    assert "outside the panel's discretion and stays as computed" in page
    assert "Record the decision" not in page


def test_only_the_chair_decides(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    sent = {"rating": "good", "reason": ""}
    assert signed_in(one["head-of-inspection"]).post(_address(one, "1.1/"), sent).status_code == 404
    assert signed_in(one["lead-inspector"]).get(_address(one, "decision/")).status_code == 404
    assert not PanelDecision.objects.exists()


@pytest.mark.parametrize("subject", ["9.9", "1.1.1", "2.1"])
def test_only_what_the_panel_may_decide_has_a_page(judged: Judged, signed_in: Any, subject: str) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    assert signed_in(one[CHAIR]).get(_address(one, f"{subject}/")).status_code == 404


def test_the_decision_needs_every_domain_one_standard(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    one.accept("1.1", "1.2", "1.3")
    page = signed_in(one[CHAIR]).get(_address(one)).content.decode()
    assert "still open: 1.4" in page
    assert "lock the decision" not in page.lower().replace("the decision can be locked", "")
    with pytest.raises(actions.CannotDecide, match=r"not decided on standard 1\.4"):
        one.decide()
    assert not Decision.objects.exists()


def test_a_standard_without_cases_keeps_the_overall_rating_away(judged: Judged) -> None:
    one = judged(domain_two=4, submitted=0)
    one.issue(reason="None could be seen")
    for standard in ("1.1", "1.2", "1.3", "1.4"):
        one.propose(standard)
    one.open()
    one.accept()
    with pytest.raises(actions.CannotDecide, match=r"no overall rating without standard 2\.1, 2\.2"):
        one.decide()


def test_the_summary_note_is_started_and_needed(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12})
    one.ready()
    one.open()
    one.accept()
    _use(one, "2.1.1", Rating.GOOD)
    chair = signed_in(one[CHAIR])
    page = chair.get(_address(one, "decision/")).content.decode()
    assert "The panel accepted the proposed ratings of 1.1 Leadership, 1.2 Staff" in page
    assert "from Requires improvement to Good" in page
    assert "Write the summary note" in chair.post(_address(one, "decision/"), {"summary": " "}).content.decode()
    assert not Decision.objects.exists()


def test_a_second_director_who_does_not_sit_cannot_record_the_decision(judged: Judged, person: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    one.accept()
    with pytest.raises(actions.CannotDecide, match="Only the chair who sits"):
        actions.decide(inspection=one.inspection, summary="Note", by=person())
