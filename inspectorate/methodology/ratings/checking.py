"""Chapter 7.2a of the manual, the data team's checks: everything that has to be put right or explained before data
are verified, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from inspectorate.methodology.ratings.judgements import ANSWERS, CaseJudgements, Count, count
from inspectorate.methodology.ratings.outliers import outliers, shares_of_yes
from inspectorate.methodology.ratings.rules import CheckRules
from inspectorate.methodology.standards import Framework

Kind = Literal["completeness", "contradiction", "double", "outlier", "impossible"]
JUDGE, LEAD, TEAM = "the inspector of the case", "the lead or deputy lead inspector", "the data team"
REOPEN = "Open the case again, so that its inspector completes it"


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case of the final sample as the checks read it.

    `unanswered` and `against` are what the rules of fieldwork find: ids still to be answered, and key questions
    answered against all their prompts. `listed` are facts as the long list has them; `same_as` tells one person's case
    from another within a list; `counting` is how many assessments of it count.
    """

    case: str
    case_list: str
    number: int
    begun: bool
    submitted: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    listed: Mapping[str, str] = field(default_factory=dict)
    same_as: str = ""
    counting: int = 1
    inspector: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right or to explain. `id` changes with the values concerned, so that an explanation covers no
    other fault; `case` is "" where it concerns no single case."""

    id: str
    kind: Kind
    case: str
    case_list: str
    number: int
    what: str
    to_do: str
    who: str
    subject: str = ""


def check(framework: Framework, rules: CheckRules, cases: Sequence[CheckedCase]) -> tuple[Finding, ...]:
    """Everything that stands between these cases and verified data, in the order of the cases.

    Manual 7.1a, 7.1b, 7.2a
    """
    ordered = sorted(cases, key=lambda one: (one.case_list, one.number, one.case))
    found: list[Finding] = []
    for case in ordered:
        if not case.submitted:
            found.append(_not_submitted(case))
            continue
        found += _incomplete(case)
        found += _impossible(framework, case)
        found += _contradictions(framework, rules, case)
    found += _doubles(ordered)
    judged = [_judged(framework, one) for one in ordered if one.submitted]
    counts = count(framework, judged)
    found += _empty(framework, counts)
    found += _outliers(rules, ordered, judged, counts)
    return tuple(found)


def _finding(case: CheckedCase, kind: Kind, key: str, what: str, to_do: str, who: str, subject: str = "") -> Finding:
    return Finding(f"{key}:{case.case}", kind, case.case, case.case_list, case.number, what, to_do, who, subject)


def _not_submitted(case: CheckedCase) -> Finding:
    if case.begun:
        what, to_do = "The case is begun and not submitted.", "Submit the case"
    else:
        what, to_do = "The case is in the final sample and nobody has begun to judge it.", "Judge and submit the case"
    return _finding(case, "completeness", f"open:{'begun' if case.begun else 'new'}", what, to_do, JUDGE)


def _incomplete(case: CheckedCase) -> Iterator[Finding]:
    if case.unanswered:
        names = ", ".join(case.unanswered)
        what = f"It is submitted, and these apply and are not answered: {names}."
        yield _finding(case, "completeness", f"unanswered:{names}", what, REOPEN, LEAD)
    if not any(answer in ("yes", "no") for answer in case.answers.values()):
        what = "No key question of it is answered yes or no, so that it counts nowhere."
        yield _finding(case, "completeness", "nothing-counts", what, "Open the case again, or take it out", LEAD)


def _impossible(framework: Framework, case: CheckedCase) -> Iterator[Finding]:
    asked = {q.id for s in framework.standards_for_list(case.case_list) for q in s.key_questions}
    for question, answer in sorted(case.answers.items()):
        if question not in asked or answer not in ANSWERS:
            right = "is not asked of this list" if question not in asked else f"cannot be '{answer}'"
            what, key = f"Key question {question} {right}.", f"impossible:{question}={answer}"
            yield _finding(case, "impossible", key, what, "Correct the answer", LEAD, question)
    values = {fact.id: fact.values for fact in framework.facts}
    for fact, value in sorted(case.facts.items()):
        if value not in values.get(fact, ()):
            what = f"'{value}' is no value of {_label(framework, fact)}."
            yield _finding(case, "impossible", f"impossible:{fact}={value}", what, "Correct the fact", LEAD, fact)


def _contradictions(framework: Framework, rules: CheckRules, case: CheckedCase) -> Iterator[Finding]:
    for question in case.against:
        answer = case.answers.get(question, "")
        what = f"{question} is answered {answer} against all its prompts."
        key = f"against:{question}={answer}"
        yield _finding(case, "contradiction", key, what, "Ask the inspector, and correct or explain", LEAD, question)
    for fact in framework.facts:
        here, listed = case.facts.get(fact.id, ""), case.listed.get(fact.id, "")
        if here not in fact.values or listed not in fact.values:
            continue
        apart = abs(fact.values.index(here) - fact.values.index(listed))
        if apart >= min(rules.steps_apart, len(fact.values) - 1):
            what = f"{fact.label}: {here} as judged, {listed} on the long list."
            key = f"listed:{fact.id}={here}/{listed}"
            yield _finding(case, "contradiction", key, what, "Ask the inspector, and correct or explain", LEAD, fact.id)


def _doubles(cases: Sequence[CheckedCase]) -> Iterator[Finding]:
    first: dict[tuple[str, str], CheckedCase] = {}
    for case in cases:
        if case.counting > 1:
            what = f"{case.counting} assessments of it count."
            yield _finding(case, "double", f"counts:{case.counting}", what, "Keep one", LEAD)
        if case.same_as:
            other = first.setdefault((case.case_list, case.same_as), case)
            if other is not case:
                what = f"It is the same case as case {other.number} of its list, so that it counts twice."
                key, to_do = f"same:{other.case}", "Report one of them as a case that drops out"
                yield _finding(case, "double", key, what, to_do, LEAD)


def _judged(framework: Framework, case: CheckedCase) -> CaseJudgements:
    """The case as ratings count it; what cannot be is left out."""
    asked = {q.id for s in framework.standards_for_list(case.case_list) for q in s.key_questions}
    answers = {name: value for name, value in case.answers.items() if name in asked and value in ANSWERS}
    return CaseJudgements(case.case, case.case_list, case.facts, answers)


def _empty(framework: Framework, counts: Mapping[str, Count]) -> Iterator[Finding]:
    for standard in framework.standards:
        if standard.source != "cases":
            continue
        empty = [question.id for question in standard.key_questions if question.id not in counts]
        if len(empty) == len(standard.key_questions):
            what = f"No submitted case counts for any key question of {standard.id} {standard.title}: it is not rated."
            yield _of_all(f"empty:{standard.id}", "completeness", standard.case_list or "", what, standard.id)
            continue
        for question in empty:
            what = f"No submitted case counts for {question}: the other key questions rate standard {standard.id}."
            yield _of_all(f"empty:{question}", "completeness", standard.case_list or "", what, question)


def _of_all(key: str, kind: Kind, case_list: str, what: str, subject: str = "") -> Finding:
    return Finding(key, kind, "", case_list, 0, what, "Look at the cases of the list, and explain", TEAM, subject)


def _outliers(
    rules: CheckRules, cases: Sequence[CheckedCase], judged: Sequence[CaseJudgements], counts: Mapping[str, Count]
) -> Iterator[Finding]:
    groups: dict[str, list[str]] = {}
    for case in cases:
        for name in ((f"Inspector {case.inspector}",) if case.inspector else ()) + case.units:
            groups.setdefault(name, []).append(case.case)
    lists = {case.case: case.case_list for case in judged}
    for one in outliers(shares_of_yes(counts, judged), lists, groups, alpha=rules.chance / 100):
        what = (
            f"{one.group}: {one.share:.0%} of the answers in {one.cases} cases are yes, {one.others:.0%} in the others "
            "of the list. Chance alone seldom makes such a difference."
        )
        key = f"outlier:{one.group}:{one.case_list}:{one.share:.4f}/{one.others:.4f}"
        yield _of_all(key, "outlier", one.case_list, what)


def _label(framework: Framework, fact: str) -> str:
    return next((one.label for one in framework.facts if one.id == fact), fact)
