"""Chapter 4.4, domain three: each of the four lists is drawn as the manual asks, through the actions."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from inspectorate.sampling import actions, reading, samples
from inspectorate.sampling.models import Draw, LongList
from tests.sampling.conftest import as_xlsx, draw_now, specification, table
from tests.sampling.test_lists_pages import address, text

Client_of = Callable[[Any], Client]


@pytest.fixture
def draw_of(an_inspection: Callable[..., Any], at: Callable[[datetime], None]) -> Callable[..., tuple[Any, Draw]]:
    """`draw_of("NPS", "court-reports", rows, 20)` gives the list, accepts it and draws; answers team and draw."""
    at(datetime(2019, 4, 12, 9))

    def draw(kind: str, name: str, rows: list[list[Any]], size: int, **how: Any) -> tuple[Any, Draw]:
        team = an_inspection(kind)
        return team, draw_now(listed(team, name, rows), size, size // 2, by=team["administrator"], **how)

    return draw


def listed(team: Any, name: str, rows: list[list[Any]]) -> LongList:
    given = actions.give_long_list(
        inspection=team.inspection, case_list=name, upload=as_xlsx(rows), by=team["link-manager"]
    )
    found = LongList.objects.get(pk=given.pk)
    assert found.faults == []
    actions.accept_long_list(long_list=found, by=team["administrator"])
    return found


def a_list(name: str, count: int, columns: dict[str, Callable[[int], str]]) -> list[list[Any]]:
    """A list of `count` rows; each named column holds what its function says of the row's number."""
    rows = table(specification(name), count)
    for column, value in columns.items():
        place = rows[0].index(specification(name).column(column).header)
        for number, row in enumerate(rows[1:]):
            row[place] = value(number)
    return rows


def by_turns(values: Sequence[tuple[str, int]]) -> Callable[[int], str]:
    """So many of each value, one after the other."""
    all_of_them = [value for value, many in values for _ in range(many)]
    return lambda number: all_of_them[number % len(all_of_them)]


def spread(number: int) -> str:
    return f"Area {number % 3}"


def team_of(number: int) -> str:
    return f"Team {number % 3}{number // 3 % 3}"


UNITS = {"tier-1": spread, "tier-2": team_of}


def drawn_facts(draw: Draw, column: str) -> Counter[str]:
    return Counter(row.case.facts[column] for row in draw.cases.filter(substitute=False).select_related("case"))


def all_within_one(draw: Draw, variables: set[str]) -> None:
    rows = [row for row in samples.margin_rows(draw.margins) if row.variable in variables]
    assert {row.variable for row in rows} == variables
    assert [row for row in rows if not row.within_one] == []


def test_court_reports_come_in_proportion_to_the_report_types(draw_of: Callable[..., tuple[Any, Draw]]) -> None:
    kinds = by_turns(
        [("Oral report", 60), ("Short format or fast delivery report", 36), ("Standard delivery report", 24)]
    )
    rows = a_list("court-reports", 240, {"report-type": kinds, **UNITS})
    for number in range(2):
        _, draw = draw_of("NPS", "court-reports", rows, 20, seed=bytes([number]) * 32)
        assert drawn_facts(draw, "report-type") == {"oral": 10, "fast-delivery": 6, "standard-delivery": 4}
        all_within_one(draw, {"Report type", "Tier 1 unit", "Tier 2 unit"})


def test_victim_work_is_drawn_from_the_whole_list_and_spread_over_the_units(
    draw_of: Callable[..., tuple[Any, Draw]],
) -> None:
    assert specification("victim-work").strata == ()
    rows = a_list("victim-work", 90, UNITS)
    team, draw = draw_of("NPS", "victim-work", rows, 15)
    assert draw.cases.filter(substitute=False).count() == 15
    all_within_one(draw, {"Tier 1 unit", "Tier 2 unit"})
    asked = {one.id for one in reading.lists_of(team.inspection)}
    assert asked == {"domain-two", "court-reports", "victim-work"}


def test_unpaid_work_comes_from_its_three_strata_and_from_everywhere(draw_of: Callable[..., tuple[Any, Draw]]) -> None:
    genders = by_turns([("Male", 9), ("Female", 3)])
    levels = by_turns([("Low", 5), ("Medium", 4), ("Low", 2), ("High", 1)])
    managed = by_turns([("CRC", 7), ("NPS", 2)])
    rows = a_list("unpaid-work", 216, {"gender": genders, "rosh": levels, "managed-by": managed, **UNITS})
    for number in range(2):
        _, draw = draw_of("CRC", "unpaid-work", rows, 48, seed=bytes([number]) * 32)
        cases = [row.case for row in draw.cases.filter(substitute=False).select_related("case")]
        strata = Counter(samples.strata_of(specification("unpaid-work"), case)[0] for case in cases)
        assert strata == {"low-risk-male": 20, "other-male": 16, "female": 12}
        all_within_one(draw, {"Gender and risk", "Tier 1 unit", "Tier 2 unit"})
        assert set(drawn_facts(draw, "managed-by")) == {"crc", "nps"}


PRISONS = [("Acre Hill", 80), ("Birch Road", 60), ("Cold Fell", 36), ("Dale", 24)]


def test_through_the_gate_comes_from_all_prisons_with_both_agencies(draw_of: Callable[..., tuple[Any, Draw]]) -> None:
    supervised = by_turns([("CRC", 3), ("NPS", 1)])
    rows = a_list("through-the-gate", 200, {"prison": by_turns(PRISONS), "responsible-for": supervised})
    for number in range(2):
        team, draw = draw_of("CRC", "through-the-gate", rows, 20, seed=bytes([number]) * 32)
        prisons = drawn_facts(draw, "prison")
        assert prisons == {"Acre Hill": 8, "Birch Road": 6, "Cold Fell": pytest.approx(3.6, abs=0.99), "Dale": pytest.approx(2.4, abs=0.99)}  # fmt: skip  # noqa: E501
        assert drawn_facts(draw, "responsible-for") == {"crc": 15, "nps": 5}
        all_within_one(draw, {"Prison", "Supervised by"})


SMALL = [*PRISONS, ("Elm End", 3), ("Far Ings", 1)]


def test_a_prison_that_less_than_a_case_is_due_to_is_named_before_the_draw_with_its_chance(
    team: Any, signed_in: Client_of
) -> None:
    many = sum(cases for _, cases in SMALL)
    listed(team, "through-the-gate", a_list("through-the-gate", many, {"prison": by_turns(SMALL)}))
    client = signed_in(team["administrator"])
    given = {"size": 20, "substitutes": 10}
    page = text(client.post(address(team, "prepare_draw", "through-the-gate"), given, follow=True))
    assert "this size cannot promise it" in page
    assert "Elm End" in page
    assert "Far Ings" in page
    assert "29%" in page  # 3 of 204, 20 drawn
    assert "10%" in page  # 1 of 204, 20 drawn
    assert ">68<" in page  # a third of 204
    assert "Acre Hill" not in page


def test_what_was_missed_is_said_on_the_page_of_the_draw_and_nothing_else(
    draw_of: Callable[..., tuple[Any, Draw]], signed_in: Client_of
) -> None:
    many = sum(cases for _, cases in SMALL)
    rows = a_list("through-the-gate", many, {"prison": by_turns(SMALL)})
    missed = set()
    for number in range(3):
        team, draw = draw_of("CRC", "through-the-gate", rows, 20, seed=bytes([number]) * 32)
        prisons = drawn_facts(draw, "prison")
        assert set(dict(PRISONS)) <= set(prisons)
        page = text(signed_in(team["lead-inspector"]).get(address(team, "draw", draw.public_id)))
        gone = {name for name, _ in SMALL if not prisons[name]}
        assert ("Nothing was drawn of" in page) == bool(gone)
        missed |= gone
    assert missed
    # From the size that the page names on, the smaller of the two is sure, and with it all others.
    _, whole = draw_of("CRC", "through-the-gate", rows, many)
    assert set(drawn_facts(whole, "prison")) == {name for name, _ in SMALL}
