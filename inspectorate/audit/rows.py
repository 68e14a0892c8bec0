"""Puts rows into a table in one statement, as the writing of a change needs it (Manual 6.1b): answers, their history,
receipts and the line of the trail, all in the transaction of the change."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

from inspectorate.audit import prepared


def put(rows: Sequence[Model], *, over: Sequence[str] = ()) -> None:
    """Adds rows of one model. With `over`, fields that are unique together, a row that agrees in them with one that
    is there is written over that one. The keys that the database gives are not read back."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(rows[0])
    fields = _fields(model)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with prepared.cursor(connection) as cursor:
        cursor.execute(_statement(connection.vendor, model, len(rows), tuple(over)), values)


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    own = model._meta
    return tuple(field for field in own.concrete_fields if field is not own.auto_field)


@cache
def _statement(_: str, model: type[Model], count: int, over: tuple[str, ...]) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quote(str(field.column)) for field in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    text = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) "  # noqa: S608 (names of our own tables)
        f"VALUES {', '.join([row] * count)}"
    )
    if not over:
        return text
    same = [quote(str(field.column)) for field in _fields(model) if field.name in over]
    fresh = ", ".join(f"{one} = excluded.{one}" for one in columns if one not in same)
    return f"{text} ON CONFLICT ({', '.join(same)}) DO UPDATE SET {fresh}"
