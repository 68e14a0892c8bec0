"""Chapter 4.2: how near the findings of each list come now, what holds the margin, and sub-samples."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from inspectorate.design import charts
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList, Group, Need, Precision, SizeRule
from inspectorate.methodology.standards import Framework, KeyQuestion
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading, summaries
from inspectorate.sampling.checking import strata_columns
from inspectorate.sampling.models import LEFT_THE_SAMPLE, Draw, DropOut, LongList, SampledCase

Cells = list[tuple[tuple[str, ...], tuple[str, ...], int]]
ANSWERED = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Sampled:
    """A case of a final sample as the margins need it."""

    pk: int
    units: tuple[str, ...]
    facts: Mapping[str, str]
    submitted: bool
    left: bool
    steps_in: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The sub-sample of a key question: cases that it has on the list and in the sample as far as the list tells, those
    judged so far, and their margins (None where none is claimed, or nothing was judged)."""

    question: KeyQuestion
    told: bool
    claimed: bool
    listed: int
    expected: int
    judged: int
    margin_expected: float | None
    margin_now: float | None


@dataclass(frozen=True, slots=True)
class OnList:
    """The precision of one list: its population, its sample, and what both make of the margin. `need` is what holds the
    margin aimed at; `promise` what holds the one that the final sample was made for, where that is wider."""

    list: CaseList
    population: int
    covered: int
    sampled: int
    dropped: int
    stepped_in: int
    submitted: int
    aim: float
    planned: float | None
    all_judged: Precision | None
    so_far: Precision | None
    need: Need | None
    promise: Need | None
    questions: tuple[Question, ...]
    victims: int
    all_units: bool

    @property
    def standing(self) -> int:
        """Cases that stand in the sample, submitted or not."""
        return self.sampled + self.stepped_in - self.dropped

    @property
    def open(self) -> int:
        return self.standing - self.submitted

    @property
    def gauge(self) -> charts.Gauge:
        """Submitted, open and left, with a mark at what the margin needs."""
        parts = [("Submitted", self.submitted), ("Still to be submitted", self.open), ("Left the sample", self.dropped)]
        held, points = (self.promise, self.planned) if self.promise else (self.need, self.aim)
        needed = held.needed if held else 0
        title = f"{self.list.title}: cases submitted and needed"
        return charts.gauge(title, parts, needed, f"needed for {points or self.aim:.3g} points")

    def margin_without(self, more: int, confidence: float) -> tuple[int, float | None, int]:
        """Cases left, margin in points and cases missing if so many more drop out and nobody steps in."""
        left = self.standing - more
        margin = rules.margin_reached(left, self.covered, confidence=confidence).margin if left > 0 else None
        return left, margin, max(0, (self.need.needed if self.need else 0) - left)


@dataclass(frozen=True, slots=True)
class Held:
    """Of one list with a margin: cases submitted and still open, the margin in points that its final sample was made
    for (the one aimed at, or a wider one), and what holds it."""

    list: CaseList
    submitted: int
    open: int
    points: float
    need: Need


def held_now(inspection: Inspection) -> list[Held]:
    """What each list with a margin still needs, for the page on which an inspection is opened. Three queries.
    Manual 4.2a, A1b."""
    accepted, units = _lists(inspection)
    size, counts = packs.pack_of(inspection).sampling.size, _counted(inspection)
    found = []
    for case_list in reading.lists_of(inspection):
        planned, stand, submitted = counts.get(case_list.id, (0, 0, 0))
        if not (stand and case_list.margin_claimed and case_list.id in accepted):
            continue
        _, cells = _cells(accepted[case_list.id], units.get(case_list.id, []))
        covered = sum(count for _, _, count in cells)
        if max(planned, stand) <= covered:
            points = max(size.margin, _margin(planned, covered, size.confidence) or 0)
            found.append(
                Held(case_list, submitted, stand - submitted, points, _need(size, covered, submitted, stand, points))
            )
    return found


def _counted(inspection: Inspection) -> dict[str, tuple[int, int, int]]:
    """Of each list: cases of its final sample, those that stand in it with those that stepped in, and those submitted.
    One query."""
    gone = DropOut.objects.filter(case=OuterRef("pk"), decision__in=LEFT_THE_SAMPLE)
    rows = inspection.sampled_cases.order_by().annotate(left=Exists(gone)).values("case_list")
    rows = rows.annotate(
        planned=Count("pk", filter=Q(file_read=False)),
        stand=Count("pk", filter=Q(left=False)),
        done=Count("pk", filter=Q(left=False, assessment__submitted_at__isnull=False)),
    )
    return {name: (planned, stand, done) for name, planned, stand, done in
            rows.values_list("case_list", "planned", "stand", "done")}  # fmt: skip


def _lists(inspection: Inspection) -> tuple[dict[str, LongList], dict[str, list[Any]]]:
    """The accepted list of each kind, and the units that its sample was drawn from. Two queries."""
    accepted: dict[str, LongList] = {}
    for one in inspection.long_lists.filter(state=LongList.State.ACCEPTED).defer("faults", "understood", "left_out"):
        accepted.setdefault(one.case_list, one)
    units: dict[str, list[Any]] = {}
    drawn = Draw.objects.filter(long_list__inspection=inspection).values_list("long_list__case_list", "units")
    for case_list, chosen in drawn:
        units.setdefault(case_list, chosen)
    return accepted, units


def _cells(long_list: LongList, chosen: Sequence[Sequence[str]]) -> tuple[Cells, Cells]:
    """Every cell of a list, and those that had a chance; a list kept without its cells counts as one."""
    every: Cells = summaries.cells_of(long_list) or [((), (), long_list.size)]
    drawn_from = {tuple(unit) for unit in chosen}
    return every, [cell for cell in every if not drawn_from or cell[0] in drawn_from]


def of_inspection(inspection: Inspection) -> list[OnList]:
    """Every list of the inspection that has a final sample. Four queries. Manual 4.2a, 4.2b, A1b."""
    accepted, units = _lists(inspection)
    sampled = _sampled(inspection)
    judged = _answers(inspection)
    framework = packs.pack_of(inspection).framework(inspection.kind)
    return [
        _on_list(inspection, framework, case_list, accepted[case_list.id], units.get(case_list.id, []), cases, judged)
        for case_list in reading.lists_of(inspection)
        if (cases := sampled.get(case_list.id)) and case_list.id in accepted
    ]


def _sampled(inspection: Inspection) -> dict[str, list[Sampled]]:
    newest = DropOut.objects.filter(case=OuterRef("pk")).order_by("-pk").values("decision")[:1]
    rows = SampledCase.objects.filter(inspection=inspection).annotate(dropping=Subquery(newest))
    found: dict[str, list[Sampled]] = {}
    for pk, case_list, unit_1, unit_2, facts, submitted_at, dropping, file_read in rows.order_by().values_list(
        "pk", "case_list", "case__unit_1", "case__unit_2", "case__facts", "assessment__submitted_at", "dropping",
        "file_read",
    ):  # fmt: skip
        left = dropping in LEFT_THE_SAMPLE
        one = Sampled(pk, (unit_1, unit_2), facts, bool(submitted_at) and not left, left, file_read)
        found.setdefault(case_list, []).append(one)
    return found


def _answers(inspection: Inspection) -> dict[int, dict[str, str]]:
    """Facts and key questions of every submitted case, by key of the case."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    wanted = [fact.id for fact in framework.facts]
    wanted += [q.id for s in framework.standards if s.source == "cases" for q in s.key_questions]
    found: dict[int, dict[str, str]] = {}
    rows = Answer.objects.filter(
        assessment__case__inspection=inspection, assessment__submitted_at__isnull=False, field__in=wanted
    )
    for case, name, value in rows.order_by().values_list("assessment__case", "field", "value"):
        found.setdefault(case, {})[name] = value
    return found


def _on_list(
    inspection: Inspection,
    framework: Framework,
    case_list: CaseList,
    long_list: LongList,
    chosen: Sequence[Sequence[str]],
    cases: Sequence[Sampled],
    judged: Mapping[int, Mapping[str, str]],
) -> OnList:
    size = packs.pack_of(inspection).sampling.size
    every, cells = _cells(long_list, chosen)
    covered = sum(count for _, _, count in cells)
    standing = [case for case in cases if not case.left]
    submitted = [case for case in standing if case.submitted]
    claimed = case_list.margin_claimed and 0 < len(cases) <= covered

    def near(some: Sequence[Sampled]) -> Precision | None:
        if not some or not claimed:
            return None
        groups = _groups(case_list, cells, every, some)
        left_out = sum(count for _, _, count in every) - covered
        return rules.precision_of(
            *groups, left_out=left_out, confidence=size.confidence, correlations=size.correlations
        )

    planned = [case for case in cases if not case.steps_in]
    made_for = _margin(len(planned), covered, size.confidence) if claimed else None

    holds = partial(_need, size, covered, len(submitted), len(standing))
    return OnList(
        list=case_list,
        population=sum(count for _, _, count in every),
        covered=covered,
        sampled=len(planned),
        dropped=len(cases) - len(standing),
        stepped_in=len(cases) - len(planned),
        submitted=len(submitted),
        aim=size.margin,
        planned=made_for,
        all_judged=near(standing),
        so_far=near(submitted),
        need=holds(size.margin) if claimed else None,
        promise=holds(made_for) if made_for and made_for > size.margin else None,
        questions=tuple(_questions(framework, case_list, cells, standing, judged, size.confidence)),
        victims=sum(1 for case in standing if _known(case_list, case.facts).get("victim_opted_in") == "yes"),
        all_units=not chosen,
    )


def _need(size: SizeRule, population: int, submitted: int, standing: int, margin: float) -> Need:
    """What holds a margin at the pack's confidence."""
    return rules.still_needed(
        population,
        submitted=submitted,
        standing=standing,
        margin=margin,
        confidence=size.confidence,
        rounding=size.rounding,
    )


def _groups(
    case_list: CaseList, cells: Cells, every: Cells, cases: Iterable[Sampled]
) -> tuple[list[Group], list[Group]]:
    """The strata of the units drawn from, and all units, each with its cases of the sample. A list kept without its
    strata counts as one group."""
    cases = list(cases)
    whole = [Group(sum(count for _, _, count in cells), len(cases))]
    in_strata, in_units, columns = Counter[tuple[str, ...]](), Counter[tuple[str, ...]](), strata_columns(case_list)
    for case in cases:
        try:
            values = {column: case.facts.get(column, "") for column in columns}
            in_strata[rules.strata_of(case_list, values)] += 1
        except rules.UnknownValueError:
            return whole, []
        in_units[case.units[: len(case_list.units)]] += 1
    strata, units = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for _, stratum, count in cells:
        strata[stratum] += count
    for unit, _, count in every:
        units[unit] += count
    if any(in_strata[one] > strata[one] for one in in_strata) or any(in_units[one] > units[one] for one in in_units):
        return whole, []
    return (
        [Group(count, in_strata[one]) for one, count in strata.items()],
        [Group(count, in_units[one]) for one, count in units.items()] if case_list.units else [],
    )


def _known(case_list: CaseList, facts: Mapping[str, str]) -> dict[str, str]:
    """The facts of a case that its row of the list foretells."""
    return {column.fact: facts[column.id] for column in case_list.columns if column.fact and facts.get(column.id)}


def _questions(
    framework: Framework,
    case_list: CaseList,
    cells: Cells,
    standing: Sequence[Sampled],
    judged: Mapping[int, Mapping[str, str]],
    confidence: float,
) -> Iterable[Question]:
    """The sub-sample of every key question asked of the cases of a list. Manual 4.2a, 4.2b, 7.1b."""
    places = {variable.column: place for place, variable in enumerate(case_list.strata) if variable.column}
    told = {column.fact: places[column.id] for column in case_list.columns if column.fact and column.id in places}
    groups = [({fact: stratum[at] for fact, at in told.items() if at < len(stratum)}, n) for _, stratum, n in cells]
    submitted = [one for one in standing if one.submitted]
    for standard in framework.standards_for_list(case_list.id):
        claimed = case_list.margin_claimed and standard.case_list == case_list.id
        for question in standard.key_questions:
            facts = {one.fact for one in question.conditions(case_list.id) + question.leave_out}
            listed = sum(count for known, count in groups if question.applies_to(known, case_list.id))
            within = [one for one in standing if question.applies_to(_known(case_list, one.facts), case_list.id)]
            answered = sum(1 for one in submitted if _counts(question, case_list, judged.get(one.pk, {})))
            yield Question(
                question=question,
                told=facts <= set(told),
                claimed=claimed,
                listed=listed,
                expected=len(within),
                judged=answered,
                margin_expected=_margin(len(within), listed, confidence) if claimed else None,
                margin_now=_margin(answered, listed, confidence) if claimed else None,
            )


def _counts(question: KeyQuestion, case_list: CaseList, answers: Mapping[str, str]) -> bool:
    return answers.get(question.id) in ANSWERED and question.applies_to(answers, case_list.id)


def _margin(cases: int, population: int, confidence: float) -> float | None:
    """The margin of 4.2a; where the inspectors found more cases in a sub-sample than the list foretells, as if the
    population had no end, which claims too little rather than too much."""
    if not cases:
        return None
    if cases > population:
        return rules.margin_of(0.25 / cases, confidence=confidence)
    return rules.margin_reached(cases, population, confidence=confidence).margin
