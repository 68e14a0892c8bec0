"""One inspector answers one case on two devices whose lines are cut at random: every text typed stands in the end, or a
person dropped it with both texts in view. EDITS_ON_TWO raises the number of texts. The planted faults at the end are
found.
"""

import contextlib
import os
import random
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.drills.desk import PASSWORD, Desk, Line
from tests.journeys.test_nothing_is_lost import WAITING

pytestmark = pytest.mark.journey

EDITS = int(os.environ.get("EDITS_ON_TWO", "40"))
NOTES = ("2.1.1:note", "2.1.2:note")
SETTLED_WITHIN = 20.0
WAITS_FOR_A_PERSON = "() => Boolean(document.querySelector('.app-differ'))"
# Decides every question in one go, as [kept, dropped]: what is read is what stands there when the button is pressed.
DECIDE = """(mine) => [...document.querySelectorAll(".app-differ")].map((one, at) => {
  const texts = [one.dataset.mine, one.dataset.theirs], label = mine[at % mine.length] ? "Keep mine" : "Keep theirs";
  [...one.querySelectorAll("button")].find((button) => button.textContent === label).click();
  return label === "Keep mine" ? texts : texts.reverse();
})"""


class Device:
    """A browser with a line of its own."""

    def __init__(self, place: Desk, name: str, context: BrowserContext, path: str) -> None:
        self.name, self.line, self.context = name, Line(place.port), context
        self.page = context.new_page()
        address = f"http://127.0.0.1:{self.line.port}"
        login = f"{address}/accounts/login/"
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', context.request.get(login).text())[0]
        form = {"csrfmiddlewaretoken": token, "login": place.emails["assistant-inspector"], "password": PASSWORD}
        assert context.request.post(login, form=form, max_redirects=0).status == 302
        self.page.goto(address + path)
        expect(self.page.locator("#saved")).not_to_contain_text("Without script", timeout=10_000)

    def type(self, field: str, word: str) -> None:
        """A word in one go, between blanks: sent half written, it would grow together with what the other one adds."""
        self.page.locator(f"textarea[name='{field}']").press("Control+End")
        self.page.keyboard.insert_text(f" {self.name}{word} ")

    def decide(self, chance: random.Random) -> set[str]:
        """Decides every question on the page; the words that a person dropped with both texts in view."""
        dropped: set[str] = set()
        for kept, left in self.page.evaluate(DECIDE, [chance.random() < 0.5 for _ in NOTES]):
            dropped |= set(left.split()) - set(kept.split())
        return dropped

    @property
    def waits(self) -> bool:
        return bool(self.page.evaluate(WAITING)) or bool(self.page.evaluate(WAITS_FOR_A_PERSON))


def drill(place: Desk, path: str, devices: list[Device], edits: int) -> tuple[set[str], set[str]]:
    """Words that neither stand nor were dropped by a person, and those that were dropped."""
    chance = random.Random(f"two devices {edits}")
    typed, dropped = set(), set()
    for number in range(edits):
        one = chance.choice(devices)
        cut = chance.choice(("", "down", "down", "deaf"))
        if cut == "down":
            one.line.down()
        one.line.deaf = cut == "deaf"
        one.type(chance.choice(NOTES), str(number))
        typed.add(f"{one.name}{number}")
        if chance.random() < 0.4:
            one.page.evaluate("document.activeElement.blur()")
            time.sleep(chance.uniform(0, 0.15))
        if chance.random() < 0.4:
            one.line.up()
            one.page.evaluate("dispatchEvent(new Event('online'))")
            dropped |= one.decide(chance)
    for one in devices:
        one.line.up()
    until = time.monotonic() + SETTLED_WITHIN
    while any(one.waits for one in devices):
        assert time.monotonic() < until, [one.page.locator("#saved").inner_text() for one in devices]
        for one in devices:
            one.page.evaluate("dispatchEvent(new Event('online'))")
            dropped |= one.decide(chance)
        time.sleep(0.1)
    stands = place.stands(path)
    return typed - dropped - {word for note in NOTES for word in stands.get(note, "").split()}, dropped


@contextlib.contextmanager
def two(
    place: Desk, chromium: Browser, path: str, prepare: Callable[[BrowserContext], None] = lambda _: None
) -> Iterator[list[Device]]:
    contexts = [chromium.new_context(service_workers="block") for _ in range(2)]
    devices: list[Device] = []
    try:
        for name, context in zip("ab", contexts, strict=True):
            prepare(context)
            devices.append(Device(place, name, context, path))
        yield devices
    finally:
        for context in contexts:
            context.close()
        for one in devices:
            one.line.end()


def test_two_devices_lose_no_text(place: Desk, chromium: Browser) -> None:
    began, path = time.monotonic(), place.cases[-1]
    with two(place, chromium, path) as devices:
        lost, dropped = drill(place, path, devices, EDITS)
    print(f"{EDITS} texts in {time.monotonic() - began:.0f} s, {len(dropped)} of them dropped by a person who saw both")
    assert lost == set()
    assert dropped


ASKS = "      one.answer = answer;\n"
FAULTS = {
    "mine over theirs, nobody asked": f"{ASKS}      this.decide(one.field, one.value);\n",
    "theirs stands, nobody asked": f"{ASKS}      this.decide(one.field, answer.theirs);\n",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_drill_itself_can_fail(fault: str, place: Desk, chromium: Browser) -> None:
    planted = []

    def plant(route: Route) -> None:
        text = route.fetch().text()
        assert ASKS in text
        planted.append(fault)
        route.fulfill(body=text.replace(ASKS, FAULTS[fault]), content_type="text/javascript")

    def prepare(context: BrowserContext) -> None:
        context.route(re.compile(r"/fieldwork/sending\.[^/]*js$"), plant)

    path = place.cases[-2 - list(FAULTS).index(fault)]
    with two(place, chromium, path, prepare) as devices:
        lost, _ = drill(place, path, devices, 16)
    assert lost
    assert planted
