"""The product as a new user starts it, on data of its own, and a browser that looks at every page it meets."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError

from inspectorate.demo.people import PASSWORD
from tests.browser import QUIET, the_browser
from tests.drills.desk import Desk, desk, furnish, lay

HOUSE = Path(__file__).parents[2]
FILES = HOUSE / "inspectorate/demo/files"
NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
STARTS_WITHIN = 240
AXE = Axe()
WINDOW = {"width": 1280, "height": 900}
NARROW = (375, 320)  # a phone, and a window at 400% zoom
PART = re.compile(r'<(\w+)(?:\s(?:[^>]*?\s)?class="([^"]*)")?')
# Of parts that stand beside one another and look alike (rows of a table) axe reads three: contrast takes it long.
WRONG = """async () => {
  const folded = [];
  const shape = (one) => {
    const shapes = [...one.children].map(shape), met = new Map();
    for (const [at, child] of [...one.children].entries()) {
      met.set(shapes[at], (met.get(shapes[at]) ?? 0) + 1);
      if (met.get(shapes[at]) > 3) folded.push([child, child.style.display]);
    }
    return `${one.tagName} ${one.getAttribute("class")} ${one.getAttribute("role")} (${shapes})`;
  };
  shape(document.body);
  for (const [one] of folded) one.style.display = "none";
  try {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.map((one) => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`);
  } finally {
    for (const [one, was] of folded) one.style.display = was;
  }
}"""


# The longest come first; the third of them needs no demonstration and runs while that is made.
LONG = ("test_one_inspection.py", "test_every_role.py", "test_nothing_is_lost.py", "test_case_on_the_device.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Orders the journeys so that those who carry them out end at the same time."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def parts_of(kind: str, html: str) -> set[str]:
    """The parts (elements of a class) of a page of this kind: who may do more sees more of them."""
    return {f"{kind} {tag} {looks}" for tag, looks in PART.findall(html)}


class Seen:
    """What has been looked at already, by any of the processes that carry out journeys beside one another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def is_new(self, *things: str) -> bool:
        """Whether one of these is met for the first time; from now on none is."""
        met = [self._note(thing) for thing in things]
        return any(met)

    def _note(self, thing: str) -> bool:
        try:
            (self.folder / hashlib.sha256(thing.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


@dataclass
class Person:
    """Somebody at the browser: signs in with one click, reads, types; each new page is checked for accessibility."""

    page: Page
    address: str
    seen: Seen
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Everything that the browser complains of is kept: scripts that fail, rules of the content policy."""
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def is_now(self, email: str) -> None:
        """Signs in as a person of the demonstration: with one click where nobody clicked this button before, else by
        what that click sends."""
        if self.seen.is_new(f"button of {email}"):
            self.page.goto(self.address + "/demonstration/")
            row = self.page.locator(f"form:has(input[value='{email}@demonstration.example'])")
            self._follows(row.get_by_role("button").first)
            return
        self._sends("/demonstration/sign-in/", {"email": f"{email}@demonstration.example"})
        self.goes_to("/")

    def signs_in(self, email: str) -> None:
        """Signs in with the demonstration's password, as people do who have no button there."""
        self.page.context.clear_cookies()
        self.page.goto(self.address + "/accounts/login/")
        self.page.fill("input[name=login]", f"{email}@demonstration.example")
        self.page.fill("input[name=password]", PASSWORD)
        self._follows(self.page.get_by_role("button", name="Sign in"))

    def is_on_the_morning_of_the_panel(self) -> None:
        """Sets the clock as a new demonstration has it."""
        self.moves_the_clock_to(4, 7, 2019, "10:30")

    def moves_the_clock_to(self, day: int, month: int, year: int, at: str) -> None:
        """Sets the demonstration's clock: in its form the first time, else by what that sends; the browser then stays
        where it is."""
        typed = {"day-day": str(day), "day-month": str(month), "day-year": str(year), "time": at}
        if not self.seen.is_new("form of the clock"):
            self._sends("/demonstration/clock/", typed)
            return
        self.page.goto(self.address + "/demonstration/")
        form = self.page.locator("form:has(input[type=text][name$='-day'])").first
        for name, value in typed.items():
            form.locator(f"input[name={name}]").fill(value)
        self._follows(form.get_by_role("button"))

    def _sends(self, path: str, form: dict[str, str]) -> None:
        """What a form of the demonstration's page sends: that page is long, and would be read hundreds of times."""
        request = self.page.request
        if not self._token():
            request.get(self.address + "/accounts/login/")
        answer = request.post(self.address + path, form={**form, "csrfmiddlewaretoken": self._token()}, max_redirects=0)
        assert answer.status == 302, f"{path}: {answer.status}"

    def _token(self) -> str:
        kept = {one.get("name"): one.get("value") for one in self.page.context.cookies(self.address)}
        return kept.get("csrftoken") or ""

    def goes_to(self, path: str) -> None:
        """Opens an address of the product."""
        self.page.goto(self.address + path)
        self.look()

    def opens(self, link: str) -> None:
        """Follows the first link with this text."""
        self._follows(self.page.get_by_role("link", name=link).first)

    def presses(self, button: str) -> None:
        """Presses the first button with this text."""
        self._follows(self.page.get_by_role("button", name=button).first)

    def _follows(self, leads_on: Locator) -> None:
        """Clicks, and waits for the page that comes: a click alone is over before the browser leaves the old one."""
        with self.page.expect_navigation():
            leads_on.click()
        self.look()

    def presses_and_waits_for(self, button: str, text: str) -> None:
        """Presses a button after which work goes on in the background; the page looks again until it says this."""
        self.page.get_by_role("button", name=button).first.click()
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=60_000)
        self.look()

    def sees(self, *texts: str) -> None:
        """Each of the texts stands on the page; what stands there instead is shown when not."""
        seen = " ".join(self.page.locator("body").inner_text().split())
        for text in texts:
            assert text in seen, f"«{text}» is not on {self.page.url}: {seen[:3000]}"

    def does_not_see(self, *texts: str) -> None:
        """None of the texts stands on the page."""
        seen = " ".join(self.page.locator("body").inner_text().split())
        for text in texts:
            assert text not in seen, f"«{text}» is on {self.page.url}"

    def look(self, *, again: bool = False) -> None:
        """Checks a page with a part that was not checked yet on a page of its kind (or that is to be `again`) with axe;
        nothing may be wrong with it."""
        kind = NAMES.sub("*", self.page.url.removeprefix(self.address).split("?")[0])
        if not self.seen.is_new(*parts_of(kind, self.page.content())) and not again:
            return
        try:
            wrong = self._wrong()
        except BrowserError:  # the next page came while this one was looked at
            self.page.wait_for_load_state()
            wrong = self._wrong()
        assert wrong == [], f"{self.page.url}: {wrong}"
        for pixels in NARROW:
            self.page.set_viewport_size({"width": pixels, "height": 800})
            over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{self.page.url} scrolls sideways by {over} pixels at {pixels} pixels"
        self.page.set_viewport_size(WINDOW)

    def _wrong(self) -> list[str]:
        self.page.evaluate(AXE.axe_script)
        found: list[str] = self.page.evaluate(WRONG)
        return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2):
            return True
    except (URLError, OSError):
        return False


@contextlib.contextmanager
def started(var: Path, log: Path, *, prepared: bool = False) -> Iterator[str]:
    """Address of a demonstration on the data in `var`: started by script/server, or, where it has `prepared` them
    already, by what it starts then; ended afterwards."""
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INSPECTORATE_", "DATABASE_"))}
    mine = {"PORT": str(port), "INSPECTORATE_VAR": str(var), "INSPECTORATE_DEMONSTRATION": "1"}
    address = f"http://127.0.0.1:{port}"
    website = [sys.executable, "-m", "gunicorn", "inspectorate.website.wsgi", "--bind", f"127.0.0.1:{port}",
               "--workers", "2", "--preload", "--log-level", "warning"]  # fmt: skip
    worker = [sys.executable, "manage.py", "db_worker", "--verbosity", "0", "--no-startup-delay"]
    commands = [website, worker] if prepared else [[str(HOUSE / "script/server")]]
    with log.open("w") as written:
        running = [
            subprocess.Popen(one, cwd=HOUSE, env=kept | mine, stdout=written, stderr=written, start_new_session=True)
            for one in commands
        ]
        try:
            until = time.monotonic() + STARTS_WITHIN
            while not (_answers(address + "/accounts/login/") and (prepared or "ready at" in log.read_text())):
                assert {one.poll() for one in running} == {None}, f"the server ended: {log.read_text()}"
                assert time.monotonic() < until, f"the server did not get ready: {log.read_text()}"
                time.sleep(0.3)
            yield address
        finally:
            for one in running:
                os.killpg(one.pid, signal.SIGTERM)
            for one in running:
                one.wait(30)


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def loaded(together: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration as a new user finds it: started once on nothing, and ended."""

    def load(var: Path) -> None:
        with started(var, tmp_path_factory.mktemp("log") / "server.log"):
            pass

    return once(together / "loaded", load)


def once(made: Path, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills, once for all processes that carry out journeys beside one another."""
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = made.with_suffix(".begun")
            begun.mkdir()
            make(begun)
            begun.rename(made)
    return made


@contextlib.contextmanager
def copied(loaded: Path, folder: Path) -> Iterator[str]:
    """Address of a demonstration on a copy of the data as loaded."""
    shutil.copytree(loaded, folder / "var")
    with started(folder / "var", folder / "server.log", prepared=True) as address:
        yield address


@pytest.fixture(scope="session")
def product(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demonstration for journeys that can stand beside one another; each sets the clock first."""
    with copied(loaded, tmp_path_factory.mktemp("product")) as address:
        yield address


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    """The hand that leads browsers; there is one in a process."""
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def chromium(play: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, started."""
    browser = play.chromium.launch(executable_path=the_browser(), args=list(QUIET))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def tables(together: Path) -> Path:
    """The data of a service that holds nothing yet."""
    return once(together / "tables", lay)


@pytest.fixture(scope="session")
def place(together: Path, tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service of its own with open cases, behind a line that can be cut."""

    def made(begun: Path) -> None:
        shutil.copytree(tables, begun, dirs_exist_ok=True)
        furnish(begun)

    folder = tmp_path_factory.mktemp("desk") / "var"
    shutil.copytree(once(together / "desk", made), folder)
    with desk(folder) as one:
        yield one


@pytest.fixture(scope="session")
def seen(together: Path) -> Seen:
    """The kinds of page that axe has seen already."""
    return Seen(together / "seen")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own for each test."""
    made = chromium.new_context(viewport=WINDOW, accept_downloads=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def somebody(product: str, context: BrowserContext, seen: Seen) -> Iterator[Person]:
    """Somebody at the browser, not signed in yet."""
    person = Person(context.new_page(), product, seen)
    person.listen()
    yield person
    assert person.complaints == []
