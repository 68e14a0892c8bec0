"""Phase I as the demonstration tells it (Manual 3): the call, the plan, the meeting and the evidence in advance."""

from datetime import date, timedelta
from pathlib import Path

from django.core.files.base import File

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.demo import evidence
from inspectorate.demo.judging import chance
from inspectorate.demo.scene import Scene, at, morning
from inspectorate.planning import actions as planning
from inspectorate.planning import evidence_actions as papers
from inspectorate.programme import actions as programme
from inspectorate.programme.models import Inspection

FILES = Path(__file__).with_name("files")
FINDINGS = ((0.45, "meets", "Answers it."), (0.85, "partly", "Answers some of it."), (1.0, "gap", "Says little."))


def prepare(scene: Scene, kind: str) -> None:
    """Weeks -11 and -10: preparation starts and the background pack goes to the lead inspector."""
    inspection = scene.inspections[kind]
    for event, by in (
        ("preparation-start", scene.who("administrator", kind)),
        ("background-pack", scene.who("data-team")),
    ):
        planned = inspection.events.get(event=event)
        clock.set_now(morning(planned.date + timedelta(days=1)))
        programme.complete_task(planned=planned, by=by)


def announce(scene: Scene, kind: str) -> None:
    """The lead inspector calls, on the Thursday of week -9."""
    said = scene.story["call"][kind]
    called_at = at(said["day"], said["time"])
    clock.set_now(called_at + timedelta(minutes=25))
    link_manager = scene.who("link-manager", kind)
    planning.announce(
        inspection=scene.inspections[kind],
        call=planning.Call(
            called_at=called_at,
            spoke_to=said["spoke_to"],
            position=said["position"],
            link_manager_name=link_manager.name,
            link_manager_email=link_manager.email,
            planning_meeting_at=at(said["meeting_day"], said["meeting_time"]),
            agreed=said["agreed"],
        ),
        partners=said["partners"],
        by=scene.who("lead-inspector", kind),
    )


def issue_plan(scene: Scene, kind: str) -> None:
    """The confirmation and the project plan go out on the first working day of week -8."""
    inspection = scene.inspections[kind]
    clock.set_now(morning(inspection.events.get(event="project-plan").date))
    planning.issue_project_plan(inspection=inspection, by=scene.who("administrator", kind))


def meet(scene: Scene, kind: str) -> None:
    """The telephone planning meeting; the link manager says what the units are called."""
    said = scene.story["call"][kind]
    held_at = at(said["meeting_day"], said["meeting_time"])
    clock.set_now(held_at + timedelta(hours=2))
    tier_1, tier_2 = scene.story["tiers"][kind]
    planning.record_planning_meeting(
        inspection=scene.inspections[kind],
        held_at=held_at,
        present=["lead-inspector", "link-manager", "senior-leader", "administrator"],
        names="",
        notes=scene.story["minutes"],
        tier_1=tier_1,
        tier_2=tier_2,
        by=scene.who("lead-inspector", kind),
    )


def give_evidence(scene: Scene, kind: str) -> None:
    """The link manager sends the evidence in advance, and the lead inspector reads it against the key questions."""
    inspection = scene.inspections[kind]
    day = inspection.events.get(event="evidence-in-advance").date
    clock.set_now(morning(day - timedelta(days=1)))
    by = scene.who("link-manager", kind)
    given = []
    for paper in evidence.papers_of(kind):
        path = FILES / kind.lower() / "evidence" / paper.file_name
        with path.open("rb") as opened:
            upload = File(opened, name=paper.file_name)
            given.append(
                papers.give_evidence(
                    inspection=inspection, item=paper.item, title=paper.title, covers=paper.covers, upload=upload, by=by
                )
            )
    _note(inspection, "evidence-in-advance", by)
    _assess(scene, kind, given, day)


def _assess(scene: Scene, kind: str, given: list[papers.EvidenceItem], day: date) -> None:
    inspection, lead = scene.inspections[kind], scene.who("lead-inspector", kind)
    clock.set_now(morning(day + timedelta(days=4)))
    for item in given:
        for question in papers.questions_for(inspection, item.item):
            drawn = chance("evidence", item.item, question.id)
            finding, note = next((found, said) for limit, found, said in FINDINGS if drawn <= limit)
            papers.assess(item=item, key_question=question.id, finding=finding, note=note, by=lead)
    papers.ask_for_evidence(
        inspection=inspection,
        key_question="1.4.4",
        what="Two reviews of serious incidents from the last year, with what was changed afterwards.",
        by=lead,
    )


def _note(inspection: Inspection, event: str, by: User) -> None:
    planned = inspection.events.get(event=event)
    if planned.done_at is None:
        programme.complete_task(planned=planned, by=by)


def complete(scene: Scene, kind: str, event: str, role: str) -> None:
    """A task of the plan is ticked off by hand on its day, where no action does it."""
    inspection = scene.inspections[kind]
    planned = inspection.events.filter(event=event, done_at=None).first()
    if planned is not None:
        clock.set_now(morning(planned.date))
        programme.complete_task(planned=planned, by=scene.someone(role, kind))
