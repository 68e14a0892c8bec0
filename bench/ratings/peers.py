"""Other engines on the made answers, in an environment of their own: jobs as JSON from its input, a line for each.

`python -m bench.ratings.peers`; needs the packages of bench/requirements.txt.
"""

import json
import sys
import time
from collections.abc import Callable

import duckdb
import pandas as pd
import polars as pl

from bench.ratings.made import Made, made
from bench.ratings.statement import RATE

Rate = Callable[[], list[int]]


def in_polars(there: Made) -> Rate:
    """Lazy, with a join from answers to cases."""
    answers = pl.DataFrame(there.table())
    cases = pl.DataFrame(
        {"case_id": range(there.cases), "inspection": there.inspection, "rosh": there.rosh, "review": there.review},
        schema_overrides={"case_id": pl.Int32},
    )
    field, yes, n = pl.col("field"), pl.col("yes"), pl.col("n")
    out = ((field == 5) & (pl.col("rosh") == 0)) | ((field >= 9) & (pl.col("review") == 0))
    band = sum(((200 * yes + n) >= 2 * edge * n).cast(pl.Int8) for edge in (50, 65, 80))
    asked = (
        answers.lazy()
        .filter((field < 12) & (pl.col("value") < 2))
        .join(cases.lazy(), on="case_id")
        .filter(~out)
        .group_by("inspection", "field")
        .agg(yes=(pl.col("value") == 1).sum().cast(pl.Int64), n=pl.len().cast(pl.Int64))
        .with_columns(band=band, standard=field // 3)
        .group_by("inspection", "standard")
        .agg(pl.col("band").min())
        .group_by("inspection")
        .agg(pl.col("band").sum().alias("total"))
        .sort("inspection")
    )
    return lambda: asked.collect()["total"].to_list()


def in_pandas(there: Made) -> Rate:
    """Merge and groupby."""
    answers = pd.DataFrame(there.table())
    cases = pd.DataFrame({"inspection": there.inspection, "rosh": there.rosh, "review": there.review})

    def rate() -> list[int]:
        rows = answers[(answers["field"] < 12) & (answers["value"] < 2)]
        rows = rows.merge(cases, left_on="case_id", right_index=True)
        out = ((rows["field"] == 5) & (rows["rosh"] == 0)) | ((rows["field"] >= 9) & (rows["review"] == 0))
        counted = (
            rows[~out].groupby(["inspection", "field"])["value"].agg(["sum", "count"]).astype("int64").reset_index()
        )
        yes, n = counted["sum"], counted["count"]
        counted["band"] = sum(((200 * yes + n) >= 2 * edge * n).astype("int8") for edge in (50, 65, 80))
        counted["standard"] = counted["field"] // 3
        lowest = counted.groupby(["inspection", "standard"])["band"].min()
        return lowest.groupby("inspection").sum().tolist()

    return rate


def in_duckdb(there: Made) -> Rate:
    """All in SQL, on tables of its own."""
    database = duckdb.connect()
    answers = pd.DataFrame(there.table())  # noqa: F841 (the statements below read it by its name)
    cases = pd.DataFrame(  # noqa: F841
        {"case_id": range(there.cases), "inspection": there.inspection, "rosh": there.rosh, "review": there.review}
    )
    for name in ("answers", "cases"):
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}")
    return lambda: [int(total) for _, total in database.execute(RATE).fetchall()]


PEERS: dict[str, Callable[[Made], Rate]] = {"polars": in_polars, "DuckDB": in_duckdb, "pandas": in_pandas}


def main() -> None:
    """One line for each line."""
    for line in sys.stdin:
        job = json.loads(line)
        there, told = made(job["inspections"]), {}
        for name, prepare in PEERS.items():
            rate, times = prepare(there), []
            totals = rate()
            for _ in range(job["repetitions"]):
                began, busy = time.perf_counter(), time.process_time()
                rate()
                times.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))
            told[name] = {"times": times, "totals": totals}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
