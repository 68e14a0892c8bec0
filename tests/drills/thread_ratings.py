"""The posts before and in the panel room: issue, proposals, evidence weighed, other views, connections, decisions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inspectorate.programme import packs
from inspectorate.programme.models import Membership
from inspectorate.ratings import verified
from inspectorate.ratings.minutes import minutes
from inspectorate.ratings.sitting import record
from inspectorate.sampling.models import standing

OPPOSITE = {"yes": "no", "no": "yes"}


def deciding(thread: Any) -> Iterator[Any]:
    """From the indicative ratings to the signed decision, and the first step of the report."""
    yield from of_the_data(thread)
    when = datetime(2019, 6, 25, 10)
    for standard in ("1.1", "1.2", "1.3", "1.4"):
        note = thread.inspection.evidence_notes.get(key_question=f"{standard}.1")
        yield thread.one("lead-inspector", when, "propose", standard, rating="good", evidence=[str(note.public_id)],
                       rationale=thread.say("proposal"))  # fmt: skip
    yield from before_the_panel(thread)
    when, chair = datetime(2019, 6, 27, 10), "director-of-operations"
    yield thread.one(chair, when, "open_panel")
    sits = ("director-of-operations", "lead-inspector", "head-of-inspection", "head-of-standards")
    held = Membership.objects.filter(user__in=[thread.somebody(role) for role in sits], role__in=sits)
    yield thread.one(chair, when, "attendance", members=[str(one.pk) for one in held])
    for standard, rating in (("1.1", "good"), ("1.2", "good"), ("1.3", "good"), ("1.4", "requires-improvement")):
        yield thread.one(chair, when, "panel_item", standard, rating=rating, reason=thread.say("reason of the panel"))
    yield from in_the_panel(thread)
    yield thread.one(chair, when, "decide", summary=thread.say("summary of the panel"))
    when = datetime(2019, 6, 28, 10)
    yield thread.one("lead-inspector", when, "complete_step", "first-draft", note=thread.say("note of a step"))


def before_the_panel(thread: Any) -> Iterator[Any]:
    """The lead weighs a piece of evidence, and the deputy holds another view on its standard."""
    when = datetime(2019, 6, 25, 11)
    note = thread.inspection.evidence_notes.get(key_question="1.1.1")
    marks = {"validity": "strong", "source": "fair", "impact": "strong"}
    yield thread.one("lead-inspector", when, "weigh_evidence", "1.1", note.public_id, **marks)
    yield thread.one("deputy-lead-inspector", when, "record_view", "1.1", rating="outstanding",
                     text=thread.say("other view"))  # fmt: skip


def in_the_panel(thread: Any) -> Iterator[Any]:
    """Somebody who attends declares a connection, and the chair corrects the minutes."""
    when = datetime(2019, 6, 27, 10)
    yield thread.one("head-of-standards", when, "declare_panel_connection", stands="yes",
                     text=thread.say("connection of a member"))  # fmt: skip
    entry = minutes(thread.inspection, record(thread.inspection))[0].key
    yield thread.one("director-of-operations", when, "panel_minutes", entry=entry,
                     text=thread.say("correction of the minutes"))  # fmt: skip


def of_the_data(thread: Any) -> Iterator[Any]:
    """The prompts of one answer are corrected until they all say the opposite, so that something is always found."""
    when, inspection = datetime(2019, 6, 21, 15), thread.inspection
    case = standing(inspection.sampled_cases.filter(case_list="domain-two")).select_related("assessment")[0]
    given = dict(case.assessment.answers.values_list("field", "value"))
    questions = packs.pack_of(inspection).framework(thread.kind).standard("2.1").key_questions
    question = next(one for one in questions if given.get(one.id) in OPPOSITE)
    other = OPPOSITE[given[question.id]]
    for prompt in question.prompts:
        if given.get(prompt.id) != other:
            yield thread.one("lead-inspector", when, "correct_answer", case.public_id, field=prompt.id, value=other,
                             reason=thread.say("reason of a correction"))  # fmt: skip
    keys = [one.key for one in verified.findings(inspection)[0]]
    why = thread.say("explanation of a finding")
    yield thread.one("data-team", when, "explain_findings", findings=keys, reason=why)
    yield thread.one("data-team", when, "sign_data")
    yield thread.one("data-team", when, "issue_indicative_ratings", reason=thread.say("reason of an issue"))
