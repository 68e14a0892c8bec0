"""Two people at once, on real connections to a database of their own: nothing is lost, nothing happens twice.

Seen to fail, each time the drill runs, with the version check off: `the_drill_itself_can_fail`; and on PostgreSQL
with `one_at_a_time` doing nothing: the walk that carries the races then comes to no end.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

HOUSE = Path(__file__).parents[2]
RACES = ("draw", "deal", "open", "confirm", "accept", "announce", "join", "drop out")


@pytest.fixture
def drilled(tmp_path_factory: pytest.TempPathFactory, db: None) -> dict[str, Any]:
    """What the drill found that `races.py` runs beside this process; the trail's triggers forbid to empty a database,
    so it has one of its own."""
    folder = tmp_path_factory.mktemp("at-once")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PYTEST_"))},
        "INSPECTORATE_VAR": str(folder),
        "INSPECTORATE_SECRET_KEY": uuid.uuid4().hex + uuid.uuid4().hex,
        "DJANGO_SETTINGS_MODULE": "inspectorate.website.settings",
        "INSPECTORATE_HOSTS": "testserver",
        "PYTHONPATH": str(HOUSE),
    }
    name = f"drill_{uuid.uuid4().hex[:12]}"
    if connection.vendor == "postgresql":
        environment["DATABASE_URL"] = own_database(name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.drills.races"],
            cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
    finally:
        if connection.vendor == "postgresql":
            server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def server(statement: str) -> None:
    """Carries out one statement outside any transaction, beside the test's own connection."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(statement)
    finally:
        beside.close()


def own_database(name: str) -> str:
    """Makes an empty database on the server of this test; its address, as DATABASE_URL takes it."""
    server(f'CREATE DATABASE "{name}"')
    url = os.environ["DATABASE_URL"]
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def two_editors_lose_nothing(found: dict[str, Any]) -> None:
    assert found["failed"] == []
    assert found["acknowledged"] + found["told of the other"] >= found["sent"] == 400
    assert found["acknowledged"] > 50
    assert found["lost"] == 0
    assert found["last"] == found["stands"]


def the_drill_itself_can_fail(drilled: dict[str, Any]) -> None:
    """With the version check off, somebody's saved answer is overwritten unseen, and the drill says so."""
    assert drilled["editors without the check"]["failed"] == []
    assert drilled["editors without the check"]["overwritten unseen"] > 0
    assert drilled["editors"]["overwritten unseen"] == 0


def one_has_its_effect_and_the_others_are_refused_in_words(found: dict[str, Any]) -> None:
    assert found["errors"] == []
    assert found["effects"] == 1
    assert len(found["refused"]) == found["runners"] - found["effects_of_runners"]


def each_gets_a_substitute_of_its_own(found: dict[str, Any]) -> None:
    assert len(found["stepped in"]) == len(set(found["stepped in"])) == found["cases"] == 2
    assert found["numbers"] == [5, 6]


def test_of_people_at_once_nothing_is_lost_and_nothing_happens_twice(
    drilled: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """One test, because what is drilled is carried through once."""
    with subtests.test("two editors"):
        two_editors_lose_nothing(drilled["editors"])
    with subtests.test("the drill itself"):
        the_drill_itself_can_fail(drilled)
    with subtests.test("the trail is whole after all of it"):
        assert drilled["faults of the trail"] == []
    for race in RACES:
        with subtests.test(race):
            one_has_its_effect_and_the_others_are_refused_in_words(drilled[race])
    with subtests.test("cases that drop out at once"):
        each_gets_a_substitute_of_its_own(drilled["substitutes"])
