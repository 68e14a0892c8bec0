"""Chapter 4.4d: when responsible officers are away during fieldwork, as the body says it and the inspectorate reads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions, officers
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.return_forms import DaysAway


@access.needs("exclusions.mark", personal="the days on which officers are away")
def officers_away(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The body says when an officer of the cases drawn is away; every line stays, also a withdrawn one."""
    known = officers.known_officers(inspection)
    first, last = officers.fieldwork_days(inspection)
    form = DaysAway(request.POST if request.method == "POST" else None, officers=known, first=first, last=last)
    if form.is_valid():
        try:
            actions.say_away(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, f"{form.cleaned_data['officer']} is noted as away.")
            return redirect("officers_away", inspection.public_id)
        except actions.NotAway as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "known": known,
        "fieldwork": officers.in_words(first, last),
        "away": inspection.officers_away.select_related("by", "ended_by"),
        "may_change": True,
    }
    return render(request, "sampling/officers_away.html", context, status=422 if form.errors else 200)


@access.needs("exclusions.mark")
@require_POST
def withdraw_away(request: HttpRequest, inspection: Inspection, away: int) -> HttpResponse:
    """Withdraws days away; they stay on the page as withdrawn."""
    found = get_object_or_404(inspection.officers_away.select_related("inspection"), pk=away)
    actions.withdraw_away(away=found, by=access.person(request))
    messages.success(request, f"{found.officer} is not noted as away on these days any more.")
    return redirect("officers_away", inspection.public_id)


@access.needs("cases.allocate", personal="the days on which officers are away")
def availability(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """When officers are away, for those who allocate their cases; not of officers who hold limited-access cases only,
    where these are kept from who asks."""
    away = list(inspection.officers_away.select_related("by", "ended_by"))
    if not Sight(access.person(request), inspection).reads:
        told = set(officers.known_officers(inspection, limited=False))
        away = [one for one in away if one.officer in told]
    context = {
        "fieldwork": officers.in_words(*officers.fieldwork_days(inspection)),
        "away": away,
        "may_change": False,
    }
    return render(request, "sampling/officers_away.html", context)
