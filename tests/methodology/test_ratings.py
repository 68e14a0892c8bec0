"""From answers to ratings: the worked examples of chapter 7.1 and 7.2, and other editions as data."""

import json
import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology import ratings, standards
from inspectorate.methodology.ratings import CaseJudgements, Count, RatingRules
from inspectorate.methodology.standards import Framework, Rating, Standards

PACK = Path(standards.__file__).parent / "packs" / "probation-v3-2018"
INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating
DOMAIN_ONE = dict.fromkeys(("1.1", "1.2", "1.3", "1.4"), GOOD)


def read(kind, name):
    return TypeAdapter(kind).validate_python(tomllib.loads((PACK / name).read_text("utf-8")))


@pytest.fixture(scope="module")
def rules() -> RatingRules:
    return read(RatingRules, "ratings.toml")


@pytest.fixture(scope="module")
def crc() -> Framework:
    return read(Standards, "standards.toml").framework("CRC")


@pytest.fixture(scope="module")
def nps() -> Framework:
    return read(Standards, "standards.toml").framework("NPS")


def full(framework, yes=40, n=50, **others):
    """The same count for every key question over cases, but for those named as q2_2_3=(yes, n)."""
    counts = {q.id: Count(yes, n) for s in framework.standards if s.source == "cases" for q in s.key_questions}
    return counts | {name[1:].replace("_", "."): Count(*pair) for name, pair in others.items()}


def test_the_pack_does_not_contradict_itself(rules):
    assert rules.faults() == ()


@pytest.mark.parametrize(
    ("yes", "n", "percent", "rating"),
    [
        (0, 1, 0, INADEQUATE),
        (49, 100, 49, INADEQUATE),
        (50, 100, 50, REQUIRES_IMPROVEMENT),
        (64, 100, 64, REQUIRES_IMPROVEMENT),
        (65, 100, 65, GOOD),
        (79, 100, 79, GOOD),
        (80, 100, 80, OUTSTANDING),
        (100, 100, 100, OUTSTANDING),
        (31, 48, 65, GOOD),
        (129, 200, 65, GOOD),
    ],
)
def test_bands_of_a_key_question(rules, yes, n, percent, rating):
    row = ratings.judge(rules, "2.1.1", Count(yes, n))
    assert (row.percent, row.rating, row.unrounded) == (percent, rating, Fraction(100 * yes, n))


@pytest.mark.parametrize(
    ("rounding", "percent", "rating"),
    [
        ("half_up_then_band", 65, GOOD),
        ("floor_then_band", 64, REQUIRES_IMPROVEMENT),
        ("unrounded_thresholds", 65, REQUIRES_IMPROVEMENT),
    ],
)
def test_rounding_is_a_setting_and_flagged_where_it_matters(rules, rounding, percent, rating):
    row = ratings.judge(replace(rules, rounding=rounding), "2.1.1", Count(31, 48))
    assert (row.percent, row.rating, row.rounding_matters) == (percent, rating, True)
    assert not ratings.judge(rules, "2.1.1", Count(32, 48)).rounding_matters


def test_delivery_is_outstanding_only_with_a_large_majority_in_all_three(rules, crc):
    result = ratings.rate_counts(crc, rules, full(crc))
    assert (result.standard("2.3").rating, result.standard("2.3").decided_by) == (
        OUTSTANDING,
        ("2.3.1", "2.3.2", "2.3.3"),
    )
    one_lower = ratings.rate_counts(crc, rules, full(crc, q2_3_2=(39, 50)))
    assert one_lower.standard("2.3") == ratings.StandardRating("2.3", GOOD, 2, ("2.3.2",))


def test_low_risk_cases_are_left_out_of_planning_for_safety(rules, nps):
    cases = [
        CaseJudgements("A", "domain-two", {"rosh_judged": "low"}, {"2.2.1": "yes", "2.2.3": "no"}),
        CaseJudgements("B", "domain-two", {"rosh_judged": "high"}, {"2.2.1": "no", "2.2.3": "yes"}),
        CaseJudgements("C", "domain-two", {"rosh_judged": "medium"}, {"2.2.1": "na", "2.2.3": "yes"}),
    ]
    result = ratings.rate(nps, rules, cases)
    assert [(q.id, q.yes, q.n, q.cases) for q in result.key_questions if q.n] == [
        ("2.2.1", 1, 2, ("A", "B")),
        ("2.2.3", 2, 2, ("B", "C")),
    ]


def test_an_empty_sub_sample_drops_out_and_a_standard_without_any_is_not_rated(rules, nps):
    result = ratings.rate_counts(nps, rules, full(nps, q2_2_3=(0, 0)), domain_one=DOMAIN_ONE)
    assert result.key_question("2.2.3").rating is None
    assert result.standard("2.2").decided_by == ("2.2.1", "2.2.2")
    assert result.overall is OUTSTANDING
    counts = {q: c for q, c in full(nps).items() if not q.startswith("3.2")}
    result = ratings.rate_counts(nps, rules, counts, domain_one=DOMAIN_ONE)
    assert result.standard("3.2") == ratings.StandardRating("3.2", None, None, ())
    assert (result.total, result.overall, result.missing) == (None, None, ("3.2",))


def test_no_overall_rating_before_domain_one_is_judged(rules, crc):
    result = ratings.rate_counts(crc, rules, full(crc), domain_one={"1.1": GOOD, "1.3": GOOD})
    assert (result.total, result.maximum, result.overall, result.missing) == (None, 30, None, ("1.2", "1.4"))
    result = ratings.rate_counts(crc, rules, full(crc), domain_one=DOMAIN_ONE)
    assert (result.total, result.overall) == (26, OUTSTANDING)
    assert result.standard("1.1").decided_by == ("panel",)


@pytest.mark.parametrize(
    ("total", "rating"),
    [(0, 0), (5, 0), (6, 1), (15, 1), (16, 2), (25, 2), (26, 3), (30, 3)],
)
def test_bands_of_the_total(rules, crc, total, rating):
    ids = [s.id for s in crc.standards]
    given = {standard: Rating(min(3, max(0, total - 3 * place))) for place, standard in enumerate(ids)}
    assert ratings.overall(rules, crc, given) == ratings.Overall(total, 30, Rating(rating))


def test_five_good_and_five_requiring_improvement_require_improvement(rules, crc):
    given = {s.id: GOOD if s.domain == "domain-one" or s.id == "4.1" else REQUIRES_IMPROVEMENT for s in crc.standards}
    assert ratings.overall(rules, crc, given) == ratings.Overall(15, 30, REQUIRES_IMPROVEMENT)


@pytest.mark.parametrize(
    ("yes", "n", "within", "cases"),
    [
        (60, 100, True, 5),  # exactly five below 65, and 64.5 is not reached by 64
        (59, 100, False, 6),
        (70, 100, True, 6),
        (71, 100, False, 7),
        (120, 200, True, 9),  # 129 of 200 is 64.5, which is 65
        (5, 9, False, 1),  # 5.6 points from Inadequate, and one case the other way gets there
        (100, 100, False, 21),
    ],
)
def test_distance_to_the_boundary(rules, yes, n, within, cases):
    row = ratings.judge(rules, "2.1.1", Count(yes, n))
    assert row.cases_to_change == cases
    assert row.within_window is (within or cases == 1)


def test_boundary_facts_name_both_neighbours(rules):
    row = ratings.judge(rules, "2.1.1", Count(31, 48))
    assert row.neighbours == (
        ratings.Neighbour(REQUIRES_IMPROVEMENT, 65, Fraction(5, 12), 1, True),
        ratings.Neighbour(OUTSTANDING, 80, Fraction(185, 12), 8, False),
    )


def test_whether_exactly_five_points_count_is_a_setting(rules):
    strict = replace(rules, discretion=replace(rules.discretion, inclusive=False))
    assert ratings.judge(rules, "2.1.1", Count(120, 200)).within_window
    assert not ratings.judge(strict, "2.1.1", Count(120, 200)).within_window


def test_the_panel_moves_a_key_question_one_band_and_the_original_stays(rules, crc):
    result = ratings.rate_counts(crc, rules, full(crc, q2_3_2=(39, 50)), panel={"2.3.2": OUTSTANDING})
    row = result.key_question("2.3.2")
    assert (row.computed, row.rating, row.changed, row.percent) == (GOOD, OUTSTANDING, True, 78)
    assert result.standard("2.3").rating is OUTSTANDING


@pytest.mark.parametrize(
    ("count", "change", "why"),
    [
        ((36, 50), OUTSTANDING, "key question 2.3.2 is 8.0 points and 4 cases from Outstanding: discretion needs 5"),
        ((33, 50), OUTSTANDING, "key question 2.3.2 is 14.0 points and 7 cases from Outstanding"),
        ((39, 50), INADEQUATE, "2.3.2 is Good and cannot become Inadequate: discretion moves at most 1 band"),
        ((0, 0), GOOD, "key question 2.3.2 has no cases"),
    ],
)
def test_the_panel_is_refused_elsewhere(rules, crc, count, change, why):
    with pytest.raises(ratings.PanelChangeRefusedError, match=why):
        ratings.rate_counts(crc, rules, full(crc, q2_3_2=count), panel={"2.3.2": change})


def test_accepting_the_computed_band_is_no_change(rules, crc):
    result = ratings.rate_counts(crc, rules, full(crc, q2_3_2=(36, 50)), panel={"2.3.2": GOOD})
    assert not result.key_question("2.3.2").changed


def test_one_case_decides_in_a_small_sample(rules, nps):
    row = ratings.judge(rules, "3.2.1", Count(2, 3))
    assert [(n.rating, n.cases, n.within_window) for n in row.neighbours] == [
        (REQUIRES_IMPROVEMENT, 1, True),
        (OUTSTANDING, 1, True),
    ]


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        (["director-of-operations", "lead-inspector", "head-of-inspection"], ()),
        (["lead-inspector", "head-of-standards"], ("director-of-operations", "head-of-inspection")),
        ([], ("director-of-operations", "lead-inspector", "head-of-inspection")),
    ],
)
def test_quorum_of_the_panel(rules, present, missing):
    assert ratings.quorum_missing(rules, present, "NPS") == missing


def test_the_relevant_head_is_the_one_for_this_kind_of_body(rules):
    relevant = [kind for kind in ("", "CRC", "NPS") if ratings.is_relevant(rules, "head-of-inspection", kind, "NPS")]
    assert relevant == ["", "NPS"]
    assert ratings.is_relevant(rules, "lead-inspector", "CRC", "NPS")


def test_wrong_ids_are_all_named(rules, crc):
    with pytest.raises(ratings.RatingFaultsError) as error:
        ratings.rate_counts(crc, rules, {"9.9.9": Count(1, 1)}, domain_one={"2.1": GOOD}, panel={"1.1.1": GOOD})
    assert error.value.faults == (
        "'2.1' is not rated by judgement: give 1.1, 1.2, 1.3, 1.4",
        "counts: '9.9.9' is not a key question for CRC",
        "panel: '1.1.1' is judged as a whole standard, not counted over cases",
    )


def test_judged_cases_that_cannot_be_right_are_refused_all_at_once(rules, crc):
    cases = [
        CaseJudgements("A", "domain-two", {}, {"2.1.1": "maybe", "4.1.1": "yes", "3.1.1": "no"}),
        CaseJudgements("A", "domain-two", {}, {}),
        CaseJudgements("B", "victim-work", {}, {}),
    ]
    with pytest.raises(ratings.RatingFaultsError) as error:
        ratings.rate(crc, rules, cases)
    assert [fault.split(": ")[1] for fault in error.value.faults] == [
        "answer 'maybe' to 2.1.1 is not one of yes, no, na",
        "key question 4.1.1 is not asked of domain-two cases",
        "'3.1.1' is not a key question for CRC",
        "keep one",
        "'victim-work' is not a case list for CRC",
    ]


@pytest.mark.parametrize(("yes", "n"), [(-1, 5), (6, 5), (1, 0)])
def test_counts_that_cannot_be_are_refused(rules, yes, n):
    with pytest.raises(ValueError, match="cannot be counted"):
        ratings.judge(rules, "2.1.1", Count(yes, n))


def row(case="A", case_list="domain-two", rosh="high", question="2.1.1", answer="yes", **more):
    return {"case": case, "list": case_list, "rosh": rosh, "key_question": question, "answer": answer, **more}


def test_rows_become_judged_cases(crc):
    rows = [
        (2, row()),
        (3, row(question="2.2.3", rosh="", answer=" No ")),
        (4, row(case="B", rosh="Very high", answer="N/A", case_list="Domain two")),
        (5, row(case="A", case_list="unpaid-work", rosh=None, question="4.1.3", work_began="yes")),
    ]
    assert ratings.read_judgements(crc, rows) == (
        CaseJudgements("A", "domain-two", {"rosh_judged": "high"}, {"2.1.1": "yes", "2.2.3": "no"}),
        CaseJudgements("B", "domain-two", {"rosh_judged": "very-high"}, {"2.1.1": "na"}),
        CaseJudgements("A", "unpaid-work", {"work_began": "yes"}, {"4.1.3": "yes"}),
    )


def test_all_faults_of_the_rows_are_named_by_line(crc):
    rows = [
        (2, row()),
        (3, row()),
        (4, row(question="2.1.2", rosh="low")),
        (5, row(question="2.1.3", answer="perhaps")),
        (6, row(case="", question="2.4.1")),
        (7, row(question="9.9.9")),
        (8, row(question="4.2.1", rosh="huge")),
        (9, row(case_list="court-reports", question="3.1.1")),
        (10, row(case="Z", rosh="")),
    ]
    with pytest.raises(ratings.RatingFaultsError) as error:
        ratings.read_judgements(crc, rows)
    assert error.value.faults == (
        "line 3: key question '2.1.1' of case 'A' stands there twice: keep one",
        "line 4: rosh is 'low' here and 'high' in an earlier row of the same case",
        "line 5: answer 'perhaps' to 2.1.3 is not one of yes, no, na",
        "line 6: case is empty: give its reference",
        "line 7: '9.9.9' is not a key question for CRC",
        "line 8: rosh 'huge' is not one of low, medium, high, very-high",
        "line 8: key question 4.2.1 is not asked of domain-two cases: there it is "
        "2.1.1, 2.1.2, 2.1.3, 2.2.1, 2.2.2, 2.2.3, 2.3.1, 2.3.2, 2.3.3, 2.4.1, 2.4.2, 2.4.3",
        "line 9: list: 'court-reports' is not a case list for CRC: write domain-two, unpaid-work, through-the-gate",
        "line 10: case 'Z' of domain-two has no rosh: give the level as judged",
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "there are no judgements: give at least one row"),
        (
            [(2, {"case": "A", "list": "domain-two"})],
            "line 2: no column rosh, key_question, answer: name case, list, rosh, key_question, answer",
        ),
    ],
)
def test_a_file_that_is_empty_or_without_columns_is_refused(crc, rows, fault):
    with pytest.raises(ratings.RatingFaultsError) as error:
        ratings.read_judgements(crc, rows)
    assert error.value.faults == (fault,)


def test_ratings_are_read_from_words(crc):
    assert ratings.read_ratings(crc, ["1.1=good", "2.1 = requires-improvement"]) == {
        "1.1": GOOD,
        "2.1": REQUIRES_IMPROVEMENT,
    }
    with pytest.raises(ratings.RatingFaultsError) as error:
        ratings.read_ratings(crc, ["1.1=good", "1.1=good", "3.1=good", "1.2", "1.3=fine"])
    assert [fault.split(":")[0] for fault in error.value.faults] == ["'1.1=good'", "'3.1=good'", "'1.2'", "'1.3=fine'"]


def test_a_result_as_plain_values(rules, nps):
    cases = [CaseJudgements(f"C{i}", "court-reports", {}, {"3.1.1": "yes" if i < 31 else "no"}) for i in range(48)]
    plain = json.loads(json.dumps(ratings.result_as_json(ratings.rate(nps, rules, cases, domain_one={"1.1": GOOD}))))
    assert list(plain) == ["key_questions", "standards", "total", "overall"]
    assert plain["key_questions"]["3.1.1"] == {
        "yes": 31,
        "n": 48,
        "percent": 65,
        "unrounded": 3100 / 48,
        "band": "good",
        "within_window": True,
        "cases_to_change": 1,
    }
    assert plain["key_questions"]["3.1.2"]["band"] is None
    assert plain["standards"]["3.1"] == {"rating": "good", "score": 2, "decided_by": ["3.1.1"]}
    assert plain["standards"]["1.1"] == {"rating": "good", "score": 2, "decided_by": ["panel"]}
    assert plain["standards"]["2.1"] == {"rating": None, "score": None, "decided_by": []}
    assert (plain["total"], plain["overall"]) == (None, None)


def test_a_total_as_plain_values(rules, crc):
    total = ratings.overall(rules, crc, dict.fromkeys((s.id for s in crc.standards), GOOD))
    assert ratings.overall_as_json(total) == {"total": 20, "maximum": 30, "overall": "good"}


# Another edition as the same data: youth 2018, twelve scored standards of 36, and resettlement rated outside the score.


@pytest.fixture(scope="module")
def youth() -> Framework:
    def standard(number, **more):
        return {
            "id": number, "title": number, "domain": number[0], "headline": "", "source": "cases",
            "case_list": "court-disposals", "kinds": ["YOT"],
            "key_questions": [{"id": f"{number}.1", "label": "", "question": "Is it?"}],
        } | more  # fmt: skip

    panel = {"source": "panel", "case_list": None, "key_questions": []}
    data = {
        "domains": [{"id": d, "title": d, "summary": "", "kinds": ["YOT"]} for d in "1234"],
        "standards": [standard(f"1.{i}", **panel) for i in range(1, 5)]
        + [standard(f"2.{i}") for i in range(1, 5)]
        + [standard(f"3.{i}", source="pooled", case_list=None) for i in range(1, 5)]
        + [standard("4.1", case_list="resettlement", scored=False)],
    }
    file = TypeAdapter(Standards).validate_python(data)
    assert file.faults() == ()
    return file.framework("YOT")


def youth_rules(rules, *edges):
    starts = (0, *(edge + 1 for edge in edges[:-1]))
    bands = tuple(ratings.OverallBand(r, a, b) for r, a, b in zip(Rating, starts, edges, strict=True))
    return replace(rules, overall=(ratings.OverallTable(("YOT",), bands),))


@pytest.mark.parametrize(
    ("yes", "domain_one", "total", "rating"),
    [
        (0, [1, 2, 3, 0], 6, INADEQUATE),
        (40, [0, 0, 0, 0], 0, INADEQUATE),
        (55, [3, 3, 2, 2], 18, REQUIRES_IMPROVEMENT),
        (55, [3, 3, 3, 2], 19, GOOD),
        (90, [3, 3, 0, 0], 30, GOOD),
        (90, [3, 3, 1, 0], 31, OUTSTANDING),
    ],
)
def test_youth_2018_has_twelve_scored_standards(rules, youth, yes, domain_one, total, rating):
    bands = youth_rules(rules, 6, 18, 30, 36)
    assert bands.faults() == ()
    units = [{f"3.{i}.1": Count(yes // 2, 50) for i in range(1, 5)}] * 2
    counts = {f"2.{i}.1": Count(yes, 100) for i in range(1, 5)} | ratings.pool(units)
    judged = {f"1.{i}": Rating(value) for i, value in enumerate(domain_one, 1)}
    even = yes - yes % 2
    result = ratings.rate_counts(youth, bands, counts, domain_one=judged)
    assert result.key_question("3.1.1").percent == even
    assert (result.total, result.maximum, result.overall) == (total, 36, rating)
    assert result.standard("4.1").rating is None


def test_resettlement_is_rated_and_not_scored(rules, youth):
    bands = youth_rules(rules, 6, 18, 30, 36)
    judged = dict.fromkeys(("1.1", "1.2", "1.3", "1.4"), OUTSTANDING)
    pooled = {f"3.{i}.1": Count(80, 100) for i in range(1, 5)}
    cases = [CaseJudgements("A", "court-disposals", {}, {f"2.{i}.1": "yes" for i in range(1, 5)})]
    cases.append(CaseJudgements("A", "resettlement", {}, {"4.1.1": "no"}))
    result = ratings.rate(youth, bands, cases, domain_one=judged, pooled=pooled)
    assert result.standard("4.1").rating is INADEQUATE
    assert (result.total, result.overall) == (36, OUTSTANDING)


def test_bands_of_another_number_of_standards_are_refused(rules, youth):
    with pytest.raises(ratings.BandsDoNotFitError, match="end at 30, but 12 scored standards reach 36"):
        ratings.overall(youth_rules(rules, 5, 15, 25, 30), youth, {})
    with pytest.raises(ratings.BandsDoNotFitError, match="has no overall bands for YOT"):
        ratings.overall(rules, youth, {})


def test_all_faults_of_the_rules_are_named(rules):
    bands = (replace(rules.bands[0], least=1), replace(rules.bands[1], least=90), *rules.bands[2:])
    table = rules.overall[0]
    gap = replace(table, bands=(table.bands[0], replace(table.bands[1], least=7), *table.bands[2:]))
    panel = replace(rules.panels[0], chair="lead-inspektor")
    assert replace(rules, bands=bands, overall=(gap,), panels=(panel,)).faults() == (
        "bands: the first has to begin at 0 per cent",
        "bands: 'good' has to lie above 'requires-improvement' in per cent and in score",
        "overall (CRC, NPS): 'requires-improvement' has to begin at 6, one above the band before it",
        "panels (CRC, NPS): the chair 'lead-inspektor' has to be part of the quorum",
    )
