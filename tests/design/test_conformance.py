"""Every component comes out as GOV.UK Frontend itself writes it: its own fixtures, parsed HTML compared."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inspectorate.design.components import COMPONENTS, GOVUK, govuk_macro, macro_name

PACKAGE = Path(__file__).parents[2] / "node_modules" / "govuk-frontend"
FIXTURES = PACKAGE / "dist" / "govuk" / "components"
EXPECTED = 657
# Pages are not offered the header with the crown; its macro is compared all the same, so that the release is whole.
ALL = {**GOVUK, "govukHeader": govuk_macro("header")}
COMPARED = [*COMPONENTS, "header"]


class Reader(HTMLParser):
    """HTML as a list of tags with sorted attributes and of words."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tidy = sorted((name, re.sub(r"\s+", " ", value or "").strip()) for name, value in attrs)
        self.seen.append((tag, tuple(tidy)))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if words := data.split():
            self.seen.append(" ".join(words))


def parsed(html: str) -> list[object]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


def cases(component: str) -> list[dict[str, object]]:
    return json.loads((FIXTURES / component / "fixtures.json").read_text())["fixtures"]


@pytest.mark.parametrize("component", COMPARED)
def test_component_is_written_as_the_design_system_writes_it(component: str) -> None:
    macro = ALL[macro_name(component)]
    different = [
        case["name"] for case in cases(component) if parsed(macro(case["options"])) != parsed(str(case["html"]))
    ]
    assert different == []


def test_all_fixtures_of_the_pinned_release_are_read() -> None:
    assert json.loads((PACKAGE / "package.json").read_text())["version"] == "6.3.0"
    assert sum(len(cases(component)) for component in COMPARED) == EXPECTED
