"""Chapter 4.4, stage 1: the lead inspector sees what leaving units out costs, and chooses."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.programme.models import PlannedEvent
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import Draw, DrawInputs, LongList, UnitChoice
from tests.sampling.conftest import draw_now, specification, table
from tests.sampling.test_lists_pages import address, text

Client_of = Callable[[Any], Client]
NORTH = [("North", "Team 00"), ("North", "Team 01")]
SOME = [("North", "Team 00"), ("South", "Team 11")]
PAGE = ("choose_units", "domain-two")


def test_before_anybody_chooses_all_units_count_and_the_page_says_so(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    accepted()
    page = text(signed_in(team["lead-inspector"]).get(address(team, *PAGE)))
    assert "Nobody has chosen yet." in page
    assert "Cases by tier 1 unit" in page
    assert "Cases by tier 2 unit" in page
    assert "North / Team 00 (15)" in page
    assert "60 of 60, every one of them" in page
    prepared = text(signed_in(team["administrator"]).get(address(team, "prepare_draw", "domain-two")))
    assert "The lead inspector has made no other choice" in prepared


def test_trying_a_choice_shows_its_cost_and_decides_nothing(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = table(specification(), 60)
    level = rows[0].index("RoSH level")
    for row in rows[1:]:
        row[level] = "Very high" if "South" in row else "Low"
    accepted(rows)
    client = signed_in(team["lead-inspector"])
    answer = client.get(address(team, *PAGE), {"option": "not-every-tier-1", "unit": ["0", "1"]})
    page = " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())
    assert answer.status_code == 200
    assert "What this choice costs" in page
    assert "30 of 60. 50.0% of the cases have no chance of being in the sample" in page
    assert "a finding can be 50.0 points wrong for all cases however many are inspected" in page
    assert "Seen as a sample of units" in page
    assert "Tier 1 units without cases South" in page
    assert "Risk of serious harm Very high" in page
    assert "Why units are left out" in page
    assert UnitChoice.objects.count() == 0
    all_of_them = text(client.get(address(team, *PAGE), {"option": "all"}))
    assert "Why units are left out" not in all_of_them
    assert "Decide on this choice" in all_of_them


def test_the_lead_chooses_with_a_reason_and_the_draw_takes_the_newest_choice(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    found, lead = accepted(), signed_in(team["lead-inspector"])
    given = {"option": "not-every-tier-1", "unit": ["0", "1"]}
    refused = lead.post(address(team, *PAGE), given)
    assert refused.status_code == 422
    assert "Units are left out. Say why" in text(refused)
    page = text(lead.post(address(team, *PAGE), given | {"reason": "The south is flooded"}, follow=True))
    assert "The units are chosen." in page
    assert "The south is flooded" in page
    given = {"option": "some-tier-2", "unit": ["0", "3"], "reason": "Far away"}
    page = text(lead.post(address(team, *PAGE), given, follow=True))
    assert "The south is flooded" in page
    assert "Far away" in page
    assert [one.units for one in UnitChoice.objects.all()] == [
        [list(one) for one in NORTH],
        [list(one) for one in SOME],
    ]
    assert Entry.objects.filter(action="choose_units", chain=team.inspection.chain).count() == 2
    assert PlannedEvent.objects.get(inspection=team.inspection, event="unit-choice").done_by == team["lead-inspector"]
    draw = draw_now(found, 10, 4, by=team["administrator"])
    assert {(row.case.unit_1, row.case.unit_2) for row in samples.rows_of(draw)} == set(SOME)
    assert draw.units_reason == "Far away"
    # In proportion to the whole list, not to the units drawn from.
    assert [row["drawn"] for row in draw.margins if row["value"] == "Female"] in ([2], [3])


@pytest.mark.parametrize(
    ("option", "units", "says"),
    [
        ("all", [], None),
        ("some-tier-2", SOME, None),
        ("some-tier-2", NORTH, "A tier 1 unit has none of its tier 2 units chosen"),
        ("not-every-tier-1", SOME, "Every tier 1 unit has a unit chosen"),
        ("some-tier-2", [*NORTH, ("South", "Team 10"), ("South", "Team 11")], "All units are chosen"),
        ("some-tier-2", [], "Choose at least one unit"),
        ("nothing", SOME, "one of the three options"),
        ("some-tier-2", [("East", "Team 9")], "no unit East / Team 9"),
    ],
)
def test_option_and_units_must_agree(
    team: Any, accepted: Callable[..., LongList], option: str, units: Any, says: str | None
) -> None:
    found = accepted()
    how: Any = {"long_list": found, "option": option, "units": units, "by": team["lead-inspector"]}
    if says is None:
        assert actions.choose_units(**how, reason="Because").option == option
    else:
        with pytest.raises((actions.WrongOption, actions.UnknownUnit), match=says):
            actions.choose_units(**how, reason="Because")
        assert UnitChoice.objects.count() == 0


def test_a_list_that_came_again_with_units_left_out_before_waits_for_the_lead(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    first = accepted()
    actions.choose_units(
        long_list=first, option="not-every-tier-1", units=NORTH, reason="Flooded", by=team["lead-inspector"]
    )
    second = accepted(table(specification(), 64))
    with pytest.raises(actions.ChoiceNeeded):
        actions.prepare_draw(long_list=second, size=10, substitutes=2, by=team["administrator"])
    administrator = signed_in(team["administrator"])
    answer = administrator.post(address(team, "prepare_draw", "domain-two"), {"size": 10, "substitutes": 2})
    assert "The lead inspector chooses the units anew first" in text(answer)
    page = text(signed_in(team["lead-inspector"]).get(address(team, *PAGE)))
    assert "They have to be chosen again" in page
    assert "for an earlier version of the list" in page
    actions.choose_units(long_list=second, option="all", by=team["lead-inspector"])
    assert actions.prepare_draw(long_list=second, size=10, substitutes=2, by=team["administrator"]).units == []


def test_a_choice_made_after_a_draw_was_prepared_makes_it_old(team: Any, accepted: Callable[..., LongList]) -> None:
    found = accepted()
    inputs = actions.prepare_draw(long_list=found, size=10, substitutes=2, by=team["administrator"])
    actions.choose_units(long_list=found, option="some-tier-2", units=SOME, reason="Far", by=team["lead-inspector"])
    with pytest.raises(actions.OldInputs, match="chose other units since"):
        actions.draw_sample(inputs=inputs, by=team["administrator"])
    assert DrawInputs.objects.count() == 1
    assert Draw.objects.count() == 0


def test_who_may_look_and_who_may_choose(team: Any, accepted: Callable[..., LongList], signed_in: Client_of) -> None:
    accepted()
    given = {"option": "all"}
    for role in ("head-of-methodology", "administrator"):
        client = signed_in(team[role])
        page = text(client.get(address(team, *PAGE), given))
        assert "Cases by tier 1 unit" in page
        assert "Decide on this choice" not in page
        assert client.post(address(team, *PAGE), given).status_code == 404
        assert "Cases by unit, and units to draw from" in text(client.get(address(team, "samples")))
    for role in ("link-manager", "senior-leader", "assistant-inspector"):
        client = signed_in(team[role])
        assert client.get(address(team, *PAGE)).status_code == 404
        assert client.post(address(team, *PAGE), given).status_code == 404
    assert UnitChoice.objects.count() == 0


def test_bad_input_is_answered_with_a_message(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    lead = signed_in(team["lead-inspector"])
    assert "accepted list only" in text(lead.get(address(team, *PAGE), follow=True))
    accepted()
    for given, says in (
        ({"option": "some-tier-2"}, "Choose at least one unit"),
        ({"option": "some-tier-2", "unit": "99"}, "There is a problem"),
        ({"option": "sideways", "unit": "1"}, "There is a problem"),
        ({"option": ""}, "There is a problem"),
    ):
        assert says in text(lead.get(address(team, *PAGE), given))
        assert says in text(lead.post(address(team, *PAGE), given))
    accepted(name="through-the-gate")
    assert "This list has no units to choose from." in text(lead.get(address(team, "choose_units", "through-the-gate")))
    with pytest.raises(actions.WrongOption, match="no units to choose from"):
        actions.choose_units(
            long_list=LongList.objects.get(case_list="through-the-gate"), option="all", by=team["lead-inspector"]
        )
