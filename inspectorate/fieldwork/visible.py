"""Chapter 6.1: which cases a person may see: all, their own, or those that they may check (Manual 3.9h, 6.1b)."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from inspectorate.accounts.models import User
from inspectorate.fieldwork import seconds
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling import writing
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, SampledCase
from inspectorate.scheduling.models import Allocation

CHECKED_ROLE = "local-assessor"


def cases_of(user: User, inspection: Inspection) -> QuerySet[SampledCase]:
    """The cases that a person may see: all of them; or their own, those among them that left the sample and those that
    they judge a second time included, and those that they may check."""
    return seen_by(user=user.pk, inspection=inspection.pk, **sight(user, inspection))


def sight(user: User, inspection: Inspection) -> dict[str, Any]:
    """What decides which cases a person may see, for `seen_by`: whether `every` one, whether those that local assessors
    judge (`checks`), and the keys of those that they judge a second time."""
    if access.may(user, "case.view-all", inspection):
        return {"every": True, "checks": False, "again": []}
    return {
        "every": False,
        "checks": access.may(user, "case.check", inspection),
        "again": list(seconds.held(user, inspection)),
    }


def seen_by(*, user: int, inspection: int, every: bool, checks: bool, again: list[int]) -> QuerySet[SampledCase]:
    """The same for what `sight` says."""
    found = SampledCase.objects.filter(inspection=inspection)
    if every:
        return found
    own = Allocation.objects.filter(case=OuterRef("pk"), inspector=user, ended_at=None)
    left = DropOut.objects.filter(
        case=OuterRef("pk"),
        decision__in=LEFT_THE_SAMPLE,
        case__allocations__inspector=user,
        case__allocations__ended_at__gte=F("found_at"),
    )
    mine = Q(Exists(own)) | Q(Exists(left)) | Q(pk__in=again)
    if checks:
        return found.filter(mine | Q(pk__in=to_check(inspection)))
    return found.filter(mine)


def with_own(user: User, inspection: Inspection) -> QuerySet[SampledCase]:
    """The same, each with its listed row, its assessment, and whether it is the person's own (`mine`)."""
    return beside(cases_of(user, inspection), user.pk)


def beside(cases: QuerySet[SampledCase], user: int) -> QuerySet[Any]:
    """Cases with what a page of one needs beside each, and whether it is the person's own (`mine`)."""
    mine = Allocation.objects.filter(case=OuterRef("pk"), inspector=user, ended_at=None)
    needed = ("case", "assessment__submitted_by", "stepped_in_for__case")
    return cases.select_related(*needed).annotate(mine=Exists(mine))


def to_check(inspection: Inspection | int) -> QuerySet[SampledCase]:
    """The cases that local assessors judge. Manual 3.9h"""
    assessors = Membership.objects.filter(inspection=inspection, role=CHECKED_ROLE, ended_at=None).values("user")
    theirs = Allocation.objects.filter(case=OuterRef("pk"), ended_at=None, inspector__in=assessors)
    return SampledCase.objects.filter(Exists(theirs), inspection=inspection)


def open_case(request: HttpRequest, inspection: Inspection, case: UUID) -> Any:
    """One case as who asks may see it: of two who judge it, each finds their own judgement."""
    user = access.person(request)
    return seconds.show_own(seen_case(user, inspection, case), user)


def seen_case(user: User, inspection: Inspection, case: UUID) -> Any:
    """One case that a person may see, with `mine`; 404 where there is none, and where it is kept from them."""
    found: Any = get_object_or_404(with_own(user, inspection), public_id=case)
    if not Sight(user, inspection).sees(found.case):
        raise Http404
    found.inspection = inspection
    return found


def columns(found: SampledCase, *, personal: bool) -> list[tuple[str, str]]:
    """What the long list says about the case, column by column, as label and value; who the person is only to those
    who may know."""
    spec = packs.pack_of(found.inspection).sampling.case_list(found.case_list)
    told = {one.id for one in spec.columns if personal or not (one.personal or one.type == "reference")}
    return writing.shown_facts(spec, {name: value for name, value in found.case.facts.items() if name in told})
