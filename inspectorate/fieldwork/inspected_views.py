"""Chapter 6.1: the list of cases inspected, as it goes to the administrator and the data team each fieldwork week."""

from django.http import HttpRequest, HttpResponse

from inspectorate.fieldwork import inspected
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import writing
from inspectorate.sampling.answers import case_list_or_404, download
from inspectorate.sampling.limited import Sight


@access.needs("inspection.view", personal="the list of cases inspected")
def inspected_cases(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """The cases of one list as .xlsx, showing which were inspected; references only for those who may see them."""
    found = case_list_or_404(inspection, case_list)
    named = access.may(access.person(request), "personal.view", inspection)
    content = inspected.workbook(inspection, found, Sight(access.person(request), inspection), named=named)
    return download(content, writing.WORKBOOK, f"{found.id}-inspected.xlsx")
