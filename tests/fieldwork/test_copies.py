"""A case out as a file and in again, its report view, and the blank form of a list."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.fieldwork import actions
from inspectorate.fieldwork.models import Answer, AnswerVersion, Patch
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team
from tests.fieldwork.test_cases import address, judge_all

pytestmark = pytest.mark.django_db
NOTE = "2.1.1:note"


@pytest.fixture
def team(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("NPS")


@pytest.fixture
def me(team: Team) -> User:
    return team["assistant-inspector"]


@pytest.fixture
def case(team: Team, me: User, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    one = sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(case=one, inspector=me, week=1, by=team["administrator"], at=team.inspection.made_at)
    return one


def book_of(browser: Client, case: SampledCase) -> Any:
    return openpyxl.load_workbook(io.BytesIO(browser.get(address(case, "workbook/")).content))


def fill(book: Any, sheet: str, field: str, value: str) -> None:
    heads = [cell.value for cell in book[sheet][1]]
    for row in book[sheet].iter_rows(min_row=2):
        if row[0].value == field:
            row[heads.index("Evidence" if sheet == "Evidence" else "Answer")].value = value
            return
    raise AssertionError(f"{field} is not on {sheet}")


def give(browser: Client, case: SampledCase, content: Any, name: str = "case.xlsx") -> HttpResponse:
    if not isinstance(content, bytes):
        target = io.BytesIO()
        content.save(target)
        content = target.getvalue()
    return browser.post(address(case, "give/"), {"upload": SimpleUploadedFile(name, content)})


def take(browser: Client, case: SampledCase, page: str, *, all_of_them: bool = False) -> str:
    """Presses the button of the preview as a browser would."""
    hidden = dict(re.findall(r'type="hidden" name="((?:field|now):[^"]+)" value="([^"]*)"', page))
    texts = dict(re.findall(r'<textarea hidden name="(value:[^"]+)">\n(.*?)</textarea>', page, re.DOTALL))
    boxes = re.findall(r'name="use" id="[^"]+" value="([^"]+)"( checked)?', page)
    chosen = [one for one, checked in boxes if checked or all_of_them]
    return browser.post(address(case, "take/"), {**hidden, **texts, "use": chosen}, follow=True).content.decode()


def test_a_filled_workbook_shows_what_it_would_change_and_then_changes_it(
    case: SampledCase, me: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(me)
    actions.save_answer(case=case, field="2.1.1", value="yes", seen=0, by=me)
    book = book_of(browser, case)
    fill(book, "Questions", "2.1.1", "No")
    fill(book, "Questions", "2.1.1a", "Not applicable")
    fill(book, "Facts", "rosh_judged", "Very high")
    fill(book, "Evidence", NOTE, "Two lines\nof a note")
    page = give(browser, case, book).content.decode()
    assert "What the file would change. Nothing is changed yet." in page
    assert AnswerVersion.objects.count() == 1
    assert "The server has confirmed 4 of 4 changes of the file." in take(browser, case, page)
    assert dict(Answer.objects.values_list("field", "value")) == {
        "2.1.1": "no", "2.1.1a": "na", "rosh_judged": "very-high", NOTE: "Two lines\nof a note",
    }  # fmt: skip
    assert "There is nothing to change." in give(browser, case, book).content.decode()
    take(browser, case, page)
    assert Patch.objects.count() == 4


def test_the_workbook_offers_the_answers_as_drop_down_lists(
    case: SampledCase, me: User, signed_in: Callable[[User], Client]
) -> None:
    book = book_of(signed_in(me), case)
    for sheet in ("Questions", "Facts"):
        assert book[sheet].data_validations.dataValidation


def test_all_faults_of_a_workbook_are_told_at_once_with_their_place(
    case: SampledCase, me: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(me)
    book = book_of(browser, case)
    fill(book, "Questions", "2.1.1", "Perhaps")
    fill(book, "Facts", "rosh_judged", "Severe")
    book["Questions"].append(["9.9.9", "", "Yes", 0])
    book["Evidence"].cell(2, 3).value = "x"
    book["Evidence"].cell(2, 4).value = "many"
    answer = give(browser, case, book)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4 faults in the file. Nothing was changed." in page
    for text in ("Choose one of Yes, No, Not applicable.", "Choose one of Low, Medium, High, Very high.",
                 "is not a field of this case", "Leave the version as it was."):  # fmt: skip
        assert text in page.replace("&#39;", "'")
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("case.xlsx", b"no workbook"), ("case.json", b"{"), ("case.json", b"[]"), ("case.pdf", b"%PDF"),
     ("case.json", b'{"format": "inspectorate case copy 1", "fields": {"2.1.1": 1}}')],
)  # fmt: skip
def test_what_is_no_copy_is_refused_in_words(
    name: str, content: bytes, case: SampledCase, me: User, signed_in: Callable[[User], Client]
) -> None:
    answer = give(signed_in(me), case, content, name)
    assert answer.status_code == 422
    assert "1 fault in the file" in answer.content.decode()


def test_the_file_of_another_case_is_refused(
    case: SampledCase, me: User, team: Team, sampled: Callable[..., list[SampledCase]], signed_in: Callable[..., Client]
) -> None:
    browser, other = signed_in(me), sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(case=other, inspector=me, week=1, by=me, at=team.inspection.made_at)
    assert "This is not the workbook of this case" in give(browser, other, book_of(browser, case)).content.decode()


def test_an_emergency_copy_comes_back_and_what_moved_meanwhile_is_left_to_the_person(
    case: SampledCase, me: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(me)
    actions.save_answer(case=case, field=NOTE, value="Newer on the server", seen=0, by=me)
    copy = {
        "format": "inspectorate case copy 1",
        "case": str(case.public_id),
        "fields": {
            NOTE: {"value": "From the train", "version": 0, "state": "device"},
            "2.1.1": {"value": "yes", "version": 0, "state": "device"},
        },
        "other_windows": [{"field": "2.1.1", "value": "no", "version": 0}],
    }
    page = give(browser, case, json.dumps(copy).encode(), "case-1-copy.json").content.decode()
    assert "Changed on the server since the file was written" in page
    told = take(browser, case, page)
    assert "confirmed 1 of 2 changes" in told
    assert "2.1.1 was not changed." in told
    assert dict(Answer.objects.values_list("field", "value")) == {NOTE: "Newer on the server", "2.1.1": "yes"}
    take(browser, case, page, all_of_them=True)
    assert Answer.objects.get(field=NOTE).value == "From the train"


def test_only_the_inspector_of_the_case_gives_a_file_back(
    case: SampledCase, me: User, team: Team, signed_in: Callable[[User], Client]
) -> None:
    content = json.dumps({"format": "inspectorate case copy 1", "case": str(case.public_id), "fields": {}}).encode()
    may = {
        role for role, one in team.people.items() if give(signed_in(one), case, content, "a.json").status_code == 200
    }
    assert may == {"assistant-inspector"}
    form = {"use": str(case.public_id), f"field:{case.public_id}": "2.1.1", f"value:{case.public_id}": "yes"}
    form[f"now:{case.public_id}"] = "0"
    for role, one in team.people.items():
        if one != me:
            assert signed_in(one).post(address(case, "take/"), form).status_code == 404, role
    assert not Answer.objects.exists()


def test_the_report_view_reads_without_anything_to_answer(
    case: SampledCase, me: User, team: Team, signed_in: Callable[[User], Client]
) -> None:
    judge_all(case, me)
    actions.save_answer(case=case, field=NOTE, value="What was found <b>", seen=0, by=me)
    page = signed_in(team["lead-inspector"]).get(address(case, "report/")).content.decode()
    assert "What was found &lt;b&gt;" in page
    assert "Medium" in page
    assert 'type="radio"' not in page.split("<main")[1].split("</main>")[0]
    assert signed_in(team["link-manager"]).get(address(case, "report/")).status_code == 404


def test_the_blank_form_has_every_question_of_its_list(
    team: Team, me: User, signed_in: Callable[[User], Client]
) -> None:
    base = f"/inspections/{team.inspection.public_id}/cases/blank/"
    browser = signed_in(me)
    page = browser.get(base + "domain-two/").content.decode()
    assert "2.2.3" in page
    assert "Risk of serious harm as you judge it" in page
    assert browser.get(base + "no-such-list/").status_code == 404
    assert signed_in(team["link-manager"]).get(base + "domain-two/").status_code == 404


def test_the_pages_ask_the_database_at_most_eight_times(
    case: SampledCase, me: User, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    judge_all(case, me)
    browser = signed_in(me)
    for page in ("report/", "workbook/", "give/"):
        browser.get(address(case, page))
        with django_assert_max_num_queries(8):
            assert browser.get(address(case, page)).status_code == 200
