"""The same ratings in plain SQL, for SQLite, PostgreSQL and DuckDB alike: one statement from answers to totals."""

import io
import sqlite3
from collections.abc import Callable

from bench.ratings.made import Made

TABLES = (
    "CREATE TABLE cases (case_id INTEGER PRIMARY KEY, inspection INTEGER, rosh SMALLINT, review SMALLINT)",
    "CREATE TABLE answers (case_id INTEGER, field SMALLINT, value SMALLINT)",
)
RATE = """
WITH counted AS (
  SELECT c.inspection, a.field, SUM(CASE WHEN a.value = 1 THEN 1 ELSE 0 END) AS yes, COUNT(*) AS n
  FROM answers a JOIN cases c ON c.case_id = a.case_id
  WHERE a.field < 12 AND a.value < 2
    AND NOT (a.field = 5 AND c.rosh = 0) AND NOT (a.field IN (9, 10, 11) AND c.review = 0)
  GROUP BY c.inspection, a.field
), banded AS (
  SELECT inspection, CASE WHEN field < 3 THEN 1 WHEN field < 6 THEN 2 WHEN field < 9 THEN 3 ELSE 4 END AS standard,
    CASE WHEN 200 * yes + n >= 160 * n THEN 3 WHEN 200 * yes + n >= 130 * n THEN 2
         WHEN 200 * yes + n >= 100 * n THEN 1 ELSE 0 END AS band
  FROM counted
), standards AS (
  SELECT inspection, standard, MIN(band) AS lowest FROM banded GROUP BY inspection, standard
)
SELECT inspection, SUM(lowest) AS total FROM standards GROUP BY inspection ORDER BY inspection
"""
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
    import psycopg  # noqa: PLC0415 (only where a server is there)

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


def _lines(rows) -> str:  # type: ignore[no-untyped-def]
    text = io.StringIO()
    text.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    return text.getvalue()
