"""Bytes and requests of judging one whole case: change by change, and by posts of the plain form."""

import html
import re
from typing import Any
from urllib.parse import urlencode

from bench.fieldwork.line import Answer, Assessor, Browser

HIDDEN = re.compile(r'name="((?:version|seen):[^"]+)" value="([^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NOTE = "The plan names what has to happen, who sees to it and by when; the record shows that it was done. " * 3
PARTS_OF_A_NOTE = 3  # a note is typed with pauses: so many changes are sent of it
FORM = "application/x-www-form-urlencoded"


def judge_both_ways(port: int, one: dict[str, Any], answers: list[str]) -> str:
    """A table: the same answers to two cases of one person, sent both ways."""
    changed = _by_changes(port, one, one["cases"][1], answers)
    once, each = _by_posts(port, one, one["cases"][2], answers)
    rows = [("each change as a patch", changed), ("one post of the plain form", once),
            ("a post of the plain form for each change", each)]  # fmt: skip
    lines = ["| One whole case, page included | Requests | Sent, KB | Received, KB | Milliseconds in all |",
             "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for name, (requests, up, down, took) in rows:
        lines.append(f"| {name} | {requests} | {up / 1000:.0f} | {down / 1000:.0f} | {took:.0f} |")
    return "\n".join(lines)


Cost = tuple[int, float, float, float]


def _sum(answers: list[Answer]) -> Cost:
    took = sum(one.milliseconds for one in answers)
    return len(answers), sum(one.up for one in answers), sum(one.down for one in answers), took


def _fields(browser: Browser, case: str) -> tuple[Answer, list[str], str]:
    answer = browser.ask(case)
    text = answer.text.decode()
    found = TOKEN.search(text)
    assert found, answer.status
    browser.token = found[1]
    return answer, [name.partition(":")[2] for name, _ in HIDDEN.findall(text) if name.startswith("version:")], text


def _value(name: str, answers: list[str]) -> str:
    return NOTE if name.endswith(":note") else "low" if name == "rosh_judged" else answers[0]


def _by_changes(port: int, one: dict[str, Any], case: str, answers: list[str]) -> Cost:
    browser = Browser(port, one["cookies"])
    opened, names, _ = _fields(browser, case)
    asked = [opened, browser.ask("/journal/")]
    assessor = Assessor(browser, one["owner"], case, {})
    for name in names:
        value = _value(name, answers)
        parts = PARTS_OF_A_NOTE if name.endswith(":note") else 1
        for part in range(1, parts + 1):
            answer, wrong = assessor.send([assessor.change(name, value[: len(value) * part // parts])])
            assert not wrong, wrong
            asked.append(answer)
    return _sum(asked)


def _by_posts(port: int, one: dict[str, Any], case: str, answers: list[str]) -> tuple[Cost, Cost]:
    browser = Browser(port, one["cookies"])
    opened, names, text = _fields(browser, case)
    body = {name: html.unescape(value) for name, value in HIDDEN.findall(text)} | {"csrfmiddlewaretoken": browser.token}
    body |= {name: _value(name, answers) for name in names}
    saved = browser.ask(case, urlencode(body).encode(), FORM)
    assert saved.status == 302, saved.status
    shown = browser.ask(case)
    once = _sum([opened, saved, shown])
    changes = sum(PARTS_OF_A_NOTE if name.endswith(":note") else 1 for name in names)
    _, up, down, took = _sum([saved, shown])
    return once, (
        1 + 2 * changes,
        opened.up + up * changes,
        opened.down + down * changes,
        opened.milliseconds + took * changes,
    )
