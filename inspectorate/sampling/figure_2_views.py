"""Chapter 4.1: figure 2 of the manual beside the populations that it implies, for the inspectorate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import figure_2


@access.needs("inspection.view")
def figure_2_page(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """All rows of figure 2: sizes at 80%, the population each implies, the size chosen and its margin."""
    pack = packs.pack_of(inspection)
    context = {"tables": figure_2.tables(pack), "size": pack.sampling.size}
    return render(request, "sampling/figure_2.html", context)
