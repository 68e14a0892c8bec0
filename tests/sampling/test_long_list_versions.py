"""Chapter 4.4: columns matched once are remembered for the next list, and versions of a list stand side by side."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.programme import actions as programme
from inspectorate.sampling import actions, comparing, tasks
from inspectorate.sampling.models import KeptComparison, LimitedReader, ListedCase, LongList
from tests.sampling.conftest import as_xlsx, specification, table
from tests.sampling.rows import address, column, put, text

Client_of = Callable[[Any], Client]
Given = Callable[..., LongList]

# Columns remembered


def strange(count: int = 12) -> list[list[Any]]:
    rows = table(specification(), count)
    rows[0][column("rosh")] = "Danger"
    return rows


def match(team: Any, found: LongList) -> LongList:
    chosen = [one.id for one in specification().columns]
    actions.read_again(long_list=found, columns=chosen, by=team["link-manager"])
    return LongList.objects.get(pk=found.pk)


def test_columns_matched_once_are_read_so_on_the_next_list_and_the_page_says_who_and_when(
    team: Any, given: Given, signed_in: Client_of
) -> None:
    first = match(team, given(strange()))
    assert first.state == "ready"
    second = given(strange(15))
    assert (second.state, second.size) == ("ready", 15)
    assert not second.matching["by_hand"]
    client = signed_in(team["link-manager"])
    page = text(client.get(address(team, "long_list", second.public_id)))
    name = team["link-manager"].name
    assert f"The columns are read as {name} matched these headers by hand on Friday 12 April 2019" in page
    answer = client.post(address(team, "read_long_list", second.public_id), follow=True)
    page = text(answer)
    assert f"{name} had them read as at first, without what was matched by hand before." in page
    assert "Add a column «RoSH level»" in page
    third = given(strange(18))
    assert third.state == "refused", "the newest word on these headers is that they are read as at first"
    assert match(team, third).state == "ready"
    assert given(strange(20)).state == "ready"


def test_the_same_headers_in_another_order_beneath_a_title_are_remembered_too(team: Any, given: Given) -> None:
    match(team, given(strange()))
    turned = [["A list", "of the", "performance team"], [], *(row[::-1] for row in strange(14))]
    found = given(turned)
    assert (found.state, found.size, found.matching["row"]) == ("ready", 14, 3)
    case = actions.accept_long_list(long_list=found, by=team["administrator"])
    assert case == 14
    assert set(ListedCase.objects.values_list("facts__rosh", flat=True)) == {"low", "medium", "high", "very-high"}


def test_other_headers_other_lists_and_other_bodies_are_not_read_so(
    team: Any, given: Given, an_inspection: Any
) -> None:
    match(team, given(strange()))
    more = strange()
    more = [[*row, "Remark" if number == 0 else "-"] for number, row in enumerate(more)]
    assert given(more).state == "refused"
    other = an_inspection("CRC")
    sent = actions.give_long_list(
        inspection=other.inspection, case_list="domain-two", upload=as_xlsx(strange()), by=other["link-manager"]
    )
    assert LongList.objects.get(pk=sent.pk).state == "refused"


def test_a_later_inspection_of_the_same_body_remembers(team: Any, given: Given, person: Any) -> None:
    match(team, given(strange()))
    later = programme.plan_inspection(
        body=team.inspection.body,
        fieldwork=date(2020, 6, 1),
        nation="england",
        team={"administrator": [team["administrator"]], "lead-inspector": [team["lead-inspector"]]},
        by=team["administrator"],
    )
    rows = strange()
    for number in range(1, len(rows)):
        put("commencement-date", rows, number, date(2019, 11, 5))
    sent = actions.give_long_list(
        inspection=later, case_list="domain-two", upload=as_xlsx(rows), by=team["administrator"]
    )
    found = LongList.objects.get(pk=sent.pk)
    assert (found.state, found.faults) == ("ready", [])
    assert found.matching["as_of"]["by"] == team["link-manager"].name


def test_a_list_is_accepted_as_it_was_read_whatever_was_matched_since(team: Any, given: Given) -> None:
    first = given(strange())
    optional = table(specification(), 12)
    optional[0][column("office")] = "Danger zone"
    second = given(optional)
    assert second.state == "ready"
    match(team, first)
    assert actions.accept_long_list(long_list=second, by=team["administrator"]) == 12


# Versions side by side


def test_two_versions_show_rows_added_gone_and_changed_also_where_the_earlier_had_faults(
    team: Any, given: Given, signed_in: Client_of
) -> None:
    rows = put("gender", table(specification(), 20), 4, "MF")
    earlier = given(put("office", rows, 7, "Old office"))
    assert earlier.state == "refused"
    rows = table(specification(), 22)
    del rows[10]
    later = given(put("tier-1", rows, 6, "North-west"))
    client = signed_in(team["link-manager"])
    page = text(client.get(address(team, "long_lists")))
    assert address(team, "compare_lists", later.public_id, earlier.public_id) in page
    page = text(client.get(address(team, "compare_lists", later.public_id, earlier.public_id)))
    for number, what in ((2, "rows added"), (1, "rows gone"), (3, "rows changed"), (16, "rows the same")):
        assert f"{number}" in page.split(what)[0][-120:], what
    assert "Gender: <del>MF</del> now <ins>Female</ins>" in page
    assert "Office: <del>Old office</del> now" in page
    assert "Tier 1 unit: <del>South</del> now <ins>North-west</ins>" in page
    assert "X100009" in page
    assert "X100021" in page
    assert "North-west / Team 10" in page
    assert Entry.objects.filter(action="look", summary__contains="what differs between two versions").exists()
    turned = text(client.get(address(team, "compare_lists", earlier.public_id, later.public_id)))
    assert turned.count("Gone</strong>") == page.count("Gone</strong>") == 1


def test_court_reports_are_due_after_their_week_and_a_list_of_days_to_come_is_told(
    team: Any, an_inspection: Any, given: Given, signed_in: Client_of
) -> None:
    nps = an_inspection("NPS")
    page = text(signed_in(nps["link-manager"]).get(address(nps, "long_lists")))
    planned = nps.inspection.events.get(event="court-report-sample").date
    assert page.count(f"{planned:%A} {planned.day} {planned:%B %Y}, when the sample is drawn") == 1
    found = given(table(specification(), 20))
    client, here = signed_in(team["administrator"]), address(team, "long_list", found.public_id)
    assert "still to come when it was given" not in text(client.get(here))
    LongList.objects.filter(pk=found.pk).update(last_day=found.given_at.date() + timedelta(days=1))
    assert "still to come when it was given" in text(client.get(here))
    assert "when the sample is drawn" not in text(client.get(address(team, "long_lists")))


def test_very_long_versions_are_compared_in_the_background_while_the_page_says_so(
    team: Any, given: Given, signed_in: Client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = given(table(specification(), 20))
    later = given(put("rosh", table(specification(), 20), 3, "High"))
    broken = given([["nothing"], ["here"]])
    client, here = signed_in(team["administrator"]), address(team, "compare_lists", later.public_id, earlier.public_id)
    at_once = text(client.get(here))
    assert "Changed</strong>" in at_once
    monkeypatch.setattr(comparing, "AT_ONCE_BYTES", 0)
    waits = text(client.get(here, {"waits": 1}))
    assert "The versions are being compared" in waits
    assert 'data-looks-again="' + here in waits
    client.get(here)
    assert KeptComparison.objects.count() == 1
    whole = at_once[at_once.index("<main") : at_once.index("</main>")]
    assert whole in text(client.get(here, {"waits": 1}))
    assert whole in text(client.get(here))
    assert KeptComparison.objects.count() == 1
    told = client.get(address(team, "compare_lists", broken.public_id, later.public_id))
    assert "The versions cannot be compared" in text(told)
    tasks.read_long_list.enqueue(broken.pk)
    assert KeptComparison.objects.count() == 2


def test_an_accepted_version_is_compared_by_the_cases_that_are_kept(
    team: Any, accepted: Given, given: Given, signed_in: Client_of
) -> None:
    first = accepted(table(specification(), 20))
    rows = put("rosh", table(specification(), 20), 3, "High")
    second = given([[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows])
    page = text(signed_in(team["administrator"]).get(address(team, "compare_lists", second.public_id, first.public_id)))
    assert "RoSH level: <del>Medium</del> now <ins>High</ins>" in page
    assert page.count("Changed</strong>") == 1


def test_who_may_not_see_personal_data_sees_counts_and_no_row(team: Any, given: Given, signed_in: Client_of) -> None:
    earlier, later = given(table(specification(), 20)), given(table(specification(), 25))
    page = text(
        signed_in(team["senior-leader"]).get(address(team, "compare_lists", later.public_id, earlier.public_id))
    )
    assert "rows added" in page
    assert "The rows are shown to those only who may see personal data." in page
    assert "X1000" not in page


def test_many_differences_come_in_pages_and_the_database_is_asked_little(
    team: Any, given: Given, signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    earlier, later = given(table(specification(), 20)), given(table(specification(), 260))
    client = signed_in(team["administrator"])
    here = address(team, "compare_lists", later.public_id, earlier.public_id)
    client.get(here)
    with django_assert_max_num_queries(8):
        page = text(client.get(here))
    assert page.count("Added</strong>") == 100
    assert "of <b>240 rows</b>" in page
    assert text(client.get(here, {"page": 3})).count("Added</strong>") == 40


def test_rows_without_a_reference_are_counted_and_a_file_without_a_list_is_told(
    team: Any, given: Given, signed_in: Client_of
) -> None:
    rows = put("reference", put("reference", table(specification(), 20), 3, None), 5, "X100001")
    earlier, later = given(rows), given(table(specification(), 20))
    client = signed_in(team["administrator"])
    page = text(client.get(address(team, "compare_lists", later.public_id, earlier.public_id)))
    assert "3 rows of the earlier version and 1 row of the later one" in page
    broken = given([["nothing"], ["here"]])
    answer = client.get(address(team, "compare_lists", broken.public_id, later.public_id))
    assert answer.status_code == 200
    assert "The versions cannot be compared" in text(answer)


def test_a_limited_access_case_is_covered_for_all_but_its_readers_and_the_body(
    team: Any, accepted: Given, given: Given, signed_in: Client_of
) -> None:
    first = accepted(table(specification(), 20))
    ListedCase.objects.filter(reference="X100002").update(limited=True)
    second = given(put("rosh", put("rosh", table(specification(), 20), 3, "High"), 5, "Low"))
    here = address(team, "compare_lists", second.public_id, first.public_id)
    page = text(signed_in(team["administrator"]).get(here))
    assert page.count("Changed</strong>") == 2
    assert page.count("Limited-access case") == 1
    assert "X100002" not in page
    assert "X100004" in page
    LimitedReader.objects.create(
        inspection=team.inspection,
        reader=team["lead-inspector"],
        reason="allocated",
        by=team["lead-inspector"],
        at=first.given_at,
    )
    for role in ("lead-inspector", "link-manager"):
        assert "X100002" in text(signed_in(team[role]).get(here)), role


def test_versions_of_different_lists_or_inspections_are_not_compared(
    team: Any, given: Given, an_inspection: Any, signed_in: Client_of
) -> None:
    one, other = given(table(specification(), 20)), given(table(specification("unpaid-work"), 20), "unpaid-work")
    client = signed_in(team["administrator"])
    assert client.get(address(team, "compare_lists", one.public_id, other.public_id)).status_code == 404
    assert client.get(address(team, "compare_lists", one.public_id, one.public_id)).status_code == 404
    elsewhere = an_inspection("CRC")
    client = signed_in(elsewhere["administrator"])
    assert client.get(address(elsewhere, "compare_lists", one.public_id, other.public_id)).status_code == 404
