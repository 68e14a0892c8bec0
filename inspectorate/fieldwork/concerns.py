"""Chapter 6: a case as concerns name it: who may name it, and what stands open about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from inspectorate.accounts.models import User
from inspectorate.fieldwork import seconds, visible
from inspectorate.fieldwork.models import Alert, Matter, OfficerInterview
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation


@dataclass(frozen=True, slots=True)
class OfCase:
    """How many alerts about a case somebody may see, its matters, and whether they may read or hold an interview."""

    alerts: int
    matters: tuple[Matter, ...]
    interview: str


def named_case(user: User, inspection: Inspection, name: str) -> SampledCase | None:
    """The case of this public id, if it is one that the person may see, or that was theirs: an alert may have waited on
    a device while the case went to somebody else. None for any other word, and for a case that is kept from them."""
    try:
        public_id = UUID(name)
    except ValueError:
        return None
    theirs = Allocation.objects.filter(case=OuterRef("pk"), inspector=user)
    may_name = Q(pk__in=visible.cases_of(user, inspection).values("pk")) | Exists(theirs)
    cases = SampledCase.objects.filter(may_name, inspection=inspection).select_related("case")
    found = cases.filter(public_id=public_id).first()
    if found is None or not Sight(user, inspection).sees(found.case):
        return None
    found.inspection = inspection
    return found


def counts(*, user: int, follows: bool, reads: bool) -> dict[str, Exists | Subquery]:
    """What the query of a case asks besides, for `of_case`: how many alerts about it, whether there are interviews, as
    far as this person may see them (who `follows` alerts and `reads` interviews, all), and whether there are matters.
    """
    alerts = Alert.objects.filter(case=OuterRef("pk"))
    held = OfficerInterview.objects.filter(case=OuterRef("pk"))
    if not follows:
        alerts = alerts.filter(by=user)
    if not reads:
        held = held.filter(by=user)
    counted = alerts.order_by().values("case").annotate(count=Count("pk")).values("count")
    return {
        "alerts_seen": Subquery(counted),
        "interviewed": Exists(held),
        "has_matters": Exists(Matter.objects.filter(case=OuterRef("pk"))),
    }


def of_case(case: Any, user: User) -> OfCase:
    """What there is about a case that was fetched with `counts`; whoever sees a case sees its matters, but of two who
    judge it neither sees those of the other."""
    asked = case.case_list in packs.pack_of(case.inspection).fieldwork.interviews.lists
    interview = "read" if case.interviewed else "hold" if asked and case.mine and not case.again else ""
    return OfCase(case.alerts_seen or 0, _matters(case, user) if case.has_matters else (), interview)


def _matters(case: Any, user: User) -> tuple[Matter, ...]:
    if case.again:
        return tuple(case.matters.filter(by=user))
    if access.may(user, "matter.follow", case.inspection):
        return tuple(case.matters.all())
    return tuple(case.matters.filter(seconds.away_from(user)))
