"""Chapter 2.1: results of several inspections put together, from locked decisions and from published editions."""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import FilteredRelation, Q

from inspectorate.audit import clock
from inspectorate.methodology.reporting import (
    Cell,
    Decided,
    Disclosure,
    Leak,
    Published,
    Together,
    consolidate,
    may_cover,
    new_leaks,
    next_edition,
    said,
    tally,
)
from inspectorate.methodology.standards import Rating
from inspectorate.programme import packs, years
from inspectorate.ratings.models import Decision
from inspectorate.reporting.models import Edition, GateSignature

PUBLICATION = "publication"
COLUMNS = (
    "opens_at",
    "result",
    "panel__inspection__public_id",
    "panel__inspection__kind",
    "panel__inspection__body__name",
    "its__done_at",
    "its__instant",
    "its__date",
)
Covers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OneDecided:
    """A decided inspection: its body's name, its counts and ratings, and from when on its report is public."""

    name: str
    decided: Decided
    public_from: datetime.datetime | None

    def public(self, now: datetime.datetime) -> bool:
        """Whether its report is published at `now`: everything else about it is embargoed."""
        return self.public_from is not None and self.public_from <= now


@dataclass(frozen=True)
class Prepared:
    """The edition that would come next: as published, with what the gate says and who waits for a later one."""

    year: int
    number: int
    published: Published
    covers: dict[str, dict[str, str]]
    ratings: dict[tuple[str, str], tuple[int, int, int, int]]
    before: Sequence[Published]
    found: tuple[Leak, ...]
    waiting: tuple[str, ...]

    @property
    def new(self) -> bool:
        """Whether it covers anything that the edition before does not."""
        earlier = self.before[-1].covers if self.before else {}
        return any(its - earlier.get(kind, frozenset()) for kind, its in self.published.covers.items())

    @cached_property
    def content(self) -> dict[str, object]:
        """What is kept of it, as plain values."""
        return {
            "year": self.year,
            "number": self.number,
            "covers": self.covers,
            "cells": [[*place, cell.yes, cell.n] for place, cell in sorted(self.published.cells.items())],
            "ratings": [[*place, list(counts)] for place, counts in sorted(self.ratings.items())],
            "base": self.published.base,
            "hide": self.published.hide,
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, as 64 hexadecimal digits: what is signed is what is published."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()

    def sentences(self) -> list[str]:
        """What the gate says against it."""
        names = {key: name for its in self.covers.values() for key, name in its.items()}
        return list(dict.fromkeys(said(leak, names) for leak in self.found))


def rules() -> Disclosure:
    """How national results are protected. Raises LookupError where the pack does not say."""
    found = packs.current().reporting.national
    if found is None:
        raise LookupError("The pack has no [national] in reporting.toml: add it before results are put together.")
    return found


def decided_in(year: int) -> list[OneDecided]:
    """Every decided inspection whose fieldwork began in the twelve months from April of `year`; one query."""
    first, last = years.first_day(year), years.first_day(year + 1)
    condition = Q(panel__inspection__events__event=PUBLICATION)
    rows = (
        Decision.objects.filter(panel__inspection__fieldwork__gte=first, panel__inspection__fieldwork__lt=last)
        .annotate(its=FilteredRelation("panel__inspection__events", condition=condition))
        .order_by("panel__inspection__fieldwork", "panel__inspection__body__name")
        .values_list(*COLUMNS)
    )
    return [_one(*row) for row in rows]


def _one(
    opens_at: datetime.datetime,
    result: dict[str, dict[str, dict[str, object]]],
    key: object,
    kind: str,
    name: str,
    done_at: datetime.datetime | None,
    instant: datetime.datetime | None,
    day: datetime.date | None,
) -> OneDecided:
    counts = {question: (_whole(row["yes"]), _whole(row["n"])) for question, row in result["key_questions"].items()}
    rated = {standard: row["rating"] for standard, row in result["standards"].items()}
    ratings = {standard: Rating.from_slug(str(slug)) for standard, slug in rated.items() if slug}
    public_from = None
    if done_at is not None and day is not None:
        # Recorded as published, and never before its day in the plan or before the body itself could read it.
        begins = instant or datetime.datetime.combine(day, datetime.time(), clock.LONDON)
        public_from = max(done_at, begins, opens_at)
    return OneDecided(name, Decided(str(key), kind, counts, ratings), public_from)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def prepare(year: int, *, everybody: bool = False) -> Prepared:
    """The next edition of a year over published inspections; with `everybody` over those as well that wait because too
    few are new. Two queries. Manual 2.1b."""
    control, now = rules(), clock.now()
    public = [one for one in decided_in(year) if one.public(now)]
    earlier = list(Edition.objects.filter(year=year).order_by("number"))
    before = [as_published(edition) for edition in earlier]
    there = _by_kind((one.decided.kind, one.decided.id) for one in public)
    last = before[-1].covers if before else {}
    enough = replace(control, least_bodies=1) if everybody else control
    covers = {kind: its for kind, its in may_cover(enough, last, there).items() if its}
    chosen = [one for one in public if one.decided.id in covers.get(one.decided.kind, ())]
    cells, ratings = tally(one.decided for one in chosen)
    published = next_edition(control, before, covers, cells)
    return Prepared(
        year=year,
        number=len(before) + 1,
        published=published,
        covers={kind: {one.decided.id: one.name for one in chosen if one.decided.kind == kind} for kind in covers},
        ratings=ratings,
        before=before,
        found=new_leaks(control, before, published),
        waiting=tuple(one.name for one in public if one not in chosen),
    )


def _by_kind(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, key in pairs:
        found.setdefault(kind, set()).add(key)
    return {kind: frozenset(its) for kind, its in found.items()}


def as_published(edition: Edition) -> Published:
    """An edition as the gate reads it."""
    cells = {(kind, question): Cell(yes, n) for kind, question, yes, n in edition.cells}
    covers = {kind: frozenset(its) for kind, its in edition.covers.items()}
    return Published(covers, cells, edition.base, edition.hide)


def together(edition: Edition, kinds: Collection[str]) -> Together:
    """The results that an edition tells, put together over these kinds. Manual 2.1b."""
    pack = packs.current()
    ratings = {(kind, standard): (r[0], r[1], r[2], r[3]) for kind, standard, r in edition.ratings}
    frameworks = [pack.framework(kind) for kind in pack.standards.kinds if kind in kinds]
    return consolidate(frameworks, pack.standards.aims, as_published(edition).cells, ratings)


def together_now(found: Iterable[OneDecided], kinds: Collection[str]) -> Together:
    """Exact results over decided inspections, embargoed ones included. Manual 2.1b."""
    pack = packs.current()
    cells, ratings = tally(one.decided for one in found)
    frameworks = [pack.framework(kind) for kind in pack.standards.kinds if kind in kinds]
    return consolidate(frameworks, pack.standards.aims, cells, ratings)


def signatures(digests: Collection[str]) -> list[GateSignature]:
    """Who signed for editions with these contents, in one query."""
    return list(GateSignature.objects.filter(digest__in=digests).select_related("by"))
