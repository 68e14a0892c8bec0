"""Nobody sees what is not theirs: every address, as every role, on their own inspection and another, and signed out."""

import functools
import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from inspectorate.accounts.models import User
from inspectorate.programme import access, packs
from tests.conftest import Team

ABSENT = {"uuid": uuid.UUID(int=7), "int": 987_654_321, "str": "not-there", "slug": "not-there", "path": "not-there"}
# Addresses that more people may look at than may change something there: the right that changing needs.
CHANGES_NEED = {
    "announce": "announcement.record",
    "break_seal": "interview.read",  # who reads all interviews breaks their seals
    "case": "case.judge",
    "training": "training.set",
    "training_case": "training.view",  # who sets the answers, and who is in training: the page tells them apart
    "propose": "domain-one.propose",
    "panel_minutes": "panel.decide",
    "choose_units": "units.choose",
    "verify_draw": "longlist.view",  # sends a receipt to be verified and changes nothing
}
# Roles for whom a page is not there before an instant or a step that has not come in these inspections.
OPENS_LATER = {
    "decision": ("senior-leader", "link-manager"),
    "report_steps": ("external-editor", "osag"),
    # Never: margins are the inspectorate's, though the body may see its own long lists.
    "precision": ("senior-leader", "link-manager", "body-staff"),
}
# Papers that are not there before somebody has made them.
NOT_MADE_YET = {"plan_calendar", "plan_workbook"}
LOOKING = ("view", "read", "view-all", "view-allocated", "indicative")
# Not there for this person; or a method that the address has for nobody, which it says before it looks at anything.
REFUSED = (404, 405)
CHANGING = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Address:
    """One address of ours: its name, the right that it needs, and the kinds of value in it."""

    name: str
    right: str
    converters: tuple[tuple[str, str], ...]
    demonstration: bool
    reads_what_is_sent: bool

    @property
    def of_inspection(self) -> bool:
        return "inspection" in dict(self.converters)

    @property
    def of_something_else(self) -> bool:
        return any(name != "inspection" for name, _ in self.converters)

    def takes(self, method: str) -> bool:
        """Whether asking by this method can do something else than asking by GET does."""
        return method == "GET" or self.reads_what_is_sent

    def of(self, inspection: uuid.UUID) -> str:
        """The path with this inspection in it, and in every other place something that does not exist."""
        values = {name: ABSENT[kind] for name, kind in self.converters}
        return reverse(self.name, kwargs=values | ({"inspection": inspection} if self.of_inspection else {}))


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


@functools.cache
def _addresses() -> list[Address]:
    return [
        Address(
            name=str(pattern.name),
            right=pattern.callback.right,
            converters=tuple(
                (name, type(converter).__name__.removesuffix("Converter").lower().replace("string", "str"))
                for name, converter in pattern.pattern.converters.items()
            ),
            demonstration=pattern.callback.__module__.startswith("inspectorate.demo."),
            reads_what_is_sent="POST" in inspect.getsource(inspect.unwrap(pattern.callback)),
        )
        for pattern in _patterns(get_resolver())
        if hasattr(pattern.callback, "right")
    ]


def _ask(client: Client, method: str, path: str) -> HttpResponse:
    """The answer to one request; whatever it changed is taken back."""
    with transaction.atomic():
        answer = client.generic(method, path, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer


def _bare(answer: HttpResponse) -> bytes:
    return CHANGING.sub(b"", answer.content)


@pytest.fixture(autouse=True)
def _in_the_second_week_of_fieldwork(at: Callable[[datetime], None]) -> None:
    at(datetime(2019, 6, 11, 10))  # noqa: DTZ001 (London time)


@pytest.fixture
def own(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("CRC")


@pytest.fixture
def other(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("NPS", fieldwork=date(2019, 9, 2))


@pytest.fixture
def browsers(own: Team, person: Callable[..., User]) -> dict[str, Client]:
    """Under each role id the browser of its holder on `own`; under "" that of somebody with an account only."""
    people = own.people | {"": person("Nobody in particular")}
    clients = {}
    for role, somebody in people.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(somebody)
    return clients


def _may(role: str, address: Address, *, own: bool = True, method: str = "GET") -> bool:
    """Whether the pack lets the holder of this role through, on their own inspection or on another."""
    right = CHANGES_NEED.get(address.name, address.right) if method == "POST" else address.right
    if address.demonstration:
        return False
    if address.right == access.ANYONE:
        return True
    if not address.of_inspection and address.right == access.SIGNED_IN:
        return True
    if not role or (address.of_inspection and not own and not _national(role)):
        return False
    return right == access.SIGNED_IN or right in packs.current().roles.rights_of([role])


def _national(role: str) -> bool:
    return packs.current().roles.role(role).scope == "national"


def test_there_are_addresses_to_walk() -> None:
    assert len(_addresses()) > 5


def test_where_more_people_look_than_change_the_right_to_change_is_named_here() -> None:
    unnamed = [
        address.name
        for address in _addresses()
        if address.reads_what_is_sent
        and (address.right == access.SIGNED_IN or address.right.rpartition(".")[2] in LOOKING)
        and address.name not in CHANGES_NEED
    ]
    assert unnamed == []


def test_signed_out_nothing_but_the_sign_in_page_is_shown(own: Team) -> None:
    client = Client(raise_request_exception=False)
    sign_in = reverse(settings.LOGIN_URL)
    wrong = []
    for address in _addresses():
        if address.right == access.ANYONE:
            continue
        path = address.of(own.inspection.public_id)
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = _ask(client, method, path)
            if answer.status_code != 405 and not answer.headers.get("Location", "").startswith(sign_in):
                wrong.append(f"{method} {address.name}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", pytest.param("POST", marks=pytest.mark.once)])
def test_on_their_own_inspection_people_reach_what_their_role_may_and_nothing_else(
    method: str, own: Team, browsers: dict[str, Client]
) -> None:
    wrong = []
    for address in _addresses():
        if not address.takes(method):
            continue
        path = address.of(own.inspection.public_id)
        for role, client in browsers.items():
            may = _may(role, address, method=method)
            answer = _ask(client, method, path)
            there = not address.of_something_else and address.name not in NOT_MADE_YET
            there = there and role not in OPENS_LATER.get(address.name, ())
            if may and there and answer.status_code in (403, 404, 500):
                wrong.append(f"{method} {address.name} as {role or 'nobody'}: {answer.status_code} though allowed")
            elif answer.status_code == 500:
                wrong.append(f"{method} {address.name} as {role or 'nobody'}: 500")
            elif not may and answer.status_code not in REFUSED:
                wrong.append(f"{method} {address.name} as {role or 'nobody'}: {answer.status_code} though forbidden")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.once
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_inspection_looks_exactly_like_none(method: str, other: Team, browsers: dict[str, Client]) -> None:
    wrong = []
    for role, client in browsers.items():
        nowhere = _ask(client, method, f"/inspections/{uuid.uuid4()}/")
        for address in _addresses():
            if not address.of_inspection or not address.takes(method):
                continue
            if _may(role, address, own=False, method=method):
                continue
            there = _ask(client, method, address.of(other.inspection.public_id))
            if (there.status_code, _bare(there)) == (404, _bare(nowhere)):
                continue
            absent = _ask(client, method, address.of(uuid.uuid4()))
            if there.status_code not in REFUSED or (there.status_code, _bare(there)) != (
                absent.status_code,
                _bare(absent),
            ):
                wrong.append(f"{method} {address.name} as {role or 'nobody'}: {there.status_code}")
    assert wrong == [], "\n".join(wrong)


def test_before_the_announcement_the_inspected_body_knows_of_nothing(an_inspection: Callable[..., Team]) -> None:
    team = an_inspection("CRC", announced=False)
    outside = [role for role in packs.current().roles.roles if role.id in team.people and role.side != "inspectorate"]
    wrong = []
    for role in outside:
        client = Client(raise_request_exception=False)
        client.force_login(team[role.id])
        for address in _addresses():
            if address.of_inspection and not address.demonstration and address.right != access.ANYONE:
                answer = _ask(client, "GET", address.of(team.inspection.public_id))
                if answer.status_code not in REFUSED:
                    wrong.append(f"{address.name} as {role.id}: {answer.status_code}")
    assert outside
    assert wrong == [], "\n".join(wrong)


def test_a_role_that_ended_opens_nothing_from_the_next_request_on(own: Team) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(own["lead-inspector"])
    own.inspection.memberships.filter(user=own["lead-inspector"]).update(ended_at="2019-05-01T09:00:00Z")
    paths = [a.of(own.inspection.public_id) for a in _addresses() if a.of_inspection and a.right != access.ANYONE]
    answers: dict[str, Any] = {path: _ask(client, "GET", path).status_code for path in paths}
    assert {path: code for path, code in answers.items() if code not in REFUSED} == {}
