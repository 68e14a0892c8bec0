"""Chapter 7.1: how sure the ratings of an inspection are: its judged cases, and how they were drawn, put to rules."""

import hashlib
from collections.abc import Mapping, Sequence

from django.core.cache import cache

from inspectorate.methodology.ratings import (
    DrawnCases,
    JudgedCase,
    Lens,
    Result,
    answers_that_count,
    lens,
    seed_of,
)
from inspectorate.methodology.sampling import CaseList, UnknownValueError, strata_of
from inspectorate.methodology.standards import Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import CaseSet, judgements
from inspectorate.sampling.checking import strata_columns
from inspectorate.sampling.models import LongList, standing

KEPT_SECONDS = 3600
Names = tuple[str, ...]
Cells = tuple[tuple[Names, Names, int], ...]
# Of a list its cells and the units drawn from; of a case its two units and its facts on the list.
Listed = tuple[Cells, frozenset[Names]]
Place = tuple[str, str, Mapping[str, str]]


def lens_of(inspection: Inspection, cases: CaseSet, result: Result, domain_one: Mapping[str, Rating]) -> Lens:
    """The confidence of ratings computed from the submitted cases, without the panel's discretion. Two queries.

    The same data give the same figures, so what was computed once is kept for an hour. Manual 7.1a, 7.1b, 7.1d.
    """
    pack = packs.pack_of(inspection)
    lists = drawn_lists(inspection, cases)
    given = sorted((one, rating.slug) for one, rating in domain_one.items())
    told = repr((pack.digest, inspection.kind, seed_of(lists), given))
    key = f"lens-{hashlib.sha256(told.encode()).hexdigest()}"
    found: Lens | None = cache.get(key)
    if found is None:
        size = pack.sampling.size
        found = lens(
            cases.framework,
            cases.rules,
            lists,
            result,
            domain_one=domain_one,
            level=size.confidence,
            correlation=max(size.correlations, default=0.0),
        )
        cache.set(key, found, KEPT_SECONDS)
    return found


def drawn_lists(inspection: Inspection, cases: CaseSet) -> list[DrawnCases]:
    """The submitted cases of each list with their units and strata, and the list they were drawn from. Two queries."""
    specifications = {one.id: one for one in packs.pack_of(inspection).sampling.lists}
    listed, places = _listed(inspection), _places(inspection)
    found = []
    for name in sorted({case.case_list for case in cases.cases}):
        judged = [case for case in judgements(cases.cases) if case.case_list == name]
        answers = [answers_that_count(cases.framework, case) for case in judged]
        where = [places[case.case] for case in judged]
        found.append(_drawn(specifications[name], answers, where, *listed.get(name, ((), frozenset()))))
    return found


def _listed(inspection: Inspection) -> dict[str, Listed]:
    """The newest accepted list of each kind with the units of its newest draw."""
    found: dict[str, Listed] = {}
    rows = inspection.long_lists.filter(state=LongList.State.ACCEPTED).order_by("-pk", "-draws__pk")
    for name, cells, size, chosen in rows.values_list("case_list", "cells", "size", "draws__units"):
        counted = tuple((tuple(units), tuple(strata), count) for units, strata, count in cells)
        found.setdefault(name, (counted or (((), (), size),), frozenset(tuple(one) for one in chosen or ())))
    return found


def _places(inspection: Inspection) -> dict[str, Place]:
    """Units and facts on the long list of every submitted case, by its id."""
    rows = standing(inspection.sampled_cases.filter(assessment__submitted_at__isnull=False)).order_by()
    told = rows.values_list("public_id", "case__unit_1", "case__unit_2", "case__facts")
    return {str(case): (unit_1, unit_2, facts) for case, unit_1, unit_2, facts in told}


def _drawn(
    case_list: CaseList,
    answers: Sequence[Mapping[str, bool]],
    where: Sequence[Place],
    cells: Cells,
    drawn_from: frozenset[Names],
) -> DrawnCases:
    """Cases as the rules take them; where a stratum or unit is not one of the list, the list counts as a whole."""
    columns, tiers = strata_columns(case_list), len(case_list.units)
    held: list[tuple[Names, Names]] = []
    try:
        for unit_1, unit_2, facts in where:
            strata = strata_of(case_list, {column: facts.get(column, "") for column in columns})
            held.append(((unit_1, unit_2)[:tiers], strata))
    except UnknownValueError:
        held = []
    known = {(units, strata) for units, strata, _ in cells}
    if held and known >= set(held):
        cases = tuple(JudgedCase(*place, one) for place, one in zip(held, answers, strict=True))
        return DrawnCases(case_list.id, cells, cases, drawn_from)
    whole: Cells = (((), (), sum(count for *_, count in cells)),)
    return DrawnCases(case_list.id, whole, tuple(JudgedCase((), (), one) for one in answers))
