"""The pages of the sign-in library look like all others."""

import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "heading"), [("account_login", "Sign in"), ("account_reset_password", "Choose a new password")]
)
def test_the_page_has_our_frame_and_fields(client: Client, name: str, heading: str) -> None:
    html = client.get(reverse(name)).content.decode()
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [heading]
    assert f"<title>{heading} - inspectorate</title>" in html
    assert 'class="govuk-input"' in html


def test_a_wrong_sign_in_says_what_is_wrong_above_and_beside_the_field(client: Client) -> None:
    html = client.post(reverse("account_login"), {"login": "nobody", "password": ""}).content.decode()
    assert "There is a problem" in html
    assert html.count("Enter the password") == 2
    assert "<title>Error: Sign in - inspectorate</title>" in html
