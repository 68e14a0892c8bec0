"""Chapter 7.2e: how other panels decided the same key question near the same percentage, or the same standard."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from inspectorate.methodology.ratings import Place, place
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import CaseSet
from inspectorate.ratings.models import Decision, PanelDecision

MOST = 20


@dataclass(frozen=True, slots=True)
class Precedent:
    """What another panel decided: `was` computed or proposed, `rating` as decided, with the reason where one was given.

    `percent` and `n` belong to key questions only.
    """

    body: str
    fieldwork: date
    was: str
    rating: str
    reason: str
    percent: int | None = None
    n: int | None = None

    @property
    def changed(self) -> bool:
        """Whether that panel left what was computed or proposed."""
        return self.was != self.rating


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Precedents, and for a key question where this inspection stands among all the `others` that are decided."""

    precedents: list[Precedent]
    place: Place | None = None
    others: int = 0


def elsewhere(inspection: Inspection, cases: CaseSet, subject: str) -> Elsewhere:
    """Locked decisions of other inspections of the same kind under the same pack, at most MOST, in one query.

    Key questions: those within as many percentage points as discretion reaches, the nearest first. Standards of domain
    one: the newest. Manual 7.2e.
    """
    locked: QuerySet[Any] = (
        Decision.objects.exclude(panel__inspection=inspection)
        .filter(panel__inspection__kind=inspection.kind, panel__inspection__pack__pack=inspection.pack.pack)
        .select_related("panel__inspection__body")
        .defer("result", "summary")
        .order_by("-at")
    )
    newest = PanelDecision.objects.filter(panel=OuterRef("panel"), subject=subject).order_by("-pk")
    locked = locked.annotate(was=Subquery(newest.values("was")[:1]), reason=Subquery(newest.values("reason")[:1]))
    if not cases.framework.has_key_question(subject):
        return Elsewhere(_of_standard(locked, subject))
    rows = [
        (one, json.loads(one.row)) for one in locked.annotate(row=KT(f"result__key_questions__{subject}")) if one.row
    ]
    own, counted = cases.counts[subject], [(row["yes"], row["n"]) for _, row in rows if row["n"]]
    return Elsewhere(
        _near(rows, Fraction(100 * own.yes, own.n), cases.rules.discretion.points) if own.n else [],
        place(cases.rules.consistency, (own.yes, own.n), counted),
        len(counted),
    )


def _of_standard(locked: "QuerySet[Any]", subject: str) -> list[Precedent]:
    rows = locked.annotate(row=KT(f"result__standards__{subject}__rating")).filter(row__isnull=False)
    return [_precedent(one, one.was or one.row, one.row) for one in rows[:MOST]]


def _near(rows: list[tuple[Any, Any]], at: Fraction, points: int) -> list[Precedent]:
    found = []
    for one, row in rows:
        if row["n"] and (apart := abs(Fraction(100 * row["yes"], row["n"]) - at)) <= points:
            percent, rating = row["percent"], row.get("panel") or row["band"]
            found.append((apart, _precedent(one, row["band"], rating, percent=percent, n=row["n"])))
    return [precedent for _, precedent in sorted(found, key=lambda pair: pair[0])[:MOST]]


def _precedent(decision: Any, was: str, rating: str, *, percent: int | None = None, n: int | None = None) -> Precedent:
    inspection = decision.panel.inspection
    return Precedent(inspection.body.name, inspection.fieldwork, was, rating, decision.reason or "", percent, n)
