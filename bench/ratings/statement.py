"""From answers to totals in one statement that SQLite, PostgreSQL and DuckDB read alike."""

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
