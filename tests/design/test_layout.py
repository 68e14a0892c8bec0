"""The frame of every page, the error pages, and what no template may contain."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from jinja2 import Environment, TemplateNotFound, UndefinedError

HOUSE = Path(__file__).parents[2] / "inspectorate"
BUILT = HOUSE / "design" / "static" / "built"


def title(html: str) -> str:
    return re.search(r"<title>(.*?)</title>", html, re.S)[1]  # type: ignore[index]


def test_the_title_names_error_page_place_and_product(pages: Environment, sample_context: dict[str, Any]) -> None:
    page = pages.from_string('{% extends "design/layout.html" %}')
    assert title(page.render(**sample_context)) == "Error: Sample - Northern CRC 2019 - inspectorate"
    without = {**sample_context, "form": None, "place": ""}
    assert title(page.render(**without)) == "Sample - inspectorate"


def test_inline_scripts_carry_the_word_of_the_content_policy(sample_page: str) -> None:
    assert len(re.findall(r"<script[^>]*>", sample_page)) == len(
        re.findall(r'<script[^>]* nonce="abc123"', sample_page)
    )


def test_the_frame_has_no_crown_and_no_government_logo(sample_page: str) -> None:
    assert re.findall(r"gov\.uk|crown|crest", sample_page.lower()) == []


def test_the_demonstration_is_named_only_where_it_is_one(pages: Environment, sample_context: dict[str, Any]) -> None:
    page = pages.from_string('{% extends "design/layout.html" %}')
    shown = page.render(**sample_context, now=datetime(2019, 6, 3, 9, tzinfo=UTC))
    assert "10am on Monday 3 June 2019" in shown
    assert "Change person or time" in shown
    assert "Demonstration" not in page.render(**{**sample_context, "demonstration": False})


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413"])
def test_error_pages_need_nothing_but_the_request(pages: Environment, name: str) -> None:
    html = pages.get_template(f"{name}.html").render(request=None)
    assert len(re.findall("<h1", html)) == 1


def test_a_forbidden_page_looks_like_one_that_does_not_exist(pages: Environment) -> None:
    request = RequestFactory().get("/")
    pages_shown = {pages.get_template(f"{code}.html").render(request=request) for code in (403, 404)}
    assert len(pages_shown) == 1


def test_the_page_for_a_fault_of_ours_needs_no_template_engine() -> None:
    assert re.findall(r"{[{%]", (HOUSE / "design" / "templates" / "500.html").read_text()) == []


def test_a_name_that_nobody_gave_is_refused_when_printed_but_may_be_asked_for(pages: Environment) -> None:
    assert pages.from_string("{% if nobody %}x{% endif %}").render() == ""
    with pytest.raises(UndefinedError):
        pages.from_string("{{ nobody }}").render()


def test_pages_of_libraries_are_left_to_the_other_language(pages: Environment) -> None:
    with pytest.raises(TemplateNotFound):
        pages.get_template("account/login.html")


def test_links_keep_the_rest_of_the_query(pages: Environment) -> None:
    request = RequestFactory().get("/", {"sort": "name", "page": "3", "q": "a b"})
    page = pages.from_string('{{ query(request, page=4) }} {{ query(request, page=none, sort="-name") }}')
    assert page.render(request=request) == "?sort=name&amp;page=4&amp;q=a+b ?sort=-name&amp;q=a+b"


def test_a_sorted_column_says_its_direction_and_offers_the_other(pages: Environment) -> None:
    request = RequestFactory().get("/", {"sort": "name", "page": "3"})
    head = pages.from_string('{{ page.sort_header(request, "name", "Name") }}').render(request=request)
    assert 'aria-sort="ascending"' in head
    assert 'href="?sort=-name"' in head


def test_what_people_type_is_escaped_in_every_piece(pages: Environment) -> None:
    hostile = "<script>x</script>"
    pieces = (
        "{{ moj.identity_bar(t, t, t) }}{{ moj.badge(t) }}{{ moj.alert(t) }}{{ page.figure(t, t) }}{{ page.empty(t) }}"
        '{{ moj.sub_navigation([{"text": t, "href": t}]) }}{{ govukButton({"text": t}) }}{{ govukTag({"text": t}) }}'
    )
    assert hostile not in pages.from_string(pieces).render(t=hostile)


def test_no_template_switches_escaping_off() -> None:
    wrong = re.compile(r"\|\s*safe\b|autoescape\s+(false|off)|Markup\(|mark_safe")
    templates = [path for path in HOUSE.rglob("templates/**/*") if path.is_file()]
    assert len(templates) > 20
    assert [str(path.relative_to(HOUSE)) for path in templates if wrong.search(path.read_text())] == []


def test_only_the_sanitiser_declares_text_safe() -> None:
    wrong = re.compile(r"\bMarkup\(|mark_safe")
    allowed = HOUSE / "design" / "markdown.py"
    found = [path for path in HOUSE.rglob("*.py") if path != allowed and wrong.search(path.read_text())]
    assert [str(path.relative_to(HOUSE)) for path in found] == []


def test_the_styles_hold_neither_the_licensed_face_nor_the_crown() -> None:
    css = (BUILT / "inspectorate.css").read_text()
    assert re.findall("gds transport|crown|crest|@font-face", css.lower()) == []
    assert "Helvetica Neue" in css


def test_every_file_that_the_styles_name_is_there() -> None:
    named = set(re.findall(r"url\(\"?([^)\"]+)", (BUILT / "inspectorate.css").read_text()))
    assert [name for name in named if not name.startswith("data:") and not (BUILT / name).is_file()] == []
