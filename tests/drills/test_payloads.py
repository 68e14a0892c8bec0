"""Script typed into every field of free text is shown as text: no page, file or letter carries it as markup.

Seen to fail with `| safe` behind the text of a concern about a date.
"""

from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser

import pytest

from tests.drills.test_canaries import GUIDES, addresses
from tests.drills.thread import Browsers

# One text with everything in it: a tag, a handler, an attribute's end, a template's own signs, a link, markdown.
PAYLOAD = (
    "<script>evil()</script>\"'><img src=x onerror=evil()>{{7*7}}{%x%}${7*7} javascript:evil() "
    "[a](javascript:evil()) <svg/onload=evil()>"
)
SHORT = "<script>evil()</script>{{7*7}}"
# Fields that hold so little, or name things in lists, that the whole payload does not fit.
LITTLE = {"tier 1", "tier 2", "tier 1 again", "tier 2 again", "period of evidence", "reference", "unit"}


class Markup(HTMLParser):
    """What of a page a browser would carry out of what was typed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.raw: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or (name in ("href", "src", "action") and text.startswith("javascript:")):
                self.raw.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script" and "evil" in data:
            self.raw.append(f"<script>{data}")


def carried_out(page: str) -> list[str]:
    found = Markup()
    found.feed(page)
    return found.raw


def say(what: str) -> str:
    return SHORT if what in LITTLE else PAYLOAD


@pytest.mark.once
def test_what_is_typed_is_text_on_every_page(browsers: Callable[..., Browsers], at: Callable[[datetime], None]) -> None:
    here = browsers("CRC", say)
    here.carry()
    everybody = ("lead-inspector", "link-manager", "administrator", "director-of-operations")
    at(datetime(2019, 7, 1, 10))
    wrong, shown = [], 0
    for path in addresses(here, GUIDES):
        for role in everybody:
            here.thread.somebody(role)
            answer = here.of(role).get(path)
            if answer.status_code != 200:
                continue
            if answer.streaming or "html" not in answer.headers["Content-Type"]:
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path
                assert "attachment" in answer.headers.get("Content-Disposition", ""), path
                break
            page = answer.content.decode()
            shown += "&lt;script&gt;evil" in page
            wrong += [f"{role} {path}: {raw}" for raw in carried_out(page)]
            if "evil" in page and "{{7*7}}" not in page and "{{7*" not in page:
                wrong.append(f"{role} {path}: a template was carried out")
    assert wrong == []
    assert shown > 50
