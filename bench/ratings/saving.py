"""Milliseconds to save a case and to have fresh ratings after it, with 28 inspections and more in the database.

`python -m bench.ratings.saving 28 280`, in SQLite or in the empty database of DATABASE_URL. A save is the service's
own: every field of a case changed at once, checked, with its versions and its line in the trail. Beside it the same
rows written barely: nothing checked, and nothing kept of what stood before.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
        subprocess.run([sys.executable, "-m", "bench.ratings.desk", *map(str, sizes)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [28, 280])
