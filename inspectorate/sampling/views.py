"""Chapter 4.4: long lists: what is asked for, what was given, its faults or its summary, and its acceptance."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.audit import clock
from inspectorate.documents.files import WrongFile
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, expectation, reading, samples, summaries, writing
from inspectorate.sampling.actions.final import reasons
from inspectorate.sampling.answers import case_list_or_404, download
from inspectorate.sampling.asked import in_own_words, period_asked, periods_asked
from inspectorate.sampling.beside import with_beside
from inspectorate.sampling.due import lists_due
from inspectorate.sampling.forms import ListFile, Matching
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LongList
from inspectorate.sampling.specification_workbook import empty_list
from inspectorate.sampling.waivers import told_on_page

SHOWN_FAULTS = 200
CASES_A_PAGE = 100
WAITS = (LongList.State.RECEIVED, LongList.State.READING, LongList.State.ACCEPTING)


def _long_list(inspection: Inspection, public_id: UUID) -> LongList:
    versions = with_beside(inspection.long_lists.select_related("document", "given_by", "accepted_by"))
    found: LongList = get_object_or_404(versions, public_id=public_id)
    found.inspection = inspection
    return found


@access.needs("longlist.view")
def long_lists(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """For each list its specification and the versions received; who may give one finds the form here."""
    return _long_lists(request, inspection)


def _long_lists(request: HttpRequest, inspection: Inspection, wrong: dict[str, ListFile] | None = None) -> HttpResponse:
    versions: dict[str, list[LongList]] = {}
    for one in inspection.long_lists.select_related("document", "given_by", "accepted_by"):
        versions.setdefault(one.case_list, []).append(one)
    lists = in_own_words(inspection, reading.lists_of(inspection))
    asked = periods_asked(inspection, lists)
    confirmed = set(inspection.sampled_cases.order_by().values_list("case_list", flat=True).distinct())
    parts = [
        {
            "list": one,
            "period": writing.period_in_words(one),
            "asked": asked[one.id],
            "reasons": reasons(inspection, one),
            "versions": versions.get(one.id, []),
            "confirmed": one.id in confirmed,
            "form": (wrong or {}).get(one.id) or ListFile(auto_id=f"id_{one.id}_%s"),
        }
        for one in lists
    ]
    context: dict[str, Any] = {"parts": parts, **lists_due(inspection)}
    if wrong:
        context["form"] = next(iter(wrong.values()))
    return render(request, "sampling/long_lists.html", context, status=422 if wrong else 200)


@access.needs("longlist.view")
def long_list_template(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """The empty workbook of a list."""
    found = in_own_words(inspection, [case_list_or_404(inspection, case_list)])[0]
    content = empty_list(found, period_asked(inspection, found).days)
    return download(content, writing.WORKBOOK, f"{found.id}-long-list.xlsx")


@access.needs("longlist.give")
@require_POST
def give_long_list(request: HttpRequest, inspection: Inspection, case_list: str) -> HttpResponse:
    """Takes a file and has it read in the background."""
    found = case_list_or_404(inspection, case_list)
    form = ListFile(request.POST, request.FILES, auto_id=f"id_{found.id}_%s")
    if form.is_valid():
        try:
            given = actions.give_long_list(
                inspection=inspection, case_list=found.id, upload=form.cleaned_data["upload"], by=access.person(request)
            )
            return redirect("long_list", inspection.public_id, given.public_id)
        except (WrongFile, actions.NotReady) as refusal:
            form.add_error("upload", str(refusal))
    return _long_lists(request, inspection, {found.id: form})


@access.needs("longlist.view", personal="what a long list says and its faults")
def long_list(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """One version of a list: being read, its faults, or its summary; and how its columns were matched."""
    return _long_list_page(request, _long_list(inspection, long_list))


def _long_list_page(request: HttpRequest, found: LongList, form: Matching | None = None) -> HttpResponse:
    case_list = reading.specification(found)
    sight = Sight(access.person(request), found.inspection)
    context: dict[str, Any] = {
        "found": found,
        "list": case_list,
        "waived": told_on_page(found, sight),
        "waits": found.state in WAITS,
        "faults": sight.fault_values(found, found.faults[:SHOWN_FAULTS]),
        "more_faults": len(found.faults) > SHOWN_FAULTS,
        "most_faults": len(found.faults) == reading.MOST_FAULTS,
        "matching": _matched(case_list, found),
        "as_of_day": _as_of_day(found),
        "given_early": _given_early(found),
        "columns_form": form or _matching_form(case_list, found),
    }
    if form:
        context["form"] = form
    if found.cells:
        context["summary"] = summaries.summary(case_list, found)
        context["proposal"] = samples.propose(found.inspection, case_list, found.size)
    if found.size and access.is_inspectorate(access.person(request), found.inspection):
        context["expected"] = expectation.expected(case_list, found)
    return render(request, "sampling/long_list.html", context, status=422 if form else 200)


def _matched(case_list: CaseList, found: LongList) -> list[tuple[str, str]]:
    """Each header and the column that it is read as, "" for one that is not read."""
    names = {column.id: column.header for column in case_list.columns}
    return [(header, names.get(column, "")) for header, column in found.matching.get("columns", [])]


def _as_of_day(found: LongList) -> date | None:
    """The day on which a person matched the columns of the list after which this one was read."""
    as_of = found.matching.get("as_of")
    return datetime.fromisoformat(as_of["at"]).astimezone(clock.LONDON).date() if as_of else None


def _given_early(found: LongList) -> bool:
    """Whether the list holds days that were still to come when it was given."""
    return bool(found.last_day and found.last_day > found.given_at.astimezone(clock.LONDON).date())


def _matching_form(case_list: CaseList, found: LongList, data: Any = None) -> Matching:
    columns = [(one.id, one.header + ("" if one.required else ", optional")) for one in case_list.columns]
    return Matching(data, headers=found.matching.get("columns", []), columns=columns)


@access.needs("longlist.give", personal="what a long list says and its faults")
@require_POST
def match_columns(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """Has a list read again with the columns that a person matched."""
    found = _long_list(inspection, long_list)
    form = _matching_form(reading.specification(found), found, request.POST)
    if form.is_valid():
        try:
            actions.read_again(long_list=found, columns=form.chosen(), by=access.person(request))
            return redirect("long_list", inspection.public_id, found.public_id)
        except (actions.ColumnTwice, actions.NotReady) as refusal:
            form.add_error(None, str(refusal))
    return _long_list_page(request, found, form)


@access.needs("longlist.give")
@require_POST
def read_again(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """Has a list read again from the start."""
    found = _long_list(inspection, long_list)
    try:
        actions.read_again(long_list=found, by=access.person(request))
    except actions.NotReady as refusal:
        messages.error(request, str(refusal))
    return redirect("long_list", inspection.public_id, found.public_id)


@access.needs("sample.draw")
@require_POST
def accept_long_list(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """Has a list without faults accepted in the background; only then are its cases kept."""
    found = _long_list(inspection, long_list)
    try:
        actions.begin_accepting(long_list=found, by=access.person(request))
    except actions.NotReady as refusal:
        messages.error(request, str(refusal))
    return redirect("long_list", inspection.public_id, found.public_id)


@access.needs("personal.view", personal="the faults of a long list")
def long_list_faults(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """All faults of a list as .csv."""
    if not access.may(access.person(request), "longlist.view", inspection):
        raise Http404
    found = _long_list(inspection, long_list)
    told = Sight(access.person(request), inspection).fault_values(found, found.faults)
    return download(writing.faults_table(told), "text/csv; charset=utf-8", f"{found.case_list}-faults.csv")


class _Known(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known already."""

    def __init__(self, *args: Any, known: int, **kwargs: Any) -> None:
        self.__dict__["count"] = known
        super().__init__(*args, **kwargs)


@access.needs("personal.view", personal="the cases of a long list")
def listed_cases(request: HttpRequest, inspection: Inspection, long_list: UUID) -> HttpResponse:
    """The cases of an accepted list in order of their units."""
    if not access.may(access.person(request), "longlist.view", inspection):
        raise Http404
    found = _long_list(inspection, long_list)
    case_list = reading.specification(found)
    # A limited-access case stands last, so that its place does not tell its unit.
    cases = found.cases.order_by("limited", "unit_1", "unit_2", "row")
    page = _Known(cases, CASES_A_PAGE, known=found.size).get_page(request.GET.get("page"))
    rows = [
        (case.row, [writing.shown(column, case.facts.get(column.id, "")) for column in case_list.columns])
        for case in Sight(access.person(request), inspection).rows(page.object_list)
    ]
    context = {"found": found, "list": case_list, "listed": page, "rows": rows}
    return render(request, "sampling/listed_cases.html", context)
