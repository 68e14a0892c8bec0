"""Each role on the imaginary CRC inspection: signs in with one click and opens everything that it is shown.

Given the inspection on the morning of its panel, when a person of a role follows the links of every page, then every
kind of page opens, is accessible, and fits a phone; and people of the inspected body meet no finding.
"""

import re
from html import unescape

import pytest

from inspectorate.demo import people
from tests.journeys.conftest import NAMES, Person, parts_of

pytestmark = pytest.mark.journey

PLAYERS = [player for player in people.players() if player.kind != "NPS" and player.number == 1]
NOT_FOLLOWED = ("/accounts/logout/", "/demonstration/", "/static/")
FILES = re.compile(
    r"\.(xlsx|csv|ics|json|docx|pdf)$|/template/$|/documents/|receipt/$|/inspected/$|/document/$|/file/$|/faults/$|/workbook/$"
)
# One form for each document asked for and each date of the plan: the first is opened.
EACH = re.compile(r"/(evidence/give|plan|dates)/[^/]+/")
LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
FINDINGS = ("Indicative ratings", "Within the panel", "Proposed ratings", "answered yes")


def follow(somebody: Person) -> list[str]:
    """Asks for one page of every kind that can be reached from the first page; gives what can be read there.

    The browser opens those with a part that nobody has looked at yet on a page of this kind.
    """
    seen: set[str] = set()
    waiting, texts = ["/"], []
    while waiting:
        path = waiting.pop(0)
        kind = EACH.sub(r"/\1/*/", NAMES.sub("*", path.split("?")[0]))
        if kind in seen or path.startswith(NOT_FOLLOWED) or FILES.search(path.split("?")[0]):
            continue
        seen.add(kind)
        answer = somebody.page.request.get(somebody.address + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        page = answer.text()
        if somebody.seen.is_new(*parts_of(kind, page)):
            somebody.page.goto(somebody.address + path)
            somebody.look(again=True)
        main = page.partition("<main")[2].partition("</main>")[0]
        texts.append(unescape(re.sub("<[^>]+>", " ", main)))
        waiting.extend(unescape(href).split("#")[0] for href in LINK.findall(page))
    return texts


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.role)
def test_everything_that_a_role_is_shown_opens_and_fits(somebody: Person, player: people.Player) -> None:
    somebody.is_on_the_morning_of_the_panel()
    somebody.is_now(player.email.split("@")[0])
    read = follow(somebody)
    assert read
    if player.role in ("link-manager", "senior-leader", "body-staff", "responsible-officer"):
        for text in read:
            for finding in FINDINGS:
                assert finding not in text


def test_the_first_page_can_be_used_with_the_keyboard_alone(somebody: Person) -> None:
    somebody.page.goto(somebody.address + "/accounts/login/")
    somebody.page.keyboard.press("Tab")
    assert somebody.page.evaluate("document.activeElement.innerText") == "Skip to main content"
    somebody.page.keyboard.press("Enter")
    for _ in range(3):
        somebody.page.keyboard.press("Tab")
        if somebody.page.evaluate("document.activeElement.name") == "login":
            break
    somebody.page.keyboard.type("lead-inspector.crc@demonstration.example")
    somebody.page.keyboard.press("Tab")
    somebody.page.keyboard.type(people.PASSWORD)
    with somebody.page.expect_navigation():
        somebody.page.keyboard.press("Enter")
    somebody.sees("My work", "Estuary and Moors CRC")
