"""Chapter 6: the cases of an inspection, the form of one case with its autosave, and its submission."""

import json
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.audit.questions import Question
from inspectorate.fieldwork import actions, concerns, device, seconds, visible
from inspectorate.fieldwork.form import case_form
from inspectorate.fieldwork.models import Answer
from inspectorate.fieldwork.quality_actions import open_notes
from inspectorate.methodology.standards import Framework
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, SampledCase, standing

# The column of the domain two list that marks the cases of the victim sub-sample (Manual 4.2b, 6.1f).
VICTIM_CONTACT = "victim-contact"


def _case(request: HttpRequest, inspection: Inspection, case: UUID) -> Any:
    user = access.person(request)
    found = _case_of(
        user=user.pk,
        inspection=inspection.pk,
        case=case,
        **visible.sight(user, inspection),
        follows=access.may(user, "alert.follow", inspection),
        reads=access.may(user, "interview.read", inspection),
    )
    for one in found:
        one.inspection = inspection
        return seconds.show_own(one, user)
    raise Http404


@Question
def _case_of(
    *, user: int, inspection: int, case: UUID, every: bool, checks: bool, again: list[int], follows: bool, reads: bool
) -> QuerySet[Any]:
    about = concerns.counts(user=user, follows=follows, reads=reads)
    seen = visible.seen_by(user=user, inspection=inspection, every=every, checks=checks, again=again)
    found = visible.beside(seen, user).filter(public_id=case)
    asked: QuerySet[Any] = found.annotate(**about, dropping=_dropping(), open_notes=open_notes())
    return asked


def _dropping() -> Subquery:
    """What was decided of a case that should have been excluded: "" while it waits, None where nobody said so."""
    newest = DropOut.objects.filter(case=OuterRef("pk")).order_by("-pk")
    return Subquery(newest.values("decision")[:1])


@access.needs("case.view-allocated", personal="a list of cases")
def cases(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The cases of one list with who judges them and how far they are."""
    lists = [one for one in packs.pack_of(inspection).sampling.lists if inspection.kind in one.kinds]
    chosen = request.GET.get("list", lists[0].id)
    user = access.person(request)
    mine = visible.cases_of(user, inspection)
    second = seconds.held(user, inspection)
    theirs = Q(pk__in=[pk for pk, one in second.items() if one.own and one.own.submitted_at])
    submitted = theirs | Q(assessment__submitted_at__isnull=False) & ~Q(pk__in=second)
    counts = {
        row["case_list"]: row
        for row in standing(mine)
        .order_by()
        .values("case_list")
        .annotate(all=Count("pk"), done=Count("pk", filter=submitted))
        .annotate(**_returned(inspection))
    }
    rows = Sight(user, inspection).rows(seconds.show_own_rows(_rows(mine.filter(case_list=chosen)), user, inspection))
    context = {"lists": lists, "chosen": chosen, "counts": counts, "cases": rows}
    return render(request, "fieldwork/cases.html", context)


def _returned(inspection: Inspection) -> dict[str, Subquery]:
    """The week that was returned last as inspected, and when: for the data team, which has no page of the fieldwork
    (6.1d)."""
    newest = inspection.weekly_returns.order_by("-pk")
    return {"returned_week": Subquery(newest.values("week")[:1]), "returned_at": Subquery(newest.values("at")[:1])}


def _rows(found: Any) -> list[Any]:
    """What the list shows of each case, as plain rows: no object is made for it."""
    now = FilteredRelation("allocations", condition=Q(allocations__ended_at=None))
    shown = {
        "reference": F("case__reference"),
        "office": F("case__facts__office"),
        "unit_2": F("case__unit_2"),
        "limited": F("case__limited"),
        "inspector": F("current__inspector__name"),
        "started_at": F("assessment__started_at"),
        "submitted_at": F("assessment__submitted_at"),
        "victim": F(f"case__facts__{VICTIM_CONTACT}"),
        "dropping": _dropping(),
    }
    rows = found.annotate(current=now).annotate(**shown).order_by("number")
    return list(rows.values_list("number", "public_id", "file_read", *shown, named=True))


@access.needs("case.view-allocated", personal="a case")
def case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """One case: the form for its inspector while it is open, else what was answered. Without script it is one form."""
    found = _case(request, inspection, case)
    if not Sight(access.person(request), inspection).sees(found.case):
        return render(request, "fieldwork/limited_case.html", {"case": found})
    if request.method == "POST":
        return _save_page(request, found)
    return _case_page(request, found)


def _case_page(
    request: HttpRequest, found: Any, *, conflicts: Sequence[actions.OtherVersion] = (), missing: Any = None
) -> HttpResponse:
    assessment = getattr(found, "assessment", None)
    answers = _answers(assessment=assessment.pk) if assessment else ()
    locked = bool(assessment and assessment.submitted_at)
    personal = access.may(access.person(request), "personal.view", found.inspection)
    form = case_form(found, answers)
    left = found.dropping in LEFT_THE_SAMPLE
    context = {
        "case": found,
        "list": packs.pack_of(found.inspection).sampling.case_list(found.case_list),
        "sheet": form,
        "assessment": assessment,
        "editable": found.mine and not locked and not left,
        "locked": locked,
        "left": left,
        "drop_out": _drop_out(found),
        "may_report": found.dropping in (None, DropOut.Decision.KEPT) and _may_report(request, found),
        "victim": found.case.facts.get(VICTIM_CONTACT) == "yes",
        "open_notes": found.open_notes or 0,
        "conflicts": conflicts,
        "missing": missing,
        "titles": _titles(form.framework),
        "warnings": form.warnings(),
        "about": concerns.of_case(found, access.person(request)),
        "storage": device.storage(request),
        "columns": visible.columns(found, personal=personal),
        "leads_out": form.leads_out(found.case.facts),
        "reasons": _reasons(found),
    }
    return render(request, "fieldwork/case.html", context, status=409 if conflicts else 200)


@Question
def _answers(*, assessment: int) -> QuerySet[Answer]:
    return Answer.objects.filter(assessment=assessment)


def _may_report(request: HttpRequest, found: Any) -> bool:
    """Whether this person can say that the case should have been excluded: its inspector, and those who decide."""
    user, inspection = access.person(request), found.inspection
    decides = access.may(user, "substitute.decide", inspection)
    return access.may(user, "case.judge", inspection) and (found.mine or decides) and not found.again


def _drop_out(found: Any) -> DropOut | None:
    """The newest word that the case should have been excluded."""
    if found.dropping is None:
        return None
    said = found.drop_outs.select_related("found_by", "decided_by", "substitute").last()
    said.words = _reasons(found).get(said.reason, said.reason)
    return cast(DropOut, said)


def _reasons(found: SampledCase) -> dict[str, str]:
    its_list = packs.pack_of(found.inspection).sampling.case_list(found.case_list)
    return {reason.id: reason.text for reason in its_list.exclusions}


def _titles(framework: Framework) -> dict[str, str]:
    return {q.id: f"{q.id} {q.label}" for s in framework.standards for q in s.key_questions}


def _save_page(request: HttpRequest, found: SampledCase) -> HttpResponse:
    """Saves the fields of the page that differ from what was seen when it was opened."""
    changes = {
        field: (request.POST.get(field, ""), _number(request.POST.get(f"version:{field}")))
        for field in case_form(found).fields
        if f"version:{field}" in request.POST and request.POST.get(field, "") != request.POST.get(f"seen:{field}", "")
    }
    conflicts: list[actions.OtherVersion] = []
    try:
        conflicts = _save_changes(found, changes, access.person(request))
    except (actions.NotAllocated, actions.Locked, actions.BadAnswer) as refusal:
        messages.error(request, str(refusal))
        return redirect("case", found.inspection.public_id, found.public_id)
    if conflicts:
        return _case_page(request, _case(request, found.inspection, found.public_id), conflicts=conflicts)
    messages.success(request, "The server has confirmed your answers.")
    return redirect("case", found.inspection.public_id, found.public_id)


def _save_changes(found: SampledCase, changes: dict[str, tuple[str, int]], by: User) -> list[actions.OtherVersion]:
    """Saves all changes at once; where somebody was faster, the others one by one, and says which were not saved."""
    try:
        actions.save_answers(case=found, changes=changes, by=by)
        return []
    except actions.OtherVersion:
        conflicts = []
        for field, change in changes.items():
            try:
                actions.save_answers(case=found, changes={field: change}, by=by)
            except actions.OtherVersion as other:
                conflicts.append(other)
        return conflicts


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


@access.needs("case.judge")
@require_POST
def save_answer(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Saves one field as soon as it changes: JSON {field, value, version} in, {version, missing} or what stands out.
    Whose case it is, the action itself finds out."""
    found = get_object_or_404(SampledCase.objects.select_related("case"), inspection=inspection, public_id=case)
    found.inspection = inspection
    try:
        sent = json.loads(request.body)
        field, value, seen = str(sent["field"]), str(sent["value"]), int(sent["version"])
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": "Send field, value and version as JSON."}, status=400)
    try:
        version = actions.save_answer(case=found, field=field, value=value, seen=seen, by=access.person(request))
    except actions.OtherVersion as other:
        stands = {"error": str(other), "theirs": other.theirs, "version": other.version, "by": other.by}
        return JsonResponse(stands, status=409)
    except actions.Locked as refusal:
        return JsonResponse({"error": str(refusal)}, status=423)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    except actions.BadAnswer as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse({"field": field, "version": version})


@access.needs("case.judge", personal="a case")
@require_POST
def submit_case(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Submits and locks a complete case; what is missing is named."""
    found = _case(request, inspection, case)
    try:
        actions.submit_case(case=found, by=access.person(request))
    except actions.Incomplete as refusal:
        return _case_page(request, found, missing=refusal.missing)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    except (actions.Locked, actions.NotThisCase) as refusal:
        messages.warning(request, str(refusal))
        return redirect("case", inspection.public_id, case)
    messages.success(request, f"Case {found.number} is submitted and locked.")
    return redirect("cases", inspection.public_id)
