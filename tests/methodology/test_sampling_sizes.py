"""Chapter 4.1 and 4.2: sizes, margins of error, and figure 2 row by row."""

import csv
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inspectorate.methodology import sampling

PACK = files("inspectorate.methodology") / "packs" / "probation-v3-2018"
RULES = TypeAdapter(sampling.Sampling).validate_python(tomllib.loads((PACK / "sampling.toml").read_text("utf-8")))
AIM = {"margin": RULES.size.margin, "confidence": RULES.size.confidence}


def figure_2(kind):
    with (PACK / f"resourcing-{kind.lower()}.csv").open(newline="", encoding="utf-8") as table:
        return sampling.resourcing_rows(kind, list(csv.reader(table)))


ROWS = [*figure_2("CRC"), *figure_2("NPS")]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
populations = st.integers(min_value=1, max_value=200_000)


def test_the_manuals_example_47_per_cent_lies_between_42_and_52():
    size = sampling.sample_size(3000, **AIM)
    reached = sampling.margin_reached(size.size, 3000, confidence=80)
    assert (round(47 - reached.margin), round(47 + reached.margin)) == (42, 52)


@pytest.mark.parametrize(("population", "size"), [(1, 1), (10, 10), (100, 63), (170, 84), (1000, 142), (10**9, 165)])
def test_sizes_for_five_points_at_80_per_cent(population, size):
    assert sampling.sample_size(population, **AIM) == sampling.SampleSize(population, size, 5, 80)


def test_rounding_to_nearest_is_the_other_setting():
    assert sampling.sample_size(10**9, margin=5, confidence=80, rounding="nearest").size == 164


@given(populations, st.sampled_from([3, 5, 10]), st.sampled_from([80, 90, 95]))
def test_a_size_is_the_first_that_keeps_the_margin(population, margin, confidence):
    size = sampling.sample_size(population, margin=margin, confidence=confidence).size
    assert 1 <= size <= population
    assert sampling.margin_reached(size, population, confidence=confidence).margin <= margin + 1e-6
    if size > 1:
        assert sampling.margin_reached(size - 1, population, confidence=confidence).margin > margin


@given(populations)
def test_sizes_grow_with_populations(population):
    assert sampling.sample_size(population, **AIM).size <= sampling.sample_size(population + 1, **AIM).size


def test_the_whole_population_leaves_no_error():
    assert sampling.margin_reached(120, 120, confidence=80).margin == 0
    assert sampling.margin_reached(1, 1, confidence=80).margin == 0


@pytest.mark.parametrize(
    ("error", "population", "margin", "confidence"),
    [
        (sampling.ImpossiblePopulationError, 0, 5, 80),
        (sampling.ImpossiblePopulationError, -3, 5, 80),
        (sampling.ImpossiblePopulationError, 10.5, 5, 80),
        (sampling.ImpossibleMarginError, 100, 0, 80),
        (sampling.ImpossibleMarginError, 100, 100, 80),
        (sampling.ImpossibleMarginError, 100, float("nan"), 80),
        (sampling.ImpossibleConfidenceError, 100, 5, 0),
        (sampling.ImpossibleConfidenceError, 100, 5, 100),
    ],
)
def test_impossible_figures_are_refused_by_name(error, population, margin, confidence):
    with pytest.raises(error, match="give"):
        sampling.sample_size(population, margin=margin, confidence=confidence)


@pytest.mark.parametrize("size", [0, 101, -1])
def test_a_margin_of_no_sample_is_refused(size):
    with pytest.raises(sampling.ImpossibleSampleSizeError, match="of 100"):
        sampling.margin_reached(size, 100, confidence=80)


def test_figure_2_has_its_28_bodies_and_totals():
    crc, nps = ROWS[:21], ROWS[21:]
    assert (len(crc), len(nps)) == (21, 7)
    assert (sum(row.domain_two for row in crc), sum(row.domain_two for row in nps)) == (2466, 840)
    assert sum(row.domain_three_revised or 0 for row in crc) == 1576
    assert sum(row.domain_three_chosen for row in nps) == 950


@every_row
def test_figure_2_parts_add_up_and_no_size_is_below_its_80_per_cent_size(row):
    assert sum(row.parts_at_80) == row.domain_three_at_80
    assert sum(row.parts_chosen) == row.domain_three_chosen
    assert row.domain_two >= row.domain_two_at_80
    assert all(row.size_for(part) >= row.size_at_80(part) for part in row.parts)
    assert (row.domain_two_revised is None) == (row.kind == "NPS")


@every_row
def test_figure_2_sizes_are_those_of_some_population(row):
    for size in (row.domain_two_at_80, *row.parts_at_80):
        least, most = sampling.implied_population(size, **AIM)
        assert sampling.sample_size(least, **AIM).size == sampling.sample_size(most, **AIM).size == size
        assert sampling.sample_size(most + 1, **AIM).size == size + 1


def test_the_populations_that_figure_2_implies():
    norfolk, london = ROWS[0], ROWS[20]
    assert 165 <= sampling.implied_population(norfolk.domain_two_at_80, **AIM)[0] <= 175
    assert 1300 <= sampling.implied_population(london.size_at_80("domain-two"), **AIM)[0] <= 1400
    assert sampling.implied_population(165, **AIM)[1] is None
    with pytest.raises(sampling.ImpossibleSampleSizeError, match="166"):
        sampling.implied_population(166, **AIM)


def test_three_bodies_have_a_revised_total_that_is_not_the_sum_of_its_parts():
    different = [
        (row.name[:6], row.domain_three_chosen, row.domain_three_revised)
        for row in ROWS
        if row.domain_three_revised not in (None, row.domain_three_chosen)
    ]
    assert different == [("Durham", 44, 54), ("Cheshi", 120, 115), ("Staffo", 120, 115)]


def test_a_table_with_faults_is_refused_with_all_of_them():
    table = [["NPS region", "Cluster Size", *[f"size {n}" for n in range(8)]], ["Wales", "A", *"1234567x"], ["X", "A"]]
    with pytest.raises(ValueError, match=r"row 2, size 7: 'x'; row 3"):
        sampling.resourcing_rows("NPS", table)
