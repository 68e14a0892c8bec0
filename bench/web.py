"""Requests per second of reading one case, saving one field and listing 100, beside a bare view, read and save."""

import http.client
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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

SECONDS = float(os.environ.get("SECONDS_EACH", "3"))
CASES = 100
ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Prepared:
    """What the requests need: paths by name, the inspector's cookies and the answers to be saved."""

    paths: dict[str, str]
    cookies: str
    token: str
    saves: list[str]


@dataclass(frozen=True)
class Measured:
    """Requests answered a second, and milliseconds at the middle and at 95 of 100."""

    rate: float
    middle: float
    slow: float


def main() -> None:
    """Prepares a database of its own, serves it, measures and prints a table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "INSPECTORATE_VAR": folder,
            "INSPECTORATE_SECRET_KEY": secrets.token_urlsafe(64),
            "INSPECTORATE_DEMONSTRATION": "0",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        quietly = {"cwd": ROOT, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"], **quietly)  # type: ignore[call-overload]
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--skip-checks", "--no-input"], **quietly)  # type: ignore[call-overload]
        output = subprocess.run(
            [sys.executable, "-m", "bench.cases", str(CASES)], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        _measure_all(Prepared(**json.loads(output.stdout)))


def _measure_all(prepared: Prepared) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "bench.bare", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    server = subprocess.Popen([*command, "--preload", "--log-level", "error"], cwd=ROOT)
    try:
        _wait_for(port, server)
        print(f"{'':<22}{'1 connection':>30}{'8 connections':>36}")
        print(f"{'':<22}" + f"{'requests/s':>12}{'middle ms':>12}{'95 % ms':>12}" * 2 + f"{'of bare':>9}")
        rates: dict[str, float] = {}
        for name, bare, ask in _jobs(prepared):
            alone, eight = (measure(port, ask, connections) for connections in (1, 8))
            rates[name] = eight.rate
            beside = f"{eight.rate / rates[bare]:>8.2f}x" if bare else ""
            print(
                f"{name:<22}"
                + "".join(f"{m.rate:>12.0f}{m.middle:>12.1f}{m.slow:>12.1f}" for m in (alone, eight))
                + beside
            )
    finally:
        server.terminate()
        server.wait()


Ask = Callable[[http.client.HTTPConnection, int, int], None]


def _jobs(prepared: Prepared) -> list[tuple[str, str, Ask]]:
    """Each job with the bare one that it stands beside; the bare ones come first."""
    signed_in = {"Cookie": prepared.cookies}
    kept: dict[int, int] = {}

    def get(name: str, headers: dict[str, str]) -> Ask:
        return lambda connection, worker, number: connection.request("GET", prepared.paths[name], headers=headers)

    def bare_save(connection: http.client.HTTPConnection, worker: int, number: int) -> None:
        connection.request("POST", prepared.paths[f"bare_save_{worker}"], headers={"Content-Length": "0"})

    def save(connection: http.client.HTTPConnection, worker: int, number: int) -> None:
        version = kept.get(worker, 1)
        kept[worker] = version + 1
        sent = json.dumps({"field": "2.1.1", "value": "no" if version % 2 else "yes", "version": version})
        headers = signed_in | {"Content-Type": "application/json", "X-CSRFToken": prepared.token}
        connection.request("POST", prepared.saves[worker], sent, headers)

    return [
        ("bare view", "", get("bare_view", {})),
        ("bare read", "", get("bare_read", {})),
        ("bare save", "", bare_save),
        ("read one case", "bare read", get("case", signed_in)),
        ("save one field", "bare save", save),
        (f"list of {CASES}", "bare view", get("cases", signed_in)),
    ]


def measure(port: int, ask: Ask, connections: int) -> Measured:
    """Asks as fast as answers come, on that many connections, for SECONDS; any answer but 200 ends the run."""
    times: list[float] = []
    faults: list[str] = []
    until = time.perf_counter() + SECONDS

    def work(worker: int) -> None:
        number = 0
        while time.perf_counter() < until and not faults:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            began = time.perf_counter()
            ask(connection, worker, number)
            answer = connection.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - began)
            connection.close()
            number += 1
            if answer.status != 200:
                faults.append(f"{answer.status}: {body[:200]!r}")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"bench: an answer was not as it should be: {faults[0]}")
    ordered = sorted(times)
    return Measured(len(times) / SECONDS, statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000)


def _wait_for(port: int, server: Any) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit("bench: the server did not start; the reason stands above.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("bench: the server did not answer within 20 seconds.")


if __name__ == "__main__":
    main()
