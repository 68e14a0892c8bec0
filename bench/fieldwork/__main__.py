"""Measures fieldwork under load on SQLite and PostgreSQL; with --here on the database of DATABASE_URL alone."""

import argparse
import heapq
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.fieldwork.line import Assessor, Browser
from bench.fieldwork.one_case import judge_both_ways

ROOT = Path(__file__).resolve().parents[2]
ASSESSORS, EVERY, SECONDS = 50, 15.0, 60.0
# Four fieldworks with 120 people make 8 requests a second; what the assessors' answers are not is pages.
PAGES_A_SECOND = 8 - ASSESSORS / EVERY
HANDS = 96
PROCESSORS = os.cpu_count() or 1
PATCH_GOAL = {1: 100, 10: 300}
CASE_GOAL = 150
HEAD = (
    "| Database | Load | Requests/s | Patches | middle, ms | 95 % | slowest | Pages, 95 % | Case form, alone | Errors "
    "| Lost | Processor, ms a patch | a case form | Of the processors: website | database | this bench | Machine |\n"
    "| --- " + "| ---: " * 16 + "|"
)


@dataclass
class Seen:
    """Milliseconds of every request by kind, from the moment at which it was due, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"patch": [], "case": [], "page": []})
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Prints the tables; ends with 1 where a goal is missed."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--here", action="store_true", help="one run on the database of DATABASE_URL, or SQLite")
    given.add_argument("--times", type=int, default=1, help="so many times the load")
    given.add_argument("--seconds", type=float, default=SECONDS)
    given.add_argument("--processor", action="store_true", help="no load: processor time of each kind of request")
    wanted = given.parse_args()
    if wanted.processor:
        print(_alone_in_one_process())
        return
    if wanted.here:
        sys.exit(0 if _one_run(wanted.times, wanted.seconds) else 1)
    print(HEAD, flush=True)
    here = [sys.executable, "-m", "bench.fieldwork", "--here", "--seconds", str(wanted.seconds), "--times"]
    sqlite = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    failed = subprocess.run([*here, "1"], cwd=ROOT, env=sqlite, check=False).returncode
    for times in ("1", "10"):
        failed |= subprocess.run([sys.executable, "script/postgresql", *here, times], cwd=ROOT, check=False).returncode
    sys.exit(failed)


def _alone_in_one_process() -> str:
    with prepared(ASSESSORS) as made:
        return _whole("-m", "bench.fieldwork.cost", given=made)


@contextmanager
def prepared(assessors: int) -> Iterator[str]:
    """A database with so many assessors and what the requests need of it, as JSON."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "INSPECTORATE_VAR": folder,
            "INSPECTORATE_SECRET_KEY": secrets.token_urlsafe(64),
            "INSPECTORATE_DEMONSTRATION": "0",
            "DJANGO_SETTINGS_MODULE": "inspectorate.website.settings",
        }
        for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input")):
            _python("manage.py", *command, "--skip-checks")
        yield _python("-m", "bench.fieldwork.prepare", str(assessors))


def _one_run(times: int, seconds: float) -> bool:
    postgresql = bool(os.environ.get("DATABASE_URL"))
    with prepared(ASSESSORS * times) as told_by_it:
        made = json.loads(told_by_it)
        with served() as (port, server):
            assessors = [_sits_down(port, one, made["fields"]) for one in made["assessors"]]
            alone, opening = _alone(server, lambda: _opens(port, assessors[0]))
            _, patching = _alone(server, lambda: assessors[0].send(assessors[0].changes())[0].milliseconds)
            before, began = _of_processors(server), time.perf_counter()
            seen = Work(assessors, made["readers"], port, times, seconds).carry()
            took = (time.perf_counter() - began) * PROCESSORS
            used = [(after - was) / took for after, was in zip(_of_processors(server), before, strict=True)]
            told = "" if postgresql or times > 1 else judge_both_ways(port, made["assessors"][0], made["answers"])
        lost = _lost(assessors)
    name = "PostgreSQL" if postgresql else "SQLite"
    good = _tell(f"{name} | {times}", times, seconds, seen, (alone, patching, opening), lost, used)
    if told:
        print(f"\n{told}\n", flush=True)
    return good


def _python(*command: str, given: str = "") -> str:
    said = _whole(*command, given=given)
    return said.splitlines()[-1] if said else ""


def _whole(*command: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, check=True, input=given, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _sits_down(port: int, one: dict[str, Any], fields: dict[str, list[str]]) -> Assessor:
    browser = Browser(port, one["cookies"])
    browser.token = json.loads(browser.ask("/journal/").text)["token"]
    return Assessor(browser, one["owner"], one["cases"][0], fields)


def _opens(port: int, one: Assessor) -> float:
    answer = Browser(port, one.browser.cookies).ask(one.case)
    if answer.status != 200:
        raise SystemExit(f"bench: the page of a case answers {answer.status}")
    return answer.milliseconds


def _alone(server: int, ask: Callable[[], float]) -> tuple[float, float]:
    """Milliseconds of one request while nothing else is asked: at the middle by the clock, and of the processors that
    the server's workers used. That of the database's own processes is not in it."""
    for _ in range(8):  # both workers have met it
        ask()
    before = _used(server)
    middle = statistics.median(ask() for _ in range(40))
    return middle, (_used(server) - before) * 1000 / 40


def _of_processors(server: int) -> tuple[float, float, float]:
    """Seconds of processor time so far: of the website, of a PostgreSQL's processes, of this bench itself."""
    return _used(server), _used(_postgresql()), time.process_time()


def _postgresql() -> int:
    """The process from which all others of PostgreSQL come; 0 with SQLite, which works inside the website."""
    if not os.environ.get("DATABASE_URL"):
        return 0
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert found
        return int(_of_process(Path(f"/proc/{found[0]}/stat"))[1])


def _used(first: int) -> float:
    """Seconds of processor time of a process and its children, those that ended included."""
    used = 0
    for one in Path("/proc").glob("[0-9]*/stat") if first else ():
        try:
            words = _of_process(one)
        except OSError:
            continue
        if one.parent.name == str(first):
            used += sum(int(word) for word in words[11:15])
        elif int(words[1]) == first:
            used += sum(int(word) for word in words[11:13])
    return used / os.sysconf("SC_CLK_TCK")


def _of_process(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """The port of the website and its process, served as script/server does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    workers = os.environ.get("WORKERS", "2")
    command = [sys.executable, "-m", "gunicorn", "inspectorate.website.wsgi", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--workers", workers, "--preload", "--log-level", "warning"], cwd=ROOT)
    try:
        for _ in range(300):
            if server.poll() is not None:
                raise SystemExit("bench: the server did not start; the reason stands above.")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


class Work:
    """The load: what is due when, and hands enough to ask for it whether or not earlier answers have come."""

    def __init__(
        self, assessors: list[Assessor], readers: list[dict[str, Any]], port: int, times: int, seconds: float
    ) -> None:
        self.seconds, self.seen, self.lock = seconds, Seen(), threading.Lock()
        self.due: list[tuple[float, int, str, Any]] = []
        for place, one in enumerate(assessors):
            first = EVERY * place / len(assessors)
            for turn in range(int((seconds - first) // EVERY) + 1):
                self.due.append((first + turn * EVERY, len(self.due), "patch", (one, threading.Lock())))
        pages = [(one["cookies"], path) for one in readers for path in one["paths"]]
        pages += [(one.browser.cookies, path) for one in assessors for path in (one.case, "/", one.case)]
        step = 1 / (PAGES_A_SECOND * times)
        for number in range(int(seconds / step)):
            # Seven is prime to the number of pages, so that neighbours are of different people.
            cookies, path = pages[number * 7 % len(pages)]
            kind = "case" if path.count("/") == 5 and "/cases/" in path else "page"
            self.due.append((number * step, len(self.due), kind, (Browser(port, cookies), path)))
        heapq.heapify(self.due)

    def carry(self) -> Seen:
        """Asks for everything when it is due."""
        self.began = time.perf_counter()
        hands = [threading.Thread(target=self._hand) for _ in range(HANDS)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        return self.seen

    def _hand(self) -> None:
        while True:
            with self.lock:
                if not self.due:
                    return
                at, _, kind, what = heapq.heappop(self.due)
            time.sleep(max(0.0, self.began + at - time.perf_counter()))
            wrong = self._ask(kind, what)
            took = (time.perf_counter() - self.began - at) * 1000
            with self.lock:
                self.seen.times[kind].append(took)
                if wrong:
                    self.seen.errors.append(wrong)

    def _ask(self, kind: str, what: Any) -> str:
        try:
            if kind == "patch":
                one, turn = what
                with turn:
                    return str(one.send(one.changes())[1])
            browser, path = what
            answer = browser.ask(path)
            return "" if answer.status == 200 else f"{path}: {answer.status}"
        except OSError as fault:
            return f"{kind}: {fault!r}"


def _lost(assessors: list[Assessor]) -> int:
    """Changes called confirmed without a receipt, and fields in which something else stands than the page shows."""
    told = [{"case": one.case, "ids": list(one.confirmed), "stands": one.stands} for one in assessors]
    return int(_python("-m", "bench.fieldwork.count", given=json.dumps(told)))


def _tell(
    name: str, times: int, seconds: float, seen: Seen, alone: tuple[float, float, float], lost: int, used: list[float]
) -> bool:
    patches, pages = sorted(seen.times["patch"]), sorted(seen.times["case"] + seen.times["page"])
    slow, (opened, patching, opening) = patches[int(len(patches) * 0.95)], alone
    told = (
        name, f"{(len(patches) + len(pages)) / seconds:.0f}", len(patches), f"{statistics.median(patches):.0f}",
        f"{slow:.0f}", f"{patches[-1]:.0f}", f"{pages[int(len(pages) * 0.95)]:.0f}", f"{opened:.0f}", len(seen.errors),
        lost, f"{patching:.1f}", f"{opening:.1f}", *(f"{100 * one:.0f} %" for one in used),
        f"load {os.getloadavg()[0]:.1f}, {PROCESSORS} processors",
    )  # fmt: skip
    print(f"| {' | '.join(str(one) for one in told)} |", flush=True)
    for wrong in seen.errors[:3]:
        print(f"bench: {wrong}", file=sys.stderr)
    return slow < PATCH_GOAL.get(times, 300) and opened < CASE_GOAL and not seen.errors and not lost


if __name__ == "__main__":
    main()
