"""What stands above single inspections, in the browser: consistency, framework replay and national results.

Given a decision that its panel locked, when the head of methodology rates it again under other figures, by keyboard
alone, then the page says what moved and why; and its figures are nowhere national before its report is published.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Person, copied

pytestmark = pytest.mark.journey
NAMES = ("Jerome Haldanby", "Isaura Penhallick", "Solomon Keld")


@pytest.fixture(scope="module")
def product(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied(loaded, tmp_path_factory.mktemp("own")) as address:
        yield address


def a_locked_decision(somebody: Person) -> None:
    """The panel of the CRC accepts what is proposed, and its chair locks the decision."""
    page = somebody.page
    somebody.is_now("lead-inspector.crc")
    where = page.locator("a[href^='/inspections/']").first.get_attribute("href") or ""
    panel = f"{somebody.address}/inspections/{where.split('/')[2]}/panel/"
    somebody.is_now("director-of-operations")
    page.goto(panel)
    page.get_by_role("button", name="Open the ratings panel").click()
    for name in NAMES:
        page.get_by_label(name).check(force=True)
    somebody.presses("Record who sits")
    for standard, rating in (("1.1", "good"), ("1.2", "requires-improvement"), ("1.3", "good"), ("1.4", "good")):
        page.goto(f"{panel}{standard}/")
        page.locator(f"input[name=rating][value={rating}]").check(force=True)
        page.get_by_role("button", name="Record the decision").click()
    page.goto(f"{panel}decision/")
    page.get_by_role("button", name="Sign and lock the decision").click()


def test_other_figures_are_tried_and_nothing_national_is_told_before_its_time(somebody: Person) -> None:
    page = somebody.page
    a_locked_decision(somebody)
    somebody.is_now("head-of-methodology")
    somebody.goes_to("/programme/replay/")
    field = page.get_by_label("Good from, per cent")
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("69")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    why = page.locator("details summary", has_text="2.2 Planning")
    why.focus()
    page.keyboard.press("Enter")
    somebody.sees("1 of 1", "2.2.1 Engagement: ", " of 98; Good before, Requires improvement now")
    somebody.look()
    somebody.goes_to("/programme/consistency/")
    somebody.sees("Inspections by rating", "Figures as a table")
    somebody.goes_to("/national/all/")
    somebody.sees("These figures hold 1 embargoed inspection")
    somebody.goes_to("/national/next/")
    somebody.is_now("lead-inspector.crc")
    somebody.goes_to("/national/")
    somebody.sees("No edition is published for this year.")
    somebody.does_not_see("68%")
