"""Files that are given, who may open them, and letters that wait for the inspected body."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inspectorate.audit import clock
from inspectorate.audit.models import Entry
from inspectorate.documents import actions, letter_facts
from inspectorate.documents.files import WrongFile
from inspectorate.documents.models import Document, Letter

PDF = b"%PDF-1.7\nan invented strategy\n%%EOF"


def archive(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return kept.getvalue()


def give(team: Any, name: str = "strategy.pdf", content: bytes = PDF, slot: str = "evidence") -> Document:
    upload = SimpleUploadedFile(name, content)
    return actions.receive(inspection=team.inspection, slot=slot, upload=upload, by=team["link-manager"])


def address(document: Document) -> str:
    return reverse("document", args=[document.inspection.public_id, document.public_id])


def test_a_file_is_kept_under_our_own_name(an_inspection: Callable[..., Any]) -> None:
    document = give(an_inspection(), "..\\..\\C:\\plans\\Our <b>strategy\u202e.pdf")
    assert document.file_name == "Our bstrategy.pdf"
    assert "strategy" not in document.stored.name
    assert document.stored.open().read() == PDF
    assert len(document.digest) == 64


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "empty"),
        ("tool.exe", b"MZ\x90", "must end in .pdf"),
        ("no-ending", b"text", "must end in .pdf"),
        ("tool.pdf", b"MZ\x90\x00 %PDF-1.4", "not a .pdf file"),
        ("page.pdf", b"<html>", "not a .pdf file"),
        ("words.docx", archive("xl/workbook.xml"), "not a .docx file"),
        ("sums.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("half.xlsx", archive("xl/workbook.xml")[:40], "not a .xlsx file"),
        ("tool.txt", b"\x7fELF\x02", "not a .txt file"),
        ("tool.csv", b"a\x00b", "not a .csv file"),
        ("photo.png", b"GIF89a", "not a .png file"),
        ("big.pdf", PDF + b" " * 2000, "smaller than"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # an archive holds the time at which it was made
)
def test_wrong_files_are_refused_in_words(
    an_inspection: Callable[..., Any], settings: Any, name: str, content: bytes, said: str
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1500
    with pytest.raises(WrongFile, match=said):
        give(an_inspection(), name, content)
    assert not Document.objects.exists()


def test_a_long_list_is_a_spreadsheet(an_inspection: Callable[..., Any]) -> None:
    with pytest.raises(WrongFile, match=r"must end in \.xlsx or \.csv"):
        give(an_inspection(), slot="longlist")


def test_a_file_is_downloaded_and_never_shown_in_the_browser(
    an_inspection: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    team = an_inspection()
    document = give(team, 'a "name".pdf')
    answer = signed_in(team["lead-inspector"]).get(address(document))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PDF


def test_only_those_who_may_open_a_long_list_and_every_look_is_kept(
    an_inspection: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    team, other = an_inspection(), an_inspection()
    document = give(team, "list.csv", b"Case,Unit\n1,North\n", "longlist")
    assert signed_in(team["administrator"]).get(address(document)).status_code == 200
    look = Entry.objects.get(chain=team.inspection.chain, kind="look")
    assert look.actor == team["administrator"].email
    for role in ("head-of-methodology", "data-team", "responsible-officer", "external-editor", "senior-leader"):
        assert signed_in(team[role]).get(address(document)).status_code == 404, role
    assert signed_in(other["administrator"]).get(address(document)).status_code == 404


def send(team: Any, **changes: Any) -> Letter:
    now = datetime(2019, 4, 8, 9, tzinfo=UTC)
    given = {
        "inspection": team.inspection,
        "template": "confirmation",
        "addressed_to": "Lou Link",
        "subject": "Confirmation and papers",
        "values": letter_facts.of(team.inspection),
        "by": team["administrator"],
        "opens_at": now,
        "outward": True,
    }
    return actions.send_letter(**(given | changes))


def test_every_letter_of_the_pack_that_needs_no_more_than_the_plan_can_be_written(
    an_inspection: Callable[..., Any],
) -> None:
    team = an_inspection()
    assert "Monday 3 June 2019" in send(team).text
    with pytest.raises(actions.LetterIncomplete, match="call_date"):
        send(team, template="announcement")
    with pytest.raises(actions.UnknownTemplate, match="confirmation"):
        send(team, template="greeting")


def test_the_body_is_told_without_content_and_reads_the_letter(
    an_inspection: Callable[..., Any],
    signed_in: Callable[..., Any],
    at: Callable[[datetime], None],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    team = an_inspection()
    at(datetime.fromisoformat("2019-04-08T10:00"))
    with django_capture_on_commit_callbacks(execute=True):
        letter = send(team)
    told = {address for message in mail.outbox for address in message.to}
    assert told == {team[role].email for role in ("link-manager", "senior-leader", "body-staff")}
    assert all("3 June" not in message.body for message in mail.outbox)
    page = signed_in(team["link-manager"]).get(reverse("letter", args=[team.inspection.public_id, letter.public_id]))
    assert "Check the dates of the project plan" in page.content.decode()


def test_a_letter_that_opens_later_is_not_there_a_second_before(
    an_inspection: Callable[..., Any],
    signed_in: Callable[..., Any],
    at: Callable[[datetime], None],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    team = an_inspection()
    opens = datetime(2019, 7, 1, 9, tzinfo=clock.LONDON)
    at(opens - timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        later = send(team, opens_at=opens, subject="The ratings")
    own = send(team, outward=False, subject="A note for ourselves", opens_at=opens - timedelta(days=3))
    assert not mail.outbox
    page = reverse("letters", args=[team.inspection.public_id])
    at(opens - timedelta(seconds=1))
    assert "The ratings" not in signed_in(team["link-manager"]).get(page).content.decode()
    assert "The ratings" in signed_in(team["administrator"]).get(page).content.decode()
    at(opens)
    shown = signed_in(team["link-manager"]).get(page).content.decode()
    assert "The ratings" in shown
    assert own.subject not in shown
    for letter, role, status in (
        (own, "link-manager", 404),
        (later, "responsible-officer", 404),
        (own, "data-team", 200),
    ):
        one = reverse("letter", args=[team.inspection.public_id, letter.public_id])
        assert signed_in(team[role]).get(one).status_code == status
