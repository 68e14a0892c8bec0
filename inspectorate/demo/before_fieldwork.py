"""Phase I as the demonstration tells it (Manual 3): the call, the plan, the meeting and the evidence in advance."""

from datetime import timedelta
from pathlib import Path

from django.core.files.base import File

from inspectorate.audit import clock
from inspectorate.demo import evidence
from inspectorate.demo.judging import chance
from inspectorate.demo.scene import Scene, at, morning
from inspectorate.planning import actions as planning
from inspectorate.planning import evidence_actions as papers
from inspectorate.programme import actions as programme

FILES = Path(__file__).with_name("files")
FINDINGS = ((0.45, "meets", "Answers it."), (0.85, "partly", "Answers some of it."), (1.0, "gap", "Says little."))


def prepare(scene: Scene, kind: str) -> None:
    """Weeks -11 and -10: preparation starts and the background pack goes to the lead inspector."""
    complete(scene, kind, "preparation-start", "administrator", hours=24)
    complete(scene, kind, "background-pack", "data-team", hours=24)


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


def raise_a_conflict(scene: Scene, kind: str) -> None:
    """The link manager names a date that collides with something else; the lead inspector answers."""
    inspection, said = scene.inspections[kind], scene.story["conflict"]
    clock.set_now(morning(inspection.events.get(event="plan-conflicts").date + timedelta(days=2)))
    planned = inspection.events.get(event=said["event"])
    concern = planning.raise_concern(planned=planned, what=said["what"], by=scene.who("link-manager", kind))
    clock.set_now(clock.now() + timedelta(hours=4))
    planning.answer_concern(concern=concern, moved_to=None, reason=said["answer"], by=scene.who("lead-inspector", kind))


def give_evidence(scene: Scene, kind: str) -> None:
    """The link manager sends the evidence in advance, a day before it is due."""
    inspection, by = scene.inspections[kind], scene.who("link-manager", kind)
    clock.set_now(morning(inspection.events.get(event="evidence-in-advance").date - timedelta(days=1)))
    for paper in evidence.papers_of(kind):
        path = FILES / kind.lower() / "evidence" / paper.file_name
        with path.open("rb") as opened:
            papers.give_evidence(
                inspection=inspection,
                item=paper.item,
                title=paper.title,
                covers=paper.covers,
                upload=File(opened, name=paper.file_name),
                by=by,
            )
    complete(scene, kind, "evidence-in-advance", "link-manager", hours=-23)


def assess_evidence(scene: Scene, kind: str) -> None:
    """Week -5: the presentation is heard, the evidence read against the key questions, and more is asked for."""
    inspection, lead = scene.inspections[kind], scene.who("lead-inspector", kind)
    complete(scene, kind, "presentation", "senior-leader", hours=28)
    clock.set_now(clock.now() + timedelta(days=1))
    for item in papers.newest(inspection):
        for question in papers.questions_for(inspection, item.item):
            drawn = chance("evidence", item.item, question.id)
            finding, note = next((found, said) for limit, found, said in FINDINGS if drawn <= limit)
            papers.assess(item=item, key_question=question.id, finding=finding, note=note, by=lead)
    asked = scene.story["request"]
    papers.ask_for_evidence(inspection=inspection, key_question=asked["key_question"], what=asked["what"], by=lead)
    complete(scene, kind, "on-site-planning-meeting", "lead-inspector", hours=54)


def complete(scene: Scene, kind: str, event: str, role: str, *, hours: int = 0) -> None:
    """Somebody ticks off a task of the plan where no action did, so many hours after ten o'clock on its first day."""
    planned = scene.inspections[kind].events.filter(event=event, done_at=None).first()
    if planned is not None:
        clock.set_now(morning(planned.date) + timedelta(hours=hours))
        programme.complete_task(planned=planned, by=scene.someone(role, kind))
