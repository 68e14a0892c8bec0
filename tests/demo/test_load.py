"""The demonstration as it is loaded: what a visitor finds, with a trail that reads as if it had been lived."""

from itertools import pairwise
from typing import Any

import pytest

from inspectorate.audit import clock, trail
from inspectorate.audit.models import Entry
from inspectorate.demo import load, people
from inspectorate.demo.scene import Scene
from inspectorate.programme.models import InspectedBody, Inspection, Membership


@pytest.fixture
def loaded(db: None, settings: Any) -> dict[str, Inspection]:
    settings.DEMONSTRATION = True
    assert load.load()
    return {
        one.kind: one for one in Inspection.objects.filter(body__name__in=["Estuary and Moors CRC", "Northern Vales"])
    }


def test_the_bodies_of_figure_2_and_two_invented_ones_are_there(loaded: dict[str, Inspection]) -> None:
    assert InspectedBody.objects.count() == 30
    assert Inspection.objects.count() == 11
    assert loaded["CRC"].body.units.count() == 25
    assert loaded["NPS"].body.units.count() == 20


def test_every_player_holds_the_role_that_is_offered(loaded: dict[str, Inspection]) -> None:
    for player in people.players():
        held = Membership.objects.get(user__email=player.email)
        assert held.role == player.role
        assert held.inspection == loaded.get(player.kind)


def test_the_clock_is_left_where_the_nps_was_announced_an_hour_ago(loaded: dict[str, Inspection]) -> None:
    assert f"{clock.now().astimezone(clock.LONDON):%A %-d %B %Y %H:%M}" == "Thursday 4 July 2019 10:30"
    announced = loaded["NPS"].announced_at
    assert announced is not None
    assert f"{announced.astimezone(clock.LONDON):%d/%m/%Y %H:%M}" == "04/07/2019 09:30"
    assert not loaded["NPS"].events.filter(event="project-plan").exclude(done_at=None).exists()


def test_the_trail_of_each_inspection_runs_forward_and_holds(loaded: dict[str, Inspection]) -> None:
    for inspection in loaded.values():
        moments = list(Entry.objects.filter(chain=inspection.chain).order_by("number").values_list("at", flat=True))
        assert len(moments) > 3
        assert all(one <= other for one, other in pairwise(moments))
        assert moments[-1] <= clock.now()
    assert list(trail.verify()) == []


def test_a_load_that_breaks_leaves_nothing_behind(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True

    def breaks(scene: Scene, kind: str) -> None:
        raise RuntimeError("the power went")

    before = clock.shift()
    with pytest.raises(RuntimeError):
        load.load({"CRC": (breaks,)})
    assert not InspectedBody.objects.exists()
    assert abs((clock.shift() - before).total_seconds()) <= 2
