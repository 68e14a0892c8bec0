"""No page shows a link or a form that leads nowhere: every role follows everything that it is shown, those of the CRC
in `tests/journeys/test_every_role.py`."""

import re
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.demo import load, people

SHOWN = re.compile(r'(?:href|action|data-save|src)="(/[^"#]*)')
LEFT_OUT = ("/static/", "/accounts/logout/")
MOST_PAGES = 400
ALIKE = 2  # of addresses of one kind so many are followed


@pytest.fixture
def demonstration(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert load.load()


def follow(client: Client) -> dict[str, int]:
    """Everything that a person is shown, page by page from the first one, with the status of each address."""
    found: dict[str, int] = {}
    waiting = ["/"]
    kinds: dict[str, int] = {}
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0).replace("&amp;", "&")
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if path in found or path.startswith(LEFT_OUT) or kinds[kind] > ALIKE:
            continue
        answer = client.get(path)
        found[path] = answer.status_code
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(SHOWN.findall(answer.content.decode()))
    return found


@pytest.mark.once
def test_every_link_and_form_that_a_role_is_shown_leads_somewhere(demonstration: None) -> None:
    wrong = {}
    for player in people.players():
        if player.number > 1 or player.kind == "CRC":  # the journeys open everything on the inspection of the CRC
            continue
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(email=player.email))
        for path, status in follow(client).items():
            if status not in (200, 302, 405):
                wrong[f"{player.role} {player.kind or 'office'} {path}"] = status
    assert wrong == {}
