"""How near the findings come: margins now and as cases drop out, what is still needed, sub-samples, and figure 2."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.fieldwork import drop_out_actions, precision
from inspectorate.fieldwork.models import Answer, Assessment
from inspectorate.methodology import sampling as rules
from inspectorate.programme import packs
from inspectorate.sampling import figure_2
from inspectorate.sampling.models import SampledCase
from tests.conftest import Team
from tests.fieldwork.conftest import Sample, final  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LOW, HIGH = ("North", "Harbour", "male", "low"), ("North", "Hill", "female", "high")


@pytest.fixture
def sample(final: Callable[..., Sample]) -> Sample:  # noqa: F811
    """110 cases out of 340, a third of them of low risk; 20 substitutes."""
    return final([LOW] * 40 + [HIGH] * 70, [HIGH] * 20, listed=210)


def address(sample: Sample, rest: str = "precision/") -> str:
    return f"/inspections/{sample.team.inspection.public_id}/samples/{rest}"


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def submit(sample: Sample, cases: list[SampledCase], answers: dict[str, str] | None = None) -> None:
    by = sample.team["assistant-inspector"]
    for case in cases:
        made = Assessment.objects.create(
            case=case, started_by=by, started_at=clock.now(), submitted_by=by, submitted_at=clock.now()
        )
        Answer.objects.bulk_create(
            Answer(assessment=made, field=name, value=value, version=1, by=by, at=clock.now())
            for name, value in (answers or {}).items()
        )


def drop(sample: Sample, case: SampledCase, decision: str = "not-replaced") -> None:
    found = drop_out_actions.report_drop_out(
        case=case, reason="transferred", note="x", by=sample.team["lead-inspector"]
    )
    drop_out_actions.decide_drop_out(
        drop_out=found, decision=decision, note="x", by=sample.team["deputy-lead-inspector"]
    )


def only(sample: Sample) -> precision.OnList:
    (found,) = precision.of_inspection(sample.team.inspection)
    return found


def test_the_margin_of_the_simple_formula_is_that_of_the_manual(sample: Sample) -> None:
    found = only(sample)
    assert found.all_judged is not None
    assert (found.population, found.covered, found.standing) == (340, 340, 110)
    assert found.all_judged.simple == pytest.approx(rules.margin_reached(110, 340, confidence=80).margin)
    assert found.planned == pytest.approx(found.all_judged.simple)


def test_the_gauge_goes_from_red_to_green_in_words(sample: Sample, signed_in: Browser) -> None:
    browser = signed_in(sample.team["deputy-lead-inspector"])
    needed = rules.sample_size(340, margin=5, confidence=80).size
    assert needed == 111
    page = text(browser.get(address(sample)))
    assert "Out of reach</strong> 111 cases hold 5 points at 80% confidence, and only 110 stand in the sample." in page
    assert "made for 5.03 points, so this margin could never be reached and cannot be claimed." in page
    assert "Within reach</strong> <strong>110 more cases have to be submitted</strong> to hold 5.03 points" in page
    drop(sample, sample.cases[0], "substituted")
    extra = sample.draw.cases.filter(substitute=True).last()
    SampledCase.objects.create(
        inspection=sample.team.inspection, case_list="domain-two", case=extra.case, number=200, file_read=True,
        at=clock.now(),
    )  # fmt: skip
    page = text(browser.get(address(sample)))
    assert "Within reach</strong> <strong>111 more cases have to be submitted</strong>" in page
    assert "111 are open, so 0 of them can drop out without a substitute." in page
    assert "dropped out 1; stepped in 2; submitted 0; still to be submitted 111." in page
    submit(sample, list(SampledCase.objects.exclude(pk=sample.cases[0].pk)))
    page = text(browser.get(address(sample)))
    assert "Held</strong> 111 cases are submitted and 111 hold 5 points at 80% confidence." in page


def test_the_home_of_the_inspection_says_what_the_margin_still_needs(
    sample: Sample, signed_in: Browser, at: Callable[[datetime], None], django_assert_max_num_queries: Any
) -> None:
    home = f"/inspections/{sample.team.inspection.public_id}/"
    at(datetime(2019, 6, 2, 10))  # noqa: DTZ001 (London time)
    deputy = sample.team["deputy-lead-inspector"]
    assert "What the margins still need" not in text(signed_in(deputy).get(home))
    at(datetime(2019, 6, 3, 10))  # noqa: DTZ001
    submit(sample, sample.cases[:40])
    browser = signed_in(deputy)
    with django_assert_max_num_queries(8):
        page = text(browser.get(home))
    assert "40 cases submitted, 70 open. <strong>70 more</strong> hold the margin of 5.03 points, so 0 cases" in page
    drop(sample, sample.cases[-1])
    assert "<strong>1 case too few</strong> for the margin of 5.03 points" in text(browser.get(home))
    for role in ("assistant-inspector", "link-manager"):
        assert "What the margins still need" not in text(signed_in(sample.team[role]).get(home))


def test_what_drops_out_widens_the_margin(sample: Sample) -> None:
    before = only(sample).all_judged
    for case in sample.cases[:10]:
        drop(sample, case)
    after = only(sample).all_judged
    assert before is not None
    assert after is not None
    assert (before.cases, after.cases) == (110, 100)
    assert after.simple > before.simple
    assert after.drift > before.drift


def test_the_form_shows_the_margin_if_so_many_drop_out(sample: Sample, signed_in: Browser) -> None:
    browser = signed_in(sample.team["administrator"])
    page = text(browser.get(address(sample), {"list": "domain-two", "out": "20"}))
    margin = rules.margin_reached(90, 340, confidence=80).margin
    assert f"If 20 more cases drop out and nobody steps in, 90 cases are left: <strong>{margin:.1f} points" in page
    assert "That is 21 cases too few for 5 points." in page
    page = text(browser.get(address(sample), {"list": "domain-two", "out": "110"}))
    assert "0 cases are left." in page


@pytest.mark.parametrize("out", ["-1", "111", "many", "1.5", ""])
def test_a_number_that_cannot_be_is_refused_in_words(out: str, sample: Sample, signed_in: Browser) -> None:
    page = text(signed_in(sample.team["administrator"]).get(address(sample), {"list": "domain-two", "out": out}))
    assert "There is a problem" in page
    assert "more cases drop out and nobody" not in page


def test_units_left_out_are_said_to_have_had_no_chance(sample: Sample, signed_in: Browser) -> None:
    sample.draw.units = [["North", "Harbour"]]
    sample.draw.save(update_fields=["units"])
    for case in sample.cases[40:]:
        case.delete() if not case.allocations.exists() else drop(sample, case)
    found = only(sample)
    assert (found.population, found.covered, found.standing) == (340, 250, 40)
    assert found.all_judged is not None
    assert found.all_judged.whole == pytest.approx((250 * found.all_judged.simple + 90 * 50) / 340)
    assert found.all_judged.clustered[-1].effect > 1
    page = text(signed_in(sample.team["head-of-methodology"]).get(address(sample)))
    assert "90 of 340 cases are in units that were left out and had no chance to be drawn." in page
    assert "Only some units were drawn from, so likeness makes the sample worse: for 0.05" in page


def test_a_key_question_that_leaves_low_risk_out_has_a_sub_sample_of_its_own(sample: Sample) -> None:
    submit(sample, sample.cases[:2], {"rosh_judged": "low", "2.1.1": "yes", "2.2.3": "yes"})
    submit(sample, sample.cases[40:45], {"rosh_judged": "high", "2.1.1": "no", "2.2.3": "yes"})
    submit(sample, sample.cases[45:46], {"rosh_judged": "high", "2.1.1": "na", "2.2.3": "na"})
    found = {one.question.id: one for one in only(sample).questions}
    whole, safe = found["2.1.1"], found["2.2.3"]
    assert (whole.listed, whole.expected, whole.judged) == (340, 110, 7)
    assert (safe.listed, safe.expected, safe.judged) == (90, 70, 5)
    assert safe.margin_expected == pytest.approx(rules.margin_reached(70, 90, confidence=80).margin)
    assert safe.margin_now == pytest.approx(rules.margin_reached(5, 90, confidence=80).margin)


def test_more_judged_in_a_sub_sample_than_the_list_foretells_claims_less_and_does_not_fail(
    final: Callable[..., Sample],  # noqa: F811
) -> None:
    sample = final([LOW] * 6 + [HIGH], [])
    submit(sample, sample.cases, {"rosh_judged": "high", "2.2.3": "yes"})
    safe = next(one for one in only(sample).questions if one.question.id == "2.2.3")
    assert (safe.listed, safe.judged) == (1, 7)
    assert safe.margin_now == pytest.approx(100 * 1.2816 * 0.5 / 7**0.5, rel=1e-3)


def test_the_victim_sub_sample_is_marked_and_claims_no_margin(
    final: Callable[..., Sample],  # noqa: F811
    signed_in: Browser,
) -> None:
    marked = {1: {"victim-contact": "yes"}, 2: {"victim-contact": "no"}}
    sample = final([LOW, LOW, HIGH], [], kind="NPS", listed=3, facts=marked)
    browser = signed_in(sample.team["lead-inspector"])
    assert "1 case of this sample is marked for victim work before and after release: no margin is claimed" in text(
        browser.get(address(sample))
    )
    cases = f"/inspections/{sample.team.inspection.public_id}/cases/"
    assert text(browser.get(cases)).count("Victim work</strong>") == 1
    page = text(browser.get(f"{cases}{sample.cases[0].public_id}/"))
    assert "a victim may have opted in to statutory contact" in page
    assert "a victim may have opted in" not in text(browser.get(f"{cases}{sample.cases[1].public_id}/"))


def test_only_the_nps_is_asked_for_victim_contact_on_the_domain_two_list() -> None:
    listed = next(one for one in _sampling().lists if one.id == "domain-two")
    assert "victim-contact" in {column.id for column in listed.for_kind("NPS").columns}
    assert "victim-contact" not in {column.id for column in listed.for_kind("CRC").columns}


def _sampling() -> rules.Sampling:
    return packs.current().sampling


def test_before_there_is_a_sample_the_page_says_so(an_inspection: Callable[..., Team], signed_in: Browser) -> None:
    team = an_inspection()
    page = signed_in(team["lead-inspector"]).get(f"/inspections/{team.inspection.public_id}/samples/precision/")
    assert "There is no final sample yet." in text(page)


@pytest.mark.parametrize("role", ["link-manager", "senior-leader", "assistant-inspector"])
def test_others_do_not_see_margins(role: str, sample: Sample, signed_in: Browser) -> None:
    browser = signed_in(sample.team[role])
    assert browser.get(address(sample)).status_code == 404
    home = browser.get(f"/inspections/{sample.team.inspection.public_id}/")
    assert "samples/precision/" not in text(home)


def test_the_page_asks_the_database_little(
    sample: Sample, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    submit(sample, sample.cases[:50], {"rosh_judged": "low", "2.1.1": "yes"})
    browser = signed_in(sample.team["lead-inspector"])
    browser.get(address(sample))
    with django_assert_max_num_queries(8):
        assert browser.get(address(sample)).status_code == 200


def test_figure_2_shows_every_row_with_the_population_that_it_implies(sample: Sample, signed_in: Browser) -> None:
    page = text(signed_in(sample.team["assistant-inspector"]).get(address(sample, "figure-2/")))
    for name in ("Norfolk &amp; Suffolk CRC", "London CRC", "North West"):
        assert name in page
    assert page.count("<tbody") == 6
    assert page.count('<th scope="row"') == 28 * 3
    least, most = rules.implied_population(84, margin=5, confidence=80)
    assert f"{least} to {most}" in page
    assert signed_in(sample.team["link-manager"]).get(address(sample, "figure-2/")).status_code == 404


def test_the_populations_of_figure_2_give_its_sizes_back() -> None:
    seen = 0
    for table in figure_2.tables(packs.current()):
        for row in table.rows:
            for case_list, one in zip(table.lists, row.lists, strict=True):
                assert rules.sample_size(one.least, margin=5, confidence=80).size == row.row.size_at_80(case_list.id)
                assert rules.sample_size(one.most or 10**9, margin=5, confidence=80).size == one.at_80
                assert one.chosen == row.row.size_for(case_list.id)
                assert one.nearest <= one.farthest
                seen += 1
    assert seen == 28 * 3
