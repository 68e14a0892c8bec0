"""Chapter 7.2: what-if, minutes, declared connections, and the files of the decision."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.audit import clock
from inspectorate.documents.downloads import as_download
from inspectorate.methodology.standards import Rating
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.ratings import panel_room_actions, room, shown
from inspectorate.ratings.consolidation import case_set
from inspectorate.ratings.forms import Correcting, Declaring
from inspectorate.ratings.minutes import minutes
from inspectorate.ratings.models import Decision, DecisionFile, PanelConnection
from inspectorate.ratings.sitting import as_decided, record, sitting
from inspectorate.ratings.weighing import balances, noted


@access.needs("panel.sit")
def what_if(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Any choices together, and the standards, total and overall rating that would follow; nothing is kept."""
    if sitting(inspection) is None:
        return redirect("panel", inspection.public_id)
    cases, said = case_set(inspection), record(inspection)
    items = [one for one in room.agenda(cases, said, balances(cases.framework, noted(inspection))) if one.choices]
    labels = {rating.slug: rating for rating in Rating}
    wanted = {one.subject: labels[slug] for one in items if (slug := request.GET.get(one.subject, "")) in labels}
    now = as_decided(cases, said)
    then, refused = room.tried(cases, said, wanted)
    rows = zip(shown.standards(cases, now), shown.standards(cases, then), strict=True)
    context = {
        "items": [(one, wanted[one.subject].slug if one.subject in wanted else one.now) for one in items],
        "labels": {rating.slug: rating.label for rating in Rating},
        "standards": list(rows),
        "so_far": now,
        "then": then,
        "overall_so_far": shown.slug(now.overall),
        "overall_then": shown.slug(then.overall),
        "refused": refused,
    }
    return render(request, "ratings/what_if.html", context)


@access.needs("panel.sit")
def panel_minutes(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The minutes as they fell; the chair corrects them by later entries."""
    here, said = sitting(inspection), record(inspection)
    may = access.may(access.person(request), "panel.decide", inspection)
    if request.method == "POST" and not may:
        raise Http404
    if here is None:
        return redirect("panel", inspection.public_id)
    entries = minutes(inspection, said)
    form = Correcting(request.POST or None, entries=[(one.key, f"{one.number}. {one.what}") for one in entries])
    if form.is_valid():
        try:
            panel_room_actions.correct_minutes(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The correction stands beside the entry.")
            return redirect("panel_minutes", inspection.public_id)
        except panel_room_actions.CannotRecord as refusal:
            form.add_error(None, str(refusal))
    context = {"entries": entries, "sitting": here, "form": form, "may_correct": may and not here.locked}
    return render(request, "ratings/minutes.html", context)


@access.needs("panel.sit")
def declare_panel_connection(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """A member declares a connection with the body, or that there is none any more; everybody on the panel reads it."""
    user = access.person(request)
    form = Declaring(request.POST or None)
    if form.is_valid():
        try:
            panel_room_actions.declare_panel_connection(
                inspection=inspection, member=user, by=user, **form.cleaned_data
            )
            messages.success(request, "Your declaration is recorded.")
            return redirect("panel", inspection.public_id)
        except panel_room_actions.CannotRecord as refusal:
            form.add_error(None, str(refusal))
    declared = PanelConnection.objects.filter(inspection=inspection).select_related("member")
    return render(request, "ratings/declare_panel_connection.html", {"form": form, "declared": declared})


@access.needs("decision.read")
def decision_file(request: HttpRequest, inspection: Inspection, file: str) -> FileResponse:
    """A file of the decision, through the same gate as its page: the inspected body gets the agreed ratings from the
    release on, and the Ratings Panel Decision document never."""
    user = access.person(request)
    readable = Decision.objects.for_reader(user, inspection, clock.now())
    kinds = [DecisionFile.Kind.AGREED]
    if access.is_inspectorate(user, inspection):
        kinds.append(DecisionFile.Kind.DECISION)
    kind, _, extension = file.partition(".")
    files = DecisionFile.objects.filter(decision__in=readable, kind__in=kinds).select_related("document")
    found = get_object_or_404(files, kind=kind, extension=extension)
    return as_download(found.document)
