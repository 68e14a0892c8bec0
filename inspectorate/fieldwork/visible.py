"""Chapter 6.1b: which cases a person may see, and what of the long list is shown with one."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import writing
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation


def cases(request: HttpRequest, inspection: Inspection) -> Any:
    """The cases that this person may see: all of them, or their own."""
    found = SampledCase.objects.filter(inspection=inspection)
    if access.may(access.person(request), "case.view-all", inspection):
        return found
    return found.filter(allocations__inspector=access.person(request), allocations__ended_at=None)


def found_case(request: HttpRequest, inspection: Inspection, case: UUID) -> Any:
    """One of them, with `mine` for whether it is this person's now; 404 where there is none."""
    mine = Allocation.objects.filter(case=OuterRef("pk"), inspector=access.person(request), ended_at=None)
    visible = cases(request, inspection).select_related("case", "assessment__submitted_by").annotate(mine=Exists(mine))
    found = get_object_or_404(visible, public_id=case)
    found.inspection = inspection
    return found


def open_case(request: HttpRequest, inspection: Inspection, case: UUID) -> Any:
    """The same, and 404 too where access to the case is limited to others."""
    found = found_case(request, inspection, case)
    if not Sight(access.person(request), inspection).sees(found.case):
        raise Http404
    return found


def columns(found: SampledCase, *, personal: bool) -> list[tuple[str, str]]:
    """What the long list says about the case, column by column, as label and value; who the person is only to those
    who may know."""
    spec = packs.pack_of(found.inspection).sampling.case_list(found.case_list)
    told = {one.id for one in spec.columns if personal or not (one.personal or one.type == "reference")}
    return writing.shown_facts(spec, {name: value for name, value in found.case.facts.items() if name in told})
