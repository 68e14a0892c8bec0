"""Chapter 6.1: which cases are judged twice, which questions need better guidance, and who judges unlike the others."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.fieldwork.agreement import Pair

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Power:
    """Of a hundred inspections in which one inspector turns so many of every hundred 'no' into 'yes' (or the other way
    round), how many at least find that inspector, when so many cases are judged twice by so many inspectors."""

    cases: int
    inspectors: int
    turned: int
    found: int


@dataclass(frozen=True, slots=True)
class CalibrationRules:
    """When answers to the same cases are told of and when they are called unlike. The manual gives no figures.

    confidence: of intervals, in per cent. least_cases: judged twice, before anything is told. tolerated: of a hundred
    answers, so many may differ though the guidance is clear. false_alarms: in per cent, the chance that any question
    (any inspector) is named of all that are looked at, though none deserves it. shuffles: how often the cases are
    dealt out anew to see what chance does. power: measured by bench/calibration.py.
    """

    confidence: float = 95
    least_cases: int = 5
    tolerated: float = 15
    false_alarms: float = 5
    shuffles: int = 2000
    most_at_once: int = 60
    source: str = "ours"
    manual: str = "6.1b"
    power: tuple[Power, ...] = ()

    def __post_init__(self) -> None:
        for name in ("confidence", "tolerated", "false_alarms"):
            if not 0 < getattr(self, name) < 100:
                raise ValueError(f"calibration {name}: write more than 0 and less than 100, in per cent")
        if self.least_cases < 2 or self.shuffles < 100 or self.most_at_once < 1:
            raise ValueError("calibration: least_cases is 2 or more, shuffles 100 or more, most_at_once 1 or more")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be judged a second time: its inspector, its fieldwork week, and who may judge it besides."""

    case: str
    first: str
    week: str
    seconds: tuple[str, ...]


def choose(candidates: Sequence[Candidate], *, size: int, seed: bytes) -> tuple[tuple[str, str], ...]:
    """Return (case, second inspector) of at most `size` cases, spread evenly over inspectors and weeks.

    One after the other: a case of the inspector, then of the week, of whom the fewest are chosen; its second is who
    judges the fewest as a second, then who met this inspector least. What is alike is settled by a digest of the seed
    and the names, so that anybody can repeat it.

    Manual 6.1b
    """
    left = {one.case: one for one in candidates if one.seconds}
    firsts: Counter[str] = Counter()
    weeks: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    met: Counter[frozenset[str]] = Counter()
    chosen: list[tuple[str, str]] = []
    while left and len(chosen) < size:
        case = min(left.values(), key=lambda one: (firsts[one.first], weeks[one.week], _lot(seed, one.case)))
        second = min(
            case.seconds,
            key=lambda who: (seconds[who], met[frozenset((who, case.first))], _lot(seed, f"{case.case} {who}")),  # noqa: B023
        )
        del left[case.case]
        firsts[case.first] += 1
        weeks[case.week] += 1
        seconds[second] += 1
        met[frozenset((second, case.first))] += 1
        chosen.append((case.case, second))
    return tuple(chosen)


def _lot(seed: bytes, name: str) -> bytes:
    return hashlib.sha256(seed + b"\0" + name.encode()).digest()


@dataclass(frozen=True, slots=True)
class QuestionVerdict:
    """Whether the guidance of a question needs work: `differ` of `judged` pairs are unlike, and `from_` would be the
    fewest that chance alone hardly brings about where the guidance is clear. None where too few cases tell."""

    question: str
    differ: int
    judged: int
    from_: int | None
    chance: float | None
    flagged: bool


def guidance(pairs: Sequence[Pair], rules: CalibrationRules) -> tuple[QuestionVerdict, ...]:
    """Return for each question whether more of its answers differ than clear guidance explains, worst first.

    Exact binomial against the tolerated rate, one side; over all questions that are looked at, the chance of naming
    any wrongly is at most what the rules allow (Holm), whatever answers of a case have to do with one another.

    Manual 6.1b
    """
    counts: dict[str, list[int]] = {}
    for one in pairs:
        tally = counts.setdefault(one.question, [0, 0])
        if one.judged:
            tally[0] += one.differs
            tally[1] += 1
    looked_at = {name: tally for name, tally in counts.items() if tally[1] >= rules.least_cases}
    level, rate = rules.false_alarms / 100, rules.tolerated / 100
    chances = {name: at_least(differ, judged, rate) for name, (differ, judged) in looked_at.items()}
    flagged: set[str] = set()
    for place, name in enumerate(sorted(chances, key=lambda name: (chances[name], name))):
        if chances[name] > level / (len(chances) - place):
            break
        flagged.add(name)
    found = [
        QuestionVerdict(
            name, differ, judged, fewest(judged, rate, level / len(chances)) if name in chances else None,
            chances.get(name), name in flagged,
        )
        for name, (differ, judged) in counts.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.chance is None, one.chance or 0.0, one.question)))


def at_least(count: int, of: int, rate: float) -> float:
    """Return the chance of `count` or more of `of`, each with chance `rate`.

    Manual 6.1b
    """
    terms = (math.comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(count, of + 1))
    return min(1.0, math.fsum(terms))


def fewest(of: int, rate: float, level: float) -> int | None:
    """Return the fewest of `of` that chance brings about with at most `level`; None where even all would be too few.

    Manual 6.1b
    """
    return next((count for count in range(of + 1) if at_least(count, of, rate) <= level), None)


def power_of_question(rules: CalibrationRules, *, cases: int, questions: int, rate: float) -> float:
    """Return the chance (0 to 1, at the least) that a question is named of which `rate` (0 to 1) of the answers differ,
    when so many cases are judged twice and so many questions are looked at. Exact.

    Manual 6.1b
    """
    if cases < rules.least_cases:
        return 0.0
    count = fewest(cases, rules.tolerated / 100, rules.false_alarms / 100 / questions)
    return 0.0 if count is None else at_least(count, cases, rate)


@dataclass(frozen=True, slots=True)
class InspectorVerdict:
    """Whether an inspector judges unlike the others: `lenient` (says yes where the others say no), `strict`, `unlike`
    (more differences, either way), '' for no sign, or 'few' where too few cases tell. `chance` is how often chance
    alone makes anybody stand out as much."""

    inspector: str
    cases: int
    found: str
    chance: float | None


def inspectors(pairs: Sequence[Pair], rules: CalibrationRules) -> tuple[InspectorVerdict, ...]:
    """Return for each inspector whether they judge unlike all the others, those who stand out first.

    Each case judged twice gives two scores: by how much its first inspector leaned to yes against the second, and how
    many answers differ. Were all inspectors alike, it would not matter which of the cases of a list were whose: so the
    scores are dealt out anew among the cases of each list, many times, and whoever stands out more than the most
    outstanding of nearly every dealing is named. That holds the chance of any wrong name, over all inspectors and both
    signs, whatever answers of a case have to do with one another, and where all second judgements lean one way. Whoever
    is named is set aside with their cases, and the others are looked at again without them. The dealing is made from
    the answers themselves and always the same.

    Manual 6.1b
    """
    cases = _cases(pairs)
    seen = Counter(who for one in cases for who in (one.first, one.second))
    found: dict[str, InspectorVerdict] = {}
    while True:
        signs = _signs(cases, rules)
        for name, (_, chance) in signs.items():
            if name not in found or not found[name].found:
                found[name] = InspectorVerdict(name, seen[name], "", chance)
        named = [(chance, name) for name, (_, chance) in signs.items() if chance <= rules.false_alarms / 100]
        if not named:
            break
        chance, worst = min(named, key=lambda one: (one[0], -signs[one[1]][0].strength, one[1]))
        found[worst] = InspectorVerdict(worst, seen[worst], signs[worst][0].kind, chance)
        cases = [one for one in cases if worst not in (one.first, one.second)]
    for name, count in seen.items():
        found.setdefault(name, InspectorVerdict(name, count, "few", None))
    return tuple(sorted(found.values(), key=lambda one: (one.found in ("", "few"), one.found, one.inspector)))


@dataclass(frozen=True, slots=True)
class _Case:
    first: str
    second: str
    group: str
    leans: float
    differs: float


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    strength: float


def _cases(pairs: Sequence[Pair]) -> list[_Case]:
    rows: dict[str, list[Pair]] = {}
    for one in pairs:
        if one.judged:
            rows.setdefault(one.case, []).append(one)
    found = []
    for _, its in sorted(rows.items()):
        leans = sum((one.first == "yes") - (one.second == "yes") for one in its if one.told)
        differs = sum(one.differs for one in its)
        root = math.sqrt(len(its))
        found.append(_Case(its[0].first_by, its[0].second_by, its[0].group, leans / root, differs / root))
    return found


def _signs(cases: Sequence[_Case], rules: CalibrationRules) -> dict[str, tuple[_Sign, float]]:
    """For each inspector with enough cases the strongest sign, and the chance that anybody shows one as strong."""
    counted = Counter(who for one in cases for who in (one.first, one.second))
    names = sorted(who for who, count in counted.items() if count >= rules.least_cases)
    if len(names) < 2:
        return {}
    place = {name: at for at, name in enumerate(names)}
    whose = np.zeros((len(cases), len(names)))
    for row, one in enumerate(cases):
        if one.first in place:
            whose[row, place[one.first]] += 1
        if one.second in place:
            whose[row, place[one.second]] -= 1
    scores = np.array([[one.leans, one.differs] for one in cases])
    order = _dealings(cases, rules.shuffles)
    leans = _standardised(scores[:, 0][order] @ whose)
    unlike = _standardised(scores[:, 1][order] @ np.abs(whose))
    greatest = np.maximum(np.abs(leans[1:]).max(axis=1), unlike[1:].max(axis=1))
    found = {}
    for name, at in place.items():
        leaning, differing = float(leans[0, at]), float(unlike[0, at])
        strength = max(abs(leaning), differing)
        chance = (1 + int((greatest >= strength - 1e-9).sum())) / (1 + len(greatest))
        kind = "unlike" if differing > abs(leaning) else "lenient" if leaning > 0 else "strict"
        found[name] = (_Sign(kind, strength), chance)
    return found


def _standardised(sums: Numbers) -> Numbers:
    """Sums of each dealing (rows) and inspector (columns) as so many standard deviations of the dealings; 0 where they
    do not vary. The first row is what is, and counts neither for mean nor deviation."""
    spread = sums[1:].std(axis=0)
    from_mean: Numbers = sums - sums[1:].mean(axis=0)
    found: Numbers = np.divide(from_mean, spread, out=np.zeros_like(sums), where=spread > 1e-12)
    return found


def _dealings(cases: Sequence[_Case], shuffles: int) -> NDArray[np.int64]:
    """Orders of the cases: the first as they are, then so many in which the cases of each list are dealt anew."""
    told = repr([(one.first, one.second, one.group, one.leans, one.differs) for one in cases]).encode()
    dice = np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(told).digest(), "big")))
    order = np.tile(np.arange(len(cases)), (shuffles + 1, 1))
    for group in sorted({one.group for one in cases}):
        its = np.array([row for row, one in enumerate(cases) if one.group == group])
        lots = dice.random((shuffles, len(its)))
        order[1:, its] = its[np.argsort(lots, axis=1)]
    return order
