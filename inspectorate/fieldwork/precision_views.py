"""Chapter 4.2: the page on which lead, deputy, administrator and head of methodology see how near the findings come."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from inspectorate.fieldwork import precision
from inspectorate.fieldwork.forms import WhatIf
from inspectorate.fieldwork.precision import OnList
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of one list: the form, and what stands then."""

    form: forms.Form
    more: int
    left: int
    margin: float | None
    missing: int


@access.needs("longlist.view")
def precision_page(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Margins of each list now and as cases drop out, cases still needed, and the sub-sample of every key question."""
    if not access.is_inspectorate(access.person(request), inspection):
        raise Http404
    found = precision.of_inspection(inspection)
    size = packs.pack_of(inspection).sampling.size
    asked = {one.list.id: _asked(request, one, size.confidence) for one in found if one.need}
    context: dict[str, Any] = {
        "found": found,
        "size": size,
        "asked": asked,
        "forms": [one.form for one in asked.values() if one.form.is_bound],
    }
    return render(request, "fieldwork/precision.html", context)


def _asked(request: HttpRequest, one: OnList, confidence: float) -> Asked:
    """The form of one list; it was filled in where the address names the list."""
    chosen = request.GET.get("list") == one.list.id
    form = WhatIf(request.GET if chosen else None, of=one.list.id, most=one.standing, auto_id=f"{one.list.id}-%s")
    more = form.cleaned_data["out"] if form.is_valid() else 0
    left, margin, missing = one.margin_without(more, confidence)
    return Asked(form, more, left, margin, missing)
