"""Chapters 3.9 and 6.1: what the cases judged twice and the training cases say of how alike inspectors judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from inspectorate.fieldwork.form import NOTE
from inspectorate.fieldwork.models import AnswerVersion, Assessment, SecondJudgement, Submission, TrainingAnswers
from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology.fieldwork import Agreement, Estimate, Pair
from inspectorate.methodology.standards import Framework
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection

REFERENCE = "The reference answers"
# Answers of the two to a question: of the first inspector, of the second.
Two = tuple[str, str]


def judgements(inspection: Inspection) -> list[Any]:
    """Every second judgement that was not taken back, each with its case, who judged the case first, when both began,
    and `ready`: whether both have submitted. One query."""
    first = Submission.objects.filter(assessment__case=OuterRef("case")).order_by("pk")
    judged = Assessment.objects.filter(second_of=OuterRef("case"), started_by=OuterRef("inspector"))
    second = Submission.objects.filter(
        assessment__second_of=OuterRef("case"), assessment__started_by=OuterRef("inspector")
    ).order_by("pk")
    now = FilteredRelation("case__allocations", condition=Q(case__allocations__ended_at=None))
    rows: list[Any] = list(
        SecondJudgement.objects.filter(case__inspection=inspection, ended_at=None)
        .select_related("case__case", "inspector", "draw")
        .annotate(now=now)
        .annotate(
            first_by=Subquery(first.values("by")[:1]),
            first_name=Subquery(first.values("by__name")[:1]),
            first_at=Subquery(first.values("at")[:1]),
            first_id=F("case__assessment"),
            second_id=Subquery(judged.values("pk")[:1]),
            second_at=Subquery(second.values("at")[:1]),
            now_with=F("now__inspector__name"),
        )
        .order_by("case__case_list", "case__number")
    )
    for one in rows:
        one.ready = bool(one.first_at and one.second_at and one.first_by != one.inspector_id)
        one.case.inspection = inspection
    return rows


def pairs(inspection: Inspection, found: Sequence[Any]) -> list[Pair]:
    """Both answers to each key question of every case that both have submitted. One query."""
    return [
        Pair(
            case=str(one.pk), question=question, week=str(one.week), first_by=str(one.first_by),
            second_by=str(one.inspector_id), first=first, second=second, group=one.case.case_list,
        )
        for one, answers in _answers(inspection, [one for one in found if one.ready])
        for question, (first, second) in answers.items()
    ]  # fmt: skip


def _answers(inspection: Inspection, ready: Sequence[Any]) -> Iterable[tuple[Any, dict[str, Two]]]:
    """The answers to key questions as first submitted, before anybody could have talked about them: what was changed
    or corrected afterwards does not count here."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    facts = {fact.id for fact in framework.facts}
    wanted = facts | {one.id for standard in framework.standards for one in standard.key_questions}
    until = {one.first_id: one.first_at for one in ready} | {one.second_id: one.second_at for one in ready}
    given: dict[int, dict[str, str]] = {}
    rows = AnswerVersion.objects.filter(assessment__in=until, field__in=wanted).order_by("pk")
    for assessment, field, value, at in rows.values_list("assessment", "field", "value", "at"):
        if at <= until[assessment]:
            given.setdefault(assessment, {})[field] = value
    for one in ready:
        first, second = (_asked(framework, one.case.case_list, given.get(key, {}), facts)
                         for key in (one.first_id, one.second_id))  # fmt: skip
        names = [q.id for s in framework.standards_for_list(one.case.case_list) for q in s.key_questions]
        yield one, {name: (first.get(name, rules.NOT_ASKED), second.get(name, rules.NOT_ASKED)) for name in names}


def _asked(framework: Framework, case_list: str, given: Mapping[str, str], facts: set[str]) -> dict[str, str]:
    """Answers to the questions that the facts, as this inspector found them, let in; '' where none was given."""
    known = {name: value for name, value in given.items() if name in facts and value}
    return {one.id: given.get(one.id, "") for one in rules.applicable_questions(framework, case_list, known)}


@dataclass(frozen=True, slots=True)
class OfQuestion:
    """A key question with its words, how alike its answers are, and whether its guidance needs work."""

    id: str
    label: str
    figures: Agreement
    verdict: rules.QuestionVerdict


@dataclass(frozen=True, slots=True)
class OfInspector:
    """An inspector beside all the others: live, in training against the reference answers, and what stands out;
    `yes` and `no` count where they said so and the other the opposite."""

    name: str
    figures: Agreement
    training: Agreement | None
    verdict: rules.InspectorVerdict
    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the chart: training, or a week of the fieldwork."""

    name: str
    judged: int
    percent: Estimate | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the page: figures of all pairs, by question, inspector and week; `power` in words."""

    whole: Agreement
    questions: tuple[OfQuestion, ...]
    inspectors: tuple[OfInspector, ...]
    moments: tuple[Moment, ...]
    power: tuple[str, ...]

    @property
    def unclear(self) -> tuple[OfQuestion, ...]:
        """Questions whose guidance needs work."""
        return tuple(one for one in self.questions if one.verdict.flagged)

    @property
    def standing_out(self) -> tuple[OfInspector, ...]:
        """Inspectors who judge unlike the others."""
        return tuple(one for one in self.inspectors if one.verdict.found not in ("", "few"))


def shown(inspection: Inspection, found: Sequence[Any]) -> Shown:
    """The figures of an inspection. Two queries, besides those that `found` took."""
    its = packs.pack_of(inspection).fieldwork.calibration
    twice = pairs(inspection, found)
    training = training_pairs(inspection)
    names = {str(one.first_by): one.first_name for one in found if one.ready}
    names |= {str(one.inspector_id): one.inspector.name for one in found if one.ready}
    names |= {pair.second_by: pair.group for pair in training}
    verdicts = rules.guidance(twice, its)
    return Shown(
        whole=_figures(twice, its),
        questions=_by_question(inspection, twice, verdicts, its),
        inspectors=_by_inspector(twice, training, names, its),
        moments=_moments(inspection, twice, training, its),
        power=_power(its, len({one.case for one in twice}), sum(1 for one in verdicts if one.chance is not None)),
    )


def alike(inspection: Inspection) -> tuple[Agreement, dict[str, Agreement]]:
    """How alike the cases judged twice were judged, in all and by key question, to stand beside ratings. Two queries.
    Manual 6.1b"""
    its = packs.pack_of(inspection).fieldwork.calibration
    twice = pairs(inspection, judgements(inspection))
    parts = rules.grouped(twice, "question")
    return _figures(twice, its), {question: _figures(some, its) for question, some in parts.items()}


def _figures(some: Sequence[Pair], its: rules.CalibrationRules) -> Agreement:
    return rules.agreement(some, least_cases=its.least_cases, confidence=its.confidence)


def _by_question(
    inspection: Inspection,
    twice: Sequence[Pair],
    verdicts: Sequence[rules.QuestionVerdict],
    its: rules.CalibrationRules,
) -> tuple[OfQuestion, ...]:
    framework = packs.pack_of(inspection).framework(inspection.kind)
    labels = {q.id: q.label for standard in framework.standards for q in standard.key_questions}
    parts = rules.grouped(twice, "question")
    return tuple(
        OfQuestion(one.question, labels.get(one.question, ""), _figures(parts[one.question], its), one)
        for one in verdicts
    )


def _by_inspector(
    twice: Sequence[Pair], training: Sequence[Pair], names: Mapping[str, str], its: rules.CalibrationRules
) -> tuple[OfInspector, ...]:
    parts = rules.grouped(twice, "inspector")
    trained: dict[str, list[Pair]] = {}
    for pair in training:
        trained.setdefault(pair.second_by, []).append(pair)
    verdicts = {one.inspector: one for one in rules.inspectors(twice, its)}
    found = []
    for who in [*verdicts, *sorted(set(trained) - set(verdicts), key=lambda who: names[who])]:
        live, before = parts.get(who, []), trained.get(who)
        yes, no = rules.leaning(live, who)
        verdict = verdicts.get(who) or rules.InspectorVerdict(who, 0, "few", None)
        found.append(OfInspector(names[who], _figures(live, its), _benchmark(before, its) if before else None,
                                 verdict, yes, no))  # fmt: skip
    return tuple(found)


def _benchmark(some: Sequence[Pair], its: rules.CalibrationRules) -> Agreement:
    """Against the reference, answer by answer: one person's two training cases are all there is of them."""
    alone = [Pair(f"{at}", *_rest(one)) for at, one in enumerate(some)]
    return rules.agreement(alone, least_cases=its.least_cases, confidence=its.confidence)


def _rest(one: Pair) -> tuple[str, str, str, str, str, str, str]:
    return one.question, one.week, one.first_by, one.second_by, one.first, one.second, one.group


def training_pairs(inspection: Inspection) -> list[Pair]:
    """The answers of everybody in training beside the reference answers, as pairs; `group` is the person's name, and
    `case` the training case as this person judged it. One query."""
    reference: dict[int, Mapping[str, str]] = {}
    given = []
    kept = TrainingAnswers.objects.filter(training_case__inspection=inspection).select_related("by").order_by("pk")
    for one in kept:
        if one.reference:
            reference[one.training_case_id] = one.answers
        else:
            given.append(one)
    return [
        Pair(
            case=f"{one.training_case_id} {one.by_id}", question=question, week="training", first_by=REFERENCE,
            second_by=str(one.by_id), first=reference[one.training_case_id].get(question, ""), second=value,
            group=one.by.name,
        )
        for one in given
        if one.training_case_id in reference
        for question, value in one.answers.items()
    ]  # fmt: skip


def _moments(
    inspection: Inspection, twice: Sequence[Pair], training: Sequence[Pair], its: rules.CalibrationRules
) -> tuple[Moment, ...]:
    people: dict[str, dict[str, str]] = {}
    for pair in training:
        people.setdefault(pair.second_by, {})[f"{pair.case.partition(' ')[0]} {pair.question}"] = pair.second
    each_other = rules.among(people, least=its.least_cases, confidence=its.confidence)
    judged = len({pair.case for pair in training})
    weeks = rules.grouped(twice, "week")
    found = [
        Moment("Training, with the reference answers", judged, _figures(training, its).percent),
        Moment("Training, with one another", judged, each_other),
    ]
    for week in range(1, packs.pack_of(inspection).timeline.fieldwork_weeks + 1):
        some = weeks.get(str(week), [])
        found.append(
            Moment(f"Week {week}, with one another", len({one.case for one in some}), _figures(some, its).percent)
        )
    return tuple(found)


def _power(its: rules.CalibrationRules, cases: int, questions: int) -> tuple[str, ...]:
    """What would be found with so many cases judged twice, in words."""
    said = []
    if cases and questions:
        chances = ((rate, rules.power_of_question(its, cases=cases, questions=questions, rate=rate / 100))
                   for rate in (30, 40, 50))  # fmt: skip
        told = ", ".join(f"{rate} in 100 differ: {chance * 100:.0f}" for rate, chance in chances)
        said.append(
            f"With {cases} cases judged twice, a question asked in all of them is named in so many of 100 inspections, "
            f"by how many of its answers differ. {told}."
        )
    rows = [one for one in its.power if one.cases <= cases]
    if most := max((one.cases for one in rows), default=0):
        told = "; ".join(
            f"{one.turned} in 100 turned, {one.inspectors} inspectors: {one.found}" for one in rows if one.cases == most
        )
        said.append(
            f"With {most} cases judged twice, one inspector who turns so many of every 100 answers of No into Yes, or "
            f"the other way round, is named in so many of 100 inspections. {told}."
        )
    elif its.power:
        least = min(one.cases for one in its.power)
        said.append(
            f"With fewer than {least} cases judged twice, nobody who judges unlike the others is found reliably."
        )
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Beside:
    """One question of a case as both answered it, with what was made of it."""

    field: str
    words: str
    is_prompt: bool
    first: str
    second: str
    first_note: str
    second_note: str
    settled: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether the two answered it differently."""
        return self.first != self.second


def beside(inspection: Inspection, judgement: Any) -> list[Beside]:
    """Every key question and prompt of a case that both have submitted, as both answered it when they submitted first,
    with their notes, and what was made of differences. Two queries."""
    until = {judgement.first_id: judgement.first_at, judgement.second_id: judgement.second_at}
    given: dict[int, dict[str, str]] = {key: {} for key in until}
    rows = AnswerVersion.objects.filter(assessment__in=until).order_by("pk")
    for assessment, field, value, at in rows.values_list("assessment", "field", "value", "at"):
        if at <= until[assessment]:
            given[assessment][field] = value
    first, second = given[judgement.first_id], given[judgement.second_id]
    settled: dict[str, list[Any]] = {}
    for one in judgement.settlements.select_related("by"):
        settled.setdefault(one.field, []).append(one)
    framework = packs.pack_of(inspection).framework(inspection.kind)
    facts = {fact.id for fact in framework.facts}
    asked = [_asked(framework, judgement.case.case_list, one, facts) for one in (first, second)]
    found = []
    for standard in framework.standards_for_list(judgement.case.case_list):
        for question in standard.key_questions:
            if not any(question.id in one for one in asked):
                continue
            fields = [(question.id, f"{question.id} {question.label}", False)]
            fields += [(prompt.id, f"{prompt.id} {prompt.text}", True) for prompt in question.prompts]
            for field, words, is_prompt in fields:
                answers = [
                    one.get(field, "") if question.id in its else rules.NOT_ASKED
                    for one, its in zip((first, second), asked, strict=True)
                ]
                notes = first.get(field + NOTE, ""), second.get(field + NOTE, "")
                found.append(
                    Beside(field, words, is_prompt, answers[0], answers[1], *notes, tuple(settled.get(field, ())))
                )
    return found
