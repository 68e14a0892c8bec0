"""Papers out: what letters say of an inspection, under the names that their texts use (Manual 3.3c, 7.2g, 7.3c)."""

from datetime import timedelta

from inspectorate.audit import clock
from inspectorate.design import words
from inspectorate.methodology.pack import Pack
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, Membership

PEOPLE = ("lead-inspector", "deputy-lead-inspector", "administrator", "link-manager", "senior-leader")
OFFICES = ("head-of-inspection",)
# The name in the letters, and the event of the plan whose day it is.
DAYS = {
    "confirmation_date": "confirmation",
    "evidence_due": "evidence-in-advance",
    "long_list_due": "long-list",
    "presentation_date": "presentation",
    "panel_date": "ratings-panel",
    "fieldwork_end": "fieldwork-end",
    "draft_report_date": "factual-accuracy-draft",
    "factual_accuracy_due": "factual-accuracy-response",
    "publication_week": "publication",
    "release_date": "ratings-to-body",
}


def of(inspection: Inspection) -> dict[str, str]:
    """Names, addresses and dates of an inspection as text; people not yet named appear by the title of their role.

    Three queries at most.
    """
    pack = packs.pack_of(inspection)
    facts = {"body": str(inspection.body), "letter_date": words.date(clock.today())}
    facts |= _people(inspection, pack) | _weeks(inspection, pack)
    planned = {event.event: event for event in inspection.events.all()}
    facts |= {name: words.date(planned[event].date) for name, event in DAYS.items() if event in planned}
    release = planned.get("ratings-to-body")
    if release and release.instant:
        facts["release_time"] = words.time(release.instant)
    lists = [case_list.title for case_list in pack.sampling.lists if inspection.kind in case_list.kinds]
    facts["case_lists"] = words.listed(title[:1].lower() + title[1:] for title in lists)
    presentation = pack.evidence.presentation
    facts |= {
        "presentation_minutes": str(presentation.minutes),
        "presentation_discussion_minutes": str(presentation.discussion_minutes),
        "presentation_months": str(presentation.months),
        "presentation_questions": "\n".join(f"   - {question.text}" for question in presentation.questions),
    }
    return facts


def _people(inspection: Inspection, pack: Pack) -> dict[str, str]:
    held = Membership.objects.filter(ended_at=None).select_related("user").order_by("pk")
    of_inspection = held.filter(inspection=inspection, role__in=PEOPLE)
    # The one for this kind of body goes before one for every kind.
    national = held.filter(inspection=None, role__in=OFFICES, kind__in=("", inspection.kind)).order_by("kind", "pk")
    people = {one.role: one.user for one in [*national, *of_inspection]}
    facts: dict[str, str] = {}
    for role in (*PEOPLE, *OFFICES):
        title = pack.roles.role(role).title
        name = role.replace("-", "_")
        facts[name] = people[role].name if role in people else f"the {title[:1].lower()}{title[1:]}"
        facts[f"{name}_email"] = people[role].email if role in people else ""
    return facts


def _weeks(inspection: Inspection, pack: Pack) -> dict[str, str]:
    weeks = range(pack.timeline.fieldwork_weeks)
    return {f"fieldwork_week_{n + 1}": words.date(inspection.fieldwork + timedelta(weeks=n)) for n in weeks}
