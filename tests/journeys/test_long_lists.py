"""Long lists in the browser: days asked for, a number noted, two versions compared, and the receipt that a body keeps.

Given the imaginary inspections, when the administrator asks the division for other days and notes a number, and the
link manager of the CRC looks back at the lists that were sent, then each reads what was asked and what was accepted.
"""

import hashlib
import json
import re

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import FILES, Person

pytestmark = pytest.mark.journey


def lists_of(somebody: Person, body: str) -> str:
    """Opens the long lists of an inspection by way of the pages; gives their address."""
    somebody.goes_to("/")
    somebody.page.locator(f"a[href^='/inspections/']:has-text('{body}')").first.click()
    found = re.match(r"/inspections/[0-9a-f-]{36}/", somebody.page.url.removeprefix(somebody.address))
    assert found
    somebody.goes_to(found[0] + "long-lists/")
    return found[0] + "long-lists/"


def fill_date(page: Page, name: str, day: int, month: int, year: int) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.fill(f"input[name='{name}-{part}']", str(value))


def test_the_administrator_asks_for_other_days_and_notes_a_number(somebody: Person) -> None:
    somebody.is_on_the_morning_of_the_panel()
    somebody.is_now("administrator.nps")
    lists_of(somebody, "Northern Vales")
    somebody.sees("Saturday 2 February 2019 to Friday 1 March 2019.", "Monday 29 July 2019 to Sunday 4 August 2019.")
    somebody.opens("Ask for other days for Statutory victim contact")
    somebody.sees("The manual names these days (6.1e).")
    fill_date(somebody.page, "first_day", 1, 2, 2019)
    fill_date(somebody.page, "last_day", 9, 9, 2019)
    somebody.page.fill("[name=reason]", "The division counts by calendar month")
    somebody.presses("Change the days")
    somebody.sees("The last day must lie before fieldwork begins")
    fill_date(somebody.page, "last_day", 1, 3, 2019)
    somebody.presses("Change the days")
    somebody.sees("Friday 1 February 2019 to Friday 1 March 2019.", "The division counts by calendar month")
    somebody.opens("note how many cases are expected for Court reports and allocation")
    somebody.page.fill("[name=cases]", "640")
    somebody.page.fill("[name=source]", "The division's own count")
    somebody.presses("Note the number")
    somebody.sees("The number is noted.")


def test_the_link_manager_compares_versions_and_keeps_the_receipt(somebody: Person) -> None:
    somebody.is_on_the_morning_of_the_panel()
    somebody.is_now("link-manager.crc")
    lists_of(somebody, "Estuary and Moors")
    somebody.opens("Compare domain-two.xlsx with the version before")
    somebody.sees("Two versions side by side", "36 faults", "rows changed", "Gender: X? now Male")
    somebody.page.go_back()
    somebody.opens("domain-two.xlsx")
    somebody.sees("Receipt", "It names nobody on the list.")
    somebody.does_not_see("Count against expectation")
    with somebody.page.expect_download() as coming:
        somebody.page.get_by_role("link", name="Download the receipt (.json)").click()
    receipt = json.loads(coming.value.path().read_text("utf-8"))
    sent = (FILES / "crc" / "domain-two.xlsx").read_bytes()
    assert receipt["file"]["sha256"] == hashlib.sha256(sent).hexdigest()
    assert receipt["counts"]["cases"] == 2400


def test_the_administrator_reads_the_count_beside_what_was_expected(somebody: Person) -> None:
    somebody.is_on_the_morning_of_the_panel()
    somebody.is_now("administrator.crc")
    lists_of(somebody, "Estuary and Moors")
    somebody.opens("domain-two.xlsx")
    somebody.sees("Count against expectation", "2,400 on the list", "50 cases (2%) fewer than expected")
    somebody.does_not_see("is worth a question to the inspected body")
