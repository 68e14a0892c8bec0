"""The same ratings in plain SQL, in SQLite and PostgreSQL."""

import io
import sqlite3
from collections.abc import Callable

import psycopg

from bench.ratings.made import Made
from bench.ratings.statement import RATE, TABLES

Rate = Callable[[], list[int]]


def in_sqlite(made: Made) -> Rate:
    """In memory, with an index on the case of an answer."""
    database = sqlite3.connect(":memory:")
    for statement in TABLES:
        database.execute(statement)
    database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?)", _cases(made))
    table = made.table()
    rows = zip(*(table[name].tolist() for name in ("case_id", "field", "value")), strict=True)
    database.executemany("INSERT INTO answers VALUES (?, ?, ?)", rows)
    database.execute("ANALYZE")
    return lambda: [total for _, total in database.execute(RATE)]


def in_postgresql(made: Made, url: str) -> Rate:
    """In tables of its own that end with the connection."""
    connection = psycopg.connect(url, autocommit=True)
    cursor = connection.cursor()
    for statement in TABLES:
        cursor.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    with cursor.copy("COPY cases FROM STDIN") as copy:
        copy.write(_lines(_cases(made)))
    table = made.table()
    step = 2_000_000
    with cursor.copy("COPY answers FROM STDIN") as copy:
        for at in range(0, len(table["case_id"]), step):
            part = (table[name][at : at + step].tolist() for name in ("case_id", "field", "value"))
            copy.write(_lines(zip(*part, strict=True)))
    cursor.execute("ANALYZE cases")
    cursor.execute("ANALYZE answers")
    return lambda: [int(total) for _, total in cursor.execute(RATE).fetchall()]


def _cases(made: Made) -> list[tuple[int, ...]]:
    columns = (made.inspection.tolist(), made.rosh.tolist(), made.review.tolist())
    return [(number, *rest) for number, rest in enumerate(zip(*columns, strict=True))]


def _lines(rows) -> str:
    text = io.StringIO()
    text.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    return text.getvalue()
