"""The trail: nothing changes or is looked at unseen, and tampering shows."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from inspectorate.audit import trail
from inspectorate.audit.models import Entry, Head

pytestmark = pytest.mark.django_db


def add(chain: str = "one", count: int = 5) -> None:
    for number in range(count):
        trail.record_change(chain=chain, by="somebody", action="do", subject="thing:1", summary=f"Did {number}")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET summary = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_a_line(statement: str) -> None:
    add()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.count() == 5


def test_a_whole_trail_verifies() -> None:
    add("one")
    add("two")
    assert list(trail.verify(trail.heads())) == []


def _as_an_attacker(statement: str) -> None:
    """Runs a statement with the triggers out of the way, as somebody with the database in his hands could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
            cursor.execute("DROP TRIGGER audit_entry_no_delete")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        if connection.vendor != "sqlite":
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ("UPDATE audit_entry SET summary = 'nothing' WHERE number = 3", "was changed after it was written"),
        ("DELETE FROM audit_entry WHERE number = 3", "line 3 is missing"),
        ("DELETE FROM audit_entry WHERE number = 5", "the head names another last line"),
    ],
)
def test_tampering_is_found(attack: str, found: str) -> None:
    add()
    _as_an_attacker(attack)
    assert found in " / ".join(fault.what for fault in trail.verify())


def test_a_chain_rewritten_from_its_middle_is_found_by_a_head_kept_elsewhere() -> None:
    add()
    kept = trail.heads()
    _as_an_attacker("DELETE FROM audit_entry WHERE number > 2")
    second = Entry.objects.get(number=2)
    Head.objects.update(number=2, digest=second.digest)
    add(count=3)
    assert list(trail.verify()) == []
    assert [fault.what for fault in trail.verify(kept)] == ["differs from the digest that was kept elsewhere"]


def test_the_command_says_whether_the_trail_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    add()
    call_command("audit_verify")
    assert "1 chains, 5 lines" in capsys.readouterr().out
    _as_an_attacker("DELETE FROM audit_entry WHERE number = 2")
    with pytest.raises(CommandError, match="1 faults|2 faults"):
        call_command("audit_verify")
