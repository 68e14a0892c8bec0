"""Chapter 7.2a: the data team's checks and signature, what changed since, and the verified data as files."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from inspectorate.methodology.ratings import Change
from inspectorate.methodology.standards import Framework
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings import exports, verified, verifying_actions
from inspectorate.ratings.consolidation import case_rows
from inspectorate.ratings.models import Decision, VerifiedData
from inspectorate.ratings.verified import Found
from inspectorate.ratings.verifying_forms import Explaining, Signing
from inspectorate.ratings.who_sees import may_see_ratings
from inspectorate.sampling.limited import VEIL, Sight

KINDS = {
    "completeness": "What is missing",
    "impossible": "Values that cannot be",
    "contradiction": "Contradictions",
    "double": "Cases that count twice",
    "outlier": "Inspectors and units unlike the others",
}


def _framework(inspection: Inspection) -> Framework:
    return packs.pack_of(inspection).framework(inspection.kind)


@access.needs("data.verify")
@require_GET
def data_checks(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Everything that the checks find in the data of now, how it was explained, and the signature."""
    return _checks(request, inspection)


def _checks(
    request: HttpRequest, inspection: Inspection, form: Explaining | None = None, signing: Signing | None = None
) -> HttpResponse:
    found, cases = verified.findings(inspection)
    explained = {one.finding: one for one in inspection.explanations.select_related("by")}
    waiting = [one for one in found if one.key not in explained]
    decision = Decision.objects.filter(panel__inspection=inspection)
    signed = inspection.verified_data.select_related("by").defer("content", "findings")
    versions = list(signed.annotate(decided=Exists(decision)))
    wrong = form or signing
    context: dict[str, Any] = {
        "waiting": [(kind, title, of) for kind, title in KINDS.items() if (of := _of(waiting, kind))],
        "explained": [(one, explained[one.key]) for one in found if one.key in explained],
        "found": found,
        "told": lambda one: _told(one, request, inspection),
        "reads": Sight(access.person(request), inspection),
        "titles": {one.id: one.title for one in packs.pack_of(inspection).sampling.lists},
        "versions": versions[::-1],
        "submitted": sum(1 for one in cases if one.submitted),
        "sampled": len(cases),
        "on": verified.beside(versions[-1], cases) if versions else None,
        "files": exports.TITLES if versions and versions[-1].decided else exports.TITLES[:-1],
        "method": packs.pack_of(inspection).ratings.checking,
        "form": form or Explaining(keys=[one.key for one in waiting], kinds=list(KINDS)),
        "signing": signing or Signing(),
        "wrong": wrong,
    }
    if signing:
        context["problems"] = [{"text": line, "href": "#sign"} for line in signing.errors.get("reason", ())]
    return render(request, "ratings/data_checks.html", context, status=422 if wrong else 200)


def _of(found: list[Found], kind: str) -> list[Found]:
    return [one for one in found if one.finding.kind == kind]


def _told(one: Found, request: HttpRequest, inspection: Inspection) -> str:
    """What is found, without the facts of a case that is kept from who looks."""
    hidden = one.limited and one.finding.kind != "completeness" and not Sight(access.person(request), inspection).reads
    return f"{VEIL}. A named reader of them looks at it." if hidden else one.finding.what


@access.needs("data.verify")
@require_POST
def explain_findings(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The data team says why some findings are right as they are."""
    keys = [one.key for one in verified.findings(inspection)[0]]
    form = Explaining(request.POST, keys=keys, kinds=list(KINDS))
    if form.is_valid():
        try:
            number = verifying_actions.explain_findings(
                inspection=inspection, by=access.person(request), **form.cleaned_data
            )
            messages.success(request, f"Explained: {number}.")
            return redirect("data_checks", inspection.public_id)
        except verifying_actions.NothingToExplain as refusal:
            form.add_error("findings", str(refusal))
    return _checks(request, inspection, form=form)


@access.needs("data.verify")
@require_POST
def sign_data(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The data team signs the data of now as verified."""
    form = Signing(request.POST)
    if form.is_valid():
        try:
            signed = verifying_actions.sign_data(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, f"Version {signed.number} of the verified data is signed.")
            return redirect("data_checks", inspection.public_id)
        except verifying_actions.CannotSign as refusal:
            for line in refusal.missing:
                form.add_error("reason", line)
    return _checks(request, inspection, signing=form)


@access.needs("ratings.indicative")
@require_GET
def data_changes(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """What changed since the data were signed, case by case and question by question, and who changed it."""
    if not may_see_ratings(access.person(request), inspection):
        return render(request, "ratings/not_issued.html")
    versions = list(inspection.verified_data.select_related("by").defer("findings"))
    cases = case_rows(inspection, _framework(inspection))
    on = verified.beside(versions[-1], cases) if versions else None
    changes = verified.changed_by(inspection, on.at, on.changes) if on else []
    limited = {str(one.public_id) for one in cases if one.limited}
    reads = not limited or Sight(access.person(request), inspection).reads
    facts = {one.id: one.label for one in _framework(inspection).facts}

    def hidden(change: Change) -> bool:
        return not reads and change.case in limited and change.subject in facts

    rights = access.rights_on(access.person(request), inspection)
    context = {
        "on": on,
        "versions": versions[::-1],
        "rows": [(one, VEIL if hidden(one.change) else "") for one in changes],
        "facts": facts,
        "titles": {one.id: one.title for one in packs.pack_of(inspection).sampling.lists},
        "may_open": {"case.view-all", "case.view-allocated"} <= rights,
    }
    return render(request, "ratings/data_changes.html", context)


@access.needs("data.verify", personal="the answers of all cases, by number")
@require_GET
def verified_file(request: HttpRequest, inspection: Inspection, number: int, name: str) -> HttpResponse:
    """A version of the verified data as a file: answers, ratings, dictionary, all of it, or the data annex."""
    signed = get_object_or_404(VerifiedData.objects.select_related("by"), inspection=inspection, number=number)
    covered = exports.covered(signed, Sight(access.person(request), inspection))
    made = exports.make(inspection, signed, name, covered)
    if made is None:
        raise Http404
    content, kind = made
    title = f"verified-data-{number}-{name}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{title}"', "X-Content-Type-Options": "nosniff"},
    )
