"""Time and memory of reading and checking a long list of 100,000 rows: `python -m bench.long_list [rows]`."""

import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspectorate.website.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402

django.setup()

from inspectorate.documents.spreadsheets import Column, WrittenSheet, write_workbook  # noqa: E402
from inspectorate.methodology import sampling as rules  # noqa: E402
from inspectorate.programme import packs  # noqa: E402
from inspectorate.sampling.reading import read_file  # noqa: E402

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
MEGABYTE = 1024 * 1024
CASE_LIST = packs.current().sampling.case_list("domain-two")


def value(column: rules.Column, row: int) -> str | date:
    """Something plausible for a column."""
    if column.choices:
        return column.choices[row % len(column.choices)].label
    if column.type == "date":
        return (
            date(1950 + row % 50, 1 + row % 12, 1 + row % 28)
            if column.personal
            else date(2018, 11, 10) + timedelta(row % 28)
        )
    return {"reference": f"X{row:06d}", "tier-1": f"Area {row % 5}", "tier-2": f"Team {row % 20}"}.get(
        column.id, f"{column.header} {row % 5000}"
    )


def main() -> None:
    """Writes the list, reads it, prints both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        rows = ([value(column, row) for column in CASE_LIST.columns] for row in range(ROWS))
        write_workbook(path, [WrittenSheet("List", tuple(Column(c.header) for c in CASE_LIST.columns), rows)])
        began = time.perf_counter()
        read = read_file(CASE_LIST, path, date(2019, 4, 12))
        checked = time.perf_counter()
        digest = rules.list_digest(read.checked.cases.listed())
        done = time.perf_counter()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEGABYTE
    print(f"{len(read.checked.cases):,} rows, {len(read.checked.faults)} faults")
    print(
        f"read and checked in {checked - began:.2f} s (wanted: under 5), digest {digest[:8]} in {done - checked:.2f} s"
    )
    print(f"memory at most {own:.0f} MB here and {child:.0f} MB in the reading process (wanted: under 500 each)")


if __name__ == "__main__":
    main()
