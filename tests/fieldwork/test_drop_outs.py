"""Cases that should have been excluded: said with a reason, decided by the deputy, and the substitute that steps in."""

import json
from collections.abc import Callable
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.documents.spreadsheets import read_table
from inspectorate.fieldwork import actions as fieldwork
from inspectorate.fieldwork import drop_out_actions as actions
from inspectorate.fieldwork.models import Answer, Assessment
from inspectorate.programme import packs
from inspectorate.ratings.consolidation import case_set
from inspectorate.sampling.cells import written
from inspectorate.sampling.models import DropOut, Exclusion, SampledCase
from inspectorate.scheduling import actions as scheduling
from inspectorate.scheduling.models import Allocation
from tests.fieldwork.conftest import Sample
from tests.fieldwork.test_cases import judge_all

pytestmark = pytest.mark.django_db

NORTH, SOUTH = ("North", "Harbour", "male", "low"), ("South", "Mill", "female", "high")
HILL = ("North", "Hill", "male", "low")
Browser = Callable[[User], Client]


@pytest.fixture
def sample(final: Callable[..., Sample]) -> Sample:
    """Four cases and, in this order, substitutes from another unit, from the same, and unlike in gender and RoSH."""
    return final([NORTH, NORTH, SOUTH, SOUTH], [HILL, NORTH, SOUTH])


def report(case: SampledCase, by: User, reason: str = "transferred") -> DropOut:
    return actions.report_drop_out(case=case, reason=reason, note="The officer was told.", by=by)


def decide(sample: Sample, drop_out: DropOut, decision: str, **more: Any) -> Any:
    return actions.decide_drop_out(
        drop_out=drop_out, decision=decision, note="Agreed.", by=sample.team["deputy-lead-inspector"], **more
    )


def at_case(case: SampledCase, rest: str = "") -> str:
    return f"/inspections/{case.inspection.public_id}/cases/{case.public_id}/{rest}"


def at_drop_outs(sample: Sample, drop_out: DropOut | None = None) -> str:
    return f"/inspections/{sample.team.inspection.public_id}/drop-outs/" + (
        f"{drop_out.public_id}/" if drop_out else ""
    )


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def test_from_the_inspectors_word_to_the_file_read_of_the_substitute(sample: Sample, signed_in: Browser) -> None:
    inspector, deputy = signed_in(sample.team["assistant-inspector"]), signed_in(sample.team["deputy-lead-inspector"])
    case = sample.cases[0]
    assert "This case should have been excluded" in text(inspector.get(at_case(case)))
    said = {"reason": "transferred", "note": "Moved to another area in March. The officer knows."}
    page = text(inspector.post(at_case(case, "drop-out/"), said, follow=True))
    assert "The deputy lead inspector decides now what becomes of the case." in page
    assert "that this case should have been excluded: Transferred to or from another NPS division or CRC." in page

    page = text(deputy.get(at_drop_outs(sample)))
    assert "Domain two: case supervision, case 1" in page
    found = DropOut.objects.get()
    page = text(deputy.get(at_drop_outs(sample, found)))
    assert "Moved to another area in March." in page
    assert "Substitute 2 in the order of the draw, X006, North, Harbour." in page
    assert "alike in every group, from the same unit. 3 substitutes are left on this list." in page
    sent = {
        "decision": "substituted",
        "note": "Time is left.",
        "seen": sample.draw.cases.get(case__reference="X006").pk,
    }
    page = text(deputy.post(at_drop_outs(sample, found), sent, follow=True))
    assert "Case 5 steps in as a file read. Assistant inspector inspects it in fieldwork week 2." in page
    assert "Another case takes its place" in page

    stepped = SampledCase.objects.get(number=5)
    assert (stepped.file_read, stepped.in_place_of, stepped.case.reference) == (True, case.case, "X006")
    page = text(inspector.get(at_case(stepped)))
    assert (
        "Inspected as a file read, in place of case 1; telephone talk with the responsible officer where possible"
        in page
    )
    page = text(inspector.get(f"/inspections/{sample.team.inspection.public_id}/cases/"))
    assert "File read" in page
    assert "Left the sample" in page
    assert "(0 of 4 submitted)" in page
    final = f"/inspections/{sample.team.inspection.public_id}/samples/draws/{sample.draw.public_id}/final/"
    page = text(deputy.get(final))
    assert "In fieldwork 1 case left it and 1 case stepped in, inspected as file reads" in page
    assert "4 cases" in page
    assert "5 cases" not in page
    assert page.count("Left in fieldwork") == page.count("Stepped in<") == 1
    page = text(signed_in(sample.team["link-manager"]).get(final))
    assert "Cases to be inspected" in page
    assert "In fieldwork" not in page
    assert list(Entry.objects.filter(action__contains="drop_out").values_list("action", flat=True)) == [
        "report_drop_out",
        "decide_drop_out",
    ]


def test_a_case_that_left_counts_nowhere_and_its_answers_can_be_read_and_not_changed(
    sample: Sample, signed_in: Browser
) -> None:
    inspector, by = signed_in(sample.team["assistant-inspector"]), sample.team["assistant-inspector"]
    case = sample.cases[0]
    judge_all(case, by)
    fieldwork.submit_case(case=case, by=by)
    assert case_set(sample.team.inspection).so_far()["domain-two"] == (1, 4)
    decide(sample, report(case, by), "not-replaced")
    assert case_set(sample.team.inspection).so_far()["domain-two"] == (0, 3)
    page = text(inspector.get(at_case(case)))
    assert "It has left the sample: Deputy lead inspector" in page
    assert "Its answers stay on record and change no more." in page
    assert "This case should have been excluded</a>" not in page
    assert "Submit the case" not in page
    assert Answer.objects.filter(assessment__case=case).count() > 10
    sent = json.dumps({"field": "2.1.1", "value": "no", "version": 1})
    assert inspector.post(at_case(case, "save/"), sent, content_type="application/json").status_code == 423
    assert "1 case" not in text(
        signed_in(sample.team["administrator"]).get(f"/inspections/{sample.team.inspection.public_id}/allocation/")
    )
    with pytest.raises(scheduling.NothingToAllocate):
        scheduling.allocate_cases(inspection=sample.team.inspection, by=sample.team["administrator"])


def test_the_last_open_case_that_is_not_replaced_ends_the_case_inspections(sample: Sample) -> None:
    by = sample.team["assistant-inspector"]
    for case in sample.cases[1:]:
        judge_all(case, by)
        fieldwork.submit_case(case=case, by=by)
    assert sample.team.inspection.events.get(event="cases-week-2").done_at is None
    decide(sample, report(sample.cases[0], by), "not-replaced")
    assert sample.team.inspection.events.get(event="cases-week-2").done_at


def test_a_case_that_is_kept_goes_on_as_before_and_can_be_named_again(sample: Sample, signed_in: Browser) -> None:
    by, case = sample.team["assistant-inspector"], sample.cases[0]
    decide(sample, report(case, by), "kept")
    page = text(signed_in(by).get(at_case(case)))
    assert "that it stays in the sample" in page
    assert "Submit the case" in page
    assert case.allocations.get().ended_at is None
    report(case, by, "no-requirements")
    assert DropOut.objects.filter(decision="").count() == 1


def test_substitutes_step_in_from_the_nearest_cell_and_never_twice(sample: Sample) -> None:
    by = sample.team["assistant-inspector"]
    stepped = [decide(sample, report(case, by), "substituted")[0].substitute for case in sample.cases[:2]]
    assert [one.case.reference for one in stepped] == ["X006", "X005"]
    third = decide(sample, report(sample.cases[2], by), "substituted")[0].substitute
    assert third.case.reference == "X007"
    waiting = report(sample.cases[3], by)
    with pytest.raises(actions.NoSubstitute, match="No substitute is left"):
        decide(sample, waiting, "substituted")
    again = report(stepped[0], sample.team["lead-inspector"])
    assert decide(sample, again, "not-replaced")[0].decision == "not-replaced"
    assert [one.number for one in stepped] == [5, 6]


def test_the_page_says_in_what_the_substitute_differs_and_offers_none_where_none_is_left(
    final: Callable[..., Sample], signed_in: Browser
) -> None:
    sample = final([NORTH, NORTH, NORTH], [HILL, SOUTH])
    by, deputy = sample.team["assistant-inspector"], signed_in(sample.team["deputy-lead-inspector"])
    first = report(sample.cases[0], by)
    assert "alike in every group, from another unit of the same tier 1 unit" in text(
        deputy.get(at_drop_outs(sample, first))
    )
    decide(sample, first, "substituted")
    second = report(sample.cases[1], by)
    page = text(deputy.get(at_drop_outs(sample, second)))
    assert "this one differs in gender and risk of serious harm, from another tier 1 unit. 1 substitute is left" in page
    decide(sample, second, "substituted")
    third = report(sample.cases[2], by)
    page = text(deputy.get(at_drop_outs(sample, third)))
    assert "No substitute is left on this list." in page
    assert "The substitute takes its place" not in page


def test_an_excluded_substitute_never_steps_in(sample: Sample) -> None:
    marked = sample.draw.cases.get(case__reference="X006")
    Exclusion.objects.create(drawn=marked, reason="transferred", by=sample.team["link-manager"], at=sample.draw.at)
    chosen = decide(sample, report(sample.cases[0], sample.team["assistant-inspector"]), "substituted")[0].substitute
    assert chosen.case.reference == "X005"


def test_a_declared_connection_leaves_the_substitute_without_an_inspector_and_the_administrator_sees_it(
    sample: Sample, signed_in: Browser
) -> None:
    by = sample.team["assistant-inspector"]
    scheduling.declare_connection(
        inspection=sample.team.inspection, inspector=by, what="officer", name="Officer 6", by=by
    )
    deputy = signed_in(sample.team["deputy-lead-inspector"])
    found = report(sample.cases[0], by)
    page = text(deputy.post(at_drop_outs(sample, found), {"decision": "substituted", "note": "x"}, follow=True))
    assert "It waits for an inspector: the inspector has a connection with the officer Officer 6." in page
    assert not Allocation.objects.filter(case__number=5).exists()
    administrator = signed_in(sample.team["administrator"])
    assert "Waits for an inspector" in text(administrator.get(at_drop_outs(sample)))
    assert "1 case without an inspector" in text(
        administrator.get(f"/inspections/{sample.team.inspection.public_id}/allocation/")
    )
    assert "1 case that stepped in, without an inspector" in text(administrator.get("/"))


def test_my_work_tells_the_deputy_of_decisions_that_wait(sample: Sample, signed_in: Browser) -> None:
    deputy = signed_in(sample.team["deputy-lead-inspector"])
    assert "to be decided" not in text(deputy.get("/"))
    report(sample.cases[0], sample.team["assistant-inspector"])
    assert "1 case that should have been excluded, to be decided" in text(deputy.get("/"))
    assert "to be decided" not in text(signed_in(sample.team["assistant-inspector"]).get("/"))


def test_a_substitute_that_stepped_in_elsewhere_meanwhile_is_not_taken_unseen(
    sample: Sample, signed_in: Browser
) -> None:
    by, deputy = sample.team["assistant-inspector"], signed_in(sample.team["deputy-lead-inspector"])
    first, second = report(sample.cases[0], by), report(sample.cases[1], by)
    seen = sample.draw.cases.get(case__reference="X006").pk
    decide(sample, first, "substituted", seen=seen)
    answer = deputy.post(at_drop_outs(sample, second), {"decision": "substituted", "note": "x", "seen": seen})
    assert "The substitute that you saw has stepped in elsewhere." in text(answer)
    assert "X005" in text(answer)
    now = sample.draw.cases.get(case__reference="X005").pk
    assert f'name="seen" value="{now}"' in text(answer)
    deputy.post(at_drop_outs(sample, second), {"decision": "substituted", "note": "x", "seen": now})
    assert DropOut.objects.get(pk=second.pk).substitute.case.reference == "X005"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"reason": "", "note": "x"}, "Select"),
        ({"reason": "not-released-as-expected", "note": "x"}, "Select a valid choice"),
        ({"reason": "transferred", "note": "  "}, "Enter"),
        ({"reason": "transferred", "note": "x" * 2001}, "2000"),
    ],
)
def test_what_is_missing_or_of_another_list_is_refused_in_words(
    sent: dict[str, str], says: str, sample: Sample, signed_in: Browser
) -> None:
    answer = signed_in(sample.team["assistant-inspector"]).post(at_case(sample.cases[0], "drop-out/"), sent)
    assert answer.status_code == 200
    assert says in text(answer)
    assert not DropOut.objects.exists()


def test_only_its_inspector_and_those_who_decide_name_a_case(sample: Sample, signed_in: Browser) -> None:
    other = sample.team["hm-inspector"]
    assert signed_in(other).get(at_case(sample.cases[0], "drop-out/")).status_code == 404
    with pytest.raises(fieldwork.NotAllocated):
        report(sample.cases[0], other)
    report(sample.cases[0], sample.team["lead-inspector"])
    with pytest.raises(actions.AlreadyReported):
        report(sample.cases[0], sample.team["deputy-lead-inspector"])


def test_a_decision_is_taken_once(sample: Sample) -> None:
    found = report(sample.cases[0], sample.team["assistant-inspector"])
    decide(sample, found, "substituted")
    with pytest.raises(actions.AlreadyDecided, match="another case takes its place"):
        decide(sample, found, "kept")
    assert SampledCase.objects.count() == 5


def test_after_the_decision_the_page_shows_it_and_no_form(sample: Sample, signed_in: Browser) -> None:
    found = report(sample.cases[0], sample.team["assistant-inspector"])
    decide(sample, found, "kept")
    page = text(signed_in(sample.team["lead-inspector"]).get(at_drop_outs(sample, found)))
    assert "It stays in the sample: Deputy lead inspector" in page
    assert "Who would step in" not in page


@pytest.mark.parametrize("page", ["cases/", "drop-outs/", "case", "decide"])
def test_the_pages_ask_the_database_little(
    page: str, sample: Sample, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    by = sample.team["assistant-inspector"]
    decide(sample, report(sample.cases[1], by), "substituted")
    found = report(sample.cases[0], by)
    judge_all(sample.cases[0], by)
    paths = {"case": at_case(sample.cases[0]), "decide": at_drop_outs(sample, found)}
    browser = signed_in(sample.team["deputy-lead-inspector"])
    path = paths.get(page, f"/inspections/{sample.team.inspection.public_id}/{page}")
    browser.get(path)
    with django_assert_max_num_queries(8):
        assert browser.get(path).status_code == 200


def test_the_list_of_the_week_shows_which_cases_were_inspected_and_which_left(
    sample: Sample, signed_in: Browser
) -> None:
    by = sample.team["assistant-inspector"]
    judge_all(sample.cases[1], by)
    fieldwork.submit_case(case=sample.cases[1], by=by)
    decide(sample, report(sample.cases[0], by), "substituted")
    path = f"/inspections/{sample.team.inspection.public_id}/cases/domain-two/inspected/"
    browser = signed_in(sample.team["administrator"])
    head, *rows = sheet(browser.get(path))
    assert head[:6] == ["Case", "Inspected", "Fieldwork week", "Submitted on", "Remark", "Case reference"]
    assert [row[:3] for row in rows] == [
        ["1", "Left", ""], ["2", "Yes", "1"], ["3", "No", ""], ["4", "No", ""], ["5", "No", ""],
    ]  # fmt: skip
    assert rows[0][4] == "Should have been excluded: Transferred to or from another NPS division or CRC"
    assert rows[4][4:6] == ["File read, stepped in during fieldwork", "X006"]
    assert "Case reference" not in sheet(signed_in(sample.team["data-team"]).get(path))[0]
    assert signed_in(sample.team["link-manager"]).get(path).status_code == 404
    assert browser.get(path.replace("domain-two", "no-list")).status_code == 404


def sheet(answer: HttpResponse) -> list[list[str]]:
    """The cells of a workbook that was answered, as text."""
    with NamedTemporaryFile(suffix=".xlsx") as kept:
        kept.write(answer.content)
        kept.flush()
        return [["" if cell is None else written(cell) for cell in row] for row in read_table(kept.name).sheets[0].rows]


def test_every_exclusion_that_only_fieldwork_shows_is_in_the_pack_with_its_paragraph() -> None:
    """Manual 6.1d to 6.1h, list by list; what the list itself was to leave out can be found in fieldwork as well."""
    found = {
        one.id: {(reason.id, reason.manual) for reason in one.exclusions if reason.stage == "fieldwork"}
        for one in packs.current().sampling.lists
    }
    assert found == {
        "domain-two": set(),
        "court-reports": {
            ("report-type-differs", "6.1d"),
            ("no-allocation-needed", "6.1d"),
            ("sentenced-elsewhere", "6.1d"),
        },
        "victim-work": {("no-identifiable-victim", "6.1e"), ("discretionary-contact", "6.1e")},
        "unpaid-work": {("unavailable-six-weeks", "6.1g")},
        "through-the-gate": {
            ("not-released-as-expected", "6.1h"),
            ("released-to-another-crc", "6.1h"),
            ("released-to-other-nps", "6.1h"),
        },
    }


def test_a_reason_of_wales_is_offered_in_wales_only(sample: Sample) -> None:
    inspection = sample.team.inspection
    offered = {one.id for one in actions.reasons(inspection, "domain-two")}
    inspection.nation = "wales"
    assert {one.id for one in actions.reasons(inspection, "domain-two")} - offered == {"child-practice-review"}


def test_an_assessment_that_was_never_begun_is_not_made_by_dropping_out(sample: Sample) -> None:
    decide(sample, report(sample.cases[0], sample.team["assistant-inspector"]), "not-replaced")
    assert not Assessment.objects.exists()
