"""Chapter 7.1 and 7.2a: indicative ratings from the answers, the cases behind them, and issuing them."""

from collections.abc import Callable
from typing import Any

import pytest

from inspectorate.audit.models import Entry
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.standards import Rating
from inspectorate.ratings import actions
from inspectorate.ratings.consolidation import case_set, result_of

Judged = Callable[..., Any]


def _page(one: Any, signed_in: Any, role: str, address: str = "ratings/") -> Any:
    return signed_in(one[role]).get(f"/inspections/{one.inspection.public_id}/{address}")


def test_a_standard_takes_its_lowest_key_question(judged: Judged) -> None:
    one = judged(yes={"2.1.1": 13, "2.1.2": 16})
    result = result_of(one.inspection)
    assert result.key_question("2.1.1").percent == 65
    assert result.key_question("2.1.1").rating is Rating.GOOD
    assert result.standard("2.1").rating is Rating.GOOD
    assert result.standard("2.1").decided_by == ("2.1.1",)


def test_cases_of_low_risk_are_left_out_where_the_manual_says_so(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.2.3": 10}, rosh={0: "low", 1: "low"})
    assert (result_of(one.inspection).key_question("2.2.3").yes, result_of(one.inspection).key_question("2.2.3").n) == (
        8,
        18,
    )
    page = _page(one, signed_in, "lead-inspector", "ratings/2.2.3/").content.decode()
    assert "8 of 18 cases answered yes" in page
    assert "Counted over every case but those with «Risk of serious harm as you judge it: low»." in page
    assert "Risk of serious harm as you judge it: low" in page


def test_cases_not_submitted_and_answers_cleared_do_not_count(judged: Judged) -> None:
    one = judged(submitted=15)
    Answer.objects.filter(assessment__case__number=1, field="2.1.1").update(value="")
    Answer.objects.filter(assessment__case__number=2, field="2.1.1").update(value="na")
    assert result_of(one.inspection).key_question("2.1.1").n == 13


def test_the_page_says_what_is_near_and_why_there_is_no_total(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12}, submitted=20)
    page = _page(one, signed_in, "lead-inspector").content.decode()
    assert "Indicative ratings so far" in page
    assert "12 of 20 cases answered yes: 60%" in page
    assert "1 more case answered yes would make it Good (5.0 percentage points from 65%)" in page
    assert "Within the panel's discretion" in page
    assert "There is no total without: 1.1 Leadership, 1.2 Staff, 1.3 Services and 1.4" in page


def test_it_says_where_rounding_decides(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=31, yes={"2.1.1": 20})
    page = _page(one, signed_in, "lead-inspector").content.decode()
    assert "The band depends on rounding: exactly 64.52%, counted as 65%." in page


def test_the_total_appears_with_proposed_domain_one(judged: Judged, signed_in: Any) -> None:
    one = judged()
    for standard in ("1.1", "1.2", "1.3", "1.4"):
        one.propose(standard)
    assert "26 of 30" in _page(one, signed_in, "lead-inspector").content.decode()


def test_cases_still_open_are_counted_out(judged: Judged, signed_in: Any) -> None:
    one = judged(submitted=15)
    page = _page(one, signed_in, "data-team").content.decode()
    assert "can be issued once" in page
    one.sign()
    page = _page(one, signed_in, "data-team").content.decode()
    assert "15 of 20" in page
    assert "Why the ratings are issued without the missing cases" in page


def test_only_those_who_may_open_a_case_get_a_link_to_it(judged: Judged, signed_in: Any) -> None:
    one = judged()
    assert "/cases/" in _page(one, signed_in, "lead-inspector", "ratings/2.1.1/").content.decode()
    one.ready()
    one.open()
    page = _page(one, signed_in, "head-of-methodology", "ratings/2.1.1/").content.decode()
    assert "Case 20" in page
    assert f"/inspections/{one.inspection.public_id}/cases/" not in page


def test_panel_members_see_nothing_before_their_panel_is_open(judged: Judged, signed_in: Any) -> None:
    one = judged()
    page = _page(one, signed_in, "director-of-operations").content.decode()
    one.ready()
    assert "once the ratings panel is open" in page
    assert "65%" not in page
    assert _page(one, signed_in, "director-of-operations", "ratings/2.1.1/").status_code == 404
    changes = _page(one, signed_in, "director-of-operations", "verified-data/changes/").content.decode()
    assert "once the ratings panel is open" in changes
    assert "Version 1" not in changes
    one.open()
    assert "20 of 20 cases answered yes" in _page(one, signed_in, "director-of-operations").content.decode()


def test_the_data_team_issues_and_the_plan_and_the_trail_say_so(judged: Judged, signed_in: Any) -> None:
    one = judged()
    address = f"/inspections/{one.inspection.public_id}/ratings/issue/"
    assert signed_in(one["lead-inspector"]).post(address).status_code == 404
    assert "not verified yet" in signed_in(one["data-team"]).post(address).content.decode()
    one.sign()
    page = signed_in(one["data-team"]).post(address, follow=True).content.decode()
    assert "Issued by" in page
    assert one.inspection.events.get(event="indicative-ratings").done_by == one["data-team"]
    assert Entry.objects.filter(chain=one.inspection.chain, action="issue_indicative_ratings").count() == 1


def test_issuing_needs_every_case_or_a_reason(judged: Judged, signed_in: Any) -> None:
    one = judged(submitted=19)
    one.sign()
    address = f"/inspections/{one.inspection.public_id}/ratings/issue/"
    page = signed_in(one["data-team"]).post(address, {"reason": " "}).content.decode()
    open_cases = sum(1 for case in case_set(one.inspection).cases if not case.submitted)
    assert open_cases == 1
    assert "29 of 30 cases are submitted" in page
    signed_in(one["data-team"]).post(address, {"reason": "The file was lost"})
    assert one.inspection.indicative_issues.get().reason == "The file was lost"


def test_nothing_is_issued_twice_unless_an_answer_changed(judged: Judged, signed_in: Any) -> None:
    one = judged()
    one.issue()
    with pytest.raises(actions.CannotIssue, match="nothing has changed"):
        one.issue()
    Answer.objects.filter(assessment__case__number=1, field="2.1.1").update(value="no")
    assert "Answers changed after the ratings were issued" in _page(one, signed_in, "lead-inspector").content.decode()
    one.issue()
    assert one.inspection.indicative_issues.count() == 2


def test_nothing_submitted_is_nothing_to_issue(an_inspection: Any) -> None:
    team = an_inspection()
    with pytest.raises(actions.CannotIssue, match="No case is submitted"):
        actions.issue_indicative_ratings(inspection=team.inspection, by=team["data-team"])


@pytest.mark.parametrize("key_question", ["1.1.1", "9.9.9"])
def test_only_counted_key_questions_have_cases(judged: Judged, signed_in: Any, key_question: str) -> None:
    assert _page(judged(), signed_in, "lead-inspector", f"ratings/{key_question}/").status_code == 404


def test_a_case_that_is_still_open_leaves_the_issue_as_it_is(judged: Judged, signed_in: Any) -> None:
    one = judged(submitted=19)
    one.issue(reason="The last case waits for its file")
    Answer.objects.filter(assessment__case__number=20, field="2.1.1").update(value="na")
    assert "Answers changed" not in _page(one, signed_in, "lead-inspector").content.decode()
