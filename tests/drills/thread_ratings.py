"""The posts between the last case and the panel: the data team explains what its checks find, signs and issues."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inspectorate.programme import packs
from inspectorate.ratings import verified
from inspectorate.sampling.models import standing

OPPOSITE = {"yes": "no", "no": "yes"}


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
