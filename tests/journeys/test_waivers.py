"""Faults that cannot be mended, in the browser: told, waived with a reason, listed, and the list accepted.

Given an inspection of its own, when the administrator waives what the body cannot mend, then the list is ready, and the
page says for ever what was waived; and the lead names who may read limited-access cases.
"""

from datetime import date

import pytest
from playwright.sync_api import FilePayload, expect

from inspectorate.demo import people
from tests.journeys.conftest import Person
from tests.sampling.conftest import as_csv, specification, table

pytestmark = pytest.mark.journey

WHY = "The papers of these cases were lost in a flood"
NAMES = {player.role: player.name for player in people.players() if player.kind == "NPS" and player.number == 1}


def planned(somebody: Person) -> str:
    """A new inspection with the NPS team; its address."""
    somebody.is_now("head-of-inspection")
    somebody.goes_to("/programme/new/")
    page = somebody.page
    page.select_option("[name=body]", label="Northumbria CRC")
    for part, value in (("day", 4), ("month", 11), ("year", 2019)):
        page.fill(f"[name=fieldwork-{part}]", str(value))
    page.locator("input[name=nation][value=england]").check(force=True)
    for field, role in (("lead", "lead-inspector"), ("deputy", "deputy-lead-inspector"), ("administrator",) * 2):
        page.select_option(f"[name={field}]", label=NAMES[role])
    somebody.presses("Plan the inspection")
    if page.get_by_role("button", name="Plan it all the same").count():
        somebody.presses("Plan it all the same")
    return page.url.removeprefix(somebody.address).split("team/")[0]


def waits_until_read(somebody: Person) -> None:
    expect(somebody.page.get_by_text("The list is being read")).to_have_count(0, timeout=60_000)
    somebody.look()


def a_list() -> FilePayload:
    """Thirty cases: two birthdays that nobody knows, and one risk that was never assessed."""
    rows, places = table(specification(), 30, date(2019, 11, 4)), [one.id for one in specification().columns]
    for row, column, value in ((3, "date-of-birth", "lost"), (9, "date-of-birth", "lost"), (12, "rosh", "TBC")):
        rows[row][places.index(column)] = value
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": as_csv(rows).read()}


def test_the_administrator_waives_what_cannot_be_mended_and_accepts_the_list(somebody: Person) -> None:
    somebody.is_on_the_morning_of_the_panel()
    inspection, page = planned(somebody), somebody.page
    somebody.is_now("administrator.nps")
    somebody.goes_to(inspection + "long-lists/")
    form = page.locator("form[action$='/domain-two/give/']")
    form.locator("input[type=file]").set_input_files(a_list())
    form.locator("button[type=submit]").click()
    waits_until_read(somebody)
    somebody.sees("3 faults", "Where the body cannot mend a fault, waive it")
    for outcome in ("as-written", "left-out"):
        somebody.opens("waive it")
        page.locator("tbody a").first.click()
        somebody.look()
        page.locator(f"input[name=outcome][value={outcome}]").check(force=True)
        if page.locator("input[name=which]").count():
            page.locator("input[name=which][value=all]").check(force=True)
        page.fill("[name=reason]", WHY)
        somebody.presses("Waive")
        waits_until_read(somebody)
    somebody.sees("Faults that were waived", WHY, "Row left out", "Taken as it is", "lost")
    somebody.presses_and_waits_for("Accept the list", "The list is accepted with 29 cases.")
    somebody.sees("Faults that were waived", WHY)
    somebody.does_not_see("waive it")
    somebody.is_now("lead-inspector.nps")
    somebody.goes_to(inspection + "long-lists/")
    somebody.opens("Limited-access cases")
    page.select_option("[name=reader]", label=NAMES["administrator"])
    page.fill("[name=reason]", "Makes the schedule")
    somebody.presses("Name this reader")
    somebody.sees(f"{NAMES['administrator']} is a named reader now.", "Makes the schedule")
    somebody.presses(f"End for {NAMES['administrator']}")
    somebody.sees("Nobody is named.", "Earlier readers")
