"""The GOV.UK components as functions: the macros of `govuk-frontend-jinja`, each loaded when it is first called."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

COMPONENTS = [
    "accordion",
    "back-link",
    "breadcrumbs",
    "button",
    "character-count",
    "checkboxes",
    "cookie-banner",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "exit-this-page",
    "fieldset",
    "file-upload",
    "footer",
    "generic-header",
    "hint",
    "input",
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "panel",
    "password-input",
    "phase-banner",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tabs",
    "tag",
    "task-list",
    "textarea",
    "warning-text",
]


class Piece:
    """Loads a macro when it is first called, so that starting the website compiles no unused component."""

    def __init__(self, environment: Environment, template: str, macro: str) -> None:
        self._environment, self._template, self._macro = environment, template, macro
        self._loaded: Callable[..., Markup] | None = None

    def __call__(self, *args: Any, **options: Any) -> Markup:
        if self._loaded is None:
            self._loaded = getattr(self._environment.get_template(self._template).module, self._macro)
        return self._loaded(*args, **options)


class Pieces:
    """The macros of one template as attributes: `moj.timeline(...)`."""

    def __init__(self, environment: Environment, template: str) -> None:
        self._environment, self._template = environment, template

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        module = self._environment.get_template(self._template).module
        if not hasattr(module, name):
            raise AttributeError(f"{self._template} has no macro {name!r}")
        return getattr(module, name)


def macro_name(component: str) -> str:
    """`date-input` -> `govukDateInput`."""
    return "govuk" + "".join(part.capitalize() for part in component.split("-"))


def govuk_macro(component: str) -> Piece:
    """One component of GOV.UK Frontend as a function that takes the parameters of its documentation."""
    name = macro_name(component)
    return Piece(_lenient, f"govuk_frontend_jinja/components/{component}/macro.html", name)


# The components read optional parameters without asking first, therefore the lenient kind of undefined.
_lenient = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    undefined=Undefined,
    auto_reload=False,
)
GOVUK = {macro_name(component): govuk_macro(component) for component in COMPONENTS}
