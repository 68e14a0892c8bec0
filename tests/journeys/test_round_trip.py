"""Chapter 4.4, stages 3 and 4, in the browser: the link manager by sheet, then administrator and lead inspector.

On data of its own: the CRC of the demonstration in week -6, with its provisional samples drawn.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from inspectorate.documents.spreadsheets import Column, WrittenSheet, read_table, write_workbook
from tests.journeys.conftest import HOUSE, Person, started

pytestmark = pytest.mark.journey

AS_FAR_AS_DRAWN = """
from inspectorate.demo import load, the_samples
crc = load.CRC_STAGES[: load.CRC_STAGES.index(the_samples.draw_samples) + 1]
load.load({"CRC": crc, "NPS": load.NPS_STAGES})
"""
HERE: dict[str, str] = {}


@pytest.fixture(scope="module")
def product(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demonstration whose CRC has been carried as far as its provisional samples."""
    var = tmp_path_factory.mktemp("own") / "var"
    shutil.copytree(tables, var)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INSPECTORATE_", "DATABASE_"))}
    mine = kept | {"INSPECTORATE_VAR": str(var), "INSPECTORATE_DEMONSTRATION": "1"}
    draw = [sys.executable, "manage.py", "shell", "--no-imports", "--command", AS_FAR_AS_DRAWN]
    subprocess.run(draw, cwd=HOUSE, env=mine, check=True, timeout=240)
    with started(var, tmp_path_factory.mktemp("log") / "server.log", prepared=True) as address:
        yield address


def opens_the_samples(somebody: Person, role: str) -> None:
    somebody.is_now(f"{role}.crc")
    if not HERE:
        somebody.opens("Estuary and Moors")
        HERE["samples"] = somebody.page.url.removeprefix(somebody.address) + "samples/"
    somebody.goes_to(HERE["samples"])


def within(somebody: Person, link: str) -> None:
    """Follows a link of the domain two list."""
    somebody.page.locator("section[aria-labelledby=domain-two]").get_by_role("link", name=link).first.click()
    somebody.look()


def filled_in(somebody: Person, kept: Path) -> tuple[list[str], Path]:
    """The sheet as it is downloaded, with four exclusions and an absence; the excluded cases, and the file."""
    with somebody.page.expect_download() as download:
        somebody.page.get_by_role("link", name="Download the sheet").click()
    download.value.save_as(kept)
    table = read_table(kept)
    reasons = [row[0] for sheet in table.sheets if sheet.hidden for row in sheet.rows if row]
    pages = {sheet.name: [[*row, *[None] * (8 - len(row))] for row in sheet.rows] for sheet in table.sheets}
    rows = pages["Exclusions"]
    for row in rows[1:5]:
        row[5] = reasons[0]
    pages["Officers away"][1][1:4] = [date(2019, 6, 11), date(2019, 6, 12), "Training"]
    sheets = [
        WrittenSheet(name, tuple(Column(str(cell)) for cell in found[0] if cell is not None), found[1:])
        for name, found in pages.items()
        if name != "Lists"
    ]
    back = kept.with_name("back.xlsx")
    write_workbook(back, sheets)
    return [str(row[0]) for row in rows[1:5]], back


def test_the_link_manager_returns_the_sample_by_sheet(somebody: Person, tmp_path: Path) -> None:
    somebody.moves_the_clock_to(8, 5, 2019, "10am")
    opens_the_samples(somebody, "link-manager")
    somebody.sees("Due back by")
    within(somebody, "Provisional sample as a sheet")
    excluded, back = filled_in(somebody, tmp_path / "sheet.xlsx")
    somebody.page.set_input_files("input[type=file]", back)
    somebody.presses("Give the sheet")
    somebody.sees("4 marks would change", "Training", *excluded)
    somebody.presses("Use these marks")
    somebody.sees("The marks of the sheet are used.", "4 are marked as excluded")
    somebody.presses("Save and return the sample")
    somebody.sees("The sample is returned to the inspectorate.")
    HERE["excluded"] = excluded[0]


def test_the_administrator_refuses_one_and_accepts_the_others_and_confirms(somebody: Person) -> None:
    somebody.moves_the_clock_to(14, 5, 2019, "10am")
    opens_the_samples(somebody, "administrator")
    within(somebody, "Accept or refuse the exclusions")
    somebody.page.get_by_label(f"Answer to the exclusion of {HERE['excluded']}").select_option("refuse")
    somebody.presses("Save the answers")
    somebody.sees("There is a problem", f"Say why the exclusion of {HERE['excluded']} is refused")
    somebody.page.get_by_label(f"Why the exclusion of {HERE['excluded']} is refused").fill("It has a programme")
    somebody.presses("Save the answers")
    somebody.presses("Accept all that remain")
    somebody.sees("3 exclusions are accepted.")
    somebody.opens("Exclusion rate beside other inspections")
    somebody.sees("too few to compare with")
    opens_the_samples(somebody, "administrator")
    within(somebody, "Check and confirm the sample")
    somebody.sees("3 accepted, 1 refused")
    somebody.presses("Confirm the sample")
    somebody.sees("Your confirmation is noted.")


def test_the_lead_makes_it_final_and_the_body_reads_the_refusal(somebody: Person) -> None:
    opens_the_samples(somebody, "lead-inspector")
    within(somebody, "Check and confirm the sample")
    somebody.presses("Confirm the sample")
    somebody.sees("The final sample is confirmed.", HERE["excluded"])
    opens_the_samples(somebody, "link-manager")
    within(somebody, "Provisional sample with your exclusions")
    somebody.sees("Refused", "It has a programme")
