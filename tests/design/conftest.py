"""One page with every component that the design offers, for the tests of this folder."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.test import RequestFactory
from jinja2 import Environment, FileSystemLoader

from inspectorate.design import charts
from inspectorate.design.dates import DateField
from inspectorate.design.forms import FormRenderer
from inspectorate.design.jinja import environment

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
WHEN = datetime.datetime(2019, 6, 3, 8, 0, tzinfo=datetime.UTC)
KINDS = [("crc", "CRC"), ("nps", "NPS division")]
ANSWERS = [("yes", "Yes"), ("no", "No"), ("na", "Not applicable")]


class SampleForm(forms.Form):
    """Every kind of control once."""

    name = forms.CharField(label="Name of the inspected body", help_text="As in its contract")
    email = forms.EmailField(label="E-mail address of the link manager")
    size = forms.IntegerField(label="Number of cases", min_value=1)
    kind = forms.ChoiceField(label="Kind of body", choices=[("", "Choose"), *KINDS])
    answer = forms.ChoiceField(label="Was the assessment timely?", choices=ANSWERS, widget=forms.RadioSelect)
    nation = forms.ChoiceField(
        label="Nation", choices=[("england", "England"), ("wales", "Wales")], widget=forms.RadioSelect
    )
    units = forms.MultipleChoiceField(
        label="Units", choices=[("a", "Leeds"), ("b", "York")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="I have read the letter")
    call = DateField(label="Date of the call", help_text="For example, 27 3 2019")
    notes = forms.CharField(label="Notes", widget=forms.Textarea, max_length=500, required=False)
    reason = forms.CharField(label="Reason", widget=forms.Textarea, required=False)
    file = forms.FileField(label="Long list", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput, initial="t0")

    default_renderer = FormRenderer()
    govuk = {"answer": {"inline": True}, "units": {"small": True}, "name": {"width": 20}}


def day(month: int, number: int, year: int = 2019) -> datetime.date:
    return datetime.date(year, month, number)


def pictures() -> dict[str, Any]:
    bands = [(0, "Inadequate"), (50, "Requires improvement"), (65, "Good"), (80, "Outstanding")]
    return {
        "stack": charts.stacked_bar(
            "Cases on the long list by unit and risk of serious harm",
            ["Low", "Medium", "High", "Very high"],
            [("Leeds", [120, 240, 60, 4]), ("York", [40, 88, 31, 2]), ("Hull", [18, 130, 90, 12])],
        ),
        "year": charts.year(
            "Inspections in 2019 to 2020",
            day(4, 1),
            [
                (
                    "Northern CRC",
                    "/inspections/1",
                    [
                        ("Evidence in advance", day(4, 8), day(6, 21)),
                        ("Fieldwork", day(6, 24), day(7, 12)),
                        ("Report", day(7, 15), day(11, 22)),
                    ],
                ),
                (
                    "Western NPS division",
                    "",
                    [
                        ("Evidence in advance", day(9, 2), day(11, 15)),
                        ("Fieldwork", day(11, 18), day(12, 6)),
                        ("Report", day(12, 9), day(4, 30, 2020)),
                    ],
                ),
            ],
            today=day(7, 1),
        ),
        "strip": charts.band_strip("2.1 Assessment", 64, bands, 52),
        "edge": charts.band_strip("2.2 Planning", 100, bands, 8),
        "shares": charts.intervals(
            "2.1", [("2.1.1", 64, 58, 70), ("2.1.2", None, 0, 0)], bands, ["n"], [["52"], ["0"]]
        ),
        "unrated": charts.band_strip("2.3 Delivery", None, bands, 0),
        "pairs": charts.proportions("Gender", [("Women", 151, 21), ("Men", 684, 95), ("Not recorded", 3, 0)]),
    }


def context(request: HttpRequest | None = None) -> dict[str, Any]:
    request = request or RequestFactory().get("/", {"sort": "name", "page": "2"})
    request.csp_nonce = "abc123"  # type: ignore[attr-defined]
    form = SampleForm({"call-day": "31", "call-month": "2", "call-year": "2019", "answer": "yes", "units": ["a"]})
    return {
        "request": request,
        "title": "Sample",
        "place": "Northern CRC 2019",
        "form": form,
        "navigation": [
            {"text": "My work", "href": "/", "active": True},
            {"text": "Programme", "href": "/programme"},
            {"text": "Sign out", "href": "/out"},
        ],
        "breadcrumbs": [{"text": "Programme", "href": "/programme"}, {"text": "Northern CRC 2019"}],
        "demonstration": True,
        "clock": "Monday 3 June 2019, week -3",
        "listed": Paginator(range(230), 20).page(2),
        "cases": [SimpleNamespace(reference=f"A{n:03}", name=f"Person {n}", risk="Medium") for n in range(6)],
        "when": WHEN,
        **pictures(),
    }


@pytest.fixture(scope="session")
def pages() -> Environment:
    """The environment of the pages, with the templates of the design and of this folder."""
    folders = [ROOT / "inspectorate" / "design" / "templates", HERE / "templates"]
    return environment(loader=FileSystemLoader(folders))


@pytest.fixture
def sample_form() -> type[SampleForm]:
    return SampleForm


@pytest.fixture
def sample_context() -> dict[str, Any]:
    return context()


@pytest.fixture
def sample_page(pages: Environment) -> str:
    return pages.get_template("sample.html").render(**context())
