"""How often the confidence of ratings is right: made inspections whose truth is known, and the time of one lens.

`python -m bench.ratings.confidence [--inspections 10000] [--draws 500] [--seed 1]`. Of each made body a sample is
drawn and looked at through the lens. Intervals are held against the share among all cases; stated chances against the
ratings of a second sample, drawn in the same way from the same body.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.ratings.made_bodies import LEAST_SHARE, MOST_SHARE, MadeList, Spread, made_list
from inspectorate.methodology import pack as packs
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import Count, Result, rate_counts
from inspectorate.methodology.ratings.confidence import Chances, Lens, lens
from inspectorate.methodology.standards import Framework, Rating

LEVEL = 80
COVERED = (80.0, 84.0)
CALIBRATED = 3.0
SLOWEST = 0.3
DRAWS = 1000
SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SIZES = (5, 10, 20, 40, 80, 120, 151)
SPREADS = {
    "alike": Spread(strata=0.0, units=0.0, questions=0.25, alike=0.3),
    "usual": Spread(),
    "apart": Spread(strata=0.4, units=0.4, questions=0.4, alike=0.15),
    "half of the units": Spread(units=0.25, every_unit=False),
}
# Taken for half of the units; what the made units show is near it.
CORRELATION = 0.05


@dataclass
class Found:
    """What the made inspections showed: coverage by (share, size), and stated against happened by subject."""

    covered: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    stated: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))
    widths: list[float] = field(default_factory=list)

    def coverage(self) -> float:
        """Per cent of intervals that hold the truth, every key question counted once."""
        held, of = (sum(one[place] for one in self.covered.values()) for place in (0, 1))
        return 100 * held / of

    def by_size(self) -> list[float]:
        """Per cent by size of sub-sample, the true shares weighing alike."""
        return [100 * _mean(self.covered, place, 1) for place in range(len(SIZES) - 1)]

    def by_share(self) -> list[float]:
        """Per cent by true share, the sizes weighing alike."""
        return [100 * _mean(self.covered, place, 0) for place in range(len(SHARES) - 1)]

    def calibration(self, subject: str) -> list[tuple[float, float, int]]:
        """Stated and happened in per cent, and how often, by tenths of the stated chance."""
        told = np.array(self.stated[subject])
        tenth = np.minimum((told[:, 0] * 10).astype(int), 9)
        return [
            (100 * told[tenth == at, 0].mean(), 100 * told[tenth == at, 1].mean(), int((tenth == at).sum()))
            for at in range(10)
            if (tenth == at).any()
        ]

    def off(self, subject: str) -> float:
        """By how many points stated chances are off, on average over the tenths as often as they are stated."""
        rows = self.calibration(subject)
        return sum(abs(stated - happened) * times for stated, happened, times in rows) / sum(row[2] for row in rows)


def _mean(covered: dict[tuple[int, int], list[int]], place: int, part: int) -> float:
    rows = [held / of for key, (held, of) in covered.items() if key[part] == place and of]
    return sum(rows) / len(rows) if rows else float("nan")


def inspect(pack: Pack, found: Found, spread: Spread, seed: int, draws: int) -> None:
    """Makes a body, inspects it twice, and notes what the lens said of the first inspection."""
    rng = np.random.default_rng(seed)
    framework = pack.framework("CRC" if seed % 2 else "NPS")
    lists = list(_lists(framework, rng, spread))
    domain_one = {s.id: Rating(int(rng.integers(4))) for s in framework.standards if s.source == "panel"}
    first, again = (tuple(one.draw(rng) for one in lists) for _ in range(2))
    result = _rated(pack, framework, lists, first, domain_one)
    seen = lens(
        framework,
        pack.ratings,
        [one.drawn(sample) for one, sample in zip(lists, first, strict=True)],
        result,
        domain_one=domain_one,
        level=LEVEL,
        draws=draws,
        correlation=CORRELATION,
    )
    _note_intervals(found, seen, _pooled([one.counts() for one in lists]))
    _note_chances(found, seen, _rated(pack, framework, lists, again, domain_one))


def _lists(framework: Framework, rng: np.random.Generator, spread: Spread) -> Iterator[MadeList]:
    for case_list in framework.case_lists:
        size = int(rng.integers(10, 151))
        population = int(size * rng.uniform(1.2 if spread.every_unit else 3.5, 10))
        yield made_list(framework, case_list, rng, size=size, population=population, spread=spread)


def _pooled(counts: list[dict[str, Count]]) -> dict[str, Count]:
    found: dict[str, Count] = {}
    for one in counts:
        for question, more in one.items():
            so_far = found.get(question, Count(0, 0))
            found[question] = Count(so_far.yes + more.yes, so_far.n + more.n)
    return found


def _rated(
    pack: Pack, framework: Framework, lists: list[MadeList], samples: tuple[np.ndarray, ...], given: dict[str, Rating]
) -> Result:
    counts = _pooled([one.counts(sample) for one, sample in zip(lists, samples, strict=True)])
    return rate_counts(framework, pack.ratings, counts, domain_one=given)


def _note_intervals(found: Found, seen: Lens, truth: dict[str, Count]) -> None:
    for one in seen.questions:
        if one.low is None or one.high is None:
            continue
        share = truth[one.id].yes / truth[one.id].n
        if not LEAST_SHARE <= share <= MOST_SHARE or not SIZES[0] <= one.rating.n < SIZES[-1]:
            continue
        key = (
            min(int(np.searchsorted(SHARES, share, "right")) - 1, len(SHARES) - 2),
            int(np.searchsorted(SIZES, one.rating.n, "right")) - 1,
        )
        found.covered[key][0] += one.low - 1e-9 <= 100 * share <= one.high + 1e-9
        found.covered[key][1] += 1
        found.widths.append(one.high - one.low)


def _note_chances(found: Found, seen: Lens, again: Result) -> None:
    def note(subject: str, chances: Chances, happened: Rating | None) -> None:
        for rating, times in chances.times:
            if 0 < times < chances.draws:
                found.stated[subject].append((times / chances.draws, happened is rating))
        if (likeliest := chances.likeliest) is not None:
            found.stated[f"likeliest rating, {subject}"].append((chances.of(likeliest), happened is likeliest))

    for question in seen.questions:
        if question.rating.n:
            note("key questions", question.chances, again.key_question(question.id).computed)
    for standard in seen.standards:
        note("standards", standard.chances, again.standard(standard.id).rating)
    if seen.overall:
        note("overall", seen.overall, again.overall)


def _print(name: str, found: Found) -> bool:
    reached = COVERED[0] <= found.coverage() <= COVERED[1]
    print(
        f"\n{name}: intervals hold the truth {found.coverage():.1f} % of times, mean width {np.mean(found.widths):.1f}"
    )
    shares = [f"{100 * low:.0f}-{100 * high:.0f}" for low, high in zip(SHARES, SHARES[1:], strict=False)]
    print("  cases        " + "".join(f"{one:>8}" for one in shares) + "     all  times")
    for size in range(len(SIZES) - 1):
        cells = [found.covered.get((share, size), [0, 0]) for share in range(len(SHARES) - 1)]
        row = "".join(f"{100 * held / of:8.1f}" if of else "       -" for held, of in cells)
        times = sum(of for _, of in cells)
        print(f"  {SIZES[size]:>4} to {SIZES[size + 1] - 1:<4} {row} {found.by_size()[size]:7.1f} {times:6}")
    print("  all          " + "".join(f"{one:8.1f}" for one in found.by_share()))
    for subject in sorted(found.stated):
        off = found.off(subject)
        reached &= off <= CALIBRATED
        print(f"  {subject}: off by {off:.1f} points on average")
        for stated, happened, times in found.calibration(subject):
            print(f"    stated {stated:5.1f}  happened {happened:5.1f}  times {times}")
    return reached


def seconds_of_a_lens(pack: Pack, draws: int) -> float:
    """Seconds of one lens of 130 and 2 times 60 cases, the median of nine."""
    framework, rng, taken = pack.framework("CRC"), np.random.default_rng(5), []
    sizes = [(one, 130 if one == "domain-two" else 60) for one in framework.case_lists]
    lists = [made_list(framework, one, rng, size=n, population=6 * n, spread=Spread()) for one, n in sizes]
    samples = tuple(one.draw(rng) for one in lists)
    result = _rated(pack, framework, lists, samples, {})
    drawn = [one.drawn(sample) for one, sample in zip(lists, samples, strict=True)]
    for _ in range(9):
        start = time.perf_counter()
        lens(framework, pack.ratings, drawn, result, level=LEVEL, draws=draws)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def main() -> None:
    """Prints coverage, calibration and time; ends with 1 where a goal is missed."""
    reader = argparse.ArgumentParser(prog="bench.ratings.confidence", description=__doc__)
    reader.add_argument("--inspections", type=int, default=10_000)
    reader.add_argument("--draws", type=int, default=500)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    pack = packs.load("probation-v3-2018")
    seconds = seconds_of_a_lens(pack, DRAWS)
    print(f"one inspection, 250 cases, {DRAWS:,} redraws: {1000 * seconds:.0f} ms")
    reached = seconds <= SLOWEST
    names, found = list(SPREADS), {name: Found() for name in SPREADS}
    for number in range(asked.inspections):
        name = names[number % len(names)]
        inspect(pack, found[name], SPREADS[name], asked.seed * 1_000_003 + number // len(names), asked.draws)
    for name in names:
        reached &= _print(name, found[name])
    print("\nreached" if reached else "\nMISSED")
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
