"""Chapter 2.1: pages of the national results: published editions, everything for those with clearance, the next one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from inspectorate.audit import clock
from inspectorate.programme import access, packs, years
from inspectorate.reporting import national as results
from inspectorate.reporting import national_actions as actions
from inspectorate.reporting.forms import Publishing, Signing
from inspectorate.reporting.models import Edition
from inspectorate.reporting.national_shown import kinds_of, shown

REFUSALS = (actions.NothingNew, actions.NotAsShown, actions.GateRefuses, actions.CannotSign)
SIGNS = "national.override"


def _year(request: HttpRequest) -> int:
    asked = (request.POST if request.method == "POST" else request.GET).get("year", "")
    return years.asked_for(asked, clock.today())


def _frame(request: HttpRequest, year: int, kinds: tuple[str, ...]) -> dict[str, Any]:
    user = access.person(request)
    known = packs.current().standards.kinds
    return {
        "year": year,
        "kind": kinds[0] if len(kinds) == 1 and len(known) > 1 else "",
        "kinds": known,
        "sees_all": access.anywhere(user, "national.view-all"),
        "rules": results.rules(),
    }


@access.needs("national.view")
def national(request: HttpRequest) -> HttpResponse:
    """The newest published edition of a year, and the others."""
    year = _year(request)
    editions = list(Edition.objects.filter(year=year).select_related("by"))
    return _edition_page(request, year, editions, editions[-1] if editions else None)


@access.needs("national.view")
def national_edition(request: HttpRequest, edition: UUID) -> HttpResponse:
    """One edition as it was published."""
    found = get_object_or_404(Edition.objects.select_related("by"), public_id=edition)
    return _edition_page(request, found.year, list(Edition.objects.filter(year=found.year)), found)


def _edition_page(request: HttpRequest, year: int, editions: list[Edition], edition: Edition | None) -> HttpResponse:
    kinds = kinds_of(request.GET.get("kind", ""), packs.current().standards.kinds)
    context = _frame(request, year, kinds) | {"editions": editions, "edition": edition}
    if edition:
        covers = {kind: sorted(its.values()) for kind, its in edition.covers.items() if kind in kinds}
        context |= {
            "covers": covers,
            "results": shown(results.together(edition, kinds)),
            "signed": results.signatures([edition.digest]) if edition.leaks else [],
        }
    return render(request, "reporting/national.html", context)


@access.needs("national.view-all")
def national_all(request: HttpRequest) -> HttpResponse:
    """Exact results over every decided inspection of a year, with those marked that are embargoed."""
    year, now = _year(request), clock.now()
    kinds = kinds_of(request.GET.get("kind", ""), packs.current().standards.kinds)
    found = [one for one in results.decided_in(year) if one.decided.kind in kinds]
    context = _frame(request, year, kinds) | {
        "found": [(one, one.public(now)) for one in found],
        "embargoed": sum(not one.public(now) for one in found),
        "results": shown(results.together_now(found, kinds)) if found else None,
    }
    return render(request, "reporting/national_all.html", context)


@access.needs("national.view-all")
def prepare_edition(request: HttpRequest) -> HttpResponse:
    """The edition that would come next, with what the gate says against it."""
    return _prepared(request, Signing(), "")


def _prepared(request: HttpRequest, form: Signing, refusal: str) -> HttpResponse:
    year, user = _year(request), access.person(request)
    everybody = bool((request.POST or request.GET).get("everybody"))
    prepared = results.prepare(year, everybody=everybody)
    signed = results.signatures([prepared.digest])
    sentences = prepared.sentences()
    others = {one.by_id for one in signed} - {user.pk}
    context = _frame(request, year, ()) | {
        "prepared": prepared,
        "everybody": everybody,
        "sentences": sentences,
        "signed": signed,
        "shows": sum(cell.shown for cell in prepared.published.cells.values()),
        "free": not sentences or len(others) >= results.rules().signatures,
        "may_publish": access.anywhere(user, "national.publish"),
        "may_sign": access.anywhere(user, SIGNS) and not any(one.by_id == user.pk for one in signed),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reporting/prepare_edition.html", context)


@access.needs("national.publish")
@require_POST
def publish_edition(request: HttpRequest) -> HttpResponse:
    """The data team publishes the edition that it was shown."""
    form, refusal = Publishing(request.POST), "This page was not complete. Nothing was published."
    if form.is_valid():
        try:
            edition = actions.publish_edition(by=access.person(request), **form.cleaned_data)
            messages.success(request, f"Edition {edition.number} is published.")
            return redirect("national_edition", edition.public_id)
        except REFUSALS as found:
            refusal = str(found)
    return _prepared(request, Signing(), refusal)


@access.needs("national.override")
@require_POST
def sign_override(request: HttpRequest) -> HttpResponse:
    """Somebody signs for an edition that the gate refuses."""
    form, refusal = Signing(request.POST), ""
    if form.is_valid():
        try:
            actions.sign_override(by=access.person(request), **form.cleaned_data)
            messages.success(request, "Your signature is kept. It counts for exactly this edition.")
            everybody = "&everybody=1" if form.cleaned_data["everybody"] else ""
            return redirect(f"{reverse('prepare_edition')}?year={form.cleaned_data['year']}{everybody}")
        except REFUSALS as found:
            refusal = str(found)
    return _prepared(request, form, refusal)
