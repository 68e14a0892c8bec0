"""Chapter 7.2a: checks, outliers, what changed since, and flat files read back field by field."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.methodology import pack, ratings
from inspectorate.methodology.ratings import (
    COVERED,
    RATING_COLUMNS,
    CaseJudgements,
    CheckedCase,
    RatingFaultsError,
    VerifiedCase,
    answer_columns,
    chance_of,
    changes_since,
    check,
    count,
    counts_of,
    flat_answers,
    flat_ratings,
    outliers,
    pseudonym,
    rate_counts,
    rating_row,
    read_answers,
    read_flat_ratings,
    verified_as_json,
    verified_digest,
    verified_from_json,
)
from inspectorate.methodology.standards import Rating

PACK = pack.load("probation-v3-2018")
KINDS = ("CRC", "NPS")


def questions(framework, case_list):
    return [q.id for s in framework.standards_for_list(case_list) if s.source == "cases" for q in s.key_questions]


def named(columns, rows):
    return [dict(zip(columns, row, strict=True)) for row in rows]


@st.composite
def case_sets(draw, kind):
    """Cases as any fieldwork may leave them: facts and answers there or not, submitted or not."""
    framework, cases = PACK.framework(kind), []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        case_list = draw(st.sampled_from(framework.case_lists))
        facts = {f.id: draw(st.sampled_from(f.values)) for f in framework.facts if draw(st.booleans())}
        given = {
            q: draw(st.sampled_from(ratings.ANSWERS)) for q in questions(framework, case_list) if draw(st.booleans())
        }
        cases.append(VerifiedCase(f"id {number}", case_list, number, draw(st.booleans()), facts, given))
    return framework, tuple(cases)


@given(st.sampled_from(KINDS).flatmap(case_sets))
@settings(max_examples=60, deadline=None)
def test_signed_data_read_back_are_the_same_and_nothing_changed_in_them(made):
    _, cases = made
    content = verified_as_json(cases)
    again = verified_from_json(content)
    assert sorted(again, key=lambda one: one.case) == sorted(cases, key=lambda one: one.case)
    assert verified_digest(verified_as_json(again)) == verified_digest(content)
    assert verified_digest(verified_as_json(cases[::-1])) == verified_digest(content)
    assert changes_since(cases, again) == ()


@given(st.sampled_from(KINDS).flatmap(case_sets), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_changes_a_figure_is_named_as_a_change(made, data):
    framework, cases = made
    at = data.draw(st.integers(0, len(cases) - 1))
    case = cases[at]
    question = data.draw(st.sampled_from(questions(framework, case.case_list)))
    value = data.draw(st.sampled_from(["", *ratings.ANSWERS]))
    answers = {q: a for q, a in {**case.answers, question: value}.items() if a}
    now = (*cases[:at], replace(case, answers=answers), *cases[at + 1 :])
    found = [(one.case, one.subject, one.before, one.now) for one in changes_since(cases, now)]
    was = case.answers.get(question, "")
    assert found == ([(case.case, question, was, value)] if case.submitted and was != value else [])
    left = changes_since(cases, now[:at] + now[at + 1 :])
    state = "submitted" if case.submitted else "not submitted"
    assert [(one.subject, one.before, one.now) for one in left] == [("", state, "not in the sample")]


@given(st.sampled_from(KINDS).flatmap(case_sets))
@settings(max_examples=60, deadline=None)
def test_a_file_of_answers_read_back_has_every_field_and_gives_the_same_ratings(made):
    framework, cases = made
    hidden = {cases[0].case}
    for covered in (set(), hidden):
        rows = named(answer_columns(framework), flat_answers(framework, cases, covered))
        found = {one.case: one for one in read_answers(framework, rows)}
        there = [one for one in cases if one.submitted]
        assert set(found) == {pseudonym(one.case_list, one.number) for one in there}
        for one in there:
            read = found[pseudonym(one.case_list, one.number)]
            assert (read.case_list, dict(read.answers)) == (one.case_list, dict(one.answers))
            told = dict.fromkeys(one.facts, COVERED) if one.case in covered else dict(one.facts)
            assert dict(read.facts) == told
        judged = [CaseJudgements(one.case, one.case_list, one.facts, one.answers) for one in there]
        before, after = count(framework, judged), counts_of(found.values())
        assert {q: (c.yes, c.n) for q, c in before.items()} == {q: (c.yes, c.n) for q, c in after.items()}
        first = rate_counts(framework, PACK.ratings, before, domain_one={})
        again = rate_counts(framework, PACK.ratings, after, domain_one={})
        written = flat_ratings(framework, first, {"2.1": Rating.GOOD})
        assert written == flat_ratings(framework, again, {"2.1": Rating.GOOD})
        rows = named(RATING_COLUMNS, map(rating_row, written))
        assert read_flat_ratings(PACK.ratings, rows) == written


def test_a_file_of_answers_with_faults_says_all_of_them():
    framework = PACK.framework("CRC")
    case = VerifiedCase("a", "domain-two", 1, True, {"rosh_judged": "low"}, {"2.1.1": "yes", "2.2.3": "no"})
    rows = named(answer_columns(framework), flat_answers(framework, [case]))
    rows[0]["answer"] = "maybe"
    rows[1]["rosh_judged"] = "high"
    next(row for row in rows if row["key_question"] == "2.2.3")["counted"] = "yes"
    with pytest.raises(RatingFaultsError) as refused:
        read_answers(framework, [*rows, rows[2]])
    said = "\n".join(refused.value.faults)
    for words in ("'maybe' to 2.1.1 is not one of", "other facts", "counted is 'yes' for 2.2.3", "stands there twice"):
        assert words in said


def checked(number, **options):
    framework = PACK.framework("NPS")
    answers = dict.fromkeys(questions(framework, "domain-two"), "yes")
    values = {"facts": {"rosh_judged": "medium"}, "answers": answers, "same_as": f"R{number}", **options}
    return CheckedCase(f"id{number}", "domain-two", number, **{"begun": True, "submitted": True, **values})


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"submitted": False}, "completeness", "begun and not submitted"),
        ({"submitted": False, "begun": False}, "completeness", "nobody has begun"),
        ({"unanswered": ("2.1.1a",)}, "completeness", "are not answered: 2.1.1a"),
        ({"answers": {"2.1.1": "na"}}, "completeness", "counts nowhere"),
        ({"answers": {"2.1.1": "maybe", "2.1.2": "yes"}}, "impossible", "2.1.1 cannot be 'maybe'"),
        ({"answers": {"4.1.1": "yes"}}, "impossible", "4.1.1 is not asked of this list"),
        ({"facts": {"rosh_judged": "huge"}}, "impossible", "'huge' is no value"),
        ({"against": ("2.1.1",)}, "contradiction", "answered yes against all its prompts"),
        ({"listed": {"rosh_judged": "very-high"}}, "contradiction", "medium as judged, very-high on the long list"),
        (
            {"facts": {"victim_opted_in": "yes"}, "listed": {"victim_opted_in": "no"}},
            "contradiction",
            "yes as judged, no on the long list",
        ),
        ({"counting": 2}, "double", "2 assessments of it count"),
        ({"same_as": "R2"}, "double", "counts twice"),
    ],
)
def test_each_check_says_where_what_and_who(options, kind, words):
    framework, rules = PACK.framework("NPS"), PACK.ratings.checking
    sound = [checked(number) for number in range(2, 5)]
    quiet = {one.id for one in check(framework, rules, [*sound, checked(1)])}
    found = [one for one in check(framework, rules, [checked(1, **options), *sound]) if one.id not in quiet]
    assert [one.kind for one in found if words in one.what] == [kind], [one.what for one in found]
    assert all(one.to_do and one.who for one in found)


def test_a_level_one_step_from_the_long_list_is_no_contradiction():
    framework, rules = PACK.framework("NPS"), PACK.ratings.checking
    found = check(framework, rules, [checked(1, listed={"rosh_judged": "low"})])
    assert not [one for one in found if one.kind == "contradiction"]


def test_standards_and_sub_samples_in_which_nothing_counts_are_named():
    framework, rules = PACK.framework("CRC"), PACK.ratings.checking
    said = [one.what for one in check(framework, rules, [])]
    rated = [s for s in framework.standards if s.source == "cases"]
    assert len(said) == len(rated)
    assert all("it is not rated" in one for one in said)
    low = checked(1, facts={"rosh_judged": "low"})
    assert any("No submitted case counts for 2.2.3" in one.what for one in check(framework, rules, [low]))


@given(st.lists(st.integers(0, 5), min_size=2, max_size=9), st.data())
@settings(max_examples=60, deadline=None)
def test_chances_are_those_of_every_possible_pick(values, data):
    group = data.draw(st.sets(st.sampled_from(range(len(values))), min_size=1))
    sums = [sum(pick) for pick in combinations(values, len(group))]
    reached = sum(values[at] for at in group)
    tail = min(sum(one <= reached for one in sums), sum(one >= reached for one in sums)) / len(sums)
    wanted = 1.0 if len(group) == len(values) else min(1.0, 2 * tail)
    assert chance_of(values, [group]) == [pytest.approx(wanted)]


def test_chance_alone_seldom_makes_an_outlier_and_a_strict_inspector_is_found():
    """200 inspections of 100 cases dealt out by chance to eight inspectors; then one who says yes half as often."""
    dice, false, found = np.random.default_rng(7), 0, 0
    for _ in range(200):
        difficulty = dice.normal(0.65, 0.15, 100).clip(0.05, 0.95)
        shares = {f"c{at}": dice.binomial(12, one) / 12 for at, one in enumerate(difficulty)}
        names = [f"c{at}" for at in dice.permutation(100)]
        groups = {f"Inspector {at}": names[at::8] for at in range(8)}
        lists = dict.fromkeys(shares, "domain-two")
        false += bool(outliers(shares, lists, groups, alpha=0.05))
        strict = shares | {name: shares[name] / 2 for name in groups["Inspector 3"]}
        found += [one.group for one in outliers(strict, lists, groups, alpha=0.05)] == ["Inspector 3"]
    assert false <= 18  # 5 per cent of 200, and three standard errors
    assert found >= 160
