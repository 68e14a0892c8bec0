"""The posts between the last case and the panel: the data team explains what its checks find, signs and issues."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inspectorate.ratings import verified


def of_the_data(thread: Any) -> Iterator[Any]:
    """Something is always found: the answer that was corrected in the fieldwork stands against its prompts."""
    when = datetime(2019, 6, 21, 15)
    keys = [one.key for one in verified.findings(thread.inspection)[0]]
    yield thread.one(
        "data-team", when, "explain_findings", findings=keys, reason=thread.say("explanation of a finding")
    )
    yield thread.one("data-team", when, "sign_data")
    yield thread.one("data-team", when, "issue_indicative_ratings", reason=thread.say("reason of an issue"))
