"""Chapter 4: what the pages of lists and of samples both answer with: a file, or that there is no such list."""

from django.http import Http404, HttpResponse

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading


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
