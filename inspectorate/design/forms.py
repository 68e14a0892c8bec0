"""How forms look: every field of a Django form through the GOV.UK component that fits its widget.

Settings: `FORM_RENDERER = "inspectorate.design.forms.FormRenderer"`. Pages write `{{ form.name.govuk() }}` or
`{{ govuk_form(form) }}`; a form may carry `govuk = {"name": {"inline": True}}` with the same options.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from inspectorate.design.components import GOVUK
from inspectorate.design.dates import DateWidget
from inspectorate.design.words import in_sentence

INPUT_TYPES = {"number", "email", "tel", "url", "search", "text"}
LABEL_SIZES = {"s", "m", "l", "xl"}
# Attributes that the components write themselves, or that have no place in the house's look.
WRITTEN = {
    *("id", "name", "type", "class", "required", "rows", "cols"),
    *("autocomplete", "inputmode", "spellcheck", "maxlength", "placeholder"),
}
EMAIL_FORM = "Enter an e-mail address in the right form, like name@example.com"


class GovukField(BoundField):
    """A field of a form together with the GOV.UK component that shows it."""

    def govuk(self, **options: Any) -> SafeString:
        """The whole form group: label, hint, error, control.

        Options: size (of the label: s, m, l, xl), heading (label is the page's h1), hint, label, inline, small,
        width (2, 3, 4, 5, 10, 20 or 30 characters), prefix, suffix, words, rows, conditional ({value: html}),
        hints ({value: text}), classes, attributes.
        """
        given = {**getattr(self.form, "govuk", {}).get(self.name, {}), **options}
        widget = self.field.widget
        if widget.is_hidden:
            return self.as_hidden()
        return SafeString(self._component(widget)(self, given))

    def as_field_group(self) -> SafeString:
        return self.govuk()

    def _component(self, widget: forms.Widget) -> Any:
        # In order: CheckboxSelectMultiple, for one, is a kind of RadioSelect and has to be asked for first.
        for kind, component in COMPONENTS:
            if isinstance(widget, kind):
                return component
        return _input

    @property
    def problem(self) -> str:
        """The first error of this field in the words of the house, empty when there is none."""
        faults = self.form.errors.as_data().get(self.name, []) if self.form.is_bound else []
        return worded(self, faults[0]) if faults else ""

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """Of a date: which of day, month, year the error is about."""
        faults = self.form.errors.as_data().get(self.name, []) if self.form.is_bound else []
        return tuple((faults[0].params or {}).get("parts", ())) if faults else ()

    @property
    def target(self) -> str:
        """Where the error summary jumps to: the id of the first control that is wrong."""
        if isinstance(self.field.widget, DateWidget):
            return f"{self.auto_id}-{(self.wrong_parts or ('day',))[0]}"
        return str(self.auto_id)


def worded(field: GovukField, fault: ValidationError) -> str:
    """Django's own few sentences replaced by GOV.UK's; sentences that a form brings itself stay."""
    said = str(next(iter(fault.messages)))
    standard = forms.Field.default_error_messages["required"]
    if fault.code == "required" and said == str(standard):
        label = str(field.label or field.name)
        if isinstance(field.field.widget, forms.CheckboxInput):
            return f"Select \u201c{label}\u201d"
        if isinstance(field.field.widget, forms.FileInput):
            return f"Choose a file: {label}"
        chooses = isinstance(field.field.widget, forms.Select | forms.RadioSelect)
        if label.endswith("?"):
            return f"{'Select' if chooses else 'Enter'} an answer: {label}"
        return f"{'Select' if chooses else 'Enter'} {in_sentence(label)}"
    if isinstance(field.field, forms.EmailField) and fault.code == "invalid":
        return EMAIL_FORM
    return said.removesuffix(".") if said.count(". ") == 0 else said


def _shared(field: GovukField, options: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that every component takes: id, name, hint, error, classes."""
    hint = options.get("hint", field.help_text)
    parameters: dict[str, Any] = {
        "id": field.auto_id,
        "name": field.html_name,
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": field.problem} if field.problem else None,
        "disabled": field.field.disabled,
        "attributes": {**_attributes(field), **options.get("attributes", {})},
        "formGroup": {"classes": options.get("group_classes", "")},
    }
    classes = [options.get("classes", "")]
    if "width" in options:
        classes.append(f"govuk-input--width-{options['width']}")
    parameters["classes"] = " ".join(name for name in classes if name)
    return parameters


def _attributes(field: GovukField) -> dict[str, Any]:
    """What the widget itself was given, without what the components write from their own parameters."""
    attributes = {}
    for name, value in field.field.widget.attrs.items():
        if name not in WRITTEN and value not in (False, None):
            attributes[name] = "" if value is True else str(value)
    return attributes


def _title(field: GovukField, options: Mapping[str, Any]) -> str:
    label = str(options.get("label", field.label or ""))
    optional = not field.field.required and options.get("optional", True)
    return f"{label} (optional)" if optional and not isinstance(field.field.widget, forms.CheckboxInput) else label


def _label(field: GovukField, options: Mapping[str, Any], kind: str = "label") -> dict[str, Any]:
    size = options.get("size", "l" if options.get("heading") else "")
    classes = f"govuk-{kind}--{size}" if size in LABEL_SIZES else ""
    if options.get("hide_label"):
        classes = f"{classes} govuk-visually-hidden".strip()
    return {"text": _title(field, options), "classes": classes, "isPageHeading": bool(options.get("heading"))}


def _fieldset(field: GovukField, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"legend": _label(field, {"size": "s", **options}, "fieldset__legend")}


def _input(field: GovukField, options: Mapping[str, Any]) -> Any:
    attrs = field.field.widget.attrs
    kind = getattr(field.field.widget, "input_type", "text")
    numeric = kind == "number"
    parameters = _shared(field, options) | {
        "label": _label(field, options),
        # Typed numbers stay text: a mouse wheel does not change them, and a wrong one is shown back as it was typed.
        "type": "text" if numeric or kind not in INPUT_TYPES else kind,
        "inputmode": attrs.get("inputmode", "numeric" if numeric else None),
        "value": _typed(field),
        "autocomplete": attrs.get("autocomplete"),
        "spellcheck": False if kind == "email" else None,
    }
    if numeric and "width" not in options:
        parameters["classes"] = f"{parameters['classes']} govuk-input--width-5".strip()
    for affix in ("prefix", "suffix"):
        if options.get(affix):
            parameters[affix] = {"text": options[affix]}
    return GOVUK["govukInput"](parameters)


def _typed(field: GovukField) -> str:
    """What stands in the control: what was typed, or the stored value as Django's widget writes it."""
    shown = field.field.widget.format_value(field.value())
    return "" if shown is None else str(shown)


def _password(field: GovukField, options: Mapping[str, Any]) -> Any:
    autocomplete = field.field.widget.attrs.get("autocomplete", "current-password")
    parameters = {"label": _label(field, options), "autocomplete": autocomplete}
    return GOVUK["govukPasswordInput"](_shared(field, options) | parameters)


def _textarea(field: GovukField, options: Mapping[str, Any]) -> Any:
    attrs = field.field.widget.attrs
    parameters = _shared(field, options) | {
        "label": _label(field, options),
        "value": _typed(field),
        "rows": options.get("rows", attrs.get("rows") if str(attrs.get("rows")) != "10" else 5),
        "spellcheck": True,
    }
    words, characters = options.get("words"), getattr(field.field, "max_length", None)
    if words:
        return GOVUK["govukCharacterCount"](parameters | {"maxwords": words})
    if characters:
        return GOVUK["govukCharacterCount"](parameters | {"maxlength": characters, "threshold": 75})
    return GOVUK["govukTextarea"](parameters)


def _choices(field: GovukField) -> list[tuple[str, str, str]]:
    """Every choice as (group or empty, value, label)."""
    rows: list[tuple[str, str, str]] = []
    widget: Any = field.field.widget
    for value, label in widget.choices:
        if isinstance(label, list | tuple):
            rows += [(str(value), str(inner), str(text)) for inner, text in label]
        else:
            rows.append(("", "" if value is None else str(value), str(label)))
    return rows


def _chosen(field: GovukField) -> set[str]:
    value = field.value()
    if value is None:
        return set()
    return {str(one) for one in value} if isinstance(value, list | tuple | set | frozenset) else {str(value)}


def _items(field: GovukField, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    chosen, hints, conditional = _chosen(field), options.get("hints", {}), options.get("conditional", {})
    items: list[dict[str, Any]] = []
    for _, value, label in _choices(field):
        if value == "" and "" not in chosen and not options.get("keep_empty"):
            continue
        item: dict[str, Any] = {"value": value, "text": label, "checked": value in chosen}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        if value in conditional:
            item["conditional"] = {"html": conditional[value]}
        items.append(item)
    return items


def _grouped(field: GovukField, options: Mapping[str, Any]) -> dict[str, Any]:
    parameters = _shared(field, options)
    attributes = parameters.pop("attributes")
    items = _items(field, options)
    for item in items:
        item["attributes"] = attributes
        item["disabled"] = field.field.disabled
    parameters |= {"idPrefix": field.auto_id, "fieldset": _fieldset(field, options), "items": items}
    return parameters


def _style(parameters: dict[str, Any], options: Mapping[str, Any], component: str) -> dict[str, Any]:
    wanted = [f"govuk-{component}--{name}" for name in ("inline", "small") if options.get(name)]
    return parameters | {"classes": " ".join([parameters["classes"], *wanted]).strip()}


def _radios(field: GovukField, options: Mapping[str, Any]) -> Any:
    return GOVUK["govukRadios"](_style(_grouped(field, options), options, "radios"))


def _checkboxes(field: GovukField, options: Mapping[str, Any]) -> Any:
    return GOVUK["govukCheckboxes"](_style(_grouped(field, options), options, "checkboxes"))


def _checkbox(field: GovukField, options: Mapping[str, Any]) -> Any:
    parameters = _shared(field, options)
    hint = parameters.pop("hint")
    item = {
        "value": "on",
        "text": _title(field, options),
        "checked": bool(field.value()),
        "hint": hint,
        "disabled": field.field.disabled,
        "attributes": parameters.pop("attributes"),
    }
    parameters |= {"idPrefix": field.auto_id, "items": [item]}
    return GOVUK["govukCheckboxes"](_style(parameters, options, "checkboxes"))


def _select(field: GovukField, options: Mapping[str, Any]) -> Any:
    chosen = _chosen(field)
    items = [
        {"value": value, "text": f"{group}: {label}" if group else label, "selected": value in chosen}
        for group, value, label in _choices(field)
    ]
    return GOVUK["govukSelect"](_shared(field, options) | {"label": _label(field, options), "items": items})


def _file(field: GovukField, options: Mapping[str, Any]) -> Any:
    parameters = _shared(field, options) | {
        "label": _label(field, options),
        "javascript": options.get("drop_zone", True),
        "multiple": bool(getattr(field.field.widget, "allow_multiple_selected", False)),
    }
    return GOVUK["govukFileUpload"](parameters)


def _date(field: GovukField, options: Mapping[str, Any]) -> Any:
    typed, parts = DateWidget.parts_of(field.value()), field.wrong_parts
    wrong = parts or (("day", "month", "year") if field.problem else ())
    items = [
        {
            "name": part,
            "id": f"{field.auto_id}-{part}",
            "label": part.capitalize(),
            "value": typed[part],
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in wrong else ""),
        }
        for part in ("day", "month", "year")
    ]
    parameters = _shared(field, options) | {
        "namePrefix": field.html_name,
        "fieldset": _fieldset(field, options) | {"role": "group"},
        "items": items,
    }
    return GOVUK["govukDateInput"](parameters)


COMPONENTS: tuple[tuple[type[forms.Widget], Any], ...] = (
    (DateWidget, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.SelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _checkbox),
    (forms.Textarea, _textarea),
    (forms.FileInput, _file),
    (forms.PasswordInput, _password),
)


def summary(*bound: forms.BaseForm | None) -> list[dict[str, str]]:
    """Every error of these forms for the error summary, in page order: `{"text", "href"}`; general ones first."""
    lines: list[dict[str, str]] = []
    for form in bound:
        if form is None or not form.is_bound:
            continue
        lines += [{"text": str(text)} for text in form.non_field_errors()]
        for field in form:
            if isinstance(field, GovukField) and field.problem:
                lines.append({"text": field.problem} | ({} if field.is_hidden else {"href": f"#{field.target}"}))
    return lines


class FormRenderer(DjangoTemplates):
    """Makes `{{ form }}` and every field of every form, those of libraries included, come out as GOV.UK components."""

    bound_field_class = GovukField
    form_template_name = "govuk"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name != self.form_template_name:
            return super().render(template_name, context, request)
        form = context["form"]
        return format_html_join(
            "\n", "{}", ((field.as_hidden() if field.is_hidden else field.govuk(),) for field in form)
        )
