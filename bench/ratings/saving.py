"""Milliseconds to save a case and to have fresh ratings after it, with 28 inspections and more in the database.

`python -m bench.ratings.saving 28 280`, in SQLite or in the empty database of DATABASE_URL. A save is the service's
own: every field of a case changed at once, checked, with its versions and its line in the trail. Beside it the same
rows written barely: nothing checked, and nothing kept of what stood before.
"""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
TIMES = 24


def main(sizes: list[int]) -> None:
    """Fills a database step by step and prints a line of JSON for each size."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "INSPECTORATE_VAR": folder,
            "INSPECTORATE_SECRET_KEY": secrets.token_urlsafe(64),
            "INSPECTORATE_DEMONSTRATION": "0",
            "DJANGO_SETTINGS_MODULE": "inspectorate.website.settings",
        }
        command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        django.setup()
        _measured(sizes)


def _measured(sizes: list[int]) -> None:
    from bench.ratings.desk import Desk  # noqa: PLC0415 (its models can be read only after setup)

    desk, there = Desk(), 1
    for size in sizes:
        desk.fill(size, there)
        there = size
        steps: dict[str, Callable[[], float]] = {"save": desk.save, "fresh": desk.fresh, "bare": desk.write}
        found: dict[str, list[float]] = {name: [] for name in steps}
        for turn in range(TIMES + 2):
            for name, step in steps.items():
                taken = step()
                # The first turns wait for files to be read and statements to be prepared.
                if turn >= 2:
                    found[name].append(taken)
        middle = {name: statistics.median(times) for name, times in found.items()}
        print(
            json.dumps({"inspections": size, "database": desk.database, "read": desk.read_all(size)} | middle),
            flush=True,
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [28, 280])
