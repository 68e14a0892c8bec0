"""What a device kept and sends: receipts that never change, chains made offline, two devices, presence, and the key."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.fieldwork import actions
from inspectorate.fieldwork.models import Answer, AnswerVersion, Patch, Presence
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
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    one = sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(
        case=one, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    return one


@pytest.fixture
def me(team: Team) -> User:
    return team["assistant-inspector"]


def patch(field: str, value: str, base: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "field": field, "value": value, "base": base} | more


def send(browser: Client, case: SampledCase, owner: User, *patches: dict[str, Any], **more: Any) -> HttpResponse:
    body = {"owner": str(owner.public_id), "device": str(uuid.UUID(int=1)), "known": 0, "here": True} | more
    sent = json.dumps(body | {"patches": patches})
    return browser.post(address(case, "patches/"), sent, content_type="application/json")


def test_a_change_is_confirmed_by_its_receipt(case: SampledCase, me: User, signed_in: Callable[..., Client]) -> None:
    one = patch(NOTE, "What was found.", made_at="2030-01-01T00:00:00+00:00")
    answer = send(signed_in(me), case, me, one)
    assert answer.status_code == 200
    assert answer.json()["answers"] == [{"id": one["id"], "field": NOTE, "outcome": "confirmed", "version": 1}]
    assert str(Patch.objects.get().pk) == one["id"]
    assert Answer.objects.get().value == "What was found."


def test_a_change_sent_again_has_no_second_effect_and_the_same_answer_even_later(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser, one = signed_in(me), patch("2.1.1", "yes")
    first = send(browser, case, me, one).json()["answers"]
    assert send(browser, case, me, one).json()["answers"] == first
    send(browser, case, me, patch("2.1.1", "no", base=1))
    assert send(browser, case, me, one).json()["answers"] == first
    assert Answer.objects.get().value == "no"
    judge_all(case, me)
    browser.post(address(case, "submit/"))
    assert send(browser, case, me, one).json()["answers"] == first
    assert AnswerVersion.objects.filter(field="2.1.1").count() == 2


def test_a_chain_made_offline_follows_itself(case: SampledCase, me: User, signed_in: Callable[..., Client]) -> None:
    """The answer to the first change was lost on the way: the second one still stands on it, not against it."""
    browser, first = signed_in(me), patch(NOTE, "One")
    send(browser, case, me, first)
    second = patch(NOTE, "One two", after=[first["id"]])
    assert send(browser, case, me, second).json()["answers"][0]["version"] == 2
    never_arrived = str(uuid.uuid4())
    third = patch(NOTE, "One two three", base=2, after=[never_arrived])
    assert send(browser, case, me, third).json()["answers"][0]["version"] == 3


def test_a_chain_does_not_hide_what_somebody_else_wrote_in_between(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser, first = signed_in(me), patch(NOTE, "One")
    send(browser, case, me, first)
    actions.save_answer(case=case, field=NOTE, value="Another window", seen=1, by=me)
    answer = send(browser, case, me, patch(NOTE, "One two", after=[first["id"]]))
    assert answer.status_code == 409
    [told] = answer.json()["answers"]
    assert (told["outcome"], told["theirs"], told["version"]) == ("differs", "Another window", 2)


def test_different_fields_merge_and_each_page_is_told_of_the_other(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(me)
    send(browser, case, me, patch("2.1.1", "yes"))
    told = send(browser, case, me, patch("2.1.2", "no"), device=str(uuid.UUID(int=2))).json()
    assert [(one["field"], one["value"]) for one in told["changes"]] == [("2.1.1", "yes"), ("2.1.2", "no")]
    assert told["known"] == 2
    assert send(browser, case, me, known=2).json()["changes"] == []


def test_of_several_changes_only_the_one_that_differs_or_is_wrong_stays_out(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(me)
    send(browser, case, me, patch("2.1.1", "no"))
    answer = send(
        browser, case, me, patch("2.1.1", "yes"), patch("2.1.2", "perhaps"), patch("2.1.3", "yes"),
    )  # fmt: skip
    assert [one["outcome"] for one in answer.json()["answers"]] == ["differs", "refused", "confirmed"]
    assert dict(Answer.objects.values_list("field", "value")) == {"2.1.1": "no", "2.1.3": "yes"}
    assert Patch.objects.count() == 2


def test_an_id_that_stands_for_another_text_confirms_nothing(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser, one = signed_in(me), patch(NOTE, "One")
    send(browser, case, me, one)
    [told] = send(browser, case, me, one | {"value": "Two"}).json()["answers"]
    assert (told["outcome"], told["theirs"]) == ("differs", "One")


def test_of_a_case_that_was_submitted_or_taken_away_the_page_learns_why_and_keeps_the_text(
    case: SampledCase, me: User, team: Team, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(me)
    judge_all(case, me)
    browser.post(address(case, "submit/"))
    [told] = send(browser, case, me, patch(NOTE, "Late")).json()["answers"]
    assert told["outcome"] == "refused"
    assert "was submitted" in told["error"]
    Allocation.objects.update(ended_at=team.inspection.made_at)
    [told] = send(browser, case, me, patch(NOTE, "Later")).json()["answers"]
    assert told["error"] == "This case is not allocated to you any more."
    answer = send(browser, case, me, patch(NOTE, "Later")).json()
    assert (answer["changes"], answer["others"]) == ([], [])


def test_a_limited_case_tells_nothing_to_who_is_no_named_reader(
    case: SampledCase, me: User, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(me)
    send(browser, case, me, patch(NOTE, "Before"))
    case.case.limited = True
    case.case.save()
    assert send(browser, case, me, patch(NOTE, "After", base=1)).status_code == 404
    for page in ("report/", "workbook/", "give/"):
        assert browser.get(address(case, page)).status_code == 404


def test_only_the_inspector_of_the_case_sends_and_only_in_the_own_name(
    case: SampledCase, me: User, team: Team, signed_in: Callable[..., Client]
) -> None:
    for role, somebody in team.people.items():
        if somebody != me:
            assert send(signed_in(somebody), case, somebody, patch("2.1.1", "yes")).status_code == 404, role
    stale = send(signed_in(me), case, team["lead-inspector"], patch("2.1.1", "yes"))
    assert stale.status_code == 403
    assert stale.json()["signed_in"] == me.name
    assert not Answer.objects.exists()


def test_what_is_no_sending_is_refused(case: SampledCase, me: User, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(me)
    for body in ("", "[]", "{", '{"patches": [1]}'):
        assert browser.post(address(case, "patches/"), body, content_type="application/json").status_code == 400
    assert send(browser, case, me, patch("2.1.1", "yes", made_at="2030-01-01T00:00:00")).status_code == 400
    assert send(browser, case, me, patch("2.1.1", "yes") | {"id": "one"}).status_code == 400
    assert send(browser, case, me, *[patch("2.1.1", "yes") for _ in range(101)]).status_code == 400


def test_who_else_has_the_case_open_is_said_and_forgotten_when_the_page_is_left(
    case: SampledCase, me: User, team: Team, signed_in: Callable[..., Client], at: Callable[[datetime], None]
) -> None:
    lead = team["lead-inspector"]
    at(datetime(2019, 6, 4, 10))
    Presence.objects.create(case=case, user=lead, device=uuid.UUID(int=2), seen_at=clock.now())
    send(signed_in(me), case, me, device=str(uuid.UUID(int=3)))
    seen = send(signed_in(me), case, me).json()["others"]
    assert {(one["name"], one["you"]) for one in seen} == {(lead.name, False), (me.name, True)}
    send(signed_in(me), case, me, device=str(uuid.UUID(int=3)), here=False)
    assert [one["name"] for one in send(signed_in(me), case, me).json()["others"]] == [lead.name]
    at(datetime(2019, 6, 4, 11))
    assert send(signed_in(me), case, me).json()["others"] == []
    assert Presence.objects.count() == 2


def test_the_key_is_the_same_after_a_new_sign_in_and_another_after_signing_out(me: User) -> None:
    browser = Client()
    browser.force_login(me)
    first = browser.get("/journal/").json()
    assert len(first["key"]) == 44
    held = {"Journal-Parts": f"{first['owner']}={first['part']}"}
    browser.cookies.pop("sessionid")
    assert browser.get("/journal/", headers=held).status_code == 302
    browser.force_login(me)
    assert browser.get("/journal/", headers=held).json()["key"] == first["key"]
    browser.post("/accounts/logout/")
    browser.force_login(me)
    assert browser.get("/journal/").json()["key"] != first["key"]


def test_the_journal_of_another_person_survives_and_stays_locked(me: User, team: Team) -> None:
    browser = Client()
    browser.force_login(me)
    mine = browser.get("/journal/").json()
    browser.cookies.pop("sessionid")
    lead = team["lead-inspector"]
    browser.force_login(lead)
    held = {"Journal-Parts": f"{mine['owner']}={mine['part']}, {lead.public_id}={mine['part']}"}
    assert browser.get("/journal/", headers=held).json()["key"] != mine["key"]
    browser.post("/accounts/logout/")
    browser.force_login(me)
    assert browser.get("/journal/", headers=held).json()["key"] == mine["key"]


@pytest.mark.parametrize("held", ["", "=", "rubbish", "{me}=", "{me}=short", "{me}={me},,"])
def test_a_part_that_is_none_is_replaced_and_the_key_is_told_to_this_page_only(me: User, held: str) -> None:
    browser = Client()
    browser.force_login(me)
    answer = browser.get("/journal/", headers={"Journal-Parts": held.format(me=me.public_id)})
    assert len(answer.json()["part"]) == 64
    assert answer.json()["key"] not in str(browser.cookies)
    assert answer.headers["Cache-Control"] == "no-store"


def test_keeping_on_the_device_is_switched_off_by_the_person_or_for_all(me: User, monkeypatch: Any) -> None:
    browser = Client()
    browser.force_login(me)
    assert browser.get("/journal/").json()["storage"] == "on"
    answer = browser.post("/journal/", {"storage": "off", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert browser.get("/journal/").json()["storage"] == "off-here"
    browser.post("/journal/", {"storage": "on", "next": "/"})
    assert browser.get("/journal/").json()["storage"] == "on"
    monkeypatch.setattr(settings, "MEMORY_ONLY", True)
    assert browser.get("/journal/").json()["storage"] == "off"


def test_the_worker_and_the_empty_page_hold_nothing_of_anybody(me: User, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(me)
    script = browser.get("/inspections/worker.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "fieldwork/worker.js" in script.content.decode()
    assert me.name not in Client().get("/inspections/offline/").content.decode()
