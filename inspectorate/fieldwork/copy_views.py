"""Chapter 6.1b: a case to read or print, the blank form of a list, and a case out as a file and in again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from inspectorate.fieldwork import actions, copies, patches, visible
from inspectorate.fieldwork.form import CaseForm, blank_form, case_form
from inspectorate.fieldwork.forms import Copy
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.writing import WORKBOOK


def _sheet(found: Any) -> CaseForm:
    assessment = getattr(found, "assessment", None)
    return case_form(found, assessment.answers.select_related("by") if assessment else ())


@access.needs("case.view-allocated", personal="a case")
@require_GET
def case_report(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """One case as a page to read or print: what was asked, what was answered, and the evidence."""
    found = visible.open_case(request, inspection, case)
    personal = access.may(access.person(request), "personal.view", inspection)
    context = {
        "case": found,
        "list": packs.pack_of(inspection).sampling.case_list(found.case_list),
        "sheet": _sheet(found),
        "assessment": getattr(found, "assessment", None),
        "columns": visible.columns(found, personal=personal),
    }
    return render(request, "fieldwork/case_report.html", context)


@access.needs("case.judge")
@require_GET
def blank_case(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """The form of a list with nothing in it, to be printed for a day without power or line."""
    try:
        sheet = blank_form(inspection, case_list)
    except KeyError as absent:
        raise Http404 from absent
    context = {"sheet": sheet, "list": packs.pack_of(inspection).sampling.case_list(case_list)}
    return render(request, "fieldwork/blank_case.html", context)


@access.needs("case.judge", personal="a case")
@require_GET
def case_workbook(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """The form of a case as a workbook with drop-down lists, filled with what stands."""
    found = visible.open_case(request, inspection, case)
    title = f"Case {found.number}, {packs.pack_of(inspection).sampling.case_list(found.case_list).title}"
    content = copies.workbook(_sheet(found), title=title, case=found.public_id)
    name = f"{found.case_list}-case-{found.number}.xlsx"
    return HttpResponse(
        content, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@access.needs("case.judge", personal="a case")
def give_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Takes a filled workbook or a copy of a case, and shows everything wrong in it, or everything it would change."""
    found = visible.open_case(request, inspection, case)
    form = Copy(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"case": found, "form": form, "faults": (), "proposals": None, "said": copies.said}
    if not found.mine:
        raise Http404
    if form.is_valid():
        given = form.cleaned_data["upload"]
        try:
            context["proposals"] = copies.proposals(
                _sheet(found), name=given.name, content=given.read(copies.LARGEST + 1), case=found.public_id
            )
        except copies.Faulty as refusal:
            context["faults"] = refusal.faults
    return render(request, "fieldwork/give_case.html", context, status=422 if context["faults"] else 200)


@access.needs("case.judge")
@require_POST
def take_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Applies what was chosen of a file as changes of the case, each against the version that was shown."""
    found = visible.open_case(request, inspection, case)
    try:
        chosen = [_chosen(request, one) for one in request.POST.getlist("use")]
        answered = patches.receive(case=found, changes=chosen, by=access.person(request))
    except (ValueError, KeyError):
        messages.error(request, "Nothing was changed: the page was not complete. Give the file again.")
        return redirect("give_case", inspection.public_id, case)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    _tell(request, answered)
    return redirect("case", inspection.public_id, case)


def _chosen(request: HttpRequest, one: str) -> patches.Change:
    field, value = request.POST[f"field:{one}"], request.POST[f"value:{one}"]
    return patches.Change(UUID(one), field, value, int(request.POST[f"now:{one}"]))


def _tell(request: HttpRequest, answered: list[patches.Answered]) -> None:
    taken = [one for one in answered if isinstance(one, patches.Receipt)]
    messages.success(request, f"The server has confirmed {len(taken)} of {len(answered)} changes of the file.")
    for one in answered:
        if isinstance(one, patches.Differs):
            messages.warning(request, f"{one.other.field} was not changed. {one.other}")
        elif isinstance(one, patches.Refused):
            messages.error(request, f"{one.field} was not changed: {one.error}")
