"""An inspection that is stopped: what it has stays and can be read, nothing waits any more, and nothing is rated.

Seen to fail with the panel's check of it left out, and with its dates among those that wait.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from inspectorate.audit.models import Entry
from inspectorate.methodology.standards import Rating
from inspectorate.programme.actions import CannotStop, stop_inspection
from inspectorate.ratings import actions
from tests.ratings.conftest import Inspected

WHY = "The court closed the offices of the body."
PAGES = ("", "weeks/", "verified-data/", "ratings/", "confidence/", "proposals/", "panel/", "decision/")


def test_a_stopped_inspection_keeps_what_it_has_and_is_not_rated(
    judged: Callable[..., Inspected], signed_in: Any, at: Callable[[datetime], None]
) -> None:
    at(datetime(2019, 7, 1, 10))  # noqa: DTZ001 (London time)
    one = judged(domain_two=4)
    one.ready()
    here, head = f"/inspections/{one.inspection.public_id}", signed_in(one["head-of-inspection"])
    lead, team = signed_in(one["lead-inspector"]), signed_in(one["data-team"])
    assert "What you do next" in lead.get(f"{here}/").content.decode()
    assert str(one.inspection.body) in lead.get("/").content.decode().partition("Your inspections")[0]
    assert lead.get(f"{here}/stop/").status_code == 404
    assert "Stop the inspection" not in lead.get(f"{here}/").content.decode()
    assert "Stop the inspection" in head.get(f"{here}/").content.decode()
    assert "Enter why it is stopped" in head.post(f"{here}/stop/", {"reason": " "}).content.decode()
    assert head.post(f"{here}/stop/", {"reason": WHY}).url == f"{here}/"
    assert Entry.objects.filter(chain=one.inspection.chain, action="stop_inspection").count() == 1
    for page in PAGES:
        client = team if page == "verified-data/" else lead
        text = client.get(f"{here}/{page}").content.decode()
        assert WHY in text, page
        assert "10am on Monday 1 July 2019. It is not rated." in text, page
    text = signed_in(one["director-of-operations"]).get(f"{here}/panel/").content.decode()
    assert "This inspection was stopped on 1 July 2019: no ratings panel opens." in text
    assert "Open the ratings panel" not in text
    assert "There is no decision, and there will be none." in lead.get(f"{here}/decision/").content.decode()
    assert "There is no report on a stopped inspection." in lead.get(f"{here}/report/").content.decode()
    assert "Nothing in the plan waits for anybody" in lead.get(f"{here}/").content.decode()
    assert "working days late" not in lead.get(f"{here}/weeks/").content.decode()
    assert str(one.inspection.body) not in lead.get("/").content.decode().partition("Your inspections")[0]
    assert "Stopped" in head.get("/programme/?year=2019").content.decode()
    assert "stopped already" in head.post(f"{here}/stop/", {"reason": WHY}).content.decode()
    with pytest.raises(actions.PanelNotReady, match="no ratings panel opens"):
        one.open()
    with pytest.raises(actions.CannotIssue, match="it is not rated"):
        one.issue("Again")


def test_a_panel_that_sits_decides_nothing_more_and_a_decision_is_not_stopped(
    judged: Callable[..., Inspected], signed_in: Any
) -> None:
    one = judged(domain_two=4)
    one.ready()
    one.open()
    by = one["head-of-inspection"]
    stop_inspection(inspection=one.inspection, reason=WHY, by=by)
    with pytest.raises(actions.PanelNotOpen, match="it is not rated"):
        actions.decide_standard(
            inspection=one.inspection, standard="1.1", rating=Rating.GOOD, by=one["director-of-operations"]
        )
    chair, here = signed_in(one["director-of-operations"]), f"/inspections/{one.inspection.public_id}/panel"
    assert "Record the decision" not in chair.get(f"{here}/1.1/").content.decode()
    for page in ("attendance", "decision"):
        assert chair.get(f"{here}/{page}/").url == f"{here}/"
    other = judged(domain_two=4, fieldwork=datetime(2019, 9, 2).date())  # noqa: DTZ001
    other.ready()
    other.open()
    other.accept()
    other.decide()
    for page in ("", "stop/"):
        answer = signed_in(other["head-of-inspection"]).get(f"/inspections/{other.inspection.public_id}/{page}")
        assert "Why it is stopped" not in answer.content.decode()
        assert f"{other.inspection.public_id}/stop/" not in answer.content.decode()
    with pytest.raises(CannotStop, match="everything is locked"):
        stop_inspection(inspection=other.inspection, reason=WHY, by=other["head-of-inspection"])
