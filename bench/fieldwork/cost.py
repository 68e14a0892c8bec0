"""Processor time and statements of each kind of request of the load, in one process, without a line or a server.

Reads what `prepare` printed, prints a line for each kind; with a part of an address as argument, the statements and the
profile of that kind. What the database's own processes use is not in it.
"""

import cProfile
import io
import json
import pstats
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 (the application can be put together only after setup)

from bench.fieldwork.line import Answer, Assessor, Browser  # noqa: E402
from inspectorate.website.wsgi import application  # noqa: E402

TURNS = 60


class Inside(Browser):
    """Somebody signed in whose requests go straight into the application."""

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        """One request, as the server hands it over."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if body is None else "POST", "PATH_INFO": path, "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": self.cookies, "HTTP_ACCEPT_ENCODING": "gzip",
            "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body or b"")), "HTTP_X_CSRFTOKEN": self.token,
            "wsgi.input": io.BytesIO(body or b""), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
        }  # fmt: skip
        told: list[Any] = []
        began = time.process_time()
        answer = application(environ, lambda status, heads, _=None: told.extend((status, heads)))
        text = b"".join(answer)
        answer.close()
        took = (time.process_time() - began) * 1000
        self._keep([(name, value.strip()) for name, value in told[1]])
        return Answer(int(told[0].split()[0]), text, took, 0, len(text))


def main() -> None:
    """Prints one line for each kind of request; with a kind as first argument its profile."""
    made = json.load(sys.stdin)
    first = secrets.choice(made["assessors"])  # another each time: what it judged stays judged
    browser = Inside(0, first["cookies"])
    browser.token = json.loads(browser.ask("/journal/").text)["token"]
    one = Assessor(browser, first["owner"], first["cases"][0], made["fields"])
    asked: dict[str, Callable[[], Answer]] = {"patch": lambda: _good(one)}
    asked |= {"case": lambda: browser.ask(one.case), "/": lambda: browser.ask("/")}
    lead = made["readers"][0]
    reader = Inside(0, lead["cookies"])
    for path in lead["paths"]:
        asked[path] = lambda path=path: reader.ask(path)
    for _ in range(40):
        _good(one)
    wanted = sys.argv[1:2]
    for name, ask in asked.items():
        if not wanted or name.endswith(wanted[0]):
            _tell(name, ask, profile=bool(wanted))


def _good(one: Assessor) -> Answer:
    answer, wrong = one.send(one.changes())
    assert not wrong, wrong
    return answer


def _tell(name: str, ask: Callable[[], Answer], *, profile: bool) -> None:
    asked: list[str] = []
    with connection.execute_wrapper(lambda go, sql, *more: (asked.append(sql), go(sql, *more))[1]):
        ask()
    times = []
    for _ in range(TURNS):
        answer = ask()
        assert answer.status == 200, (name, answer.status)
        times.append(answer.milliseconds)
    print(f"{statistics.median(times):6.2f} ms {len(asked):3} statements {answer.down / 1000:6.1f} KB  {name}")
    if profile:
        for sql in asked:
            print("   ", sql[:1500])
        with cProfile.Profile() as watched:
            for _ in range(TURNS):
                ask()
        pstats.Stats(watched).sort_stats("cumulative").print_stats(110)
        pstats.Stats(watched).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    main()
