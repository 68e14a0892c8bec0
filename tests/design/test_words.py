"""Dates, times and numbers in the words of the house; Markdown that cannot carry a script."""

import datetime
from fractions import Fraction

import pytest

from inspectorate.design import markdown, words

SUMMER = datetime.datetime(2019, 6, 3, 8, 0, tzinfo=datetime.UTC)
MONDAY = datetime.date(2019, 6, 3)


def test_dates_and_times_are_written_as_people_say_them() -> None:
    assert words.date(MONDAY) == "Monday 3 June 2019"
    assert words.short_date(MONDAY) == "3 Jun 2019"
    assert words.moment(SUMMER) == "9am on Monday 3 June 2019"
    assert words.date(None) == ""


def test_who_signs_a_letter_stands_on_lines_of_their_own() -> None:
    letter = "Tell us what works\nand what does not.\n\nAnna Example\nLead inspector"
    assert "works\nand" in markdown.render_letter(letter)
    assert "Anna Example<br>\nLead inspector" in markdown.render_letter(letter)
    assert "<br>" not in markdown.render(letter)
    assert "<br>" not in markdown.render_letter("A last paragraph of sentences that go on over two\n" + "lines " * 12)


@pytest.mark.parametrize(
    ("clock", "written"),
    [("00:00", "midnight"), ("12:00", "midday"), ("09:00", "9am"), ("16:30", "4:30pm"), ("12:05", "12:05pm")],
)
def test_times(clock: str, written: str) -> None:
    assert words.time(datetime.time.fromisoformat(clock)) == written


def test_percentages_carry_their_number() -> None:
    assert words.percent(64, 52) == "64% of 52"
    assert words.percent(Fraction(646, 10)) == "64.6%"
    assert words.percent(None) == "not rated"


def test_numbers_and_lists() -> None:
    assert words.plural(1, "case") == "1 case"
    assert words.plural(1204, "body", "bodies") == "1,204 bodies"
    assert words.listed(["Leeds", "York", "Hull"]) == "Leeds, York and Hull"
    assert words.in_sentence("OASys number") == "the OASys number"
    assert words.in_sentence("Your name") == "your name"
    assert words.in_sentence("Why, and what was agreed") == "why, and what was agreed"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (MONDAY, "today"),
        (MONDAY + datetime.timedelta(days=1), "in 1 working day"),
        (MONDAY + datetime.timedelta(days=7), "in 5 working days"),
        (MONDAY - datetime.timedelta(days=3), "1 working day ago"),
        (MONDAY - datetime.timedelta(days=4), "2 working days ago"),
    ],
)
def test_how_far_a_date_lies_away(day: datetime.date, said: str) -> None:
    assert words.due(day, MONDAY) == said


def test_bank_holidays_count_when_the_caller_knows_them() -> None:
    closed = {datetime.date(2019, 5, 27)}
    friday, tuesday = datetime.date(2019, 5, 24), datetime.date(2019, 5, 28)
    assert words.due(tuesday, friday, lambda day: day.weekday() < 5 and day not in closed) == "in 1 working day"


def test_markdown_is_written_with_the_classes_of_the_house() -> None:
    html = markdown.render("# Findings\n\nThe **plan** was [late](https://example.org).\n\n- one\n- two")
    assert '<h2 class="govuk-heading-m">Findings</h2>' in html
    assert '<p class="govuk-body">The <strong>plan</strong>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_markdown_carries_nothing_that_runs_or_calls_home(hostile: str) -> None:
    html = markdown.render(hostile).lower()
    for forbidden in ("<script", "<img", 'href="javascript', 'href="data'):
        assert forbidden not in html
