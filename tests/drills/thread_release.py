"""The posts from the release on: the call about the decision, the report's publication, an edition against the gate;
and another inspection, which is stopped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from inspectorate.programme.models import Inspection
from inspectorate.reporting import national
from tests.sampling.rows import day

TEAM = ("lead-inspector", "deputy-lead-inspector", "administrator")


def of_the_release(thread: Any) -> Iterator[Any]:
    """The release, the lead's call on its day, and national results over this one inspection, which two sign for."""
    yield from thread.releasing()
    when = datetime(2019, 7, 1, 11)
    yield thread.one("lead-inspector", when, "ratings_call", **day("call_date", date(2019, 7, 1)),
                     call_time="9:30am", spoke_to=thread.say("who was spoken to"),
                     position=thread.say("position"), said=thread.say("what a call said"), reason="")  # fmt: skip
    planned = thread.inspection.events.get(event="publication")
    when = datetime.combine(planned.date, time(10))
    yield thread.one("communications", when, "complete_task", "publication")
    year = thread.inspection.fieldwork.year
    sent = {"year": year, "everybody": "1", "seen": national.prepare(year, everybody=True).digest}
    for role in ("director-of-strategy", "head-of-methodology"):
        signed = thread.one(role, when, "sign_override", **sent, reason=thread.say("reason of a signature"))
        yield replace(signed, args=())
    yield replace(thread.one("data-team", when, "publish_edition", **sent), args=())
    lead, deputy, administrator = (thread.people[role].pk for role in TEAM)
    more = thread.one("head-of-inspection", when, "plan_inspection", body=thread.body.pk,
                         **day("fieldwork", date(2019, 11, 4)), nation="england", lead=lead, deputy=deputy,
                         administrator=administrator, accept_clashes="on")  # fmt: skip
    yield replace(more, args=())
    again = Inspection.objects.get(body=thread.body, fieldwork=date(2019, 11, 4))
    stopped = thread.one("head-of-inspection", when, "stop_inspection", reason=thread.say("reason for a stop"))
    yield replace(stopped, args=(again.public_id,))
