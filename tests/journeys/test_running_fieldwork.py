"""The days of the fieldwork in a browser, as the assistant inspector, the deputy and the lead live them.

Given a CRC inspection whose cases are judged, when the deputy has a case looked at again, somebody is not well and the
lead meets a group, then each is told what concerns them, and what stood before still stands.
"""

import pytest

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey
NOTE = "The plan names no contact with the school."


def sends(somebody: Person, button: str) -> None:
    """Presses a button and waits for the page that it leads to, also where the address stays the same."""
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("button", name=button, exact=True).first.click()
    somebody.look()


def unfolds(somebody: Person, summary: str) -> None:
    """Opens what is folded away under these words, by keyboard."""
    somebody.page.locator("summary", has_text=summary).first.press("Enter")


def test_the_deputy_has_a_case_looked_at_again_and_the_inspector_does(somebody: Person) -> None:
    page = somebody.page
    somebody.moves_the_clock_to(18, 6, 2019, "14:00")
    somebody.is_now("assistant-inspector.crc")
    somebody.opens("Domain two case")
    case = page.url.removeprefix(somebody.address)
    somebody.is_now("deputy-lead-inspector.crc")
    somebody.goes_to(case + "quality/")
    unfolds(somebody, "Leave a note on an answer")
    page.locator("details[open] select").select_option("2.2.1")
    page.locator("details[open] textarea").fill(NOTE)
    sends(somebody, "Leave the note")
    unfolds(somebody, "Open the case again")
    sends(somebody, "Open the case again")
    somebody.sees("There is a problem")
    page.locator("details[open] textarea").fill("One more look at the planning.")
    sends(somebody, "Open the case again")
    somebody.sees("One more look at the planning.", NOTE)
    somebody.is_now("assistant-inspector.crc")
    somebody.goes_to(case)
    somebody.sees("1 open note")
    sends(somebody, "Submit the case")
    somebody.goes_to(case + "quality/")
    unfolds(somebody, "Reply or resolve")
    page.locator("details[open] textarea").fill("It is in the second plan.")
    sends(somebody, "Resolve")
    somebody.sees("Resolved", "It is in the second plan.")
    somebody.does_not_see("Open the case again", "Note a check")


def test_an_assistant_inspector_raises_a_matter_and_writes_to_the_deputy(somebody: Person) -> None:
    page = somebody.page
    somebody.is_now("assistant-inspector.crc")
    somebody.opens("Domain two case")
    somebody.opens("Raise a matter about this case")
    page.get_by_label("With the CRC, should be with the NPS").check()
    page.locator("main textarea").fill("High risk throughout. I told the officer's manager.")
    sends(somebody, "Raise the matter")
    somebody.sees("The matter is raised. You can go on with the case.", "asks that the case is re-allocated to the NPS")
    somebody.opens("Fieldwork")
    somebody.opens("Welfare")
    page.locator("main textarea").fill("Two hard files in a row.")
    sends(somebody, "Send to the deputy lead inspector")
    address = page.url.removeprefix(somebody.address)
    somebody.is_now("deputy-lead-inspector.crc")
    somebody.goes_to(address)
    page.get_by_label("Answer").first.fill("The next one goes to me.")
    sends(somebody, "Answer")
    somebody.is_now("assistant-inspector.crc")
    somebody.goes_to(address)
    somebody.sees("Two hard files in a row.", "The next one goes to me.")


def test_the_lead_records_a_group_with_its_managers_and_what_it_showed(somebody: Person) -> None:
    page = somebody.page
    somebody.is_now("lead-inspector.crc")
    somebody.opens("Estuary and Moors CRC")
    somebody.opens("Fieldwork")
    somebody.opens("Precision")
    somebody.sees("Domain two: case supervision", "points at 80% confidence")
    somebody.opens("Domain one")
    somebody.sees("1.2.2 Skills: There is no evidence yet.")
    somebody.opens("Meetings")
    page.get_by_label("Which meeting").select_option("Responsible officers")
    for part, value in (("day", 13), ("month", 6), ("year", 2019)):
        page.fill(f"input[name=held_on-{part}]", str(value))
    page.get_by_label("How many took part").fill("4")
    page.get_by_role("group", name="Were they all of one grade").get_by_label("No").check()
    page.get_by_role("group", name="Was a line manager").get_by_label("Yes").check()
    sends(somebody, "Record the meeting")
    somebody.sees("4 people; a group has 6 to 10.", "line manager")
    somebody.opens("Evidence")
    page.get_by_label("Key question or prompt").select_option("1.2.2")
    page.get_by_label("Focus group").check()
    page.get_by_label("Against", exact=True).check()
    page.get_by_label("What the evidence says").fill("Nobody was trained for work with women.")
    sends(somebody, "Note the evidence")
    somebody.sees("1.2.2 Skills: All evidence is of one kind: focus-group.", "Nobody was trained for work with women.")
