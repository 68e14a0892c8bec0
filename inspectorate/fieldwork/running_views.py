"""Chapters 6.4 to 6.10: how far the fieldwork is, its sites and meetings, weekly returns, welfare and the closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.design import charts
from inspectorate.fieldwork import running_actions
from inspectorate.fieldwork.models import MeetingRecord, Site, WelfareNote
from inspectorate.fieldwork.running_forms import Answer, Day, Meeting, NewSite, SiteLines, Welfare
from inspectorate.methodology import scheduling
from inspectorate.methodology.pack import Pack
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight

GROUP_FORMS = ("focus-group",)
Refused = (
    running_actions.NotADay,
    running_actions.NotAWeek,
    running_actions.SiteThere,
    running_actions.UnknownItem,
    running_actions.Answered,
)


@access.needs("fieldwork.view")
def progress(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """How far the cases are by list, person and office; what the team said at the end of each day."""
    return _progress(request, inspection)


def _progress(request: HttpRequest, inspection: Inspection, wrong: Form | None = None) -> HttpResponse:
    pack = packs.pack_of(inspection)
    titles = {one.id: one.title for one in pack.sampling.lists}
    found = running_actions.progress(inspection, titles, Sight(access.person(request), inspection))
    days: dict[Any, Any] = {}
    for one in inspection.day_meetings.select_related("by"):
        days[one.day] = one
    begun = min(pack.timeline.fieldwork_weeks, max(0, (clock.today() - inspection.fieldwork).days // 7 + 1))
    context = {
        "pictures": [_picture(title, found[key]) for key, title in GROUPS],
        "days": [days[day] for day in sorted(days, reverse=True)],
        "returns": list(inspection.weekly_returns.select_related("by")),
        "begun": range(1, begun + 1),
        "closing": _closing(pack, inspection),
        "titles": titles,
        "day_form": wrong or Day(initial={"day": clock.today()}),
        "form": wrong,
    }
    return render(request, "fieldwork/progress.html", context, status=422 if wrong else 200)


GROUPS = (("list", "By list"), ("person", "By inspector"), ("office", "By office"))


def _picture(title: str, found: list[running_actions.Done]) -> charts.StackedBar:
    rows = [(one.name, [one.submitted, one.begun - one.submitted, one.given - one.begun]) for one in found]
    return charts.stacked_bar(f"Cases {title.lower()}", ["Submitted", "Begun", "Not begun"], rows)


def _closing(pack: Pack, inspection: Inspection) -> list[tuple[Any, Any]]:
    done = {one.item: one for one in inspection.closing_items.select_related("by")}
    return [(item, done.get(item.id)) for item in pack.fieldwork.running.closing]


@access.needs("fieldwork.run")
@require_POST
def record_day(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Records the talk at the end of a day."""
    form = Day(request.POST)
    if form.is_valid():
        try:
            running_actions.record_day(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The meeting is recorded.")
            return redirect("fieldwork_progress", inspection.public_id)
        except Refused as refusal:
            form.add_error("day", str(refusal))
    return _progress(request, inspection, form)


@access.needs("fieldwork.run")
@require_POST
def return_week(request: HttpRequest, inspection: Inspection, week: int) -> HttpResponse:
    """Returns the cases inspected by now to the administrator and the data team."""
    try:
        running_actions.return_week(inspection=inspection, week=week, by=access.person(request))
        messages.success(request, f"Week {week} is returned.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fieldwork_progress", inspection.public_id)


@access.needs("fieldwork.run")
@require_POST
def close_item(request: HttpRequest, inspection: Inspection, item: str) -> HttpResponse:
    """Ticks a line of the closing checklist."""
    try:
        note = request.POST.get("note", "")[:300]
        running_actions.close_item(inspection=inspection, item=item, note=note, by=access.person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fieldwork_progress", inspection.public_id)


@access.needs("welfare.note")
def welfare(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """A note to the deputy lead inspector; one's own notes with the answers, for the deputy all of them."""
    user = access.person(request)
    reads = access.may(user, "welfare.answer", inspection)
    form = Welfare(request.POST or None)
    if form.is_valid():
        running_actions.note_welfare(inspection=inspection, text=form.cleaned_data["text"], by=user)
        messages.success(request, "The deputy lead inspector has your note.")
        return redirect("welfare", inspection.public_id)
    notes = running_actions.open_notes(inspection)
    context = {"notes": list(notes if reads else notes.filter(by=user)), "reads": reads, "form": form}
    return render(request, "fieldwork/welfare.html", context, status=422 if form.errors else 200)


@access.needs("welfare.answer")
@require_POST
def answer_welfare(request: HttpRequest, inspection: Inspection, note: int) -> HttpResponse:
    """The deputy answers a note on welfare."""
    found = get_object_or_404(WelfareNote, inspection=inspection, pk=note)
    form = Answer(request.POST)
    try:
        if form.is_valid():
            running_actions.answer_welfare(note=found, answer=form.cleaned_data["answer"], by=access.person(request))
        else:
            messages.error(request, "Enter the answer, in at most 5,000 characters.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("welfare", inspection.public_id)


@access.needs("fieldwork.view")
def sites(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The places where the team works, and what is not settled there yet."""
    return _sites(request, inspection)


def _sites(request: HttpRequest, inspection: Inspection, wrong: Form | None = None) -> HttpResponse:
    inspectors = _inspectors(inspection)
    found = []
    for site in inspection.sites.prefetch_related("checks"):
        site.inspection = inspection
        states = {(check.item, check.inspector_id): check.state for check in site.checks.all()}
        lines = running_actions.lines_of(site, inspectors)
        known = [states.get((item.id, one.pk if one else None), "open") for _, item, one in lines]
        found.append((site, known.count("ready"), known.count("problem"), len(lines)))
    context = {"sites": found, "site_form": wrong or NewSite(), "form": wrong}
    return render(request, "fieldwork/sites.html", context, status=422 if wrong else 200)


def _inspectors(inspection: Inspection) -> list[User]:
    """Those who judge cases there, by name. One query."""
    pack = packs.pack_of(inspection)
    roles = [role.id for role in pack.roles.holders_of("case.judge")]
    held = inspection.memberships.filter(role__in=roles, ended_at=None).values("user")
    return list(User.objects.filter(pk__in=held).order_by("name"))


@access.needs("fieldwork.run")
@require_POST
def add_site(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Adds a place where the team works."""
    form = NewSite(request.POST)
    if form.is_valid():
        try:
            site = running_actions.add_site(inspection=inspection, by=access.person(request), **form.cleaned_data)
            return redirect("site", inspection.public_id, site.public_id)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    return _sites(request, inspection, form)


@access.needs("fieldwork.view")
def site(request: HttpRequest, inspection: Inspection, site: UUID) -> HttpResponse:
    """One site: how each of its lines stands, and the form for those who keep it."""
    found = _site(inspection, site)
    return _site_page(request, found, *_lines(found))


def _site(inspection: Inspection, public_id: UUID) -> Site:
    found = get_object_or_404(inspection.sites, public_id=public_id)
    found.inspection = inspection
    return found


def _lines(found: Site) -> tuple[list[Any], list[User]]:
    inspectors = _inspectors(found.inspection)
    stands = running_actions.standing(found)
    lines = []
    for key, item, inspector in running_actions.lines_of(found, inspectors):
        check = stands.get(key)
        title = f"{item.title}, {inspector.name}" if inspector else item.title
        lines.append((key, title, check.state if check else "open", check.note if check else "", check))
    return lines, inspectors


def _site_page(request: HttpRequest, found: Site, lines: list[Any], inspectors: list[User]) -> HttpResponse:
    form = SiteLines(lines=[line[:4] for line in lines])
    rows = [(line, form[f"state-{line[0]}"], form[f"note-{line[0]}"]) for line in lines]
    return render(request, "fieldwork/site.html", {"site": found, "rows": rows})


@access.needs("fieldwork.run")
@require_POST
def check_site(request: HttpRequest, inspection: Inspection, site: UUID) -> HttpResponse:
    """Notes how the lines of a site stand."""
    found = _site(inspection, site)
    lines, inspectors = _lines(found)
    form = SiteLines(request.POST, lines=[line[:4] for line in lines])
    if form.is_valid():
        changed = running_actions.check_site(
            site=found, states=form.given(), inspectors=inspectors, by=access.person(request)
        )
        messages.success(request, f"Noted. {changed} lines changed.")
    else:
        messages.error(request, "A note holds at most 300 characters. Nothing was changed.")
    return redirect("site", inspection.public_id, site)


@access.needs("meeting.record")
def meetings(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Meetings as they were held, with what was wrong with their composition; and a new one."""
    pack = packs.pack_of(inspection)
    core = scheduling.core_meetings(pack.meetings, inspection.kind)
    form = Meeting(request.POST or None, meetings=[(one.id, one.title) for one in core])
    if form.is_valid():
        running_actions.record_meeting(inspection=inspection, by=access.person(request), **form.cleaned_data)
        messages.success(request, "The meeting is recorded.")
        return redirect("meetings", inspection.public_id)
    held = list(inspection.meeting_records.select_related("by"))
    groups = {one.id for one in core if one.form in GROUP_FORMS}
    context = {
        "held": [(one, _faults(pack, one, groups)) for one in reversed(held)],
        "open": [one for one in core if one.id not in {record.meeting for record in held}],
        "form": form,
    }
    return render(request, "fieldwork/meetings.html", context, status=422 if form.errors else 200)


def _faults(pack: Pack, one: MeetingRecord, groups: set[str]) -> list[str]:
    """What was not as a group meeting should be; nothing for a meeting of one person."""
    if one.meeting not in groups and (one.meeting or one.people < 2):
        return []
    found = list(
        scheduling.focus_group_faults(
            pack.meetings.group, one.people, minutes=one.minutes, with_managers=bool(one.line_managers)
        )
    )
    if one.same_grade is False:
        found.append("Several grades or roles were mixed; a group has one.")
    if one.private is False:
        found.append("It was not in private.")
    return found
