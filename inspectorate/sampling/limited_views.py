"""Chapter 4.4e: who may read limited-access cases: named, and ended, by the lead inspector."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, limited, reading
from inspectorate.sampling.actions.readers import candidates
from inspectorate.sampling.limited_forms import Reader
from inspectorate.sampling.models import LimitedReader


@access.needs("limited.grant")
def limited_readers(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The named readers now and before, how many cases they are for, and the form that names one. Manual 4.4e."""
    named = list(LimitedReader.objects.filter(inspection=inspection).select_related("reader", "by", "ended_by"))
    already = {one.reader_id for one in named if not one.ended_at}
    people = [one for one in candidates(inspection) if one.pk not in already]
    form = Reader(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        try:
            actions.name_limited_reader(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, f"{form.cleaned_data['reader'].name} is a named reader now.")
            return redirect("limited_readers", inspection.public_id)
        except actions.CannotRead as refusal:
            form.add_error("reader", str(refusal))
    context = {
        "readers": [one for one in named if not one.ended_at],
        "earlier": [one for one in named if one.ended_at],
        "people": people,
        "form": form,
        "cases": limited.counted(inspection),
        "lists": reading.lists_of(inspection),
    }
    return render(request, "sampling/limited_readers.html", context, status=422 if form.errors else 200)


@access.needs("limited.grant")
@require_POST
def end_limited_reader(request: HttpRequest, inspection: Inspection, named: int) -> HttpResponse:
    """Ends what a named reader may see, at once."""
    found = get_object_or_404(inspection.limited_readers.select_related("inspection", "reader"), pk=named)
    try:
        actions.end_limited_reader(named=found, by=access.person(request))
        messages.success(request, f"{found.reader.name} sees no limited-access case any more.")
    except actions.CannotRead as refusal:
        messages.error(request, str(refusal))
    return redirect("limited_readers", inspection.public_id)
