"""Framework replay: all inspections at once under other figures, as each is rated one by one; and what moved and why.

Seen to fail with the sub-samples left out of `counts`, with a panel's change kept whatever the cases give, and with
pieces of 256 cases in `_sums` (a byte ran over).
"""

import random
from dataclasses import replace
from statistics import median_low

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectorate.methodology import pack as packs
from inspectorate.methodology import ratings
from inspectorate.methodology.ratings import CaseJudgements
from inspectorate.methodology.ratings.replay import (
    STANDARD_RULES,
    Decided,
    Sandbox,
    SandboxFaultsError,
    moved,
    replay,
    scale,
)
from inspectorate.methodology.ratings.words import counts, in_words, joined, waiting
from inspectorate.methodology.standards import Condition, Rating

PACK = packs.load("probation-v3-2018")
RULES = PACK.ratings
INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating
LEFT_OUT = [
    (),
    (Condition("rosh_judged", ("low",)),),
    (Condition("rosh_judged", ("high", "very-high")), Condition("review_due", ("no",))),
]
ABOVE = (REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING)
seeds = st.integers(0, 2**32)


def some_cases(chance, framework):
    found = []
    for case_list in framework.case_lists:
        questions = [q.id for s in framework.standards_for_list(case_list) for q in s.key_questions]
        for number in range(chance.randrange(7)):
            facts = {f.id: v for f in framework.facts if (v := chance.choice(["", *f.values]))}
            answers = {q: a for q in questions if (a := chance.choice(["yes", "yes", "no", "na", ""]))}
            found.append(CaseJudgements(f"{case_list} {number}", case_list, facts, answers))
    return found


def some_sandbox(chance, framework):
    questions = [q.id for s in framework.standards if s.source == "cases" for q in s.key_questions]
    return Sandbox(
        dict(zip(ABOVE, sorted(chance.sample(range(1, 101), 3)), strict=True)),
        dict(zip(ABOVE, sorted(chance.sample(range(1, 31), 3)), strict=True)),
        chance.choice(ratings.ROUNDINGS),
        leave_out={q: chance.choice(LEFT_OUT) for q in chance.sample(questions, chance.randrange(4))},
    )


def programme(seed):
    """Framework, cases and domain one ratings of some inspections, a sandbox, and what else is left to chance."""
    chance = random.Random(seed)
    framework = PACK.framework(chance.choice(["CRC", "NPS"]))
    inspections = [some_cases(chance, framework) for _ in range(chance.randrange(1, 5))]
    led = [s.id for s in framework.standards if s.source == "panel"]
    judged = [{s: chance.choice(list(Rating)) for s in led[: chance.choice([2, 4, 4])]} for _ in inspections]
    return framework, inspections, judged, some_sandbox(chance, framework), chance


def all_at_once(framework, rules, inspections, judged, changes=None, **options):
    words = joined([in_words(framework, cases) for cases in inspections])
    return words, replay(
        framework, rules, words, Decided.of(framework, words, judged, changes or [{} for _ in inspections]), **options
    )


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_every_inspection_is_rated_as_it_is_alone(seed):
    framework, inspections, judged, sandbox, _ = programme(seed)
    rules, framework = sandbox.rules(RULES), sandbox.framework(framework)
    words, found = all_at_once(framework, rules, inspections, judged)
    for row, (cases, domain_one) in enumerate(zip(inspections, judged, strict=True)):
        alone = ratings.rate(framework, rules, cases, domain_one=domain_one)
        assert [(q.yes, q.n, q.rating) for q in alone.key_questions] == [
            (yes, n, scale(grade))
            for yes, n, grade in zip(found.yes[row], found.n[row], found.questions[row], strict=True)
        ]
        assert [s.rating for s in alone.standards] == [scale(one) for one in found.standards[row]]
        assert (alone.total, alone.overall) == (
            None if found.total[row] < 0 else found.total[row],
            scale(found.overall[row]),
        )
    assert words.questions == tuple(q.id for q in alone.key_questions)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_a_panels_change_stands_while_the_cases_give_what_it_changed(seed):
    framework, inspections, judged, sandbox, chance = programme(seed)
    changes, wanted = [], []
    for cases in inspections:
        row = ratings.rate(framework, RULES, cases).key_questions[chance.randrange(6)]
        near = [one.rating for one in row.neighbours if one.within_window]
        changes.append({row.id: (row.computed, near[0])} if near else {})
    rules, other = sandbox.rules(RULES), sandbox.framework(framework)
    _, found = all_at_once(framework, RULES, inspections, judged, changes)
    words, after = all_at_once(other, rules, inspections, judged, changes)
    for row, (cases, its) in enumerate(zip(inspections, changes, strict=True)):
        alone = ratings.rate(framework, RULES, cases, domain_one=judged[row], panel={q: b for q, (_, b) in its.items()})
        assert [s.rating for s in alone.standards] == [scale(one) for one in found.standards[row]]
        then = {q.id: q.computed for q in ratings.rate(other, rules, cases).key_questions}
        wanted = [its[q][1] if q in its and its[q][0] == then[q] else then[q] for q in words.questions]
        assert [scale(one) for one in after.questions[row]] == wanted


def by_hand(rule, rules, rows):
    known = [row.rating for row in rows if row.rating is not None]
    if not known:
        return None
    if rule == "lowest":
        return min(known)
    if rule == "second-lowest":
        return sorted(known)[:2][-1]
    if rule == "middle":
        return median_low(known)
    return ratings.judge(rules, "all", ratings.Count(sum(r.yes for r in rows), sum(r.n for r in rows))).rating


@pytest.mark.parametrize("rule", STANDARD_RULES)
@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_other_ways_from_key_questions_to_a_standard(rule, seed):
    framework, inspections, judged, _, _ = programme(seed)
    _, found = all_at_once(framework, RULES, inspections, judged, rule=rule)
    for row, cases in enumerate(inspections):
        alone = {q.id: q for q in ratings.rate(framework, RULES, cases).key_questions}
        for column, standard in enumerate(framework.standards):
            if standard.source == "cases":
                its = [alone[q.id] for q in standard.key_questions]
                assert scale(found.standards[row, column]) == by_hand(rule, RULES, its)


@pytest.mark.parametrize("sizes", [(600, 0, 255), (0, 0), (256, 1), (1000,)])
def test_any_number_of_cases_is_counted_to_the_last(sizes):
    framework = PACK.framework("NPS")
    questions = [q.id for s in framework.standards_for_list("domain-two") for q in s.key_questions]
    inspections = [
        [CaseJudgements(str(n), "domain-two", {"rosh_judged": "high"}, dict.fromkeys(questions, "yes"))
         for n in range(size)]
        for size in sizes
    ]  # fmt: skip
    yes, n = counts(framework, joined([in_words(framework, cases) for cases in inspections]))
    assert yes[:, : len(questions)].tolist() == [[size] * len(questions) for size in sizes]
    assert (yes == n).all()


def forty(yes, rosh="medium", **facts):
    """Forty domain two cases, every key question answered yes in the first `yes`."""
    questions = [q.id for s in PACK.framework("NPS").standards_for_list("domain-two") for q in s.key_questions]
    return [
        CaseJudgements(str(n), "domain-two", {"rosh_judged": rosh, **facts},
                       dict.fromkeys(questions, "yes" if n < yes else "no"))
        for n in range(40)
    ]  # fmt: skip


def test_it_says_who_moved_and_by_which_key_question():
    framework = PACK.framework("NPS")
    inspections, judged = [forty(26), forty(30)], [{}, {}]
    words, before = all_at_once(framework, RULES, inspections, judged)
    _, after = all_at_once(framework, Sandbox({GOOD: 70}).rules(RULES), inspections, judged)
    (only,) = moved(framework, words, before, after)
    assert only.row == 0
    assert [(s.id, s.before, s.after) for s, _ in only.standards] == [
        (one, GOOD, REQUIRES_IMPROVEMENT) for one in ("2.1", "2.2", "2.3", "2.4")
    ]
    assert [(s.id, s.counts) for s in only.standards[0][1]] == [
        (one, (26, 40, 26, 40)) for one in ("2.1.1", "2.1.2", "2.1.3")
    ]


def test_a_case_without_the_fact_stays_in_and_is_told():
    framework = Sandbox(leave_out={"2.4.1": (Condition("review_due", ("no",)),)}).framework(PACK.framework("NPS"))
    words = joined([in_words(framework, forty(20)), in_words(framework, forty(20, review_due="no"))])
    _, n = counts(framework, words)
    at = words.questions.index("2.4.1")
    assert n[:, at].tolist() == [40, 0]
    assert waiting(framework, words, "2.4.1").tolist() == [40, 0]


@pytest.mark.parametrize(
    ("sandbox", "said"),
    [
        (Sandbox({GOOD: 40}), "'good' has to lie above 'requires-improvement'"),
        (Sandbox({OUTSTANDING: 101}), "at most 100"),
        (Sandbox(totals={GOOD: 6}), "'requires-improvement' from 6 to 5 is not a band"),
    ],
)
def test_figures_that_contradict_one_another_are_refused(sandbox, said):
    with pytest.raises(SandboxFaultsError, match=said):
        sandbox.rules(RULES)


def test_the_pack_itself_is_not_touched():
    framework, digest = PACK.framework("NPS"), repr(PACK.framework("NPS"))
    Sandbox(leave_out={"2.1.1": (Condition("rosh_judged", ("low",)),)}).framework(framework)
    assert repr(PACK.framework("NPS")) == digest
    assert replace(RULES) == RULES
    assert np.array_equal(in_words(framework, forty(3)).yes[:3], in_words(framework, forty(3)).answered[:3])
