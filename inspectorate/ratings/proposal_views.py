"""Chapter 7.1c: domain one standards with their evidence, its weight, the proposals, and other views on ratings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.accounts.models import User
from inspectorate.methodology.ratings import Result
from inspectorate.methodology.standards import Rating, Standard
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings import actions, panel_room_actions, room, shown
from inspectorate.ratings.consolidation import case_set
from inspectorate.ratings.forms import OtherView, Proposing, Weighing
from inspectorate.ratings.models import Proposal
from inspectorate.ratings.sitting import Sitting, as_decided, record, sitting
from inspectorate.ratings.weighing import (
    balances,
    correlation,
    disputed,
    domain_one_standards,
    noted,
    ratings_from_cases,
)
from inspectorate.ratings.who_sees import may_see_ratings


def _ratings_from_cases(
    request: HttpRequest, inspection: Inspection, here: Sitting | None
) -> list[tuple[Standard, Rating]]:
    """What the cases say, for those who may read it now."""
    if not may_see_ratings(access.person(request), inspection, opened=here is not None):
        return []
    cases = case_set(inspection)
    result: Result = cases.rate(domain_one={})
    return ratings_from_cases(cases.framework, result)


@access.needs("ratings.indicative")
def proposals(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Domain one standards with the rating proposed for each, the weight of the evidence and what it lacks."""
    here, said, notes = sitting(inspection), record(inspection), list(noted(inspection))
    framework = packs.pack_of(inspection).framework(inspection.kind)
    weighed, proposed = balances(framework, notes), said.proposed()
    why = disputed(framework, weighed, said)
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(note.key_question, []).append(note.source)
    rows = [
        (one, proposed.get(one.id), weighed[one.id], shown.gaps(one, kinds), why.get(one.id, ()))
        for one in domain_one_standards(inspection)
    ]
    from_cases = _ratings_from_cases(request, inspection, here)
    beside = [(one, one and correlation(one.scale, from_cases)) for _, one, *_ in rows]
    context = {
        "rows": [(*row, line) for row, (_, line) in zip(rows, beside, strict=True)],
        "from_cases": [(standard, rating.slug) for standard, rating in from_cases],
        "sitting": here,
    }
    return render(request, "ratings/proposals.html", context)


@access.needs("ratings.indicative")
def propose(request: HttpRequest, inspection: Inspection, standard: str) -> HttpResponse:
    """One domain one standard: its evidence, the characteristics, earlier proposals, and the lead's form."""
    found = next((one for one in domain_one_standards(inspection) if one.id == standard), None)
    may = access.may(access.person(request), "domain-one.propose", inspection)
    if found is None or (request.method == "POST" and not may):
        raise Http404
    notes = list(noted(inspection).filter(key_question__in=[question.id for question in found.key_questions]))
    form = Proposing(request.POST or None, notes=notes)
    if form.is_valid():
        try:
            actions.propose_domain_one(
                inspection=inspection, standard=standard, by=access.person(request), **form.cleaned_data
            )
            messages.success(request, f"The rating of standard {standard} is proposed.")
            return redirect("proposals", inspection.public_id)
        except actions.CannotPropose as refusal:
            form.add_error(None, str(refusal))
    context = _proposal_context(request, inspection, found, notes) | {"form": form, "may_propose": may}
    return render(request, "ratings/propose.html", context)


def _proposal_context(
    request: HttpRequest, inspection: Inspection, standard: Standard, notes: list[Any]
) -> dict[str, Any]:
    here, said = sitting(inspection), record(inspection)
    framework = packs.pack_of(inspection).framework(inspection.kind)
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(note.key_question, []).append(note.source)
    rests: dict[int, list[Any]] = {}
    by_pk = {note.pk: note for note in notes}
    chosen = Proposal.evidence.through.objects.filter(proposal__inspection=inspection, proposal__standard=standard.id)
    for proposal, note in chosen.order_by("pk").values_list("proposal_id", "evidencenote_id"):
        rests.setdefault(proposal, []).append(by_pk[note])
    weighed = balances(framework, notes)
    earlier = [one for one in said.of(standard.id) if not one.decided]
    from_cases = _ratings_from_cases(request, inspection, here)
    return {
        "standard": standard,
        "notes": {q.id: [note for note in notes if note.key_question == q.id] for q in standard.key_questions},
        "gaps": shown.gaps(standard, kinds),
        "weighed": weighed[standard.id],
        "disputed": disputed(framework, weighed, said).get(standard.id, ()),
        "characteristics": packs.pack_of(inspection).ratings.characteristics,
        "earlier": [(one, rests.get(one.pk, [])) for one in reversed(earlier)],
        "views": said.views_on(standard.id),
        "from_cases": [(one, rating.slug) for one, rating in from_cases],
        "correlation": correlation(earlier[-1].scale, from_cases) if earlier else "",
        "sitting": here,
    }


@access.needs("evidence.weigh")
def weigh_evidence(request: HttpRequest, inspection: Inspection, standard: str, note: UUID) -> HttpResponse:
    """The lead, and the chair in the panel, mark one piece of domain one evidence; earlier marks stay."""
    found = next((one for one in domain_one_standards(inspection) if one.id == standard), None)
    if found is None:
        raise Http404
    questions = [question.id for question in found.key_questions]
    piece: Any = get_object_or_404(noted(inspection), key_question__in=questions, public_id=note)
    before = {"validity": piece.validity, "source": piece.reliability, "impact": piece.impact}
    form = Weighing(request.POST or None, initial=before)
    if form.is_valid():
        try:
            panel_room_actions.weigh_evidence(
                inspection=inspection, note=piece, by=access.person(request), **form.cleaned_data
            )
            messages.success(request, "The piece of evidence is marked.")
            return redirect("propose", inspection.public_id, standard)
        except panel_room_actions.CannotRecord as refusal:
            form.add_error(None, str(refusal))
    history = piece.weighings.select_related("by")
    context = {"form": form, "note": piece, "standard": found, "history": history}
    return render(request, "ratings/weigh_evidence.html", context)


@access.needs("view.record")
def record_view(request: HttpRequest, inspection: Inspection, subject: str) -> HttpResponse:
    """Somebody holds another view on a rating: on domain one at any time, on a key question before the panel."""
    user, here = access.person(request), sitting(inspection)
    sits = here is not None and access.may(user, "panel.sit", inspection)
    holders = {str(user.pk): user.name}
    if here and access.may(user, "panel.decide", inspection):
        holders |= {str(one.pk): one.name for one in here.members}
    offered = _offered(inspection, subject, sits=sits)
    form = OtherView(request.POST or None, offered=offered, holders=holders, initial={"holder": str(user.pk)})
    back = "panel_item" if sits else "propose"
    if form.is_valid():
        given = form.cleaned_data | {"holder": User.objects.get(pk=form.cleaned_data.get("holder") or user.pk)}
        try:
            panel_room_actions.record_view(inspection=inspection, subject=subject, by=user, **given)
            messages.success(request, "The view is recorded. It changes no rating.")
            return redirect(back, inspection.public_id, subject)
        except panel_room_actions.CannotRecord as refusal:
            form.add_error(None, str(refusal))
    return render(request, "ratings/record_view.html", {"form": form, "subject": subject, "place": back})


def _offered(inspection: Inspection, subject: str, *, sits: bool) -> list[Rating]:
    """The ratings that a view may hold: any in domain one, and for who sits on the panel what discretion reaches."""
    if subject in {one.id for one in domain_one_standards(inspection)}:
        return list(Rating)
    framework = packs.pack_of(inspection).framework(inspection.kind)
    if not sits or not framework.has_key_question(subject) or framework.standard_of(subject).source != "cases":
        raise Http404
    cases, said = case_set(inspection), record(inspection)
    stands = as_decided(cases, said).key_question(subject).rating
    follow = room.consequences(cases, said, subject)
    offered = [Rating.from_slug(one.rating) for one in follow if not one.refusal]
    found = [rating for rating in offered if rating is not stands]
    if not found:
        raise Http404
    return found
