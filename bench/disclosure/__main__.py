"""Whether the gate before national results holds: `python -m bench.disclosure --releases 300`.

Made releases of one to five editions must come through with nothing recovered; every planted leak must be stopped.
Ends with 1 where a goal is missed.
"""

import argparse
import sys
import time

from bench.disclosure.made import planted, random_release
from inspectorate.methodology import pack as packs
from inspectorate.methodology.reporting import leaks

PACK = "probation-v3-2018"
SHOWN = 5


def main() -> None:
    """Makes the releases, attacks them, and says what was found."""
    reader = argparse.ArgumentParser(prog="bench.disclosure", description=__doc__)
    reader.add_argument("--releases", type=int, default=300)
    asked = reader.parse_args()
    rules = packs.load(PACK).reporting.national
    assert rules is not None
    began = time.perf_counter()
    recovered, without, cells, shown = [], 0, 0, 0
    for seed in range(asked.releases):
        release = random_release(rules, seed)
        editions = release.editions()
        without += bool(leaks(rules, release.editions(further=False)))
        if found := leaks(rules, editions):
            recovered.append((seed, found[:SHOWN]))
        cells += len(editions[-1].covers) * 6
        shown += sum(cell.shown for cell in editions[-1].cells.values())
    took = time.perf_counter() - began
    stopped = {name: leaks(rules, make()) for name, make in planted(rules).items()}
    print(f"{asked.releases} made releases in {took:.0f} s: {len(recovered)} with a leak {recovered or ''}")
    print(f"  of them {without} would leak with rounding and hiding alone")
    print(f"  the last editions show {shown} of {cells} cells")
    for name, found in stopped.items():
        print(f"  {'stopped' if found else 'MISSED '}  {name}: {', '.join(sorted({leak.what for leak in found}))}")
    print(f"{sum(map(bool, stopped.values()))} of {len(stopped)} planted leaks stopped")
    sys.exit(1 if recovered or not all(stopped.values()) else 0)


if __name__ == "__main__":
    main()
