"""Chapter 4: what the pages of lists and of samples answer with: a file, a draw, or that there is no such thing."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading
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
    """A draw of the inspection with its list and its return. One query."""
    found = get_object_or_404(
        Draw.objects.filter(long_list__inspection=inspection)
        .select_related("long_list", "by", "returned__by")
        .defer("receipt", "long_list__cells", "long_list__faults"),
        public_id=public_id,
    )
    found.long_list.inspection = inspection
    return found
