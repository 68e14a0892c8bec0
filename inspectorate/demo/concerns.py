"""What was of concern in the fieldwork of the demonstration (Manual 6.1, 6.7, 6.8): interviews, alerts, a matter."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from inspectorate.audit import clock
from inspectorate.demo.judging import chance
from inspectorate.demo.scene import Scene, morning
from inspectorate.fieldwork import alert_actions, interview_actions, matter_actions
from inspectorate.fieldwork.models import Alert, OfficerInterview
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.scheduling.models import Allocation

# Officers find this much to their liking: the share that says "well", then that says "partly".
_WELL, _PARTLY = 0.45, 0.35
_INTERVIEWED = 48


def _friday(inspection: Inspection, *, minutes: int = 0) -> datetime:
    """The afternoon of the last day of fieldwork week 2, so many minutes on."""
    return morning(inspection.fieldwork + timedelta(days=11)) + timedelta(hours=5, minutes=minutes)


def hold_interviews(scene: Scene, kind: str) -> None:
    """The inspectors write up what officers told them, and which cases they read from the file."""
    inspection = scene.inspections[kind]
    clock.set_now(_friday(inspection))
    held = Allocation.objects.filter(case__inspection=inspection, case__case_list="domain-two", ended_at=None)
    rules = packs.pack_of(inspection).fieldwork.interviews
    for one in held.select_related("case__case", "inspector").order_by("week", "pk")[:_INTERVIEWED]:
        one.case.inspection = inspection
        name = one.case.case.reference
        alone = chance(name, "interview") > 0.9
        views = {} if alone else {f"{h.id}_view": _view(name, h.id) for h in rules.counted}
        said = {} if alone else {"training": scene.story["concern"]["training"]} | views
        interview_actions.record_interview(
            case=one.case,
            mode=OfficerInterview.Mode.FILE_READ if alone else OfficerInterview.Mode.FACE_TO_FACE,
            held_on=None if alone else inspection.fieldwork + timedelta(weeks=one.week - 1, days=2),
            evidence=said,
            feedback_given=not alone,
            feedback="",
            by=one.inspector,
        )


def _view(reference: str, heading: str) -> str:
    drawn = chance(reference, "view", heading)
    return "well" if drawn < _WELL else "partly" if drawn < _WELL + _PARTLY else "badly"


def raise_concerns(scene: Scene, kind: str) -> None:
    """One alert that the deputy follows to its end and one that still waits to be told; a case with the wrong
    agency."""
    inspection, words = scene.inspections[kind], scene.story["concern"]
    deputy = scene.who("deputy-lead-inspector", kind)
    held = Allocation.objects.filter(case__inspection=inspection, case__case_list="domain-two", ended_at=None)
    first, second, third = held.exclude(inspector=deputy).select_related("case", "inspector").order_by("pk")[:3]
    for one in (first, second, third):
        one.case.inspection = inspection
    clock.set_now(_friday(inspection, minutes=10))
    alert = _alert(inspection, first, "life", "now", words["danger"])
    clock.set_now(_friday(inspection, minutes=17))
    alert_actions.acknowledge(alert=alert, by=deputy, text=words["acknowledged"])
    clock.set_now(_friday(inspection, minutes=25))
    identity = ["reference", "name", "other-person"]
    alert_actions.tell_organisation(alert=alert, told=words["whom"], text=words["told"], identity=identity, by=deputy)
    clock.set_now(_friday(inspection, minutes=95))
    alert_actions.note_action(alert=alert, text=words["acted"], by=deputy)
    file = ContentFile(words["assured"].encode(), name="what-was-done.txt")
    alert_actions.assure(alert=alert, text=words["assured"], upload=file, by=deputy)
    alert_actions.close_alert(alert=alert, text="", by=deputy)
    matter_actions.raise_matter(case=second.case, kind="with-crc", text=words["agency"], by=second.inspector)
    clock.set_now(_friday(inspection, minutes=110))
    practice = _alert(inspection, third, "practice", "days", words["practice"])
    clock.set_now(_friday(inspection, minutes=120))
    alert_actions.acknowledge(alert=practice, by=deputy)


def _alert(inspection: Inspection, about: Allocation, kind: str, imminent: str, what: str) -> Alert:
    return alert_actions.raise_alert(
        inspection=inspection,
        case=about.case,
        kind=kind,
        what=what,
        likely="likely",
        imminent=imminent,
        by=about.inspector,
    )
