"""The cookie of a session: taken away by signing out alone."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from inspectorate.accounts.models import User


@pytest.fixture
def signed_in(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(email="somebody@example.org", name="Somebody"))
    return client


def test_an_answer_to_what_was_asked_in_an_ended_session_signs_nobody_out(signed_in: Client) -> None:
    Session.objects.all().delete()  # as signing in again does, while a page that is still open asks for something
    late = signed_in.get("/", follow=False)
    assert late.headers["Location"].startswith("/accounts/login/")
    assert settings.SESSION_COOKIE_NAME not in late.cookies
    assert "Cookie" in late.headers["Vary"]


def test_signing_out_takes_the_cookie_away(signed_in: Client) -> None:
    left = signed_in.post("/accounts/logout/")
    assert left.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert not Session.objects.exists()
