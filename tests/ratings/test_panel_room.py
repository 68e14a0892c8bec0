"""Chapter 7.2: the agenda, precedents, connections, other views, minutes, what-if, and the signed document.

Seen to fail with a connected member counted to the quorum, with precedents at any percentage, and with the panel's own
document opened to the inspected body.
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import docx
import pytest
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.documents.models import Document
from inspectorate.documents.paper import Heading, Paper, Table, Text, paragraphs
from inspectorate.documents.pdf import as_pdf
from inspectorate.documents.word import as_word
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.standards import Rating
from inspectorate.programme.models import Membership
from inspectorate.ratings import actions, panel_room_actions
from inspectorate.ratings.decision_paper import fingerprint
from inspectorate.ratings.models import Decision, DecisionFile, PanelDecision, RatingView

Judged = Callable[..., Any]
CHAIR = "director-of-operations"


def _page(one: Any, signed_in: Any, role: str, name: str, *args: Any, **query: Any) -> str:
    answer = signed_in(one[role]).get(reverse(name, args=[one.inspection.public_id, *args]), query)
    assert answer.status_code == 200, f"{name}: {answer.status_code}"
    return answer.content.decode()


def _post(one: Any, signed_in: Any, role: str, name: str, *args: Any, **data: Any) -> str:
    address = reverse(name, args=[one.inspection.public_id, *args])
    return signed_in(one[role]).post(address, data, follow=True).content.decode()


def _in_session(judged: Judged, **options: Any) -> Any:
    one = judged(**options)
    one.ready()
    one.open()
    return one


def _use(one: Any, key_question: str, rating: Rating, reason: str) -> None:
    actions.use_discretion(
        inspection=one.inspection, key_question=key_question, rating=rating, reason=reason, by=one[CHAIR]
    )


def test_the_agenda_opens_with_what_can_be_contested(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 12, "2.2.1": 8})
    one.ready()
    note = one.note("1.3.1", weighs="against")
    panel_room_actions.weigh_evidence(
        inspection=one.inspection, note=note, validity="strong", source="strong", impact="strong", by=one[CHAIR]
    )
    one.open()
    page = _page(one, signed_in, "lead-inspector", "panel")
    contestable, rest = page.split("Not contestable")
    assert contestable.index("2.1.1 ") < contestable.index("1.3 ", contestable.index("Agenda"))
    assert "Good is proposed, and the evidence weighs against (2 for, 3 against)." in contestable
    assert "Standard 2.1" in contestable
    assert all(f"panel/{subject}/" in rest for subject in ("1.1", "2.2.1", "2.4.1"))


def test_evidence_is_weighed_by_three_marks_and_earlier_ones_stay(judged: Judged, signed_in: Any) -> None:
    one = judged(domain_two=2)
    note = one.note("1.1.1")
    weigh = ("weigh_evidence", "1.1", note.public_id)
    assert "Mark its impact" in _post(one, signed_in, "lead-inspector", *weigh, validity="strong", source="fair")
    for impact in ("strong", "weak"):
        _post(one, signed_in, "lead-inspector", *weigh, validity="strong", source="fair", impact=impact)
    assert [each.impact for each in note.weighings.all()] == ["strong", "weak"]
    page = _page(one, signed_in, "head-of-inspection", "propose", "1.1")
    assert "Validity strong, source fair, impact weak" in page
    assert "Weight 1 for and 0 against" in page
    other = reverse("weigh_evidence", args=[one.inspection.public_id, "1.2", note.public_id])
    assert signed_in(one["lead-inspector"]).get(other).status_code == 404
    assert signed_in(one["head-of-inspection"]).get(other).status_code == 404


def test_a_proposal_stands_beside_the_ratings_from_cases(judged: Judged, signed_in: Any) -> None:
    one = judged(yes={"2.1.1": 8, "2.2.1": 8, "2.3.1": 8, "2.4.1": 8})
    one.issue()
    one.propose("1.1", Rating.INADEQUATE)
    assert "Like at least one standard" in _page(one, signed_in, "lead-inspector", "propose", "1.1")
    page = _page(one, signed_in, "head-of-standards", "propose", "1.1")
    assert "Beside domains two and three" not in page, "before the panel the ratings are for lead and deputy"
    one.propose("1.2", Rating.OUTSTANDING)
    assert "Beside domains two and three" in _page(one, signed_in, "deputy-lead-inspector", "proposals")


def test_other_views_are_kept_with_whose_they_are(judged: Judged, signed_in: Any) -> None:
    one = _in_session(judged, yes={"2.1.1": 12})
    page = _post(one, signed_in, "deputy-lead-inspector", "record_view", "1.1", rating="good", text="As I see it")
    assert "Good is what stands" in page
    _post(one, signed_in, "deputy-lead-inspector", "record_view", "1.1", rating="outstanding", text="Every office")
    head = one["head-of-inspection"]
    _post(one, signed_in, CHAIR, "record_view", "2.1.1", rating="good", text="At the edge", holder=str(head.pk))
    assert list(RatingView.objects.values_list("subject", "rating", "holder__name")) == [
        ("1.1", "outstanding", one["deputy-lead-inspector"].name),
        ("2.1.1", "good", head.name),
    ]
    assert "Another view is Outstanding." in _page(one, signed_in, CHAIR, "panel_item", "1.1")
    assert "At the edge" in _page(one, signed_in, CHAIR, "panel_item", "2.1.1")
    question = reverse("record_view", args=[one.inspection.public_id, "2.1.1"])
    assert signed_in(one["deputy-lead-inspector"]).get(question).status_code == 404
    for subject in ("2.2.1", "9.9"):
        address = reverse("record_view", args=[one.inspection.public_id, subject])
        assert signed_in(one[CHAIR]).get(address).status_code == 404, subject


def test_who_has_a_connection_neither_counts_nor_decides(judged: Judged, signed_in: Any) -> None:
    one = _in_session(judged, domain_two=4)
    declare = ("declare_panel_connection",)
    _post(one, signed_in, "head-of-inspection", *declare, stands="yes", text="My sister leads a unit")
    page = _page(one, signed_in, "lead-inspector", "panel")
    assert "No quorum" in page
    assert "Connection declared" in page
    with pytest.raises(actions.NoQuorum, match="declared a connection with the inspected body and does not count"):
        one.accept("1.1")
    with pytest.raises(panel_room_actions.CannotRecord, match="takes no part"):
        panel_room_actions.record_view(
            inspection=one.inspection, subject="1.1", rating=Rating.INADEQUATE, text="So",
            holder=one["head-of-inspection"], by=one[CHAIR],
        )  # fmt: skip
    _post(one, signed_in, "head-of-inspection", *declare, stands="no", text="She left")
    one.accept("1.1")
    panel_room_actions.declare_panel_connection(
        inspection=one.inspection, member=one[CHAIR], stands=True, text="I led it once", by=one[CHAIR]
    )
    with pytest.raises(actions.NoQuorum, match="director of operations"):
        one.decide()
    assert PanelDecision.objects.count() == 1
    assert Entry.objects.filter(chain=one.inspection.chain, action="declare_panel_connection").count() == 3


def test_nobody_takes_two_seats_of_the_quorum(judged: Judged) -> None:
    one = _in_session(judged, domain_two=4)
    second = Membership.objects.create(user=one[CHAIR], role="head-of-inspection", side="inspectorate")
    held = [second, one[CHAIR].memberships.get(role=CHAIR), one["lead-inspector"].memberships.get()]
    with pytest.raises(actions.NotAPanelMember, match="takes one seat"):
        actions.record_attendance(inspection=one.inspection, members=held, by=one[CHAIR])


def test_precedents_are_locked_decisions_within_five_points(judged: Judged, signed_in: Any) -> None:
    near, open_one, far = (judged(yes={"2.1.1": yes}) for yes in (12, 12, 8))
    for one in (near, open_one, far):
        one.ready()
        one.open()
        one.accept()
    _use(near, "2.1.1", Rating.GOOD, "Others were alike")
    _use(open_one, "2.1.1", Rating.GOOD, "Not locked yet")
    for one in (near, far):
        one.decide()
    mine = _in_session(judged, yes={"2.1.1": 13})
    page = _page(mine, signed_in, "lead-inspector", "panel_item", "2.1.1")
    told = page.split("What other panels decided", 1)[1]
    assert "Others were alike" in told
    assert "60% of 20" in told
    assert "Not locked yet" not in told
    assert "40% of 20" not in told
    assert "This inspection: 65%, above 2 of 2 others." in told
    assert "Left as computed" not in told
    standard = _page(mine, signed_in, "lead-inspector", "panel_item", "1.1").split("What other panels decided", 1)[1]
    assert standard.count("Accepted as proposed") == 2


def test_a_key_question_may_be_left_as_computed_and_that_is_minuted(judged: Judged, signed_in: Any) -> None:
    one = _in_session(judged, yes={"2.1.1": 12})
    _use(one, "2.1.1", Rating.REQUIRES_IMPROVEMENT, "")
    assert "Decided on 2.1.1: Requires improvement, as computed" in _page(one, signed_in, CHAIR, "panel_minutes")


def test_answers_that_change_overtake_a_decision_on_a_key_question(judged: Judged, signed_in: Any) -> None:
    one = _in_session(judged, yes={"2.1.1": 12})
    one.accept()
    _use(one, "2.1.1", Rating.GOOD, "At the edge")
    Answer.objects.filter(field="2.1.1", assessment__case__number__lte=5).update(value="no")
    one.issue()
    assert "Decide again" in _page(one, signed_in, CHAIR, "panel")
    with pytest.raises(actions.CannotDecide, match=r"changed after the panel decided on 2\.1\.1"):
        one.decide()


def test_minutes_fall_with_who_was_there_and_are_corrected_beside(judged: Judged, signed_in: Any, at: Any) -> None:
    at(datetime(2019, 6, 27, 10))
    one = _in_session(judged, domain_two=4)
    at(datetime(2019, 6, 27, 10, 5))
    one.accept("1.1")
    at(datetime(2019, 6, 27, 10, 10))
    one.sit(CHAIR, "lead-inspector", "head-of-inspection", "head-of-standards")
    at(datetime(2019, 6, 27, 10, 20))
    one.accept("1.2")
    page = _page(one, signed_in, CHAIR, "panel_minutes")
    first, second = page.index("Decided on 1.1: Good, as proposed"), page.index("Decided on 1.2")
    assert page.index("The panel was opened") < first < second
    head = one["head-of-standards"].name
    assert head not in page[first : page.index("took a seat", first)].split("</li>")[0]
    assert head in page[second:].split("</li>")[0]
    entry = f"decision-{PanelDecision.objects.first().pk}"
    assert "correct_minutes" not in _page(one, signed_in, "lead-inspector", "panel_minutes")
    _post(one, signed_in, CHAIR, "panel_minutes", entry=entry, text="It was taken before the break")
    assert "It was taken before the break" in _page(one, signed_in, "lead-inspector", "panel_minutes")
    assert "Select a valid choice" in _post(one, signed_in, CHAIR, "panel_minutes", entry="decision-0", text="x")


def test_what_if_shows_what_follows_and_keeps_nothing(judged: Judged, signed_in: Any) -> None:
    one = _in_session(judged, yes={"2.1.1": 12})
    chosen = {"2.1.1": "good", "1.1": "outstanding", "1.2": "outstanding"}
    page = _page(one, signed_in, "head-of-inspection", "what_if", **chosen)
    assert "27 of 30" in page
    assert page.count("<strong>changed</strong>") == 3
    assert "Not possible" in _page(one, signed_in, CHAIR, "what_if", **{"2.1.1": "outstanding"})
    assert not PanelDecision.objects.exists()


def test_the_signed_document_holds_every_rating_and_the_body_gets_its_own(
    judged: Judged, signed_in: Any, at: Any
) -> None:
    at(datetime(2019, 6, 27, 10))
    one = _in_session(judged, yes={"2.1.1": 12})
    one.accept()
    _use(one, "2.1.1", Rating.GOOD, "At the edge \U0001f642 & <b> \x0b $x$ #read(1)")
    one.decide()
    decision = Decision.objects.get()
    signed = decision.result["signature"]
    assert (signed["name"], signed["digest"]) == (one[CHAIR].name, fingerprint(decision))
    decision.summary = "Another"
    assert fingerprint(decision) != signed["digest"]
    got = {role: _files(one, signed_in, role) for role in ("assistant-inspector", "senior-leader", "local-assessor")}
    assert set(got["assistant-inspector"]) == {"decision.docx", "decision.pdf", "agreed.docx", "agreed.pdf"}
    assert (got["senior-leader"], got["local-assessor"]) == ({}, {})
    at(decision.opens_at - timedelta(seconds=1))
    assert _files(one, signed_in, "senior-leader") == {}
    at(decision.opens_at)
    theirs = _files(one, signed_in, "senior-leader")
    assert set(theirs) == {"agreed.docx", "agreed.pdf"}
    whole, agreed = _said_in(got["assistant-inspector"]["decision.docx"]), _said_in(theirs["agreed.docx"])
    for standard, row in decision.result["standards"].items():
        label = Rating.from_slug(row["rating"]).label
        assert any(standard in line and label in line for line in whole), standard
        assert any(standard in line and label in line for line in agreed), standard
    assert any("2.1.1" in line and "60% (60.00%)" in line and "Good" in line for line in whole)
    assert any("At the edge \U0001f642 & <b>  $x$ #read(1)" in line for line in whole)
    assert any(signed["digest"] in line for line in whole)
    assert not any("At the edge" in line or "Signed" in line or "Minutes" in line for line in agreed)
    files = {file.document.digest for file in DecisionFile.objects.select_related("document")}
    assert len(files) == 4
    documents = Document.objects.filter(slot="decision")
    for role in ("lead-inspector", "senior-leader"):
        for document in documents:
            address = reverse("document", args=[one.inspection.public_id, document.public_id])
            assert signed_in(one[role]).get(address).status_code == 404


def _files(one: Any, signed_in: Any, role: str) -> dict[str, bytes]:
    client, found = signed_in(one[role]), {}
    for name in ("decision.docx", "decision.pdf", "agreed.docx", "agreed.pdf", "decision.txt", "agreed"):
        answer = client.get(reverse("decision_file", args=[one.inspection.public_id, name]))
        if answer.status_code == 200:
            found[name] = b"".join(answer.streaming_content)
    return found


def _said_in(content: bytes) -> list[str]:
    """Every paragraph and every row of a Word file."""
    document = docx.Document(io.BytesIO(content))
    rows = [" ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs] + rows


HARD = Paper(
    "Decision \U0001f642", "Somebody", datetime(2019, 6, 27, 10),
    (Heading("Ratings"), *paragraphs("One\nline\n\n- a\n- b\n\n\x0bLast"), Text('漢 #read("x") $y$ <z> \\u{1}'),
     Table("All", ("Standard", "Rating"), tuple((f"1.{n}", "Good") for n in range(50)), (3, 1))),
)  # fmt: skip


def test_any_text_makes_a_tagged_pdf_and_a_word_file_with_headings() -> None:
    pdf = as_pdf(HARD)
    assert pdf.startswith(b"%PDF-")
    assert [mark in pdf for mark in (b"/StructTreeRoot", b"pdfuaid", b"/Lang(en-GB)")] == [True, True, True]
    assert pdf == as_pdf(HARD), "the same paper is the same file"
    document = docx.Document(io.BytesIO(as_word(HARD)))
    assert [p.style.name for p in document.paragraphs][:4] == ["Title", "Heading 1", "Normal", "List Bullet"]
    assert (document.core_properties.title, document.core_properties.language) == ("Decision \U0001f642", "en-GB")
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert document.paragraphs[6].text == '漢 #read("x") $y$ <z> \\u{1}'
