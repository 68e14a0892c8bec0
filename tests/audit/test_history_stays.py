"""Rows of history can be neither changed nor deleted, by no code of ours and by nobody with an open database."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from inspectorate.demo import load

HISTORY = ("fieldwork_answerversion", "sampling_exclusion")
TRIES = ("UPDATE {table} SET by_id = by_id", "DELETE FROM {table}")


def test_no_row_of_history_can_be_changed_or_deleted(db, settings):
    settings.DEMONSTRATION = True
    load.load()
    with connection.cursor() as cursor:
        for table, tried in product(HISTORY, TRIES):
            cursor.execute(f"SELECT count(*) FROM {table}")
            before = cursor.fetchone()
            assert before[0] > 0
            with pytest.raises(DatabaseError, match=f"{table} is only ever added to"), transaction.atomic():
                cursor.execute(tried.format(table=table))
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == before


def test_every_table_that_a_migration_guards_exists_and_refuses(db):
    known = {model._meta.db_table for model in apps.get_models()}
    found = {
        table
        for path in Path("inspectorate").glob("*/migrations/0*_history_stays.py")
        for table in re.findall(r'"(\w+_\w+)",', path.read_text().split("only_added(")[1])
    }
    assert len(found) > 20
    assert found <= known
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers")
        assert found <= {row[0] for row in cursor.fetchall()}
