"""How often a biased inspector, or a question with unclear guidance, is found, and how often anybody wrongly is.

`python -m bench.calibration [inspections]` prints the rows of `[[calibration.power]]` in fieldwork.toml, and the false
alarms of every kind of inspection without a biased inspector.
"""

import sys
import time

import numpy as np

from inspectorate.methodology import pack
from inspectorate.methodology.fieldwork import guidance, inspectors, power_of_question
from tests.methodology.made_judgements import BIASED, UNCLEAR, made

RULES = pack.load("probation-v3-2018").fieldwork.calibration
CASES, PEOPLE, TURNED = (20, 30, 40, 60), (6, 8), (20, 30, 50)
NONE_BIASED = ({}, {"interview": 0.15}, {"moody": 0.08}, {"slips": 0.05}, {"slips": 0.2, "moody": 0.08})


def found(runs: int, **how: float) -> tuple[float, float]:
    """Of so many made inspections, in per cent: the biased inspector is named; anybody else is."""
    dice = np.random.Generator(np.random.PCG64(2019))
    hit = wrong = 0
    for _ in range(runs):
        names = {one.inspector for one in inspectors(made(dice, **how), RULES) if one.found not in ("", "few")}  # type: ignore[arg-type]
        hit += BIASED in names
        wrong += bool(names - {BIASED})
    return 100 * hit / runs, 100 * wrong / runs


def main(runs: int) -> None:
    began = time.monotonic()
    print(f"{runs} made inspections each; found %, others wrongly %")
    for cases in CASES:
        for people in PEOPLE:
            for turned in TURNED:
                hit, wrong = found(runs, cases=cases, inspectors=people, turned=turned / 100)
                print(f"cases = {cases}, inspectors = {people}, turned = {turned}: found {hit:.1f}, others {wrong:.1f}")
    for how in NONE_BIASED:
        for cases in (24, 48):
            hit, wrong = found(runs, cases=cases, inspectors=8, **how)
            print(f"nobody biased, {cases} cases, {how or 'plain'}: inspectors named {hit + wrong:.1f} (sum)")
    for slips in (0.05, 0.08):  # of which 9.5 and 14.7 of 100 answers are unlike, no more than is tolerated
        for cases in (24, 48):
            dice, named = np.random.Generator(np.random.PCG64(2020)), 0
            for _ in range(runs):
                pairs = made(dice, cases=cases, inspectors=8, slips=slips)
                named += any(one.flagged for one in guidance(pairs, RULES))
            print(f"no question unclear, {cases} cases, {slips} slips: questions named {100 * named / runs:.1f}")
    for cases in CASES:
        for unclear in (0.3, 0.4, 0.5):
            dice, hit = np.random.Generator(np.random.PCG64(2021)), 0
            for _ in range(runs):
                pairs = made(dice, cases=cases, inspectors=8, slips=0.05, unclear=unclear)
                hit += any(one.flagged for one in guidance(pairs, RULES) if one.question == UNCLEAR)
            said = 100 * power_of_question(RULES, cases=cases, questions=12, rate=unclear)
            print(f"question, {cases} cases, {unclear:.0%} unlike: found {100 * hit / runs:.1f}, stated {said:.1f}")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
