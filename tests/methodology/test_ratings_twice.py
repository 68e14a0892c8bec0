"""The ratings worked out a second time in another way, and compared: every small count, and 100,000 inspections.

The second way knows nothing of the first: percentages by decimals, thresholds by cross multiplication, cases to change
by looking along the whole row of possible counts, totals by arrays, overall bands by sixths of the maximum.
"""

import tomllib
from dataclasses import replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inspectorate.methodology import ratings, standards
from inspectorate.methodology.ratings import CaseJudgements, Count, PanelChangeRefusedError, RatingRules
from inspectorate.methodology.standards import Framework, Rating, Standards

PACK = Path(standards.__file__).parent / "packs" / "probation-v3-2018"
MOST = 200
THRESHOLDS = (50, 65, 80)
INSPECTIONS = 100_000


def read(kind, name):
    return TypeAdapter(kind).validate_python(tomllib.loads((PACK / name).read_text("utf-8")))


RULES: RatingRules = read(RatingRules, "ratings.toml")
STANDARDS: Standards = read(Standards, "standards.toml")


def second_band(rounding, yes, n):
    if rounding == "unrounded_thresholds":
        return sum(100 * yes >= threshold * n for threshold in THRESHOLDS)
    way = ROUND_HALF_UP if rounding == "half_up_then_band" else ROUND_FLOOR
    percent = (Decimal(100 * yes) / Decimal(n)).quantize(Decimal(1), way)
    return sum(percent >= threshold for threshold in THRESHOLDS)


def second_rows(rounding, n):
    """For each possible yes of n: (band, [(side, boundary, points as a cross product, cases, within)])."""
    row = [second_band(rounding, yes, n) for yes in range(n + 1)]
    for yes, band in enumerate(row):
        sides = []
        if band > 0:
            cases = yes - max(y for y in range(n + 1) if row[y] < band)
            sides.append((band - 1, THRESHOLDS[band - 1], cases))
        if band < 3:
            cases = min(y for y in range(n + 1) if row[y] > band) - yes
            sides.append((band + 1, THRESHOLDS[band], cases))
        yield (
            yes,
            band,
            [(to, edge, cases, abs(100 * yes - edge * n) <= 5 * n or cases == 1) for to, edge, cases in sides],
        )


@pytest.mark.parametrize("rounding", ratings.ROUNDINGS)
def test_every_count_up_to_200_has_the_same_band_and_boundary_facts(rounding):
    rules = replace(RULES, rounding=rounding)
    for n in range(1, MOST + 1):
        for yes, band, sides in second_rows(rounding, n):
            row = ratings.judge(rules, "2.1.1", Count(yes, n))
            assert row.rating == band, (yes, n)
            found = [(side.rating, side.boundary, side.cases, side.within_window) for side in row.neighbours]
            assert found == sides, (yes, n)
            for side in row.neighbours:
                assert side.distance == abs(Fraction(yes, n) * 100 - side.boundary), (yes, n)
            assert row.rounding_matters is (len({second_band(r, yes, n) for r in ratings.ROUNDINGS}) > 1), (yes, n)


class Tables:
    """Band and window of every yes of every n up to 200, by the second way."""

    def __init__(self):
        self.band = np.full((MOST + 1, MOST + 1), -1)
        self.window = np.zeros((MOST + 1, MOST + 1, 4), dtype=bool)
        for n in range(1, MOST + 1):
            for yes, band, sides in second_rows("half_up_then_band", n):
                self.band[yes, n] = band
                for to, _, _, within in sides:
                    self.window[yes, n, to] = within


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


def random_counts(rng, questions):
    """Half of all counts anywhere, half close to a boundary; one in twenty sub-samples is empty."""
    shape = (INSPECTIONS, questions)
    n = rng.integers(1, MOST + 1, shape)
    near = (n * rng.choice(THRESHOLDS, shape)) // 100 + rng.integers(-3, 4, shape)
    yes = np.where(rng.random(shape) < 0.5, rng.integers(0, n + 1), np.clip(near, 0, n))
    empty = rng.random(shape) < 0.05
    return np.where(empty, 0, yes), np.where(empty, 0, n)


@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_a_hundred_thousand_inspections_are_rated_the_same(kind, tables):
    framework = STANDARDS.framework(kind)
    cased = [s for s in framework.standards if s.source == "cases"]
    ids = [q.id for s in cased for q in s.key_questions]
    owner = np.array([place for place, s in enumerate(cased) for _ in s.key_questions])
    rng = np.random.default_rng(7 if kind == "CRC" else 8)
    half = slice(0, INSPECTIONS // 2)
    yes, n = (array[half] for array in random_counts(rng, len(ids)))
    led = rng.integers(0, 4, (len(yes), 4))
    target, change = rng.integers(0, len(ids), len(yes)), rng.integers(0, 4, len(yes))
    wants = rng.random(len(yes)) < 0.3

    # The second way, all inspections at once.
    rows = np.arange(len(yes))
    band = tables.band[yes, n]
    before = band[rows, target]
    allowed = (before == change) | tables.window[yes[rows, target], n[rows, target], change] & (before >= 0)
    band[rows, target] = np.where(wants & allowed, change, before)
    lowest = np.stack([np.where(band < 0, 9, band)[:, owner == s].min(axis=1) for s in range(len(cased))], axis=1)
    decides = (band >= 0) & (band == lowest[:, owner])
    total = led.sum(axis=1) + lowest.sum(axis=1)
    total = np.where((lowest == 9).any(axis=1), -1, total)
    cuts = np.array([30 // 6, 30 // 2, 5 * 30 // 6])
    whole = (total[:, None] > cuts).sum(axis=1)

    panel_ids = [s.id for s in framework.standards if s.source == "panel"]
    scale = list(Rating)
    lists = [array.tolist() for array in (yes, n, led, target, change, wants, allowed, lowest, decides, total, whole)]
    for one in zip(*lists, strict=True):
        y, m, one_led, at, to, want, may, one_lowest, one_decides, one_total, one_whole = one
        counts = {q: Count(a, b) for q, a, b in zip(ids, y, m, strict=True)}
        judged = {s: scale[v] for s, v in zip(panel_ids, one_led, strict=True)}
        panel = {ids[at]: scale[to]} if want else {}
        try:
            result = ratings.rate_counts(framework, RULES, counts, domain_one=judged, panel=panel)
        except PanelChangeRefusedError:
            assert want
            assert not may
            continue
        assert may or not want
        found = [9 if s.rating is None else s.rating for s in result.standards[4:]]
        assert found == one_lowest
        deciders = [q for s in result.standards[4:] for q in s.decided_by]
        assert deciders == [q for q, decides_it in zip(ids, one_decides, strict=True) if decides_it]
        if one_total < 0:
            assert (result.total, result.overall) == (None, None)
            assert result.missing
        else:
            assert (result.total, result.overall) == (one_total, one_whole)


answers = st.sampled_from(["yes", "no", "na", None])


@st.composite
def inspections(draw):
    """Judged cases of both kinds of body, over all their lists."""
    framework: Framework = STANDARDS.framework(draw(st.sampled_from(["CRC", "NPS"])))
    cases = []
    for case_list in framework.case_lists:
        ids = [q.id for s in framework.standards_for_list(case_list) for q in s.key_questions]
        for number in range(draw(st.integers(0, 6))):
            given_answers = {q: a for q in ids if (a := draw(answers)) is not None}
            rosh = draw(st.sampled_from(["low", "medium", "high", "very-high"]))
            cases.append(CaseJudgements(f"{case_list}-{number}", case_list, {"rosh_judged": rosh}, given_answers))
    return framework, cases


@settings(max_examples=150, deadline=None)
@given(inspections())
def test_cases_are_counted_the_same(inspection):
    framework, cases = inspection
    result = ratings.rate(framework, RULES, cases)
    for question in result.key_questions:
        said = [
            (c.case, c.answers[question.id])
            for c in cases
            if c.answers.get(question.id, "na") != "na"
            and not (question.id == "2.2.3" and c.facts["rosh_judged"] == "low")
        ]
        assert (question.yes, question.n) == ([a for _, a in said].count("yes"), len(said))
        assert question.cases == tuple(case for case, _ in said)


@settings(max_examples=150, deadline=None)
@given(inspections(), st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(inspection, shuffler):
    framework, cases = inspection
    mixed = list(cases)
    shuffler.shuffle(mixed)
    one, other = (ratings.result_as_json(ratings.rate(framework, RULES, c)) for c in (cases, mixed))
    assert one == other


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 5000), st.data())
def test_one_more_yes_never_lowers_a_rating(n, data):
    yes = data.draw(st.integers(0, n - 1))
    assert ratings.judge(RULES, "q", Count(yes, n)).rating <= ratings.judge(RULES, "q", Count(yes + 1, n)).rating
