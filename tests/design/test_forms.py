"""Fields come out as the component that fits their widget, with errors that say what to do and where."""

import datetime
import re
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from inspectorate.design.dates import DateField
from inspectorate.design.forms import FormRenderer, summary


def control(form: forms.Form, name: str, **options: Any) -> str:
    return re.sub(r"\s+", " ", form[name].govuk(**options))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", 'class="govuk-input govuk-input--width-20" id="id_name" name="name" type="text"'),
        ("email", 'type="email"'),
        ("size", 'inputmode="numeric"'),
        ("kind", '<select class="govuk-select"'),
        ("answer", 'class="govuk-radios govuk-radios--inline"'),
        ("units", 'class="govuk-checkboxes govuk-checkboxes--small"'),
        ("agreed", 'type="checkbox" value="on"'),
        ("call", 'id="id_call-day" name="call-day"'),
        ("notes", 'data-maxlength="500"'),
        ("reason", 'class="govuk-textarea"'),
        ("file", 'type="file"'),
        ("password", 'data-module="govuk-password-input"'),
        ("token", '<input type="hidden" name="token" value="t0" id="id_token">'),
    ],
)
def test_each_widget_has_its_component(sample_form: type[forms.Form], name: str, expected: str) -> None:
    assert expected in control(sample_form(), name)


def test_a_group_of_checkboxes_is_not_taken_for_radios(sample_form: type[forms.Form]) -> None:
    assert 'type="radio"' not in control(sample_form(), "units")


def test_an_optional_field_says_so_and_a_required_one_does_not(sample_form: type[forms.Form]) -> None:
    assert "Reason (optional)" in control(sample_form(), "reason")
    assert "(optional)" not in control(sample_form(), "name")


def test_errors_are_listed_in_page_order_and_lead_to_their_controls(sample_form: type[forms.Form]) -> None:
    form = sample_form({"call-day": "31", "call-month": "2", "call-year": "2019", "email": "x", "token": "t"})
    assert summary(form) == [
        {"text": "Enter the name of the inspected body", "href": "#id_name"},
        {"text": "Enter an e-mail address in the right form, like name@example.com", "href": "#id_email"},
        {"text": "Enter the number of cases", "href": "#id_size"},
        {"text": "Select the kind of body", "href": "#id_kind"},
        {"text": "Select an answer: Was the assessment timely?", "href": "#id_answer"},
        {"text": "Select the nation", "href": "#id_nation"},
        {"text": "Select the units", "href": "#id_units"},
        {"text": "Select “I have read the letter”", "href": "#id_agreed"},
        {"text": "Date of the call must be a real date", "href": "#id_call-day"},
        {"text": "Enter the password", "href": "#id_password"},
    ]


def test_a_form_not_yet_sent_lists_nothing(sample_form: type[forms.Form]) -> None:
    assert summary(sample_form(), None) == []


def test_what_was_typed_is_shown_again_and_cannot_become_markup(sample_form: type[forms.Form]) -> None:
    shown = control(sample_form({"name": '"><script>alert(1)</script>'}), "name")
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_whole_form_is_written_without_naming_its_fields(sample_form: type[forms.Form]) -> None:
    written = str(sample_form())
    assert [name for name in sample_form.base_fields if f'name="{name}' not in written] == []


def test_a_choice_once_made_is_shown(sample_form: type[forms.Form]) -> None:
    shown = control(sample_form({"answer": "no"}), "answer")
    assert re.search(r'value="no" checked', shown)
    assert len(re.findall("checked", shown)) == 1


class CallForm(forms.Form):
    default_renderer = FormRenderer()
    call = DateField(label="Date of the call", latest=datetime.date(2019, 6, 3))


@pytest.mark.parametrize(
    ("typed", "said", "box"),
    [
        (("", "", ""), "Enter the date of the call", "day"),
        (("3", "", "2019"), "Date of the call must include a month", "month"),
        (("", "", "2019"), "Date of the call must include a day and a month", "day"),
        (("3", "6", "19"), "Year must include 4 numbers", "year"),
        (("3", "13", "2019"), "Date of the call must be a real date", "month"),
        (("32", "1", "2019"), "Date of the call must be a real date", "day"),
        (("4", "6", "2019"), "Date of the call must be 3 June 2019 or earlier", "day"),
    ],
)
def test_a_wrong_date_says_which_box_and_why(typed: tuple[str, str, str], said: str, box: str) -> None:
    form = CallForm({f"call-{part}": value for part, value in zip(("day", "month", "year"), typed, strict=True)})
    assert summary(form) == [{"text": said, "href": f"#id_call-{box}"}]


@pytest.mark.parametrize("month", ["6", "06", "June", "jun", "JUN."])
def test_a_month_is_understood_as_number_and_as_name(month: str) -> None:
    form = CallForm({"call-day": "3", "call-month": month, "call-year": "2019"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["call"] == datetime.date(2019, 6, 3)


def test_an_empty_optional_date_is_none() -> None:
    assert DateField(required=False).clean({}) is None


def test_a_stored_date_stands_in_the_boxes() -> None:
    shown = control(CallForm(initial={"call": datetime.date(2019, 6, 3)}), "call")
    assert re.findall(r'value="(\d+)"', shown) == ["3", "6", "2019"]


def test_a_date_that_is_too_early_names_the_first_allowed_day() -> None:
    field = DateField(label="Start", earliest=lambda: datetime.date(2019, 6, 3))
    with pytest.raises(ValidationError, match="must be 3 June 2019 or later"):
        field.clean({"day": "2", "month": "6", "year": "2019"})
