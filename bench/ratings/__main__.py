"""Saving a case with fresh ratings, replay of ten years, one confidence lens; whether the goals are reached.

`script/bench ratings [--full]`: with --full 3,333 inspections too, which takes half an hour (`--only saving`:
seven minutes). PostgreSQL is measured where DATABASE_URL names one; SQLite always.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.ratings import confidence, replaying
from bench.sampling.others import ROOT
from inspectorate.methodology import pack as packs

SIZES, ALL = (28, 280), 3_333
MOST_OF_A_SAVE, MOST_GROWTH = 2.0, 1.5
SLOWEST_LENS = 2.0


def main() -> None:
    """Measures and prints; ends with 1 where a goal is missed."""
    reader = argparse.ArgumentParser(prog="bench.ratings", description=__doc__)
    reader.add_argument("--full", action="store_true", help="3,333 inspections too")
    reader.add_argument("--only", choices=["replaying", "saving", "lens"], help="one part")
    asked = reader.parse_args()
    sizes = (*SIZES, ALL) if asked.full else SIZES
    print("Load of the last minute, five, fifteen:", *(f"{one:.1f}" for one in os.getloadavg()))
    goals: list[tuple[bool, str]] = []
    if asked.only in (None, "lens"):
        goals.append(_lens())
    if asked.only in (None, "replaying"):
        goals += replaying.main(sizes, 21)
    if asked.only in (None, "saving"):
        goals += _saving("", sizes)
        if url := os.environ.get("DATABASE_URL"):
            goals += _saving(url, SIZES)
    print("Load at the end:", *(f"{one:.1f}" for one in os.getloadavg()), "\n\nGoals")
    for reached, goal in goals:
        print(f"  {'reached' if reached else 'MISSED '}  {goal}")
    sys.exit(0 if all(reached for reached, _ in goals) else 1)


def _lens() -> tuple[bool, str]:
    seconds = confidence.seconds_of_a_lens(packs.load("probation-v3-2018"), confidence.DRAWS)
    goal = f"goal: at most {SLOWEST_LENS:.0f} s"
    said = f"one confidence lens of 250 cases and {confidence.DRAWS:,} redraws takes {1000 * seconds:.0f} ms ({goal})"
    return seconds <= SLOWEST_LENS, said


def _saving(url: str, sizes: tuple[int, ...]) -> Iterator[tuple[bool, str]]:
    """In a process of its own for each database."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "bench.ratings.saving", *map(str, sizes)]
    child = subprocess.Popen(command, cwd=ROOT, env=environment | ({"DATABASE_URL": url} if url else {}),
                             stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stdout
    print(f"\n{'':<30}{'save ms':>9}{'fresh':>8}{'both, of a save':>17}{'bare':>8}{'all into words':>16}")
    rows: list[dict[str, Any]] = []
    for line in child.stdout:
        row = json.loads(line)
        rows.append(row)
        name = f"{row['database']}, {row['inspections']:,} inspections"
        both = 1 + row["fresh"] / row["save"]
        read = f"{row['read']:.0f}" if row["read"] else ""
        print(
            f"{name:<30}{row['save']:>9.1f}{row['fresh']:>8.1f}{both:>16.2f}x{row['bare']:>8.1f}{read:>16}", flush=True
        )
        worked = [row[f"{step} processor"] for step in ("save", "fresh", "bare", "read")]
        print(
            f"{'  of the processor':<30}{worked[0]:>9.1f}{worked[1]:>8.1f}{1 + worked[1] / worked[0]:>16.2f}x"
            f"{worked[2]:>8.1f}{f'{worked[3]:.0f}' if worked[3] else '':>16}", flush=True
        )  # fmt: skip
        yield both <= MOST_OF_A_SAVE, f"{name}: saved and rated in {both:.2f} times the save (goal: at most 2)"
    if child.wait():
        sys.exit("bench: the reason stands above.")
    first, last = rows[0], rows[-1]
    growth = (last["save"] + last["fresh"]) / (first["save"] + first["fresh"])
    several = f"{first['inspections']:,} to {last['inspections']:,} inspections"
    worked = [row["save processor"] + row["fresh processor"] for row in (first, last)]
    print(f"{'':<30}of the processor {worked[1] / worked[0]:.2f} times as much from the first to the last")
    yield growth <= MOST_GROWTH, f"{first['database']}: {growth:.2f} times as long from {several} (goal: at most 1.5)"


if __name__ == "__main__":
    main()
