"""Chapter 3: pages of the announcement, the project plan and its conflicts, and the planning meeting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from inspectorate.documents.files import KINDS
from inspectorate.methodology import planning
from inspectorate.methodology.timeline import YearNotKnown
from inspectorate.planning import actions, calendar_files
from inspectorate.planning.forms import AnswerForm, CallForm, ConcernForm, DivisionForm, MeetingForm, PartnersForm
from inspectorate.planning.models import AnnouncementCall, DateConcern, PlanIssue
from inspectorate.programme import access, packs
from inspectorate.programme.actions import AlreadyDone
from inspectorate.programme.models import Inspection

CALENDAR = "text/calendar; charset=utf-8"


@access.needs("inspection.view")
def announce(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The record of the announcement call: its form before, what was agreed after."""
    may = access.may(access.person(request), "announcement.record", inspection)
    if request.method == "POST" and not may:
        raise Http404
    if inspection.announced_at:
        return _announced(request, inspection)
    form = CallForm(request.POST or None)
    if form.is_valid():
        try:
            actions.announce(
                inspection=inspection,
                call=_call(form),
                partners=form.cleaned_data["partners"],
                by=access.person(request),
            )
            messages.success(request, "The inspection is announced and the announcement letter is written.")
            return redirect("announce", inspection.public_id)
        except actions.ReasonNeeded as refusal:
            form.add_error("reason", str(refusal))
        except actions.WrongLinkManager as refusal:
            form.add_error("link_manager_email", str(refusal))
        except (actions.NotYetHeld, actions.AlreadyAnnounced, YearNotKnown) as refusal:
            form.add_error(None, str(refusal))
    rule = packs.pack_of(inspection).evidence.announcement
    context = {"form": form, "may": may, "days": actions.call_days(inspection), "covers": rule.covers}
    return render(request, "planning/announce.html", context)


def _call(form: CallForm) -> actions.Call:
    names = ("spoke_to", "position", "link_manager_name", "link_manager_email", "agreed", "reason")
    given = {name: form.cleaned_data[name] for name in names}
    return actions.Call(called_at=form.called_at(), planning_meeting_at=form.planning_meeting_at(), **given)


def _announced(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    if request.method == "POST":
        messages.error(request, "This inspection was announced already. Nothing was changed.")
        return redirect("announce", inspection.public_id)
    call = AnnouncementCall.objects.filter(inspection=inspection).select_related("by", "letter").first()
    return render(request, "planning/announced.html", {"call": call, "form": PartnersForm()})


@access.needs("plan.issue")
@require_POST
def write_to_partners(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Writes letters to more partner organisations."""
    form = PartnersForm(request.POST)
    if form.is_valid():
        try:
            written = actions.write_to_partners(
                inspection=inspection, partners=form.cleaned_data["partners"], by=access.person(request)
            )
            messages.success(request, f"Letters written: {len(written)}.")
            return redirect("letters", inspection.public_id)
        except actions.NotAnnounced as refusal:
            form.add_error(None, str(refusal))
    call = AnnouncementCall.objects.filter(inspection=inspection).select_related("by", "letter").first()
    return render(request, "planning/announced.html", {"call": call, "form": form})


@access.needs("plan.issue")
def tell_division(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Writes to an NPS division that unpaid work is inspected in some of its cases; shows the letters so far."""
    planned = get_object_or_404(inspection.events, event=actions.DIVISION_TOLD)
    form = DivisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            letter = actions.tell_division(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The letter is written. Send it by e-mail or post.")
            return redirect("letter", inspection.public_id, letter.public_id)
        except actions.NotAnnounced as refusal:
            form.add_error(None, str(refusal))
    written = inspection.letters.filter(template=actions.DIVISION_LETTER).select_related("by")
    context = {"form": form, "written": written, "planned": planned}
    return render(request, "planning/tell_division.html", context, status=422 if form.errors else 200)


@access.needs("plan.view")
def project_plan(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The external project plan: for the body as issued, for the inspectorate with what has changed since."""
    inside = access.is_inspectorate(access.person(request), inspection)
    events = list(inspection.events.all())
    issue = inspection.plan_issues.select_related("by").first()
    now = calendar_files.issued(actions.plan_for_body(inspection, events))
    before = calendar_files.issued(issue.dates) if issue else []
    concerns = DateConcern.objects.filter(planned__inspection=inspection)
    titles = {event.id: event.title for event in packs.pack_of(inspection).timeline.events}
    asked = concerns.select_related("planned", "by", "answered_by")
    context = {
        "inside": inside,
        "issue": issue,
        "dates": now if inside and not issue else before,
        "changed": calendar_files.differences(before, now) if issue else [],
        "concerns": [(concern, titles[concern.planned.event]) for concern in asked],
        "open": {event.event for event in events if not event.done_at},
        "confirmation": next((e.date for e in events if e.event == "project-plan"), None),
    }
    return render(request, "planning/project_plan.html", context)


@access.needs("plan.issue")
@require_POST
def issue_plan(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Issues the plan as it stands."""
    try:
        actions.issue_project_plan(inspection=inspection, by=access.person(request))
        messages.success(request, "The project plan is issued.")
    except actions.NotAnnounced as refusal:
        messages.error(request, str(refusal))
    return redirect("project_plan", inspection.public_id)


def _newest_issue(inspection: Inspection) -> PlanIssue:
    issue = inspection.plan_issues.first()
    if issue is None:
        raise Http404
    return issue


@access.needs("plan.view")
def plan_calendar(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The issued plan for an electronic diary."""
    address = request.build_absolute_uri(reverse("project_plan", args=[inspection.public_id]))
    content = calendar_files.calendar(inspection, _newest_issue(inspection), address=address)
    return _download(content, CALENDAR, "project-plan.ics")


@access.needs("plan.view")
def plan_workbook(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The issued plan as a workbook."""
    content = calendar_files.workbook(_newest_issue(inspection))
    return _download(content, KINDS[".xlsx"].content_type, "project-plan.xlsx")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


@access.needs("evidence.give")
def raise_concern(request: HttpRequest, inspection: Inspection, event: str) -> HttpResponse:
    """Says that a date of the issued plan collides with something else."""
    entry = next((one for one in calendar_files.issued(_newest_issue(inspection).dates) if one.event == event), None)
    planned = get_object_or_404(inspection.events, event=event, done_at=None)
    if entry is None:
        raise Http404
    form = ConcernForm(request.POST or None)
    if form.is_valid():
        actions.raise_concern(planned=planned, what=form.cleaned_data["what"], by=access.person(request))
        messages.success(request, "The administrator and the lead inspector have your message.")
        return redirect("project_plan", inspection.public_id)
    return render(request, "planning/raise_concern.html", {"form": form, "planned": planned, "entry": entry})


@access.needs("plan.change")
def answer_concern(request: HttpRequest, inspection: Inspection, concern: UUID) -> HttpResponse:
    """Moves the date or keeps it."""
    found = DateConcern.objects.filter(planned__inspection=inspection).select_related("planned__inspection__body", "by")
    raised = get_object_or_404(found, public_id=concern)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer_concern(
                concern=raised, moved_to=given["moved_to"], reason=given["reason"], by=access.person(request)
            )
            messages.success(request, "The answer is sent.")
            return redirect("project_plan", inspection.public_id)
        except (actions.AlreadyAnswered, AlreadyDone, YearNotKnown) as refusal:
            form.add_error(None, str(refusal))
    events = packs.pack_of(inspection).timeline.events
    title = next(event.title for event in events if event.id == raised.planned.event)
    return render(request, "planning/answer_concern.html", {"form": form, "concern": raised, "event_title": title})


@access.needs("plan.view")
def planning_meeting(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Agenda and minutes of the telephone planning meeting."""
    rule = packs.pack_of(inspection).evidence.planning_meeting
    context: dict[str, Any] = {
        "agenda": planning.agenda(rule.agenda, inspection.kind),
        "planned": inspection.events.filter(event="telephone-planning-meeting").first(),
        "meetings": inspection.planning_meetings.select_related("by"),
        "inside": access.is_inspectorate(access.person(request), inspection),
    }
    return render(request, "planning/planning_meeting.html", context)


@access.needs("announcement.record")
def record_planning_meeting(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The form of the minutes."""
    pack = packs.pack_of(inspection)
    rule = pack.evidence.planning_meeting
    agenda = planning.agenda(rule.agenda, inspection.kind)
    form = MeetingForm(request.POST or None, agenda=agenda, attendees=rule.attendees, roles=pack.roles)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("present", "names", "tier_1", "tier_2")}
        try:
            actions.record_planning_meeting(
                inspection=inspection, held_at=form.held_at(), notes=form.notes(), by=access.person(request), **given
            )
            for role in planning.missing_attendees(rule, given["present"]):
                messages.warning(request, f"{pack.roles.role(role).title} is expected at this meeting.")
            messages.success(request, "The minutes are kept and the inspected body can read them.")
            return redirect("planning_meeting", inspection.public_id)
        except (actions.NotAnnounced, actions.NotYetHeld) as refusal:
            form.add_error(None, str(refusal))
    return render(request, "planning/record_planning_meeting.html", {"form": form})
