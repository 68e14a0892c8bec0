"""How pages are written: the Jinja2 environment with the GOV.UK macros, links, dates and numbers of the house."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
)
from markupsafe import Markup

from inspectorate.design import addresses, charts, forms, markdown, words
from inspectorate.design.components import GOVUK, Piece, Pieces

LIBRARIES = {"account", "allauth", "mfa", "socialaccount"}


class Missing(StrictUndefined):
    """A name that a page may ask for (`{% if name %}`) but not print: a typing error in a page fails its test."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class OwnPages(BaseLoader):
    """The pages of our apps. What a library brings stays in Django's language, also where we wrote it anew."""

    def __init__(self, pages: BaseLoader) -> None:
        self._pages = pages

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        if template.split("/")[0] in LIBRARIES:
            raise TemplateNotFound(template)
        return self._pages.get_source(environment, template)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Address of a page: `url("sampling:summary", inspection.pk)`."""
    return addresses.reverse(name, *args, **kwargs)


@lru_cache(maxsize=4096)
def kept(macro: Callable[..., Markup], *arguments: Any) -> Markup:
    """What a macro writes for these arguments, kept for the next page; nothing of a person may be among them."""
    return macro(*arguments)


def query(request: Any, **changes: Any) -> str:
    """The present query string with changes, None taking one away: `query(request, page=2)` -> `?sort=name&page=2`."""
    kept = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            kept.pop(name, None)
        elif isinstance(value, list | tuple):
            kept.setlist(name, [str(one) for one in value])
        else:
            kept[name] = str(value)
    return f"?{kept.urlencode()}"


def nonce(request: Any) -> str:
    """The word that allows this page's own inline script, empty where no content policy is set."""
    return str(getattr(request, "csp_nonce", ""))


def flash(request: Any) -> list[dict[str, str]]:
    """Messages left for this person, each as `{"text", "kind"}` with a kind that `moj.alert` knows."""
    kinds = {"success": "success", "warning": "warning", "error": "error"}
    return [{"text": str(m), "kind": kinds.get(m.level_tag, "information")} for m in get_messages(request)]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": words.date,
    "short_date": words.short_date,
    "time": words.time,
    "moment": words.moment,
    "iso": words.iso,
    "percent": words.percent,
    "number": words.number,
    "plural": words.plural,
    "listed": words.listed,
    "markdown": markdown.render,
    "letter": markdown.render_letter,
}


def environment(**options: Any) -> Environment:
    """For `TEMPLATES`, with the templates folder of each app as `DIRS`."""
    options["autoescape"] = True
    options["undefined"] = Missing
    options["loader"] = ChoiceLoader(
        [
            OwnPages(options["loader"]),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    made = Environment(**options)
    made.filters.update(FILTERS)
    made.globals.update(GOVUK)
    made.globals.update(
        url=url,
        static=static,
        query=query,
        kept=kept,
        nonce=nonce,
        flash=flash,
        due=words.due,
        in_working_days=words.in_working_days,
        form_errors=forms.summary,
        rating_tag=charts.rating_tag,
        moj=Pieces(made, "design/moj.html"),
        page=Pieces(made, "design/pieces.html"),
        charts=Pieces(made, "design/charts.html"),
        govuk_form=Piece(made, "design/form.html", "form"),
    )
    return made
