"""An alert in a browser: raised from a case in two taps, also without a connection, and followed to its closing."""

import contextlib
import re
import time

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey
WHAT = "He said that he will be at her door tonight"
KEY_TAKES = 60  # thousandths of a second: somebody who types fast and does not pause
# Everything that lies in this browser, as text.
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("inspectorate");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("waiting").objectStore("waiting").getAll();
    const text = (one) => String.fromCharCode(...new Uint8Array(one.locked));
    rows.onsuccess = () => done(JSON.stringify([rows.result.map(text), {...localStorage}, {...sessionStorage}]));
  };
})"""


# Whether this page was given the key: what is written from then on is on the device before it is sent.
HAS_KEY = r"""async () => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const unsent = loaded.find((name) => /\/unsent(\.[^/]*)?\.js$/.test(name));
  return Boolean(unsent && (await import(unsent)).unsent.session.key);
}"""


def waits_for_the_key(page: Page) -> None:
    until = time.monotonic() + 20
    while not page.evaluate(HAS_KEY):
        assert time.monotonic() < until, "the page was given no key"


def writes(somebody: Person) -> None:
    """Fills the form that opened over the page, and sends it."""
    form = somebody.page.get_by_role("dialog")
    form.get_by_label("Danger to life").check()
    form.get_by_label("What might happen if nothing is done?").fill(WHAT)
    form.get_by_label("Likely", exact=True).check()
    form.get_by_label("Now or today").check()
    form.get_by_role("button", name="Raise the alert").click()


def another_tab(page: Page) -> Page:
    """The page's process dies; what it held in its memory only is gone."""
    new = page.context.new_page()
    with contextlib.suppress(BrowserError):
        page.goto("chrome://crash", timeout=3000)
    page.close()
    return new


def test_from_two_taps_on_a_case_to_the_closing_by_another_person(somebody: Person) -> None:
    somebody.is_now("assistant-inspector.crc")
    somebody.moves_the_clock_to(18, 6, 2019, "14:00")
    somebody.is_now("assistant-inspector.crc")
    line, page = somebody.page.locator("#alert-line"), somebody.page
    somebody.opens("Domain two case")
    waits_for_the_key(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Raise an alert").press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("Raise an alert about this case")
    writes(somebody)
    expect(line).to_contain_text("1 alert is not sent. There is no connection. On this device")
    assert WHAT not in page.evaluate(KEPT)
    page = somebody.page = another_tab(page)
    somebody.listen()
    page.context.set_offline(False)
    somebody.signs_in("assistant-inspector.crc")
    line = page.locator("#alert-line")
    expect(line).to_contain_text("The server received the alert")
    somebody.complaints.clear()  # the browser's own word that the line was cut
    somebody.opens("Open the alert")
    somebody.sees("Alert about domain two case", "Not acknowledged", WHAT)
    address = page.url.removeprefix(somebody.address)
    somebody.is_now("deputy-lead-inspector.crc")
    somebody.goes_to("/")
    somebody.sees("Alerts that wait for you", "Danger to life")
    assert page.get_by_role("link", name="Danger to life").count() == 1
    somebody.goes_to(address)
    somebody.presses("Acknowledge the alert")
    somebody.opens("Tell an organisation")
    page.get_by_label("Who was told").fill("Head of the area")
    page.get_by_label("How, when and what you asked them to do").fill("By telephone at 2:10pm")
    page.get_by_label("Case reference").check()
    somebody.presses("Tell an organisation")
    somebody.sees("Passed on: case reference")
    somebody.opens("Record what the organisation did")
    page.get_by_label("What the organisation did").fill("A visit at three")
    somebody.presses("What the organisation did")
    somebody.sees("You cannot close it yet", "There is no assurance with evidence.")
    somebody.opens("Record assurance with evidence")
    page.get_by_label("What you are assured of").fill("She is safe")
    page.set_input_files("input[type=file]", {"name": "visit.txt", "mimeType": "text/plain", "buffer": b"She is safe"})
    somebody.presses("Assurance with evidence")
    somebody.opens("Close the alert")
    somebody.presses("Close the alert")
    somebody.sees("The alert is closed.", "visit.txt")
    somebody.is_now("assistant-inspector.crc")
    somebody.goes_to(address)
    somebody.sees("Closed", "Head of the area")


def test_an_alert_is_two_taps_from_my_work_without_a_line(somebody: Person) -> None:
    page = somebody.page
    somebody.moves_the_clock_to(18, 6, 2019, "14:00")
    somebody.is_now("assistant-inspector.crc")
    waits_for_the_key(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Raise an alert on Estuary and Moors CRC").click()
    expect(page.get_by_role("dialog")).to_contain_text("Raise an alert on Estuary and Moors CRC")
    writes(somebody)
    expect(page.locator("#alert-line")).to_contain_text("1 alert is not sent. There is no connection. On this device")
    page.context.set_offline(False)
    expect(page.locator("#alert-line")).to_contain_text("The server received the alert")
    somebody.complaints.clear()  # the browser's own word that the line was cut
    somebody.opens("Open the alert")
    somebody.sees("Not acknowledged", WHAT)


def test_an_alert_is_two_taps_from_pages_of_no_inspection_and_what_is_typed_outlives_the_tab(somebody: Person) -> None:
    page = somebody.page
    somebody.moves_the_clock_to(18, 6, 2019, "14:00")
    somebody.is_now("lead-inspector.crc")
    somebody.goes_to("/programme/")
    waits_for_the_key(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Raise an alert").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Danger to life").check()
    form.get_by_label("What might happen if nothing is done?").press_sequentially(WHAT, delay=KEY_TAKES)
    assert WHAT[:5] not in page.evaluate(KEPT)
    page = somebody.page = another_tab(page)
    somebody.listen()
    page.context.set_offline(False)
    somebody.goes_to("/programme/")
    page.get_by_role("button", name="Raise an alert").click()
    what = page.get_by_role("dialog").get_by_label("What might happen if nothing is done?")
    expect(what).to_have_value(re.compile("^" + WHAT[: len(WHAT) - 1000 // KEY_TAKES]))
    assert WHAT.startswith(what.input_value())
    expect(page.get_by_role("dialog").get_by_label("Danger to life")).to_be_checked()
    writes(somebody)
    expect(page.locator("#alert-line")).to_contain_text("The server received the alert")
    somebody.complaints.clear()
    page.reload()
    waits_for_the_key(page)
    page.get_by_role("button", name="Raise an alert").click()
    page.wait_for_timeout(1000)  # what was kept would be filled in by now
    expect(page.get_by_role("dialog").get_by_label("What might happen if nothing is done?")).to_have_value("")


def test_who_inspects_two_bodies_says_of_which_the_alert_is(somebody: Person) -> None:
    page = somebody.page
    somebody.moves_the_clock_to(18, 6, 2019, "14:00")
    somebody.is_now("administrator.nps")
    somebody.opens("Northern Vales")
    somebody.goes_to(re.search(r"/inspections/[^/]+/", page.url)[0] + "team/")  # type: ignore[index]
    page.get_by_label("Role").select_option(label="Assistant inspector")
    page.get_by_label("E-mail address").fill("assistant-inspector-2.crc@demonstration.example")
    page.get_by_label("Full name").fill("Averil Stonechat")
    somebody.presses("Add to the team")
    somebody.signs_in("assistant-inspector-2.crc")
    somebody.goes_to("/")
    page.locator("header").get_by_role("button", name="Raise an alert").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Which inspection is it about?").select_option(index=2)
    body = form.locator("option").nth(2).inner_text().split(",")[0]
    writes(somebody)
    somebody.opens("Open the alert")
    somebody.sees(body, "Not acknowledged", WHAT)
