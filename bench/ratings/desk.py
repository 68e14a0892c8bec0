"""What is measured of one inspection: a case saved as the service saves it, the same rows barely, and fresh ratings."""

import json
import statistics
import sys
import time
from collections.abc import Callable

import django
from django.db import connection

django.setup()

from bench.ratings import filled  # noqa: E402 (models can be read only after setup)
from inspectorate.fieldwork.actions import save_answers  # noqa: E402
from inspectorate.fieldwork.models import Answer  # noqa: E402
from inspectorate.methodology.ratings import in_words, joined  # noqa: E402
from inspectorate.programme.models import Inspection  # noqa: E402
from inspectorate.ratings.consolidation import cases_of, judgements, result_of  # noqa: E402

TIMES = 24
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

    def _next(self):
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


def main(sizes: list[int]) -> None:
    """Fills the database step by step and prints a line of JSON for each size."""
    desk, there = Desk(), 1
    for size in sizes:
        desk.fill(size, there)
        there = size
        steps: dict[str, Callable[[], float]] = {"save": desk.save, "fresh": desk.fresh, "bare": desk.write}
        found: dict[str, list[float]] = {name: [] for name in steps}
        for turn in range(TIMES + 2):
            for name, step in steps.items():
                taken = step()
                # The first turns wait for files to be read and statements to be prepared.
                if turn >= 2:
                    found[name].append(taken)
        middle = {name: statistics.median(times) for name, times in found.items()}
        told = {"inspections": size, "database": desk.database, "read": desk.read_all(size)}
        print(json.dumps(told | middle), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
