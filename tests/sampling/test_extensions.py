"""Chapter 4.4: more cases join a sample in the order of its substitutes, before it is final or after."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.programme.actions import note_done
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import Draw, Extension, SampledCase
from tests.sampling.conftest import draw_now, specification
from tests.sampling.test_lists_pages import address, text
from tests.sampling.test_samples_pages import REASON, references, returned

Client_of = Callable[[Any], Client]


def confirmed(team: Any, draw: Draw) -> None:
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])


def final(team: Any) -> list[str]:
    return [one.case.reference for one in SampledCase.objects.filter(inspection=team.inspection).order_by("number")]


def test_a_provisional_sample_is_extended_and_the_final_one_is_longer(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, client = drawn(), signed_in(team["administrator"])
    here = address(team, "extend_sample", draw.public_id)
    assert "Enter why more cases are needed" in text(client.post(here, {"cases": 3}))
    page = text(client.post(here, {"cases": 3, "reason": "The list was longer than thought"}, follow=True))
    assert "3 more cases" in page
    assert "The list was longer than thought" in page
    assert "15 cases of 15 wanted" in page
    joined = references(draw, substitute=True)[:3]
    cases = text(client.get(address(team, "drawn_cases", draw.public_id)))
    assert "Substitutes that joined when the sample was extended" in cases
    assert Entry.objects.filter(action="extend_sample", chain=team.inspection.chain).count() == 1
    returned(team, draw, {})
    confirmed(team, draw)
    assert set(final(team)) == {*references(draw, substitute=False), *joined}


def test_exclusions_before_and_after_an_extension_give_one_sample(team: Any, drawn: Callable[..., Draw]) -> None:
    draw = drawn()
    out = references(draw, substitute=False)[:2]
    actions.mark_exclusions(draw=draw, marks=dict.fromkeys(out, (REASON, "")), by=team["link-manager"])
    actions.extend_sample(draw=draw, cases=2, reason="More", by=team["administrator"])
    marked_first = chosen(draw)
    again = draw_now(draw.long_list, 12, 8, by=team["administrator"], reason="The other way round")
    assert references(again, substitute=True) == references(draw, substitute=True)
    actions.extend_sample(draw=again, cases=2, reason="More", by=team["administrator"])
    actions.mark_exclusions(draw=again, marks=dict.fromkeys(out, (REASON, "")), by=team["link-manager"])
    assert chosen(again) == marked_first
    assert len(marked_first) == 14


def chosen(draw: Draw) -> set[str]:
    rows = samples.rows_of(draw)
    return {
        one.row.case.reference for one in samples.final_of(specification(), draw, rows, samples.marks_of(draw)).chosen
    }


def test_a_final_sample_is_extended_without_anybody_moving(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, at: Callable[[datetime], None]
) -> None:
    draw = drawn()
    out = references(draw, substitute=False)[:2]
    returned(team, draw, dict.fromkeys(out, (REASON, "")))
    actions.confirm_sample(draw=draw, by=team["administrator"])
    with pytest.raises(actions.AlreadyConfirmed, match="once both have"):
        actions.extend_sample(draw=draw, cases=2, reason="More", by=team["administrator"])
    actions.confirm_sample(draw=draw, by=team["lead-inspector"])
    before = final(team)
    at(datetime(2019, 6, 4, 10))
    client = signed_in(team["administrator"])
    assert (
        "Cases that join now are read as files".lower()
        in text(client.get(address(team, "extend_sample", draw.public_id))).lower()
    )
    client.post(address(team, "extend_sample", draw.public_id), {"cases": 2, "reason": "Two left"})
    after = final(team)
    assert after[:12] == before
    assert len(after) == 14
    assert not set(out) & set(after)
    assert list(SampledCase.objects.filter(number__gt=12).values_list("file_read", flat=True)) == [True, True]
    page = text(client.get(address(team, "final_sample", draw.public_id)))
    assert "14 cases" in page
    assert "fewer than wanted" not in page
    note_done(inspection=team.inspection, event="panel-decision", by=team["lead-inspector"])
    page = text(client.get(address(team, "draw", draw.public_id)))
    assert "The ratings panel has decided on the cases of this sample, so no more can join it." in page
    assert address(team, "extend_sample", draw.public_id) not in page
    answer = client.post(address(team, "extend_sample", draw.public_id), {"cases": 1, "reason": "Late"})
    assert (answer.status_code, len(final(team))) == (422, 14)


def test_more_than_there_are_old_draws_and_strangers_are_refused(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(12, 4)
    here = address(team, "extend_sample", draw.public_id)
    administrator = signed_in(team["administrator"])
    answer = administrator.post(here, {"cases": 5, "reason": "Many"})
    assert answer.status_code == 422
    assert "Only 4 substitutes remain" in text(answer)
    for given in ({"cases": 0, "reason": "x"}, {"cases": "-1", "reason": "x"}, {"cases": "many", "reason": "x"}, {}):
        assert "There is a problem" in text(administrator.post(here, given))
    with pytest.raises(actions.ReasonNeeded):
        actions.extend_sample(draw=draw, cases=1, reason=" ", by=team["administrator"])
    with pytest.raises(actions.WrongSize):
        actions.extend_sample(draw=draw, cases=0, reason="Why", by=team["administrator"])
    for role in ("lead-inspector", "link-manager"):
        assert signed_in(team[role]).post(here, {"cases": 1, "reason": "x"}).status_code == 404
    draw_now(draw.long_list, 12, 4, by=team["administrator"], reason="Again")
    with pytest.raises(actions.OldDraw):
        actions.extend_sample(draw=draw, cases=1, reason="Why", by=team["administrator"])
    assert Extension.objects.count() == 0
