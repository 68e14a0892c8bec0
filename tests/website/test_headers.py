"""What every answer of the website carries, good pages and error pages alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Team


@pytest.fixture
def lead(an_inspection: Callable[..., Team], signed_in: Callable[..., Client]) -> Client:
    return signed_in(an_inspection()["lead-inspector"])


def _assert_safe(headers: Any) -> None:
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nothing/here/", "/"])
def test_pages_of_visitors_carry_every_header(path: str) -> None:
    _assert_safe(Client().get(path).headers)


@pytest.mark.parametrize("path", ["/", "/nothing/here/"])
def test_pages_of_people_who_signed_in_are_kept_nowhere(lead: Client, path: str) -> None:
    answer = lead.get(path)
    _assert_safe(answer.headers)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_failure_carries_every_header(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("allauth.account.views.LoginView.get_context_data", fail)
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 500
    _assert_safe(answer.headers)
    assert b"RuntimeError" not in answer.content


@pytest.mark.django_db
def test_a_form_from_an_expired_page_is_refused_on_a_page_with_every_header() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org", "password": "x"})
    assert answer.status_code == 403
    _assert_safe(answer.headers)


def test_signing_out_cleans_the_browser(lead: Client) -> None:
    answer = lead.post(reverse("account_logout"))
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_only_the_way_behind_tls_promises_tls(lead: Client) -> None:
    assert "Strict-Transport-Security" not in lead.get("/").headers


@pytest.mark.django_db
def test_nobody_can_make_an_account_for_themselves() -> None:
    answer = Client().post(
        reverse("account_signup"),
        {"email": "a@example.org", "password1": "a quiet harbour", "password2": "a quiet harbour"},
    )
    assert b"a@example.org" not in answer.content
    assert Client().login(email="a@example.org", password="a quiet harbour") is False
