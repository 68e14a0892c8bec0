"""Chapter 7.2e: how other panels decided the same key question near the same percentage, or the same standard."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

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


def precedents(inspection: Inspection, cases: CaseSet, subject: str) -> list[Precedent]:
    """Locked decisions of other inspections of the same kind under the same pack, at most MOST, in one query.

    Key questions: those within as many percentage points as discretion reaches, the nearest first. Standards of domain
    one: the newest.
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
        return _of_standard(locked, subject)
    at = cases.rate(domain_one={}).key_question(subject).unrounded
    return [] if at is None else _near(locked, subject, at, cases.rules.discretion.points)


def _of_standard(locked: "QuerySet[Any]", subject: str) -> list[Precedent]:
    rows = locked.annotate(row=KT(f"result__standards__{subject}__rating")).filter(row__isnull=False)
    return [_precedent(one, one.was or one.row, one.row) for one in rows[:MOST]]


def _near(locked: "QuerySet[Any]", subject: str, at: Fraction, points: int) -> list[Precedent]:
    field = f"result__key_questions__{subject}"
    within = {f"{field}__unrounded__gte": float(at) - points, f"{field}__unrounded__lte": float(at) + points}
    found = []
    for one in locked.filter(**within).annotate(row=KT(field))[:MOST]:
        row = json.loads(one.row)
        percent, n = row["percent"], row["n"]
        precedent = _precedent(one, row["band"], row.get("panel") or row["band"], percent=percent, n=n)
        found.append((abs(row["unrounded"] - float(at)), precedent))
    return [precedent for _, precedent in sorted(found, key=lambda pair: pair[0])]


def _precedent(decision: Any, was: str, rating: str, *, percent: int | None = None, n: int | None = None) -> Precedent:
    inspection = decision.panel.inspection
    return Precedent(inspection.body.name, inspection.fieldwork, was, rating, decision.reason or "", percent, n)
