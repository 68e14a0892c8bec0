"""An inspector types while line, tab, browser, session, server and clock fail at random: nothing typed is lost.

Asserted all the time: what the page calls confirmed has its receipt on the server; what was typed a second before a tab
or the browser is killed is there again; five seconds after the line is back everything is on the server. CUTS raises
the number of cuts. Seen to fail with each of the planted faults at the end of this file.
"""

import contextlib
import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, Route, expect
from playwright.sync_api import Error as BrowserError

from tests.browser import QUIET, the_browser
from tests.drills.desk import PASSWORD, Desk

pytestmark = pytest.mark.journey

CUTS = int(os.environ.get("CUTS", "200"))
KEPT_AFTER, SENT_AFTER = 1.0, 5.0
NOTES = ("2.1.1:note", "2.1.2:note", "2.2.1:note")
CHOICES = ("2.1.1", "2.1.2a", "2.3.1")
ANSWERS = ("yes", "no", "na")
# How often each kind of cut comes, of a hundred; a killed browser and server take seconds to come back.
SHARES = {"line": 48, "deaf": 18, "clock": 16, "session": 7, "tab": 8, "browser": 1, "server": 2}
JUMP = """(offset) => {
  const Real = globalThis.RealDate ?? Date;
  globalThis.RealDate = Real;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + offset); }
    static now() { return Real.now() + offset; }
  };
}"""


TO_ITS_END = """(field) => {
  const [box] = document.getElementsByName(field);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}"""
# So many cuts before a power cut the server that takes over after it begins to read its code.
AHEAD = 20


MARKS = """() =>
  [...document.querySelectorAll("[data-mark]")].map((one) => `${one.dataset.mark}: ${one.textContent}`)"""


class Lost(AssertionError):
    """Something typed is not where it was said to be."""


class Inspector:
    """Somebody who types into one case, in a browser with a folder of its own that survives being killed."""

    def __init__(self, place: Desk, open_browser: Callable[[], BrowserContext], path: str, seed: str) -> None:
        self.desk, self.open_browser, self.path = place, open_browser, path
        self.chance = random.Random(seed)
        self.typed: dict[str, list[tuple[float, str]]] = {}
        self.confirmed: set[str] = set()
        self.words = self.tabs = 0
        self.said = None
        self.context = open_browser()
        self.page = self.context.new_page()
        self.sign_in()
        self.open()

    def sign_in(self) -> None:
        """As in another tab of the same browser."""
        request = self.context.request
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', request.get(self.login).text())
        if not token:  # a browser that was killed may have kept its session
            return
        form = {"csrfmiddlewaretoken": token[0], "login": self.desk.emails["assistant-inspector"], "password": PASSWORD}
        assert request.post(self.login, form=form, max_redirects=0).status == 302

    @property
    def login(self) -> str:
        return self.desk.address + "/accounts/login/"

    def open(self) -> None:
        self.page.goto(self.desk.address + self.path)
        expect(self.page.locator("#saved")).not_to_contain_text("Without script", timeout=10_000)

    def value(self, field: str) -> str:
        found = self.page.evaluate(
            "(field) => { const all = [...document.getElementsByName(field)];"
            "return all[0].type === 'radio' ? (all.find((one) => one.checked)?.value ?? '') : all[0].value; }",
            field,
        )
        return str(found)

    def type(self) -> None:
        """A word at the end of a note, or another answer."""
        if self.chance.random() < 0.7:
            field = self.chance.choice(NOTES)
            self.words += 1
            self.page.evaluate(TO_ITS_END, field)
            self.page.keyboard.type(f"w{self.words} ")
        else:
            field = self.chance.choice(CHOICES)
            radio = self.page.locator(f"input[name='{field}'][value={self.chance.choice(ANSWERS)}]")
            radio.evaluate("(one) => { one.focus(); one.click(); }")
        self.typed.setdefault(field, []).append((time.monotonic(), self.value(field)))

    def look(self) -> None:
        """What the page calls confirmed has a receipt."""
        shown = self.page.eval_on_selector_all("[data-mark=confirmed]", "all => all.map((one) => one.dataset.patch)")
        self.confirmed |= set(shown)
        without = self.confirmed - self.desk.receipts(sorted(self.confirmed))
        if without:
            raise Lost(f"{len(without)} changes are called confirmed and have no receipt")

    def settle(self) -> None:
        """The line is good: in five seconds all that was typed is on the server, and the page says so."""
        until = time.monotonic() + SENT_AFTER
        self.page.evaluate("dispatchEvent(new Event('online'))")
        while (missing := self.missing()) and time.monotonic() < until:
            time.sleep(0.05)
        if missing:
            raise Lost(f"not on the server: {missing}; the page says {self.page.locator('#saved').inner_text()!r}")
        self.look()

    def missing(self) -> dict[str, tuple[str, str]]:
        stands = self.desk.stands(self.path)
        last = {field: history[-1][1] for field, history in self.typed.items()}
        return {one: (text, stands.get(one, "")) for one, text in last.items() if stands.get(one, "") != text}

    def reopened(self, died: float) -> None:
        """After a death of the page: each field holds what was typed a second before, or later."""
        deadline = time.monotonic() + 5
        while old := self.too_old(died):
            if time.monotonic() > deadline:
                says = self.page.locator("#saved").inner_text()
                marks = self.page.evaluate(MARKS)
                server = {one: self.desk.stands(self.path).get(one, "")[-30:] for one in old}
                raise Lost(
                    f"typed more than a second before the page died, and not there: {old}; it said {self.said}, and "
                    f"says now {says!r} {marks}; on the server {server}"
                )
            time.sleep(0.05)
        for field in self.typed:
            self.typed[field] = [(died, self.value(field))]

    def too_old(self, died: float) -> dict[str, tuple[str, str]]:
        old = {}
        for field, history in self.typed.items():
            texts = [text for _, text in history]
            sure = [text for at, text in history if at <= died - KEPT_AFTER]
            now = self.value(field)
            if sure and not any(_between(sure[-1], now, later) for later in texts[len(sure) - 1 :]):
                old[field] = (sure[-1], now)
        return old

    # The cuts

    def cut_line(self) -> None:
        self.desk.line.down()
        self.type()
        time.sleep(self.chance.uniform(0, 0.1))
        self.look()
        self.desk.line.up()

    def cut_deaf(self) -> None:
        """What is sent arrives; its answer never comes back."""
        self.desk.line.deaf = True
        self.type()
        self.page.evaluate("document.activeElement.blur()")
        time.sleep(self.chance.uniform(0.02, 0.15))
        self.type()
        self.desk.line.down()
        self.desk.line.up()

    def cut_clock(self) -> None:
        self.page.evaluate(JUMP, self.chance.choice((-1, 1)) * self.chance.randrange(10**11))
        self.type()

    def cut_session(self) -> None:
        self.desk.end_sessions()
        self.type()
        self.page.evaluate("document.activeElement.blur()")
        self.type()
        self.look()
        self.sign_in()
        self.page.evaluate("dispatchEvent(new Event('focus'))")

    def cut_tab(self) -> None:
        """The page's process dies right after a word; every second time the line was cut a second before."""
        self.tabs += 1
        if self.tabs % 2:
            self.desk.line.down()
            self.type()
            time.sleep(KEPT_AFTER)
        self.type()
        self.said = self.page.evaluate(MARKS)
        died = time.monotonic()
        old, self.page = self.page, self.context.new_page()
        with contextlib.suppress(BrowserError):
            old.goto("chrome://crash", timeout=3000)
        old.close()
        self.desk.line.up()
        self.open()
        self.reopened(died)

    def cut_browser(self) -> None:
        self.desk.line.down()
        self.type()
        time.sleep(KEPT_AFTER)
        self.type()
        died = time.monotonic()
        kill_browser(self.desk.folder / "profile")
        self.desk.line.up()
        self.context = self.open_browser()
        self.page = self.context.new_page()
        self.sign_in()
        self.open()
        self.reopened(died)

    def cut_server(self) -> None:
        self.desk.kill()
        self.type()
        self.look()
        self.desk.start()

    def carry_on(self, cuts: int) -> Counter[str]:
        """So many cuts, and typing between them; everything is settled every few cuts and at the end."""
        deck = [kind for kind, share in SHARES.items() for _ in range(max(1, share * cuts // 100))]
        deck += ["line"] * (cuts - len(deck))
        self.chance.shuffle(deck)
        for number, kind in enumerate(deck, 1):
            self.type()
            if "server" in deck[number - 1 : number + AHEAD]:
                self.desk.start_soon()
            getattr(self, f"cut_{kind}")()
            if number % 10 == 0:
                self.settle()
        self.settle()
        return Counter(deck)


def _between(sure: str, now: str, later: str) -> bool:
    """Whether a text is the later one, or on the way to it from the sure one: the page may die within a word."""
    return now == later or (now.startswith(sure) and later.startswith(now) and bool(sure))


def kill_browser(profile: Path) -> None:
    """Ends the browser of this profile, which this test started, as a power cut would."""
    listed = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=False)
    for one in listed.stdout.split():
        try:
            os.kill(int(one), signal.SIGKILL)
        except ProcessLookupError:
            continue


@pytest.fixture
def open_browser(play: Playwright, place: Desk) -> Callable[[], BrowserContext]:
    def start() -> BrowserContext:
        context = play.chromium.launch_persistent_context(
            str(place.folder / "profile"), executable_path=the_browser(), args=list(QUIET)
        )
        context.set_default_timeout(15_000)
        return context

    return start


def test_nothing_is_lost_in_any_cut(place: Desk, open_browser: Callable[[], BrowserContext]) -> None:
    began = time.monotonic()
    asha = Inspector(place, open_browser, place.cases[0], "cuts")
    try:
        done = asha.carry_on(CUTS)
        waiting = asha.page.evaluate(WAITING)
    finally:
        asha.context.close()
    print(f"{done.total()} cuts in {time.monotonic() - began:.0f} s: {dict(done)}; {asha.words} words")
    assert done.total() == CUTS
    assert waiting == 0
    assert len(asha.confirmed) > CUTS / 4


def test_a_browser_killed_in_its_first_seconds_loses_nothing(
    place: Desk, open_browser: Callable[[], BrowserContext]
) -> None:
    """Found by the drill: what a browser is only told, and writes to the disk later, is lost with it."""
    asha = Inspector(place, open_browser, place.cases[-1], "first seconds")
    try:
        asha.type()
        asha.cut_browser()
        asha.settle()
    finally:
        asha.context.close()


WAITING = """() => new Promise((done) => {
  const asked = indexedDB.open("inspectorate");
  asked.onsuccess = () => {
    const count = asked.result.transaction("waiting").objectStore("waiting").count();
    count.onsuccess = () => done(count.result);
  };
})"""
# Each fault: the file of the page, what stands there, and what stands there instead.
FAULTS = {
    "confirmed without a receipt": (
        "sending",
        "if (!stands) {",
        "if (!stands) { for (const one of patches) await this.answered({ ...one, outcome: 'confirmed' }, one);",
    ),
    "nothing kept on the device": ("journal", 'this.keeps = storage === "on"', "this.keeps = false"),
    "a lost answer is not asked for again": ("sending", "      this.later();\n", "      this.waiting.clear();\n"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_drill_itself_can_fail(fault: str, place: Desk, chromium: Browser) -> None:
    name, stands, instead = FAULTS[fault]
    planted = []

    def plant(route: Route) -> None:
        text = route.fetch().text()
        assert stands in text
        planted.append(name)
        route.fulfill(body=text.replace(stands, instead), content_type="text/javascript")

    def start() -> BrowserContext:
        context = chromium.new_context(service_workers="block")
        context.route(re.compile(rf"/fieldwork/{name}\.[^/]*js$"), plant)
        return context

    asha = Inspector(place, start, place.cases[1 + list(FAULTS).index(fault)], fault)
    asha.cut_browser = asha.cut_tab  # type: ignore[method-assign]
    try:
        with pytest.raises(Lost):
            asha.carry_on(60)
    finally:
        asha.context.close()
        place.mend()
    assert planted
