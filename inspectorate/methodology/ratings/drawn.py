"""Chapter 7.1 of the manual, the confidence of ratings: how the judged cases were drawn, and the groups that count."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspectorate.methodology.ratings.judgements import CaseJudgements
from inspectorate.methodology.standards import Framework

Names = tuple[str, ...]
Cell = tuple[Names, Names, int]

# Fewer cases than this tell too little of how alike the cases of a group are.
LEAST_IN_GROUP = 15
# A population whose size nobody knows: it has no end as far as a sample can tell.
WITHOUT_END = 1_000_000


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A case of the sample: its units and strata on the long list, and yes or no on each key question that counts."""

    units: Names
    strata: Names
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class DrawnCases:
    """The judged cases of one long list. `cells`: units, strata and number of all its cases, none where not known.

    `drawn_from`: the units that the sample was drawn from; empty for all of them.
    """

    case_list: str
    cells: tuple[Cell, ...]
    cases: tuple[JudgedCase, ...]
    drawn_from: frozenset[Names] = frozenset()

    @property
    def population(self) -> int | None:
        """Cases on the list; None where it is not known, or is smaller than the sample.

        Manual 4.2a
        """
        whole = sum(count for _, _, count in self.cells)
        return whole if whole >= max(1, len(self.cases)) else None

    @property
    def units_left_out(self) -> int:
        """How many units of the list the sample was not drawn from.

        Manual 4.4a
        """
        return len({units for units, _, _ in self.cells} - self.drawn_from) if self.drawn_from else 0


@dataclass(frozen=True, slots=True)
class Group:
    """Cases whose part of the sample the design holds nearly fixed: places in `DrawnCases.cases`, and how many on the
    list."""

    cases: tuple[int, ...]
    population: int


def answers_that_count(framework: Framework, case: CaseJudgements) -> dict[str, bool]:
    """Yes or no by key question, as `count` counts them: within the sub-sample, and neither empty nor na.

    Manual 7.1a, 7.1b
    """
    return {
        question.id: case.answers[question.id] == "yes"
        for standard in framework.standards_for_list(case.case_list)
        if standard.source == "cases"
        for question in standard.key_questions
        if case.answers.get(question.id) in ("yes", "no") and question.applies_to(case.facts, case.case_list)
    }


def in_order(drawn: DrawnCases) -> DrawnCases:
    """The same cases in an order that follows from what they hold alone, not from how they were stored.

    Manual 7.1a
    """
    cases = sorted(drawn.cases, key=lambda case: (case.units, case.strata, sorted(case.answers.items())))
    return DrawnCases(drawn.case_list, tuple(sorted(drawn.cells)), tuple(cases), drawn.drawn_from)


def seed_of(lists: Iterable[DrawnCases]) -> int:
    """A seed that is the same wherever the same cases were drawn from the same lists and judged alike.

    Manual 7.1a
    """
    told = [
        [
            one.case_list,
            one.cells,
            sorted(one.drawn_from),
            [[case.units, case.strata, sorted(case.answers.items())] for case in one.cases],
        ]
        for one in sorted(map(in_order, lists), key=lambda one: one.case_list)
    ]
    return int.from_bytes(hashlib.sha256(json.dumps(told).encode()).digest())


def groups_of(drawn: DrawnCases) -> tuple[Group, ...]:
    """The groups that the cases are redrawn within: the list split by stratum and unit while parts stay large enough.

    The last variable of the strata splits first (risk of serious harm, where there is one), then the units of tier 1,
    then the other variables from the last to the first. Values with few cases go together. Where units were left out
    only strata split, since the units are redrawn too. One group where the list does not tell.

    Manual 4.3a, 4.4a
    """
    everybody = tuple(range(len(drawn.cases)))
    population = drawn.population
    if population is None:
        return (Group(everybody, WITHOUT_END),)
    tiers = 0 if drawn.drawn_from else len(drawn.cells[0][0])
    variables = list(reversed([("strata", place) for place in range(len(drawn.cells[0][1]))]))
    variables[1:1] = [("units", tier) for tier in range(tiers)]
    parts = _split(drawn, everybody, drawn.cells, variables)
    if any(len(group.cases) > group.population for group in parts):
        return (Group(everybody, population),)
    return tuple(parts)


def _split(
    drawn: DrawnCases, cases: Sequence[int], cells: Sequence[Cell], variables: Sequence[tuple[str, int]]
) -> list[Group]:
    if not variables or len(cases) < 2 * LEAST_IN_GROUP:
        return [Group(tuple(cases), sum(count for _, _, count in cells))]
    (kind, place), rest = variables[0], variables[1:]

    def of_case(at: int) -> str:
        return _value(getattr(drawn.cases[at], kind), place)

    def of_cell(cell: Cell) -> str:
        return _value(cell[0] if kind == "units" else cell[1], place)

    found = []
    for values in _together([of_case(at) for at in cases], {of_cell(cell) for cell in cells}):
        inside = [at for at in cases if of_case(at) in values]
        found += _split(drawn, inside, [cell for cell in cells if of_cell(cell) in values], rest)
    return found


def _value(names: Names, place: int) -> str:
    return names[place] if place < len(names) else ""


def _together(held: Sequence[str], listed: set[str]) -> list[set[str]]:
    """Values of a variable in sets of at least `LEAST_IN_GROUP` cases: large ones alone, small ones together."""
    times = {value: held.count(value) for value in sorted(listed | set(held))}
    alone = [{value} for value, count in times.items() if count >= LEAST_IN_GROUP]
    small = {value for value, count in times.items() if count < LEAST_IN_GROUP}
    if not alone or sum(times[value] for value in small) >= LEAST_IN_GROUP:
        return [*alone, small]
    smallest = min(alone, key=lambda one: times[next(iter(one))])
    smallest |= small
    return alone
