"""The layout and the GOV.UK components for the few pages that a library writes in Django's own template language."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from inspectorate.design.components import GOVUK

register = template.Library()


@register.simple_block_tag(takes_context=True)
def page(context: Context, content: str, title: str) -> str:
    """`{% page title %} … {% endpage %}`: the content inside the layout that every page has."""
    known = {str(name): value for name, value in context.flatten().items() if name not in ("block", "forloop")}
    given: dict[str, Any] = {**known, "title": title.strip(), "content": SafeString(content)}
    return SafeString(render_to_string("design/framed.html", given, request=context.get("request")))


@register.simple_tag
def govuk(component: str, text: str, **options: Any) -> str:
    """`{% govuk "govukButton" "Sign in" href=… %}` with the parameters of the component."""
    given = {name: value for name, value in options.items() if value not in (None, "")}
    return SafeString(GOVUK[component]({"text": text.strip(), **given}))


@register.simple_tag
def field(bound: Any, **options: Any) -> str:
    """`{% field form.password label="Password" hint="" %}` with the options of `GovukField.govuk`."""
    return SafeString(bound.govuk(**options))
