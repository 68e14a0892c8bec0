"""Milliseconds to rate many inspections again, beside the plainest way from words, other engines and plain SQL."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.ratings import own, sql
from bench.ratings.made import made
from bench.sampling.others import ROOT, Peers

OWN, BOUND = "own, two words a case", "the bound: words, plainly"
DATABASES = ("SQLite", "PostgreSQL")
# Above so many inspections a database is asked once.
MANY = 1000


class Taken(NamedTuple):
    """Milliseconds by the clock, and of the processor (all threads of the engine's process)."""

    clock: float
    processor: float


def main(sizes: tuple[int, ...], repetitions: int) -> Iterator[tuple[bool, str]]:
    """Prints a table for each size and tells the goals; every engine has to give the same totals."""
    python = Path(os.environ.get("BENCH_PYTHON", ROOT / "var/bench-environment/bin/python"))
    peers = Peers(python, "bench.ratings.peers") if python.exists() else None
    if not peers:
        print("bench: polars, DuckDB and pandas are left out; script/bench makes the environment that holds them")
    print(f"{'':<28}{'median ms':>10}{'of own':>9}{'least ms':>10}{'of own':>9}{'processor':>12}")
    for size in sizes:
        yield from _size(size, repetitions, peers)
    if peers:
        peers.close()


def _size(size: int, repetitions: int, peers: Peers | None) -> Iterator[tuple[bool, str]]:
    there = made(size)
    framework, words = own.framework(), own.words(there)
    panel, masks = own.decided(framework, words), own.masks(framework, words)
    run: dict[str, Callable[[], Any]] = {
        OWN: lambda: own.rerated(framework, words, panel),
        BOUND: lambda: own.bound(words, masks),
    }
    totals = {
        OWN: own.rerated(framework, words, panel).standards[:, 4:].sum(axis=1).tolist(),
        BOUND: own.bound(words, masks).sum(axis=1).tolist(),
    }
    found: dict[str, list[Taken]] = {OWN: [], BOUND: []}
    _in_turn(run, found, repetitions)
    told = peers.ask(inspections=size, repetitions=repetitions if size < MANY else 3) if peers else {}
    for name, one in told.items():
        found[name], totals[name] = [Taken(*pair) for pair in one["times"]], one["totals"]
    for name, prepare in _databases().items():
        rate = prepare(there)
        totals[name], found[name] = rate(), []
        _in_turn({name: rate}, found, 1 if size > MANY else 3)
    # Once more at the end: what else the machine does changes while the others are measured.
    _in_turn(run, found, repetitions)
    print(f"{size:,} inspections, {there.cases:,} cases, {there.answers:,} answers")
    middle = {name: _middle(name, times, found[OWN]) for name, times in found.items()}
    same = all(one == totals[OWN] for one in totals.values())
    yield same, f"{size:,} inspections: {len(totals)} engines give the same totals"
    yield from _goals(size, middle)


def _middle(name: str, times: list[Taken], own_times: list[Taken]) -> Taken:
    """The medians of one engine, printed with how many times as long as own code it took by the clock."""
    clock, processor = (statistics.median(one[at] for one in times) for at in (0, 1))
    least = min(one.clock for one in times)
    of_own = clock / statistics.median(one.clock for one in own_times)
    of_least = least / min(one.clock for one in own_times)
    busy = "" if name in DATABASES else f"{processor:.2f}"
    print(f"  {name:<26}{clock:>10.2f}{of_own:>8.1f}x{least:>10.2f}{of_least:>8.1f}x{busy:>12}", flush=True)
    return Taken(clock, processor)


def _goals(size: int, middle: dict[str, Taken]) -> Iterator[tuple[bool, str]]:
    if size < 280:
        return
    bound = middle[OWN].processor / middle[BOUND].processor
    yield bound <= 2, f"{size:,} inspections take {bound:.1f} times the bound, of the processor (goal: at most 2)"
    for name, least in (("polars", 4), ("PostgreSQL", 80)):
        if name in middle:
            times = middle[name].clock / middle[OWN].clock
            yield times >= least, f"{size:,} inspections: {name} takes {times:.0f} times as long (goal: {least})"


def _in_turn(run: dict[str, Callable[[], Any]], found: dict[str, list[Taken]], repetitions: int) -> None:
    for _ in range(repetitions):
        for name, rate in run.items():
            began, busy = time.perf_counter(), time.process_time()
            rate()
            found[name].append(Taken(1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))


def _databases() -> dict[str, Callable[[Any], sql.Rate]]:
    url = os.environ.get("DATABASE_URL", "")
    found: dict[str, Callable[[Any], sql.Rate]] = {"SQLite": sql.in_sqlite}
    if url.startswith("postgres"):
        found["PostgreSQL"] = lambda there: sql.in_postgresql(there, url)
    return found
