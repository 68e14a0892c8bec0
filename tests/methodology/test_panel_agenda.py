"""Chapter 7.2: what the panel takes first, and when a proposal disagrees with its evidence."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology import standards
from inspectorate.methodology.ratings import Count, Piece, RatingRules, balance, beside_cases, disputes, panel_agenda
from inspectorate.methodology.standards import Framework, Rating, Standards

PACK = Path(standards.__file__).parent / "packs" / "probation-v3-2018"
INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating


def read(kind: Any, name: str) -> Any:
    return TypeAdapter(kind).validate_python(tomllib.loads((PACK / name).read_text("utf-8")))


@pytest.fixture(scope="module")
def rules() -> RatingRules:
    return read(RatingRules, "ratings.toml")


@pytest.fixture(scope="module")
def crc() -> Framework:
    return read(Standards, "standards.toml").framework("CRC")


def laid_out(crc: Framework, rules: RatingRules, disputed: dict[str, tuple[str, ...]], **counts: tuple[int, int]):
    every = {q.id: Count(100, 100) for s in crc.standards if s.source == "cases" for q in s.key_questions}
    every |= {name[1:].replace("_", "."): Count(*pair) for name, pair in counts.items()}
    domain_one = dict.fromkeys(("1.1", "1.2", "1.3", "1.4"), GOOD)
    return panel_agenda(crc, rules, every, domain_one=domain_one, panel={}, disputed=disputed)


def test_what_decides_more_comes_first_and_domain_one_in_dispute_after_the_key_questions(crc, rules):
    # 2.2.2 is at an edge, but 2.2.1 holds 2.2 down whatever becomes of it; and likewise 2.3.2.
    laid = laid_out(
        crc, rules, {"1.3": ("Another view is Inadequate.",)}, q2_1_1=(82, 100), q2_2_1=(70, 100), q2_2_2=(82, 100),
        q2_3_1=(60, 100), q2_3_2=(66, 100), q2_4_1=(78, 100),
    )  # fmt: skip
    contestable = [item.subject for item in laid if item.contestable]
    assert contestable[-1] == "1.3"
    assert set(contestable) == {"2.1.1", "2.2.1", "2.2.2", "2.3.1", "2.3.2", "2.4.1", "1.3"}
    assert [item.contestable for item in laid] == sorted((item.contestable for item in laid), reverse=True)
    key_questions = [item for item in laid if item.contestable and item.subject != item.standard]
    decide = [(item.decides_overall, item.decides_standard) for item in key_questions]
    assert decide == sorted(decide, reverse=True)
    idle = {item.subject for item in key_questions if not item.decides_standard}
    assert idle == {"2.2.2", "2.3.2"}
    assert {"1.1", "1.2", "1.4"} <= {item.subject for item in laid if not item.contestable}


def test_an_overall_rating_that_hangs_on_one_key_question_puts_it_first(crc, rules):
    # 25 of 30: 2.4.1 up gives 26, outstanding overall; 2.1.1 down gives 24, which is good as before.
    laid = laid_out(crc, rules, {}, q2_1_1=(82, 100), q2_4_1=(78, 100))
    first, second = laid[:2]
    assert (first.subject, first.decides_overall, first.decides_standard) == ("2.4.1", True, True)
    assert (second.subject, second.decides_overall, second.decides_standard) == ("2.1.1", False, True)


def test_choices_say_what_follows_or_why_not(crc, rules):
    item = next(one for one in laid_out(crc, rules, {}, q2_1_1=(12, 20)) if one.subject == "2.1.1")
    assert [(c.rating, c.standard, c.total) for c in item.choices if not c.refusal] == [
        (GOOD, GOOD, 25),
        (REQUIRES_IMPROVEMENT, REQUIRES_IMPROVEMENT, 24),
    ]
    assert {c.rating for c in item.choices if c.refusal} == {OUTSTANDING, INADEQUATE}


def test_one_case_brings_a_small_sub_sample_onto_the_agenda(crc, rules):
    item = next(one for one in laid_out(crc, rules, {}, q2_1_1=(3, 5)) if one.subject == "2.1.1")
    assert (item.contestable, item.one_case) == (True, True)


def piece(supports: bool, validity: str = "strong", source: str = "strong", impact: str = "strong") -> Piece:
    return Piece("1.1.1", "document", supports, validity, source, impact)


def test_a_piece_is_as_strong_as_its_weakest_mark():
    assert [piece(True).weight, piece(True, source="fair").weight, piece(True, impact="weak").weight] == [3, 2, 1]
    weighed = balance([piece(True, impact="weak"), piece(False), piece(False, "fair")])
    assert (weighed.weight_for, weighed.weight_against, weighed.pieces, weighed.kinds) == (1, 5, 3, 1)


@pytest.mark.parametrize(
    ("proposed", "for_and_against", "others", "reasons"),
    [
        (GOOD, (1, 2), (), 1),
        (GOOD, (2, 2), (), 0),
        (REQUIRES_IMPROVEMENT, (2, 1), (), 1),
        (INADEQUATE, (1, 2), (), 0),
        (GOOD, (2, 1), (GOOD, OUTSTANDING, OUTSTANDING), 1),
        (GOOD, (0, 0), (), 1),
    ],
)
def test_a_proposal_is_disputed_by_the_evidence_or_by_another_view(proposed, for_and_against, others, reasons):
    pieces = [piece(True)] * for_and_against[0] + [piece(False)] * for_and_against[1]
    assert len(disputes(proposed, balance(pieces), others)) == reasons


def test_a_proposal_is_laid_beside_the_ratings_from_cases():
    assert beside_cases(GOOD, []) == ""
    assert beside_cases(OUTSTANDING, [GOOD, GOOD]).startswith("Above every")
    assert beside_cases(INADEQUATE, [GOOD]).startswith("Below every")
    assert beside_cases(GOOD, [GOOD, OUTSTANDING]).startswith("Like")
    assert beside_cases(GOOD, [REQUIRES_IMPROVEMENT, OUTSTANDING]).startswith("Between")
