"""Long lists as nobody should send them: each has a clear answer in seconds, nothing of one is half imported, memory
stays bounded. `HOSTILE_LISTS` in the environment sets how many mutated workbooks there are.

Seen to fail with the check of people under two references left out, with cells merged downwards not filled, and as it
was found: a cell in the last row of a sheet had a million rows laid out before it was refused.
"""

import io
import os
import random
import re
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inspectorate.documents.files import WrongFile
from inspectorate.sampling import actions
from inspectorate.sampling.models import ListedCase, LongList
from tests.conftest import Team
from tests.drills.thread import client_of
from tests.sampling.conftest import as_xlsx, draw_now, specification, table

MUTANTS = int(os.environ.get("HOSTILE_LISTS", "200"))
SEED = "mutants of a long list"
SECONDS = 10
MEGABYTES_HERE, MEGABYTES_CHILD = 150, 520
SHEET = "xl/worksheets/sheet1.xml"
COLUMNS = [one.id for one in specification().columns]
GOOD = table(specification(), 40)
Rows = list[list[Any]]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(datetime(2019, 4, 12, 9))
    return an_inspection("CRC")


@pytest.fixture
def given(team: Team) -> Callable[[bytes], LongList | str]:
    """`given(content)` sends a workbook and answers with the list as it was read, or with the refusal."""

    def give(content: bytes, name: str = "list.xlsx") -> LongList | str:
        upload = SimpleUploadedFile(name, content)
        try:
            made = actions.give_long_list(
                inspection=team.inspection, case_list="domain-two", upload=upload, by=team["link-manager"]
            )
        except WrongFile as refusal:
            return str(refusal)
        return LongList.objects.get(pk=made.pk)

    return give


def cells(rows: Rows, row: int, **changed: Any) -> Rows:
    """The same rows with cells of a sheet row changed (the headers are row 1)."""
    copy = [list(one) for one in rows]
    for column, value in changed.items():
        copy[row - 1][COLUMNS.index(column.replace("_", "-"))] = value
    return copy


def book(rows: Rows, change: Callable[[Any, Any], None] = lambda *_: None) -> bytes:
    """A workbook of rows, with something done to it before it is closed."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy", "in_memory": True}) as made:
        sheet = made.add_worksheet("Cases")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        change(made, sheet)
    return target.getvalue()


def hidden(made: Any, sheet: Any) -> None:
    made.add_worksheet("Cover").activate()
    sheet.hide()


def beside_hidden(made: Any, _: Any) -> None:
    other = made.add_worksheet("Old")
    for number, row in enumerate(cells(GOOD, 3, gender="Nobody")):
        other.write_row(number, 0, row)
    other.hide()


def merged_down(_: Any, sheet: Any) -> None:
    place = COLUMNS.index("tier-1")
    sheet.merge_range(1, place, 20, place, "North")
    sheet.merge_range(21, place, 40, place, "South")


def merged_across(_: Any, sheet: Any) -> None:
    sheet.merge_range(4, COLUMNS.index("gender"), 4, COLUMNS.index("gender") + 2, "Male")


def computed(_: Any, sheet: Any) -> None:
    for row in range(1, 41):
        sheet.write_formula(row, COLUMNS.index("gender"), '=IF(1,"Male","Female")', None, "Male")


def never_computed(_: Any, sheet: Any) -> None:
    sheet.write_formula(5, COLUMNS.index("gender"), '=IF(1,"Male","Female")', None, "")


def failed(_: Any, sheet: Any) -> None:
    sheet.write_formula(5, COLUMNS.index("rosh"), "=VLOOKUP(1,A1:B2,9)", None, "#N/A")


def far_corner(_: Any, sheet: Any) -> None:
    sheet.write(1_048_575, 16_383, "x")


def far_row(_: Any, sheet: Any) -> None:
    sheet.write(1_048_575, 0, "forgotten")


def with_macros() -> bytes:
    target = io.BytesIO(book(GOOD))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    return target.getvalue()


def people_twice() -> Rows:
    return cells(GOOD, 9, name="Number 1 TESTPERSON", date_of_birth=GOOD[2][COLUMNS.index("date-of-birth")])


READY = ""
# What is sent, and what its answer says: READY, or a part of a fault or refusal with the rows that it names.
NAMED: dict[str, tuple[Callable[[], bytes], str, list[int]]] = {
    "nothing at all": (lambda: book([]), "No row with headers was found.", [0]),
    "headers only": (lambda: book(GOOD[:1]), "There is no case beneath the headers.", [1]),
    "blank rows only": (lambda: book([GOOD[0], *[[None] * 12] * 20]), "There is no case beneath the headers.", [1]),
    "one case": (lambda: book(GOOD[:2]), READY, []),
    "one stratum": (lambda: book(one_stratum()), READY, []),
    "a reference twice": (lambda: book(cells(GOOD, 7, reference="x 100000")), "The same reference stands", [2, 7]),
    "a row twice": (lambda: book([*GOOD, GOOD[1]]), "The same reference stands", [2, 42]),
    "a person under two numbers": (lambda: book(people_twice()), "under another reference", [3, 9]),
    "a date outside": (lambda: book(cells(GOOD, 5, commencement_date=date(2018, 2, 4))), "lies outside", [5]),
    "a date that is none": (lambda: book(cells(GOOD, 5, commencement_date="31/02/2019")), "no such day", [5]),
    "a number of days": (lambda: book(cells(GOOD, 5, commencement_date=3.7e9)), "not understood as a date", [5]),
    "all dates over a year": (lambda: book(over_a_year()), "outside", list(range(1, len(GOOD) + 1))),
    "an unknown value": (lambda: book(cells(GOOD, 5, gender="Mole")), "This value is not understood.", [5]),
    "a truth for a level": (lambda: book(cells(GOOD, 5, rosh=True)), "This value is not understood.", [5]),
    "a text of a thousand signs": (lambda: book(cells(GOOD, 5, tier_1="x" * 1000)), "1000 characters long", [5]),
    "formulas with results": (lambda: book(GOOD, computed), READY, []),
    "a formula without one": (lambda: book(GOOD, never_computed), "formulas without a saved result: D6", [0]),
    "a formula that failed": (lambda: book(GOOD, failed), "#N/A: F6", [0]),
    "a text like a formula": (lambda: as_xlsx(cells(GOOD, 5, gender="=1+1")).read(), "not understood", [5]),
    "cells merged downwards": (lambda: book(without("tier_1"), merged_down), READY, []),
    "cells merged across": (
        lambda: book(cells(GOOD, 5, sentence_type=None, rosh=None), merged_across),
        "Nothing stands here.",
        [5, 5],
    ),
    "the list on a hidden sheet": (lambda: book(GOOD, hidden), "No row with headers was found.", [0]),
    "an old list on a hidden sheet": (lambda: book(GOOD, beside_hidden), READY, []),
    "macros": (with_macros, "This file contains macros.", []),
    "a cell at the far corner": (lambda: book(GOOD, far_corner), "single cell far away", [0]),
    "a cell at the last row": (lambda: book(GOOD, far_row), "in A1048576, a single cell far away", [0]),
}


def without(column: str) -> Rows:
    rows = GOOD
    for row in range(2, len(GOOD) + 1):
        rows = cells(rows, row, **{column: None})
    return rows


def one_stratum() -> Rows:
    rows = GOOD
    for row in range(2, len(GOOD) + 1):
        rows = cells(rows, row, gender="Male", sentence_type="Community order", rosh="Low")
    return rows


def over_a_year() -> Rows:
    rows = GOOD
    for row in range(2, len(GOOD) + 1):
        rows = cells(rows, row, commencement_date=date(2017, row % 12 + 1, 3))
    return rows


@pytest.mark.parametrize("name", NAMED)
def test_each_has_its_own_answer(name: str, given: Callable[[bytes], LongList | str], team: Team) -> None:
    make, said, rows = NAMED[name]
    content, began = make(), time.monotonic()
    found = given(content)
    assert time.monotonic() - began < SECONDS
    assert not ListedCase.objects.exists()
    if isinstance(found, str):
        assert said
        assert said in found
        return
    faults = [(row, what) for _, row, _, _, what, _ in found.faults]
    assert [row for row, _ in faults] == rows
    assert all(said in what for _, what in faults)
    assert found.state == ("refused" if said else "ready")
    if not said:
        assert actions.accept_long_list(long_list=found, by=team["administrator"]) == found.size
        assert ListedCase.objects.count() == found.size


def test_fewer_cases_than_wanted_are_all_drawn_and_no_more(given: Callable[[bytes], Any], team: Team) -> None:
    found = given(book(one_stratum()[:8]))
    actions.accept_long_list(long_list=found, by=team["administrator"])
    found.refresh_from_db()
    drawn = draw_now(found, 98, 30, by=team["administrator"])
    assert drawn.cases.filter(substitute=False).count() == drawn.cases.count() == 7
    page = client_of(team["administrator"]).get(reverse("draw", args=[team.inspection.public_id, drawn.public_id]))
    assert "7 cases of 98 wanted" in " ".join(page.content.decode().split())


ODD: tuple[Any, ...] = (
    None, "", " ", "-", "?", "N/A", "#REF!", "=1+1", "@SUM(A1)", "'; DROP TABLE", "\u202eelaM", "Male\x07", "ＭＡＬＥ",
    "M" * 40_000, 0, -1, 1e308, 43_500, 43_500.75, True, date(1899, 12, 31), date(9999, 12, 31), "2019-02-05",
    datetime(2019, 2, 5, 13), "05.02.2019", "5th Feb 19", "30/02/2019", "29/02/2100", "Total", "Case reference",
    "<b>x</b>", "\u0000", "e\u0301", "🙂", "\n\n", "x" * 130,
)  # fmt: skip


def cells_changed(chance: random.Random) -> bytes:
    """Odd values in some cells, rows doubled, left out or moved, a column gone or twice."""
    rows = [list(row) for row in GOOD]
    for _ in range(chance.randint(1, 12)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(ODD)
    for _ in range(chance.randint(0, 2)):
        rows.insert(chance.randrange(len(rows)), list(chance.choice(rows)))
    if chance.random() < 0.3:
        place = chance.randrange(len(COLUMNS))
        for row in rows:
            row[place : place + 1] = [] if chance.random() < 0.5 else [row[place]] * 2
    return as_xlsx([[_writable(cell) for cell in row] for row in rows]).read()


def _writable(cell: Any) -> Any:
    """What the writer of workbooks takes: no text beyond what a cell can hold, no sign that XML has not."""
    return cell.replace("\x00", "")[:32_000] if isinstance(cell, str) else cell


def members_changed(chance: random.Random) -> bytes:
    """A member of the archive left out, emptied, doubled, cut, exchanged with another, or under a lying name."""
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    name, content = parts[at]
    parts[at : at + 1] = {
        0: [],
        1: [(name, b"")],
        2: [(name, content), (name, content)],
        3: [(name, content[: chance.randrange(len(content))])],
        4: [(name, parts[other][1])],
        5: [(name.upper(), content)],
        6: [(name, content * 3)],
    }[chance.randrange(7)]
    return _packed(parts, chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA]))


def _packed(parts: list[tuple[str, bytes]], how: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


XML: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda xml, chance: _at(xml, chance, rb"</?[a-z]+", b"<x"),
    lambda xml, chance: _at(xml, chance, rb'"\d+"', b'"99999999999999999999"'),
    lambda xml, chance: _at(xml, chance, rb'"\d+"', b'"-1"'),
    lambda xml, chance: _at(xml, chance, rb"<v>[^<]*</v>", b"<v>999999</v>"),
    lambda xml, chance: _at(xml, chance, rb"<v>[^<]*</v>", b"<v>NaN</v>"),
    lambda xml, chance: _at(xml, chance, rb"<v>[^<]*</v>", b"<f>A1</f>"),
    lambda xml, chance: _at(xml, chance, rb' r="[A-Z]+\d+"', b' r="ZZZ9999999"'),
    lambda xml, chance: _at(xml, chance, rb' r="[A-Z]+\d+"', b' r="A1"'),
    lambda xml, chance: _at(xml, chance, rb' t="s"', b' t="e"'),
    lambda xml, chance: _at(xml, chance, rb' t="s"', b' t="d"'),
    lambda xml, chance: _at(xml, chance, rb' s="\d+"', b' s="77"'),
    lambda xml, chance: _at(xml, chance, rb"<row ", b'<row r="1048576" '),
    lambda xml, chance: _at(xml, chance, rb"<t>[^<]*</t>", b"<t>" + b"y" * 70_000 + b"</t>"),
    lambda xml, chance: _at(xml, chance, rb"<t>[^<]*</t>", b"<t>&#0;&lt;&unknown;</t>"),
    lambda xml, _: xml.replace(b"UTF-8", b"UTF-16"),
    lambda xml, _: xml[: xml.rfind(b"</")],
)


def _at(xml: bytes, chance: random.Random, what: bytes, instead: bytes) -> bytes:
    found = list(re.finditer(what, xml))
    if not found:
        return xml
    one = chance.choice(found)
    return xml[: one.start()] + instead + xml[one.end() :]


def xml_changed(chance: random.Random) -> bytes:
    """Tags, numbers, places, styles, formulas and texts of some member made wrong."""
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(chance.randint(1, 3)):
        wanted = chance.choice([SHEET, SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
        change = chance.choice(XML)
        parts = [(name, change(content, chance) if name == wanted else content) for name, content in parts]
    return _packed(parts, zipfile.ZIP_DEFLATED)


def bytes_changed(chance: random.Random) -> bytes:
    """Bits turned over, a piece cut out, a piece put in."""
    content = bytearray(WORKBOOK)
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.5:
        at, size = chance.randrange(len(content)), chance.randint(1, 500)
        content[at : at + chance.choice([0, size])] = chance.randbytes(chance.choice([0, size]))
    return bytes(content)


WORKBOOK = book(GOOD)
SORTS = (cells_changed, xml_changed, members_changed, cells_changed, xml_changed, bytes_changed)


def mutants() -> Iterator[tuple[str, bytes]]:
    """Always the same, whatever their number: each has dice of its own."""
    for number in range(MUTANTS):
        make = SORTS[number % len(SORTS)]
        yield f"{number} ({make.__name__})", make(random.Random(f"{SEED} {number}"))


def megabytes_here() -> float:
    """What this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def complaint(found: LongList | str, team: Team) -> str:
    """What is wrong with how a mutant was answered; "" when nothing is."""
    if isinstance(found, str):
        return "" if found.endswith(".") else f"refused without a sentence: {found}"
    if found.state == "refused":
        wrong = [one for one in found.faults if not one[4].endswith(".") or (one[1] and not one[5])]
        return f"faults without a sentence: {wrong}" if wrong or not found.faults else _kept(found)
    if found.state != "ready" or not found.digest:
        return f"left the list {found.state}"
    actions.accept_long_list(long_list=found, by=team["administrator"])
    kept = ListedCase.objects.filter(long_list=found).count()
    return "" if kept == found.size > 0 else f"kept {kept} cases of {found.size}"


def _kept(found: LongList) -> str:
    return "kept cases of a list with faults" if ListedCase.objects.filter(long_list=found).exists() else ""


def test_mutated_workbooks_are_read_in_full_or_refused_in_words_and_in_time(
    given: Callable[[bytes], LongList | str], team: Team
) -> None:
    wrong, before, answers = [], megabytes_here(), {"ready": 0, "refused": 0}
    for name, content in mutants():
        began = time.monotonic()
        found = given(content)
        seconds = time.monotonic() - began
        if fault := complaint(found, team):
            wrong.append(f"{name}: {fault}")
        if seconds > SECONDS:
            wrong.append(f"{name}: took {seconds:.0f} s")
        answers["ready" if isinstance(found, LongList) and found.state != "refused" else "refused"] += 1
    assert wrong == [], "\n".join(wrong)
    assert min(answers.values()) > MUTANTS // 20, answers
    assert megabytes_here() - before < MEGABYTES_HERE
    # A child is counted from its fork on, and so with all that this process holds then.
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000 < max(MEGABYTES_CHILD, here + 50)
