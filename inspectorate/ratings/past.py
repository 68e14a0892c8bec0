"""Chapter 7.2: inspections whose decision is locked, as far as a person may know of them, with their cases in words.

What is locked never changes, so a process reads each decision once, and its cases once from the verified data as
signed. Nothing of it is kept elsewhere.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from inspectorate.accounts.models import User
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import CaseJudgements, Words, in_words
from inspectorate.methodology.standards import Rating
from inspectorate.programme import access
from inspectorate.programme.models import PlannedEvent
from inspectorate.ratings.consolidation import digest_of
from inspectorate.ratings.models import Decision, VerifiedData

PUBLICATION = "publication"
# How long one page reads the cases of past inspections before it says how far it is, and how many it reads together.
SECONDS = 0.4
AT_ONCE = 20
ROW = ("public_id", "panel__inspection", "panel__inspection__public_id", "panel__inspection__body__name",
       "panel__inspection__kind", "panel__inspection__pack__pack", "panel__inspection__fieldwork")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Locked:
    """What a locked decision says: (yes, n) and the computed band of each key question, those that the panel changed
    as (was, became), those within its window; ratings of standards, which of them it changed; total and overall."""

    counts: Mapping[str, tuple[int, int]]
    bands: Mapping[str, Rating | None]
    changes: Mapping[str, tuple[Rating, Rating]]
    window: frozenset[str]
    standards: Mapping[str, Rating]
    changed_standards: Mapping[str, tuple[Rating, Rating]]
    total: int
    overall: Rating
    digest: str


@dataclass(frozen=True, slots=True)
class Past:
    """One past inspection."""

    decision: UUID
    pk: int
    public_id: UUID
    body: str
    kind: str
    pack: str
    fieldwork: date
    locked: Locked

    @property
    def name(self) -> str:
        """Body and month of fieldwork."""
        return f"{self.body}, {self.fieldwork:%B %Y}"


# By the decision's own id, which is never given twice; a decision that is gone is not asked for again.
_locked: dict[UUID, Locked] = {}
_words: dict[UUID, Words | None] = {}


def reads_all(user: User) -> bool:
    """Whether an office lets a person read every locked decision. Manual 7.2g."""
    return access.may(user, "decision.read") and access.is_inspectorate(user, None)


def readable(user: User, now: datetime) -> QuerySet[Decision]:
    """Decisions that a person may know of: all where an office lets them read decisions, else those of their own
    inspections, and those whose report is published. Manual 7.2e, 7.4a."""
    if reads_all(user):
        return Decision.objects.all()
    own = [
        held.inspection_id
        for held in access.memberships(user)
        if held.inspection
        and access.may(user, "decision.read", held.inspection)
        and access.is_inspectorate(user, held.inspection)
    ]
    published = PlannedEvent.objects.filter(
        inspection=OuterRef("panel__inspection"), event=PUBLICATION, done_at__lte=now
    )
    return Decision.objects.filter(Q(panel__inspection__in=own) | Q(Exists(published)))


def inspections(user: User, now: datetime) -> list[Past]:
    """Past inspections of which a person may know, oldest first; at most two queries."""
    rows: list[Any] = list(
        readable(user, now).order_by("panel__inspection__fieldwork", "panel__inspection__body__name").values_list(*ROW)
    )
    fresh = [row[0] for row in rows if row[0] not in _locked]
    if fresh:
        found = Decision.objects.filter(public_id__in=fresh).values_list("public_id", "result", "total", "overall")
        _locked.update((public_id, _read(*rest)) for public_id, *rest in found)
    return [Past(*(*row, _locked[row[0]])) for row in rows if row[0] in _locked]


def _read(result: Mapping[str, Any], total: int, overall: str) -> Locked:
    rows: Mapping[str, Any] = result["key_questions"]
    standing = [one for one in result["decisions"] if one["stands"] and one["subject"] in result["standards"]]
    return Locked(
        counts={key: (row["yes"], row["n"]) for key, row in rows.items()},
        bands={key: _rating(row["band"]) for key, row in rows.items()},
        changes={
            key: (Rating.from_slug(row["band"]), Rating.from_slug(row["panel"]))
            for key, row in rows.items()
            if "panel" in row
        },
        window=frozenset(key for key, row in rows.items() if row["within_window"]),
        standards={key: Rating.from_slug(row["rating"]) for key, row in result["standards"].items()},
        changed_standards={
            one["subject"]: (Rating.from_slug(one["was"]), Rating.from_slug(one["decided"]))
            for one in standing
            if one["was"] != one["decided"]
        },
        total=total,
        overall=Rating.from_slug(overall),
        digest=result["digest"],
    )


def _rating(slug: str | None) -> Rating | None:
    return Rating.from_slug(slug) if slug else None


def words(found: Sequence[Past]) -> list[Words | None]:
    """The cases of past inspections in words, in their order, once `read` has them all; None where no version of the
    verified data is the one on which the panel decided."""
    return [_words[one.decision] for one in found]


def read(pack: Pack, found: Sequence[Past]) -> int:
    """Puts the cases of past inspections into words, for so long as one page may take; how many are left for the next.
    One query for each AT_ONCE."""
    until = time.monotonic() + SECONDS
    waiting = [one for one in found if one.decision not in _words]
    while waiting:
        _read_words(pack, waiting[:AT_ONCE])
        waiting = waiting[AT_ONCE:]
        if time.monotonic() > until:
            break
    return len(waiting)


def _read_words(pack: Pack, found: Sequence[Past]) -> None:
    by_key = {one.pk: one for one in found}
    read: dict[UUID, Words | None] = {one.decision: None for one in found}
    for inspection, judged in signed(by_key):
        one = by_key[inspection]
        if read[one.decision] is None and digest_of(judged) == one.locked.digest:
            read[one.decision] = in_words(pack.framework(one.kind), judged)
    _words.update(read)


def signed(inspections: Collection[int]) -> Iterator[tuple[int, list[CaseJudgements]]]:
    """The judged cases of every version of the verified data of inspections, by their keys, the newest first. One
    query of one row a version, where the answers themselves would be a row for each of a hundred cases."""
    rows = VerifiedData.objects.filter(inspection__in=list(inspections)).order_by("-pk")
    for inspection, content in rows.values_list("inspection", "content"):
        judged = [
            CaseJudgements(one["case"], one["list"], one["facts"], one["answers"])
            for one in content
            if one["submitted"]
        ]
        yield inspection, judged


def of_kind(found: Sequence[Past], pack: str, kind: str) -> list[Past]:
    """Those of one kind of body under one pack."""
    return [one for one in found if (one.pack, one.kind) == (pack, kind)]
