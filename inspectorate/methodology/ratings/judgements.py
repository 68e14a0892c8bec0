"""Chapter 7.1 of the manual, the answers: judged cases, what is wrong with them, and their counts by key question."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspectorate.methodology.standards import Facts, Framework, KeyQuestion

ANSWERS = ("yes", "no", "na")
COLUMNS = ("case", "list", "rosh", "key_question", "answer")
ROSH = "rosh_judged"


class RatingFaultsError(ValueError):
    """Judgements or ratings that cannot be rated: `faults` names all of them, each as a sentence."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class CaseJudgements:
    """What was answered on one case: facts and answers ('yes', 'no', 'na') by id."""

    case: str
    case_list: str
    facts: Facts
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """`yes` of `n` cases in the sub-sample of a key question, with the cases that were counted."""

    yes: int
    n: int
    cases: tuple[str, ...] = ()


def count(framework: Framework, cases: Iterable[CaseJudgements]) -> dict[str, Count]:
    """Yes and n of every key question that is asked of cases, each over its own sub-sample.

    A case counts where it was answered yes or no and no known fact leaves it out of the sub-sample.

    Manual 7.1a, 7.1b
    """
    yes: dict[str, int] = {}
    counted: dict[str, list[str]] = {}
    asked: dict[tuple[str, frozenset[tuple[str, str]]], tuple[str, ...]] = {}
    for case in cases:
        alike = (case.case_list, frozenset(case.facts.items()))
        if alike not in asked:
            asked[alike] = _in_sub_sample(framework, case)
        for question in asked[alike]:
            answer = case.answers.get(question)
            if answer in ("yes", "no"):
                counted.setdefault(question, []).append(case.case)
                yes[question] = yes.get(question, 0) + (answer == "yes")
    return {question: Count(yes[question], len(names), tuple(names)) for question, names in counted.items()}


def pool(counts: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """Counts of several units put together, by key question: never an average of percentages.

    Manual 2.1b, 7.1a
    """
    pooled: dict[str, Count] = {}
    for unit in counts:
        for question, more in unit.items():
            so_far = pooled.get(question, Count(0, 0))
            pooled[question] = Count(so_far.yes + more.yes, so_far.n + more.n, so_far.cases + more.cases)
    return pooled


def faults(framework: Framework, cases: Sequence[CaseJudgements]) -> tuple[str, ...]:
    """Everything in judged cases that cannot be right, each as a sentence with its case.

    Manual 7.1a, 7.2a
    """
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    asked = {case_list: {q.id for q in _asked_in(framework, case_list)} for case_list in framework.case_lists}
    for case in cases:
        where = f"case '{case.case}' of {case.case_list}"
        if (case.case, case.case_list) in seen:
            found.append(f"{where} stands there twice: keep one")
        seen.add((case.case, case.case_list))
        if case.case_list not in asked:
            found.append(_wrong_list(framework, where, case.case_list))
            continue
        here = asked[case.case_list]
        for question, answer in case.answers.items():
            if question in here and answer in ANSWERS:
                continue
            fault = _answer_fault(framework, here, case.case_list, question, answer)
            if fault:
                found.append(f"{where}: {fault}")
    return tuple(found)


def read_judgements(
    framework: Framework, rows: Iterable[tuple[int, Mapping[str, str | None]]]
) -> tuple[CaseJudgements, ...]:
    """Judged cases from rows (line number, columns case, list, rosh, key_question, answer), one key question a row.

    A further column named as a fact, such as `review_due`, is read as that fact. Raises RatingFaultsError with every
    fault by line.

    Manual 7.1a, 7.1b, 7.2a
    """
    found: list[str] = []
    read: dict[tuple[str, str], tuple[dict[str, str], dict[str, str], int]] = {}
    asked = {case_list: {q.id for q in _asked_in(framework, case_list)} for case_list in framework.case_lists}
    for line, row in rows:
        absent = [column for column in COLUMNS if column not in row]
        if absent:
            raise RatingFaultsError([*found, f"line {line}: no column {', '.join(absent)}: name {', '.join(COLUMNS)}"])
        case, case_list = _text(row["case"]), _slug(row["list"])
        question, answer = _text(row["key_question"]), _slug(row["answer"]).replace("/", "")
        problems = [] if case else ["case is empty: give its reference"]
        if case_list not in asked:
            problems.append(_wrong_list(framework, "list", case_list))
        else:
            facts, answers, _ = read.setdefault((case, case_list), ({}, {}, line))
            problems += _fact_faults(framework, row, facts)
            if question in answers:
                problems.append(f"key question '{question}' of case '{case}' stands there twice: keep one")
            elif fault := _answer_fault(framework, asked[case_list], case_list, question, answer):
                problems.append(fault)
            answers.setdefault(question, answer)
        found.extend(f"line {line}: {problem}" for problem in problems)
    for (case, case_list), (facts, _, line) in read.items():
        if ROSH not in facts and any(f.id == ROSH for f in framework.facts_for_list(case_list)):
            found.append(f"line {line}: case '{case}' of {case_list} has no rosh: give the level as judged")
    if not read and not found:
        found.append("there are no judgements: give at least one row")
    if found:
        raise RatingFaultsError(found)
    return tuple(CaseJudgements(*key, facts, answers) for key, (facts, answers, _) in read.items())


def _asked_in(framework: Framework, case_list: str) -> tuple[KeyQuestion, ...]:
    return tuple(q for s in framework.standards_for_list(case_list) if s.source == "cases" for q in s.key_questions)


def _in_sub_sample(framework: Framework, case: CaseJudgements) -> tuple[str, ...]:
    """Key questions, by id, whose sub-sample a case is in; the same for every case of the list with the same facts."""
    return tuple(q.id for q in _asked_in(framework, case.case_list) if q.applies_to(case.facts, case.case_list))


def _wrong_list(framework: Framework, where: str, case_list: str) -> str:
    return f"{where}: '{case_list}' is not a case list for {framework.kind}: write {', '.join(framework.case_lists)}"


def _answer_fault(framework: Framework, asked: Collection[str], case_list: str, question: str, answer: str) -> str:
    if not framework.has_key_question(question):
        return f"'{question}' is not a key question for {framework.kind}"
    if question not in asked:
        return f"key question {question} is not asked of {case_list} cases: there it is {', '.join(sorted(asked))}"
    return "" if answer in ANSWERS else f"answer '{answer}' to {question} is not one of {', '.join(ANSWERS)}"


def _fact_faults(framework: Framework, row: Mapping[str, str | None], facts: dict[str, str]) -> list[str]:
    """Adds the facts of one row to those of its case; says which values are unknown or contradict an earlier row."""
    found = []
    for fact in framework.facts:
        column = "rosh" if fact.id == ROSH else fact.id
        value = _slug(row.get(column))
        if value and value not in fact.values:
            found.append(f"{column} '{value}' is not one of {', '.join(fact.values)}")
        elif value and facts.setdefault(fact.id, value) != value:
            found.append(f"{column} is '{value}' here and '{facts[fact.id]}' in an earlier row of the same case")
    return found


def _text(value: str | None) -> str:
    return (value or "").strip()


def _slug(value: str | None) -> str:
    return "-".join(_text(value).lower().replace("-", " ").replace("_", " ").split())
