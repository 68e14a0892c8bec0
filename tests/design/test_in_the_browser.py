"""The page with every component in a real browser: no fault of accessibility, no sideways scrolling, no error."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, sync_playwright

from tests.browser import QUIET, the_browser

STATIC = Path(__file__).parents[2] / "inspectorate" / "design" / "static"
POLICY = "default-src 'self'; script-src 'self' 'nonce-abc123'; style-src 'self'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=the_browser(), args=list(QUIET))
        yield opened
        opened.close()


# 320 pixels is a window of 1280 at 400% zoom.
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_the_sample_page_is_sound_at_every_width(browser: Browser, sample_page: str, width: int) -> None:
    faults: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://pages.test")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.fulfill(body=sample_page, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    page.route("**/*", answer)
    page.goto("http://pages.test/")
    page.wait_for_selector(".govuk-frontend-supported")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page).response["violations"]
    page.close()
    assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in violations] == []
