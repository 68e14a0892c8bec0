"""Chapter 6.1b: who else has a case open, told to each page with the answers to what it sends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.audit.questions import Question
from inspectorate.fieldwork.models import Presence, SecondJudgement
from inspectorate.sampling.models import SampledCase

# A page that sends nothing is not asked: so long after its last word it still counts as open.
COUNTS = timedelta(minutes=30)
RENEWED_AFTER = timedelta(seconds=30)


def meet(*, case: SampledCase, user: User, device: UUID, here: bool) -> list[dict[str, Any]]:
    """Keeps that this page is open, or that it was left; answers who else has the case open now: name, whether it is
    the same person elsewhere, when last heard of. Who judges a case a second time and the others are not told of each
    other."""
    now = clock.now()
    found = _present(case=case.pk)
    own = next((one for one in found if one.user_id == user.pk and one.device == device), None)
    if own and not here:
        own.delete()
    elif here and own is None:
        Presence.objects.get_or_create(case=case, user=user, device=device, defaults={"seen_at": now})
    elif own and not timedelta() <= now - own.seen_at < RENEWED_AFTER:
        own.seen_at = now
        own.save(update_fields=["seen_at"])
    others = [one for one in found if one is not own and one.seen_at >= now - COUNTS]
    if any(one.user_id != user.pk for one in others):
        again = SecondJudgement.objects.filter(case=case, ended_at=None)
        apart = set(again.values_list("inspector", flat=True))
        others = [one for one in others if one.user_id == user.pk or not apart & {one.user_id, user.pk}]
    return [{"name": one.user.name, "you": one.user_id == user.pk, "at": one.seen_at.isoformat()} for one in others]


@Question
def _present(*, case: int) -> QuerySet[Presence]:
    return Presence.objects.filter(case=case).select_related("user").order_by("-seen_at")
