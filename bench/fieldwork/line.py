"""One person's browser as the bench has it: requests with a session, their times and their bytes."""

import http.client
import json
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import Any

TOKEN = "csrftoken"


@dataclass
class Answer:
    """What came back: status, text, milliseconds, and bytes on the line both ways, heads included."""

    status: int
    text: bytes
    milliseconds: float
    up: int
    down: int


@dataclass
class Browser:
    """Somebody signed in; `cookies` is the line that goes with each request."""

    port: int
    cookies: str
    token: str = ""

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        """One request on a connection of its own, as gunicorn's plain workers have it."""
        heads = {"Cookie": self.cookies, "User-Agent": "bench", "Accept-Encoding": "gzip"}
        if body is not None:
            heads |= {"Content-Type": kind, "X-CSRFToken": self.token, "Content-Length": str(len(body))}
        began = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET" if body is None else "POST", path, body, heads)
            answer = line.getresponse()
            text = answer.read()
        finally:
            line.close()
        took = (time.perf_counter() - began) * 1000
        up = len(path) + 30 + sum(len(a) + len(b) + 4 for a, b in heads.items()) + len(body or b"")
        down = 20 + sum(len(a) + len(b) + 4 for a, b in answer.getheaders()) + len(text)
        self._keep(answer.getheaders())
        return Answer(answer.status, text, took, up, down)

    def _keep(self, heads: list[tuple[str, str]]) -> None:
        for name, value in heads:
            if name.lower() == "set-cookie" and value.startswith(f"{TOKEN}="):
                self.token = value.split(";")[0].partition("=")[2]
                others = [one for one in self.cookies.split("; ") if not one.startswith(f"{TOKEN}=")]
                self.cookies = "; ".join([*others, f"{TOKEN}={self.token}"])


@dataclass
class Assessor:
    """Somebody who judges a case: each time one answer and the note that grew meanwhile, under ids of their own."""

    browser: Browser
    owner: str
    case: str
    fields: dict[str, list[str]]
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    known: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)
    turn: Any = field(default_factory=count)

    def changes(self) -> list[dict[str, Any]]:
        """What was answered and typed since the last time."""
        turn = next(self.turn)
        choices = [name for name, values in self.fields.items() if values]
        notes = [name for name, values in self.fields.items() if not values]
        chosen, note = choices[turn % len(choices)], notes[turn // 4 % len(notes)]
        values = self.fields[chosen]
        before = self.stands.get(chosen)
        value = values[(values.index(before) + 1) % len(values)] if before else values[turn % len(values)]
        text = f"{self.stands.get(note, '')} The record of day {turn} shows what was agreed and done.".strip()
        return [self.change(chosen, value), self.change(note, text)]

    def change(self, name: str, value: str) -> dict[str, Any]:
        """One change of a field, made from what this person saw there."""
        made = "2019-06-03T10:00:00+00:00"
        return {"id": str(uuid.uuid4()), "field": name, "value": value, "base": self.versions.get(name, 0),
                "after": [], "made_at": made}  # fmt: skip

    def send(self, changes: list[dict[str, Any]]) -> tuple[Answer, str]:
        """Sends changes; with the answer, what is wrong with it, if anything."""
        body = {"owner": self.owner, "device": self.device, "known": self.known, "here": True, "patches": changes}
        answer = self.browser.ask(f"{self.case}patches/", json.dumps(body).encode())
        if answer.status != 200:
            return answer, f"{answer.status}: {answer.text[:200]!r}"
        told = json.loads(answer.text)
        values = {one["id"]: one for one in changes}
        for one in told["answers"]:
            if one["outcome"] != "confirmed":
                return answer, f"not confirmed: {one}"
            sent = values[one["id"]]
            self.versions[sent["field"]], self.stands[sent["field"]] = one["version"], sent["value"]
            self.confirmed[one["id"]] = sent["field"]
        self.known = told["known"]
        return answer, "" if len(told["answers"]) == len(changes) else "an answer is missing"
