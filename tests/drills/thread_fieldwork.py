"""The posts of the fieldwork beside judging: checks and notes on cases, sites, meetings, days, returns, the closing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from inspectorate.fieldwork import calibration_actions
from inspectorate.fieldwork.copies import COPY
from inspectorate.fieldwork.models import SecondJudgement
from inspectorate.programme import packs
from tests.sampling.rows import day

# People of a thread who stand for no role of the pack.
NO_ROLES = {"somebody", "second-assistant"}


def of_cases(thread: Any) -> Iterator[Any]:
    """What is made of a case that was judged, and of one that a local assessor judged, where there is one."""
    when = datetime(2019, 6, 6, 10)
    inspection = thread.inspection
    case = inspection.sampled_cases.filter(case_list="domain-two").select_related("assessment").first()
    judge = thread.role_of(case.assessment.submitted_by)
    other = "lead-inspector" if judge != "lead-inspector" else "deputy-lead-inspector"
    yield thread.one(other, when, "leave_note", case.public_id, field="2.1.1", text=thread.say("note on an answer"))
    note = case.assessment.threads.get()
    yield thread.one(judge, when, "answer_note", case.public_id, note.public_id, what="said",
                     text=thread.say("reply to a note"))  # fmt: skip
    stands = case.assessment.answers.get(field="2.1.1").value
    yield thread.one(other, when, "correct_answer", case.public_id, field="2.1.1",
                     value="no" if stands == "yes" else "yes", reason=thread.say("reason of a correction"))  # fmt: skip
    yield thread.one(other, when, "check_case", case.public_id, agreed="no", text=thread.say("finding of a check"))
    yield thread.one(other, when, "reopen_case", case.public_id, reason=thread.say("reason of a reopening"))
    yield from of_devices(thread, judge, when, case)
    yield thread.one(judge, when, "submit_case", case.public_id)
    reasons = [one.id for one in packs.pack_of(inspection).sampling.case_list("domain-two").exclusions]
    yield thread.one(judge, when, "report_drop_out", case.public_id, reason=reasons[0],
                     note=thread.say("report of a drop-out"))  # fmt: skip
    found = case.drop_outs.get()
    deputy = "deputy-lead-inspector"
    yield thread.one(deputy, when, "decide_drop_out", found.public_id, decision="kept", seen="",
                     note=thread.say("decision on a drop-out"))  # fmt: skip


def of_devices(thread: Any, judge: str, when: datetime, case: Any) -> Iterator[Any]:
    """What the page of an open case sends by itself, and the case as a file: given back, and taken as it was chosen."""
    judgement, noted = case.assessment, "2.1.1:note"
    yield replace(thread.one(judge, when, "journal", storage="on"), args=())
    sent = {"field": noted, "value": thread.say("note of an answer") + " again", "version": 1}
    yield replace(thread.one(judge, when, "save_answer", case.public_id, **sent), json=True)
    change = {"id": str(uuid4()), "field": noted, "value": thread.say("note of an answer"), "base": 2}
    device = {"owner": str(thread.somebody(judge).public_id), "device": str(uuid4()), "known": 0, "here": True}
    yield replace(thread.one(judge, when, "send_patches", case.public_id, **device, patches=[change]), json=True)
    stands = judgement.answers.get(field=noted)
    field = {"value": f"{stands.value} in a file", "version": stands.version}
    content = json.dumps({"format": COPY, "case": str(case.public_id), "fields": {noted: field}}).encode()
    given = thread.one(judge, when, "give_case", case.public_id)
    yield replace(given, files=lambda: {"upload": SimpleUploadedFile("case.json", content)})
    one = str(uuid4())
    yield thread.one(judge, when, "take_case", case.public_id, use=one, **{
        f"field:{one}": noted, f"value:{one}": f"{stands.value} in a file", f"now:{one}": stands.version,
    })  # fmt: skip


def of_the_team(thread: Any) -> Iterator[Any]:
    """Sites, meetings, the end of a day, welfare, a weekly return and the closing checklist."""
    when = datetime(2019, 6, 7, 16)
    yield thread.one("administrator", when, "add_site", name=thread.say("site"), hours=thread.say("hours of a site"),
                     contact=thread.say("contact at a site"))  # fmt: skip
    site = thread.inspection.sites.get()
    team = thread.inspection.memberships.filter(ended_at=None)
    judges = {one.user_id for one in team if "case.judge" in packs.current().roles.rights_of([one.role])}
    running = packs.pack_of(thread.inspection).fieldwork.running
    keys = [item.id for item in running.sites]
    keys += [f"{item.id}-{pk}" for pk in judges for item in running.access_for(thread.kind)]
    lines = {f"state-{key}": "ready" for key in keys} | {f"note-{key}": thread.say("note of a site") for key in keys}
    yield thread.one("administrator", when, "check_site", site.public_id, **lines)
    yield thread.one("lead-inspector", when, "meetings", meeting="", title=thread.say("title of a meeting"), people=7,
                     **day("held_on", date(2019, 6, 6)), place=thread.say("place of a meeting"), minutes=60,
                     text=thread.say("what a meeting said"))  # fmt: skip
    yield thread.one("deputy-lead-inspector", when, "record_day", **day("day", date(2019, 6, 6)),
                     text=thread.say("talk of a day"), actions=thread.say("actions of a day"))  # fmt: skip
    yield thread.one("assistant-inspector", when, "welfare", text=thread.say("welfare"))
    note = thread.inspection.welfare_notes.get()
    yield thread.one("deputy-lead-inspector", when, "answer_welfare", note.pk, answer=thread.say("answer on welfare"))
    yield thread.one("deputy-lead-inspector", when, "return_week", 1)
    yield from of_training(thread)
    yield from of_calibration(thread)
    for item in running.closing:
        yield thread.one("lead-inspector", datetime(2019, 6, 21, 13), "close_item", item.id, note=thread.say("closing"))


def of_training(thread: Any) -> Iterator[Any]:
    """A training case with its reference answers, and the answers of one in training."""
    when = datetime(2019, 6, 10, 9)
    yield thread.one("head-of-methodology", when, "training", title=thread.say("training case"), case_list="domain-two")
    case = thread.inspection.training_cases.get()
    case.inspection = thread.inspection
    given = dict.fromkeys(calibration_actions.questions(case), "yes")
    yield thread.one("head-of-methodology", when, "training_case", case.public_id, **given)
    yield thread.one("assistant-inspector", when, "training_case", case.public_id, **given)


def of_calibration(thread: Any) -> Iterator[Any]:
    """A case drawn and judged a second time, and a difference settled; another given by hand and taken back."""
    when, deputy = datetime(2019, 6, 12, 10), "deputy-lead-inspector"
    yield thread.one("lead-inspector", when, "add_to_team", role="assistant-inspector", name="Second assistant",
                     email=thread.address("second-assistant"))  # fmt: skip
    could = [one for one in calibration_actions.candidates(thread.inspection) if one.seconds]
    if not could:  # every case is kept from the only other inspector
        return
    case_list = min(one.allocation.case.case_list for one in could)
    yield thread.one(deputy, when, "choose_seconds", how="draw", case_list=case_list, wanted=1)
    kept = SecondJudgement.objects.select_related("case__case").get()
    sent = thread.answers(kept.case)
    notes = [name for name in sent if name[0].isdigit() and name.endswith(":note")]
    sent |= dict.fromkeys(notes, thread.say("note of a second judgement"))
    answered = [name for name in sent if sent[name] in ("yes", "no") and f"seen:{name}" in sent and name[0].isdigit()]
    other = min(answered, key=lambda name: sent[name] == "no")
    changed = {other: "no" if sent[other] == "yes" else "yes"}
    yield thread.one("second-assistant", when, "case", kept.case.public_id, **sent | changed)
    yield thread.one("second-assistant", when, "submit_case", kept.case.public_id)
    yield thread.one(deputy, when, "settle_difference", kept.public_id, field=other, outcome="guidance",
                     text=thread.say("settled difference"))  # fmt: skip
    if another := [one.allocation for one in could if one.allocation.case.pk != kept.case.pk]:
        hand = {"case": str(another[0].case.public_id), "inspector": str(kept.inspector.public_id)}
        yield thread.one(deputy, when, "choose_seconds", how="hand", **hand)
        yield thread.one(deputy, when, "end_second", SecondJudgement.objects.latest("pk").public_id)
