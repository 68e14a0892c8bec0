"""2.3: the weeks of an inspection as dates, working days and bank holidays, and what falls together."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inspectorate.methodology import timeline as rules
from inspectorate.methodology.timeline import DatedEvent, Event, NotAMonday, Timeline, YearNotKnown

TEXT = (resources.files("inspectorate.methodology") / "packs/probation-v3-2018/timeline.toml").read_text("utf-8")
FRIDAY = {"factual-accuracy-end": "friday-of-week-8"}
SHIPPED = replace(TypeAdapter(Timeline).validate_python(tomllib.loads(TEXT)), choices=FRIDAY)
JUNE = date(2019, 6, 3)
MONDAYS = st.dates(date(2012, 1, 2), date(2090, 1, 1)).map(lambda day: day - timedelta(days=day.weekday()))


def dated(
    fieldwork: date = JUNE, *, nation: rules.Nation = "england", kind: rules.Kind = "NPS", **more: Mapping[str, date]
) -> dict[str, DatedEvent]:
    return {d.event.id: d for d in rules.plan(SHIPPED, fieldwork=fieldwork, nation=nation, kind=kind, **more)}


@pytest.mark.parametrize(
    ("event", "week", "first", "last"),
    [
        ("preparation-start", "-11", date(2019, 3, 18), date(2019, 3, 22)),
        ("background-pack", "-10", date(2019, 3, 25), date(2019, 3, 29)),
        ("announcement", "-9", date(2019, 4, 4), date(2019, 4, 5)),
        ("confirmation", "-8", date(2019, 4, 8), None),
        ("telephone-planning-meeting", "-8", date(2019, 4, 8), date(2019, 4, 12)),
        ("training-cases", "-6", date(2019, 4, 22), date(2019, 4, 26)),
        ("nominations", "-5", date(2019, 4, 29), date(2019, 5, 3)),
        ("presentation", "-5", date(2019, 4, 29), date(2019, 5, 3)),
        ("court-report-sample", "-4", date(2019, 5, 6), None),
        ("court-report-return", "-3", date(2019, 5, 15), None),
        ("final-schedules", "-2", date(2019, 5, 20), None),
        ("training-day-1", "-2", date(2019, 5, 20), date(2019, 5, 22)),
        ("training-day-3", "-2", date(2019, 5, 22), date(2019, 5, 24)),
        ("assessor-briefing", "-1", date(2019, 5, 30), None),
        ("fieldwork-start", "1", date(2019, 6, 3), None),
        ("meetings-week-3", "3", date(2019, 6, 17), date(2019, 6, 21)),
        ("indicative-ratings", "3", date(2019, 6, 21), None),
        ("fieldwork-end", "3", date(2019, 6, 21), None),
        ("ratings-panel", "+1", date(2019, 6, 27), None),
        ("ratings-to-body", "+2", date(2019, 7, 1), None),
        ("first-draft", "+3", date(2019, 7, 12), None),
        ("factual-accuracy-draft", "+7", date(2019, 8, 5), None),
        ("factual-accuracy-response", "+8", date(2019, 8, 16), None),
        ("embargoed-copy", "+12", date(2019, 9, 9), None),
        ("publication", "+13", date(2019, 9, 16), date(2019, 9, 20)),
        ("action-plan", "+15", date(2019, 9, 30), date(2019, 10, 4)),
    ],
)
def test_worked_dates_of_a_division_in_england(event: str, week: str, first: date, last: date | None) -> None:
    found = dated()[event]
    assert (found.week, found.date, found.last_date) == (week, first, last)


def test_wales_publishes_and_plans_four_weeks_later_and_nothing_else_differs() -> None:
    england, wales = dated(nation="england"), dated(nation="wales")
    moved = {id_: (england[id_].week, wales[id_].week) for id_ in england if england[id_].date != wales[id_].date}
    assert moved == {"embargoed-copy": ("+12", "+16"), "publication": ("+13", "+17"), "action-plan": ("+15", "+19")}
    assert wales["publication"].date == date(2019, 10, 14)


def test_local_assessors_and_court_reports_belong_to_divisions_only() -> None:
    only_nps = set(dated(kind="NPS")) - set(dated(kind="CRC"))
    assert set(dated(kind="CRC")) - set(dated(kind="NPS")) == {"nps-told-of-unpaid-work"}
    assert only_nps == {
        "hotel-booking", "training-cases", "nominations", "court-report-sample", "court-report-return",
        "hotel-confirmation", "laptops", "training-day-1", "training-day-2", "training-day-3", "assessor-briefing",
        "assessor-observation-week-1", "assessor-support-week-1", "assessor-debrief-week-1",
        "assessor-observation-week-2", "assessor-support-week-2", "assessor-debrief-week-2",
        "court-reports-inspected-week-1", "court-reports-inspected-week-2", "court-reports-inspected-week-3",
        "laptop-collection",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event", "start", "end"),
    [
        ("court-report-return", "16:00", ""),
        ("training-day-1", "11:00", "17:00"),
        ("training-day-2", "09:00", "17:00"),
        ("training-day-3", "09:00", "17:00"),
        ("fieldwork-end", "12:00", "14:00"),
        ("ratings-to-body", "09:00", ""),
    ],
)
def test_events_with_times(event: str, start: str, end: str) -> None:
    found = dated()[event]
    assert found.instant is not None
    assert f"{found.instant:%H:%M}" == start
    assert (f"{found.end:%H:%M}" if found.end else "") == end


def test_only_what_the_manual_leaves_undated_is_marked_as_proposed() -> None:
    assert {e.id for e in SHIPPED.events if e.proposed} == {
        "plan-conflicts", "long-list", "evidence-in-advance", "unit-choice", "provisional-sample",
        "exclusions-returned",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fieldwork", "confirmed", "why"),
    [
        (date(2019, 6, 3), date(2019, 4, 8), "an ordinary Monday"),
        (date(2019, 6, 17), date(2019, 4, 23), "Easter Monday in week -8"),
        (date(2019, 7, 1), date(2019, 5, 7), "May Day in week -8"),
        (date(2018, 2, 26), date(2018, 1, 2), "New Year's Day in week -8"),
        (date(2024, 2, 19), date(2023, 12, 27), "Christmas Day and Boxing Day in week -8"),
        (date(2023, 2, 20), date(2022, 12, 28), "the days instead of Christmas and Boxing Day in week -8"),
    ],
)
def test_the_confirmation_waits_for_the_first_working_day_of_week_minus_8(
    fieldwork: date, confirmed: date, why: str
) -> None:
    assert dated(fieldwork)["confirmation"].date == confirmed, why


def test_the_embargoed_copy_goes_five_working_days_before_whatever_day_is_set() -> None:
    settled = dated(agreed={"publication": date(2019, 8, 29)})
    assert settled["publication"].last_date is None
    assert settled["embargoed-copy"].date == date(2019, 8, 21)  # the late summer bank holiday lies between


def test_the_telephone_meeting_falls_within_a_week_of_the_call_actually_made() -> None:
    settled = dated(agreed={"announcement": date(2019, 4, 4)})
    assert settled["telephone-planning-meeting"].last_date == date(2019, 4, 11)


def test_friday_of_week_8_and_ten_working_days_differ_where_a_bank_holiday_lies_between() -> None:
    ten = replace(SHIPPED, choices={"factual-accuracy-end": "ten-working-days"})
    dates = {
        fieldwork: [
            next(d for d in rules.plan(t, fieldwork=fieldwork, nation="england", kind="CRC")
                 if d.event.id == "factual-accuracy-response").date
            for t in (SHIPPED, ten)
        ]
        for fieldwork in (JUNE, date(2019, 6, 17))
    }  # fmt: skip
    assert dates[JUNE] == [date(2019, 8, 16), date(2019, 8, 16)]
    assert dates[date(2019, 6, 17)] == [date(2019, 8, 30), date(2019, 9, 2)]


@pytest.mark.parametrize(
    ("fieldwork", "event", "in_utc"),
    [
        (date(2019, 10, 7), "court-report-return", datetime(2019, 9, 18, 15, tzinfo=UTC)),
        (date(2019, 10, 7), "ratings-to-body", datetime(2019, 11, 4, 9, tzinfo=UTC)),
        (date(2019, 4, 22), "court-report-return", datetime(2019, 4, 3, 15, tzinfo=UTC)),
        (date(2019, 4, 15), "court-report-return", datetime(2019, 3, 27, 16, tzinfo=UTC)),
        (date(2019, 3, 4), "ratings-to-body", datetime(2019, 4, 1, 8, tzinfo=UTC)),
        (date(2019, 9, 30), "ratings-to-body", datetime(2019, 10, 28, 9, tzinfo=UTC)),
    ],
)
def test_instants_keep_london_time_across_both_clock_changes(fieldwork: date, event: str, in_utc: datetime) -> None:
    found = dated(fieldwork)[event].instant
    assert found is not None
    assert found.astimezone(UTC) == in_utc


def test_a_date_on_a_bank_holiday_is_named_for_a_person_to_decide() -> None:
    assert dated()["court-report-sample"].bank_holiday == "May Day"
    assert dated()["court-report-return"].bank_holiday == ""


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2018, 12, 24), 1, date(2018, 12, 27)),
        (date(2018, 12, 24), 5, date(2019, 1, 3)),
        (date(2019, 4, 18), 1, date(2019, 4, 23)),
        (date(2019, 4, 23), -1, date(2019, 4, 18)),
        (date(2019, 6, 8), 1, date(2019, 6, 10)),
        (date(2019, 6, 8), 0, date(2019, 6, 8)),
    ],
)
def test_working_days_pass_over_weekends_and_bank_holidays(day: date, count: int, expected: date) -> None:
    assert rules.add_working_days(day, count) == expected


def test_lateness_counts_working_days_only() -> None:
    assert rules.lateness(date(2019, 4, 18), date(2019, 4, 18)) == 0
    assert rules.lateness(date(2019, 4, 18), date(2019, 4, 22)) == 0
    assert rules.lateness(date(2019, 4, 18), date(2019, 4, 24)) == 2
    assert rules.lateness(date(2019, 4, 18), date(2019, 4, 10)) == 0


def test_another_day_than_a_monday_is_refused_with_the_nearest_mondays() -> None:
    with pytest.raises(
        NotAMonday, match=r"5 June 2019 is a Wednesday.*Monday 3 June 2019 and Monday 10 June 2019"
    ) as e:
        rules.plan(SHIPPED, fieldwork=date(2019, 6, 5), nation="england", kind="CRC")
    assert e.value.nearest == (date(2019, 6, 3), date(2019, 6, 10))
    with pytest.raises(NotAMonday):
        rules.first_working_day(date(2019, 6, 4))
    with pytest.raises(NotAMonday):
        rules.week_of(date(2019, 6, 4), JUNE, SHIPPED)


@pytest.mark.parametrize("year", [1999, 2200])
def test_years_without_known_bank_holidays_are_refused(year: int) -> None:
    monday = rules.nearest_mondays(date(year, 5, 5))[0]
    with pytest.raises(YearNotKnown, match="2010 to 2095"):
        rules.plan(SHIPPED, fieldwork=monday, nation="england", kind="CRC")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"week": "0"}, "week '0'"),
        ({"time": "25:00"}, "time '25:00'"),
        ({"until": "monday"}, "until 'monday' does not follow"),
        ({"working_days": 5}, "name it in 'after'"),
    ],
)
def test_an_event_that_cannot_be_dated_is_refused(keys: dict[str, object], message: str) -> None:
    sound = {
        "id": "x",
        "title": "X",
        "week": "1",
        "day": "tuesday",
        "owner": "osag",
        "audience": "both",
        "manual": "2.3a",
    }
    with pytest.raises(ValueError, match=message):
        Event(**{**sound, **keys})  # type: ignore[arg-type]


def test_two_fieldworks_in_the_same_weeks_come_first_among_the_clashes() -> None:
    found = rules.clashes([("North", JUNE), ("South", date(2019, 6, 17))], SHIPPED)
    assert (found[0].first, found[0].second, found[0].first_phase, found[0].second_phase) == (
        "North", "South", "fieldwork", "fieldwork",
    )  # fmt: skip
    assert (found[0].starts, found[0].ends) == (date(2019, 6, 17), date(2019, 6, 21))
    assert [c for c in found[1:] if c.first_phase == c.second_phase == "fieldwork"] == []


def test_inspections_a_year_apart_do_not_clash() -> None:
    assert rules.clashes([("North", JUNE), ("North again", date(2020, 6, 1))], SHIPPED) == ()


def test_two_panels_of_one_chair_on_one_day_are_found() -> None:
    plans = {"North": tuple(dated().values()), "South": tuple(dated(kind="CRC").values())}
    days = [(day, a[1].event.id, b[1].event.id) for day, a, b in rules.same_day(plans, ["director-of-operations"])]
    assert days == [(date(2019, 6, 27), "ratings-panel", "ratings-panel")]


@given(MONDAYS, st.sampled_from(["england", "wales"]), st.sampled_from(["CRC", "NPS"]))
def test_every_event_falls_in_its_week_in_order_and_once(monday: date, nation: rules.Nation, kind: rules.Kind) -> None:
    found = rules.plan(SHIPPED, fieldwork=monday, nation=nation, kind=kind)
    assert [d.date for d in found] == sorted(d.date for d in found)
    assert len({d.event.id for d in found}) == len(found)
    assert [d.event.id for d in found if not d.event.working_days and d.week != d.event.week] == []
    assert all(d.date.weekday() < 5 and d.due >= d.date for d in found)


@given(MONDAYS, st.integers(-80, 160))
def test_the_week_of_a_day_and_the_monday_of_a_week_agree(monday: date, days: int) -> None:
    day = monday + timedelta(days=days)
    start = rules.monday_of(SHIPPED, monday, rules.week_of(monday, day, SHIPPED))
    assert start <= day < start + timedelta(days=7)


@given(st.dates(date(2012, 1, 1), date(2080, 1, 1)), st.integers(-60, 60).filter(bool))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    reached = rules.add_working_days(day, count)
    assert rules.working_day(reached)
    if count > 0 or rules.working_day(day):
        assert rules.working_days_between(day, reached) == count
    if rules.working_day(day):
        assert rules.add_working_days(reached, -count) == day


@given(MONDAYS)
def test_the_first_working_day_is_in_its_week_and_none_is_earlier(monday: date) -> None:
    first = rules.first_working_day(monday)
    assert 0 <= (first - monday).days < 5
    assert not any(rules.working_day(monday + timedelta(days=n)) for n in range((first - monday).days))
