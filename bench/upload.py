"""Seconds from an uploaded workbook to a drawn sample, step by step, beside calamine's own read of it.

First the clock's, then the processor's, which other work on the machine changes less.
`python -m bench.upload [rows]`: 100,000 rows of the domain two list, with a column that nobody asked for as the 12th.
Keeping the list and its cases in the database is not in it.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspectorate.website.settings")

import django  # noqa: E402

django.setup()

from bench.long_list import value  # noqa: E402
from inspectorate.documents import spreadsheets  # noqa: E402
from inspectorate.methodology import sampling as rules  # noqa: E402
from inspectorate.programme import packs  # noqa: E402
from inspectorate.sampling import headings  # noqa: E402
from inspectorate.sampling.checking import check  # noqa: E402

TIMES, GIVEN_ON = 3, date(2019, 4, 12)
OWN_READ, WHOLE = "calamine's own read", "upload to sample"
Took = dict[str, tuple[float, float]]
GOAL = 1.5
READ_BY_CALAMINE = """
import sys, python_calamine
python_calamine.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()
"""


def main() -> None:
    """Writes the list, brings it from file to sample several times, prints the middle of each step."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    case_list = packs.current().sampling.case_list("domain-two")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "list.xlsx"
        columns = tuple(spreadsheets.Column(header) for header in (*(c.header for c in case_list.columns), "Remarks"))
        written = ([*(value(c, row) for c in case_list.columns), f"Remark {row % 700}"] for row in range(rows))
        spreadsheets.write_workbook(path, [spreadsheets.WrittenSheet("List", columns, written)])
        print(f"{rows:,} rows of {len(columns)} columns, {path.stat().st_size / 2**20:.1f} MB")
        runs = [_run(case_list, path) for _ in range(TIMES)]
    for run in runs:
        done = [took for name, took in run.items() if name != OWN_READ]
        run[WHOLE] = sum(wall for wall, _ in done), sum(work for _, work in done)
    middle = {name: [statistics.median(run[name][at] for run in runs) for at in (0, 1)] for name in runs[0]}
    wall_bound, work_bound = middle[OWN_READ]
    for name, (wall, work) in middle.items():
        print(f"{name:<34}{wall:>7.2f} s {wall / wall_bound:>6.2f}x{work:>9.2f} s {work / work_bound:>6.2f}x")
    reached = middle[WHOLE][0] <= GOAL * wall_bound
    print(f"goal: {GOAL}x, {'reached' if reached else 'missed'}")
    sys.exit(0 if reached else 1)


def _work() -> float:
    """Seconds of processor time so far, of this process and of those that it started."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _run(case_list: rules.CaseList, path: Path) -> Took:
    took: Took = {}

    def step(name: str, does: Callable[[], Any]) -> Any:
        began, before = time.perf_counter(), _work()
        done = does()
        took[name] = time.perf_counter() - began, _work() - before
        return done

    alone = [sys.executable, "-c", READ_BY_CALAMINE, str(path)]
    step(OWN_READ, lambda: subprocess.run(alone, capture_output=True, check=True))
    table = step("read in a process of its own", lambda: spreadsheets.read_table(path))
    heading = headings.find(case_list, table.sheets)
    assert heading
    checked = step("check every cell", lambda: check(case_list, table.sheets[0].rows, heading, GIVEN_ON))
    if checked.faults:
        sys.exit(f"bench: the made list has faults, the first: {checked.faults[0]}")
    cases = step("put together the cases", checked.cases.listed)
    step("seal with a digest", lambda: rules.list_digest(cases))
    population = step("put into numbers", lambda: rules.encode(cases))
    version = rules.version_for(len(cases))
    step(
        "draw 120 and 30 substitutes",
        lambda: rules.draw(population, size=120, seed=b"bench", substitutes=30, version=version),
    )
    return took


if __name__ == "__main__":
    main()
