"""What every test may start from: people, an inspection of each kind with its team, and a clock that stands still."""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.documents.models import Document
from inspectorate.programme import actions, packs
from inspectorate.programme.models import InspectedBody, Inspection, Membership
from inspectorate.sampling.models import ListedCase, LongList, SampledCase

FIELDWORK = date(2019, 6, 3)
TABLES = "tables_of_all_tests"


# The longest tests come first, so that two workers end at the same time.
LONG = ("tests/test_access.py", "tests/drills/", "tests/demo/test_links.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Orders the tests; on PostgreSQL those that touch no database, or are marked `once`, are left to SQLite."""
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not _asks_the_database(item)])
        items[:] = [item for item in items if _asks_the_database(item)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def _asks_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & set(fixtures))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    """On PostgreSQL the processes beside one another begin with a copy of the tables that one of them made."""
    if connection.vendor != "postgresql" or not hasattr(request.config, "workerinput"):
        return
    settings, made = connection.settings_dict, tmp_path_factory.getbasetemp().parent / "tables"
    real, own = settings["NAME"], settings["TEST"]["NAME"]
    with made.with_suffix(".lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            settings["TEST"]["NAME"] = TABLES
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            settings["NAME"], settings["TEST"]["NAME"] = real, own
            made.touch()
    settings["TEST"]["TEMPLATE"] = TABLES


@dataclass
class Team:
    """An inspection and, under each role id, somebody who holds that role on it."""

    inspection: Inspection
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        return self.people[role]


@pytest.fixture(autouse=True)
def _own_var(settings: Any, tmp_path: Path) -> None:
    """Uploads, letters and the clock of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CLOCK_FILE = tmp_path / "clock"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(instant)` sets the service's clock, as the demonstration does; a naive instant is London time."""

    def move(instant: datetime) -> None:
        aware = instant if instant.tzinfo else instant.replace(tzinfo=clock.LONDON)
        monkeypatch.setattr("inspectorate.audit.clock.now", lambda: aware.astimezone(UTC))

    return move


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """`person("Asha Lead")` makes somebody with an account."""
    count = iter(range(1, 10_000))

    def make(name: str = "") -> User:
        number = next(count)
        return User.objects.create_user(
            email=f"person-{number}@example.org", name=name or f"Person {number}", password="a quiet harbour"
        )

    return make


@pytest.fixture
def an_inspection(person: Callable[..., User]) -> Callable[..., Team]:
    """`an_inspection("NPS", announced=True)` makes a body, an inspection of it, and a person for every role."""
    count = iter(range(1, 1000))

    def make(
        kind: str = "CRC", *, nation: str = "england", fieldwork: date = FIELDWORK, announced: bool = True
    ) -> Team:

        roles = packs.current().roles.roles
        body = InspectedBody.objects.create(
            name=f"Made-up {kind} {next(count)}", kind=kind, nation=nation, cluster="Aa"
        )
        on_it = [role for role in roles if role.scope == "inspection" and role.side != "public"]
        people = {role.id: person(role.title) for role in on_it}
        inspection = actions.plan_inspection(
            body=body,
            fieldwork=fieldwork,
            nation=nation,
            team={role: [somebody] for role, somebody in people.items()},
            by=people["administrator"],
        )
        for role in roles:
            if role.scope == "national" and role.side != "public":
                people[role.id] = person(role.title)
                Membership.objects.create(user=people[role.id], role=role.id, side=role.side)
        if announced:
            inspection.announced_at = datetime(2019, 4, 4, 10, tzinfo=UTC)
            inspection.save(update_fields=["announced_at"])
        return Team(inspection, people)

    return make


@pytest.fixture
def sampled() -> Callable[..., list[SampledCase]]:
    """`sampled(team, "domain-two", 3)` puts made-up cases into the final sample of an inspection."""

    def make(team: Team, case_list: str = "domain-two", count: int = 3) -> list[SampledCase]:
        upload = Document.objects.create(
            inspection=team.inspection,
            slot=f"longlist:{case_list}",
            file_name="list.csv",
            stored="list.csv",
            size=1,
            digest="0" * 64,
            content_type="text/csv",
            given_by=team["link-manager"],
            given_at=clock.now(),
        )
        long_list = LongList.objects.create(
            inspection=team.inspection,
            case_list=case_list,
            document=upload,
            state="accepted",
            size=count,
            given_by=team["link-manager"],
            given_at=clock.now(),
        )
        start = team.inspection.sampled_cases.filter(case_list=case_list).count()
        made = []
        for number in range(start + 1, start + count + 1):
            listed = ListedCase.objects.create(
                long_list=long_list,
                row=number + 1,
                reference=f"{case_list[:2].upper()}{number:05}",
                unit_1="North",
                unit_2="Harbour",
                facts={
                    "office": f"Office {number % 3}",
                    "name": f"Canary Name {number}",
                    "rosh": "medium",
                    "responsible-officer": f"Officer {number}",
                },
            )
            made.append(
                SampledCase.objects.create(
                    inspection=team.inspection, case_list=case_list, case=listed, number=number, at=clock.now()
                )
            )
        return made

    return make


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(user)` gives a client as that person's browser would be."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
