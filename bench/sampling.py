"""Chapter 4: times of drawing 120 cases from made long lists (medians), and the worst difference from a share."""

import hashlib
import statistics
import sys
import time

from inspectorate.methodology import sampling

SIZE, SUBSTITUTES, REPETITIONS = 120, 30, 5
WEIGHTS = {
    "tier 1": (9, 20, 14, 31, 17, 9),
    "tier 2": (40, 12, 29, 19),
    "gender": (85, 15),
    "sentence": (68, 32),
    "RoSH": (35, 45, 17, 3),
}


def choose(number: int, weights: tuple[int, ...]) -> int:
    point = number % sum(weights)
    return next(place for place in range(len(weights)) if point < sum(weights[: place + 1]))


def made_list(people: int) -> list[sampling.ListedCase]:
    cases = []
    for person in range(people):
        block = hashlib.sha256(str(person).encode()).digest()
        one, two, *strata = (
            choose(int.from_bytes(block[4 * at : 4 * at + 4], "big"), weights)
            for at, weights in enumerate(WEIGHTS.values())
        )
        units = f"Area {one}", f"Team {one}{two}"
        cases.append(sampling.ListedCase(f"C{person:07}", units, tuple(map(str, strata))))
    return cases


def main() -> None:
    print(f"{'rows':>8} {'median ms':>10} {'verify ms':>10} {'worst difference, cases':>24}")
    for people in map(int, sys.argv[1:] or ("3000", "10000", "100000")):
        cases = made_list(people)
        times, worst = [], 0.0
        for number in range(REPETITIONS):
            seed = b"bench %d" % number
            started = time.perf_counter()
            drawn = sampling.draw(cases, size=SIZE, seed=seed, substitutes=SUBSTITUTES)
            times.append(1000 * (time.perf_counter() - started))
            worst = max(worst, *(float(abs(margin.difference)) for margin in drawn.margins))
        pack = ("made", "1", "0" * 64)
        receipt = sampling.make_receipt(cases, drawn, list_id="made", seed=seed, pack=pack, substitutes=SUBSTITUTES)
        started = time.perf_counter()
        faults = sampling.verify(receipt, cases)
        checked = 1000 * (time.perf_counter() - started)
        if faults:
            raise SystemExit("\n".join(faults))
        print(f"{people:>8} {statistics.median(times):>10.1f} {checked:>10.1f} {worst:>24.3f}")


if __name__ == "__main__":
    main()
