"""Chapter 4.4: what a long list may look like, and that every fault of one is told at once."""

from datetime import date, datetime
from time import process_time
from typing import Any

import pytest
from hypothesis import given as any_value
from hypothesis import settings
from hypothesis import strategies as st

from inspectorate.documents.spreadsheets import Sheet
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.sampling.cells import NotUnderstood, read
from inspectorate.sampling.checking import Checked, check
from inspectorate.sampling.headings import Heading, find
from tests.sampling.conftest import specification, table

TODAY = date(2019, 4, 12)


def checked(rows: list[list[Any]], name: str = "domain-two", heading: Heading | None = None) -> Checked:
    sheet = Sheet("Cases", tuple(tuple(row) for row in rows))
    case_list = specification(name)
    found = heading or find(case_list, [sheet])
    assert found is not None
    return check(case_list, sheet.rows, found, TODAY)


def place(case_list: CaseList, column: str) -> int:
    return [one.id for one in case_list.columns].index(column)


@pytest.mark.parametrize("name", [one.id for one in packs.current().sampling.lists])
def test_a_list_without_faults_gives_every_case(name: str) -> None:
    found = checked(table(specification(name), 40), name)
    assert found.faults == ()
    assert len(found.cases) == 40
    assert found.cases[0].reference == "X100000"
    assert found.cases[0].row == 2


def test_facts_are_kept_under_column_and_choice_ids_with_dates_as_iso() -> None:
    case = checked(table(specification(), 8)).cases[3]
    assert case.facts["gender"] == "female"
    assert case.facts["rosh"] == "high"
    assert case.facts["date-of-birth"] == "1970-01-04"
    assert case.units == ("South", "Team 11")
    assert case.strata == ("female", "community", "high")


def test_all_faults_are_told_at_once_and_no_case_is_given() -> None:
    case_list = specification()
    rows = table(case_list, 30)
    rows[3][place(case_list, "rosh")] = "TBC"
    rows[4][place(case_list, "gender")] = None
    rows[5][place(case_list, "date-of-birth")] = "31/02/1980"
    rows[6][place(case_list, "commencement-date")] = date(2016, 5, 3)
    rows[7][place(case_list, "reference")] = rows[9][place(case_list, "reference")]
    found = checked(rows)
    assert not found.cases
    assert [(one.row, one.column, one.value) for one in found.faults] == [
        (4, "RoSH level", "TBC"),
        (5, "Gender", ""),
        (6, "Date of birth", "31/02/1980"),
        (7, "Commencement date", "03/05/2016"),
        (8, "Case reference", "X100008"),
        (10, "Case reference", "X100008"),
    ]
    assert found.faults[0].right == "Write one of Low, Medium, High, Very high."
    assert found.faults[3].what == ("This date lies outside the 1 month of the list, 03/11/2018 to 09/11/2018.")
    assert found.faults[4].what == "The same reference stands on row 10."


def test_a_list_of_a_whole_quarter_is_one_fault_and_not_one_for_each_row() -> None:
    case_list = specification()
    rows = table(case_list, 90)
    for number, row in enumerate(rows[1:]):
        row[place(case_list, "commencement-date")] = date(2019, 1 + number % 3, 1 + number % 28)
    faults = checked(rows).faults
    assert [one.what for one in faults] == [
        "The dates run from 01/01/2019 to 28/03/2019; the list is to cover 1 month."
    ]


def test_titles_above_empty_rows_totals_and_headers_again_are_no_faults() -> None:
    rows = table(specification(), 20)
    blank: list[Any] = []
    with_titles = [["Made-up CRC: long list"], blank, *rows[:11], blank, rows[0], *rows[11:], ["Total", 20]]
    found = checked(with_titles)
    assert found.faults == ()
    assert len(found.cases) == 20
    assert found.cases[0].row == 4
    assert found.left_out == ((14, "Empty"), (15, "The headers again"), (26, "A line of totals: Total 20"))


def test_variants_are_understood_and_counted() -> None:
    case_list = specification()
    rows = table(case_list, 20)
    for row in rows[1:]:
        row[place(case_list, "gender")] = "F"
        row[place(case_list, "date-of-birth")] = "3 Jun 1979"
    rows[1][place(case_list, "tier-1")] = "NORTH "
    found = checked(rows)
    assert found.faults == ()
    told = {(one.column, one.written, one.read_as, one.times) for one in found.understood}
    assert ("Gender", "F", "Female", 20) in told
    assert ("Tier 1 unit", "NORTH", "North", 1) in told
    assert found.cases[0].facts["date-of-birth"] == "1979-06-03"
    assert {case.units[0] for case in found.cases} == {"North", "South"}


def test_a_missing_column_a_doubled_one_and_a_refused_one_are_named() -> None:
    case_list = specification("victim-work")
    rows = table(case_list, 5)
    at = place(case_list, "offence")
    for number, row in enumerate(rows):
        row[at] = "Contact made" if number == 0 else "Yes"
        row.append("CRN" if number == 0 else "X1")
    found = checked(rows, "victim-work")
    assert [(one.row, one.column) for one in found.faults] == [(1, "Offence"), (1, "Contact made"), (1, "CRN")]
    assert found.faults[0].what == "This column is missing."
    assert found.faults[1].what.startswith("This column must not be there.")
    assert found.faults[2].what == "«Case reference» is read as Case reference too."


def test_a_list_without_cases_says_so() -> None:
    faults = checked(table(specification(), 0)).faults
    assert [one.what for one in faults] == ["There is no case beneath the headers."]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime(2019, 2, 3, 10, 30), "2019-02-03"),
        ("03/02/2019", "2019-02-03"),
        ("3.2.19", "2019-02-03"),
        ("2019-02-03", "2019-02-03"),
        ("3rd February 2019", "2019-02-03"),
        ("03/02/2019 00:00:00", "2019-02-03"),
        (43499, "2019-02-03"),
        ("03/02/71", "1971-02-03"),
    ],
)
def test_dates_are_understood_however_they_are_written(written: Any, day: str) -> None:
    assert read(specification().column("commencement-date"), written, TODAY).value == day


@pytest.mark.parametrize("written", ["31/02/2019", "02/13/2019", "soon", "12", "99/99/9999", "03/02/2019/4"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood):
        read(specification().column("commencement-date"), written, TODAY)


cells = st.none() | st.text(max_size=30) | st.integers() | st.floats() | st.dates() | st.datetimes() | st.booleans()


@settings(max_examples=60, deadline=None)
@any_value(st.lists(st.lists(cells, max_size=14), max_size=8))
def test_whatever_stands_in_a_sheet_gives_cases_or_faults_and_never_both(rows: list[list[Any]]) -> None:
    found = checked([table(specification(), 0)[0], *rows])
    assert bool(found.cases) != bool(found.faults)


def test_thousands_of_rows_with_one_reference_or_one_name_are_told_at_once() -> None:
    case_list = specification()
    rows = table(case_list, 6000)
    for row in rows[1:3001]:
        row[place(case_list, "reference")] = "X1"
    for row in rows[3001:]:
        row[place(case_list, "name")], row[place(case_list, "date-of-birth")] = "One Name", date(1980, 1, 1)
    began = process_time()
    found = checked(rows)
    assert process_time() - began < 2
    assert len(found.faults) == 6000
    assert found.faults[0].what.startswith("The same reference stands on row 3, 4, 5, ")
    assert max(len(fault.what) for fault in found.faults) < 160
