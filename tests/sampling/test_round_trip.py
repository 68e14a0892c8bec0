"""Chapter 4.4, stages 3 and 4: a provisional sample to the body and back, and its exclusions answered."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.documents.models import Document
from inspectorate.documents.spreadsheets import Column, WrittenSheet, read_table, write_workbook
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import (
    Draw,
    Exclusion,
    ExclusionAnswer,
    LimitedReader,
    ListedCase,
    OfficerAway,
    SampledCase,
)
from tests.sampling.conftest import as_csv, specification, table
from tests.sampling.test_lists_pages import address, text

Client_of = Callable[[Any], Client]
PLAIN, NEEDS_NOTE = "stand-alone-requirements", "transferred"
PDF = b"%PDF-1.4 a letter"


def reason_text(reason: str) -> str:
    return next(one.text for one in specification().exclusions if one.id == reason)


@pytest.fixture
def sheet(team: Any, signed_in: Client_of, tmp_path: Path) -> Callable[[Draw], dict[str, list[list[Any]]]]:
    """`sheet(draw)` is the downloaded workbook: under the name of each sheet its rows, to be filled in."""

    def downloaded(draw: Draw) -> dict[str, list[list[Any]]]:
        kept = tmp_path / "sheet.xlsx"
        kept.write_bytes(
            signed_in(team["link-manager"]).get(address(team, "exclusion_workbook", draw.public_id)).content
        )
        return {
            one.name: [[*row, *[None] * (8 - len(row))] for row in one.rows]
            for one in read_table(kept).sheets
            if not one.hidden
        }

    return downloaded


def filled(sheets: dict[str, list[list[Any]]]) -> SimpleUploadedFile:
    target = io.BytesIO()
    pages = [
        WrittenSheet(name, tuple(Column(str(one)) for one in rows[0] if one is not None), rows[1:])
        for name, rows in sheets.items()
    ]
    write_workbook(target, pages)
    return SimpleUploadedFile("returned.xlsx", target.getvalue())


def put(rows: list[list[Any]], reference: str, column: str, value: Any) -> None:
    row = next(one for one in rows if one[0] == reference)
    row[rows[0].index(column)] = value


def give(client: Client, team: Any, draw: Draw, upload: SimpleUploadedFile) -> Any:
    return client.post(address(team, "exclusion_sheet", draw.public_id), {"upload": upload}, follow=True)


def use(client: Client, answer: Any) -> Any:
    seen = text(answer).split('name="seen" value="')[1].split('"')[0]
    return client.post(answer.redirect_chain[-1][0], {"seen": seen}, follow=True)


def standing(draw: Draw) -> dict[str, tuple[str, str]]:
    rows = {row.pk: row.case.reference for row in samples.rows_of(draw)}
    return {rows[pk]: (mark.reason, mark.note) for pk, mark in samples.marks_of(draw).items()}


def references(draw: Draw, *, substitute: bool = False) -> list[str]:
    return [row.case.reference for row in samples.rows_of(draw) if row.substitute is substitute]


def marked_and_returned(team: Any, draw: Draw, marks: dict[str, tuple[str, str]]) -> None:
    actions.mark_exclusions(draw=draw, marks=marks, by=team["link-manager"])
    actions.return_sample(draw=draw, by=team["link-manager"])


def refuse(draw: Draw, reference: str, why: str, by: Any) -> None:
    mark = Exclusion.objects.filter(drawn__draw=draw, drawn__case__reference=reference).last()
    assert mark is not None
    actions.answer_exclusions(draw=draw, answers={mark.pk: (False, why)}, by=by)


def test_the_sheet_holds_every_drawn_case_by_unit_and_does_not_tell_substitutes(
    drawn: Callable[..., Draw], sheet: Callable[..., Any]
) -> None:
    draw = drawn(12, 8)
    sheets = sheet(draw)
    assert list(sheets) == ["Exclusions", "Officers away", "How to fill this in"]
    head, *rows = sheets["Exclusions"]
    assert head[:8] == [
        "Case reference", "Name", "Date of birth", "Tier 1 unit", "Tier 2 unit", "Excluded because", "Note", None,
    ]  # fmt: skip
    assert sorted(row[0] for row in rows) == sorted(references(draw) + references(draw, substitute=True))
    assert [tuple(row[3:5]) for row in rows] == sorted(tuple(row[3:5]) for row in rows)
    assert "ubstitute" not in str(sheets)
    assert [row[0] for row in sheets["Officers away"][1:]] == [f"Responsible officer {number}" for number in range(3)]
    assert "Fieldwork is Monday 3 June to Friday 21 June 2019." in str(sheets["How to fill this in"])
    assert "child practice review" not in str(sheets)


def test_the_reasons_are_offered_as_a_list_in_the_cell(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, tmp_path: Path
) -> None:
    content = signed_in(team["link-manager"]).get(address(team, "exclusion_workbook", drawn().public_id)).content
    kept = tmp_path / "sheet.xlsx"
    kept.write_bytes(content)
    offered = [one for one in read_table(kept).sheets if one.hidden]
    assert [row[0] for row in offered[0].rows if row[0]] == [
        reason.text for reason in specification().exclusions if not reason.nations
    ]


def test_a_sheet_is_looked_at_and_then_used(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    gone, other = references(draw)[:2]
    actions.mark_exclusions(draw=draw, marks={other: (PLAIN, "")}, by=team["link-manager"])
    sheets = sheet(draw)
    put(sheets["Exclusions"], gone, "Excluded because", reason_text(NEEDS_NOTE).upper())
    put(sheets["Exclusions"], gone, "Note", "To Kent, 3 May")
    put(sheets["Exclusions"], other, "Excluded because", None)
    sheets["Officers away"][1][1:4] = [date(2019, 6, 4), "05/06/2019", "Training"]
    answer = give(body, team, draw, filled(sheets))
    page = text(answer)
    assert "What the sheet would change" in page
    assert "2 marks would change and 18 would stay." in page
    assert "4 Jun 2019 to 5 Jun 2019" in page
    assert standing(draw) == {other: (PLAIN, "")}
    assert OfficerAway.objects.count() == 0
    assert "The marks of the sheet are used." in text(use(body, answer))
    assert standing(draw) == {gone: (NEEDS_NOTE, "To Kent, 3 May")}
    away = OfficerAway.objects.get()
    assert (away.officer, away.first_day, away.last_day, away.note) == (
        "Responsible officer 0", date(2019, 6, 4), date(2019, 6, 5), "Training",
    )  # fmt: skip
    assert Document.objects.filter(slot="exclusion-sheet", file_name="returned.xlsx").count() == 1
    assert Entry.objects.filter(action="use_sheet", chain=team.inspection.chain).count() == 1


def test_the_sheet_as_downloaded_changes_nothing(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    actions.mark_exclusions(draw=draw, marks={references(draw)[0]: (NEEDS_NOTE, "To Kent")}, by=team["link-manager"])
    say_away(team, "Responsible officer 1")
    page = text(give(body, team, draw, filled(sheet(draw))))
    assert "0 marks would change and 20 would stay." in page
    assert "Everything on the sheet stands already." in page
    assert "Use these marks" not in page


def say_away(team: Any, officer: str, first: date = date(2019, 6, 3), last: date = date(2019, 6, 7)) -> None:
    actions.say_away(
        inspection=team.inspection, officer=officer, first_day=first, last_day=last, note="", by=team["link-manager"]
    )


def test_every_fault_of_a_sheet_is_named_at_once_and_nothing_of_it_is_used(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    sheets = sheet(draw)
    rows, away = sheets["Exclusions"], sheets["Officers away"]
    lost = rows[5][0]
    rows[5][0] = "X1"
    rows[6][5] = "Too difficult"
    rows[7][5:7] = [reason_text(PLAIN), "n" * 2001]
    rows[8][6] = "But no reason"
    doubled = list(rows[9])
    rows.append(doubled)
    rows[10][5] = reason_text(PLAIN)
    away[1][1:3] = [date(2019, 5, 31), date(2019, 6, 4)]
    away[2][1:3] = [date(2019, 6, 7), date(2019, 6, 5)]
    away[3][1:3] = ["soon", None]
    away.append(["Somebody Else", date(2019, 6, 5), date(2019, 6, 6), "x" * 301, *[None] * 4])
    answer = give(body, team, draw, filled(sheets))
    page = text(answer)
    faults = [
        ("Exclusions", "6", "Case reference", "X1", "This case is not in the provisional sample."),
        ("Exclusions", "7", "Excluded because", "Too difficult", "This is not one of the reasons."),
        ("Exclusions", "8", "Note", "n" * 200, "The note has 2001 characters."),
        ("Exclusions", "9", "Note", "But no reason", "A note stands here and no reason."),
        ("Exclusions", "22", "Case reference", doubled[0], "This case stands on row 10 already."),
        ("Exclusions", "", "Case reference", lost, "This case is missing from the sheet."),
        ("Officers away", "2", "First day away", "31/05/2019", "This is not a day of fieldwork."),
        ("Officers away", "3", "Last day away", "05/06/2019", "The last day is before the first."),
        ("Officers away", "4", "First day away", "soon", "This is not understood as a date."),
        ("Officers away", "4", "Last day away", "", "Nothing stands here."),
        ("Officers away", "5", "Responsible officer", "Somebody Else", "No case of this sample has this officer."),
        ("Officers away", "5", "Note", "x" * 200, "The note has 301 characters."),
    ]
    assert "12 faults" in page
    cells = "".join(page.split("</thead>")[-1].split("</table>")[0].replace("</td>", "|").split("<"))
    for fault in faults:
        assert all(one in cells for one in fault), fault
        assert fault[-1] in page
    assert "Use these marks" not in page
    refused = body.post(answer.redirect_chain[-1][0], {"seen": "whatever"})
    assert refused.status_code == 422
    assert "This sheet has faults." in text(refused)
    assert Exclusion.objects.count() == OfficerAway.objects.count() == 0


@pytest.mark.parametrize("days", [((4, 6), (5, 7)), ((5, 7), (4, 6)), ((4, 4), (4, 4)), ((3, 14), (5, 6))], ids=str)
def test_days_that_stand_twice_for_one_officer_are_named(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of, days: Any
) -> None:
    draw = drawn()
    sheets = sheet(draw)
    away = sheets["Officers away"]
    name = away[1][0]
    for first, last in days:
        away.append([name, date(2019, 6, first), date(2019, 6, last), *[None] * 5])
    page = text(give(signed_in(team["link-manager"]), team, draw, filled(sheets)))
    assert "These days stand on row 5 already." in page
    assert "1 fault<" in page


def test_the_exclusions_come_back_as_csv_too_and_leave_days_away_as_they_are(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    say_away(team, "Responsible officer 1")
    rows = [row[:7] for row in sheet(draw)["Exclusions"]]
    put(rows, references(draw)[0], "Excluded because", reason_text(PLAIN))
    answer = give(body, team, draw, as_csv(rows))
    assert "The file has no sheet of officers&#39; days away" in text(answer).replace("'", "&#39;")
    use(body, answer)
    assert standing(draw) == {references(draw)[0]: (PLAIN, "")}
    assert OfficerAway.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("a.pdf", PDF), "The file must end in .xlsx or .csv."),
        (SimpleUploadedFile("a.xlsx", b"PK nonsense"), "The file is not a .xlsx file"),
        (SimpleUploadedFile("a.csv", b"Reference,Reason\nX1,\n"), "No row with the headers «Case reference»"),
        (SimpleUploadedFile("a.csv", b"\n\n\n"), "The file is empty."),
    ],
    ids=["pdf", "no workbook", "other headers", "nothing"],
)
def test_a_file_that_is_no_such_sheet_is_refused_with_a_plain_answer(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, upload: SimpleUploadedFile, said: str
) -> None:
    upload.seek(0)
    page = text(give(signed_in(team["link-manager"]), team, drawn(), upload))
    assert said in page
    assert Exclusion.objects.count() == 0


def test_a_preview_that_is_out_of_date_is_not_used(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    one, two = references(draw)[:2]
    sheets = sheet(draw)
    put(sheets["Exclusions"], one, "Excluded because", reason_text(PLAIN))
    answer = give(body, team, draw, filled(sheets))
    actions.mark_exclusions(draw=draw, marks={two: (PLAIN, "")}, by=team["body-staff"])
    refused = use(body, answer)
    assert "Somebody changed marks since you looked at this page." in text(refused)
    assert standing(draw) == {two: (PLAIN, "")}
    assert two in text(refused)


def test_a_sample_is_not_returned_before_every_note_that_is_needed_is_there(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    bare = references(draw)[:2]
    rows = {row.case.reference: row.pk for row in samples.rows_of(draw)}
    sent = {f"reason-{pk}": NEEDS_NOTE if one in bare else "" for one, pk in rows.items()}
    sent |= {f"note-{pk}": "" for pk in rows.values()} | {"return": "yes"}
    here = address(team, "mark_exclusions", draw.public_id)
    answer = body.post(here, sent)
    assert answer.status_code == 422
    page = text(answer)
    for one in bare:
        assert page.count(f"{one}: A note is needed. From or to where, and when.") == 2  # summary and field
    assert draw.returned_or_none is None
    assert set(standing(draw)) == set(bare)  # what was marked is saved
    sent |= {f"note-{rows[one]}": "To Kent, 3 May" for one in bare}
    assert "The sample is returned to the inspectorate." in text(body.post(here, sent, follow=True))


def test_a_document_stands_with_its_exclusion_for_those_who_may_see_the_case(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    row = samples.rows_of(draw)[0]
    here = address(team, "exclusion_evidence", draw.public_id, row.case.row)
    file = address(team, "exclusion_document", draw.public_id, row.case.row)
    assert "This case is not marked as excluded." in text(body.get(here))
    assert body.post(here, {"upload": SimpleUploadedFile("letter.pdf", PDF)}).status_code == 422
    actions.mark_exclusions(draw=draw, marks={row.case.reference: (PLAIN, "")}, by=team["link-manager"])
    kept = text(body.post(here, {"upload": SimpleUploadedFile("letter.pdf", PDF)}, follow=True))
    assert f"The document is kept with the exclusion of {row.case.reference}." in kept
    assert "letter.pdf" in kept
    for role in ("link-manager", "administrator", "lead-inspector", "deputy-lead-inspector"):
        answer = signed_in(team[role]).get(file)
        assert b"".join(answer) == PDF, role
    for role in ("senior-leader", "head-of-methodology", "assistant-inspector"):
        assert signed_in(team[role]).get(file).status_code == 404, role
    general = address(team, "document", Document.objects.get(slot="exclusion-evidence").public_id)
    assert signed_in(team["lead-inspector"]).get(general).status_code == 404
    assert "letter.pdf" in text(
        signed_in(team["lead-inspector"]).get(address(team, "answer_exclusions", draw.public_id))
    )
    actions.mark_exclusions(draw=draw, marks={row.case.reference: (PLAIN, "Seen")}, by=team["link-manager"])
    assert body.get(file).status_code == 200
    actions.mark_exclusions(draw=draw, marks={row.case.reference: ("no-requirements", "")}, by=team["link-manager"])
    assert body.get(file).status_code == 404


def test_the_evidence_of_a_limited_access_case_is_for_its_readers(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    row = samples.rows_of(draw)[0]
    marked_and_returned(team, draw, {row.case.reference: (PLAIN, "Very secret")})
    actions.attach_evidence(
        draw=draw, row=row.case.row, upload=SimpleUploadedFile("letter.pdf", PDF), by=team["link-manager"]
    )
    ListedCase.objects.filter(pk=row.case.pk).update(limited=True)
    file = address(team, "exclusion_document", draw.public_id, row.case.row)
    lead = signed_in(team["lead-inspector"])
    assert lead.get(file).status_code == 404
    page = text(lead.get(address(team, "answer_exclusions", draw.public_id)))
    assert "Limited-access case" in page
    assert row.case.reference not in page
    assert "Very secret" not in page
    LimitedReader.objects.create(
        inspection=team.inspection, reader=team["lead-inspector"], reason="Leads it", by=team["lead-inspector"],
        at=datetime(2019, 4, 12).astimezone(),
    )  # fmt: skip
    assert lead.get(file).status_code == 200
    assert row.case.reference in text(lead.get(address(team, "answer_exclusions", draw.public_id)))


def test_exclusions_are_answered_before_the_sample_is_confirmed_and_the_body_reads_the_answers(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    kept, gone = references(draw)[:2]
    marked_and_returned(team, draw, {kept: (PLAIN, ""), gone: (NEEDS_NOTE, "To Kent, 3 May")})
    deputy, administrator = signed_in(team["deputy-lead-inspector"]), signed_in(team["administrator"])
    confirm = address(team, "confirm_sample", draw.public_id)
    assert "2 exclusions have no answer yet." in text(administrator.post(confirm, follow=True))
    here = address(team, "answer_exclusions", draw.public_id)
    assert "2 exclusions wait for an answer." in text(deputy.get(here))
    marks = {row.drawn.case.reference: row.pk for row in Exclusion.objects.select_related("drawn__case")}
    refused = deputy.post(here, {f"answer-{marks[kept]}": "refuse", f"why-{marks[kept]}": ""})
    assert refused.status_code == 422
    assert f"Say why the exclusion of {kept} is refused" in text(refused)
    assert ExclusionAnswer.objects.count() == 0
    sent = {f"answer-{marks[kept]}": "refuse", f"why-{marks[kept]}": "It has a programme requirement"}
    assert "Saved. 1 answer changed." in text(deputy.post(here, sent, follow=True))
    accept = address(team, "accept_exclusions", draw.public_id)
    assert "1 exclusion is accepted." in text(administrator.post(accept, follow=True))
    body = text(signed_in(team["link-manager"]).get(address(team, "mark_exclusions", draw.public_id)))
    assert "It has a programme requirement" in body
    assert "Accepted" in body
    page = text(administrator.get(address(team, "draw", draw.public_id)))
    assert "2 exclusions marked: 1 accepted, 1 refused, 0 without an answer." in page
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])
    final = {one.case.reference: one for one in SampledCase.objects.select_related("case", "in_place_of")}
    assert kept in final
    assert gone not in final
    assert [one.in_place_of.reference for one in final.values() if one.in_place_of] == [gone]
    with pytest.raises(actions.AlreadyConfirmed):
        refuse(draw, gone, "Too late", team["administrator"])


def test_the_body_does_not_answer_and_nothing_is_answered_before_the_return(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    one = references(draw)[0]
    actions.mark_exclusions(draw=draw, marks={one: (PLAIN, "")}, by=team["link-manager"])
    with pytest.raises(actions.NotReturned):
        refuse(draw, one, "No", team["administrator"])
    assert signed_in(team["link-manager"]).get(address(team, "answer_exclusions", draw.public_id)).status_code == 404
    assert "Exclusions are answered once it has." in text(
        signed_in(team["administrator"]).get(address(team, "answer_exclusions", draw.public_id))
    )


def test_a_change_after_the_return_is_seen_and_the_first_answer_ends_changes(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, at: Callable[[datetime], None]
) -> None:
    draw = drawn()
    one, two = references(draw)[:2]
    marked_and_returned(team, draw, {one: (PLAIN, "")})
    at(datetime(2019, 4, 16, 15))
    with pytest.raises(actions.Incomplete, match=f"{two}: A note is needed"):
        actions.mark_exclusions(draw=draw, marks={two: (NEEDS_NOTE, "")}, by=team["body-staff"])
    actions.mark_exclusions(
        draw=draw, marks={one: ("", ""), two: (NEEDS_NOTE, "To Kent, 3 May")}, by=team["body-staff"]
    )
    page = text(signed_in(team["administrator"]).get(address(team, "answer_exclusions", draw.public_id)))
    who = f"{team['body-staff'].name}, 3pm on Tuesday 16 April 2019"
    assert f"{one}: {reason_text(PLAIN)}, now Not excluded. {who}" in page
    assert f"{two}: Not excluded, now {reason_text(NEEDS_NOTE)}. {who}" in page
    assert "After the return" in page
    refuse(draw, two, "It came back", team["administrator"])
    body = signed_in(team["link-manager"])
    assert "Its exclusions can change no more." in text(body.get(address(team, "mark_exclusions", draw.public_id)))
    with pytest.raises(actions.AlreadyConfirmed, match="begun to answer"):
        actions.mark_exclusions(draw=draw, marks={two: ("", "")}, by=team["link-manager"])
    assert "begun to answer" in text(body.get(address(team, "exclusion_sheet", draw.public_id)))


def test_the_pages_of_the_round_trip_ask_the_database_little(
    team: Any, drawn: Callable[..., Draw], sheet: Callable[..., Any], signed_in: Client_of,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    draw = drawn(150, 75, table(specification(), 2400))
    row = samples.rows_of(draw)[0].case.row
    answer = give(signed_in(team["link-manager"]), team, draw, filled(sheet(draw)))
    kept = Document.objects.get(slot="exclusion-sheet")
    assert "225 would stay" in text(answer)
    say_away(team, "Responsible officer 1")
    out = dict.fromkeys(references(draw)[:40], (PLAIN, ""))
    marked_and_returned(team, draw, out)
    of_draw = (draw.public_id,)
    pages = [
        ("link-manager", "exclusion_workbook", of_draw), ("link-manager", "exclusion_sheet", of_draw),
        ("link-manager", "exclusion_evidence", (*of_draw, row)), ("link-manager", "officers_away", ()),
        ("link-manager", "mark_exclusions", of_draw), ("administrator", "answer_exclusions", of_draw),
        ("administrator", "exclusion_rates", of_draw), ("administrator", "availability", ()),
        ("administrator", "samples", ()), ("administrator", "draw", of_draw),
    ]  # fmt: skip
    for role, name, args in pages:
        client = signed_in(team[role])
        with django_assert_max_num_queries(8, info=name):
            assert client.get(address(team, name, *args)).status_code == 200, name
    client = signed_in(team["link-manager"])
    with django_assert_max_num_queries(9):  # one for the file besides
        assert client.get(address(team, "sheet_preview", draw.public_id, kept.public_id)).status_code == 200
