"""Pages across chapters: my work, an inspection from its home page, the year's programme, and the error pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.audit.models import Entry
from inspectorate.audit.questions import Question
from inspectorate.fieldwork import alerts, precision, seconds
from inspectorate.methodology import timeline
from inspectorate.overview import dropping, standing, year
from inspectorate.overview.context import reads_decision
from inspectorate.programme import access, packs, years
from inspectorate.programme.models import PANEL_DECIDED, Inspection
from inspectorate.scheduling.models import Allocation

LINES_A_PAGE = 50
AT_ONCE = 10
OF_A_SORT = 5


@access.needs(access.ANYONE)
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me, on every inspection on which I have a role; visitors are sent to sign in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    user = access.person(request)
    held, decided = _held(user)
    offices = [packs.current().roles.role(one.role).title for one in access.memberships(user) if not one.inspection]
    everywhere = Inspection.objects.for_user(user) if offices else list(held)
    waiting = year.waiting(everywhere, user=user, today=clock.today())
    doors = {one.public_id: _door(user, one) for one in {*held, *(one for one, _ in waiting)}}
    context = {
        "held": held,
        "offices": offices,
        "cases": seconds.with_own(_own_cases(user=user.pk, inspections=[one.pk for one in held]), user, held),
        "waiting": waiting[:AT_ONCE],
        "more": len(waiting[AT_ONCE:]),
        "dropping": dropping.waiting(user, held),
        "doors": doors,
        "decided": decided,
        "raises": {one.public_id for one in held if access.may(user, "alert.raise", one)},
        "alerts": alerts.waiting_for(user),
        "sees_programme": access.anywhere(user, "programme.view"),
    }
    return render(request, "overview/my_work.html", context)


def _held(user: User) -> tuple[dict[Inspection, list[str]], set[UUID]]:
    """The inspections on which a person has roles, with their titles, and those whose decision they read now."""
    held: dict[Inspection, list[str]] = {}
    decided = set()
    for one in access.memberships(user):
        if one.inspection and access.roles_on(user, one.inspection):
            title = packs.pack_of(one.inspection).roles.role(one.role).title
            held.setdefault(one.inspection, []).append(title)
            if reads_decision(user, one.inspection, one.decision_opens_at):  # type: ignore[attr-defined]
                decided.add(one.inspection.public_id)
    return held, decided


@Question
def _own_cases(*, user: int, inspections: list[int]) -> QuerySet[Any]:
    own = Allocation.objects.filter(inspector=user, ended_at=None, case__inspection__in=inspections)
    return own.select_related("case__inspection__body", "case__assessment")


def _door(user: User, inspection: Inspection) -> str:
    """The page of an inspection that is open to a person whatever the day: its home, else the cases, else none."""
    if access.may(user, "plan.view", inspection):
        return reverse("inspection", args=[inspection.public_id])
    if access.may(user, "case.view-allocated", inspection):
        return reverse("cases", args=[inspection.public_id])
    return ""


@access.needs("programme.view")
def programme(request: HttpRequest) -> HttpResponse:
    """The year's programme: every inspection as a bar over twelve months with its table, and the bodies without one."""
    asked = request.GET.get("year", "")
    start = years.asked_for(asked, clock.today())
    inspections = list(
        Inspection.objects.for_user(access.person(request)).filter(
            fieldwork__gte=years.first_day(start), fieldwork__lt=years.first_day(start + 1)
        )
    )
    context = {
        "start": start,
        "inspections": inspections,
        "picture": year.picture(inspections, start, clock.today()),
        "bodies": year.bodies(inspections),
        "may_plan": access.anywhere(access.person(request), "programme.plan"),
        "may_compare": access.anywhere(access.person(request), "ratings.compare"),
        "may_replay": access.anywhere(access.person(request), "ratings.replay"),
    }
    return render(request, "overview/programme.html", context)


@access.needs("plan.view")
def inspection_home(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Where an inspection stands: what this person does next, what is late with others and what comes after."""
    found = _tasks(request, inspection)
    week = timeline.week_of(inspection.fieldwork, clock.today(), packs.pack_of(inspection).timeline)
    done = sum(1 for task in found if task.done_at)
    still = [] if inspection.stopped_at else [task for task in found if not task.done_at]
    context = {
        "phases": standing.by_phase(found),
        "week": week,
        "phase": standing.PHASES[timeline.phase_of(week)],
        "late": sum(1 for task in still if task.late),
        "mine": _first(task for task in still if task.mine),
        "others_late": _first(task for task in still if task.late and not task.mine),
        "others_next": _first(task for task in still if not task.late and not task.mine),
        "cases": _cases_to_judge(request, inspection),
        "held": _held_now(request, inspection),
        "done": done,
        "may_stop": access.may(access.person(request), "programme.plan", inspection)
        and bool(still)
        and not any(task.event == PANEL_DECIDED["event"] and task.done_at for task in found),
        "of": len(found),
    }
    return render(request, "overview/inspection_home.html", context)


def _first(found: Iterable[standing.Task]) -> tuple[list[standing.Task], int]:
    """As many tasks as a list shows at once, and how many there are beyond."""
    every = list(found)
    return every[:OF_A_SORT], len(every[OF_A_SORT:])


def _cases_to_judge(request: HttpRequest, inspection: Inspection) -> int:
    """How many cases are allocated to this person and not submitted."""
    user = access.person(request)
    if not access.may(user, "case.judge", inspection):
        return 0
    return Allocation.objects.filter(
        inspector=user, ended_at=None, case__inspection=inspection, case__assessment__submitted_at=None
    ).count()


def _held_now(request: HttpRequest, inspection: Inspection) -> list[precision.Held]:
    """From the first day of fieldwork on, what the margins still need, for those who watch over them (Manual A1b)."""
    user = access.person(request)
    watches = access.may(user, "longlist.view", inspection) and access.is_inspectorate(user, inspection)
    return precision.held_now(inspection) if watches and inspection.fieldwork <= clock.today() else []


@access.needs("plan.view")
def weeks(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The plan week by week, from week -11 to week +19."""
    found = _tasks(request, inspection)
    week = timeline.week_of(inspection.fieldwork, clock.today(), packs.pack_of(inspection).timeline)
    return render(request, "overview/weeks.html", {"weeks": standing.by_week(found), "week": week})


def _tasks(request: HttpRequest, inspection: Inspection) -> list[standing.Task]:
    user = access.person(request)
    return standing.tasks(
        inspection,
        roles=access.roles_on(user, inspection),
        rights=access.rights_on(user, inspection),
        today=clock.today(),
    )


@access.needs("audit.view")
def audit_trail(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Who did, and who looked at, what and when on this inspection; newest first."""
    before = request.GET.get("before", "")
    lines = Entry.objects.filter(chain=inspection.chain).order_by("-number")
    if before.isdigit():
        lines = lines.filter(number__lt=int(before))
    page = list(lines[: LINES_A_PAGE + 1])
    older = page[LINES_A_PAGE - 1].number if len(page) > LINES_A_PAGE else None
    return render(request, "overview/audit_trail.html", {"lines": page[:LINES_A_PAGE], "older": older})


@access.needs(access.ANYONE)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and forbidden look the same: nothing on the page is of the inspection in its address."""
    request.inspection = None  # type: ignore[attr-defined]
    return render(request, "404.html", status=404)


@access.needs(access.ANYONE)
def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent from a page that had expired; nothing was changed."""
    return render(request, "403_csrf.html", status=403)


@access.needs(access.ANYONE)
def something_went_wrong(request: HttpRequest) -> HttpResponse:
    """A failure is the system's fault; the page needs neither database nor session."""
    return render(request, "500.html", status=500)
