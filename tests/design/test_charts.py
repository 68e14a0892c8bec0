"""Pictures: positions follow from the values, and every picture has its words and its table."""

import datetime
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from inspectorate.design import charts

BANDS = [(0, "Low"), (50, "Middle"), (65, "Upper"), (80, "Top")]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000)), max_size=12))
def test_the_longest_bar_fills_the_width_and_no_bar_leaves_it(counts: list[tuple[int, int, int]]) -> None:
    chart = charts.stacked_bar("T", ["a", "b", "c"], [(f"r{n}", row) for n, row in enumerate(counts)])
    lengths = [sum(piece.width for piece in row.segments) for row in chart.rows]
    assert all(length <= 100.01 for length in lengths)
    if any(sum(row) for row in counts):
        assert max(lengths) == pytest.approx(100, abs=0.01)


def test_a_row_of_another_length_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Leeds"):
        charts.stacked_bar("T", ["a", "b"], [("Leeds", [1])])


@pytest.mark.parametrize(
    ("percent", "band"),
    [(0, "Low"), (49, "Low"), (50, "Middle"), (64, "Middle"), (65, "Upper"), (79, "Upper"), (80, "Top"), (100, "Top")],
)
def test_a_percentage_on_a_bound_belongs_to_the_band_above(percent: int, band: str) -> None:
    strip = charts.band_strip("T", percent, BANDS, 40)
    assert [one.name for one in strip.bands if one.here] == [band]


def test_the_strip_says_its_number_and_band() -> None:
    assert charts.band_strip("2.1", Fraction(129, 2), BANDS, 52).description == "2.1: 64.5% of 52 cases, Middle"
    assert charts.band_strip("2.1", None, BANDS, 0).description == "2.1: not rated"


def test_bands_that_do_not_rise_from_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="start at 0"):
        charts.band_strip("T", 10, [(10, "Low")], 1)


def test_shares_with_their_intervals_are_said_in_words() -> None:
    rows = [("2.1.1", Fraction(200, 3), 60.4, 72.0), ("2.1.2", None, 0, 0)]
    chart = charts.intervals("T", rows, BANDS, ["Cases"], [["3"], ["0"]])
    assert chart.description == "T. 2.1.1: 67%, from 60% to 72%; 2.1.2: not rated."
    assert (chart.rows[0].low, chart.rows[0].width) == (60.4, 11.6)
    with pytest.raises(ValueError, match="has to lie between"):
        charts.intervals("T", [("a", 50, 60, 70)], BANDS, [], [[]])
    with pytest.raises(ValueError, match="rows of 1 cells"):
        charts.intervals("T", [("a", 50, 40, 70)], BANDS, ["Cases"], [])


def test_the_year_cuts_phases_at_its_ends_and_keeps_the_rest() -> None:
    day = datetime.date
    rows = [("A", "", [("Report", day(2020, 3, 1), day(2020, 6, 1)), ("Later", day(2021, 1, 1), day(2021, 2, 1))])]
    chart = charts.year("T", day(2019, 4, 15), rows)
    (phase,) = chart.rows[0].phases
    assert phase.x + phase.width == pytest.approx(100, abs=0.01)
    assert [month.name for month in chart.months][:2] == ["Apr", "May"]
    assert sum(month.width for month in chart.months) == pytest.approx(100, abs=0.1)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=8))
def test_shares_of_population_and_sample_each_make_a_whole(counts: list[tuple[int, int]]) -> None:
    chart = charts.proportions("T", [(f"g{n}", *row) for n, row in enumerate(counts)])
    if chart.population:
        assert sum(pair.population_share for pair in chart.pairs) == pytest.approx(100, abs=0.5)


def test_every_picture_has_a_name_a_description_and_a_table(sample_page: str) -> None:
    figures = re.findall(r'<figure class="app-chart.*?</figure>', sample_page, re.S)
    assert len(figures) == 7
    for figure in figures:
        assert 'role="img"' in figure
        assert "<title" in figure
        assert "<desc" in figure
        assert "<table" in figure


def test_no_picture_needs_a_style_that_the_content_policy_forbids(sample_page: str) -> None:
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=", sample_page) == []


def test_rating_tags_say_the_rating(pages: Environment) -> None:
    written = pages.from_string('{{ charts.rating("requires-improvement") }}{{ charts.rating(none) }}').render()
    assert "Requires improvement" in written
    assert "Not rated" in written


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4), st.integers(0, 400))
def test_a_gauge_holds_its_pieces_and_its_mark(counts: list[int], mark: int) -> None:
    chart = charts.gauge("T", [(f"p{n}", count) for n, count in enumerate(counts)], mark, "needed")
    length = sum(piece.width for piece in chart.segments)
    assert length <= 100.01
    assert 0 <= chart.mark_x <= 100
    if sum(counts):
        assert chart.mark_x * sum(counts) == pytest.approx(length * mark, abs=0.005 * max(sum(counts), 100))


def test_a_gauge_says_its_numbers_and_refuses_what_cannot_be() -> None:
    assert charts.gauge("T", [("Submitted", 3), ("Open", 4)], 5, "needed").description == (
        "T: Submitted 3, Open 4; needed 5."
    )
    with pytest.raises(ValueError, match="0 or more"):
        charts.gauge("T", [("Submitted", -1)], 5, "needed")


def test_a_spread_says_its_middle_and_refuses_what_does_not_rise() -> None:
    row = charts.Stretch("2.1.1", 40, 50, 60, 70, 90, 65)
    assert "2.1.1 middle 60%" in charts.spread("Answered yes", [row], [0, 50, 65, 80], "Kent").description
    with pytest.raises(ValueError, match=r"2\.1\.1"):
        charts.spread("Answered yes", [charts.Stretch("2.1.1", 40, 30, 60, 70, 90, None)], [0])
