"""Chapter 6.1: how alike inspectors judge the same cases: percent, kappa, prevalence-adjusted kappa, alpha."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import krippendorff
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BOTH = ("yes", "no")
NOT_ASKED = "na"


@dataclass(frozen=True, slots=True)
class Pair:
    """One question of one case as two inspectors answered it: 'yes', 'no', 'na', or '' where nothing was answered.
    `group` is the case list, within which cases are alike."""

    case: str
    question: str
    week: str
    first_by: str
    second_by: str
    first: str
    second: str
    group: str = ""

    @property
    def told(self) -> bool:
        """Whether both answered yes or no."""
        return self.first in BOTH and self.second in BOTH

    @property
    def judged(self) -> bool:
        """Whether both answered and at least one found that the question applies."""
        return bool(self.first and self.second) and (self.first in BOTH or self.second in BOTH)

    @property
    def differs(self) -> bool:
        """Whether both answered, and not alike."""
        return bool(self.first and self.second) and self.first != self.second


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and between what it lies with the confidence that was asked for."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike pairs of answers are. `pairs` were answered yes or no by both, `same` alike; in `applies` only one
    found that the question applies, in `neither` neither did, and in `missing` an answer is lacking. The figures, of
    yes and no alone, are None where there are too few cases, kappa and alpha also where hardly an answer varies."""

    pairs: int
    cases: int
    same: int
    applies: int
    neither: int
    missing: int
    percent: Estimate | None
    kappa: Estimate | None
    pabak: Estimate | None
    alpha: Estimate | None

    @property
    def too_few(self) -> bool:
        """Whether there are too few cases to tell."""
        return self.percent is None

    @property
    def differ(self) -> int:
        """Pairs that differ in any way."""
        return self.pairs - self.same + self.applies

    @property
    def judged(self) -> int:
        """Pairs that could differ."""
        return self.pairs + self.applies


def agreement(pairs: Sequence[Pair], *, least_cases: int, confidence: float) -> Agreement:
    """Return how alike the answers of these pairs are, each figure with its interval.

    A 'not applicable' by both says nothing of how alike they judge and is left out; by one of them it is counted
    apart, as is an answer that is missing. Cases are the independent units: the interval of the percentage is
    Wilson's, with the number of answers brought down by how much answers within a case hang together; those of kappa
    and alpha leave out one case after the other (jackknife). Alpha is the library's, nominal.

    Manual 6.1b
    """
    told = [one for one in pairs if one.told]
    counts = _tables(told)
    missing = sum(1 for one in pairs if not (one.first and one.second))
    neither = sum(1 for one in pairs if one.first == one.second == NOT_ASKED)
    applies = sum(1 for one in pairs if one.judged and not one.told)
    same = sum(1 for one in told if one.first == one.second)
    known = len(counts) >= max(least_cases, 2)
    percent = _percent(counts, confidence) if known else None
    return Agreement(
        pairs=len(told),
        cases=len(counts),
        same=same,
        applies=applies,
        neither=neither,
        missing=missing,
        percent=percent,
        kappa=_jackknifed(counts, _kappas, confidence) if known else None,
        pabak=_doubled(percent) if percent else None,
        alpha=_with_library(told, _jackknifed(counts, _alphas, confidence)) if known else None,
    )


def _tables(told: Sequence[Pair]) -> Numbers:
    """One row for each case: how often yes/yes, yes/no, no/yes, no/no."""
    rows: dict[str, list[float]] = {}
    for one in told:
        row = rows.setdefault(one.case, [0.0, 0.0, 0.0, 0.0])
        row[2 * (one.first == "no") + (one.second == "no")] += 1
    return np.array(list(rows.values()), dtype=np.float64).reshape(-1, 4)


def _percent(counts: Numbers, confidence: float) -> Estimate:
    of, same = counts.sum(1), counts[:, 0] + counts[:, 3]
    n, share = float(of.sum()), float(same.sum() / of.sum())
    cases = len(counts)
    by_case = cases / (cases - 1) * float(((same - share * of) ** 2).sum()) / n**2
    alone = share * (1 - share) / n
    least = float(n / (of**2).sum() * n)
    told = n if alone == 0 else max(min(n, n * alone / by_case) if by_case > 0 else n, min(n, least))
    low, high = _wilson(share, told, _z(confidence))
    return Estimate(100 * share, 100 * low, 100 * high)


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    middle, room = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (middle - room) / (1 + z * z / n), (middle + room) / (1 + z * z / n)
    return min(share, max(0.0, low)), max(share, min(1.0, high))  # rounding may put an end on the share's other side


def _doubled(percent: Estimate) -> Estimate:
    """Kappa as it would be if yes and no were as frequent as each other: twice the agreement, less one (Byrt)."""
    return Estimate(*(2 * one / 100 - 1 for one in (percent.value, percent.low, percent.high)))


def _kappas(totals: Numbers) -> Numbers:
    """Cohen's kappa of each table; nan where chance alone would agree always."""
    n = totals.sum(1)
    seen = (totals[:, 0] + totals[:, 3]) / n
    yes = (totals[:, 0] + totals[:, 1]) * (totals[:, 0] + totals[:, 2])
    no = (totals[:, 3] + totals[:, 1]) * (totals[:, 3] + totals[:, 2])
    by_chance = (yes + no) / n**2
    return _ratio(seen - by_chance, 1 - by_chance)


def _alphas(totals: Numbers) -> Numbers:
    """Krippendorff's alpha of two judges and two values, for the interval; the figure itself is the library's."""
    yes = 2 * totals[:, 0] + totals[:, 1] + totals[:, 2]
    no = 2 * totals[:, 3] + totals[:, 1] + totals[:, 2]
    return 1 - _ratio((totals[:, 1] + totals[:, 2]) * (yes + no - 1), yes * no)


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(below) > 1e-12, above / below, np.nan)


def _jackknifed(counts: Numbers, figure: Callable[[Numbers], Numbers], confidence: float) -> Estimate | None:
    cases, whole = len(counts), counts.sum(0)
    value = float(figure(whole.reshape(1, 4))[0])
    without = figure(whole - counts)
    if math.isnan(value) or np.isnan(without).any():
        return None
    error = math.sqrt((cases - 1) / cases * float(((without - without.mean()) ** 2).sum()))
    room = _t(confidence, cases - 1) * error
    return Estimate(value, max(-1.0, value - room), min(1.0, value + room))


def _with_library(told: Sequence[Pair], estimate: Estimate | None) -> Estimate | None:
    if estimate is None:
        return None
    rows = [[one.first == "yes" for one in told], [one.second == "yes" for one in told]]
    value = krippendorff.alpha(np.array(rows, dtype=float), level_of_measurement="nominal", value_domain=[0.0, 1.0])
    return Estimate(float(value), min(estimate.low, float(value)), max(estimate.high, float(value)))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 200)


def _t(confidence: float, freedom: int) -> float:
    """Student's quantile by the expansion of Cornish and Fisher, which for 4 and more degrees is right to 2 %."""
    z = _z(confidence)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def grouped(pairs: Sequence[Pair], part: str) -> dict[str, list[Pair]]:
    """Return the pairs by 'question' or 'week', or by 'inspector', where each pair stands under both its judges.

    Manual 6.1b
    """
    found: dict[str, list[Pair]] = {}
    for one in pairs:
        keys = (one.first_by, one.second_by) if part == "inspector" else (str(getattr(one, part)),)
        for key in keys:
            found.setdefault(key, []).append(one)
    return found


def leaning(pairs: Sequence[Pair], inspector: str) -> tuple[int, int]:
    """Return how often an inspector said yes where the other said no, and the other way round.

    Manual 6.1b
    """
    seen: Counter[str] = Counter()
    for one in pairs:
        if one.told and one.differs:
            seen[one.first if one.first_by == inspector else one.second] += 1
    return seen["yes"], seen["no"]


def among(people: Mapping[str, Mapping[str, str]], *, least: int, confidence: float) -> Estimate | None:
    """Return how alike people answered the same questions: the percentage, over all pairs of people and all questions,
    of answers that are alike, with its interval (jackknife, leaving out one person after the other). `people` maps each
    to their answers; None for fewer than `least` people, or where nothing was answered by two.

    Manual 3.9e, 6.1b
    """
    if len(people) < max(least, 3):
        return None
    names = sorted(people)
    shares = [_alike([people[name] for name in names if name != without]) for without in ("", *names)]
    known = [one for one in shares if one is not None]
    if len(known) < len(shares):
        return None
    value, others = known[0], np.array(known[1:])
    error = math.sqrt((len(names) - 1) / len(names) * float(((others - others.mean()) ** 2).sum()))
    room = _t(confidence, len(names) - 1) * error
    return Estimate(100 * value, 100 * max(0.0, value - room), 100 * min(1.0, value + room))


def _alike(people: Sequence[Mapping[str, str]]) -> float | None:
    """Of all pairs of people, the share of answers that are alike; a question that neither finds to apply says
    nothing. By counts of each answer, not pair by pair."""
    alike, pairs = 0, 0
    for question in sorted({name for one in people for name in one}):
        given = Counter(one.get(question, "") for one in people)
        of = sum(given[value] for value in (*BOTH, NOT_ASKED))
        alike += sum(math.comb(given[value], 2) for value in BOTH)
        pairs += math.comb(of, 2) - math.comb(given[NOT_ASKED], 2)
    return alike / pairs if pairs else None
