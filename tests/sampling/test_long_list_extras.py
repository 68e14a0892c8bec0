"""Chapter 4.4: what is asked of a body and said of its lists: days, own words, memory, versions, receipt, count."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.command_line import main
from inspectorate.documents.spreadsheets import read_table
from inspectorate.methodology.sampling import ExpectedRange
from inspectorate.programme import actions as programme
from inspectorate.sampling import actions, expectation
from inspectorate.sampling.models import AskedPeriod, ListedCase, LongList
from tests.sampling.conftest import as_csv, as_xlsx, specification, table
from tests.sampling.rows import address, column, day, put, text

Client_of = Callable[[Any], Client]
Given = Callable[..., LongList]
FIRST, LAST = date(2018, 11, 3), date(2018, 12, 2)


def call_units(team: Any, tier_1: str, tier_2: str) -> None:
    programme.name_tiers(body=team.inspection.body, tier_1=tier_1, tier_2=tier_2, by=team["administrator"])
    team.inspection.body.__dict__.pop("unit_names", None)


# The specification workbook


@pytest.mark.parametrize("name", ["domain-two", "unpaid-work", "through-the-gate"])
def test_the_workbook_names_the_days_and_shows_examples_that_are_never_read(
    team: Any, signed_in: Client_of, given: Given, tmp_path: Any, name: str
) -> None:
    answer = signed_in(team["link-manager"]).get(address(team, "long_list_template", name))
    kept = tmp_path / "empty.xlsx"
    kept.write_bytes(answer.content)
    first, notes, examples, _ = read_table(kept).sheets
    days = {row[0]: row[2] for row in notes.rows if str(row[0]).endswith("day of the period")}
    found = AskedPeriod(first_day=days["First day of the period"], last_day=days["Last day of the period"])
    assert found.first_day.weekday() == 0 or name == "domain-two"
    assert found.first_day < found.last_day < team.inspection.fieldwork
    assert examples.rows[0] == first.rows[0]
    assert [str(row[0]) for row in examples.rows[1:]] == ["EXAMPLE-1", "EXAMPLE-2", "EXAMPLE-3"]
    grey = openpyxl.load_workbook(kept)["Examples (never read)"]["A2"].font
    assert (grey.color.rgb, grey.italic) == ("FF6B6B6B", True)
    sent = SimpleUploadedFile("empty.xlsx", kept.read_bytes())
    untouched = actions.give_long_list(inspection=team.inspection, case_list=name, upload=sent, by=team["link-manager"])
    untouched = LongList.objects.get(pk=untouched.pk)
    assert (untouched.state, untouched.size) == ("refused", 0)
    assert untouched.faults[0][4] == "There is no case beneath the headers."
    rows = [list(examples.rows[0]), *(list(row) for row in examples.rows[1:]), *table(specification(name), 12)[1:]]
    copied = given(rows, name)
    assert (copied.state, copied.size) == ("ready", 12), copied.faults
    assert [why for _, why in copied.left_out] == ["An example row of the empty list"] * 3


def test_only_the_examples_filled_in_is_told_to_be_the_wrong_sheet(team: Any, signed_in: Client_of) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Examples (never read)"
    for row in table(specification(), 5):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    answer = signed_in(team["link-manager"]).post(
        address(team, "give_long_list", "domain-two"),
        {"upload": SimpleUploadedFile("list.xlsx", kept.getvalue())},
        follow=True,
    )
    assert "The sheet «Examples (never read)» is not read." in text(answer)


def test_the_workbook_speaks_the_bodys_own_words_and_is_understood_when_it_comes_back(
    team: Any, signed_in: Client_of, given: Given, tmp_path: Any
) -> None:
    call_units(team, "Region", "Hub")
    call_units(team, "Area", "Team")
    answer = signed_in(team["link-manager"]).get(address(team, "long_list_template", "domain-two"))
    kept = tmp_path / "empty.xlsx"
    kept.write_bytes(answer.content)
    headers = list(read_table(kept).sheets[0].rows[0])
    assert headers[column("tier-1")] == "Area (tier 1 unit)"
    assert headers[column("tier-2")] == "Team (tier 2 unit)"
    for tiers in (("Area (tier 1 unit)", "Team (tier 2 unit)"), ("Area", "Team"), ("Region", "hub"), ("Region", "LDU")):
        rows = table(specification(), 12)
        rows[0][column("tier-1")], rows[0][column("tier-2")] = tiers
        assert given(rows).state == "ready", tiers
    rows = table(specification(), 12)
    rows[0][column("tier-1")] = "Something else"
    assert "Add a column «Area (tier 1 unit)»" in given(rows).faults[0][5]


# The days asked for


def test_the_days_follow_from_the_plan_and_a_row_outside_them_is_a_fault(
    team: Any, signed_in: Client_of, given: Given
) -> None:
    page = text(signed_in(team["link-manager"]).get(address(team, "long_lists")))
    assert "Saturday 3 November 2018 to Sunday 2 December 2018. 1 month. The order was made" in page
    assert "Ask for other days" not in page
    rows = put("commencement-date", table(specification(), 12), 4, LAST + timedelta(1))
    put("commencement-date", put("commencement-date", rows, 5, LAST), 6, FIRST)
    found = given(rows)
    assert [fault[:5] for fault in found.faults] == [
        [
            "Cases",
            5,
            "Commencement date",
            "03/12/2018",
            "This date lies outside the days asked for, 03/11/2018 to 02/12/2018.",
        ]
    ]


def test_a_list_of_another_month_is_told_so_once_and_by_row(given: Given) -> None:
    rows = table(specification(), 6)
    for number in range(1, 7):
        put("commencement-date", rows, number, date(2019, 2, number))
    found = given(rows)
    assert len(found.faults) == 7
    assert found.faults[0][4] == "The list is to cover 03/11/2018 to 02/12/2018; 6 rows lie outside these days."
    assert found.first_day is None


def test_the_administrator_asks_for_other_days_with_a_reason_and_lists_are_read_again(
    team: Any, signed_in: Client_of, given: Given
) -> None:
    rows = table(specification(), 6)
    for number in range(1, 7):
        put("commencement-date", rows, number, date(2019, 2, number))
    given(rows)
    client = signed_in(team["administrator"])
    page = text(client.get(address(team, "ask_period", "domain-two")))
    assert "The manual names the length of the period and leaves the days open." in page
    wrong = client.post(
        address(team, "ask_period", "domain-two"), day("first_day", date(2019, 2, 28)) | day("last_day", LAST)
    )
    assert wrong.status_code == 422
    assert "Enter the reason for other days than those of the plan" in text(wrong)
    other = day("first_day", date(2019, 2, 1)) | day("last_day", date(2019, 2, 28))
    for last, said in (
        (date(2019, 1, 31), "The last day lies before the first one"),
        (date(2019, 6, 3), "The last day must lie before fieldwork begins"),
        (date(2021, 6, 3), "The days are those of more than a year"),
    ):
        sent = other | day("last_day", last) | {"reason": "A new system"}
        assert said in text(client.post(address(team, "ask_period", "domain-two"), sent))
    assert AskedPeriod.objects.count() == 0
    answer = client.post(
        address(team, "ask_period", "domain-two"), other | {"reason": "A new system began in November"}, follow=True
    )
    page = text(answer)
    assert "The days are changed." in page
    assert "Friday 1 February 2019 to Thursday 28 February 2019." in page
    assert "A new system began in November" in page
    found = LongList.objects.get()
    assert (found.state, found.first_day, found.last_day) == ("ready", date(2019, 2, 1), date(2019, 2, 6))
    assert actions.accept_long_list(long_list=found, by=team["administrator"]) == 6
    assert found.matching["receipt"]["period"]["asked"] == ["2019-02-01", "2019-02-28"]
    assert Entry.objects.filter(chain=team.inspection.chain, action="ask_period").count() == 1


@pytest.mark.parametrize("role", ["link-manager", "lead-inspector", "senior-leader"])
def test_nobody_else_asks_for_other_days_or_notes_a_number(team: Any, signed_in: Client_of, role: str) -> None:
    client = signed_in(team[role])
    for name in ("ask_period", "expect_cases"):
        assert client.get(address(team, name, "domain-two")).status_code == 404
        assert client.post(address(team, name, "domain-two"), {"cases": 5, "source": "x"}).status_code == 404


def test_days_of_a_list_with_a_final_sample_stay(team: Any, sampled: Any) -> None:
    sampled(team)
    with pytest.raises(actions.NotReady):
        actions.ask_period(
            inspection=team.inspection,
            case_list="domain-two",
            first_day=FIRST,
            last_day=LAST,
            reason="too late",
            by=team["administrator"],
        )


# The receipt


def test_an_accepted_list_has_a_receipt_that_names_nobody_on_it(
    team: Any, given: Given, signed_in: Client_of, settings: Any
) -> None:
    found = given(table(specification(), 60))
    body, administrator = signed_in(team["link-manager"]), signed_in(team["administrator"])
    assert body.get(address(team, "list_receipt", found.public_id)).status_code == 404
    administrator.post(address(team, "accept_long_list", found.public_id))
    page = text(body.get(address(team, "long_list", found.public_id)))
    assert "Download the receipt (.json)" in page
    answers = [client.get(address(team, "list_receipt", found.public_id)) for client in (body, administrator)]
    assert answers[0].content == answers[1].content
    receipt = json.loads(answers[0].content)
    sent = Path(found.document.stored.path).read_bytes()
    assert receipt["file"] == {"sha256": hashlib.sha256(sent).hexdigest(), "bytes": len(sent)}
    assert receipt["list"]["digest"] == found.digest
    assert receipt["counts"].pop("tier_1") == [["North", 30], ["South", 30]]
    assert receipt["counts"] == {"cases": 60, "rows_left_out": 0, "faults_waived": 0}
    assert receipt["period"] == {"asked": ["2018-11-03", "2018-12-02"], "found": ["2018-11-03", "2018-11-09"]}
    assert receipt["pack"]["digest"] == team.inspection.pack.digest
    assert receipt["accepted"]["by"] == team["administrator"].name
    assert receipt["file"]["sha256"] in page
    assert receipt["list"]["specification"] in page
    written = answers[0].content.decode()
    for case in ListedCase.objects.all():
        assert case.reference not in written
        assert case.facts["name"] not in written
    line = Entry.objects.get(chain=team.inspection.chain, action="accept_long_list")
    assert json.loads(line.details)["receipt"] == hashlib.sha256(answers[0].content).hexdigest()


def test_the_command_line_knows_the_accepted_list_by_its_receipt(
    team: Any, given: Given, signed_in: Client_of, tmp_path: Path, capsys: Any
) -> None:
    found = given(table(specification(), 20))
    actions.accept_long_list(long_list=found, by=team["administrator"])
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(signed_in(team["link-manager"]).get(address(team, "list_receipt", found.public_id)).content)

    def check(rows: list[list[Any]] | None, name: str = "list.csv") -> tuple[int, Any]:
        path = Path(found.document.stored.path)
        if rows is not None:
            path = tmp_path / name
            path.write_bytes(as_csv(rows).read())
        code = main(["check-list", str(receipt), str(path), "--json"])
        return code, json.loads(capsys.readouterr().out)

    assert check(None) == (0, {"accepted": True, "same_file": True, "list": "domain-two", "faults": []})
    code, said = check(table(specification(), 20)[:1] + table(specification(), 20)[:0:-1])
    assert (code, said["accepted"], said["same_file"]) == (0, True, False)
    code, said = check(put("rosh", table(specification(), 20), 4, "Low"))
    assert (code, said["accepted"]) == (2, False)
    assert "a reference, a unit or a stratum differs" in said["faults"][0]
    code, said = check(table(specification(), 21))
    assert (code, said["faults"]) == (2, ["the list has 21 cases, the accepted one has 20"])


# Count against expectation


def test_a_count_far_from_figure_2_is_flagged_in_words_and_picture_and_never_blocks(
    team: Any, given: Given, signed_in: Client_of
) -> None:
    found = given(table(specification(), 60))
    page = text(signed_in(team["administrator"]).get(address(team, "long_list", found.public_id)))
    assert "Count against expectation" in page
    assert "107 cases (64%) fewer than expected" in page
    assert "167 to 229" in page
    assert "is worth a question to the inspected body" in page
    assert "60 on the list" in page
    assert 'role="img"' in page.split("Count against expectation")[1]
    assert "Accept the list" in page
    body = text(signed_in(team["link-manager"]).get(address(team, "long_list", found.public_id)))
    assert "Count against expectation" not in body
    assert actions.accept_long_list(long_list=found, by=team["administrator"]) == 60


def test_a_number_that_the_administrator_notes_decides(team: Any, given: Given, signed_in: Client_of) -> None:
    client = signed_in(team["administrator"])
    answer = client.post(address(team, "expect_cases", "domain-two"), {"cases": "0", "source": ""})
    assert answer.status_code == 422
    client.post(
        address(team, "expect_cases", "domain-two"), {"cases": "64", "source": "Published commencements, November"}
    )
    found = given(table(specification(), 60))
    page = text(client.get(address(team, "long_list", found.public_id)))
    assert f"Published commencements, November, noted by {team['administrator'].name}" in page
    assert "4 cases (6%) fewer than expected" in page
    assert "is worth a question" not in page
    assert "107 cases (64%) fewer than expected" in page
    actions.expect_cases(
        inspection=team.inspection, case_list="domain-two", cases=47, source="By telephone", by=team["administrator"]
    )
    page = text(client.get(address(team, "long_list", found.public_id)))
    assert "13 cases (28%) more than expected" in page
    assert "is worth a question" in page
    page = text(client.get(address(team, "expect_cases", "domain-two")))
    assert page.index("By telephone") < page.index("Published commencements, November")


@pytest.mark.parametrize(
    ("cases", "low", "said"),
    [
        (149, 6, "143 cases more than expected, 25 times as many"),
        (17, 6, "11 cases (183%) more than expected"),
        (18, 6, "12 cases more than expected, 3 times as many"),
        (5, 6, "1 case (17%) fewer than expected"),
        (1, 0, "1 case (100%) more than expected"),
        (6, 6, "as expected"),
    ],
)
def test_how_far_a_count_is_off_is_said_in_words_that_can_be_read(cases: int, low: int, said: str) -> None:
    assert expectation.in_words(cases, ExpectedRange(low, low)) == said


def test_the_list_of_the_inspection_before_is_expected_again(
    team: Any, accepted: Given, signed_in: Client_of, person: Any
) -> None:
    accepted(table(specification(), 50))
    later = programme.plan_inspection(
        body=team.inspection.body,
        fieldwork=date(2020, 6, 1),
        nation="england",
        team={"administrator": [team["administrator"]], "lead-inspector": [team["lead-inspector"]]},
        by=team["administrator"],
    )
    rows = table(specification(), 51)
    for number in range(1, len(rows)):
        put("commencement-date", rows, number, date(2019, 11, 5))
    sent = actions.give_long_list(
        inspection=later, case_list="domain-two", upload=as_xlsx(rows), by=team["administrator"]
    )
    page = text(signed_in(team["administrator"]).get(reverse("long_list", args=[later.public_id, sent.public_id])))
    assert "The list of the inspection of June 2019" in page
    assert "1 case (2%) more than expected" in page
    assert "is worth a question" not in page


def test_the_pages_ask_the_database_little(
    team: Any, accepted: Given, given: Given, signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    call_units(team, "Area", "Team")
    accepted(table(specification(), 40))
    found = given(table(specification(), 41))
    for name in ("domain-two", "unpaid-work"):
        actions.expect_cases(inspection=team.inspection, case_list=name, cases=40, source="x", by=team["administrator"])
    client = signed_in(team["administrator"])
    for name, args in (
        ("long_lists", []),
        ("long_list", [found.public_id]),
        ("ask_period", ["domain-two"]),
        ("expect_cases", ["domain-two"]),
    ):
        client.get(address(team, name, *args))
        with django_assert_max_num_queries(8):
            assert client.get(address(team, name, *args)).status_code == 200, name
