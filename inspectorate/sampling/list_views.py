"""Chapter 4.4: the days asked for of a list, its expected length, two versions side by side, and its receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inspectorate.documents.spreadsheets import UnreadableSheet
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import acceptance, actions, reading, versions
from inspectorate.sampling.answers import case_list_or_404, download
from inspectorate.sampling.asked import in_own_words, period_asked
from inspectorate.sampling.forms import AskedDays, ExpectedCases
from inspectorate.sampling.models import LongList

ROWS_A_PAGE = 100


@access.needs("sample.draw")
def ask_period(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """Asks for a list of other days than those of the plan, with a reason; shows every change so far."""
    found = case_list_or_404(inspection, case_list)
    asked = period_asked(inspection, found)
    days = dict(zip(("first_day", "last_day"), asked.days or (), strict=False))
    form = AskedDays(request.POST if request.method == "POST" else None, initial=days)
    if form.is_valid():
        try:
            actions.ask_period(
                inspection=inspection, case_list=found.id, by=access.person(request), **form.cleaned_data
            )
        except (actions.WrongPeriod, actions.NotReady) as refusal:
            form.add_error("last_day" if isinstance(refusal, actions.WrongPeriod) else None, str(refusal))
        else:
            messages.success(request, "The days are changed. Lists that are not accepted yet are read again.")
            return redirect("long_lists", inspection.public_id)
    history = inspection.asked_periods.filter(case_list=found.id).select_related("by").order_by("-pk")
    context = {"list": found, "asked": asked, "form": form, "history": history}
    return render(request, "sampling/ask_period.html", context, status=422 if form.errors else 200)


@access.needs("sample.draw")
def expect_cases(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """Notes how many cases a list is expected to hold, and whence the number is; shows the earlier ones."""
    found = case_list_or_404(inspection, case_list)
    form = ExpectedCases(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.expect_cases(inspection=inspection, case_list=found.id, by=access.person(request), **form.cleaned_data)
        messages.success(request, "The number is noted. It stands beside the count of each version.")
        return redirect("long_lists", inspection.public_id)
    history = inspection.expected_counts.filter(case_list=found.id).select_related("by").order_by("-pk")
    context = {"list": found, "form": form, "history": history}
    return render(request, "sampling/expect_cases.html", context, status=422 if form.errors else 200)


@access.needs("longlist.view", personal="what differs between two versions of a long list")
def compare_lists(request: HttpRequest, inspection: Inspection, long_list: UUID, earlier: UUID) -> HttpResponse:
    """Two versions of a list: rows added, gone and changed, and counts by unit."""
    old, new = _versions(inspection, earlier, long_list)
    case_list = in_own_words(inspection, [reading.specification(new)])[0]
    context: dict[str, Any] = {"list": case_list, "old": old, "new": new, "unreadable": ""}
    try:
        found = actions.compared(case_list=case_list, earlier=old, later=new, ask="waits" not in request.GET)
    except UnreadableSheet as refusal:
        context["unreadable"] = str(refusal)
    else:
        context["found"] = found
        if found is None:
            return render(request, "sampling/comparison_waits.html", context)
        page = Paginator(found.differences, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context["differences"] = page
        context["rows"] = versions.covered(page.object_list, old, new, access.person(request))
    return render(request, "sampling/compare_lists.html", context)


def _versions(inspection: Inspection, earlier: UUID, later: UUID) -> tuple[LongList, LongList]:
    """Two versions of one list, the earlier first. One query; 404 where they are not two of the same list."""
    there = inspection.long_lists.filter(public_id__in=[earlier, later])
    found = list(there.select_related("document", "given_by").order_by("pk"))
    if len(found) < 2 or found[0].case_list != found[1].case_list:
        raise Http404
    for one in found:
        one.inspection = inspection
    return found[0], found[1]


@access.needs("longlist.view")
def list_receipt(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """The receipt of an accepted list as .json; it names nobody on the list."""
    found = inspection.long_lists.filter(public_id=long_list).first()
    if found is None or "receipt" not in found.matching:
        raise Http404
    name = f"{found.case_list}-long-list-receipt.json"
    return download(acceptance.written(found.matching["receipt"]), "application/json", name)
