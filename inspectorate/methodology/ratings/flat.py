"""Chapter 7.2a of the manual, verified data as flat files: answers and ratings row by row, read back field by field,
and the dictionary of their columns."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inspectorate.methodology.ratings.judgements import ANSWERS, Count, RatingFaultsError
from inspectorate.methodology.ratings.result import Result
from inspectorate.methodology.ratings.rules import ROUNDING_WORDS, RatingRules
from inspectorate.methodology.ratings.verified import VerifiedCase
from inspectorate.methodology.standards import Condition, Framework, KeyQuestion, Rating

# Stands in place of a fact that is kept from who gets the file.
COVERED = "covered"
CASE_COLUMNS = ("case", "list", "standard", "key_question", "answer", "counted")
RATING_COLUMNS = (
    "level", "id", "title", "sub_sample", "yes", "n", "percent", "unrounded", "rating", "score", "decided"
)  # fmt: skip
DICTIONARY_COLUMNS = ("file", "field", "meaning", "values", "paragraph")
LEVELS = ("key-question", "standard", "overall")
DIGITS = 4


@dataclass(frozen=True, slots=True)
class FlatCase:
    """A case as a file of answers tells it: facts ('covered' where they are kept from the reader), answers, and the
    key questions for which it counts."""

    case: str
    case_list: str
    facts: Mapping[str, str]
    answers: Mapping[str, str]
    counted: frozenset[str]


@dataclass(frozen=True, slots=True)
class FlatRating:
    """One row of a file of ratings; None where a level has no such figure, or nothing is rated."""

    level: str
    id: str
    title: str
    sub_sample: str
    yes: int | None
    n: int | None
    percent: int | None
    unrounded: str
    rating: str
    score: int | None
    decided: str


def answer_columns(framework: Framework) -> tuple[str, ...]:
    """The columns of a file of answers: those of every case, and the facts.

    Manual 7.1b, 7.2a
    """
    return CASE_COLUMNS + tuple(fact.id for fact in framework.facts)


def pseudonym(case_list: str, number: int) -> str:
    """What a case is called in files: its list and its number in the final sample, nothing of the person.

    Manual 7.2a
    """
    return f"{case_list}-{number:03}"


def flat_answers(
    framework: Framework, cases: Iterable[VerifiedCase], covered: Collection[str] = ()
) -> Iterator[tuple[str, ...]]:
    """One row for each submitted case and key question of its list, in the order of `answer_columns`.

    The facts of cases in `covered` are not told; whether their answer counts is.

    Manual 7.1a, 7.1b, 7.2a
    """
    facts = [fact.id for fact in framework.facts]
    for case in cases:
        if not case.submitted:
            continue
        hidden = case.case in covered
        told = [COVERED if hidden and case.facts.get(fact) else case.facts.get(fact, "") for fact in facts]
        for standard, question in _asked(framework, case.case_list):
            answer = case.answers.get(question.id, "")
            counts = answer in ("yes", "no") and question.applies_to(case.facts, case.case_list)
            name = pseudonym(case.case_list, case.number)
            yield (name, case.case_list, standard, question.id, answer, "yes" if counts else "no", *told)


def _asked(framework: Framework, case_list: str) -> list[tuple[str, KeyQuestion]]:
    standards = framework.standards_for_list(case_list)
    return [(s.id, q) for s in standards if s.source == "cases" for q in s.key_questions]


def read_answers(framework: Framework, rows: Sequence[Mapping[str, str]]) -> tuple[FlatCase, ...]:
    """The cases of a file of answers, in its order. Raises RatingFaultsError with every fault by line.

    Manual 7.1a, 7.1b, 7.2a
    """
    found: list[str] = []
    columns = answer_columns(framework)
    cases: dict[str, tuple[str, dict[str, str], dict[str, str], set[str]]] = {}
    for line, row in enumerate(rows, 2):
        if absent := [column for column in columns if column not in row]:
            raise RatingFaultsError([f"line {line}: no column {', '.join(absent)}"])
        told = {fact.id: row[fact.id] for fact in framework.facts if row[fact.id]}
        kept = cases.setdefault(row["case"], (row["list"], told, {}, set()))
        problems = list(_row_faults(framework, row, told, kept))
        found += (f"line {line}: {problem}" for problem in problems)
        if not problems:
            kept[2][row["key_question"]] = row["answer"]
            if row["counted"] == "yes":
                kept[3].add(row["key_question"])
    if found:
        raise RatingFaultsError(found)
    return tuple(
        FlatCase(case, case_list, facts, {q: a for q, a in answers.items() if a}, frozenset(counted))
        for case, (case_list, facts, answers, counted) in cases.items()
    )


def _row_faults(
    framework: Framework,
    row: Mapping[str, str],
    told: Mapping[str, str],
    kept: tuple[str, Mapping[str, str], Mapping[str, str], set[str]],
) -> Iterator[str]:
    case_list, facts, answers, _ = kept
    question = row["key_question"]
    asked = {q.id: (s, q) for s, q in _asked(framework, row["list"])} if row["list"] in framework.case_lists else {}
    if row["list"] != case_list or told != facts:
        yield f"case '{row['case']}' has another list or other facts than in the row before: keep one"
    if not asked:
        yield f"'{row['list']}' is not a case list for {framework.kind}: write {', '.join(framework.case_lists)}"
        return
    for fact in framework.facts:
        if told.get(fact.id, COVERED) not in (*fact.values, COVERED):
            yield f"{fact.id} '{told[fact.id]}' is not one of {', '.join(fact.values)}"
    if question not in asked or row["standard"] != asked[question][0]:
        yield f"key question '{question}' of standard '{row['standard']}' is not asked of {row['list']} cases"
        return
    if question in answers:
        yield f"key question {question} of case '{row['case']}' stands there twice: keep one"
    if row["answer"] not in ("", *ANSWERS):
        yield f"answer '{row['answer']}' to {question} is not one of {', '.join(ANSWERS)}"
    if COVERED not in told.values():
        counts = row["answer"] in ("yes", "no") and asked[question][1].applies_to(told, row["list"])
        if row["counted"] != ("yes" if counts else "no"):
            yield f"counted is '{row['counted']}' for {question}: by its answer and facts it is not"
    elif row["counted"] not in ("yes", "no") or (row["counted"] == "yes" and row["answer"] not in ("yes", "no")):
        yield f"counted is '{row['counted']}' for {question}, answered '{row['answer']}'"


def counts_of(cases: Iterable[FlatCase]) -> dict[str, Count]:
    """Yes and n of every key question from a file of answers.

    Manual 7.1a, 7.1b
    """
    found: dict[str, Count] = {}
    for case in cases:
        for question in case.counted:
            so_far = found.get(question, Count(0, 0))
            more = case.answers[question] == "yes"
            found[question] = Count(so_far.yes + more, so_far.n + 1, (*so_far.cases, case.case))
    return found


def sub_sample(framework: Framework, question: KeyQuestion) -> str:
    """Which cases a key question is counted over, in words.

    Manual 7.1b
    """
    facts = {fact.id: fact for fact in framework.facts}

    def said(condition: Condition) -> str:
        fact = facts.get(condition.fact)
        values = " or ".join(value.replace("-", " ") for value in condition.values)
        return f"«{fact.label if fact else condition.fact}: {values}»"

    wanted = " and ".join(said(condition) for condition in question.only)
    without = " or ".join(said(condition) for condition in question.leave_out)
    text = f"only cases with {wanted}" if wanted else "every case"
    if without:
        text += f", but not those with {without}" if wanted else f" but those with {without}"
    for place in question.elsewhere:
        only = " and ".join(said(condition) for condition in place.only)
        text += f", and {place.case_list.replace('-', ' ')} cases" + (f" with {only}" if only else "")
    return text


def flat_ratings(
    framework: Framework, result: Result, decided: Mapping[str, Rating] | None = None
) -> tuple[FlatRating, ...]:
    """One row for each key question that is counted, each rated standard, and the overall rating; `decided` is what
    the panel decided, by id and under 'overall'.

    Manual 7.1a, 7.1d, 7.2a
    """
    after = {name: rating.slug for name, rating in (decided or {}).items()}
    rows = []
    for standard in framework.standards:
        for question in standard.key_questions if standard.source == "cases" else ():
            row = result.key_question(question.id)
            rows.append(
                FlatRating(
                    "key-question",
                    row.id,
                    question.label,
                    sub_sample(framework, question),
                    row.yes,
                    row.n,
                    row.percent,
                    _written(row.unrounded),
                    "" if row.computed is None else row.computed.slug,
                    None,
                    after.get(row.id, ""),
                )  # fmt: skip
            )
        if standard.rated:
            rated = result.standard(standard.id)
            slug = rated.rating.slug if rated.rating is not None else ""
            rows.append(_whole("standard", standard.id, standard.title, slug, rated.score, after.get(standard.id, "")))
    slug = result.overall.slug if result.overall is not None else ""
    rows.append(_whole("overall", "overall", "Overall rating", slug, result.total, after.get("overall", "")))
    return tuple(rows)


def _whole(level: str, name: str, title: str, rating: str, score: int | None, decided: str) -> FlatRating:
    return FlatRating(level, name, title, "", None, None, None, "", rating, score, decided)


def _written(unrounded: Fraction | None) -> str:
    if unrounded is None:
        return ""
    whole, rest = divmod(round(unrounded * 10**DIGITS), 10**DIGITS)
    return f"{whole}.{rest:0{DIGITS}}"


def rating_row(row: FlatRating) -> tuple[str, ...]:
    """A row as text, in the order of RATING_COLUMNS; None is empty.

    Manual 7.2a
    """
    values = (getattr(row, column) for column in RATING_COLUMNS)
    return tuple("" if value is None else str(value) for value in values)


def read_flat_ratings(rules: RatingRules, rows: Sequence[Mapping[str, str]]) -> tuple[FlatRating, ...]:
    """The rows of a file of ratings. Raises RatingFaultsError with every fault by line.

    Manual 7.1a, 7.2a
    """
    found: list[str] = []
    read: list[FlatRating] = []
    ratings = {"", *(band.rating.slug for band in rules.bands)}
    for line, row in enumerate(rows, 2):
        if absent := [column for column in RATING_COLUMNS if column not in row]:
            raise RatingFaultsError([f"line {line}: no column {', '.join(absent)}"])
        problems = [
            f"{name} '{row[name]}' is not a rating" for name in ("rating", "decided") if row[name] not in ratings
        ]
        if row["level"] not in LEVELS:
            problems.append(f"level '{row['level']}' is not one of {', '.join(LEVELS)}")
        whole = ("yes", "n", "percent", "score")
        problems += [f"{name} '{row[name]}' is no whole number" for name in whole if not _is_number(row[name])]
        if not problems and row["n"] and row["n"] != "0":
            exact = _written(Fraction(100 * int(row["yes"] or 0), int(row["n"])))
            problems += [f"unrounded is {row['unrounded']}, not {exact}"] if row["unrounded"] != exact else []
        found += (f"line {line}: {problem}" for problem in problems)
        if not problems:
            numbers = {name: int(row[name]) if row[name] else None for name in whole}
            texts = {name: row[name] for name in RATING_COLUMNS if name not in whole}
            read.append(FlatRating(**texts, **numbers))  # type: ignore[arg-type]
    if found:
        raise RatingFaultsError(found)
    return tuple(read)


def _is_number(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit())


def dictionary(framework: Framework, rules: RatingRules) -> Iterator[tuple[str, str, str, str, str]]:
    """Every field of the flat files: file, field, meaning, values, paragraph.

    Manual 7.1a, 7.1b, 7.1d, 7.2a
    """
    lists, bands = " / ".join(framework.case_lists), " / ".join(band.rating.slug for band in rules.bands)
    answers = " / ".join((*ANSWERS, "empty where nothing is answered"))
    yield "answers", "case", "The case: its list and number in the final sample", "text", "4.4f"
    yield "answers", "list", "The list on which the case was drawn", lists, "2.1a"
    yield "answers", "standard", "The standard of the key question", "id of a standard", "2.2a"
    yield "answers", "key_question", "The key question, by id", "one of the key questions below", "2.2a"
    yield "answers", "answer", "What the inspector answered", answers, "6.1b"
    yield "answers", "counted", "Whether the answer counts in the percentage of the key question", "yes / no", "7.1b"
    for fact in framework.facts:
        values = " / ".join((*fact.values, "empty where not asked", f"{COVERED} for limited-access cases"))
        yield "answers", fact.id, fact.label, values, fact.manual
    for standard in framework.standards:
        for question in standard.key_questions if standard.source == "cases" else ():
            meaning = f"{question.question} Counted over: {sub_sample(framework, question)}."
            yield "answers", f"key_question {question.id}", meaning, answers, question.manual
    yield "ratings", "level", "What the row is about", " / ".join(LEVELS), "7.1a"
    yield "ratings", "id", "Key question or standard, or overall", "id", "2.2a"
    yield "ratings", "title", "Its title", "text", "2.2a"
    yield "ratings", "sub_sample", "Which cases a key question is counted over", "text", "7.1b"
    yield "ratings", "yes", "Cases answered yes", "whole number", "7.1a"
    yield "ratings", "n", "Cases that count", "whole number", "7.1a"
    yield "ratings", "percent", f"Percentage of yes. {ROUNDING_WORDS[rules.rounding]}", "0 to 100", "7.1a"
    yield "ratings", "unrounded", f"Percentage of yes, to {DIGITS} places", "0 to 100", "7.1a"
    yield "ratings", "rating", "Rating as the answers give it", bands, "7.1a"
    yield "ratings", "score", "Points of a standard, or the total", "whole number", "7.1d"
    yield "ratings", "decided", "Rating as the panel decided it, once it has", bands, "7.2f"
