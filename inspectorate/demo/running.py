"""How the fieldwork of the demonstration is run (Manual 5.3, 6.4 to 6.10): sites, days, welfare, returns, closing."""

from datetime import timedelta

from inspectorate.audit import clock
from inspectorate.demo.scene import Scene, morning
from inspectorate.fieldwork import running_actions
from inspectorate.fieldwork.models import MeetingRecord
from inspectorate.programme import packs


def settle_sites(scene: Scene, kind: str) -> None:
    """On the Friday before fieldwork the administrator notes what each site has and who can sign in there."""
    inspection, words = scene.inspections[kind], scene.story["running"]
    clock.set_now(morning(inspection.fieldwork - timedelta(days=3)))
    by = scene.who("administrator", kind)
    judges = [role.id for role in packs.pack_of(inspection).roles.holders_of("case.judge")]
    held = inspection.memberships.filter(role__in=judges, ended_at=None).select_related("user").order_by("user__name")
    team = list({one.user_id: one.user for one in held}.values())
    for told in words["sites"]:
        site = running_actions.add_site(
            inspection=inspection, name=told["name"], hours=told["hours"], contact=told["contact"], by=by
        )
        keys = [key for key, _, _ in running_actions.lines_of(site, team)]
        states = dict.fromkeys(keys, ("ready", ""))
        if told["problem"]:
            states[keys[-1]] = ("problem", words["access_problem"])
        running_actions.check_site(site=site, states=states, inspectors=team, by=by)


def end_week(scene: Scene, kind: str, week: int) -> None:
    """Friday of a week in which cases were judged: the talks of its days, a word on welfare, and the weekly return."""
    inspection, words = scene.inspections[kind], scene.story["running"]
    monday = inspection.fieldwork + timedelta(weeks=week - 1)
    clock.set_now(morning(monday + timedelta(days=4)) + timedelta(hours=4, minutes=30))
    deputy = scene.who("deputy-lead-inspector", kind)
    for told in words["days"]:
        if told["week"] == week:
            day = monday + timedelta(days=told["day"])
            running_actions.record_day(
                inspection=inspection, day=day, text=told["text"], actions=told["actions"], by=deputy
            )
    text = words["welfare"] if week == 1 else words["welfare_open"]
    note = running_actions.note_welfare(inspection=inspection, text=text, by=scene.who("assistant-inspector", kind))
    if week == 1:
        running_actions.answer_welfare(note=note, answer=words["welfare_answer"], by=deputy)
    running_actions.return_week(inspection=inspection, week=week, by=deputy)


def hold_meeting(scene: Scene, kind: str, name: str) -> MeetingRecord:
    """A meeting of fieldwork week 3 as the lead wrote it down on the day; written down once."""
    inspection = scene.inspections[kind]
    told = next(one for one in scene.story["meetings"] if one["id"] == name)
    held = {key: value for key, value in told.items() if key != "id"}
    kept = inspection.meeting_records.filter(title=told["title"]).first()
    return kept or running_actions.record_meeting(
        inspection=inspection, by=scene.who("lead-inspector", kind), held_on=clock.today(),
        place=scene.story["running"]["sites"][0]["name"], **held,
    )  # fmt: skip


def close_fieldwork(scene: Scene, kind: str) -> None:
    """The lead goes through the closing checklist on the last Friday; its last line closes the fieldwork."""
    inspection = scene.inspections[kind]
    clock.set_now(morning(inspection.fieldwork + timedelta(weeks=2, days=4)) + timedelta(hours=3, minutes=15))
    lead = scene.who("lead-inspector", kind)
    running_actions.return_week(inspection=inspection, week=3, by=scene.who("deputy-lead-inspector", kind))
    for item in packs.pack_of(inspection).fieldwork.running.closing:
        running_actions.close_item(inspection=inspection, item=item.id, note="", by=lead)
