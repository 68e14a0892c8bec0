"""Chapter 7.2: the page of the lead inspector's telephone call about the decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inspectorate.audit import clock
from inspectorate.programme import access
from inspectorate.programme.models import Inspection, Membership
from inspectorate.ratings.models import Decision
from inspectorate.reporting import call_actions
from inspectorate.reporting.forms import Calling

HEARS = "senior-leader"


@access.needs("decision.call")
def ratings_call(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The calls about the decision as recorded, and the form for one."""
    user = access.person(request)
    form = Calling(request.POST or None)
    if form.is_valid():
        names = ("spoke_to", "position", "said", "reason")
        call = call_actions.Call(form.called_at(), **{name: form.cleaned_data[name] for name in names})
        try:
            call_actions.record_ratings_call(inspection=inspection, call=call, by=user)
            messages.success(request, "The call is recorded.")
            return redirect("ratings_call", inspection.public_id)
        except call_actions.DayNeedsReason as refusal:
            form.add_error("reason", str(refusal))
        except call_actions.TooEarly as refusal:
            form.add_error("call_time", str(refusal))
    decision = Decision.objects.filter(panel__inspection=inspection).only("opens_at").first()
    hears = Membership.objects.filter(inspection=inspection, role=HEARS, ended_at=None)
    context = {
        "calls": inspection.ratings_calls.select_related("by"),
        "decision": decision,
        "open": decision is not None and decision.opens_at <= clock.now(),
        "hears": list(hears.values_list("user__name", flat=True)),
        "form": form,
    }
    return render(request, "reporting/ratings_call.html", context)
