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
from inspectorate.ratings.consolidation import digest_of, result_of  # noqa: E402
from inspectorate.ratings.past import signed  # noqa: E402

TIMES = 24
MOST_READ = 300


def taken(step: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of a step: by the clock, and of the processor."""
    began, worked = time.perf_counter(), time.process_time()
    step()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


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

    def save(self) -> tuple[float, float]:
        """The service's own save."""
        case, given, rows = self._next()
        changes = {row.field: (given[row.field], row.version) for row in rows}
        return taken(lambda: save_answers(case=case, changes=changes, by=self.inspector))

    def write(self) -> tuple[float, float]:
        """Writing the same rows, all in one statement."""
        _, given, rows = self._next()
        for row in rows:
            row.value = given[row.field]
        return taken(
            lambda: Answer.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["assessment", "field"], update_fields=["value"]
            )
        )

    def fresh(self) -> tuple[float, float]:
        """Reading the inspection's cases and rating them."""
        return taken(lambda: result_of(self.inspection))

    def read_all(self) -> None:
        """Puts the signed data of every inspection into words."""
        framework = filled.framework(self.inspection)
        found = []
        for _, judged in signed(Inspection.objects.values_list("pk", flat=True)):
            digest_of(judged)
            found.append(in_words(framework, judged))
        joined(found)


def main(sizes: list[int]) -> None:
    """Fills the database step by step and prints a line of JSON for each size."""
    desk, there = Desk(), 1
    for size in sizes:
        filling, _ = taken(lambda to=size, so_far=there: desk.fill(to, so_far))
        there = size
        steps: dict[str, Callable[[], tuple[float, float]]] = {
            "save": desk.save,
            "fresh": desk.fresh,
            "bare": desk.write,
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
        for turn in range(TIMES + 2):
            for name, step in steps.items():
                each = step()
                # The first turns wait for files to be read and statements to be prepared.
                if turn >= 2:
                    found[name].append(each)
        told: dict[str, object] = {"inspections": size, "database": desk.database, "filling": filling / 1000}
        for name, times in found.items():
            told[name], told[f"{name} processor"] = (statistics.median(one) for one in zip(*times, strict=True))
        told["read"], told["read processor"] = taken(desk.read_all) if size <= MOST_READ else (0.0, 0.0)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
