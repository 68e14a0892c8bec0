"""The faulty list is read as it is written down beside it: every planted fault is named, and nothing else is."""

import json
from datetime import date

import pytest

from inspectorate.demo import make_files
from inspectorate.methodology import pack as packs
from inspectorate.sampling.reading import read_file

GIVEN_ON = date(2019, 8, 1)


@pytest.mark.parametrize("kind", ["crc", "nps"])
def test_every_planted_fault_is_named_and_no_other(kind: str) -> None:
    specified = packs.load(make_files.PACK).sampling.case_list("domain-two")
    read = read_file(specified, make_files.FILES / kind / "domain-two-as-first-received.xlsx", GIVEN_ON)
    said = json.loads((make_files.FILES / kind / "domain-two-as-first-received.json").read_text(encoding="utf-8"))
    assert read.heading.row == said["header_row"]
    planted = {(one["row"], one["header"], one["value"].strip()) for one in said["faults"]}
    assert {(fault.row, fault.column, fault.value) for fault in read.checked.faults} == planted
    assert [row for row, _ in read.checked.left_out] == [said["blank_row"], said["totals_row"]]
    assert not read.checked.cases


@pytest.mark.parametrize(("kind", "name"), [("crc", "domain-two"), ("nps", "domain-two"), ("nps", "court-reports")])
def test_the_good_lists_are_read_without_a_fault(kind: str, name: str) -> None:
    specified = packs.load(make_files.PACK).sampling.case_list(name)
    for ending in ("", "-libreoffice") if name == "domain-two" else ("",):
        read = read_file(specified, make_files.FILES / kind / f"{name}{ending}.xlsx", GIVEN_ON)
        assert read.checked.faults == ()
        assert len(read.checked.cases) == read.checked.rows > 100
