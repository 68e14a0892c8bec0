"""Evidence in advance: given by the body, read by the lead, gaps and requests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.documents.models import Document
from inspectorate.planning import evidence_actions as evidence
from inspectorate.planning.models import EvidenceAssessment, EvidenceItem, EvidenceRequest

PDF = b"%PDF-1.7\nan invented plan\n%%EOF"


def page(team: Any, name: str, *more: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *more])


def form(name: str = "plan.pdf", content: bytes = PDF, **changes: Any) -> dict[str, Any]:
    return {"title": "Business plan", "covers": "2018 to 2019", "upload": SimpleUploadedFile(name, content)} | changes


@pytest.fixture
def team(an_inspection: Callable[..., Any]) -> Any:
    return an_inspection()


@pytest.fixture
def first(team: Any) -> str:
    return evidence.suggested(team.inspection)[0].id


@pytest.fixture
def given(team: Any, first: str, signed_in: Callable[..., Any]) -> EvidenceItem:
    signed_in(team["link-manager"]).post(page(team, "give_evidence", first), form())
    return EvidenceItem.objects.get()


def test_the_grid_says_what_is_given_and_that_nothing_is_compulsory(
    team: Any, given: EvidenceItem, first: str, signed_in: Callable[..., Any]
) -> None:
    staff = signed_in(team["body-staff"])
    staff.post(page(team, "give_evidence", first), form(title="Second document"))
    shown = staff.get(page(team, "evidence")).content.decode()
    assert "1 of 43" in shown
    assert "a guide, not compulsory" in shown
    assert "Second document" in shown
    assert "Business plan" in shown
    assert Entry.objects.filter(chain=team.inspection.chain, action="give_evidence").count() == 2


def test_the_lists_of_the_two_kinds_differ(an_inspection: Callable[..., Any], signed_in: Callable[..., Any]) -> None:
    nps = an_inspection("NPS")
    shown = signed_in(nps["link-manager"]).get(page(nps, "evidence")).content.decode()
    assert "0 of 40" in shown
    assert "Unpaid work" not in shown


def test_a_newer_version_takes_the_place_and_both_stay(
    team: Any, given: EvidenceItem, signed_in: Callable[..., Any]
) -> None:
    link = signed_in(team["link-manager"])
    link.post(page(team, "replace_evidence", given.public_id), form("plan 2.pdf", title="Newer plan"))
    shown = link.get(page(team, "evidence")).content.decode()
    assert "Newer plan" in shown
    assert "plan.pdf" not in shown
    newer = EvidenceItem.objects.get(title="Newer plan")
    assert (newer.replaces, newer.document.replaces) == (given, given.document)
    again = link.post(page(team, "replace_evidence", given.public_id), form())
    assert "A newer version was given meanwhile" in again.content.decode()
    assert EvidenceItem.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"upload": SimpleUploadedFile("plan.pdf", b"")}, "The file is empty"),
        ({"upload": SimpleUploadedFile("plan.exe", b"MZ")}, "must end in .pdf"),
        ({"upload": SimpleUploadedFile("plan.pdf", b"MZ\x90")}, "not a .pdf file"),
        ({"upload": ""}, "Choose a file"),
        ({"title": " "}, "Enter the name of the document"),
        ({"title": "x" * 201}, "at most 200"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(
    team: Any, first: str, signed_in: Callable[..., Any], changes: dict[str, Any], said: str
) -> None:
    answer = signed_in(team["link-manager"]).post(page(team, "give_evidence", first), form(**changes))
    assert said in answer.content.decode()
    assert not Document.objects.exists()


def test_an_item_that_is_not_on_the_list_is_not_found(team: Any, signed_in: Callable[..., Any]) -> None:
    assert signed_in(team["link-manager"]).post(page(team, "give_evidence", "nonsense"), form()).status_code == 404


def test_the_lead_reads_and_gaps_close(team: Any, given: EvidenceItem, signed_in: Callable[..., Any]) -> None:
    lead = signed_in(team["lead-inspector"])
    assert "15 of 15 key questions" in lead.get(page(team, "evidence_gaps")).content.decode()
    read = page(team, "assess_evidence", given.public_id)
    lead.post(read, {"key_question": "1.1.1", "finding": "partly", "note": "Thin on staff."})
    assert "answered in part only" in lead.get(page(team, "evidence_gaps")).content.decode()
    lead.post(read, {"key_question": "1.1.1", "finding": "meets", "note": ""})
    assert "14 of 15 key questions" in lead.get(page(team, "evidence_gaps")).content.decode()
    assert EvidenceAssessment.objects.count() == 2
    for wrong in ({"key_question": "2.1.1", "finding": "meets"}, {"key_question": "1.1.1", "finding": "well"}):
        assert "There is a problem" in lead.post(read, wrong).content.decode()
    assert EvidenceAssessment.objects.count() == 2


def test_the_body_never_sees_a_reading(team: Any, given: EvidenceItem, signed_in: Callable[..., Any]) -> None:
    evidence.assess(item=given, key_question="1.1.1", finding="gap", note="Thin on staff.", by=team["lead-inspector"])
    for role in ("link-manager", "body-staff", "senior-leader", "responsible-officer"):
        client = signed_in(team[role])
        for name in ("evidence", "letters", "project_plan", "planning_meeting"):
            assert "Thin on staff" not in client.get(page(team, name)).content.decode()
        for address in (
            page(team, "evidence_received"),
            page(team, "evidence_gaps"),
            page(team, "assess_evidence", given.public_id),
            page(team, "ask_for_evidence", "1.1.1"),
        ):
            assert client.get(address).status_code == 404, (role, address)


def test_a_request_is_seen_and_answered_by_the_body(team: Any, signed_in: Callable[..., Any]) -> None:
    lead, link = signed_in(team["lead-inspector"]), signed_in(team["link-manager"])
    lead.post(page(team, "ask_for_evidence", "1.2.1"), {"what": "Minutes of the staffing board"})
    asked = EvidenceRequest.objects.get()
    assert "Minutes of the staffing board" in link.get(page(team, "evidence")).content.decode()
    link.post(page(team, "answer_request", asked.pk), form(title="Board minutes"))
    assert "Answered with Board minutes" in link.get(page(team, "evidence")).content.decode()
    assert "answered with Board minutes" in lead.get(page(team, "evidence_gaps")).content.decode()
    assert lead.get(page(team, "ask_for_evidence", "2.1.1")).status_code == 404


def test_things_of_another_inspection_are_not_found(
    team: Any, given: EvidenceItem, an_inspection: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    other = an_inspection()
    request = evidence.ask_for_evidence(
        inspection=team.inspection, key_question="1.1.1", what="More", by=team["lead-inspector"]
    )
    link, lead = signed_in(other["link-manager"]), signed_in(other["lead-inspector"])
    assert link.get(page(other, "replace_evidence", given.public_id)).status_code == 404
    assert link.get(page(other, "answer_request", request.pk)).status_code == 404
    assert lead.get(page(other, "assess_evidence", given.public_id)).status_code == 404
    assert link.get(page(team, "evidence")).status_code == 404


def test_no_page_asks_the_database_more_than_eight_times(
    team: Any, first: str, signed_in: Callable[..., Any], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    link, lead = signed_in(team["link-manager"]), signed_in(team["lead-inspector"])
    for number in range(5):
        link.post(page(team, "give_evidence", first), form(title=f"Document {number}"))
        evidence.ask_for_evidence(
            inspection=team.inspection, key_question="1.1.1", what=f"More {number}", by=team["lead-inspector"]
        )
    for item in EvidenceItem.objects.all():
        evidence.assess(item=item, key_question="1.1.1", finding="partly", note="", by=team["lead-inspector"])
    addresses = [(link, "evidence"), (lead, "evidence_received"), (lead, "evidence_gaps"), (lead, "announce")]
    addresses += [(client, name) for client in (link, lead) for name in ("letters", "project_plan", "planning_meeting")]
    for client, name in addresses:
        with django_assert_max_num_queries(8):
            assert client.get(page(team, name)).status_code == 200
