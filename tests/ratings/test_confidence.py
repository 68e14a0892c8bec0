"""Chapter 7.1: the page that says how sure the ratings are: who sees it, what it says, and how the cases were drawn."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from inspectorate.accounts.models import User
from inspectorate.fieldwork.models import Answer, Assessment
from inspectorate.methodology.fieldwork import Pair
from inspectorate.ratings import lens
from inspectorate.ratings.consolidation import case_set
from inspectorate.sampling.models import Draw, ListedCase, LongList, SampledCase
from tests.conftest import Team
from tests.fieldwork.twice import judged_twice, with_assistants
from tests.ratings.conftest import THEN, Inspected

Judged = Callable[..., Inspected]


def _page(one: Inspected, signed_in: Any, role: str) -> str:
    answer = signed_in(one[role]).get(f"/inspections/{one.inspection.public_id}/confidence/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def accept(one: Inspected, size: int = 200, units: list[list[str]] | None = None) -> None:
    """The domain two list is accepted as one of two units by half, with all that strata need, and drawn from."""
    found = one.inspection.long_lists.get(case_list="domain-two")
    strata = ["male", "community", "medium"]
    found.cells = [[["North", "Harbour"], strata, size // 2], [["South", "Moor"], strata, size // 2]]
    found.state, found.size = LongList.State.ACCEPTED, size
    found.save()
    facts = {"gender": "male", "sentence-type": "community-order", "rosh": "medium"}
    found.cases.update(facts=facts, unit_1="North", unit_2="Harbour")
    if units is None:
        ListedCase.objects.filter(long_list=found, row__gte=found.cases.count() // 2).update(
            unit_1="South", unit_2="Moor"
        )
    Draw.objects.create(
        long_list=found, size=found.cases.count(), substitutes=0, seed="", receipt={}, margins=[],
        units=units or [], by=one["administrator"], at=THEN,
    )  # fmt: skip


def test_the_lead_reads_how_sure_each_rating_is(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=40, yes={"2.1.1": 27})
    for standard in ("1.1", "1.2", "1.3", "1.4"):
        one.propose(standard)
    accept(one)
    page = _page(one, signed_in, "lead-inspector")
    assert "If other cases had been drawn, the overall rating would be Good again in" in page
    assert "This holds if domain one is rated as it stands now: 1.1 Good, 1.2 Good, 1.3 Good and 1.4 Good." in page
    assert "27 of 40" in page
    assert "2 fewer yes: Requires improvement; 5 more yes: Outstanding" in page
    assert "Whether another inspector would have answered the same." in page
    assert "No case is judged twice yet, so nothing can be said of how alike inspectors judge." in page
    assert "Alike where judged twice" not in page
    assert 'fill="url(#overall-p4)"/></svg>Good' in page, "a rating looks here as in every other picture"
    assert _page(one, signed_in, "deputy-lead-inspector").count("<svg") == page.count("<svg")


def test_what_calibration_found_stands_beside_it(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]], person: Callable[..., User],
    signed_in: Any, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    team = an_inspection("CRC")
    people = {f"i{at}": one for at, one in enumerate(with_assistants(team, person, 2))}
    answers = [("yes", "no") if at < 3 else ("yes", "yes") for at in range(12)]
    pairs = [Pair(f"{at}", "q0", "1", "i0", "i1", *two, group="domain-two") for at, two in enumerate(answers)]
    judged_twice(team, sampled(team, "domain-two", 12), people, pairs)
    address = f"/inspections/{team.inspection.public_id}/confidence/"
    deputy = signed_in(team["deputy-lead-inspector"])
    deputy.get("/")
    with django_assert_max_num_queries(8):
        page = " ".join(deputy.get(address).content.decode().split())
    assert "12 cases are judged twice. Two inspectors gave the same answer of yes or no 75% of the time" in page
    row = re.findall(r"2\.1\.1 .*?</tr>", page.split("Alike where judged twice")[1])[0]
    assert "9 of 12" in row
    told = signed_in(team["data-team"]).get(address).content.decode()
    assert "Whether another inspector would have answered the same." in told
    assert "judged twice" not in told


def test_it_is_reached_from_the_ratings_and_from_the_panel(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    here = f"/inspections/{one.inspection.public_id}"
    for page in ("ratings/", "panel/"):
        answer = signed_in(one["lead-inspector"]).get(f"{here}/{page}").content.decode()
        assert f'href="{here}/confidence/"' in answer, page


def test_without_domain_one_the_overall_rating_is_not_rated_yet(judged: Judged, signed_in: Any) -> None:
    page = _page(judged(), signed_in, "lead-inspector")
    assert "The overall rating is not rated yet" in page
    assert "There is no overall rating without: 1.1 Leadership, 1.2 Staff" in page
    assert "The standards that are rated from cases give 18 points; in 80 of 100 draws they give" in page


def test_a_standard_without_cases_is_said_to_be_not_rated(judged: Judged, signed_in: Any) -> None:
    one = judged()
    Assessment.objects.filter(case__case_list="unpaid-work").update(submitted_at=None)
    page = _page(one, signed_in, "lead-inspector")
    assert "It is not rated: no submitted case counts for any of its key questions." in page
    assert "25 of 30 cases are submitted" in page
    Assessment.objects.update(submitted_at=None)
    assert "No case is submitted yet" in _page(one, signed_in, "lead-inspector")


def test_the_panel_sees_it_once_it_sits(judged: Judged, signed_in: Any) -> None:
    one = judged()
    one.ready()
    assert "If other cases had been drawn" not in _page(one, signed_in, "director-of-operations")
    one.open()
    assert "If other cases had been drawn" in _page(one, signed_in, "director-of-operations")


def test_the_cases_carry_their_units_and_strata_and_the_list_its_size(judged: Judged) -> None:
    one = judged()
    accept(one)
    found = {each.case_list: each for each in lens.drawn_lists(one.inspection, case_set(one.inspection))}
    two = found["domain-two"]
    assert (two.population, two.units_left_out, len(two.cases)) == (200, 0, 20)
    assert {case.units for case in two.cases} == {("North", "Harbour"), ("South", "Moor")}
    assert {case.strata for case in two.cases} == {("male", "community", "medium")}
    assert found["unpaid-work"].population is None


def test_units_left_out_are_named_as_what_is_not_covered(judged: Judged, signed_in: Any) -> None:
    one = judged()
    accept(one, units=[["North", "Harbour"]])
    two = next(each for each in lens.drawn_lists(one.inspection, case_set(one.inspection)) if each.cells)
    assert two.units_left_out == 1
    page = _page(one, signed_in, "lead-inspector")
    assert "1 unit was left out of the draw" in page
    assert "How many cases there were to draw from is not known for every list." in page


def test_a_case_that_the_list_does_not_know_leaves_the_list_as_a_whole(judged: Judged) -> None:
    one = judged()
    accept(one)
    ListedCase.objects.filter(long_list__case_list="domain-two", row=0).update(unit_2="Elsewhere")
    two = next(each for each in lens.drawn_lists(one.inspection, case_set(one.inspection)) if each.cells)
    assert two.cells == (((), (), 200),)


def test_a_changed_answer_is_not_told_from_what_was_kept(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=40, yes={"2.1.1": 27})
    assert "27 of 40" in _page(one, signed_in, "lead-inspector")
    Answer.objects.filter(assessment__case__number=1, field="2.1.1").update(value="no")
    page = _page(one, signed_in, "lead-inspector")
    assert "26 of 40" in page
    assert "27 of 40" not in page


@pytest.mark.parametrize("role", ["lead-inspector", "director-of-operations"])
def test_it_takes_few_queries(judged: Judged, signed_in: Any, django_assert_max_num_queries: Any, role: str) -> None:
    one = judged(domain_two=120, yes={"2.1.1": 74})
    one.issue()
    client = signed_in(one[role])
    with django_assert_max_num_queries(8):
        assert client.get(f"/inspections/{one.inspection.public_id}/confidence/").status_code == 200


@pytest.mark.parametrize(
    "role", ["senior-leader", "link-manager", "body-staff", "assistant-inspector", "administrator"]
)
def test_nobody_else_sees_it(judged: Judged, signed_in: Any, role: str) -> None:
    one = judged(domain_two=4)
    one.issue()
    assert signed_in(one[role]).get(f"/inspections/{one.inspection.public_id}/confidence/").status_code == 404
