"""Chapter 7.1c: domain one ratings are proposed from evidence; earlier proposals stay."""

from collections.abc import Callable
from typing import Any

import pytest

from inspectorate.audit.models import Entry
from inspectorate.methodology.standards import Rating
from inspectorate.ratings import actions
from inspectorate.ratings.models import Proposal

Judged = Callable[..., Any]


def _address(one: Any, standard: str = "1.1") -> str:
    return f"/inspections/{one.inspection.public_id}/proposals/{standard}/"


def test_the_lead_proposes_and_may_propose_anew(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=2)
    note = one.note("1.1.1")
    lead = signed_in(one["lead-inspector"])
    sent = {"rating": "good", "rationale": "A vision that staff know", "evidence": [str(note.public_id)]}
    lead.post(_address(one), sent)
    lead.post(_address(one), sent | {"rating": "outstanding", "rationale": "Looked at anew"})
    assert list(Proposal.objects.values_list("rating", flat=True)) == ["good", "outstanding"]
    page = lead.get(_address(one)).content.decode()
    assert "A vision that staff know" in page
    assert "replaced by a later proposal" in page
    assert Entry.objects.filter(chain=one.inspection.chain, action="propose_domain_one").count() == 2
    assert "Outstanding" in lead.get(f"/inspections/{one.inspection.public_id}/proposals/").content.decode()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("rationale", "Say why the evidence leads to this rating"),
        ("evidence", "Choose at least one piece of evidence"),
        ("rating", "Select the proposed rating"),
    ],
)
def test_a_proposal_needs_rating_rationale_and_evidence(
    judged: Judged, signed_in: Any, left_out: str, said: str
) -> None:
    one = judged(domain_two=2)
    sent: dict[str, Any] = {"rating": "good", "rationale": "Why", "evidence": [str(one.note("1.1.1").public_id)]}
    del sent[left_out]
    page = signed_in(one["lead-inspector"]).post(_address(one), sent).content.decode()
    assert "There is a problem" in page
    assert said in page
    assert not Proposal.objects.exists()


def test_evidence_on_another_standard_is_refused(judged: Judged) -> None:
    one = judged(domain_two=2)
    with pytest.raises(actions.CannotPropose, match=r"Choose evidence on standard 1\.1"):
        actions.propose_domain_one(
            inspection=one.inspection,
            standard="1.1",
            rating=Rating.GOOD,
            rationale="Why",
            evidence=[one.note("1.2.1")],
            by=one["lead-inspector"],
        )


def test_without_evidence_the_form_says_what_comes_first(judged: Judged, signed_in: Any) -> None:
    page = signed_in((one := judged(domain_two=2))["lead-inspector"]).get(_address(one)).content.decode()
    assert "Note a piece of evidence on this standard first" in page
    assert "1.1.1 Vision and strategy has no evidence" in page
    assert "Propose this rating" not in page


def test_one_kind_of_source_is_a_gap(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=2)
    one.note("1.1.1")
    page = signed_in(one["lead-inspector"]).get(_address(one)).content.decode()
    assert "1.1.1 Vision and strategy rests on one kind of source" in page


def test_only_the_lead_proposes(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=2)
    note = one.note("1.1.1")
    head = signed_in(one["head-of-inspection"])
    assert "Propose this rating" not in head.get(_address(one)).content.decode()
    sent = {"rating": "good", "rationale": "Why", "evidence": [str(note.public_id)]}
    assert head.post(_address(one), sent).status_code == 404


@pytest.mark.parametrize("standard", ["2.1", "9.9"])
def test_only_domain_one_is_proposed(judged: Judged, signed_in: Any, standard: str) -> None:
    one = judged(domain_two=2)
    assert signed_in(one["lead-inspector"]).get(_address(one, standard)).status_code == 404


def test_once_the_panel_is_open_proposals_stay(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=2)
    one.ready()
    one.open()
    with pytest.raises(actions.CannotPropose, match="panel is open"):
        one.propose("1.1")
    assert "stays as proposed" in signed_in(one["lead-inspector"]).get(_address(one)).content.decode()
