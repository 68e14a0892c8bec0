"""Chapter 4.4: what the body and the inspectorate see of long lists."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.documents.spreadsheets import read_table
from inspectorate.programme.models import Unit
from inspectorate.sampling import actions
from inspectorate.sampling.models import ListedCase, LongList
from tests.sampling.conftest import as_csv, as_xlsx, specification, table

Client_of = Callable[[Any], Client]


def address(team: Any, name: str, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def put(column: str, rows: list[list[Any]], row: int, value: Any) -> list[list[Any]]:
    rows[row][[one.id for one in specification().columns].index(column)] = value
    return rows


def test_the_page_says_what_each_list_of_this_kind_holds(team: Any, signed_in: Client_of) -> None:
    page = text(signed_in(team["link-manager"]).get(address(team, "long_lists")))
    assert "Domain two: case supervision" in page
    assert "Unpaid work" in page
    assert "Through the Gate" in page
    assert "Statutory victim contact" not in page
    assert "1 month. The order was made, or the person was released from custody." in page
    assert page.count("No list has been received yet.") == 3
    assert page.count('type="file"') == 3


def test_the_empty_list_has_the_columns_and_a_sheet_of_notes(team: Any, signed_in: Client_of, tmp_path: Any) -> None:
    answer = signed_in(team["link-manager"]).get(address(team, "long_list_template", "domain-two"))
    kept = tmp_path / "empty.xlsx"
    kept.write_bytes(answer.content)
    first, notes, examples, *rest = read_table(kept).sheets
    assert first.rows == (tuple(column.header for column in specification().columns),)
    assert notes.name == "Notes"
    assert (examples.name, len(examples.rows)) == ("Examples (never read)", 4)
    assert [sheet.hidden for sheet in rest] == [True]


@pytest.mark.parametrize("make", [as_xlsx, as_csv])
def test_a_good_list_is_summed_up_and_only_accepted_are_its_cases_kept(
    team: Any, signed_in: Client_of, make: Any
) -> None:
    body, administrator = signed_in(team["link-manager"]), signed_in(team["administrator"])
    upload = make(table(specification(), 60))
    answer = body.post(address(team, "give_long_list", "domain-two"), {"upload": upload}, follow=True)
    page = text(answer)
    assert "The administrator looks at the summary and accepts it." in page
    assert "Cases by tier 1 unit" in page
    assert "Accept the list" not in page
    found = LongList.objects.get()
    assert (found.state, found.size, ListedCase.objects.count()) == ("ready", 60, 0)
    answer = administrator.post(address(team, "accept_long_list", found.public_id), follow=True)
    assert "The list is accepted with 60 cases." in text(answer)
    assert ListedCase.objects.count() == 60
    assert set(Unit.objects.filter(parent=None).values_list("name", flat=True)) == {"North", "South"}
    actions_noted = Entry.objects.filter(chain=team.inspection.chain).values_list("action", flat=True)
    assert {"give_long_list", "read_long_list", "accept_long_list"} <= set(actions_noted)
    answer = administrator.post(address(team, "accept_long_list", found.public_id), follow=True)
    assert "Only a list that was read without faults can be accepted." in text(answer)


def test_all_faults_stand_on_the_page_and_nothing_is_kept(team: Any, signed_in: Client_of) -> None:
    rows = put("rosh", put("gender", table(specification(), 20), 4, "MF"), 9, None)
    answer = signed_in(team["link-manager"]).post(
        address(team, "give_long_list", "domain-two"), {"upload": as_xlsx(rows)}, follow=True
    )
    page = text(answer)
    assert "2 faults" in page
    assert "Write one of Male, Female." in page
    assert "Write one of Low, Medium, High, Very high." in page
    assert LongList.objects.get().state == "refused"
    assert ListedCase.objects.count() == 0
    with pytest.raises(actions.NotReady):
        actions.accept_long_list(long_list=LongList.objects.get(), by=team["administrator"])


def test_the_page_shows_200_faults_and_the_file_all_of_them_without_formulas(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = table(specification(), 250)
    for row in range(1, 251):
        put("rosh", rows, row, "=1+1")
    found = given(rows[:1] + [[f"{cell}" if cell == "=1+1" else cell for cell in row] for row in rows[1:]])
    body = signed_in(team["link-manager"])
    page = text(body.get(address(team, "long_list", found.public_id)))
    assert "250 faults" in page
    assert "The first 200 are shown here." in page
    lines = body.get(address(team, "long_list_faults", found.public_id)).content.decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(lines)))
    assert len(told) == 251
    assert told[1][:4] == ["Cases", "2", "RoSH level", "'=1+1"]


def test_who_may_not_see_personal_data_sees_no_values(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = given(put("name", put("gender", table(specification(), 20), 4, "Testperson, Secret"), 3, "Plain"))
    leader = signed_in(team["senior-leader"])
    page = text(leader.get(address(team, "long_list", found.public_id)))
    assert "1 fault" in page
    assert "Secret" not in page
    assert leader.get(address(team, "long_list_faults", found.public_id)).status_code == 404
    assert leader.get(address(team, "listed_cases", found.public_id)).status_code == 404


def test_columns_are_matched_by_hand_and_the_list_read_again(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = table(specification(), 20)
    rows[0][5] = "Danger"
    found = given(rows)
    body = signed_in(team["link-manager"])
    page = text(body.get(address(team, "long_list", found.public_id)))
    assert "Add a column «RoSH level»" in page
    assert "Danger" in page
    chosen = {f"column-{place}": column.id for place, column in enumerate(specification().columns)}
    wrong = body.post(address(team, "match_columns", found.public_id), chosen | {"column-6": "rosh"})
    assert "Two headers are matched to RoSH level. Choose one of them." in text(wrong)
    answer = body.post(address(team, "match_columns", found.public_id), chosen, follow=True)
    assert "The columns were matched by hand." in text(answer)
    found.refresh_from_db()
    assert (found.state, found.faults) == ("ready", [])
    assert actions.accept_long_list(long_list=found, by=team["administrator"]) == 20


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.pdf", b"%PDF-1.4", "The file must end in .xlsx or .csv."),
        ("list.xlsx", b"not a workbook", "The file is not a .xlsx file, whatever its name says."),
        ("list.csv", b"", "The file is empty"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_message(
    team: Any, signed_in: Client_of, name: str, content: bytes, said: str
) -> None:
    upload = SimpleUploadedFile(name, content)
    answer = signed_in(team["link-manager"]).post(address(team, "give_long_list", "domain-two"), {"upload": upload})
    assert answer.status_code == 422
    assert said in text(answer)
    assert LongList.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b'a,b\n"open', "cannot be read as .csv"),
        ("list.csv", b"just one line of text\n", "No row with headers was found."),
        ("list.xlsx", as_xlsx([["A"], ["B"]]).read()[:-300], "whatever its name says"),
    ],
)
def test_a_broken_file_gives_a_message_and_no_case(
    team: Any, signed_in: Client_of, name: str, content: bytes, said: str
) -> None:
    body = signed_in(team["link-manager"])
    upload = SimpleUploadedFile(name, content)
    answer = body.post(address(team, "give_long_list", "domain-two"), {"upload": upload}, follow=True)
    assert said in text(answer)
    assert ListedCase.objects.count() == 0


def test_a_list_whose_file_changed_since_it_was_read_is_not_accepted(team: Any, given: Callable[..., LongList]) -> None:
    found = given()
    other = as_xlsx(put("rosh", table(specification(), 60), 3, "Very high"))
    with open(found.document.stored.path, "wb") as kept:
        kept.write(other.read())
    with pytest.raises(actions.ListChanged):
        actions.accept_long_list(long_list=found, by=team["administrator"])
    assert ListedCase.objects.count() == 0


def test_a_list_is_accepted_while_the_page_says_so(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    """Nobody waits for the cases to be written; where the file has changed by then, the list is refused."""
    found, administrator = given(), signed_in(team["administrator"])
    found.state, found.accepted_by = LongList.State.ACCEPTING, team["administrator"]
    found.save()
    where = address(team, "long_list", found.public_id)
    page = text(administrator.get(where))
    assert "The list is being accepted: its 60 cases are being kept." in page
    assert f'data-looks-again="{where}"' in page
    with pytest.raises(actions.NotReady):
        actions.read_again(long_list=found, by=team["administrator"])
    with open(found.document.stored.path, "wb") as kept:
        kept.write(as_xlsx(put("rosh", table(specification(), 60), 3, "Very high")).read())
    administrator.post(address(team, "accept_long_list", found.public_id))
    assert "The file no longer gives what was read before." in text(administrator.get(where))
    assert ListedCase.objects.count() == 0


def test_a_page_says_that_a_list_is_being_read(team: Any, given: Callable[..., LongList], signed_in: Client_of) -> None:
    found = given()
    found.state = LongList.State.RECEIVED
    found.save()
    where = address(team, "long_list", found.public_id)
    page = text(signed_in(team["link-manager"]).get(where))
    assert "The list is being read." in page
    assert f'data-looks-again="{where}"' in page
    again = actions.read_long_list(long_list=found)
    assert again.state == "ready"


def test_the_dates_of_the_plan_are_noted_once_every_list_is_there(team: Any, given: Callable[..., LongList]) -> None:
    event = team.inspection.events.get(event="long-list")
    for name in ("domain-two", "unpaid-work"):
        given(table(specification(name), 40), name)
    event.refresh_from_db()
    assert event.done_at is None
    given(table(specification("through-the-gate"), 40), "through-the-gate")
    event.refresh_from_db()
    assert event.done_at is not None


@pytest.mark.parametrize("role", ["local-assessor", "assistant-inspector", "responsible-officer"])
def test_others_see_none_of_it(team: Any, given: Callable[..., LongList], signed_in: Client_of, role: str) -> None:
    found = given()
    client = signed_in(team[role])
    for name, args in (("long_lists", []), ("long_list", [found.public_id]), ("samples", [])):
        assert client.get(address(team, name, *args)).status_code == 404


def test_a_list_of_another_inspection_is_not_found(
    team: Any, given: Callable[..., LongList], an_inspection: Any, signed_in: Client_of
) -> None:
    found, other = given(), an_inspection("CRC")
    client = signed_in(other["link-manager"])
    assert client.get(address(other, "long_list", found.public_id)).status_code == 404
    assert client.get(address(team, "long_list", found.public_id)).status_code == 404


def test_pages_of_a_long_list_ask_the_database_little(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    found = accepted(table(specification(), 2400))
    client = signed_in(team["administrator"])
    for name, args in (("long_lists", []), ("long_list", [found.public_id]), ("listed_cases", [found.public_id])):
        client.get(address(team, name, *args))
        with django_assert_max_num_queries(8) as asked:
            assert client.get(address(team, name, *args)).status_code == 200
        assert asked
    assert "Showing <b>1</b> to <b>100</b> of <b>2,400 cases</b>" in text(
        client.get(address(team, "listed_cases", found.public_id))
    )


def test_the_administrator_gives_a_list_for_the_body(team: Any, signed_in: Client_of) -> None:
    client = signed_in(team["administrator"])
    answer = client.post(
        address(team, "give_long_list", "domain-two"), {"upload": as_xlsx(table(specification(), 30))}, follow=True
    )
    assert "Accept the list" in text(answer)
    assert LongList.objects.get().given_by == team["administrator"]


def test_a_later_version_stands_beside_the_earlier_one(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    first = given(table(specification(), 20), name_of_file="first.xlsx")
    second = given(table(specification(), 25), name_of_file="second.xlsx")
    page = text(signed_in(team["link-manager"]).get(address(team, "long_lists")))
    assert page.index("second.xlsx") < page.index("first.xlsx")
    assert second.document.replaces == first.document


def test_signs_that_nobody_sees_do_no_harm(given: Callable[..., LongList]) -> None:
    rows = put("name", table(specification(), 20), 1, "Test\u200bperson,\u00a0Zero\u202e")
    found = given(put("rosh", rows, 2, "Hi\u200bgh"))
    assert (found.state, found.faults) == ("ready", [])
