"""Chapter 4: what the pages of lists and of samples answer with: a file, a draw, or that there is no such thing."""

from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access
from inspectorate.programme.models import NAMES_OF_UNITS, PANEL_DECIDED, Inspection, PlannedEvent, TierName
from inspectorate.sampling import reading, returning
from inspectorate.sampling.models import Draw, Extension, LongList


def case_list_or_404(inspection: Inspection, name: str) -> CaseList:
    """The specification of this name, where the inspection has such a list."""
    for one in reading.lists_of(inspection):
        if one.id == name:
            return one
    raise Http404


def download(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """A file of our own making, to be kept."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def sent(request: HttpRequest) -> Any:
    """What was sent, also where it is nothing; None before anything was."""
    return request.POST if request.method == "POST" else None


def files_sent(request: HttpRequest) -> Any:
    """The files that were sent; None before anything was."""
    return request.FILES if request.method == "POST" else None


def inside_or_404(request: HttpRequest, inspection: Inspection) -> None:
    """404 for the inspected body's side, which sees neither choices, seeds nor the order of substitutes."""
    if not access.is_inspectorate(access.person(request), inspection):
        raise Http404


def accepted_list(inspection: Inspection, case_list: CaseList) -> LongList | None:
    """The newest accepted version of a list, with its inspection. One query."""
    accepted = inspection.long_lists.filter(case_list=case_list.id, state=LongList.State.ACCEPTED)
    found = accepted.select_related("accepted_by").defer("faults", "understood", "left_out").first()
    if found is not None:
        found.inspection = inspection
    return found


def draw_or_404(inspection: Inspection, public_id: UUID) -> Draw:
    """A draw of the inspection with its list, its return, what decides whether marks may change, by how many cases it
    was extended, whether the panel has decided, and what the body calls its units. One query."""
    names = TierName.objects.filter(body=OuterRef("long_list__inspection__body")).order_by("-pk").values("name")
    more = Extension.objects.filter(draw=OuterRef("pk")).order_by().values("draw")
    found: Any = get_object_or_404(
        returning.with_state(Draw.objects.filter(long_list__inspection=inspection))
        .select_related("long_list", "by", "returned__by", "inputs__by")
        .annotate(
            extended=Coalesce(Subquery(more.annotate(sum=Sum("cases")).values("sum")[:1]), 0),
            decided=Exists(PlannedEvent.objects.filter(inspection=OuterRef("long_list__inspection"), **PANEL_DECIDED)),
            tier_1=Subquery(names.filter(tier=1)[:1]),
            tier_2=Subquery(names.filter(tier=2)[:1]),
        )
        .defer("receipt", "long_list__cells", "long_list__faults"),
        public_id=public_id,
    )
    found.long_list.inspection = inspection
    named = {1: found.tier_1, 2: found.tier_2}
    inspection.body.unit_names = NAMES_OF_UNITS | {tier: name for tier, name in named.items() if name}
    return cast(Draw, found)
