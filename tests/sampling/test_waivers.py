"""Chapter 4.4b: faults of a long list that cannot be mended are waived, and listed for ever."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.sampling import actions
from inspectorate.sampling.actions.waivers import kinds_of
from inspectorate.sampling.models import ListedCase, LongList, Waiver
from tests.sampling.conftest import specification, table

Client_of = Callable[[Any], Client]
WHY = "The court has lost the papers"


def address(team: Any, name: str, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def put(rows: list[list[Any]], row: int, **cells: Any) -> list[list[Any]]:
    """Changes cells of a sheet row (the headers are row 1)."""
    places = [one.id for one in specification().columns]
    for column, value in cells.items():
        rows[row - 1][places.index(column.replace("_", "-"))] = value
    return rows


def waive(found: LongList, team: Any, column: str, outcome: str, rows: set[int] | None = None) -> LongList:
    kind = next(one for one in kinds_of(found) if one.column == column)
    actions.waive_faults(
        long_list=found, kind=kind.id, outcome=outcome, reason=WHY, by=team["administrator"], rows=rows
    )
    return LongList.objects.get(pk=found.pk)


def told(found: LongList) -> list[tuple[int, str, str]]:
    return [(row, column, what) for _, row, column, _, what, _ in found.faults]


def test_the_administrator_waives_all_faults_of_a_kind_at_once_and_the_list_is_ready(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = table(specification(), 30)
    for row in (4, 9, 12):
        put(rows, row, date_of_birth="not known")
    found = given(put(rows, 20, rosh="Med/High"))
    administrator = signed_in(team["administrator"])
    page = text(administrator.get(address(team, "long_list", found.public_id)))
    assert "waive it" in page
    kinds = kinds_of(found)
    assert [(one.column, one.rows, [str(way) for way in one.outcomes]) for one in kinds] == [
        ("Date of birth", (4, 9, 12), ["as-written", "left-out"]),
        ("RoSH level", (20,), ["left-out"]),
    ]
    path = address(team, "waive_faults", found.public_id)
    for kind, which, outcome in ((kinds[0], "all", "as-written"), (kinds[1], None, "left-out")):
        page = text(administrator.get(f"{path}?kind={kind.id}"))
        assert kind.what in page
        sent = {"outcome": outcome, "reason": WHY} | ({"which": which} if which else {})
        answer = administrator.post(f"{path}?kind={kind.id}", sent, follow=True)
    page = text(answer)
    assert "Accept the list" in page
    assert page.count(WHY) == 4
    assert "not known" in page
    found.refresh_from_db()
    assert (found.state, found.size) == ("ready", 29)
    assert actions.accept_long_list(long_list=found, by=team["administrator"]) == 29
    assert not ListedCase.objects.filter(row=20).exists()
    assert ListedCase.objects.get(row=4).facts["date-of-birth"] == ""
    said = Entry.objects.filter(action="waive_faults").values_list("summary", flat=True)
    assert list(said) == [f"Waived {count} faults of the domain-two long list" for count in (3, 1)]


def test_the_digest_is_that_of_the_cases_that_remain(team: Any, given: Callable[..., LongList]) -> None:
    rows = table(specification(), 30)
    without = given(rows[:9] + rows[10:])
    found = waive(given(put(rows, 10, gender="MF")), team, "Gender", "left-out")
    assert found.digest == without.digest != ""


def test_only_some_rows_are_waived_and_one_of_two_with_one_reference_frees_the_other(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = given(put(put(table(specification(), 20), 5, reference="X100000"), 9, gender="MF"))
    assert [row for row, *_ in told(found)] == [2, 5, 9]
    kind = kinds_of(found)[0]
    assert (kind.what, kind.rows) == ("The same reference stands on another row.", (2, 5))
    client = signed_in(team["administrator"])
    path = f"{address(team, 'waive_faults', found.public_id)}?kind={kind.id}"
    sent = {"which": "some", "outcome": "left-out", "reason": WHY}
    for typed, said in (
        ("", "Enter the row numbers"),
        ("five", "Enter the row numbers"),
        ("7", "This fault does not stand on row 7."),
        ("10 to 30", "None of these rows has this fault."),
    ):
        answer = client.post(path, sent | {"rows": typed})
        assert answer.status_code == 422
        assert said in text(answer)
    client.post(path, sent | {"rows": "3 to 6"})
    found.refresh_from_db()
    assert [row for row, *_ in told(found)] == [9]
    assert list(Waiver.objects.values_list("row", flat=True)) == [5]


@pytest.mark.parametrize(
    ("column", "value", "ways"),
    [
        ("reference", None, ["left-out"]),
        ("tier-1", None, ["left-out"]),
        ("gender", "?!", ["left-out"]),
        ("commencement-date", date(2017, 1, 1), ["left-out"]),
        ("commencement-date", "soon", ["left-out"]),
        ("commencement-date", None, ["as-written", "left-out"]),
        ("name", None, ["as-written", "left-out"]),
        ("limited-access", "perhaps", ["left-out"]),
    ],
)
def test_what_can_become_of_a_fault_hangs_on_its_column(
    team: Any, given: Callable[..., LongList], column: str, value: Any, ways: list[str]
) -> None:
    found = given(put(table(specification(), 20), 7, **{column.replace("-", "_"): value}))
    (kind,) = kinds_of(found)
    assert [str(one) for one in kind.outcomes] == ways
    for outcome in ("as-written", "left-out"):
        if outcome not in ways:
            with pytest.raises(actions.CannotWaive):
                waive(found, team, kind.column, outcome)
    assert waive(found, team, kind.column, ways[0]).state == "ready"


def test_a_missing_column_is_waived_only_where_the_list_can_do_without(
    team: Any, given: Callable[..., LongList]
) -> None:
    places = [one.id for one in specification().columns]
    rows = [
        [cell for place, cell in enumerate(row) if places[place] not in ("date-of-birth", "rosh")]
        for row in table(specification(), 20)
    ]
    found = given(rows)
    assert [(one.column, [str(way) for way in one.outcomes]) for one in kinds_of(found)] == [
        ("Date of birth", ["as-written"]),
        ("RoSH level", []),
    ]
    assert [what for *_, what in told(waive(found, team, "Date of birth", "as-written"))] == ["This column is missing."]


def test_a_person_under_two_references_is_told_and_confirmed_by_a_waiver(
    team: Any, given: Callable[..., LongList]
) -> None:
    rows = put(table(specification(), 20), 4, name="Number 9  Testperson", date_of_birth=date(1970, 1, 10))
    found = given(rows)
    assert told(found) == [
        (4, "Name", "The same name and date of birth stand on row 11 under another reference."),
        (11, "Name", "The same name and date of birth stand on row 4 under another reference."),
    ]
    ready = waive(found, team, "Name", "as-written")
    assert (ready.state, ready.size) == ("ready", 20)


def test_faults_that_come_to_light_later_are_waived_then(team: Any, given: Callable[..., LongList]) -> None:
    rows = put(table(specification(), 20), 4, name=None)
    found = waive(given(put(rows, 6, rosh="TBC")), team, "Name", "as-written")
    assert [row for row, *_ in told(found)] == [6]
    assert waive(found, team, "RoSH level", "left-out").state == "ready"


def test_read_again_a_list_keeps_its_waivers_and_says_which_no_longer_apply(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = put(put(table(specification(), 20), 4, name=None), 6, office="x" * 400)
    found = waive(waive(given(rows), team, "Name", "as-written"), team, "Office", "as-written")
    assert found.state == "ready"
    columns = [one.id if one.id != "office" else "" for one in specification().columns]
    again = actions.read_again(long_list=found, columns=columns, by=team["administrator"])
    again = LongList.objects.get(pk=again.pk)
    assert again.state == "ready"
    page = text(signed_in(team["senior-leader"]).get(address(team, "long_list", found.public_id)))
    still, _, idle = page.partition("These waivers no longer apply")
    assert "Nothing stands here." in still
    assert "400 characters long" not in still
    assert "400 characters long" in idle


def test_a_later_version_says_what_was_waived_before(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    waive(given(put(table(specification(), 20), 4, gender="Secretvalue"), name_of_file="first.xlsx"), team, "Gender",
          "left-out")  # fmt: skip
    second = given(put(table(specification(), 20), 5, gender="Secretvalue"), name_of_file="second.xlsx")
    assert second.state == "refused"
    page = text(signed_in(team["link-manager"]).get(address(team, "long_list", second.public_id)))
    assert "On earlier versions of this list 1 fault was waived." in page
    assert "first.xlsx" in page
    for role, sees in (("administrator", True), ("senior-leader", False)):
        page = text(signed_in(team[role]).get(address(team, "long_list", second.public_id)))
        assert ("Secretvalue" in page) is sees
        assert WHY in page


def test_the_file_of_waivers_holds_values_for_those_only_who_may_see_them(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = waive(given(put(table(specification(), 20), 4, gender="=Secretvalue")), team, "Gender", "left-out")
    for role, sees in (("administrator", True), ("senior-leader", False)):
        answer = signed_in(team[role]).get(address(team, "waivers_file", found.public_id))
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[1][:5] == ["4", "Gender", "This value is not understood.", "Row left out", WHY]
        assert (rows[1][-1] == "'=Secretvalue") is sees
    other = given(table(specification(), 20))
    assert signed_in(team["administrator"]).get(address(team, "waivers_file", other.public_id)).status_code == 404


def test_nothing_is_waived_without_a_reason_or_on_a_list_that_is_accepted_or_has_no_fault(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = given(put(table(specification(), 20), 4, gender="MF"))
    (kind,) = kinds_of(found)
    same = {"long_list": found, "kind": kind.id, "outcome": "left-out", "by": team["administrator"]}
    with pytest.raises(actions.CannotWaive, match="Say why"):
        actions.waive_faults(**same, reason="  ")
    with pytest.raises(actions.CannotWaive, match="no such fault"):
        actions.waive_faults(**same | {"kind": "other"}, reason=WHY)
    waive(found, team, "Gender", "left-out")
    with pytest.raises(actions.CannotWaive, match="has faults"):
        actions.waive_faults(**same, reason=WHY)
    actions.accept_long_list(long_list=found, by=team["administrator"])
    with pytest.raises(actions.CannotWaive, match="accepted"):
        actions.waive_faults(**same, reason=WHY)
    page = text(signed_in(team["administrator"]).get(address(team, "waive_faults", found.public_id)))
    assert "no faults that can be waived" in page
    assert WHY in text(signed_in(team["administrator"]).get(address(team, "long_list", found.public_id)))


def test_only_the_administrator_waives(team: Any, given: Callable[..., LongList], signed_in: Client_of) -> None:
    found = given(put(table(specification(), 20), 4, gender="MF"))
    for role in ("link-manager", "lead-inspector", "body-staff", "senior-leader"):
        client = signed_in(team[role])
        path = address(team, "waive_faults", found.public_id)
        assert (client.get(path).status_code, client.post(path, {}).status_code) == (404, 404)
    page = text(signed_in(team["link-manager"]).get(address(team, "long_list", found.public_id)))
    assert "The administrator can waive a fault that cannot be mended." in page


def test_a_page_with_thousands_of_waivers_asks_the_database_little(
    team: Any, given: Callable[..., LongList], signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    rows = table(specification(), 2400)
    for row in range(2, 1402):
        put(rows, row, name=None)
    found = waive(given(put(rows, 2000, gender="MF")), team, "Name", "as-written")
    assert Waiver.objects.count() == 1400
    client = signed_in(team["administrator"])
    for name in ("long_list", "waive_faults"):
        client.get(address(team, name, found.public_id))
        with django_assert_max_num_queries(8):
            assert client.get(address(team, name, found.public_id)).status_code == 200
