"""Made releases: editions of results over several bodies as the service publishes them, and with a leak planted."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from inspectorate.methodology.reporting import (
    Cell,
    Decided,
    Disclosure,
    Published,
    Told,
    next_edition,
    percentage,
    protect,
    tally,
)
from inspectorate.methodology.reporting import unknown as name_of

KIND = "CRC"
Answers = tuple[str, ...]
BOTH: Answers = ("yes", "no")
NO: Answers = ("no",)
YES: Answers = ("yes",)


@dataclass(frozen=True, slots=True)
class Release:
    """Inspections as decided, which of them each edition covers (by number), and the editions as published."""

    decided: tuple[Decided, ...]
    sets: tuple[tuple[int, ...], ...]
    rules: Disclosure

    def editions(self, *, further: bool = True) -> list[Published]:
        """The editions as the service publishes them, or without what the attack has hidden `further`."""
        found: list[Published] = []
        for numbers in self.sets:
            its = [self.decided[at] for at in numbers]
            covers = {kind: frozenset(one.id for one in its if one.kind == kind) for kind in {one.kind for one in its}}
            cells = tally(its)[0]
            plain_one = Published(covers, protect(self.rules, cells), self.rules.base, self.rules.hide)
            found.append(next_edition(self.rules, found, covers, cells) if further else plain_one)
        return found

    def names(self, question: str, at: Iterable[int], answers: Answers) -> list[str]:
        chosen = [self.decided[one] for one in at]
        return [name_of(one.kind, question, one.id, answer) for one in chosen for answer in answers]

    def sum(self, question: str, at: Iterable[int], answers: Answers) -> int:
        found = 0
        for one in at:
            yes, n = self.decided[one].counts[question]
            found += yes * ("yes" in answers) + (n - yes) * ("no" in answers)
        return found

    def exactly(self, question: str, at: Iterable[int], answers: Answers) -> Told:
        """A table that tells this sum as it is."""
        its = list(at)
        value = self.sum(question, its, answers)
        return Told(dict.fromkeys(self.names(question, its, answers), 1), value, value)


def random_release(rules: Disclosure, seed: int) -> Release:
    """Two kinds, six key questions with small and large sub-samples, one to five editions of three bodies or more."""
    dice = random.Random(seed)
    questions = {f"2.1.{n}": (dice.choice((3, 12, 30, 60)), dice.uniform(0.3, 1.0)) for n in range(1, 7)}
    decided: list[Decided] = []
    sets: list[tuple[int, ...]] = []
    for _ in range(dice.randint(1, 5)):
        for kind in ("CRC", "NPS"):
            for _ in range(dice.choice((0, 3, 3, 4, 6)) if sets else dice.randint(3, 6)):
                counts = {}
                for question, (size, share) in questions.items():
                    n = dice.randint(0, 2 * size)
                    counts[question] = (sum(dice.random() < share for _ in range(n)), n)
                decided.append(Decided(f"{kind} {len(decided)}", kind, counts, {}))
        sets.append(tuple(range(len(decided))))
    return Release(tuple(decided), tuple(sets), rules)


def plain(rules: Disclosure, counts: Mapping[str, list[tuple[int, int]]], sets: Iterable[int]) -> Release:
    """One kind; `counts` gives (yes, n) of each body by key question, `sets` how many bodies each edition covers."""
    size = len(next(iter(counts.values())))
    decided = tuple(
        Decided(f"body {at}", KIND, {question: rows[at] for question, rows in counts.items()}, {}) for at in range(size)
    )
    return Release(decided, tuple(tuple(range(upto)) for upto in sets), rules)


# (yes, n) of seven bodies: a question answered by many, one where nearly all are yes, and one that few are asked.
MANY = [(42, 59), (30, 41), (25, 44), (38, 60), (12, 30), (28, 39), (33, 45)]
NEARLY = [(58, 59), (41, 41), (43, 44), (60, 60), (30, 30), (39, 39), (45, 45)]
FEW = [(2, 3), (1, 4), (2, 2), (3, 5), (0, 3), (1, 3), (2, 4)]
COUNTS = {"many": MANY, "nearly": NEARLY, "few": FEW}


def _besides(release: Release, *told: Told) -> list[Published]:
    editions = release.editions()
    return [*editions[:-1], replace(editions[-1], besides=told)]


def _cell(release: Release, question: str, cell: Cell, *, base: int = 0) -> list[Published]:
    editions = release.editions()
    last = editions[-1]
    cells = {**last.cells, (KIND, question): cell}
    return [*editions[:-1], replace(last, cells=cells, base=base or last.base)]


def _subset(release: Release, sets: Iterable[Iterable[int]]) -> list[Published]:
    other = Release(release.decided, tuple(tuple(one) for one in sets), release.rules)
    return other.editions()


EVERY, FIRST, ADDED = range(7), range(4), range(4, 7)
Planted = dict[str, Callable[[], list[Published]]]


def planted(rules: Disclosure) -> Planted:
    """Twenty ways in which counts come out, by what was done."""
    one, two = plain(rules, COUNTS, (7,)), plain(rules, COUNTS, (4, 7))
    return _by_numbers(one) | _by_tables(one, two) | _by_editions(one, two) | _by_knowing_more(rules, one)


def _by_numbers(one: Release) -> Planted:
    """Numbers that are not rounded, or told to too many figures."""
    yes, n = (one.sum("many", EVERY, answers) for answers in (YES, BOTH))
    few, of_few = (one.sum("few", EVERY, answers) for answers in (YES, BOTH))
    these, others = (one.names("few", EVERY, answers) for answers in (YES, NO))
    share = percentage(these, others, (200 * few + of_few) // (2 * of_few))
    tenths = _tenth(one, "nearly", EVERY)
    return {
        "counts not rounded": lambda: _cell(one, "many", Cell(yes, n), base=1),
        "a total as it is": lambda: _besides(one, one.exactly("many", EVERY, BOTH)),
        "the yes as they are": lambda: _besides(one, one.exactly("many", EVERY, YES)),
        "a percentage of a small base": lambda: _besides(one, *share, one.exactly("few", EVERY, BOTH)),
        "a share to a tenth of a per cent": lambda: _besides(one, *tenths, one.exactly("nearly", EVERY, BOTH)),
    }


def _by_tables(one: Release, two: Release) -> Planted:
    """Margins and sums from which what is hidden is subtracted."""
    yes = one.sum("few", EVERY, YES) + one.sum("many", EVERY, YES)
    over_both = Told(dict.fromkeys(one.names("few", EVERY, YES) + one.names("many", EVERY, YES), 1), yes, yes)
    margins = (one.exactly("few", EVERY, BOTH), one.exactly("few", EVERY, NO))
    parts = (two.exactly("nearly", EVERY, NO), two.exactly("nearly", FIRST, NO))
    return {
        "hidden, but its margins are there": lambda: _besides(one, *margins),
        "a sum over key questions": lambda: _besides(one, over_both, one.exactly("many", EVERY, YES)),
        "all but one part of a sum": lambda: _besides(two, *parts),
        "all of a small group": lambda: _besides(two, two.exactly("nearly", ADDED, NO)),
        "what is new as it is": lambda: _besides(two, two.exactly("few", ADDED, NO)),
    }


def _by_editions(one: Release, two: Release) -> Planted:
    """Editions that tell more beside one another than each by itself."""
    first = one.editions()
    otherwise = replace(first[0], base=3, cells={(KIND, "many"): Cell(207, 318)})
    return {
        "one body more": lambda: _subset(two, (range(6), range(7))),
        "two bodies more": lambda: _subset(two, (range(5), range(7))),
        "two bodies at first": lambda: _subset(two, (range(2), range(7))),
        "a body taken back": lambda: _subset(two, (range(7), range(6))),
        "the same bodies rounded otherwise": lambda: [*first, otherwise],
        "the same bodies as they are": lambda: [*first, *_cell(one, "nearly", Cell(316, 318), base=1)],
        "numbers that do not agree": lambda: [*first, *_cell(one, "many", Cell(100, 320))],
    }


def _by_knowing_more(rules: Disclosure, one: Release) -> Planted:
    """Rules of hiding that say something themselves, and what is known from elsewhere."""
    residue = plain(rules, {"many": [(14, 20), (14, 20), (14, 19)]}, (3,))
    edge = plain(rules, {"many": [(10, 14), (10, 13), (10, 15)]}, (3,))
    none = plain(rules, {"many": [(0, 15), *MANY[1:]]}, (7,))

    def told(release: Release, answers: Answers, low: int, high: int) -> Told:
        return Told(dict.fromkeys(release.names("many", range(3), answers), 1), low, high)

    apart = (told(residue, NO, 13, 17), told(residue, BOTH, 59, 59))
    by_size = (told(edge, NO, 10, 1000), told(edge, BOTH, 38, 42), told(edge, YES, 30, 32))
    others = [none.exactly("many", [at], answers) for at in range(1, 7) for answers in (YES, NO)]
    return {
        "a total rounded for itself": lambda: _besides(residue, *apart),
        "hidden by its true size": lambda: _besides(edge, *by_size),
        "the reports of all others": lambda: _besides(none, *others),
    }


def _tenth(release: Release, question: str, at: range) -> list[Told]:
    yes, n = release.sum(question, at, YES), release.sum(question, at, BOTH)
    tenths = (2000 * yes + n) // (2 * n)
    these, others = release.names(question, at, YES), release.names(question, at, NO)
    below = dict.fromkeys(these, 2000 - (2 * tenths - 1)) | dict.fromkeys(others, -(2 * tenths - 1))
    above = dict.fromkeys(these, 2 * tenths + 1 - 2000) | dict.fromkeys(others, 2 * tenths + 1)
    return [Told(below, 0, 10**12), Told(above, 1, 10**12)]
