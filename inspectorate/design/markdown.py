"""The one place where text that people write becomes HTML: Markdown without HTML, then a list of allowed elements."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "del",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title", "class"}, "ol": {"start", "class"}}
CLASSES = {
    "paragraph": "govuk-body",
    "bullet_list": "govuk-list govuk-list--bullet",
    "ordered_list": "govuk-list govuk-list--number",
    "link": "govuk-link",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
# A line of a name, an office or an address is no longer than this.
SIGNED_WITHIN = 60
HEADINGS = {"h2": "govuk-heading-m", "h3": "govuk-heading-s"}

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_styled = {
    tag: {"class"} for tag in ("p", "ul", "blockquote", "hr", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td")
}


def render(text: str | None) -> Markup:
    """Markdown to safe HTML with GOV.UK classes.

    A first heading counts as a second one: the page has its own. Images, raw HTML and addresses other than http,
    https, mailto and our own relative ones are dropped.
    """
    return _written(_reader.parse(text or ""))


def render_letter(text: str | None) -> Markup:
    """The same for a letter: who signs it stands on lines of their own at its end."""
    tokens = _reader.parse(text or "")
    signed = tokens[-2] if tokens and tokens[-1].type == "paragraph_close" and not tokens[-1].level else None
    if signed and all(len(line) <= SIGNED_WITHIN for line in signed.content.splitlines()):
        for part in signed.children or ():
            if part.type == "softbreak":
                part.type, part.tag = "hardbreak", "br"
    return _written(tokens)


def _written(tokens: Sequence[Token]) -> Markup:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        for part in (token, *(token.children or ())):
            if part.type == "heading_open":
                part.attrSet("class", HEADINGS.get(part.tag, "govuk-heading-s"))
            elif part.nesting >= 0 and (style := CLASSES.get(part.type.removesuffix("_open"))) and not part.hidden:
                part.attrSet("class", style)
            if part.type in ("th_open", "td_open"):
                part.attrs.pop("style", None)
    html = _reader.renderer.render(tokens, _reader.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={**_styled, **ATTRIBUTES, "h4": {"class"}, "h5": {"class"}, "h6": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)
