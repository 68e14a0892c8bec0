"""Chapter 6.1: which cases a person may see: all, their own, or those that they may check (Manual 3.9h, 6.1b)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from inspectorate.accounts.models import User
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation

CHECKED_ROLE = "local-assessor"


def cases_of(user: User, inspection: Inspection) -> QuerySet[SampledCase]:
    """The cases of an inspection that a person may see."""
    found = SampledCase.objects.filter(inspection=inspection)
    if access.may(user, "case.view-all", inspection):
        return found
    mine = Q(allocations__inspector=user, allocations__ended_at=None)
    if access.may(user, "case.check", inspection):
        return found.filter(mine | Q(pk__in=to_check(inspection)))
    return found.filter(mine)


def to_check(inspection: Inspection) -> QuerySet[SampledCase]:
    """The cases that local assessors judge. Manual 3.9h"""
    checked = {role.id for role in packs.pack_of(inspection).roles.roles if role.id == CHECKED_ROLE}
    assessors = Membership.objects.filter(inspection=inspection, role__in=checked, ended_at=None).values("user")
    theirs = Allocation.objects.filter(case=OuterRef("pk"), ended_at=None, inspector__in=assessors)
    return SampledCase.objects.filter(Exists(theirs), inspection=inspection)


def case_or_none(user: User, inspection: Inspection, public_id: Any) -> SampledCase | None:
    """One case that a person may see, with its listed row and its assessment; None for absent and forbidden alike."""
    mine = Allocation.objects.filter(case=OuterRef("pk"), inspector=user, ended_at=None)
    visible = cases_of(user, inspection).select_related("case", "assessment__submitted_by").annotate(mine=Exists(mine))
    found = visible.filter(public_id=public_id).first()
    if found is not None:
        found.inspection = inspection
    return found
