"""Chapter 6: a case as concerns name it: who may name it, and what stands open about it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from inspectorate.accounts.models import User
from inspectorate.fieldwork.models import Matter
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


@dataclass(frozen=True, slots=True)
class OfCase:
    """How many alerts about a case somebody may see, its matters, and whether they may read or hold an interview."""

    alerts: int
    matters: tuple[Matter, ...]
    interview: str


def cases_of(user: User, inspection: Inspection) -> QuerySet[SampledCase]:
    """The cases that a person may see: all of them, or those allocated to them now."""
    found = SampledCase.objects.filter(inspection=inspection)
    if access.may(user, "case.view-all", inspection):
        return found
    return found.filter(allocations__inspector=user, allocations__ended_at=None)


def named_case(user: User, inspection: Inspection, name: str) -> SampledCase | None:
    """The case of this public id, if it is one that the person may see; None for any other word."""
    try:
        public_id = UUID(name)
    except ValueError:
        return None
    found = cases_of(user, inspection).filter(public_id=public_id).first()
    if found:
        found.inspection = inspection
    return found


def of_case(user: User, case: SampledCase) -> OfCase:
    """What there is about a case, as far as this person may see it; whoever sees a case sees its matters. Two queries
    for a case that knows whether it is `mine`."""
    inspection = case.inspection
    shown = Q() if access.may(user, "alert.follow", inspection) else Q(alerts__by=user)
    held = Q() if access.may(user, "interview.read", inspection) else Q(interviews__by=user)
    counted = SampledCase.objects.filter(pk=case.pk).aggregate(
        alerts=Count("alerts", filter=shown, distinct=True), interviews=Count("interviews", filter=held, distinct=True)
    )
    asked = case.case_list in packs.pack_of(inspection).fieldwork.interviews.lists
    interview = "read" if counted["interviews"] else "hold" if asked and getattr(case, "mine", False) else ""
    return OfCase(counted["alerts"], tuple(case.matters.all()), interview)
