"""What an inspector sees of the journal on the device: cases without a line, signing out, another person, two windows.

Given a case that was opened, when line, session or person change, then the page says where each text is, and no text
lies readable on the disk.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import QUIET, the_browser
from tests.drills.desk import PASSWORD, Desk
from tests.journeys.test_nothing_is_lost import WAITING

pytestmark = pytest.mark.journey
SAYS = "#saved"
CANARY = "Canary-Of-The-Journal"
OPENED = """() => new Promise((done) => {
  const asked = indexedDB.open("inspectorate");
  asked.onsuccess = () => {
    const count = asked.result.transaction("opened").objectStore("opened").count();
    count.onsuccess = () => done(count.result);
  };
})"""


def note(page: Page, question: str = "2.3.2") -> object:
    return page.locator(f"textarea[name='{question}:note']")


@pytest.fixture
def browser(play: Playwright, place: Desk, tmp_path: Path) -> Iterator[BrowserContext]:
    place.line.up()
    context = play.chromium.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=the_browser(), args=list(QUIET)
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()
    place.line.up()


def sign_in(context: BrowserContext, place: Desk, role: str = "assistant-inspector") -> None:
    login, request = place.address + "/accounts/login/", context.request
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', request.get(login).text())[0]
    form = {"csrfmiddlewaretoken": token, "login": place.emails[role], "password": PASSWORD}
    assert request.post(login, form=form, max_redirects=0).status == 302


def case(context: BrowserContext, place: Desk, number: int = 5) -> Page:
    page = context.new_page()
    page.goto(place.address + place.cases[number])
    expect(page.locator(SAYS)).to_contain_text("Every change is")
    return page


def cases(place: Desk) -> str:
    return place.address + place.cases[0].rsplit("/", 2)[0] + "/?list=domain-two"


def test_a_case_that_was_opened_opens_without_a_line_and_its_copy_holds_everything(
    browser: BrowserContext, place: Desk
) -> None:
    sign_in(browser, place)
    page = case(browser, place)
    page.locator("[id='2.1.1-1']").check(force=True)
    expect(page.locator(SAYS)).to_contain_text("Confirmed by the server")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_timeout(500)
    place.line.down()
    page.goto(place.address + place.cases[4])
    expect(page.locator("#shell-says")).to_contain_text("These cases were, and open without a connection")
    page.get_by_role("link", name="Raise an alert about Case 6").click()
    expect(page.get_by_role("dialog")).to_contain_text("Raise an alert about this case")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator(SAYS)).to_contain_text("No connection")
    assert page.locator("[id='2.1.1-1']").is_checked()
    page.get_by_role("button", name="Raise an alert").click()
    expect(page.get_by_role("dialog")).to_contain_text("Raise an alert about this case")
    page.get_by_label("What might happen if nothing is done?").fill("From the train.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Raise an alert").click()
    for choice in ("Danger to life", "Likely", "Now or today"):
        page.get_by_label(choice, exact=True).check(force=True)
    page.get_by_role("dialog").get_by_role("button", name="Raise the alert").click()
    expect(page.locator("#alert-line")).to_contain_text("1 alert is not sent. There is no connection. On this device")
    page.reload()
    expect(page.locator("#alert-line")).to_contain_text("From the train.")
    note(page).fill("Typed in the train.")  # type: ignore[attr-defined]
    expect(page.locator(SAYS)).to_contain_text("On this device: 1 change.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_text("Keys, copies and this device").click()
    with page.expect_download() as told:
        page.get_by_role("button", name="Write an emergency copy").click()
    copy = json.loads(told.value.path().read_text())
    assert "readable form" in copy["warning"]
    assert copy["fields"]["2.3.2:note"]["value"] == "Typed in the train."
    assert copy["fields"]["2.1.1"]["state"] == "confirmed"
    place.line.up()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAYS)).to_contain_text("Confirmed by the server")
    assert place.stands(place.cases[5])["2.3.2:note"] == "Typed in the train."
    expect(page.locator("#alert-line")).to_contain_text("The server received the alert")


def test_another_person_reads_nothing_and_destroys_nothing(
    browser: BrowserContext, place: Desk, tmp_path: Path
) -> None:
    sign_in(browser, place)
    page = case(browser, place)
    place.line.down()
    note(page).fill(CANARY)  # type: ignore[attr-defined]
    expect(page.locator(SAYS)).to_contain_text("On this device: 1 change.")
    page.close()
    # The session ends while the line is still cut: what the browser was sending may yet arrive, and counts for nobody.
    place.end_sessions()
    browser.clear_cookies(name="sessionid")
    place.line.up()
    sign_in(browser, place, "lead-inspector")
    other = browser.new_page()
    other.goto(cases(place))
    waits = "Asha Quill: 1 change to a case, locked until Asha Quill signs in here"
    expect(other.locator("#waiting-here")).to_contain_text(waits)
    other.goto(place.address + "/accounts/logout/")
    other.locator("main").get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(re.compile("/accounts/login/"))
    assert other.evaluate(WAITING) == 1
    files = [path for path in (tmp_path / "profile").rglob("*") if path.is_file()]
    kept = {path for path in files for code in ("utf-8", "utf-16-le") if CANARY.encode(code) in path.read_bytes()}
    assert kept == set()
    assert place.stands(place.cases[5]).get("2.3.2:note") != CANARY
    sign_in(browser, place)
    other.goto(cases(place))
    expect(other.locator("#waiting-here")).to_be_hidden()
    other.wait_for_function("place => document.getElementById('waiting-here').hidden", arg=None)
    for _ in range(50):
        if place.stands(place.cases[5]).get("2.3.2:note") == CANARY:
            break
        other.wait_for_timeout(100)
    assert place.stands(place.cases[5])["2.3.2:note"] == CANARY


def test_signing_out_says_what_is_lost_and_leaves_nothing(browser: BrowserContext, place: Desk) -> None:
    sign_in(browser, place)
    page = case(browser, place, 4)
    place.line.down()
    note(page).fill("Never sent.")  # type: ignore[attr-defined]
    expect(page.locator(SAYS)).to_contain_text("On this device: 1 change.")
    page.close()
    place.line.up()
    leaving = browser.new_page()
    leaving.goto(place.address + "/accounts/logout/")
    expect(leaving.locator("#leaving")).to_contain_text("1 change to a case is on this device and not confirmed")
    assert leaving.evaluate(OPENED) == 1
    leaving.locator("main").get_by_role("button", name="Sign out").click()
    expect(leaving).to_have_url(re.compile("/accounts/login/"))
    assert leaving.evaluate(WAITING) == 0
    assert leaving.evaluate(OPENED) == 0


def test_nothing_is_kept_on_the_device_where_a_person_wants_it_so(browser: BrowserContext, place: Desk) -> None:
    sign_in(browser, place)
    page = case(browser, place, 3)
    page.get_by_text("Keys, copies and this device").click()
    page.get_by_role("button", name="Keep nothing of mine on this device").click()
    expect(page.locator(SAYS)).to_contain_text("Every change is held in this page only")
    place.line.down()
    note(page).fill("In memory.")  # type: ignore[attr-defined]
    expect(page.locator(SAYS)).to_contain_text("In this page only: 1 change.")
    assert page.evaluate(WAITING) == 0
    assert page.evaluate(OPENED) == 0
    place.line.up()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAYS)).to_contain_text("Confirmed by the server")


def test_two_windows_see_each_other_merge_and_ask(browser: BrowserContext, place: Desk) -> None:
    sign_in(browser, place)
    first = case(browser, place, 2)
    second = case(browser, place, 2)
    expect(second.locator("#others")).to_contain_text("Also open: You, in another window")
    note(first, "2.1.1").fill("From the first.")  # type: ignore[attr-defined]
    expect(first.locator(SAYS)).to_contain_text("Confirmed by the server")
    note(second, "2.1.2").fill("From the second.")  # type: ignore[attr-defined]
    expect(note(second, "2.1.1")).to_have_value("From the first.")  # type: ignore[arg-type]
    note(first, "2.1.2").fill("Also from the first.")  # type: ignore[attr-defined]
    expect(first.locator(".app-differ")).to_contain_text("From the second.")
    assert "waits for your decision" in first.locator(SAYS).inner_text()
    first.reload()
    expect(first.locator(".app-differ")).to_contain_text("Also from the first.")
    first.get_by_role("button", name="Keep mine").click()
    expect(first.locator(SAYS)).to_contain_text("Confirmed by the server")
    assert place.stands(place.cases[2])["2.1.2:note"] == "Also from the first."


def test_keys_can_be_switched_off_and_the_unanswered_are_found(browser: BrowserContext, place: Desk) -> None:
    sign_in(browser, place)
    page = case(browser, place, 1)
    page.get_by_role("button", name="Next unanswered").click()
    assert page.evaluate("document.activeElement.type") == "radio"
    page.get_by_text("Keys, copies and this device").click()
    page.locator("#keys").uncheck(force=True)
    page.locator("[id='2.1.3a-1']").focus()
    page.keyboard.press("n")
    assert not page.locator("[id='2.1.3a-2']").is_checked()
    page.locator("#keys").check(force=True)
    page.locator("[id='2.1.3a-1']").focus()
    page.keyboard.press("n")
    assert page.locator("[id='2.1.3a-2']").is_checked()
    page.get_by_role("button", name="Next unanswered").click()
    assert page.evaluate("document.activeElement.name") == "2.1.3b"
    expect(page.locator("#unanswered")).to_contain_text("unanswered")
