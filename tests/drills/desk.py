"""A desk for drills: a service of its own with open cases, and a line to it that can be cut."""

import contextlib
import json
import os
import secrets
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

HOUSE = Path(__file__).parents[2]
PASSWORD = "a quiet harbour at night"


class Line:
    """The wires between browser and server, as a port of its own. Cut, nothing passes; `deaf`, what is sent arrives and
    the answer never comes back."""

    def __init__(self, server: int) -> None:
        self.server, self.cut, self.deaf = server, False, False
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def down(self) -> None:
        """Cuts every connection, and refuses new ones."""
        self.cut = True
        for pair in list(self.pairs):
            self._close(pair)

    def up(self) -> None:
        """All is well again."""
        self.cut = self.deaf = False

    def end(self) -> None:
        """Takes the line away."""
        self.ended = True
        self.down()
        self.listening.close()

    def _accept(self) -> None:
        while not self.ended:
            try:
                near, _ = self.listening.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.server), timeout=5)
                far.settimeout(None)
            except OSError:
                with contextlib.suppress(OSError, UnboundLocalError):
                    near.close()
                continue
            pair = (near, far)
            self.pairs.add(pair)
            if self.cut:  # while the far end was called
                self._close(pair)
                continue
            threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        near, far = pair
        with selectors.DefaultSelector() as ears:
            try:
                ears.register(near, selectors.EVENT_READ)
                ears.register(far, selectors.EVENT_READ)
                while not self.cut:
                    for key, _ in ears.select(0.5):
                        heard = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not heard or (self.deaf and key.fileobj is far):
                            return
                        (far if key.fileobj is near else near).sendall(heard)
            except (OSError, ValueError, KeyError):
                return
            finally:
                self._close(pair)

    def _close(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self.pairs.discard(pair)
        for one in pair:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                one.close()


@dataclass
class Desk:
    """The service, its data, and the line to it."""

    folder: Path
    port: int
    line: Line
    environment: dict[str, str]
    cases: list[str]
    emails: dict[str, str]
    running: subprocess.Popen[bytes] | None = None
    waiting: tuple[int, subprocess.Popen[bytes]] | None = None
    log: Path = field(default_factory=Path)

    @property
    def address(self) -> str:
        """As the browser calls it."""
        return f"http://127.0.0.1:{self.line.port}"

    def start_soon(self) -> None:
        """Starts the server that takes over after the next power cut, so that nobody waits while it reads its code."""
        if self.waiting is None:
            self.waiting = self._begin(_free_port())

    def start(self) -> None:
        """Starts the server, or has the waiting one take over, and waits until it answers."""
        self.port, self.running = self.waiting or self._begin(self.port)
        self.waiting, self.line.server = None, self.port
        until = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{self.port}/accounts/login/"):
            assert time.monotonic() < until, self.log.read_text()
            assert self.running.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def _begin(self, port: int) -> tuple[int, subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "gunicorn", "inspectorate.website.wsgi", "--bind", f"127.0.0.1:{port}",
                   "--workers", "1", "--threads", "4", "--log-level", "warning"]  # fmt: skip
        with self.log.open("ab") as log:
            return port, subprocess.Popen(
                command, cwd=HOUSE, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Ends the server as a power cut would: no warning, nothing finished."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait(10)
            self.running = None

    def mend(self) -> None:
        """The line is good and the server runs."""
        self.line.up()
        if self.running is None:
            self.start()

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database, read beside the server."""
        base = sqlite3.connect(f"file:{self.folder / 'inspectorate.sqlite3'}?mode=ro", uri=True, timeout=20)
        with contextlib.closing(base):
            return base.execute(question, values).fetchall()

    def end_sessions(self) -> None:
        """Everybody is signed out, as when sessions expire."""
        base = sqlite3.connect(self.folder / "inspectorate.sqlite3", timeout=20)
        with contextlib.closing(base), base:
            base.execute("DELETE FROM django_session")

    def receipts(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids of changes that the server has a receipt for."""
        hexed = {uuid.UUID(one).hex: one for one in ids}
        rows = self.ask("SELECT id FROM fieldwork_patch")
        return {hexed[one] for (one,) in rows if one in hexed}

    def stands(self, path: str) -> dict[str, str]:
        """What stands in each field of a case."""
        case = uuid.UUID(path.rstrip("/").rpartition("/")[2]).hex
        rows = self.ask(
            "SELECT a.field, a.value FROM fieldwork_answer a JOIN fieldwork_assessment s ON s.id = a.assessment_id "
            "JOIN sampling_sampledcase c ON c.id = s.case_id WHERE c.public_id = ?", case,
        )  # fmt: skip
        return dict(rows)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "INSPECTORATE_"))}
    return kept | {
        "INSPECTORATE_VAR": str(folder),
        "INSPECTORATE_SECRET_KEY": uuid.uuid4().hex + uuid.uuid4().hex,
        "DJANGO_SETTINGS_MODULE": "inspectorate.website.settings",
        "PYTHONPATH": str(HOUSE),
    }


NOTHING_YET = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
"""


def lay(folder: Path) -> None:
    """Makes the data of a service that holds nothing yet: its tables, static files and secret key."""
    _run(folder, "manage.py", "shell", "--no-imports", "--command", NOTHING_YET)
    (folder / "secret-key").touch(0o600)
    (folder / "secret-key").write_text(secrets.token_urlsafe(60))


def furnish(folder: Path) -> None:
    """Puts cases on the desk of a service that holds nothing yet; `open_cases.json` says which, and who sits there."""
    said = _run(folder, "-m", "tests.drills.open_cases")
    (folder / "open_cases.json").write_text(said.splitlines()[-1])


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=HOUSE, env=_environment(folder), capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A desk on data that `furnish` made, its own from now on."""
    made, port = json.loads((folder / "open_cases.json").read_text()), _free_port()
    one_desk = Desk(folder, port, Line(port), _environment(folder), made["cases"], made["emails"], log=folder / "log")
    try:
        one_desk.start()
        yield one_desk
    finally:
        one_desk.line.end()
        one_desk.kill()
        if one_desk.waiting:
            _, one_desk.running = one_desk.waiting
            one_desk.kill()
