"""Hostile and damaged files: each is answered in words and in time, nothing of it is imported, the worker lives on.

Seen to fail with the check for macros left out: a list with macros was then ready to be accepted.
"""

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from inspectorate.documents.models import Document
from inspectorate.planning.evidence_actions import suggested
from inspectorate.planning.models import EvidenceItem
from inspectorate.sampling.models import ListedCase, LongList
from tests.conftest import Team
from tests.drills.thread import client_of, said
from tests.sampling.conftest import as_csv, as_xlsx, specification, table

pytestmark = pytest.mark.once
LIMIT_SECONDS = 25
MUTANTS = 60
SHEET = "xl/worksheets/sheet1.xml"
GOOD = as_xlsx(table(specification(), 12)).read()


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The good workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return target.getvalue()


def with_part(name: str, content: bytes, times: int = 1) -> bytes:
    """The good workbook with one part more."""
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for _ in range(times):
            archive.writestr(name, content)
    return target.getvalue()


def bomb() -> bytes:
    """A sheet that unpacks to 420 MB of spaces."""
    target = io.BytesIO()
    packed = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, packed as new:
        for entry in old.infolist():
            if entry.filename != SHEET:
                new.writestr(entry.filename, old.read(entry))
                continue
            with new.open(SHEET, "w", force_zip64=True) as sheet:
                for _ in range(42):
                    sheet.write(b" " * 10_000_000)
    return target.getvalue()


def cell(inside: bytes, place: bytes = b"A2") -> Callable[[bytes], bytes]:
    row = b"".join(letter for letter in (bytes([one]) for one in place) if letter.isdigit())
    return lambda xml: xml.replace(
        b"</sheetData>", b'<row r="%s"><c r="%s"%s</c></row></sheetData>' % (row, place, inside)
    )


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def without_head(xml: bytes) -> bytes:
    return xml.split(b"?>", 1)[1]


NAMED: dict[str, Callable[[], tuple[str, bytes]]] = {
    "bomb": lambda: ("list.xlsx", bomb()),
    "far cell": lambda: ("list.xlsx", changed(SHEET, cell(b"><v>1</v>", b"XFD1048576"))),
    "external entity": lambda: ("list.xlsx", changed(SHEET, lambda xml: cell(b' t="inlineStr"><is><t>&e;</t></is>',
        b"A99")(ENTITY + without_head(xml)))),
    "entity bomb": lambda: ("list.xlsx", changed(SHEET, lambda xml: cell(b' t="inlineStr"><is><t>&j;</t></is>',
        b"A99")(LAUGHS + without_head(xml)))),
    "formula": lambda: ("list.xlsx", changed(SHEET, cell(b'><f>HYPERLINK("http://example.org")</f>', b"A99"))),
    "formula with a result": lambda: ("list.xlsx", changed(SHEET, cell(b"><f>1+1</f><v>2</v>", b"A99"))),
    "macro": lambda: ("list.xlsx", with_part("xl/vbaProject.bin", b"Sub Auto_Open()")),
    "entry twice": lambda: ("list.xlsx", with_part(SHEET, b"<worksheet/>")),
    "path escape": lambda: ("list.xlsx", with_part("../../../../tmp/escaped.xml", b"<x/>")),
    "many entries": lambda: ("list.xlsx", with_part("xl/media/x", b"", 3000)),
    "csv with NUL": lambda: ("list.csv", as_csv(table(specification(), 3)).read() + b"\0\0\0"),
    "csv with a late NUL": lambda: ("list.csv", as_csv(table(specification(), 900)).read() + b"x\0"),
    "csv with a cell of 1 MB": lambda: ("list.csv", as_csv(table(specification(), 3)).read() + b'"' + b"x" * 1_000_000),
    "csv with an open quote": lambda: ("list.csv", b'"' + as_csv(table(specification(), 3)).read()),
    "csv of one line": lambda: ("list.csv", b"," * 1_000_000),
    "csv in half a sign": lambda: ("list.csv", b"\xff\xfe\x00"),
    "text called workbook": lambda: ("list.xlsx", b"Reference,Name\nX1,Y"),
    "workbook called text": lambda: ("list.csv", GOOD),
    "program called text": lambda: ("list.csv", b"MZ\x90\x00" + b"\0" * 500),
    "wrong extension": lambda: ("list.exe", GOOD),
    "no extension": lambda: ("list", GOOD),
    "two extensions": lambda: ("list.xlsx.exe", GOOD),
    "empty": lambda: ("list.xlsx", b""),
    "empty archive": lambda: ("list.xlsx", b"PK\x05\x06" + b"\0" * 18),
    "old workbook": lambda: ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000),
}  # fmt: skip


# Odd, but nothing of it is looked at, and the table is good.
HARMLESS = {"path escape", "many entries"}


def mutants() -> Iterator[bytes]:
    """The good workbook with bytes flipped, cut off, repeated, or with an entry twice."""
    chance = random.Random("mutants of a workbook")
    for number in range(MUTANTS):
        content = bytearray(GOOD)
        if number % 3 == 0:
            for _ in range(chance.randint(1, 40)):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        elif number % 3 == 1:
            content = content[: chance.randrange(len(content))]
        else:
            at, size = chance.randrange(len(content)), chance.randint(1, 400)
            content[at:at] = content[at : at + size] if number % 2 else bytes(chance.randbytes(size))
        yield bytes(content)


@pytest.fixture
def team(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("CRC")


@pytest.fixture
def body(team: Team) -> Client:
    return client_of(team["link-manager"], raise_request_exception=False)


def give(client: Client, team: Team, name: str, content: bytes) -> tuple[HttpResponse, float]:
    began = time.monotonic()
    answer = client.post(
        reverse("give_long_list", args=[team.inspection.public_id, "domain-two"]),
        {"upload": SimpleUploadedFile(name, content)},
        follow=True,
    )
    return answer, time.monotonic() - began


def complaint(answer: HttpResponse, seconds: float, before: int) -> str:
    """What is wrong with how a bad file was answered; "" when nothing is."""
    text = said(answer)
    lists = LongList.objects.filter(pk__gt=before)
    if answer.status_code not in (200, 422):
        return f"answered with {answer.status_code}"
    if seconds > LIMIT_SECONDS:
        return f"took {seconds:.0f} s"
    if ListedCase.objects.exists():
        return "imported cases"
    if answer.status_code == 422:
        return "" if "There is a problem" in text and not lists else f"refused without a word: {text[:300]}"
    states = [one.state for one in lists]
    if states not in (["refused"], ["ready"]):
        return f"left the list {states}"
    if states == ["refused"] and not lists[0].faults:
        return "refused without a fault"
    return ""


def newest() -> int:
    return LongList.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_hostile_long_lists_are_refused_in_words_and_a_good_one_is_read_after_them(team: Team, body: Client) -> None:
    wrong = []
    for attack, make in NAMED.items():
        last = newest()
        answer, seconds = give(body, team, *make())
        if fault := complaint(answer, seconds, last):
            wrong.append(f"{attack}: {fault}")
        if "root:" in said(answer):
            wrong.append(f"{attack}: showed a file of the server")
        if attack not in HARMLESS and LongList.objects.filter(pk__gt=last, state="ready").exists():
            wrong.append(f"{attack}: is ready to be accepted")
    assert wrong == []
    give(body, team, "list.xlsx", GOOD)
    assert LongList.objects.get(pk=newest()).state == "ready"


def test_damaged_workbooks_are_refused_or_read_and_never_half(team: Team, body: Client) -> None:
    wrong = []
    for number, content in enumerate(mutants()):
        last = newest()
        answer, seconds = give(body, team, f"mutant-{number}.xlsx", content)
        if fault := complaint(answer, seconds, last):
            wrong.append(f"{number}: {fault}")
    assert wrong == []


HOSTILE_NAMES = (
    "x" * 250 + ".xlsx",
    "list\u202exslx.exe.xlsx",
    "..\\..\\windows\\list.xlsx",
    '"; filename="x.exe.xlsx',
    "\u200f\u202e.xlsx",
    "<script>alert(1)</script>.xlsx",
)


def test_files_with_hostile_names_are_kept_under_plain_ones(team: Team, body: Client) -> None:
    for name in HOSTILE_NAMES:
        answer, _ = give(body, team, name, GOOD)
        assert answer.status_code in (200, 422), name
        assert "<script>alert" not in answer.content.decode()
    assert Document.objects.count() >= 4
    for kept in Document.objects.all():
        assert len(kept.file_name) <= 120
        assert not set(kept.file_name) & set('\u202e\u200f\r\n<>"\\/')
        got = body.get(reverse("document", args=[team.inspection.public_id, kept.public_id]))
        assert got.status_code == 200
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["X-Content-Type-Options"] == "nosniff"


EVIDENCE: dict[str, tuple[str, bytes]] = {
    "empty": ("plan.pdf", b""),
    "program called paper": ("plan.pdf", b"MZ\x90\x00%PDF-1.4"),
    "page called paper": ("plan.pdf", b"<html><script>alert(1)</script>"),
    "picture with script": ("plan.svg", b"<svg onload=alert(1)>"),
    "page": ("plan.html", b"<script>alert(1)</script>"),
    "macro": ("plan.docm", b"PK\x03\x04"),
    "macro called paper": ("plan.docx", with_part("word/vbaProject.bin", b"x")),
    "workbook called paper": ("plan.docx", GOOD),
    "wrong extension": ("plan.exe", b"MZ"),
    "no extension": ("plan", b"text"),
}


def test_hostile_evidence_is_refused_in_words(team: Team, body: Client, settings: Any) -> None:
    address = reverse("give_evidence", args=[team.inspection.public_id, suggested(team.inspection)[0].id])
    wrong = []
    for attack, (name, content) in EVIDENCE.items():
        answer = body.post(address, {"title": "A paper", "covers": "", "upload": SimpleUploadedFile(name, content)})
        if answer.status_code != 200 or "There is a problem" not in said(answer):
            wrong.append(f"{attack}: {said(answer)[:200]}")
    assert wrong == []
    assert EvidenceItem.objects.count() == Document.objects.count() == 0
    assert list(settings.MEDIA_ROOT.rglob("*.*")) == []
