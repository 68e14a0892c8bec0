"""The files of the demonstration are what they say: readable, in proportion, faulty only where it is written down."""

import csv
import json
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from inspectorate.demo import evidence, first_received, invented, long_lists, make_files, proportions
from inspectorate.methodology import pack as packs
from inspectorate.methodology import ratings
from inspectorate.methodology.sampling import UnknownValueError, recognise, understand
from inspectorate.methodology.sampling.lists import CaseList
from inspectorate.methodology.standards import Rating

PACK = packs.load(make_files.PACK)
LISTS = [(kind, one.id) for kind in long_lists.KINDS for one in make_files.lists_of(PACK, kind)]
SAMPLES = {"CRC": 98 + 28 + 16, "NPS": 96 + 85 + 15}


@cache
def sheet(name: str) -> list[list[Any]]:
    """Every row of the only sheet of a committed workbook."""
    book = CalamineWorkbook.from_path(str(make_files.FILES / name))
    assert book.sheet_names == ["Long list"] or "libreoffice" in name
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def case_list(list_id: str) -> CaseList:
    return PACK.sampling.case_list(list_id)


def columns(kind: str, list_id: str) -> dict[str, list[Any]]:
    header, *rows = sheet(f"{kind.lower()}/{list_id}.xlsx")
    filled = long_lists.columns_of(case_list(list_id))
    ids = [column.id for column in filled]
    assert header == [column.header for column in filled]
    return {name: [row[at] for row in rows] for at, name in enumerate(ids)}


@pytest.mark.parametrize(("kind", "list_id"), LISTS)
def test_a_list_has_the_columns_and_rows_that_are_written_down(kind: str, list_id: str) -> None:
    cells = columns(kind, list_id)
    assert len(cells["reference"]) == proportions.row("rows", kind).values[list_id]
    assert len(set(cells["reference"])) == len(cells["reference"])
    assert not [name for name, column in cells.items() if "" in column]


@pytest.mark.parametrize(("kind", "list_id"), LISTS)
def test_choices_stand_in_the_shares_of_the_table(kind: str, list_id: str) -> None:
    cells = columns(kind, list_id)
    looked_at = 0
    for column in long_lists.columns_of(case_list(list_id)):
        if column.type != "choice":
            continue
        counted = Counter(understand(column, written).id for written in cells[column.id])
        for choice, share in proportions.row(column.id, kind).values.items():
            assert counted[choice] == pytest.approx(share * len(cells[column.id]), abs=1), (column.id, choice)
            looked_at += 1
    assert looked_at or list_id == "victim-work"


@pytest.mark.parametrize(("kind", "list_id"), LISTS)
def test_dates_lie_in_the_period_and_units_are_the_bodys(kind: str, list_id: str) -> None:
    cells = columns(kind, list_id)
    first, last = proportions.period(list_id, kind)
    for column in long_lists.columns_of(case_list(list_id)):
        if column.type == "date" and column.id != "date-of-birth":
            assert first <= min(cells[column.id])
            assert max(cells[column.id]) <= last
    if "tier-1" in cells:
        pairs = set(zip(cells["tier-1"], cells["tier-2"], strict=True))
        assert pairs == {(area, team) for area, teams in invented.UNITS[kind].items() for team in teams}
        units = proportions.row("units", kind).values
        assert (len(invented.UNITS[kind]), len(pairs)) == (units["tier-1"], units["tier-1"] * units["tier-2"])


def test_the_two_programs_save_the_same_list() -> None:
    for kind in ("crc", "nps"):
        assert sheet(f"{kind}/domain-two-libreoffice.xlsx") == sheet(f"{kind}/domain-two.xlsx")


def test_nobody_is_on_two_lists_and_every_name_is_invented() -> None:
    for kind in long_lists.KINDS:
        lists = [columns(kind, list_id) for of, list_id in LISTS if of == kind]
        references = [one for cells in lists for one in cells["reference"]]
        assert len(set(references)) == len(references)
        for family, given in (name.split(", ") for cells in lists for name in cells["name"]):
            assert family in invented.FAMILY
            assert given in invented.GIVEN_FEMALE + invented.GIVEN_MALE


def test_making_a_list_again_gives_the_same_cells(tmp_path: Path) -> None:
    for kind, list_id in (("NPS", "victim-work"), ("CRC", "through-the-gate"), ("CRC", "domain-two")):
        again = make_files.table(case_list(list_id), long_lists.rows(case_list(list_id), kind))
        make_files.write_workbook(tmp_path / "again.xlsx", again)
        fresh = CalamineWorkbook.from_path(str(tmp_path / "again.xlsx")).get_sheet_by_index(0)
        assert fresh.to_python(skip_empty_area=False) == sheet(f"{kind.lower()}/{list_id}.xlsx")


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_every_planted_fault_stands_where_it_is_written_down(kind: str) -> None:
    rows = sheet(f"{kind}/domain-two-as-first-received.xlsx")
    said = planted(kind)
    order = list(first_received.HEADERS)
    assert 30 <= len(said["faults"]) <= 60
    for one in said["faults"] + said["understood"]:
        row = rows[one["row"] - 1]
        assert text(row[order.index(one["column"])]) == one["value"]
        assert rows[said["header_row"] - 1][order.index(one["column"])].strip() == one["header"]
    assert set(rows[said["blank_row"] - 1]) == {""}
    assert said["totals_row"] == len(rows)
    assert rows[-1][0] == "Total"


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_no_cell_of_the_faulty_list_differs_from_the_good_one_unless_it_is_written_down(kind: str) -> None:
    said = planted(kind)
    good = {row[0]: row for row in sheet(f"{kind}/domain-two.xlsx")[1:]}
    order, ids = list(first_received.HEADERS), [column.id for column in case_list("domain-two").columns]
    known = {(one["row"], one["column"]) for one in said["faults"] + said["understood"]}
    without_reference = {one["row"] for one in said["faults"] if one["column"] == "reference"}
    compared = 0
    for number, row in enumerate(sheet(f"{kind}/domain-two-as-first-received.xlsx"), 1):
        if number <= said["header_row"] or number in {said["blank_row"], said["totals_row"]} | without_reference:
            continue
        right = good[row[order.index("reference")].strip()]
        for at, column in enumerate(order):
            if (number, column) not in known:
                assert row[at] == right[ids.index(column)]
                compared += 1
    assert compared > 10_000


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_headers_and_variants_are_understood_and_puzzles_are_not(kind: str) -> None:
    specified = case_list("domain-two")
    header = sheet(f"{kind}/domain-two-as-first-received.xlsx")[planted(kind)["header_row"] - 1]
    assert [getattr(recognise(specified, one), "id", None) for one in header] == list(first_received.HEADERS)
    for one in planted(kind)["understood"]:
        column = specified.column(one["column"])
        if column.choices:
            assert understand(column, one["value"]).id == one["what"]
        elif column.type == "date":
            assert datetime.strptime(one["value"], "%d/%m/%Y").date().isoformat() == one["what"]  # noqa: DTZ007
        else:
            assert one["value"].strip() == one["what"]
    puzzles = 0
    for one in planted(kind)["faults"]:
        column = specified.column(one["column"])
        if column.choices and one["value"]:
            with pytest.raises(UnknownValueError):
                understand(column, one["value"])
            puzzles += 1
    assert puzzles == 9


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_a_reference_said_to_stand_twice_does(kind: str) -> None:
    at = list(first_received.HEADERS).index("reference")
    counted = Counter(row[at] for row in sheet(f"{kind}/domain-two-as-first-received.xlsx"))
    twice = [one for one in planted(kind)["faults"] if one["what"] == "stands twice"]
    assert len(twice) == 8
    assert all(counted[one["value"]] == 2 for one in twice)
    first, last = proportions.period("domain-two", kind.upper())
    outside = [one for one in planted(kind)["faults"] if one["what"].startswith("outside")]
    assert len(outside) == 4
    days = [date(*reversed([int(part) for part in one["value"].split("/")])) for one in outside]
    assert not any(first <= day <= last for day in days)


@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_the_judgements_are_those_of_the_draw_of_today(kind: str, tmp_path: Path) -> None:
    make_files.write_judgements(tmp_path / "again.csv", PACK, kind)
    kept = make_files.FILES / kind.lower() / "judgements.csv"
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_the_judgements_of_a_whole_sample_give_a_mix_and_a_close_call(kind: str) -> None:
    framework = PACK.framework(kind)
    with (make_files.FILES / kind.lower() / "judgements.csv").open(encoding="utf-8") as opened:
        cases = ratings.read_judgements(framework, list(enumerate(csv.DictReader(opened), 2)))
    assert len(cases) == SAMPLES[kind]
    domain_one = {one.id: Rating.GOOD for one in framework.standards if one.source == "panel"}
    result = ratings.rate(framework, PACK.ratings, cases, domain_one=domain_one, panel={})
    judged = [one for one in result.key_questions if one.n]
    assert len({one.rating for one in judged}) >= 3
    assert any(abs(neighbour.distance) <= 2 for one in judged for neighbour in one.neighbours)


def test_every_share_has_a_source_or_says_why_it_is_assumed() -> None:
    for row in proportions.table():
        assert bool(row.source) != row.assumption, row.id
        assert bool(row.why) == row.assumption, row.id
        shares = [share for name, share in row.values.items() if name]
        if row.id in {"gender", "sentence-type", "rosh", "report-type", "sentence", "allocated-to", "managed-by"}:
            assert sum(shares) == pytest.approx(1), row.id


@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_evidence_answers_items_of_the_list_and_opens(kind: str) -> None:
    asked = {item.id for item in PACK.evidence.items if kind in item.kinds}
    papers = evidence.papers_of(kind)
    assert len(papers) >= 12
    for paper in papers:
        assert paper.item in asked
        kept = (make_files.FILES / kind.lower() / "evidence" / paper.file_name).read_bytes()
        if paper.file_name.endswith(".pdf"):
            assert kept.startswith(b"%PDF-1.4")
            start = int(kept.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
            assert kept[start : start + 4] == b"xref"
        else:
            assert len(kept) > 100


def test_all_files_together_are_small() -> None:
    assert sum(one.stat().st_size for one in make_files.FILES.rglob("*") if one.is_file()) < 3_000_000


def planted(kind: str) -> Any:
    return json.loads((make_files.FILES / kind / "domain-two-as-first-received.json").read_text(encoding="utf-8"))


def text(cell: Any) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)
