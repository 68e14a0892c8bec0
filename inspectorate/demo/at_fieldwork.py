"""Phase II and the way to the panel as the demonstration tells it (Manual 5 to 7.1): cases judged, evidence noted."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from inspectorate.audit import clock
from inspectorate.demo import judging, running
from inspectorate.demo.before_fieldwork import complete
from inspectorate.demo.scene import Scene, morning
from inspectorate.fieldwork import actions as fieldwork
from inspectorate.fieldwork import evidence_actions
from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology.standards import Framework
from inspectorate.planning import actions as planning
from inspectorate.programme import packs
from inspectorate.scheduling import actions as scheduling
from inspectorate.scheduling.models import Allocation

# Cases of a fieldwork week are judged on these days after its Monday, each one a few minutes after the one before.
_DAYS = (1, 2, 3, 4)
_BETWEEN = timedelta(minutes=7)


def allocate(scene: Scene, kind: str) -> None:
    """The administrator deals the cases to the team, in time for the final schedules."""
    inspection = scene.inspections[kind]
    clock.set_now(morning(inspection.events.get(event="final-schedules").date))
    scheduling.allocate_cases(inspection=inspection, by=scene.who("administrator", kind))


def start(scene: Scene, kind: str) -> None:
    """The background pack is brought up to date, the sites are settled, and the team arrives."""
    _tell_division(scene, kind)
    complete(scene, kind, "background-pack-update", "data-team", hours=24)
    running.settle_sites(scene, kind)
    complete(scene, kind, "fieldwork-start", "lead-inspector", hours=3)


def _tell_division(scene: Scene, kind: str) -> None:
    """The administrator writes to the NPS division that unpaid work is inspected in some of its cases."""
    inspection = scene.inspections[kind]
    planned = inspection.events.filter(event=planning.DIVISION_TOLD).first()
    if planned is None:
        return
    clock.set_now(morning(planned.date))
    planning.tell_division(
        inspection=inspection,
        division=scene.inspections["NPS"].body.name,
        addressed_to=f"{scene.who('senior-leader', 'NPS').name}, divisional director",
        by=scene.who("administrator", kind),
    )


def judge_cases(scene: Scene, kind: str) -> None:
    """Every allocated case is judged and submitted in its week by its inspector."""
    inspection = scene.inspections[kind]
    framework = packs.pack_of(inspection).framework(kind)
    held = Allocation.objects.filter(case__inspection=inspection, ended_at=None).order_by("week", "pk")
    by_week: dict[int, list[Allocation]] = {}
    for one in held.select_related("inspector", "case__inspection__pack", "case__case"):
        one.case.inspection = inspection
        by_week.setdefault(one.week, []).append(one)
    for week, allocations in by_week.items():
        monday = inspection.fieldwork + timedelta(weeks=week - 1)
        for number, one in enumerate(allocations):
            clock.set_now(_moment(monday, number, len(allocations)))
            answers = answers_to(framework, one.case.case_list, one.case.case.reference, one.case.case.facts, kind)
            changes = {name: (value, 0) for name, value in answers.items()}
            fieldwork.save_answers(case=one.case, changes=changes, by=one.inspector)
            fieldwork.submit_case(case=one.case, by=one.inspector)
        running.end_week(scene, kind, week)


def _moment(monday: date, number: int, of: int) -> datetime:
    day, place = divmod(number * len(_DAYS), of)
    return morning(monday + timedelta(days=_DAYS[day])) + _BETWEEN * (place // len(_DAYS))


def answers_to(
    framework: Framework, case_list: str, reference: str, listed: Mapping[str, str], kind: str
) -> dict[str, str]:
    """Every field of a case as its imaginary inspector answers it: facts, key questions and prompts."""
    facts: dict[str, str] = {}
    for fact in framework.facts_for_list(case_list, facts):
        stays = tuple(value for value in fact.values if not fact.exclusion(value, listed))
        facts[fact.id] = judging.judge_fact(reference, fact.id, stays, listed, kind=kind)
    answers = dict(facts)
    for question in rules.applicable_questions(framework, case_list, facts):
        answers[question.id] = judging.judge(reference, case_list, question.id, kind=kind)
        for at, prompt in enumerate(question.prompts):
            answers[prompt.id] = judging.judge_prompt(
                reference, case_list, question.id, prompt.id, first=at == 0, kind=kind
            )
    return answers


def note_evidence(scene: Scene, kind: str) -> None:
    """Fieldwork week 3: the lead, the deputy and a third inspector note what they heard and read."""
    inspection = scene.inspections[kind]
    monday = inspection.fieldwork + timedelta(weeks=2)
    team = [scene.who(role, kind) for role in ("lead-inspector", "deputy-lead-inspector", "hm-inspector")]
    for number, note in enumerate(scene.story["notes"]):
        clock.set_now(morning(monday + timedelta(days=number // 3)) + timedelta(minutes=50 * (number % 3)))
        evidence_actions.note_evidence(
            inspection=inspection,
            key_question=note["key_question"],
            source=note["source"],
            weighs=note["weighs"],
            text=note["text"],
            strength=note.get("strength", "fair"),
            prompt=note.get("prompt", ""),
            meeting=running.hold_meeting(scene, kind, note["meeting"]) if "meeting" in note else None,
            by=team[number % len(team)],
        )


def close(scene: Scene, kind: str) -> None:
    """The last meetings, and the closing meeting on Friday of fieldwork week 3, without a word on findings."""
    complete(scene, kind, "meetings-week-3", "lead-inspector", hours=96)
    running.close_fieldwork(scene, kind)


def notes_on(scene: Scene, kind: str, standard: str) -> list[EvidenceNote]:
    """The evidence noted on a domain one standard."""
    return list(scene.inspections[kind].evidence_notes.filter(key_question__startswith=f"{standard}."))
