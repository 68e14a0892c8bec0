"""Drill S: list, seed and version give the same sample anywhere; a changed list is found out; nobody is favoured.

Planted faults stand beside what they are to trip: a rounding that is balanced and biased, a draw that follows the rows,
a digest of references only. The first drill was seen to fail with cells taken from a set instead of in order.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from inspectorate.methodology import sampling

ROOT = Path(__file__).resolve().parents[2]
TIMES = 1_000
ELSEWHERE = """
import json, sys
from inspectorate.methodology import sampling
for line in sys.stdin:
    rows, size, seed, version = json.loads(line)
    cases = [sampling.ListedCase(name, tuple(units), tuple(strata)) for name, units, strata in rows]
    drawn = sampling.draw(cases, size=size, seed=bytes.fromhex(seed), substitutes=5, version=version)
    print(json.dumps([[(one.reference, one.ticket) for one in group] for group in (drawn.selected, drawn.substitutes)]))
"""
Cases = list[sampling.ListedCase]
DrawOf = Callable[[Cases, int, bytes], Sequence[str]]


def block(name: str) -> bytes:
    return hashlib.sha512(name.encode()).digest()


def made(name: str, people: int) -> Cases:
    """A list whose references, units and strata follow from its name; some of its strata are very small."""
    cases = []
    for number in range(people):
        thrown = block(f"{name} {number}")
        unit = f"Area {thrown[0] % 3}"
        strata = (
            "fm"[thrown[2] < 215],
            "cp"[thrown[3] < 90],
            "lmhv"[sum(thrown[4] >= most for most in (80, 200, 246))],
        )
        cases.append(sampling.ListedCase(f"{thrown[5]:02x}É{number}", (unit, f"{unit}{thrown[1] % 2}"), strata))
    return cases


def of_number(number: int) -> tuple[Cases, int, bytes, int]:
    thrown = block(f"drill {number}")
    people = 12 + thrown[0] % 60
    return made(f"drill {number}", people), 1 + thrown[1] % people, thrown[2:18], 1 + number % 2


def by_the_rule(cases: Cases, size: int, seed: bytes) -> Sequence[str]:
    return [one.reference for one in sampling.draw(cases, size=size, seed=seed).selected]


def test_the_same_list_seed_and_version_draw_the_same_in_another_process() -> None:
    """There the rows come in another order, and Python's own hashes are other ones."""
    here, asked = [], []
    for number in range(TIMES):
        cases, size, seed, version = of_number(number)
        drawn = sampling.draw(cases, size=size, seed=seed, substitutes=5, version=version)
        here.append([[[one.reference, one.ticket] for one in group] for group in (drawn.selected, drawn.substitutes)])
        rows = sorted(([c.reference, c.units, c.strata] for c in cases), key=lambda row: block(f"{number}{row[0]}"))
        asked.append(json.dumps([rows, size, seed.hex(), version]))
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input="\n".join(asked),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "12345", "PYTHONUTF8": "1"},
    )
    there = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(one == other for one, other in zip(here, there, strict=True)) == TIMES


def test_a_draw_that_follows_the_rows_would_be_found_out() -> None:
    cases, size, seed, _ = of_number(7)
    assert by_the_rule(cases, size, seed) == by_the_rule(cases[::-1], size, seed)
    assert planted_first_rows(cases, size, seed) != planted_first_rows(cases[::-1], size, seed)


def planted_first_rows(cases: Cases, size: int, seed: bytes) -> Sequence[str]:
    return [case.reference for case in cases][:size]


def changed(cases: Cases, number: int) -> Cases:
    """The list with one thing changed: a row gone, come, renamed, moved to another unit or stratum, or two mixed up."""
    thrown = block(f"change {number}")
    at = thrown[0] % len(cases)
    one, other = cases[at], cases[at - 1]
    new = {
        0: [],
        1: [one, replace(one, reference=f"{one.reference}x")],
        2: [replace(one, reference=one.reference + " ")],
        3: [replace(one, units=(one.units[0], one.units[1] + "b"))],
        4: [replace(one, strata=("x", *one.strata[1:]))],
        5: [replace(one, units=(one.units[0] + one.units[1][:1], one.units[1][1:]))],
        6: [replace(one, strata=(*one.strata[:2], "l" if one.strata[2] != "l" else "m"))],
        7: [replace(one, reference=other.reference)],
    }[number % 8]
    return [*cases[:at], *new, *cases[at + 1 :]]


def receipt_of(cases: Cases, size: int, seed: bytes) -> sampling.Receipt:
    drawn = sampling.draw(cases, size=size, seed=seed, substitutes=5)
    rows = sampling.row_digests(cases)
    return sampling.receipt_from_dict(
        {
            "form": 1,
            "list": {"id": "domain-two", "digest": sampling.list_digest(cases), "rows": [list(row) for row in rows]},
            "pack": {"id": "probation-v3-2018", "version": "1", "digest": "ab" * 32},
            "algorithm": {"name": "balanced-flow", "version": 1},
            "size": size,
            "substitutes_wanted": 5,
            "proportions": None,
            "seed": seed.hex(),
            "selected": [one.reference for one in drawn.selected],
            "substitutes": [one.reference for one in drawn.substitutes],
        }
    )


def test_every_change_of_a_list_is_found_out() -> None:
    found = unchanged = noticed_by_name = 0
    for number in range(TIMES):
        cases, size, seed, _ = of_number(number)
        if number % 50 == 0:
            unchanged += sampling.verify(receipt_of(cases, size, seed), cases[::-1]) == ()
        receipt = receipt_of(cases, size, seed)
        other = changed(cases, number)
        found += sampling.list_digest(other) != receipt.list_digest and sampling.verify(receipt, other) != ()
        noticed_by_name += planted_names_only(other) != planted_names_only(cases)
    assert (found, unchanged) == (TIMES, TIMES // 50)
    assert noticed_by_name < TIMES * 0.6


def planted_names_only(cases: Cases) -> str:
    return hashlib.sha256("\n".join(sorted(case.reference for case in cases)).encode()).hexdigest()


def planted_biased_rounding(cases: Cases, size: int, seed: bytes) -> Sequence[str]:
    """Largest remainder over the strata: every stratum within one case of its share, tickets as they should be."""
    people = sampling.count_strata(cases)
    give = {stratum: size * there // len(cases) for stratum, there in people.items()}
    for stratum in sorted(people, key=lambda one: (-(size * people[one] % len(cases)), one))[
        : size - sum(give.values())
    ]:
        give[stratum] += 1
    chosen = []
    for stratum, most in give.items():
        inside = [case.reference for case in cases if case.strata == stratum]
        chosen += sorted(inside, key=lambda reference: hashlib.sha256(seed + reference.encode()).digest())[:most]
    return chosen


@pytest.mark.parametrize(("draw", "fair"), [(by_the_rule, True), (planted_biased_rounding, False)])
def test_no_row_is_favoured_and_a_biased_rounding_is_caught(draw: DrawOf, fair: bool) -> None:
    """Chi-square of times drawn by row: five of its own spreads is far beyond chance (p below 0.001)."""
    cases, size, draws = made("favoured", 80), 15, 1_500
    times = Counter[str]()
    for number in range(draws):
        times.update(draw(cases, size, b"fair %d" % number))
    due = draws * size / len(cases)
    statistic = sum((times[case.reference] - due) ** 2 for case in cases) / due / (1 - size / len(cases))
    assert (abs(statistic - len(cases)) < 5 * (2 * len(cases)) ** 0.5) is fair
