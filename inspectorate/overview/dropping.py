"""What chapter 6.1 leaves to be done when cases drop out: decisions, and substitutes without an inspector."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.questions import Question
from inspectorate.design.words import plural
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import DropOut, SampledCase, standing
from inspectorate.scheduling.models import Allocation


def waiting(user: User, held: Iterable[Inspection]) -> list[tuple[Inspection, str, str]]:
    """What waits for this person: the inspection, what it is, and its page. One query, none for people who neither
    decide nor allocate. Manual 6.1c, 5.1a."""
    decides = {one.pk: one for one in held if access.may(user, "substitute.decide", one)}
    allocates = {one.pk: one for one in held if access.may(user, "cases.allocate", one)}
    if not decides and not allocates:
        return []
    rows = _open_cases(inspections=list(decides | allocates))
    undecided, alone = dict.fromkeys(decides, 0), dict.fromkeys(allocates, 0)
    for inspection, is_undecided, is_alone in rows:
        if is_undecided and inspection in undecided:
            undecided[inspection] += 1
        if is_alone and inspection in alone:
            alone[inspection] += 1
    found = [
        (decides[key], _text(count, "that should have been excluded, to be decided"), "drop_outs")
        for key, count in undecided.items()
        if count
    ]
    found += [
        (allocates[key], _text(count, "that stepped in, without an inspector"), "allocation")
        for key, count in alone.items()
        if count
    ]
    return [(one, text, reverse(page, args=[one.public_id])) for one, text, page in found]


@Question
def _open_cases(*, inspections: list[int]) -> QuerySet[Any, Any]:
    said = DropOut.objects.filter(case=OuterRef("pk"), decision="")
    given = Allocation.objects.filter(case=OuterRef("pk"), ended_at=None)
    return (
        standing(SampledCase.objects.filter(inspection__in=inspections))
        .annotate(undecided=Exists(said), alone=Q(file_read=True) & ~Exists(given))
        .filter(Q(undecided=True) | Q(alone=True))
        .order_by()
        .values_list("inspection", "undecided", "alone")
    )


def _text(count: int, what: str) -> str:
    return f"{plural(count, 'case')} {what}"
