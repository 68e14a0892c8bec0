"""Chapter 7.1 and 7.2: ratings as pages show them: percentages on their bands, boundary facts in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspectorate.design import charts, words
from inspectorate.methodology.ratings import KeyQuestionRating, RatingRules, Result, sub_sample
from inspectorate.methodology.standards import Condition, Framework, KeyQuestion, Rating, Standard
from inspectorate.ratings.consolidation import CaseRow, CaseSet
from inspectorate.ratings.sitting import Record, Said
from inspectorate.sampling.limited import VEIL


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One key question with its figures, its picture and what is near."""

    question: KeyQuestion
    rating: KeyQuestionRating
    exact: str
    strip: charts.BandStrip
    boundaries: tuple[str, ...]
    rounding: str
    decides: bool
    over: str = ""


@dataclass(frozen=True, slots=True)
class StandardShown:
    """One standard with its rating (a slug, or None with the reason why) and its key questions."""

    standard: Standard
    domain: str
    rating: str | None
    score: int | None
    why_not: str
    questions: tuple[QuestionShown, ...]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case behind a percentage: what was answered, and whether it counts."""

    case: CaseRow
    list_title: str
    answer: str
    counts: bool
    why: str


def slug(rating: Rating | None) -> str | None:
    """As `rating_tag` wants it."""
    return None if rating is None else rating.slug


def standards(cases: CaseSet, result: Result, proposed: Mapping[str, Said] | None = None) -> tuple[StandardShown, ...]:
    """All rated standards in order."""
    framework, domains = cases.framework, {domain.id: domain.title for domain in cases.framework.domains}
    shown = []
    for standard in framework.standards:
        if not standard.rated:
            continue
        rated = result.standard(standard.id)
        questions: tuple[QuestionShown, ...] = ()
        if standard.source == "cases":
            questions = tuple(
                question_shown(
                    cases.rules,
                    question,
                    result.key_question(question.id),
                    rated.decided_by,
                    over=sub_sample(framework, question),
                )
                for question in standard.key_questions
            )
        why = "" if rated.rating is not None else _why_not(standard, proposed or {})
        shown.append(StandardShown(standard, domains[standard.domain], slug(rated.rating), rated.score, why, questions))
    return tuple(shown)


def _why_not(standard: Standard, proposed: Mapping[str, Said]) -> str:
    if standard.source == "panel":
        return "" if standard.id in proposed else "No rating is proposed yet."
    return "No submitted case counts for any of its key questions."


def question_shown(
    rules: RatingRules, question: KeyQuestion, row: KeyQuestionRating, decided_by: tuple[str, ...] = (), over: str = ""
) -> QuestionShown:
    """A key question with its strip; the mark stands where the rounding rule of the pack puts it."""
    at = row.unrounded if rules.rounding == "unrounded_thresholds" else row.percent
    bands = [(band.least, band.rating.label) for band in rules.bands]
    exact = "" if row.unrounded is None else f"{float(row.unrounded):.2f}%"
    rounding = ""
    if row.rounding_matters:
        rounding = f"The band depends on rounding: exactly {exact}, counted as {row.percent}%."
    strip = charts.band_strip(f"{question.id} {question.label}", at, bands, row.n)
    return QuestionShown(question, row, exact, strip, boundaries(row), rounding, row.id in decided_by, over)


def boundaries(row: KeyQuestionRating) -> tuple[str, ...]:
    """How far each band beside the computed one is: '2 more cases answered yes would make it Good'."""
    said = []
    for near in row.neighbours:
        up = row.computed is not None and near.rating > row.computed
        count = words.plural(near.cases, "more case" if up else "case", "more cases" if up else "cases")
        change = "answered yes" if up else "fewer answered yes"
        within = ", within the panel's discretion" if near.within_window else ""
        said.append(
            f"{count} {change} would make it {near.rating.label} "
            f"({float(near.distance):.1f} percentage points from {near.boundary}%){within}."
        )
    return tuple(said)


def behind(
    cases: CaseSet, question: KeyQuestion, titles: Mapping[str, str], *, limited_too: bool = True
) -> list[CaseShown]:
    """Every sampled case that a key question is asked of, with its answer or why it does not count; without
    `limited_too` no fact of a limited-access case is told."""
    asked = {
        case_list
        for case_list in cases.framework.case_lists
        for standard in cases.framework.standards_for_list(case_list)
        if any(one.id == question.id for one in standard.key_questions)
    }
    labels = {fact.id: fact.label for fact in cases.framework.facts}
    return [
        _case_shown(case, question, titles.get(case.case_list, case.case_list), labels, limited_too)
        for case in cases.cases
        if case.case_list in asked
    ]


def _case_shown(
    case: CaseRow, question: KeyQuestion, title: str, labels: Mapping[str, str], limited_too: bool
) -> CaseShown:
    if not case.submitted:
        return CaseShown(case, title, "Not submitted yet", False, "Counts once it is submitted")
    if not question.applies_to(case.facts, case.case_list):
        told = limited_too or not case.limited
        return CaseShown(case, title, "Left out", False, _left_out(case, question, labels) if told else VEIL)
    answer = case.answers.get(question.id, "")
    if answer in ("yes", "no"):
        return CaseShown(case, title, answer.capitalize(), True, "")
    if answer == "na":
        return CaseShown(case, title, "Not applicable", False, "Neither yes nor no, so not counted")
    return CaseShown(case, title, "Not answered", False, "Nothing was answered, so not counted")


def _left_out(case: CaseRow, question: KeyQuestion, labels: Mapping[str, str]) -> str:
    def said(condition: Condition) -> str:
        return f"{labels[condition.fact]}: {case.facts.get(condition.fact, 'not known').replace('-', ' ')}"

    out = [said(condition) for condition in question.leave_out if condition.holds(case.facts)]
    out += [said(c) for c in question.conditions(case.case_list) if c.holds(case.facts) is False]
    return "; ".join(out)


def missing_titles(framework: Framework, result: Result) -> list[str]:
    """The standards without which there is no total."""
    return [f"{one} {framework.standard(one).title}" for one in result.missing]


def gaps(standard: Standard, notes: Mapping[str, list[str]]) -> list[str]:
    """What the evidence on a domain one standard lacks, each as a sentence; `notes` gives kinds of source by key
    question."""
    found = []
    for question in standard.key_questions:
        kinds = notes.get(question.id, [])
        if not kinds:
            found.append(f"{question.id} {question.label} has no evidence.")
        elif len(set(kinds)) == 1:
            found.append(f"{question.id} {question.label} rests on one kind of source.")
    return found


def note(rows: Sequence[tuple[StandardShown, StandardShown]], said: Record) -> str:
    """A first text of the panel's summary note, from what it accepted and changed."""
    decided = said.decided()
    titles = {row.standard.id: f"{row.standard.id} {row.standard.title}" for row, _ in rows}
    titles |= {q.question.id: f"{q.question.id} {q.question.label}" for row, _ in rows for q in row.questions}
    judged = {row.standard.id for row, _ in rows if row.standard.source == "panel"}
    accepted = [titles[subject] for subject, one in decided.items() if subject in judged and not one.changed]
    lines = [f"The panel accepted the proposed ratings of {words.listed(accepted)}."] if accepted else []
    for subject, one in decided.items():
        if one.changed:
            was = Rating.from_slug(one.was).label
            lines.append(f"The panel changed {titles[subject]} from {was} to {one.scale.label}.")
    if not any(one.changed for one in decided.values()):
        lines.append("It changed no rating.")
    return "\n\n".join(lines)
