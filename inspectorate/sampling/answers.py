"""Chapter 4: what the pages of lists and of samples answer with: a file, a draw, or that there is no such thing."""

from typing import Any, cast
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.models import NAMES_OF_UNITS, Inspection, TierName
from inspectorate.sampling import reading, returning
from inspectorate.sampling.models import Draw


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


def draw_or_404(inspection: Inspection, public_id: UUID) -> Draw:
    """A draw of the inspection with its list, its return, what decides whether marks may change, and what the body
    calls its units. One query."""
    names = TierName.objects.filter(body=OuterRef("long_list__inspection__body")).order_by("-pk").values("name")
    found: Any = get_object_or_404(
        returning.with_state(Draw.objects.filter(long_list__inspection=inspection))
        .select_related("long_list", "by", "returned__by")
        .annotate(tier_1=Subquery(names.filter(tier=1)[:1]), tier_2=Subquery(names.filter(tier=2)[:1]))
        .defer("receipt", "long_list__cells", "long_list__faults"),
        public_id=public_id,
    )
    found.long_list.inspection = inspection
    named = {1: found.tier_1, 2: found.tier_2}
    inspection.body.unit_names = NAMES_OF_UNITS | {tier: name for tier, name in named.items() if name}
    return cast(Draw, found)
