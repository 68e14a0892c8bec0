"""Chapter 4.4: samples as values: the cases of a list, a draw with what was marked on it, and what is final of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Sum

from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList, Margin
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.checking import strata_columns
from inspectorate.sampling.models import (
    LEFT_THE_SAMPLE,
    Draw,
    DrawnCase,
    Exclusion,
    ExclusionAnswer,
    ListedCase,
    LongList,
    SampledCase,
)

Units = tuple[str, ...]
TIERS = ("Tier 1 unit", "Tier 2 unit")


@dataclass(frozen=True, slots=True)
class Proposal:
    """How many cases to draw, whence the number is, and the margin (in points) that it reaches of the list."""

    size: int
    source: str
    margin: float | None
    confidence: float


def propose(inspection: Inspection, case_list: CaseList, population: int) -> Proposal:
    """The size of figure 2 for the body, else for its cluster, else the one that the margin asks for.
    Manual 4.1a, 4.2a."""
    pack, body = packs.pack_of(inspection), inspection.body
    rule = pack.sampling.size
    alike = [row for row in pack.resourcing if row.kind == inspection.kind and row.cluster == body.cluster]
    row = next((row for row in pack.resourcing if row.name == body.name), alike[0] if alike else None)
    size = row.size_for(case_list.id) if row else None
    named = row is not None and row.name == body.name
    source = f"Figure 2 of the manual, {body.name if named else f'as for cluster size {body.cluster}'}"
    if size is None:
        size = rules.sample_size(
            population, margin=rule.margin, confidence=rule.confidence, rounding=rule.rounding
        ).size
        source = f"A margin of {rule.margin:g} points at {rule.confidence:g}% confidence"
    size = min(size, population)
    return Proposal(size, source, reached(inspection, case_list, size, population), rule.confidence)


def reached(inspection: Inspection, case_list: CaseList, size: int, population: int) -> float | None:
    """The margin in points that so many cases reach, None where the manual claims none. Manual 4.2a, 4.2b."""
    if not case_list.margin_claimed or not 1 <= size <= population:
        return None
    confidence = packs.pack_of(inspection).sampling.size.confidence
    return round(rules.margin_reached(size, population, confidence=confidence).margin, 1)


def cases_of(case_list: CaseList, long_list: LongList, units: Sequence[Units] = ()) -> list[rules.ListedCase]:
    """The cases of an accepted list as the rules take them; with `units`, those of these units only. One query."""
    columns = strata_columns(case_list)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    chosen = set(units)
    found = []
    for reference, first, second, facts in long_list.cases.values_list("reference", "unit_1", "unit_2", "facts"):
        its_units = (first, second)[: len(case_list.units)]
        if chosen and its_units not in chosen:
            continue
        values = tuple(facts.get(column, "") for column in columns)
        if values not in known:
            known[values] = rules.strata_of(case_list, dict(zip(columns, values, strict=True)))
        found.append(rules.ListedCase(reference, its_units, known[values]))
    return found


def strata_of(case_list: CaseList, case: ListedCase) -> tuple[str, ...]:
    """The strata of one case of a list."""
    return rules.strata_of(case_list, {column: case.facts.get(column, "") for column in strata_columns(case_list)})


def units_of(draw: Draw) -> list[Units]:
    """The units that a draw was made from, none for all."""
    return [tuple(one) for one in draw.units]


def variables(case_list: CaseList) -> list[str]:
    """Titles of the stratification variables."""
    return [variable.title for variable in case_list.strata]


def labels(case_list: CaseList) -> dict[tuple[str, str], str]:
    """(title of a variable, value) -> how the value is called."""
    return {(v.title, value): label for v in case_list.strata for value, label in v.values.items()}


def in_order(case_list: CaseList) -> list[tuple[str, str]]:
    """(title of a variable, label of a value) in the order of its column's choices, or of its rules: a pack read from
    its file no longer knows the order in which it names the values."""
    found = []
    for variable in case_list.strata:
        values = [rule.stratum for rule in variable.rules]
        if variable.column:
            values = [choice.stratum or choice.id for choice in case_list.column(variable.column).choices]
        known = [value for value in (*values, *variable.values) if value in variable.values]
        found += [(variable.title, variable.values[value]) for value in dict.fromkeys(known)]
    return found


def kept_margins(case_list: CaseList, margins: Iterable[Margin]) -> list[dict[str, Any]]:
    """Margins as they are kept with a draw: whole numbers, and broken ones as "17/5"."""
    names = labels(case_list)
    order = {pair: place for place, pair in enumerate(in_order(case_list))}
    rows: list[dict[str, Any]] = [
        {
            "variable": one.variable,
            "value": names.get((one.variable, one.value), one.value),
            "population": one.population,
            "share": str(one.share),
            "expected": str(one.expected),
            "drawn": one.drawn,
        }
        for one in margins
    ]
    whole = list(dict.fromkeys(row["variable"] for row in rows))
    return sorted(
        rows, key=lambda row: (whole.index(row["variable"]), order.get((row["variable"], row["value"]), len(order)))
    )


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One line of the table of margins, in numbers for people."""

    variable: str
    value: str
    population: int
    share: float
    expected: float
    drawn: int
    difference: float
    within_one: bool


def margin_rows(kept: Iterable[Mapping[str, Any]]) -> list[MarginRow]:
    """The table of margins from what is kept."""
    rows = []
    for one in kept:
        expected = Fraction(one["expected"])
        difference = one["drawn"] - expected
        share = round(float(100 * Fraction(one["share"])), 1)
        rows.append(
            MarginRow(
                one["variable"], one["value"], one["population"], share, round(float(expected), 1), one["drawn"],
                round(float(difference), 1), abs(difference) < 1,
            )
        )  # fmt: skip
    return rows


def rows_of(draw: Draw) -> list[DrawnCase]:
    """The cases of a draw, selected ones first, then substitutes, each in ticket order. One query."""
    return list(draw.cases.select_related("case"))


def marks_of(draw: Draw) -> dict[int, Exclusion]:
    """The mark that stands on each marked case, by key of the drawn case. One query."""
    newest: dict[int, Exclusion] = {}
    for mark in (
        Exclusion.objects.filter(drawn__draw=draw).select_related("by", "drawn__case", "document").order_by("pk")
    ):
        newest[mark.drawn_id] = mark
    return {drawn: mark for drawn, mark in newest.items() if mark.reason}


def answers_of(draw: Draw) -> dict[int, ExclusionAnswer]:
    """The answer that counts to each exclusion that has one, by key of the exclusion. One query."""
    given = ExclusionAnswer.objects.filter(exclusion__drawn__draw=draw).select_related("by").order_by("pk")
    return {one.exclusion_id: one for one in given}


def excluded_of(draw: Draw) -> set[int]:
    """Keys of the drawn cases that are out: marked, and the mark not refused. Manual 4.4f. Two queries."""
    answers = answers_of(draw)
    return {drawn for drawn, mark in marks_of(draw).items() if mark.pk not in answers or answers[mark.pk].accepted}


def is_out(row: Any) -> bool:
    """Whether a row of `marked_rows` is out: marked, and the mark not refused. Manual 4.4f."""
    return bool(row.mark_reason) and row.mark_accepted is not False


def marked_rows(draw: Draw) -> list[Any]:
    """The cases of a draw with the mark that stands on each (`mark_reason`, `mark_note`, `mark_by`, `mark_at`,
    `mark_document`), its answer (`mark_accepted`, None before there is one, and `mark_answer`, its reason) and its
    place in the final sample (`number`, `in_place_of`, and from fieldwork `left_later` and `stepped_in`). One query."""
    newest = Exclusion.objects.filter(drawn=OuterRef("pk")).order_by("-pk")
    answer = ExclusionAnswer.objects.filter(exclusion=OuterRef("mark")).order_by("-pk")
    final = SampledCase.objects.filter(case=OuterRef("case"), inspection=draw.long_list.inspection)
    rows = draw.cases.select_related("case").annotate(
        mark_reason=Subquery(newest.values("reason")[:1]),
        mark_note=Subquery(newest.values("note")[:1]),
        mark_by=Subquery(newest.values("by__name")[:1]),
        mark_at=Subquery(newest.values("at")[:1]),
        mark_document=Subquery(newest.values("document__file_name")[:1]),
        mark=Subquery(newest.values("pk")[:1]),
        mark_accepted=Subquery(answer.values("accepted")[:1]),
        mark_answer=Subquery(answer.values("reason")[:1]),
        number=Subquery(final.values("number")[:1]),
        in_place_of=Subquery(final.values("in_place_of__reference")[:1]),
        in_place_limited=Subquery(final.values("in_place_of__limited")[:1]),
        stepped_in=Subquery(final.values("file_read")[:1]),
        left_later=Exists(final.filter(drop_outs__decision__in=LEFT_THE_SAMPLE)),
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case of the final sample, and the excluded one that it replaces."""

    row: DrawnCase
    in_place_of: DrawnCase | None


@dataclass(frozen=True, slots=True)
class Final:
    """What becomes of a draw: the cases in, those that left without a substitute, and the substitutes that remain.
    `other_stratum` counts substitutes that had to come from another stratum."""

    chosen: tuple[Chosen, ...]
    unfilled: tuple[DrawnCase, ...]
    substitutes: tuple[DrawnCase, ...]
    other_stratum: int


def final_of(case_list: CaseList, draw: Draw, rows: Sequence[DrawnCase], excluded: Iterable[int]) -> Final:
    """Replaces excluded cases by the rule: next substitute of the nearest cell, in ticket order; where the sample was
    extended, the first substitutes have joined it. Manual 4.4f, 4.4k."""
    by_reference = {row.case.reference: row for row in rows}
    out = set(excluded)
    drawn = as_drawn(case_list, draw, rows)
    drawn = rules.extend(drawn, min(extended_by(draw), len(drawn.substitutes)))
    selected = {one.reference for one in drawn.selected}
    replacements = rules.replace(drawn, in_turn(rows, out, selected))
    places = {one.substitute.reference: by_reference[one.excluded] for one in replacements if one.substitute}
    kept = [Chosen(row, None) for row in rows if row.case.reference in selected and row.pk not in out]
    stepped = [Chosen(by_reference[reference], place) for reference, place in places.items()]
    inside = {one.row.pk for one in (*kept, *stepped)}
    together = sorted(
        (*kept, *stepped), key=lambda one: (one.row.case.unit_1, one.row.case.unit_2, one.row.case.reference)
    )
    return Final(
        chosen=tuple(together),
        unfilled=tuple(by_reference[one.excluded] for one in replacements if one.substitute is None),
        substitutes=tuple(row for row in rows if row.substitute and row.pk not in inside | out),
        other_stratum=sum(1 for one in replacements if one.substitute and not one.kept_stratum),
    )


def in_turn(rows: Iterable[DrawnCase], out: Collection[int], selected: Collection[str]) -> list[str]:
    """References of the cases that leave, in the order in which they are replaced: substitutes that are not in the
    sample first, so that none of them steps in only to leave."""
    leavers = [row.case.reference for row in rows if row.pk in out]
    return sorted(leavers, key=lambda reference: reference in selected)


def extended_by(draw: Draw) -> int:
    """By how many cases a draw was extended. One query, none where it came with the draw."""
    if (known := getattr(draw, "extended", None)) is not None:
        return int(known)
    return int(draw.extensions.aggregate(cases=Sum("cases"))["cases"] or 0)


def decided_on(draw: Draw) -> bool:
    """Whether the ratings panel has decided. One query, none where it came with the draw. Manual 7.2f."""
    if (known := getattr(draw, "decided", None)) is not None:
        return bool(known)
    return draw.long_list.inspection.panel_decided()


def as_drawn(case_list: CaseList, draw: Draw, rows: Sequence[DrawnCase]) -> rules.Draw:
    """A kept draw as the rules take it; `rows` are those of `rows_of`."""
    tiers = len(case_list.units)
    drawn = [
        rules.DrawnCase(
            row.case.reference,
            (row.case.unit_1, row.case.unit_2)[:tiers],
            strata_of(case_list, row.case),
            f"{row.ticket:08d}",
        )
        for row in rows
    ]
    selected = tuple(one for one, row in zip(drawn, rows, strict=True) if not row.substitute)
    substitutes = tuple(one for one, row in zip(drawn, rows, strict=True) if row.substitute)
    return rules.Draw(selected, substitutes, (), draw.long_list.size, draw.size, Fraction(0))


def final_margins(case_list: CaseList, draw: Draw, final: Final) -> list[dict[str, Any]]:
    """How near the final sample is to proportion. Manual 4.4f. One query."""
    everything = cases_of(case_list, draw.long_list)
    units = set(units_of(draw))
    cases = [case for case in everything if not units or case.units in units]
    chosen = {one.row.case.reference for one in final.chosen}
    proportions = rules.count_strata(everything) if units else None
    found = rules.margins(cases, chosen, proportions, variables(case_list), TIERS[: len(case_list.units)])
    return kept_margins(case_list, found)
