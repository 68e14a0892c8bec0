"""Keeps tables of history to being added to, in the database itself, on SQLite and on PostgreSQL (Manual 1.2)."""

from collections.abc import Iterator
from typing import Any

from django.db.migrations import RunPython

VERBS = ("UPDATE", "DELETE")


def only_added(*tables: str) -> RunPython:
    """The operation of a migration after which the rows of these tables can be neither changed nor deleted."""

    def refuse(apps: Any, schema_editor: Any) -> None:
        for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor](tables):
            schema_editor.execute(statement, params=None)

    def allow(apps: Any, schema_editor: Any) -> None:
        for statement in {"sqlite": _undo_sqlite, "postgresql": _undo_postgresql}[schema_editor.connection.vendor](
            tables
        ):
            schema_editor.execute(statement, params=None)

    return RunPython(refuse, allow)


def _sqlite(tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        for verb in VERBS:
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )


def _undo_sqlite(tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        for verb in VERBS:
            yield f"DROP TRIGGER {table}_no_{verb.lower()}"


def _postgresql(tables: tuple[str, ...]) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
    )
    for table in tables:
        yield (
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION only_added()"
        )


def _undo_postgresql(tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        yield f"DROP TRIGGER {table}_only_added ON {table}"
