"""Chapter 4.4: the pages on which faults of a long list are waived, and the file of its waivers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, reading, writing
from inspectorate.sampling.actions.waivers import kinds_of
from inspectorate.sampling.answers import download
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LongList
from inspectorate.sampling.waiver_forms import Waive
from inspectorate.sampling.waivers import waivers_of

SHOWN_ROWS = 60


@access.needs("faults.waive")
def waive_faults(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """The kinds of fault of a list; of the one that is chosen the form that waives it. Manual 4.4b."""
    found = _long_list(inspection, long_list)
    kinds = kinds_of(found) if found.state == LongList.State.REFUSED else []
    wanted = request.POST.get("kind") or request.GET.get("kind")
    kind = next((one for one in kinds if one.id == wanted and one.outcomes), None)
    form = None
    if kind:
        form = Waive(request.POST or None, rows=kind.rows, outcomes=kind.outcomes)
        if form.is_valid():
            try:
                count = actions.waive_faults(long_list=found, kind=kind.id, by=access.person(request), **form.given())
                messages.success(request, f"Waived: {count}. The list is read again without them.")
                return redirect("long_list", inspection.public_id, found.public_id)
            except actions.CannotWaive as refusal:
                form.add_error(None, str(refusal))
    context: dict[str, Any] = {"found": found, "list": reading.specification(found), "kinds": kinds, "kind": kind}
    context |= {"waive": form, "form": form} if form else {}
    context["rows"] = kind.rows[:SHOWN_ROWS] if kind else ()
    return render(request, "sampling/waive_faults.html", context, status=422 if form and form.errors else 200)


def _long_list(inspection: Inspection, public_id: UUID) -> LongList:
    found = get_object_or_404(inspection.long_lists, public_id=public_id)
    found.inspection = inspection
    return found


@access.needs("longlist.view", personal="the waivers of a long list")
def waivers_file(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """All waivers of a list as .csv; the values for those only who may see them."""
    found, user = _long_list(inspection, long_list), access.person(request)
    own, _ = waivers_of(found)
    if not own:
        raise Http404
    personal = access.may(user, "personal.view", inspection)
    told = Sight(user, inspection).waivers(own) if personal else own
    content = writing.waivers_table(told, personal=personal)
    return download(content, "text/csv; charset=utf-8", f"{found.case_list}-waivers.csv")
