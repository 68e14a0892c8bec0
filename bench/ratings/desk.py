"""What is measured of one inspection: a case saved as the service saves it, the same rows barely, and fresh ratings."""

import time

from django.db import connection

from bench.ratings import filled
from inspectorate.fieldwork.actions import save_answers
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.ratings import in_words, joined
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import cases_of, judgements, result_of

MOST_READ = 300


class Desk:
    """One inspection, its inspector, and whose turn it is to be saved."""

    def __init__(self) -> None:
        self.inspection, self.inspector = filled.first()
        there = self.inspection.sampled_cases.select_related("inspection", "case")
        self.cases = list(there.order_by("-number")[: filled.SAVED])
        self.database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
        self.turn = 1000

    def fill(self, size: int, so_far: int) -> None:
        """Makes the inspections `size` in all."""
        filled.copy(self.inspection, size, so_far)

    def _next(self):  # type: ignore[no-untyped-def]
        self.turn += 1
        case = self.cases[self.turn % len(self.cases)]
        return case, filled.answers(self.turn), list(Answer.objects.filter(assessment__case=case))

    def save(self) -> float:
        """Milliseconds of the service's own save."""
        case, given, rows = self._next()
        changes = {row.field: (given[row.field], row.version) for row in rows}
        began = time.perf_counter()
        save_answers(case=case, changes=changes, by=self.inspector)
        return 1000 * (time.perf_counter() - began)

    def write(self) -> float:
        """Milliseconds of writing the same rows, all in one statement."""
        _, given, rows = self._next()
        for row in rows:
            row.value = given[row.field]
        began = time.perf_counter()
        Answer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["assessment", "field"], update_fields=["value"]
        )
        return 1000 * (time.perf_counter() - began)

    def fresh(self) -> float:
        """Milliseconds of reading the inspection's cases and rating them."""
        began = time.perf_counter()
        result_of(self.inspection)
        return 1000 * (time.perf_counter() - began)

    def read_all(self, size: int) -> float:
        """Milliseconds of putting every inspection into words, once; 0 where there are too many for a page."""
        if size > MOST_READ:
            return 0.0
        began = time.perf_counter()
        framework = filled.framework(self.inspection)
        there = cases_of(framework, list(Inspection.objects.values_list("pk", flat=True)))
        joined([in_words(framework, judgements(cases)) for cases in there.values()])
        return 1000 * (time.perf_counter() - began)
