"""Chapter 7.1: the page that says how sure the ratings are, for the lead, the deputy, the data team and the panel."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspectorate.fieldwork import calibration
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.ratings import lens_shown
from inspectorate.ratings.consolidation import case_set
from inspectorate.ratings.lens import lens_of
from inspectorate.ratings.sitting import record
from inspectorate.ratings.who_sees import may_see_ratings


@access.needs("ratings.indicative")
def confidence(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Intervals of the key questions and the chance of each rating, had other cases been drawn."""
    user = access.person(request)
    if not may_see_ratings(user, inspection):
        return render(request, "ratings/not_issued.html")
    cases = case_set(inspection)
    if not cases.submitted:
        return render(request, "ratings/confidence.html", {"cases": cases})
    domain_one = record(inspection).domain_one(cases.framework)
    result = cases.rate(domain_one=domain_one)
    lens = lens_of(inspection, cases, result, domain_one)
    alike = calibration.alike(inspection) if access.may(user, "calibration.view", inspection) else None
    context = {
        "cases": cases,
        "lens": lens,
        "shown": lens_shown.shown(cases.framework, cases.rules, lens, alike),
        "may_sit": access.may(user, "panel.sit", inspection),
    }
    return render(request, "ratings/confidence.html", context)
