"""Times, worst deviations and chances of draws, own and others', and whether the goals are reached.

`script/bench sampling [--people 3000,10000,...] [--with-r] [--full]`. The clock begins at the table that both hold: own
code from a list in numbers, the others from a table that holds the stratum; all answer with the rows drawn.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.sampling import others, own
from bench.sampling.made import MARGINS, Codes, made
from bench.sampling.quality import chances, deviations
from inspectorate.methodology import sampling

OWN, OWN_CASES = "own", "own, with cases and margins"
SIZES = (120, 10_000)
CHANCES_OF = 3_000


def main() -> None:
    """Measures what was asked for and prints it; ends with 1 where a goal is missed."""
    asked = _asked()
    python = Path(os.environ.get("BENCH_PYTHON", others.ROOT / "var/bench-environment/bin/python"))
    peers = others.Peers(python) if python.exists() else None
    if not peers:
        print("bench: svy and polars are left out; script/bench makes the environment that holds them")
    if asked.with_r and not others.r_is_there():
        others.install_r()
    with_r = others.r_is_there()
    if not with_r:
        print("bench: R is left out; --with-r installs it")
    medians = dict(_times(asked, peers, with_r))
    goals = list(_goals_of_time(medians))
    goals += _chances(asked, peers, with_r) if asked.draws else []
    goals += _populations(asked.populations) if asked.populations else []
    if peers:
        peers.close()
    print("\nGoals")
    for reached, goal in goals:
        print(f"  {'reached' if reached else 'MISSED '}  {goal}")
    sys.exit(0 if all(reached for reached, _ in goals) else 1)


def _asked() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="bench.sampling", description=__doc__)
    reader.add_argument("--people", default="3000,10000,100000", help="lists of how many people")
    reader.add_argument("--repetitions", type=int, default=7)
    reader.add_argument("--draws", type=int, default=400, help="draws from which chances are told; 0: none")
    reader.add_argument("--draws-of-r", type=int, default=40)
    reader.add_argument("--populations", type=int, default=200, help="made populations for the margins; 0: none")
    reader.add_argument("--with-r", action="store_true", help="install R and its package, where we may")
    reader.add_argument("--full", action="store_true", help="up to 1,000,000 people, 2,000 draws, 1,000 populations")
    asked = reader.parse_args()
    if asked.full:
        asked.people, asked.draws, asked.draws_of_r, asked.populations = "3000,10000,100000,1000000", 2000, 200, 1000
    return asked


def _times(
    asked: argparse.Namespace, peers: others.Peers | None, with_r: bool
) -> Iterator[tuple[tuple[int, int, str], float]]:
    print(f"{'people':>9} {'sample':>7}  {'':<28}{'median ms':>10}{'of own':>8}  most cases away from its share, at")
    print(" " * 66 + "".join(f"{margin:>10}" for margin in MARGINS))
    for people in map(int, asked.people.split(",")):
        listed = made(people)
        began = time.perf_counter()
        there = own.population(listed)
        into_numbers = 1000 * (time.perf_counter() - began)
        for size in (size for size in SIZES if size < people):
            measured: dict[str, Any] = {OWN: _own(there, size, asked.repetitions, own.rows)}
            measured[OWN_CASES] = _own(there, size, asked.repetitions, own.cases)
            job = {"people": people, "size": size, "repetitions": asked.repetitions}
            measured |= peers.ask(kind="times", **job) if peers else {}
            measured |= others.ask_r(people, size, 3, "times") if with_r and size == SIZES[0] else {}
            # Once more at the end: what else the machine does changes while the others are measured.
            measured[OWN]["times"] += _own(there, size, asked.repetitions, own.rows)["times"]
            bound = statistics.median(measured[OWN]["times"])
            for name, one in measured.items():
                middle = statistics.median(one["times"])
                worst = "".join(f"{away:>10.2f}" for away in one["worst"])
                print(f"{people:>9} {size:>7}  {name:<28}{middle:>10.1f}{middle / bound:>7.1f}x  {worst}", flush=True)
                yield (people, size, name), middle
        print(f"{people:>9}          (putting the list into numbers, once: {into_numbers:.0f} ms)")


def _own(
    there: sampling.Population, size: int, repetitions: int, draw: Callable[[sampling.Population, int, int], Any]
) -> dict[str, Any]:
    listed, times, worst = made(len(there.references)), [], np.zeros(5)
    for number in range(repetitions):
        began = time.perf_counter()
        draw(there, size, number)
        times.append(1000 * (time.perf_counter() - began))
        worst = np.maximum(worst, deviations(listed, own.rows(there, size, number)))
    return {"times": times, "worst": worst.tolist()}


def _goals_of_time(medians: dict[tuple[int, int, str], float]) -> Iterator[tuple[bool, str]]:
    def ratio(people: int, name: str, least: float) -> Iterator[tuple[bool, str]]:
        key, bound = (people, SIZES[0], name), (people, SIZES[0], OWN)
        if key in medians and bound in medians:
            times = medians[key] / medians[bound]
            yield times >= least, f"{name} at {people:,} takes {times:.0f} times as long (goal: {least:.0f})"

    yield from ratio(10_000, "R samplecube", 30)
    yield from ratio(1_000_000, "svy srs", 5)
    for people, size, name in medians:
        if name == OWN and (bound := medians.get((people // 100, size, name))):
            times = medians[people, size, name] / bound
            yield times <= 3, f"{people:,} people take {times:.1f} times as long as {people // 100:,} (goal: at most 3)"


def _chances(asked: argparse.Namespace, peers: others.Peers | None, with_r: bool) -> Iterator[tuple[bool, str]]:
    print(
        f"\nChances on {CHANCES_OF:,} people, 120 drawn: relative error of how often each of up to 384 cells is drawn"
    )
    listed = made(CHANCES_OF)
    there = own.population(listed)
    samples: Iterable[Codes] = (own.rows(there, SIZES[0], number) for number in range(asked.draws))
    found: dict[str, Any] = {OWN: asdict(chances(listed, samples))}
    job = {"people": CHANCES_OF, "size": SIZES[0]}
    found |= peers.ask(kind="chances", draws=asked.draws, **job) if peers else {}
    found |= others.ask_r(CHANCES_OF, SIZES[0], asked.draws_of_r, "chances") if with_r and asked.draws_of_r else {}
    for name, one in found.items():
        print(
            f"  {name:<28}{100 * one['error']:>6.1f} % (noise {100 * one['noise']:.1f} %), "
            f"strata of up to 8 people got {100 * one['least']:.0f} to {100 * one['most']:.0f} % of their due"
        )
    mine = found[OWN]
    yield mine["error"] <= 1.1 * mine["noise"], f"chances are equal: {mine['error'] / mine['noise']:.2f} of the noise"


def _populations(number: int) -> Iterator[tuple[bool, str]]:
    """Margins of made populations of 400 to 20,000 people, samples of 90 to 159."""
    chance = np.random.default_rng(number)
    broken, worst = 0, np.zeros(5)
    for one in range(1, number + 1):
        people, size = int(400 * 50 ** chance.random()), int(chance.integers(90, 160))
        listed = made(people, one)
        there = own.population(listed)
        away = deviations(listed, np.array(own.rows(there, size, one)))
        worst = np.maximum(worst, away)
        broken += max(away) >= 1
    told = ", ".join(f"{margin} {away:.3f}" for margin, away in zip(MARGINS, worst, strict=True))
    print(f"\nMost cases away on {number:,} made populations: {told}")
    yield broken == 0, f"every margin of {number:,} made populations is within one case ({broken} are not)"


if __name__ == "__main__":
    main()
