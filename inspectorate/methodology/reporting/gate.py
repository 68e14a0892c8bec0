"""Chapter 2.1 of the manual, the gate before results over several bodies are published: it attacks all of them.

It knows what a reader knows: every edition ever published, how numbers were rounded and hidden, and which bodies each
covers. It refuses an edition with which any count comes out, or comes too near to coming out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from inspectorate.methodology.reporting.bounds import Bounds, Told, bounds
from inspectorate.methodology.reporting.disclosure import Cell, Disclosure, Place, protect, span

What = Literal["recovered", "narrow", "all-or-none", "few-bodies", "contradiction", "taken-back"]
ANSWERS = (("yes",), ("no",), ("yes", "no"))
SAID: Mapping[What, str] = {
    "recovered": "can be worked out exactly",
    "narrow": "can be worked out too closely",
    "all-or-none": "is seen to be all or none",
    "few-bodies": "covers too few bodies",
    "contradiction": "does not agree with what was published before",
    "taken-back": "leaves out a body that an earlier edition covers",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One edition as a reader has it: which inspections of each kind it covers, its cells and their rounding.

    `besides` is anything else that was published with it, over counts named by `unknown`.
    """

    covers: Mapping[str, frozenset[str]]
    cells: Mapping[Place, Cell]
    base: int
    hide: int
    besides: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """What a reader could find out: of which key question of which kind, about which inspections, and how closely."""

    what: What
    kind: str
    question: str
    group: str
    inspections: frozenset[str]
    low: int = 0
    high: int = 0


def unknown(kind: str, question: str, inspection: str, answer: str) -> str:
    """The name of one count: judgements `answer` ('yes' or 'no') on a key question in an inspection.

    Manual 2.1b
    """
    return f"{kind} {question} {inspection} {answer}"


def new_leaks(rules: Disclosure, before: Sequence[Published], edition: Published) -> tuple[Leak, ...]:
    """What comes out with an edition that did not come out before; empty when it may be published.

    Manual 2.1b
    """
    found = leaks(rules, [*before, edition])
    known = frozenset(leaks(rules, before) if found else ())
    return tuple(leak for leak in found if leak not in known)


def leaks(rules: Disclosure, editions: Sequence[Published]) -> tuple[Leak, ...]:
    """Everything that comes out of these editions together, oldest first.

    Tried are the counts yes, no and n of every body, of every edition and of what each added to the one before.

    Manual 2.1b
    """
    found = list(_coverage(rules, editions))
    places = sorted({place for edition in editions for place in edition.cells})
    for place in places:
        found += _leaks_at(rules, place, editions)
    return tuple(dict.fromkeys(found))


def next_edition(
    rules: Disclosure,
    before: Sequence[Published],
    covers: Mapping[str, frozenset[str]],
    cells: Mapping[Place, Cell],
    besides: tuple[Told, ...] = (),
) -> Published:
    """The edition after those `before`, from counts as they are: rounded, hidden, and hidden further by the attack.

    Where a cell comes out together with the earlier editions its yes is hidden too, and where that is not enough the
    cell is left out, which tells nothing.

    Manual 2.1b
    """
    found = Published(covers, {}, rules.base, rules.hide, besides)
    kept: dict[Place, Cell] = {}
    for place, cell in protect(rules, cells).items():
        for tried in dict.fromkeys((cell, Cell(None, cell.n))):
            now = _leaks_at(rules, place, [*before, replace(found, cells={place: tried})])
            if not now or frozenset(now) <= frozenset(_leaks_at(rules, place, before)):
                kept[place] = tried
                break
    return replace(found, cells=kept)


def may_cover(
    rules: Disclosure, before: Mapping[str, frozenset[str]], there: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """What the next edition covers, by kind: what the one `before` does, and what is `there` where enough is new.

    Manual 2.1b
    """
    found = {}
    for kind in sorted({*before, *there}):
        old = before.get(kind, frozenset())
        new = there.get(kind, frozenset()) - old
        found[kind] = old | new if len(new) >= rules.least_bodies else old
    return found


def _coverage(rules: Disclosure, editions: Sequence[Published]) -> Iterator[Leak]:
    """Editions, and additions of one edition to the one before, of too few bodies."""
    for kind in sorted({kind for edition in editions for kind in edition.covers}):
        sets = [edition.covers.get(kind, frozenset()) for edition in editions]
        for before, now in pairwise([frozenset[str](), *sets]):
            if before - now:
                yield Leak("taken-back", kind, "", "bodies", before - now)
            if 0 < len(now - before) < rules.least_bodies:
                yield Leak("few-bodies", kind, "", "bodies", now - before, len(now - before), len(now - before))


def _leaks_at(rules: Disclosure, place: Place, editions: Sequence[Published]) -> list[Leak]:
    """Leaks of one key question of one kind. Where yes is hidden it is tried as if the reader guessed which of yes and
    no is the small one; a guess that cannot be is passed over."""
    sets = [edition.covers.get(place[0], frozenset[str]()) for edition in editions]
    groups = _groups(sets)
    wanted = [frozenset(_names(place, group, *answers)) for group in groups for answers in ANSWERS]
    hidden = any(not edition.cells[place].shown for edition in editions if place in edition.cells)
    found: list[Leak] = []
    fits = False
    for small in ("no", "yes") if hidden else ("no",):
        known = bounds([line for edition in editions for line in _told(place, edition, small)], wanted)
        fits = fits or known is not None
        for number, group in enumerate(groups if known is not None else ()):
            found += _leaks_of(rules, place, group, (known or [])[len(ANSWERS) * number :])
    return found if fits else [Leak("contradiction", *place, "", frozenset().union(*sets))]


def _groups(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The inspections of each edition, those that each added, and one of each addition (they are alike)."""
    groups: list[frozenset[str]] = []
    for before, now in pairwise([frozenset[str](), *sets]):
        added = now - before
        groups += [now, added, before - now, frozenset(sorted(added)[:1])]
    return list(dict.fromkeys(group for group in groups if group))


def _names(place: Place, inspections: Iterable[str], *answers: str) -> list[str]:
    return [unknown(*place, one, answer) for one in sorted(inspections) for answer in answers]


def _told(place: Place, edition: Published, small: str) -> Iterator[Told]:
    """What one edition tells of a key question, as lines over unknown counts."""
    yield from edition.besides
    cell, its = edition.cells.get(place), edition.covers.get(place[0], frozenset())
    if cell is None:
        return
    yes, whole = dict.fromkeys(_names(place, its, "yes"), 1), dict.fromkeys(_names(place, its, "yes", "no"), 1)
    if cell.n is None:
        yield Told(whole, 0, span(edition.hide, edition.base)[1])
        return
    low, high = span(cell.n, edition.base)
    yield Told(whole, low, high)
    if cell.yes is not None:
        yield Told(yes, *span(cell.yes, edition.base))
    elif small == "yes":
        yield Told(yes, 0, span(edition.hide, edition.base)[1])
    else:
        most = high - span(cell.n - edition.hide, edition.base)[0]
        yield Told(dict.fromkeys(_names(place, its, "no"), 1), 0, most)


def _leaks_of(rules: Disclosure, place: Place, group: frozenset[str], known: Sequence[Bounds]) -> list[Leak]:
    """Leaks about one set of inspections: of yes, of no and of both."""
    return [
        Leak(_what(its, known[-1 + len(ANSWERS)]), *place, " and ".join(answers), group, its.low, its.high)
        for answers, its in zip(ANSWERS, known, strict=False)
        if its.width < rules.least_width
    ]


def _what(its: Bounds, whole: Bounds) -> What:
    if its.high == 0 and whole.low > 0:
        return "all-or-none"
    return "narrow" if its.width > 1 else "recovered"


def said(leak: Leak, names: Mapping[str, str]) -> str:
    """A leak as a sentence; `names` gives the inspections' names.

    Manual 2.1b
    """
    bodies = ", ".join(sorted(names.get(one, one) for one in leak.inspections))
    about = f"{leak.kind}, key question {leak.question}, {leak.group}" if leak.question else f"{leak.kind}"
    between = f" (from {leak.low} to {leak.high})" if leak.what in ("narrow", "recovered") else ""
    return f"{about}: what is published of {bodies} {SAID[leak.what]}{between}."
