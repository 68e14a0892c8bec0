"""The demonstration's page: anybody can be signed in as, the clock can be moved, and none of it exists elsewhere."""

import html
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.audit.models import Entry
from inspectorate.demo import load, people
from inspectorate.programme.models import InspectedBody, Inspection

PAGE = "/demonstration/"
MOVE = {"day-day": "12", "day-month": "6", "day-year": "2019", "time": "9.05am"}


@pytest.fixture
def demonstration(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    load.load({})


@pytest.mark.parametrize("path", [PAGE, "/demonstration/files/crc/domain-two.xlsx"])
def test_outside_a_demonstration_no_page_of_it_exists(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/demonstration/sign-in/", "/demonstration/clock/"])
def test_outside_a_demonstration_nobody_signs_in_or_moves_the_clock(person: Any, path: str) -> None:
    somebody = person("Not a player")
    User.objects.filter(pk=somebody.pk).update(email=people.email_of("lead-inspector", "CRC"))
    client = Client()
    answer = client.post(path, {"email": people.email_of("lead-inspector", "CRC"), **MOVE})
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_outside_a_demonstration_nothing_is_loaded(db: None) -> None:
    with pytest.raises(CommandError, match="only loaded in demonstration mode"):
        call_command("demonstrate")
    assert not InspectedBody.objects.exists()


def test_a_visitor_sees_every_person_with_what_can_be_tried(demonstration: None) -> None:
    page = html.unescape(Client().get(PAGE).content.decode())
    for player in people.players():
        if player.number > 1:
            continue
        assert player.email in page
        assert player.tries in page
    assert "Estuary and Moors CRC" in page
    assert people.PASSWORD in page


def test_one_click_signs_in_as_the_link_manager(demonstration: None) -> None:
    client = Client()
    answer = client.post("/demonstration/sign-in/", {"email": people.email_of("link-manager", "NPS")}, follow=True)
    assert answer.status_code == 200
    assert "You are signed in as Emrys Candleford" in answer.content.decode()


def test_every_page_leads_back_to_the_demonstrations_page_and_shows_its_time(demonstration: None) -> None:
    client = Client()
    for path in (PAGE, "/nowhere/"):
        page = client.get(path).content.decode()
        assert f'href="{PAGE}"' in page
        assert "4 July 2019" in page


def test_signing_in_with_the_published_password_works(demonstration: None) -> None:
    client = Client()
    email = people.email_of("administrator", "CRC")
    client.post("/accounts/login/", {"login": email, "password": people.PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_nobody_outside_the_cast_can_be_signed_in_as(demonstration: None, person: Any) -> None:
    somebody = person("A real account")
    client = Client()
    assert client.post("/demonstration/sign-in/", {"email": somebody.email}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_signing_in_and_moving_the_clock_take_a_post(demonstration: None) -> None:
    assert Client().get("/demonstration/sign-in/").status_code == 405
    assert Client().get("/demonstration/clock/").status_code == 405


def test_the_moved_clock_is_what_every_page_shows(demonstration: None) -> None:
    client = Client()
    client.post("/demonstration/clock/", MOVE)
    assert clock.now().astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M") == "2019-06-12 09:05"
    page = client.get(PAGE).content.decode()
    assert "Wednesday 12 June 2019" in page
    assert "week 1 of the inspection of Estuary and Moors CRC" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"time": "half past nine"}, "Enter a time, such as 9am or 16:00"),
        ({"time": "25:00"}, "Enter a time, such as 9am or 16:00"),
        ({"time": "13pm"}, "Enter a time, such as 9am or 16:00"),
        ({"day-day": "31"}, "Day must be a real date"),
    ],
)
def test_a_moment_that_is_none_is_refused_and_the_clock_stays(
    demonstration: None, changed: dict[str, str], said: str
) -> None:
    before = clock.shift()
    answer = Client().post("/demonstration/clock/", {**MOVE, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert clock.shift() == before


def test_a_minute_before_the_ratings_go_out_can_be_gone_to(demonstration: None) -> None:
    page = Client().get(PAGE).content.decode()
    assert "One minute before: Agreed ratings" in page
    for hidden in ('name="time" value="08:59"', 'name="time" value="09:00"'):
        assert hidden in page
    assert "+19" in page


def test_the_files_can_be_saved_and_no_others(demonstration: None) -> None:
    answer = Client().get("/demonstration/files/nps/domain-two.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="domain-two.xlsx"'
    assert Client().get("/demonstration/files/nps/../../views.py").status_code == 404


def test_loading_again_changes_nothing(demonstration: None) -> None:
    lines = Entry.objects.count()
    assert load.load() is False
    assert Entry.objects.count() == lines
    assert Inspection.objects.count() == 11


def test_the_page_takes_few_queries(demonstration: None, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.post("/demonstration/sign-in/", {"email": people.email_of("lead-inspector", "CRC")})
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(PAGE)
