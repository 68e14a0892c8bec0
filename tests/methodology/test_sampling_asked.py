"""Chapters 4.1, 4.2, 6.1: the days of a list, how many cases are expected on it, and headers in a body's words."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import pack, sampling
from inspectorate.methodology.sampling import ExpectedRange, Period

PACK = pack.load("probation-v3-2018")
LISTS = PACK.sampling.lists
MONDAYS = st.dates(date(2015, 1, 5), date(2060, 12, 31)).map(lambda day: day - timedelta(day.weekday()))


def days(list_id: str, fieldwork: date) -> tuple[str, str]:
    found = sampling.period_days(PACK.sampling.case_list(list_id).period, fieldwork)
    assert found
    return found[0].isoformat(), found[1].isoformat()


def test_victims_are_of_sentences_that_began_between_seven_and_six_months_before() -> None:
    assert days("victim-work", date(2019, 9, 2)) == ("2019-02-02", "2019-03-01")
    assert PACK.sampling.case_list("victim-work").period.stated


def test_court_reports_are_of_the_last_whole_week_before_monday_of_week_minus_4() -> None:
    assert days("court-reports", date(2019, 9, 2)) == ("2019-07-29", "2019-08-04")


@pytest.mark.parametrize(
    ("list_id", "asked"),
    [
        ("domain-two", ("2018-11-10", "2018-12-09")),
        ("unpaid-work", ("2019-02-04", "2019-02-17")),
        ("through-the-gate", ("2019-04-01", "2019-04-14")),
    ],
)
def test_the_days_that_the_manual_leaves_open(list_id: str, asked: tuple[str, str]) -> None:
    assert days(list_id, date(2019, 6, 10)) == asked
    assert not PACK.sampling.case_list(list_id).period.stated


@given(MONDAYS, st.sampled_from(LISTS))
def test_a_period_has_its_length_and_ends_before_fieldwork(fieldwork: date, case_list: sampling.CaseList) -> None:
    found = sampling.period_days(case_list.period, fieldwork)
    assert found
    first, last = found
    long = (last - first).days + 1
    assert last < fieldwork
    if case_list.period.unit == "week":
        assert (long, first.weekday()) == (7 * case_list.period.length, 0)
    else:
        assert 28 <= long <= 31
        assert (last + timedelta(1)).month == first.month % 12 + 1


@given(st.dates(date(2015, 1, 1), date(2060, 12, 31)), st.integers(1, 12))
def test_months_side_by_side_leave_no_day_out(fieldwork: date, months: int) -> None:
    earlier = sampling.period_days(Period(1, "month", "", months_before=months + 1), fieldwork)
    later = sampling.period_days(Period(1, "month", "", months_before=months), fieldwork)
    assert earlier
    assert later
    assert earlier[1] + timedelta(1) == later[0]


def test_a_pack_that_names_no_days_gives_none_and_one_that_names_two_is_refused() -> None:
    assert sampling.period_days(Period(1, "month", ""), date(2019, 6, 3)) is None
    with pytest.raises(ValueError, match="give one of the two"):
        Period(1, "month", "", months_before=7, weeks_before=5)


def rows(kind: str, name: str) -> list[sampling.ResourcingRow]:
    return [row for row in PACK.resourcing if (row.kind, row.name) == (kind, name)]


def test_figure_2_tells_the_monthly_commencements_behind_a_size() -> None:
    found = sampling.expected_range(rows("CRC", "Norfolk & Suffolk CRC"), "domain-two", PACK.sampling.size)
    assert found == ExpectedRange(167, 170)
    for cases in (167, 170):
        assert sampling.sample_size(cases, margin=5, confidence=80).size == 84
    assert sampling.expected_range(rows("NPS", "Wales"), "unpaid-work", PACK.sampling.size) is None


def test_several_rows_give_the_least_and_the_most_of_them() -> None:
    both = rows("CRC", "Norfolk & Suffolk CRC") + rows("CRC", "Northumbria CRC")
    assert sampling.expected_range(both, "domain-two", PACK.sampling.size) == ExpectedRange(167, 229)


@given(st.integers(1, 5000), st.integers(0, 500), st.integers(0, 8000))
def test_inside_is_no_deviation_and_outside_is_measured_from_the_nearer_bound(low: int, more: int, cases: int) -> None:
    found = sampling.deviation(cases, ExpectedRange(low, low + more))
    if low <= cases <= low + more:
        assert found == 0
    elif cases < low:
        assert found == Fraction(cases, low) - 1
    else:
        assert found == Fraction(cases, low + more) - 1
    assert sampling.deviation(cases + low, ExpectedRange(low, None)) == 0


DOMAIN_TWO = PACK.sampling.case_list("domain-two")


def named(tier_1: list[str], tier_2: list[str]) -> sampling.CaseList:
    return sampling.with_unit_names(DOMAIN_TWO, {"tier-1": tier_1, "tier-2": tier_2})


def column_of(case_list: sampling.CaseList, header: str) -> str:
    return getattr(sampling.recognise(case_list, header), "id", "")


def test_headers_in_a_bodys_own_words_are_given_and_understood() -> None:
    own = named(["Region", "Area"], ["Locality"])
    assert [own.column(one).header for one in own.units] == ["Area (tier 1 unit)", "Locality (tier 2 unit)"]
    said = ("Area", "area (Tier 1 unit)", "Region", "Tier 1 unit", "LDU cluster", "Locality", "Tier 2")
    assert [column_of(own, one) for one in said] == ["tier-1"] * 5 + ["tier-2"] * 2
    assert column_of(DOMAIN_TWO, "Whatever they say (tier 2 unit)") == "tier-2"


def test_a_name_is_read_as_the_body_uses_it_unless_it_is_another_columns_own_header() -> None:
    swapped = named(["Team"], ["Cluster"])
    assert [column_of(swapped, one) for one in ("Team", "Cluster")] == ["tier-1", "tier-2"]
    office = named(["Office"], ["Gender"])
    assert [column_of(office, one) for one in ("Office", "Gender")] == ["office", "gender"]
    assert column_of(office, "Office (tier 1 unit)") == "tier-1"
    same = named(["Hub"], ["Hub"])
    assert [column_of(same, one) for one in ("Hub", "Hub (tier 1 unit)", "Hub (tier 2 unit)")] == [
        "",
        "tier-1",
        "tier-2",
    ]


@given(st.lists(st.text(max_size=12), max_size=3), st.lists(st.text(max_size=12), max_size=3))
def test_whatever_units_are_called_every_header_is_read_as_its_own_column(one: list[str], two: list[str]) -> None:
    own = named(one, two)
    for column in own.columns:
        assert column_of(own, column.header) == column.id


def test_a_specification_has_one_digest_whatever_a_later_program_may_ask_besides() -> None:
    assert sampling.specification_digest(DOMAIN_TWO) == sampling.specification_digest(DOMAIN_TWO)
    assert sampling.specification_digest(DOMAIN_TWO) != sampling.specification_digest(named(["Area"], []))
    digests = {sampling.specification_digest(one) for one in LISTS}
    assert len(digests) == len(LISTS)


def receipt(**changes: object) -> dict[str, object]:
    cases = [sampling.ListedCase("A1", ("N", "T"), ("male",))]
    whole: dict[str, object] = {
        **sampling.LIST_RECEIPT,
        "list": {"id": "domain-two", "digest": sampling.list_digest(cases)},
        "file": {"sha256": "0" * 64},
        "counts": {"cases": 1},
        "pack": {"id": PACK.id},
    }
    return whole | changes


def test_a_receipt_of_a_list_knows_it_again_and_says_what_differs() -> None:
    read = sampling.list_receipt_from_dict(receipt())
    same, other = sampling.ListedCase("A1", ("N", "T"), ("male",)), sampling.ListedCase("A2", ("N", "T"), ("male",))
    assert sampling.differs_from_receipt(read, [same]) == ()
    assert "a reference, a unit or a stratum differs" in sampling.differs_from_receipt(read, [other])[0]
    assert sampling.differs_from_receipt(read, [same, other]) == ("the list has 2 cases, the accepted one has 1",)


@pytest.mark.parametrize("wrong", [None, [], {}, "text", receipt(form=2), receipt(counts={}), receipt(list=3)])
def test_anything_else_is_refused_in_words(wrong: object) -> None:
    with pytest.raises(sampling.UnreadableReceiptError, match="not the receipt of an accepted long list"):
        sampling.list_receipt_from_dict(wrong)
