"""Chapter 7.3: the steps of the report in their order, each by its owner."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from inspectorate.audit.models import Entry
from inspectorate.methodology.reporting import StepAlreadyDone, StepOutOfOrder
from inspectorate.reporting import actions
from inspectorate.reporting.models import StepDone

Decided = Callable[..., Any]
CHAIN = (
    ("first-draft", "lead-inspector"),
    ("external-edit", "external-editor"),
    ("strategic-edit", "director-of-operations"),
    ("chief-inspector-review", "chief-inspector"),
    ("factual-accuracy", "administrator"),
    ("statistics-check", "data-team"),
    ("foreword", "lead-inspector"),
    ("proof-read", "external-editor"),
    ("final-review", "lead-inspector"),
    ("final-review", "head-of-inspection"),
    ("design", "communications"),
    ("sign-off", "communications"),
)


def _address(one: Any, step: str = "") -> str:
    return f"/inspections/{one.inspection.public_id}/report/{step + '/' if step else ''}"


def _up_to(one: Any, step: str) -> None:
    for name, role in CHAIN:
        if name == step:
            return
        actions.complete_step(inspection=one.inspection, step=name, roles=frozenset({role}), by=one[role])


def test_there_is_no_step_before_the_decision(judged: Decided, signed_in: Any) -> None:
    one = judged(domain_two=4)
    lead = signed_in(one["lead-inspector"])
    page = lead.get(_address(one)).content.decode()
    assert "begins when the ratings panel has decided" in page
    assert "Complete this step" not in page
    assert "begins when" in lead.post(_address(one, "first-draft")).content.decode()
    assert not StepDone.objects.exists()


def test_all_steps_are_taken_in_order_by_their_owners(decided: Decided, signed_in: Any, at: Any) -> None:
    at(datetime(2019, 7, 12, 12))
    one = decided(domain_two=4)
    for step, role in CHAIN:
        client = signed_in(one[role])
        assert "Complete this step" in client.get(_address(one)).content.decode(), step
        client.post(_address(one, step), {"note": f"{step} by {role}"})
    page = signed_in(one["lead-inspector"]).get(_address(one)).content.decode()
    assert "All steps are done" in page
    assert "factual-accuracy by administrator" in page
    outside = signed_in(one["external-editor"]).get(_address(one)).content.decode()
    assert "factual-accuracy by administrator" not in outside
    for step in ("external-edit", "proof-read"):
        before = CHAIN[[name for name, _ in CHAIN].index(step) - 1]
        assert f"{step} by external-editor" in outside
        assert "{} by {}".format(*before) in outside
    assert StepDone.objects.count() == len(CHAIN)
    assert one.inspection.events.get(event="first-draft").done_by == one["lead-inspector"]
    assert Entry.objects.filter(chain=one.inspection.chain, action="complete_step").count() == len(CHAIN)


def test_a_step_out_of_order_names_what_is_missing(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    page = signed_in(one["data-team"]).post(_address(one, "statistics-check")).content.decode()
    assert "must be done first" in page
    assert "First draft" in page
    with pytest.raises(StepOutOfOrder):
        _ = actions.complete_step(
            inspection=one.inspection, step="foreword", roles=frozenset({"lead-inspector"}), by=one["lead-inspector"]
        )


def test_only_the_owner_completes_a_step_and_only_once(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    assert "waits for the lead inspector" in (
        signed_in(one["head-of-inspection"]).post(_address(one, "first-draft")).content.decode()
    )
    _up_to(one, "external-edit")
    with pytest.raises(StepAlreadyDone):
        actions.complete_step(
            inspection=one.inspection, step="first-draft", roles=frozenset({"lead-inspector"}), by=one["lead-inspector"]
        )


def test_both_sign_the_final_review(decided: Decided) -> None:
    one = decided(domain_two=4)
    _up_to(one, "final-review")
    here: dict[str, Any] = {"inspection": one.inspection, "step": "final-review"}
    actions.complete_step(**here, roles=frozenset({"head-of-inspection"}), by=one["head-of-inspection"])
    with pytest.raises(actions.NotTheOwner, match="waits for the lead inspector"):
        actions.complete_step(**here, roles=frozenset({"head-of-inspection"}), by=one["head-of-inspection"])
    with pytest.raises(StepOutOfOrder):
        actions.complete_step(
            inspection=one.inspection, step="design", roles=frozenset({"communications"}), by=one["communications"]
        )


def test_the_bodys_step_is_recorded_for_it(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    _up_to(one, "factual-accuracy")
    page = signed_in(one["lead-inspector"]).get(_address(one)).content.decode()
    assert "you record that its answer has come" in page
    assert signed_in(one["link-manager"]).post(_address(one, "factual-accuracy")).status_code == 404


def test_those_outside_see_it_from_their_step_on(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    editor, osag = signed_in(one["external-editor"]), signed_in(one["osag"])
    assert editor.get(_address(one)).status_code == 404
    _up_to(one, "external-edit")
    assert editor.get(_address(one)).status_code == 200
    assert osag.get(_address(one)).status_code == 404
    _up_to_from(one, "external-edit", "factual-accuracy")
    assert osag.get(_address(one)).status_code == 200


def _up_to_from(one: Any, first: str, last: str) -> None:
    names = [name for name, _ in CHAIN]
    for name, role in CHAIN[names.index(first) : names.index(last)]:
        actions.complete_step(inspection=one.inspection, step=name, roles=frozenset({role}), by=one[role])


@pytest.mark.parametrize(
    "role", ["senior-leader", "link-manager", "body-staff", "local-assessor", "assistant-inspector"]
)
def test_others_do_not_see_it(decided: Decided, signed_in: Any, role: str) -> None:
    one = decided(domain_two=4)
    assert signed_in(one[role]).get(_address(one)).status_code == 404
    assert signed_in(one[role]).post(_address(one, "first-draft")).status_code == 404


def test_an_unknown_step_is_not_there(decided: Decided, signed_in: Any) -> None:
    assert signed_in((one := decided(domain_two=4))["lead-inspector"]).post(_address(one, "polish")).status_code == 404
