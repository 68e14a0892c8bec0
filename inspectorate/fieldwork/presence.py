"""Chapter 6.1b: who else has a case open, told to each page with the answers to what it sends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.fieldwork import seconds
from inspectorate.fieldwork.models import Presence, SecondJudgement
from inspectorate.sampling.models import SampledCase

# A page that sends nothing is not asked: so long after its last word it still counts as open.
COUNTS = timedelta(minutes=30)
RENEWED_AFTER = timedelta(seconds=30)


def note(*, case: SampledCase, user: User, device: UUID, here: bool) -> None:
    """Keeps that this page is open, or that it was left."""
    mine = Presence.objects.filter(case=case, user=user, device=device)
    if not here:
        mine.delete()
        return
    now = clock.now()
    one, made = Presence.objects.get_or_create(case=case, user=user, device=device, defaults={"seen_at": now})
    if not made and not timedelta() <= now - one.seen_at < RENEWED_AFTER:
        one.seen_at = now
        one.save(update_fields=["seen_at"])


def others(*, case: SampledCase, user: User, device: UUID) -> list[dict[str, Any]]:
    """Who else has the case open now: name, whether it is the same person elsewhere, when last heard of. Who judges a
    case a second time and the others are not told of each other."""
    there = Presence.objects.filter(case=case, seen_at__gte=clock.now() - COUNTS).exclude(user=user, device=device)
    if seconds.judges(user, case):
        there = there.filter(user=user)
    else:
        second = SecondJudgement.objects.filter(case=case, ended_at=None).values("inspector")
        there = there.exclude(~Q(user=user), user__in=second)
    return [
        {"name": one.user.name, "you": one.user_id == user.pk, "at": one.seen_at.isoformat()}
        for one in there.select_related("user").order_by("-seen_at")
    ]
