"""Chapter 7.2a of the manual, outliers: whose cases were judged differently beyond what chance explains."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inspectorate.methodology.ratings.judgements import CaseJudgements, Count

# Shares of yes are taken to the nearest twentieth: the test is exact for whatever is compared, and quick for this.
STEPS = 20


@dataclass(frozen=True, slots=True)
class Outlier:
    """A group of cases whose share of yes is unlike that of the other cases of its list: shares from 0 to 1, and the
    probability of a difference as large if cases had been dealt out by chance."""

    group: str
    case_list: str
    cases: int
    share: float
    others: float
    chance: float


def shares_of_yes(counts: Mapping[str, Count], cases: Sequence[CaseJudgements]) -> dict[str, float]:
    """Of each case, by id, the share of yes among its key questions that count, by the counts of these cases; cases
    without any are left out.

    Manual 7.1a, 7.2a
    """
    yes: dict[str, int] = {}
    asked: dict[str, int] = {}
    answers = {case.case: case.answers for case in cases}
    for question, counted in counts.items():
        for case in counted.cases:
            asked[case] = asked.get(case, 0) + 1
            yes[case] = yes.get(case, 0) + (answers[case][question] == "yes")
    return {case: yes[case] / n for case, n in asked.items()}


def chance_of(values: Sequence[int], groups: Sequence[Collection[int]]) -> list[float]:
    """For each group (places in `values`) the probability that as many values picked by chance, without putting back,
    sum up as far from what is expected, either way. Exact, by counting every possible pick; 1 where nothing is left
    to compare with. `values` are whole numbers from 0.

    Manual 7.2a
    """
    everything, total = len(values), sum(values)
    sizes = [min(len(group), everything - len(group)) for group in groups]
    ways = np.zeros((max(sizes, default=0) + 1, total + 1))
    ways[0, 0] = 1.0
    for value in values:
        ways[1:, value:] += ways[:-1, : total + 1 - value].copy()
    found = []
    for group, size in zip(groups, sizes, strict=True):
        if size == 0:
            found.append(1.0)
            continue
        reached = sum(values[at] for at in group)
        at = reached if size == len(group) else total - reached
        row = ways[size] / ways[size].sum()
        found.append(min(1.0, 2 * float(min(row[: at + 1].sum(), row[at:].sum()))))
    return found


def outliers(
    shares: Mapping[str, float], lists: Mapping[str, str], groups: Mapping[str, Collection[str]], *, alpha: float
) -> tuple[Outlier, ...]:
    """The groups (case ids by name) whose cases differ from the others of the same list beyond chance.

    Each group is compared list by list; the whole of the comparisons keeps below `alpha` the probability that chance
    alone makes any outlier (Holm). A case may be in several groups.

    Manual 7.2a
    """
    compared: list[Outlier] = []
    for case_list in dict.fromkeys(lists.values()):
        ids = [case for case in shares if lists.get(case) == case_list]
        place = {case: at for at, case in enumerate(ids)}
        values = [round(STEPS * shares[case]) for case in ids]
        here = {name: [place[case] for case in cases if case in place] for name, cases in groups.items()}
        here = {name: places for name, places in here.items() if 0 < len(places) < len(ids)}
        for (name, places), chance in zip(here.items(), chance_of(values, list(here.values())), strict=True):
            own = sum(shares[ids[at]] for at in places)
            rest = sum(shares[case] for case in ids) - own
            share, others = own / len(places), rest / (len(ids) - len(places))
            compared.append(Outlier(name, case_list, len(places), share, others, chance))
    compared.sort(key=lambda one: (one.chance, one.case_list, one.group))
    kept = 0
    while kept < len(compared) and compared[kept].chance <= alpha / (len(compared) - kept):
        kept += 1
    return tuple(compared[:kept])
