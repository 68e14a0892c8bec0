"""Chapters 1.4 and 6.7: who may read an officer interview, what an alert shows of it, and what is told of groups."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from inspectorate.accounts.models import User
from inspectorate.fieldwork.models import Alert, OfficerInterview
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import ListedCase, SampledCase
from inspectorate.scheduling.models import Allocation

VIEW = "_view"
FEEDBACK = "feedback"
FEEDBACK_TITLE = "Feedback given to the officer"
# With somebody; a file read has nobody who said anything.
TALKS = (OfficerInterview.Mode.FACE_TO_FACE, OfficerInterview.Mode.TELEPHONE, OfficerInterview.Mode.REPLACEMENT)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said under one heading, with the view that is counted."""

    field: str
    title: str
    view: str
    text: str


def rules_of(inspection: Inspection) -> rules.InterviewRules:
    """What the inspection's pack says of interviews."""
    return packs.pack_of(inspection).fieldwork.interviews


def readable(user: User, case: SampledCase) -> QuerySet[OfficerInterview]:
    """The interviews on a case that a person may read, the newest last: those held by this person, or, with the
    right to the seal, all. Manual 1.4b."""
    found = OfficerInterview.objects.filter(case=case).select_related("by")
    return found if access.may(user, "interview.read", case.inspection) else found.filter(by=user)


def belongs(case: SampledCase) -> bool:
    """Whether an interview belongs to the list of this case. Manual 6.7a."""
    return case.case_list in rules_of(case.inspection).lists


def may_hold(user: User, case: SampledCase) -> bool:
    """Whether an interview belongs to this list and the case is this person's now. Manual 6.7a."""
    return belongs(case) and Allocation.objects.filter(case=case, inspector=user, ended_at=None).exists()


def said(interview: OfficerInterview) -> tuple[Said, ...]:
    """What was said, heading by heading, leaving out those of which nothing was."""
    asked = rules_of(interview.case.inspection)
    views = {one.id: one.title for one in asked.views}
    evidence: Mapping[str, str] = interview.evidence
    rows = [
        Said(one.id, one.title, views.get(evidence.get(one.id + VIEW, ""), ""), evidence.get(one.id, ""))
        for one in asked.headings
    ]
    rows.append(Said(FEEDBACK, FEEDBACK_TITLE, "", interview.feedback))
    return tuple(row for row in rows if row.view or row.text)


def unsealed(alert: Alert) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """What the readers of an alert see of the interview: the named fields, with why, by whom and when. Manual 1.4b."""
    broken = alert.seals_broken.select_related("interview__case", "by")
    shown = []
    for one in broken:
        one.interview.case.inspection = alert.inspection
        fields = tuple(row for row in said(one.interview) if row.field in one.fields)
        shown.append((f"{one.by.name}, {one.at:%-d %B %Y}: {one.reason}", fields))
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class Held:
    """How many interviews were held in each way, and what can be told of what was said, by sites of which kind."""

    modes: tuple[tuple[str, int], ...]
    feedback: int
    told: rules.Aggregate
    sites: str


def in_aggregate(inspection: Inspection) -> Held:
    """Counts of the interviews of an inspection, each officer once, never of fewer than the least group. By office, or
    where the offices are too small by the smaller, then the larger units; by one of them only. Two queries. Manual
    1.4b."""
    every = OfficerInterview.objects.filter(case__inspection=inspection).select_related("case__case").order_by("pk")
    newest = list({one.case.pk: one for one in every}.values())
    modes = tuple((str(mode.label), sum(1 for one in newest if one.mode == mode)) for mode in OfficerInterview.Mode)
    feedback = sum(1 for one in newest if one.feedback_given)
    asked, names = rules_of(inspection), inspection.body.unit_names
    levels: tuple[tuple[str, Callable[[ListedCase], str]], ...] = (
        ("office", lambda case: str(case.facts.get("office", ""))),
        (names[2], lambda case: case.unit_2),
        (names[1], lambda case: case.unit_1),
    )
    for title, site_of in levels:
        told = rules.aggregate(asked, _officers(newest, site_of))
        if told.groups:
            return Held(modes, feedback, told, title)
    return Held(modes, feedback, told, "site")


def _officers(interviews: Iterable[OfficerInterview], site_of: Callable[[ListedCase], str]) -> list[rules.OfficerSaid]:
    """Each officer once, with what was said last under each heading. A replacement is a person of their own; officers
    whom the long list does not name count as one, so that nobody is counted as a group."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for one in interviews:
        if one.mode not in TALKS:
            continue
        listed = one.case.case
        replaced = one.mode == OfficerInterview.Mode.REPLACEMENT
        named = f"officer {listed.facts.get('responsible-officer', '')}".lower()
        who = f"replacement {one.case.pk}" if replaced else named
        _, views = found.get(who, ("", {}))
        given = {name.removesuffix(VIEW): view for name, view in one.evidence.items() if name.endswith(VIEW) and view}
        found[who] = (site_of(listed) or "Not known", {**views, **given})
    return [rules.OfficerSaid(site, views) for site, views in found.values()]
