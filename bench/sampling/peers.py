"""Other ways to draw, in an environment of their own: reads jobs as JSON from its input, answers each on one line.

`python -m bench.sampling.peers`; needs the packages of bench/requirements.txt.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl
import svy

from bench.sampling.made import Codes, Made, made
from bench.sampling.quality import chances, deviations

Draw = Callable[[int, int], Codes]


def largest_remainder(stratum: Codes, size: int) -> dict[int, int]:
    """Cases for each stratum: whole shares, then one more where most is left over."""
    people = np.bincount(stratum, minlength=16)
    due = size * people / people.sum()
    cases = np.floor(due).astype(int)
    cases[np.argsort(cases - due, kind="stable")[: size - cases.sum()]] += 1
    return {code: int(number) for code, number in enumerate(cases) if people[code]}


def svy_srs(listed: Made) -> Draw:
    """A stratified simple random sample of svy, sizes by largest remainder."""
    stratum = listed.stratum
    frame = pl.DataFrame({"row": np.arange(listed.people), "stratum": stratum})
    sample = svy.Sample(frame, svy.Design(stratum="stratum"))

    def draw(size: int, number: int) -> Codes:
        # One of "one draw" in a list: only so does the sample stay as it was for the next draw.
        drawn = sample.sampling.srs(largest_remainder(stratum, size), rstate=number, n_draws=1)[0]
        return drawn.data["row"].to_numpy()

    return draw


def polars_rank(listed: Made) -> Draw:
    """Rows of each stratum in a random order, the first ones taken; sizes by largest remainder."""
    stratum = listed.stratum
    frame = pl.DataFrame({"row": np.arange(listed.people), "stratum": stratum})

    def draw(size: int, number: int) -> Codes:
        sizes = largest_remainder(stratum, size)
        rank = pl.int_range(pl.len()).shuffle(seed=number).over("stratum")
        return frame.filter(rank < pl.col("stratum").replace_strict(sizes))["row"].to_numpy()

    return draw


PEERS: dict[str, Callable[[Made], Draw]] = {"svy srs": svy_srs, "polars rank in group": polars_rank}


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Times and deviations of every peer on one list; or its chances, over many draws."""
    listed, told = made(job["people"]), {}
    for name, prepare in PEERS.items():
        draw = prepare(listed)
        if job["kind"] == "chances":
            told[name] = asdict(chances(listed, (draw(job["size"], number) for number in range(job["draws"]))))
            continue
        times, worst = [], np.zeros(5)
        for number in range(-1, job["repetitions"]):
            began = time.perf_counter()
            rows = draw(job["size"], number + 1)
            if number >= 0:
                times.append(1000 * (time.perf_counter() - began))
                worst = np.maximum(worst, deviations(listed, rows))
        told[name] = {"times": times, "worst": worst.tolist()}
    return told


def main() -> None:
    """One line for each line."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
