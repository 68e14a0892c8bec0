"""Decided inspections in miniature, without the cases and the panel that led to them, for results put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.programme import packs
from inspectorate.programme.models import InspectedBody, Inspection, Membership, PlannedEvent
from inspectorate.ratings.models import Decision, Panel

RATED = "good"


@dataclass
class Made:
    """Makes decided inspections; `by` is somebody who did it all."""

    by: User
    count: int = 0

    def decided(
        self,
        kind: str = "CRC",
        *,
        counts: Mapping[str, tuple[int, int]] | None = None,
        rating: str = RATED,
        published: date | None = None,
        fieldwork: date = date(2019, 6, 3),
    ) -> Inspection:
        """An inspection whose panel decided; with `published` its report is recorded as published at noon that day."""
        self.count += 1
        body = InspectedBody.objects.create(name=f"Body {self.count}", kind=kind, cluster="Aa")
        pack = packs.current()
        inspection = Inspection.objects.create(
            body=body, kind=kind, nation="england", fieldwork=fieldwork, pack=packs.version_of(pack),
            made_by=self.by, made_at=clock.now(), announced_at=clock.now(),
        )  # fmt: skip
        panel = Panel.objects.create(inspection=inspection, opened_by=self.by, opened_at=clock.now())
        opens = datetime.combine(fieldwork + timedelta(weeks=4), datetime.min.time(), clock.LONDON)
        Decision.objects.create(
            panel=panel, result=result(kind, counts or {}, rating), total=20, maximum=30, overall=rating,
            summary="A summary", opens_at=opens.replace(hour=9), by=self.by, at=opens - timedelta(days=4),
        )  # fmt: skip
        planned = published or fieldwork + timedelta(weeks=15)
        done = datetime.combine(published, datetime.min.time(), clock.LONDON).replace(hour=12) if published else None
        PlannedEvent.objects.create(
            inspection=inspection, event="publication", date=planned, original_date=planned, done_at=done
        )
        return inspection

    def several(self, count: int, kind: str = "CRC", **options: Any) -> list[Inspection]:
        return [self.decided(kind, **options) for _ in range(count)]


def result(kind: str, counts: Mapping[str, tuple[int, int]], rating: str) -> dict[str, Any]:
    """A decision's result as it is kept: 30 of 50 yes on every key question of cases, unless `counts` says other."""
    framework = packs.current().framework(kind)
    asked = [q.id for s in framework.standards if s.source == "cases" for q in s.key_questions]
    return {
        "key_questions": {
            question: dict(zip(("yes", "n"), counts.get(question, (30, 50)), strict=True)) for question in asked
        },
        "standards": {s.id: {"rating": rating, "score": 2} for s in framework.standards if s.rated},
    }


def office(user: User, role: str) -> User:
    """Gives somebody a national office."""
    Membership.objects.create(user=user, role=role, side=packs.current().roles.role(role).side)
    return user
