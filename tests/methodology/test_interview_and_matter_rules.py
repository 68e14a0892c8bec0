"""Manual 1.4 and 6.7: nothing can be told of a small group of officers; 6.1: when a matter may be closed."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology import pack as packs

PACK = packs.load("probation-v3-2018").fieldwork
ASKED = PACK.interviews
SITES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12))


def said(site: str, **views: str) -> rules.OfficerSaid:
    return rules.OfficerSaid(site, views)


def test_large_sites_stand_alone_and_small_ones_together() -> None:
    assert rules.site_groups({"a": 9, "b": 6, "c": 3, "d": 2}, 5) == (("a",), ("b",), ("c", "d"))


def test_a_remainder_that_is_too_small_takes_a_large_site_with_it() -> None:
    assert rules.site_groups({"a": 9, "b": 6, "c": 2}, 5) == (("a",), ("b", "c"))
    assert rules.site_groups({"a": 9, "c": 2}, 5) == ()
    assert rules.site_groups({"a": 2, "c": 2}, 5) == ()


@given(SITES, st.integers(2, 7))
def test_no_sum_or_difference_of_what_is_shown_is_below_the_least(sizes: dict[str, int], least: int) -> None:
    groups = rules.site_groups(sizes, least)
    if not groups:
        return
    assert sorted(site for group in groups for site in group) == sorted(site for site, size in sizes.items() if size)
    counts = [sum(sizes[site] for site in group) for group in groups]
    assert min(counts) >= least
    for size in range(1, len(counts)):
        assert all(sum(counts) - sum(some) >= least for some in combinations(counts, size))


def test_too_few_officers_show_nothing() -> None:
    few = rules.aggregate(ASKED, [said("a", training="badly")] * 4)
    assert few.officers is None
    assert [one.everybody for one in few.headings if one.heading == "training"] == [None]
    enough = rules.aggregate(ASKED, [said("a", training="badly")] * 5)
    assert enough.officers == 5
    assert enough.headings[0].everybody == rules.Counts(5, {"badly": 5})


def test_a_heading_is_shown_by_site_only_where_every_site_spoke_of_it() -> None:
    talked = [said("a", training="well", workload="well")] * 5 + [said("b", training="badly")] * 5
    found = {one.heading: one for one in rules.aggregate(ASKED, talked).headings}
    assert found["training"].groups == (rules.Counts(5, {"well": 5}), rules.Counts(5, {"badly": 5}))
    assert found["workload"].everybody == rules.Counts(5, {"well": 5})
    assert found["workload"].groups is None


VIEWS = st.fixed_dictionaries(
    {}, optional={"training": st.sampled_from(["well", "badly"]), "workload": st.just("partly")}
)


@given(st.lists(st.tuples(st.sampled_from("abc"), VIEWS), max_size=30), st.integers(2, 6))
def test_every_count_that_is_shown_is_of_enough_officers(given: list[tuple[str, dict[str, str]]], least: int) -> None:
    asked = replace(ASKED, least_group=least)
    shown = rules.aggregate(asked, [rules.OfficerSaid(site, views) for site, views in given])
    for one in shown.headings:
        for counts in ((one.everybody,) if one.everybody else ()) + (one.groups or ()):
            assert counts.officers >= least
            assert counts.officers == sum(counts.by_view.values())
        if one.groups:
            assert one.everybody
            assert sum(group.officers for group in one.groups) == one.everybody.officers


def kind(matter: str) -> rules.MatterKind:
    found = PACK.matter(matter)
    assert found
    return found


def test_the_two_wrong_agencies_expect_different_things() -> None:
    assert "not expected to move" in kind("with-nps").expects
    assert "re-allocated" in kind("with-crc").expects
    assert {kind("with-nps").raised_with, kind("with-crc").raised_with} == {"The NPS"}


def test_a_shortcoming_is_raised_about_court_reports_of_a_division_only() -> None:
    offered = {
        (body, one): {matter.id for matter in rules.matters_of(PACK.matters, body, one)}
        for body in ("CRC", "NPS")
        for one in ("domain-two", "court-reports")
    }
    assert offered["NPS", "court-reports"] == {"with-nps", "with-crc", "shortcoming"}
    assert offered["NPS", "domain-two"] == offered["CRC", "domain-two"] == {"with-nps", "with-crc"}


def steps(*what: str) -> list[rules.MatterStep]:
    return [rules.MatterStep(one, one == "evidence") for one in what]


def test_a_shortcoming_is_closed_with_an_answer_and_evidence_only() -> None:
    shortcoming = kind("shortcoming")
    assert len(rules.why_matter_stays_open(shortcoming, steps("raised"))) == 2
    assert rules.why_matter_stays_open(shortcoming, steps("raised", "answered")) == ("There is no evidence.",)
    without_file = [*steps("raised", "answered"), rules.MatterStep("evidence")]
    assert rules.why_matter_stays_open(shortcoming, without_file) == ("There is no evidence.",)
    whole = steps("raised", "answered", "evidence")
    assert rules.why_matter_stays_open(shortcoming, whole) == ()
    assert rules.why_matter_stays_open(shortcoming, [*whole, *steps("closed")]) == ("The matter is closed already.",)
    assert len(rules.why_matter_stays_open(shortcoming, [*whole, *steps("closed", "opened")])) == 2


def test_one_with_the_nps_may_be_closed_without_an_answer_and_one_with_the_crc_may_not() -> None:
    assert rules.why_matter_stays_open(kind("with-nps"), steps("raised")) == ()
    assert rules.why_matter_stays_open(kind("with-crc"), steps("raised")) == ("No answer is recorded.",)


@given(st.lists(st.sampled_from(["raised", "answered", "evidence", "closed", "opened"]), max_size=10))
def test_a_matter_is_open_or_closed_by_its_last_word(what: list[str]) -> None:
    last = next((one for one in reversed(what) if one in ("closed", "opened")), "opened")
    assert rules.matter_is_open(steps(*what)) == (last == "opened")
