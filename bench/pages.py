"""Queries and milliseconds of every page of the demonstration that each of several people can reach by links."""

import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

TIMES = int(os.environ.get("TIMES", "20"))
MOST_QUERIES, MOST_MILLISECONDS = 8, 50
PEOPLE = ("lead-inspector", "link-manager", "administrator", "director-of-operations", "assistant-inspector")
LINK = re.compile(r'<a [^>]*href="(/[^"?#]*)')
# Beginning and ending a transaction is no question to the database.
FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main() -> None:
    """Loads a demonstration of its own and prints a line for each page; ends with 1 where one is over the limits."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "INSPECTORATE_VAR": folder,
            "INSPECTORATE_SECRET_KEY": secrets.token_urlsafe(64),
            "INSPECTORATE_DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "inspectorate.website.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        for command in (("migrate",), ("collectstatic", "--no-input"), ("demonstrate",)):
            call_command(*command, verbosity=0)
        over = sum(_walk(role) for role in PEOPLE)
    print(f"\n{over} pages over {MOST_QUERIES} queries or {MOST_MILLISECONDS} ms (marked)")
    sys.exit(1 if over else 0)


def _walk(role: str) -> int:
    """Visits one page of each name, beginning at the first page; how many are over the limits."""
    users = get_user_model().objects
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(users.filter(email__regex=rf"^{role}(\.crc)?@").get())
    over = 0
    for name, address in _pages(client):
        queries, middle = _measure(client, address)
        marked = queries > MOST_QUERIES or middle > MOST_MILLISECONDS
        over += marked
        print(f"{role:<24}{name:<24}{queries:>8} queries{middle:>10.1f} ms{'  *' if marked else ''}", flush=True)
    return over


def _pages(client: Client) -> Iterator[tuple[str, str]]:
    """Name and address of each page that links lead to, one for each name, in the order in which they are met."""
    waiting, met = deque(["/"]), set()
    while waiting:
        address = waiting.popleft()
        match = _resolved(address)
        if match is None or match in met:
            continue
        met.add(match)
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield match, address
            waiting.extend(LINK.findall(answer.content.decode()))


def _resolved(address: str) -> str | None:
    if address.startswith(("/accounts/", "/static/")):
        return None
    try:
        return resolve(address).url_name
    except Resolver404:
        return None


def _measure(client: Client, address: str) -> tuple[int, float]:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = sum(1 for one in captured.captured_queries if not one["sql"].startswith(FRAME))
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    return queries, statistics.median(times)


if __name__ == "__main__":
    main()
