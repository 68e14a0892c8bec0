"""Chapter 4: what the pages of lists and of samples both answer with: a file, or that there is no such list."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading
from inspectorate.sampling.models import LongList


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
