"""The demonstration as it is loaded: what a visitor finds, with a trail that reads as if it had been lived."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from inspectorate.audit import clock, trail
from inspectorate.audit.models import Entry
from inspectorate.demo import before_fieldwork, load, people
from inspectorate.demo.scene import Scene
from inspectorate.fieldwork.models import Assessment
from inspectorate.programme.models import InspectedBody, Inspection, Membership
from inspectorate.ratings.models import Proposal
from inspectorate.sampling.models import LongList, SampledCase

NAMES = ["Estuary and Moors CRC", "Northern Vales"]
BEGUN = {"CRC": (before_fieldwork.prepare, before_fieldwork.announce), "NPS": load.NPS_STAGES}


def inspections() -> dict[str, Inspection]:
    return {one.kind: one for one in Inspection.objects.filter(body__name__in=NAMES).select_related("body", "pack")}


@pytest.fixture
def begun(db: None, settings: Any) -> dict[str, Inspection]:
    """Everything but the long way of the CRC to its panel."""
    settings.DEMONSTRATION = True
    assert load.load(BEGUN)
    return inspections()


def test_the_bodies_of_figure_2_and_two_invented_ones_are_there(begun: dict[str, Inspection]) -> None:
    assert InspectedBody.objects.count() == 30
    assert Inspection.objects.count() == 11
    assert begun["CRC"].body.units.count() == 25
    assert begun["NPS"].body.units.count() == 20


def test_every_player_holds_the_role_that_is_offered(begun: dict[str, Inspection]) -> None:
    for player in people.players():
        held = Membership.objects.get(user__email=player.email)
        assert held.role == player.role
        assert held.inspection == begun.get(player.kind)


def test_the_clock_is_left_on_the_day_on_which_the_nps_is_to_be_announced(begun: dict[str, Inspection]) -> None:
    assert f"{clock.now().astimezone(clock.LONDON):%A %-d %B %Y %H:%M}" == "Thursday 4 July 2019 10:30"
    assert begun["NPS"].announced_at is None
    assert begun["NPS"].events.get(event="announcement").date == clock.today()
    assert begun["CRC"].announced_at is not None


def test_a_load_that_breaks_leaves_nothing_behind(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True

    def breaks(scene: Scene, kind: str) -> None:
        raise RuntimeError("the power went")

    before = clock.shift()
    with pytest.raises(RuntimeError):
        load.load({"CRC": (breaks,)})
    assert not InspectedBody.objects.exists()
    assert abs((clock.shift() - before).total_seconds()) <= 2


def test_the_crc_is_carried_to_the_morning_of_its_panel(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert load.load()
    crc = inspections()["CRC"]
    lists = Counter(SampledCase.objects.filter(inspection=crc).values_list("case_list", flat=True))
    assert lists == {"domain-two": 98, "unpaid-work": 28, "through-the-gate": 16}
    assert SampledCase.objects.filter(inspection=crc, in_place_of__isnull=False).count() >= 5
    assert Assessment.objects.filter(case__inspection=crc, submitted_at__isnull=False).count() == 142
    states = Counter(LongList.objects.filter(inspection=crc).values_list("state", flat=True))
    assert states == {LongList.State.ACCEPTED: 3, LongList.State.REFUSED: 1}
    _nothing_is_late_but_the_panel(crc)
    _ratings_are_mixed(crc)
    assert list(trail.verify()) == []
    for inspection in inspections().values():
        moments = list(Entry.objects.filter(chain=inspection.chain).order_by("number").values_list("at", flat=True))
        assert all(one <= other for one, other in pairwise(moments))
        assert moments[-1] <= clock.now()


def _nothing_is_late_but_the_panel(crc: Inspection) -> None:
    waiting = crc.events.filter(done_at=None, date__lte=clock.today()).values_list("event", flat=True)
    assert set(waiting) == {"ratings-panel", "panel-decision"}


def _ratings_are_mixed(crc: Inspection) -> None:
    """Three bands at least, a key question near a boundary, and every domain one standard proposed."""
    issue = crc.indicative_issues.last()
    assert issue is not None
    counted = [one for one in issue.result["key_questions"].values() if one["n"]]
    assert len({one["band"] for one in counted}) >= 3
    assert any(min(abs(one["percent"] - edge) for edge in (50, 65, 80)) <= 1 for one in counted)
    proposed = set(Proposal.objects.filter(inspection=crc).values_list("standard", flat=True))
    assert proposed == {"1.1", "1.2", "1.3", "1.4"}
