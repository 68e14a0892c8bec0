"""Chapter 6.8: pages of alerts: raise one, the list, one alert with its timeline, and each step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspectorate.audit import clock
from inspectorate.design.addresses import reverse
from inspectorate.documents.files import WrongFile
from inspectorate.fieldwork import alert_actions as actions
from inspectorate.fieldwork import alert_forms as shapes
from inspectorate.fieldwork import alerts, concerns, device, interview_actions, interviews
from inspectorate.fieldwork.models import Alert, AlertStep, OfficerInterview
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection

# Step of the address -> title of its page, form, action, what is said afterwards.
STEPS: dict[str, tuple[str, type[forms.Form], Callable[..., AlertStep], str]] = {
    "acknowledge": (
        "Acknowledge the alert", shapes.AcknowledgeForm, actions.acknowledge, "You have acknowledged the alert.",
    ),
    "tell": ("Tell an organisation", shapes.TellForm, actions.tell_organisation, "It is recorded who was told."),
    "action": ("What the organisation did", shapes.ActionForm, actions.note_action, "The action is recorded."),
    "assure": ("Assurance with evidence", shapes.AssureForm, actions.assure, "The assurance is recorded."),
    "close": ("Close the alert", shapes.CloseForm, actions.close_alert, "The alert is closed."),
    "again": ("Open the alert again", shapes.AgainForm, actions.open_alert_again, "The alert is open again."),
}  # fmt: skip


@access.needs("alert.raise")
def alert_list(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The alerts that this person may see: what is open first, danger to life and offences before the rest."""
    context = {
        "rows": alerts.listed(access.person(request), inspection),
        "follows": access.may(access.person(request), "alert.follow", inspection),
    }
    return render(request, "fieldwork/alerts.html", context)


@access.needs("alert.raise")
def raise_alert(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The form of an alert; `case` in the address or in the form names the case it is about. Sent twice it is one.

    A page that kept the alert until it could send it asks for JSON: it is told the address of the alert, or what is
    wrong. `owner` says who wrote it; from another person's session it is not taken.
    """
    user = access.person(request)
    waited = request.headers.get("Accept") == "application/json"
    if waited and request.POST.get("owner") != str(user.public_id):
        return JsonResponse({"error": device.ANOTHER, "signed_in": user.name}, status=403)
    case = concerns.named_case(user, inspection, request.POST.get("case") or request.GET.get("case", ""))
    form = shapes.AlertForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = actions.raise_alert(inspection=inspection, case=case, public_id=given.pop("id"), by=user, **given)
        except actions.OtherAlert as refusal:
            form.add_error(None, str(refusal))
        else:
            address = reverse("alert", inspection.public_id, made.public_id)
            if waited:
                return JsonResponse({"alert": address})
            messages.success(request, "The alert is raised. Those who have to act on it have been told that it waits.")
            return redirect(address)
    if waited:
        wrong = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return JsonResponse({"error": wrong}, status=400)
    return render(request, "fieldwork/raise_alert.html", {"form": form, "case": case})


def _alert(request: HttpRequest, inspection: Inspection, alert: UUID) -> Alert:
    found = get_object_or_404(alerts.visible(access.person(request), inspection), public_id=alert)
    found.inspection = inspection
    return found


@access.needs("alert.raise", personal="an alert")
def alert(request: HttpRequest, inspection: Inspection, alert: UUID) -> HttpResponse:
    """One alert: what may happen, what was done so far, whose turn it is, and what can be done now."""
    user = access.person(request)
    found = _alert(request, inspection, alert)
    steps = list(found.steps.select_related("by", "document"))
    row = alerts.followed(found, alerts.holders([inspection]), steps)
    context: dict[str, Any] = {
        "row": row,
        "alert": found,
        "steps": steps,
        "roles": {one.role: packs.pack_of(inspection).roles.role(one.role).title for one in _line(inspection)},
        "offered": _offered(request, inspection, row),
        "lacks": rules.why_not_close(str(found.by.pk), row.steps, str(user.pk)),
        "unsealed": interviews.unsealed(found) if found.broken else (),  # type: ignore[attr-defined]
        "follows": access.may(user, "alert.follow", inspection),
        "now": clock.now(),
    }
    return render(request, "fieldwork/alert.html", context)


def _line(inspection: Inspection) -> tuple[rules.InLine, ...]:
    return packs.pack_of(inspection).fieldwork.alerts.line


def _offered(request: HttpRequest, inspection: Inspection, row: alerts.Followed) -> list[str]:
    """The steps that this person can take now, in their order."""
    user = access.person(request)
    raiser, me = str(row.alert.by.pk), str(user.pk)
    if not row.is_open:
        return ["again"]
    if not access.may(user, "alert.follow", inspection):
        return []
    found = ["acknowledge"] if not rules.why_not_acknowledge(raiser, row.steps, me) else []
    found += ["tell", "action", "assure"]
    return found + ([] if rules.why_not_close(raiser, row.steps, me) else ["close"])


@access.needs("alert.raise", personal="an alert")
def alert_step(request: HttpRequest, inspection: Inspection, alert: UUID, step: str) -> HttpResponse:
    """The page of one step, and its saving. Whoever raised an alert may open it again; the rest is for those who
    follow it."""
    found = _alert(request, inspection, alert)
    if step not in STEPS or not (step == "again" or access.may(access.person(request), "alert.follow", inspection)):
        raise Http404
    title, shape, action, done = STEPS[step]
    more: dict[str, Any] = {"rules": packs.pack_of(inspection).fieldwork.alerts} if shape is shapes.TellForm else {}
    form = shape(request.POST if request.method == "POST" else None, request.FILES or None, **more)
    if form.is_valid():
        try:
            action(alert=found, by=access.person(request), **form.cleaned_data)
            messages.success(request, done)
            return redirect("alert", inspection.public_id, found.public_id)
        except actions.NotNow as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        except WrongFile as refusal:
            form.add_error("upload", str(refusal))
    return render(request, "fieldwork/alert_step.html", {"alert": found, "form": form, "title": title, "step": step})


@access.needs("interview.read", personal="an officer interview")
def break_seal(request: HttpRequest, inspection: Inspection, alert: UUID) -> HttpResponse:
    """Shows chosen fields of the officer interview of an alert's case to the readers of the alert, with a reason."""
    found = _alert(request, inspection, alert)
    newest = (
        OfficerInterview.objects.filter(case=found.case).select_related("case", "by").last() if found.case else None
    )
    if newest is None:
        raise Http404
    newest.case.inspection = inspection
    there = interviews.said(newest)
    form = shapes.SealForm(request.POST or None, there=[(one.field, one.title) for one in there])
    if form.is_valid():
        fields, reason = form.cleaned_data["fields_shown"], form.cleaned_data["reason"]
        try:
            interview_actions.break_seal(
                alert=found, interview=newest, fields=fields, reason=reason, by=access.person(request)
            )
            messages.success(request, "The readers of this alert now see what you chose. Your reason stands beside it.")
            return redirect("alert", inspection.public_id, found.public_id)
        except interview_actions.SealStays as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "fieldwork/break_seal.html", {"alert": found, "interview": newest, "said": there, "form": form}
    )
