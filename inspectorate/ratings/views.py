"""Chapter 7.1 and 7.2: indicative ratings and the cases behind them, proposals, the ratings panel, its decision."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.audit import clock
from inspectorate.design import charts
from inspectorate.methodology.ratings import PanelChangeRefusedError, RatingFaultsError, sub_sample
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings import actions, comparing, room, shown, verified
from inspectorate.ratings.consolidation import case_set
from inspectorate.ratings.forms import Attending, Closing, Deciding, Issue
from inspectorate.ratings.members import candidates
from inspectorate.ratings.models import Decision, IndicativeIssue
from inspectorate.ratings.precedents import elsewhere
from inspectorate.ratings.sitting import (
    Record,
    Sitting,
    as_decided,
    as_proposed,
    overtaken,
    panel_rules,
    record,
    sitting,
    undecided,
)
from inspectorate.ratings.weighing import (
    balances,
    correlation,
    disputed,
    domain_one_standards,
    noted,
    ratings_from_cases,
)
from inspectorate.ratings.who_sees import may_see_ratings
from inspectorate.sampling.limited import may_read

# What of the panel's page has to be empty before the decision can be locked.
STANDS_IN_THE_WAY = ("quorum_missing", "undecided", "missing", "overtaken")


def _framework(inspection: Inspection) -> Framework:
    return packs.pack_of(inspection).framework(inspection.kind)


def _newest_issue(inspection: Inspection) -> IndicativeIssue | None:
    return inspection.indicative_issues.select_related("by").last()


def _says_faults(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of figures that says which answers cannot be counted, where there are such."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RatingFaultsError as error:
            return render(request, "ratings/cannot_be_counted.html", {"faults": error.faults}, status=409)

    return guarded


@access.needs("ratings.indicative")
@_says_faults
def indicative_ratings(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Every standard and key question with its figures, so far or as issued."""
    return _indicative(request, inspection, Issue())


def _indicative(request: HttpRequest, inspection: Inspection, form: Issue) -> HttpResponse:
    if not may_see_ratings(access.person(request), inspection):
        return render(request, "ratings/not_issued.html")
    issue, said, cases = _newest_issue(inspection), record(inspection), case_set(inspection)
    result = as_proposed(cases, said)
    changed = issue is not None and issue.digest != cases.digest()
    lists = {one.id: one.title for one in packs.pack_of(inspection).sampling.lists}
    on = verified.stands_on(inspection, cases.cases)
    may_issue = access.may(access.person(request), "ratings.issue", inspection) and (changed or not issue)
    may_issue = may_issue and not inspection.stopped_at
    context = {
        "cases": cases,
        "so_far": [(lists[name], *counts) for name, counts in cases.so_far().items()],
        "result": result,
        "overall": shown.slug(result.overall),
        "missing": shown.missing_titles(cases.framework, result),
        "standards": shown.standards(cases, result, said.proposed()),
        "issue": issue,
        "changed": changed,
        "stands_on": on,
        "may_issue": may_issue and cases.submitted and on and not on.changes,
        "sign_first": may_issue and cases.submitted and not (on and not on.changes),
        "form": form,
    }
    return render(request, "ratings/indicative_ratings.html", context)


@access.needs("ratings.issue")
@require_POST
def issue(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The data team issues the verified data with its indicative ratings."""
    form = Issue(request.POST)
    if form.is_valid():
        try:
            actions.issue_indicative_ratings(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The indicative ratings are issued to the lead and deputy lead inspector.")
            return redirect("indicative_ratings", inspection.public_id)
        except actions.CannotIssue as refusal:
            form.add_error("reason", str(refusal))
    return _indicative(request, inspection, form)


@access.needs("ratings.indicative")
@_says_faults
def counted_cases(request: HttpRequest, inspection: Inspection, key_question: str) -> HttpResponse:
    """The cases behind the percentage of one key question."""
    framework = _framework(inspection)
    if not framework.has_key_question(key_question) or framework.standard_of(key_question).source != "cases":
        raise Http404
    if not may_see_ratings(access.person(request), inspection):
        raise Http404
    cases, question = case_set(inspection), framework.key_question(key_question)
    result = cases.rate(domain_one={})
    titles = {one.id: one.title for one in packs.pack_of(inspection).sampling.lists}
    rights = access.rights_on(access.person(request), inspection)
    limited_too = not any(one.limited for one in cases.cases) or may_read(access.person(request), inspection)
    context = {
        "question": shown.question_shown(
            cases.rules, question, result.key_question(key_question), over=sub_sample(framework, question)
        ),
        "rows": shown.behind(cases, question, titles, limited_too=limited_too),
        "may_open": {"case.view-all", "case.view-allocated"} <= rights,
    }
    return render(request, "ratings/counted_cases.html", context)


@access.needs("panel.sit")
@_says_faults
def panel(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The panel: what has to come first, or who sits, the agenda and what follows from the decisions so far."""
    here, said = sitting(inspection), record(inspection)
    may = access.may(access.person(request), "panel.decide", inspection) and not inspection.stopped_at
    if here is None:
        missing = actions.not_ready(inspection, said, _newest_issue(inspection))
        pack = packs.pack_of(inspection)
        chair = pack.roles.role(panel_rules(pack.ratings, inspection.kind).chair).title
        return render(request, "ratings/panel_ahead.html", {"missing": missing, "may_decide": may, "chair": chair})
    return render(request, "ratings/panel.html", _panel_context(inspection, here, said) | {"may_decide": may})


def _panel_context(inspection: Inspection, here: Sitting, said: Record) -> dict[str, Any]:
    pack, cases = packs.pack_of(inspection), case_set(inspection)
    before, after = as_proposed(cases, said), as_decided(cases, said)
    weighed = balances(cases.framework, noted(inspection))
    items = room.agenda(cases, said, weighed)
    rows = zip(shown.standards(cases, before), shown.standards(cases, after), strict=True)
    return {
        "sitting": here,
        "titles": {role.id: role.title for role in pack.roles.roles},
        "quorum": panel_rules(cases.rules, inspection.kind).quorum,
        "quorum_missing": here.missing(cases.rules, inspection.kind),
        "undecided": undecided(cases.framework, said),
        "overtaken": [one.subject for one in items if one.overtaken],
        "contestable": [one for one in items if one.contestable],
        "rest": [one for one in items if not one.contestable],
        "standards": list(rows),
        "before": before,
        "after": after,
        "overall_before": shown.slug(before.overall),
        "overall_after": shown.slug(after.overall),
        "missing": shown.missing_titles(cases.framework, after),
        "complete": cases.complete,
        "stands_on": verified.stands_on(inspection, cases.cases),
    }


@access.needs("panel.decide")
@require_POST
def open_panel(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The chair opens the panel."""
    try:
        actions.open_panel(inspection=inspection, by=access.person(request))
    except actions.PanelNotReady as refusal:
        for line in refusal.missing:
            messages.error(request, line)
        return redirect("panel", inspection.public_id)
    messages.success(request, "The ratings panel is open. Record who sits on it.")
    return redirect("attendance", inspection.public_id)


@access.needs("panel.decide")
def attendance(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The chair records who sits on the panel."""
    here = sitting(inspection)
    if here is None or here.locked or inspection.stopped_at:
        return redirect("panel", inspection.public_id)
    pack = packs.pack_of(inspection)
    rules = panel_rules(pack.ratings, inspection.kind)
    people, elsewhere = candidates(inspection)
    present = {(member.pk, member.role) for member in here.members}
    titles = {role.id: role.title for role in pack.roles.roles}
    form = Attending(request.POST or None, people=people, titles=titles)
    form.initial["members"] = [key for key, held in form.people.items() if (held.user_id, held.role) in present]
    if form.is_valid():
        try:
            actions.record_attendance(inspection=inspection, by=access.person(request), **form.cleaned_data)
            return redirect("panel", inspection.public_id)
        except (actions.NotAPanelMember, actions.PanelNotOpen) as refusal:
            form.add_error("members", str(refusal))
    context = {"form": form, "quorum": [titles[role] for role in rules.quorum], "elsewhere": elsewhere}
    return render(request, "ratings/attendance.html", context)


@access.needs("panel.sit")
@_says_faults
def panel_item(request: HttpRequest, inspection: Inspection, subject: str) -> HttpResponse:
    """One item of the agenda: a domain one standard or a key question, what follows from each rating, and the form."""
    here, said = sitting(inspection), record(inspection)
    question = _counted(inspection, subject)
    if here is None or not (question or subject in {one.id for one in domain_one_standards(inspection)}):
        raise Http404
    may = access.may(access.person(request), "panel.decide", inspection) and not inspection.stopped_at
    context = _item_context(inspection, here, said, subject)
    offered = [Rating.from_slug(one.rating) for one in context["consequences"] if not one.refusal]
    form = Deciding(request.POST or None, offered=offered)
    if request.method == "POST" and not may:
        raise Http404
    if form.is_valid() and _decided(request, inspection, subject, form, counted=question):
        return redirect("panel", inspection.public_id)
    return render(request, "ratings/panel_item.html", context | {"form": form, "may_decide": may})


def _counted(inspection: Inspection, subject: str) -> bool:
    framework = _framework(inspection)
    return framework.has_key_question(subject) and framework.standard_of(subject).source == "cases"


def _decided(request: HttpRequest, inspection: Inspection, subject: str, form: Deciding, *, counted: bool) -> bool:
    try:
        if counted:
            actions.use_discretion(
                inspection=inspection, key_question=subject, by=access.person(request), **form.cleaned_data
            )
        else:
            actions.decide_standard(
                inspection=inspection, standard=subject, by=access.person(request), **form.cleaned_data
            )
    except (actions.CannotDecide, actions.NoQuorum, actions.PanelNotOpen, PanelChangeRefusedError) as refusal:
        form.add_error("reason" if isinstance(refusal, actions.CannotDecide) else None, str(refusal))
        return False
    messages.success(request, f"The panel's decision on {subject} is recorded.")
    return True


def _item_context(inspection: Inspection, here: Sitting, said: Record, subject: str) -> dict[str, Any]:
    cases = case_set(inspection)
    framework, now = cases.framework, as_decided(cases, said)
    counted = framework.has_key_question(subject)
    standard = framework.standard_of(subject) if counted else framework.standard(subject)
    rows = next(one for one in shown.standards(cases, now) if one.standard.id == standard.id)
    proposal = said.proposed().get(subject)
    from_cases = ratings_from_cases(framework, now)
    notes = [] if counted else list(noted(inspection).filter(key_question__in=[q.id for q in standard.key_questions]))
    weighed = balances(framework, notes)
    others = elsewhere(inspection, cases, subject)
    return {
        "sitting": here,
        "subject": subject,
        "standard": rows,
        "question": next((one for one in rows.questions if one.question.id == subject), None),
        "notes": {q.id: [note for note in notes if note.key_question == q.id] for q in standard.key_questions},
        "weighed": weighed.get(subject),
        "disputed": disputed(framework, weighed, said).get(subject, ()) if notes else (),
        "from_cases": [] if counted else [(one, rating.slug) for one, rating in from_cases],
        "correlation": correlation(proposal.scale, from_cases) if proposal else "",
        "history": said.of(subject),
        "views": said.views_on(subject),
        "overtaken": subject in overtaken(cases, said),
        "proposal": proposal,
        "precedents": others.precedents,
        "place": others.place,
        "others": others.others,
        "among": comparing.said(others.place, others.others) if others.place else "",
        "points": cases.rules.discretion.points,
        "consequences": room.consequences(cases, said, subject),
        "quorum_missing": [
            packs.pack_of(inspection).roles.role(role).title for role in here.missing(cases.rules, inspection.kind)
        ],
    }


@access.needs("panel.decide")
def decide(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The chair writes the summary note and locks the decision."""
    here, said = sitting(inspection), record(inspection)
    if here is None or here.locked or inspection.stopped_at:
        return redirect("panel", inspection.public_id)
    context = _panel_context(inspection, here, said)
    if request.method == "GET" and any(context[what] for what in STANDS_IN_THE_WAY):
        return redirect("panel", inspection.public_id)
    form = Closing(request.POST or None, initial={"summary": shown.note(context["standards"], said)})
    if form.is_valid():
        try:
            actions.decide(inspection=inspection, by=access.person(request), **form.cleaned_data)
            messages.success(request, "The decision is locked. Nothing in it can be changed any more.")
            return redirect("decision", inspection.public_id)
        except (actions.CannotDecide, actions.NoQuorum, actions.PanelNotOpen) as refusal:
            form.add_error(None, str(refusal))
    return render(request, "ratings/decide.html", context | {"form": form, "chair": access.person(request).name})


@access.needs("decision.read")
def decision(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The panel's decision: for the inspectorate once it is locked, for the inspected body from its release on."""
    now, user = clock.now(), access.person(request)
    inside = access.is_inspectorate(user, inspection)
    readable = Decision.objects.for_reader(user, inspection, now).select_related("by")
    found = readable.first() if inside else get_object_or_404(readable)
    if found is None:
        return render(request, "ratings/no_decision.html")
    framework = _framework(inspection)
    told = inspection.events.filter(event=actions.RELEASE).select_related("done_by").first() if inside else None
    files = [one for one in found.files.select_related("document") if inside or one.kind == one.Kind.AGREED]
    context = {
        "decision": found,
        "files": files,
        "inside": inside,
        "rows": [(one, found.result["standards"][one.id]) for one in framework.standards if one.rated],
        "points": _points(framework, found),
        "titles": {role.id: role.title for role in packs.pack_of(inspection).roles.roles},
        "names": {one.id: f"{one.id} {one.title}" for one in framework.standards}
        | {one.id: f"{one.id} {one.label}" for standard in framework.standards for one in standard.key_questions},
        "told": told,
        "may_tell": inside
        and found.opens_at <= now
        and access.may(access.person(request), "decision.release", inspection),
    }
    return render(request, "ratings/decision.html", context)


def _points(framework: Framework, found: Decision) -> charts.StackedBar:
    scores = found.result["standards"]
    counts = [
        sum(scores[one.id]["score"] for one in framework.standards_in(domain.id) if one.scored)
        for domain in framework.domains
    ]
    names = [domain.title for domain in framework.domains]
    return charts.stacked_bar(
        f"Score: {found.total} of {found.maximum} points",
        [*names, "Not reached"],
        [("Points", [*counts, found.maximum - found.total])],
    )


@access.needs("decision.release")
@require_POST
def release_decision(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """The administrator tells the inspected body that the decision is there."""
    try:
        actions.release_decision(inspection=inspection, by=access.person(request))
        messages.success(request, "The inspected body is told that the decision is there.")
    except actions.NotReleased as refusal:
        messages.error(request, str(refusal))
    return redirect("decision", inspection.public_id)
