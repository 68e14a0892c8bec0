"""Cursors for statements that are sent again and again: PostgreSQL plans them once a connection (Manual 6.1b)."""

from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor


def cursor(connection: Any) -> Any:
    """A cursor of Django's. On PostgreSQL values go beside the statement and not within it, so that it is the same one
    each time; `prepare_threshold` of the settings says from when on it is kept planned. While Django writes down what
    is asked, it wants the values within."""
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        beside: Any = ServerBindingCursor
        return connection._prepare_cursor(beside(connection.connection))
