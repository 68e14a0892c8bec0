"""A mark in every field that is somebody's secret; a page may show it only to those whom the table here allows.

Seen to fail with the personal columns of a case shown to everybody (names reached the data team), with the looks at a
case no longer recorded, and as it was found: the receipt of a draw named its cases to everybody and left no look.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.http.response import HttpResponseBase
from django.urls import resolve, reverse

from inspectorate.audit.models import Entry, Kind
from inspectorate.programme import access, packs
from tests.drills.thread import Browsers
from tests.drills.thread_fieldwork import NO_ROLES

RELEASED = datetime(2019, 7, 1, 9)
# Who may see what, by a right of the pack (any one of those named); "body" has it because it sent it itself.
INSIDE_ONLY = ("ratings.indicative", "panel.sit")
MAY_SEE = {
    "name of a person": ("personal.view",),
    "born": ("personal.view",),
    "reference": ("personal.view",),
    "value of a fault": ("personal.view",),
    "note of an exclusion": ("personal.view",),
    "officer": ("personal.view", "case.view-allocated"),
    "note of an answer": ("case.view-allocated",),
    "note of a second judgement": ("calibration.view",),
    "settled difference": ("calibration.view",),
    "training case": ("training.view",),
    "evidence note": ("domain-one.note", *INSIDE_ONLY),
    "note of an assessment": ("evidence.assess",),
    "title of evidence": ("evidence.give", "inspection.view"),
    "content of evidence": ("evidence.give", "inspection.view"),
    "request for evidence": ("evidence.give", "evidence.assess"),
    "reason of a draw": ("longlist.view",),
    "reason for other days": ("longlist.view",),
    "source of a number": ("longlist.view",),
    "reason of a reallocation": ("cases.allocate",),
    "connection": ("cases.allocate",),
    "alert": ("alert.follow", "alert.raise"),
    "interview": ("interview.read", "alert.follow", "case.judge"),
    "matter": ("matter.view",),
    "explanation of a finding": ("data.verify",),
    "reason of an issue": INSIDE_ONLY,
    "proposal": INSIDE_ONLY,
    "reason of the panel": ("decision.read", *INSIDE_ONLY),
    "other view": ("decision.read", *INSIDE_ONLY),
    "correction of the minutes": ("decision.read", *INSIDE_ONLY),
    "connection of a member": ("panel.sit",),
    "summary of the panel": ("decision.read", *INSIDE_ONLY),
    "note of a step": ("report.view",),
}
# What nobody of the inspected body sees whatever right they hold, ever; and what they see from the release on.
NEVER_TO_BODY = {
    "source of a number",
    "note of an answer",
    "note of a second judgement",
    "settled difference",
    "training case",
    "evidence note",
    "note of an assessment",
    "reason of a draw",
    "connection",
    "alert",
    "interview",
    "matter",
    "reason of a reallocation",
    "explanation of a finding",
    "reason of an issue",
    "proposal",
    "reason of the panel",
    "other view",
    "correction of the minutes",
    "connection of a member",
    "note of a step",
}
AFTER_RELEASE = {"summary of the panel"}
PERSONAL = ("name of a person", "born", "reference", "value of a fault", "note of an exclusion")
# What the lead meets on the way, where the crawl went where it should.
MET = {"name of a person", "note of a second judgement", "settled difference", "training case"}
BORN = ("17/11/1951", "1951-11-17", "17 November 1951")
# Of addresses with many alike, so many of each are opened by everybody.
ALIKE = 2
LINK = re.compile(r'(?:href|action)="(/[^"#]+)"')


def mark(what: str) -> str:
    return "Zq" + what.replace(" ", "") + "Qz"


def say(what: str) -> str:
    return mark(what)


def body_of(answer: HttpResponseBase) -> str:
    """What an answer holds as text, workbooks unpacked."""
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace")


def marks_in(text: str) -> set[str]:
    found = {what for what in MAY_SEE if mark(what) in text}
    return found | {"born"} if any(one in text for one in BORN) else found


def addresses(browsers: Browsers, roles: Iterable[str]) -> list[str]:
    """Every address that some page offers to somebody, at most ALIKE with the same name, the richest first."""
    seen: dict[str, str] = {}
    for role in roles:
        client, waiting = browsers.of(role), ["/"]
        while waiting:
            path = waiting.pop(0)
            if path in seen or path.startswith(("/static/", "/accounts/", "/demonstration/")):
                continue
            name = resolve(path.split("?")[0]).url_name or path
            if sum(1 for one in seen.values() if one == name) >= ALIKE:
                continue
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            seen[path] = name
            if not answer.streaming and "html" in answer.headers["Content-Type"]:
                waiting += [link.replace("&amp;", "&") for link in LINK.findall(answer.content.decode())]
    return list(seen)


def allowed(role: str, what: str, *, released: bool) -> bool:
    roles = packs.current().roles
    secret = what in NEVER_TO_BODY or (what in AFTER_RELEASE and not released)
    if secret and roles.role(role).side != "inspectorate":
        return False
    return bool(roles.rights_of([role]) & set(MAY_SEE[what]))


def open_to(role: str, paths: Iterable[str]) -> Iterator[str]:
    """Those that a role's rights open at all; that the others look like nothing, `tests/test_access.py` proves."""
    for path in paths:
        right = getattr(resolve(path.split("?")[0]).func, "right", access.ANYONE)
        if right in (access.ANYONE, access.SIGNED_IN) or right in packs.current().roles.rights_of([role]):
            yield path


def strays(browsers: Browsers, paths: list[str], roles: Iterable[str], *, released: bool) -> list[str]:
    """Every mark that somebody saw who may not, and every look at a person that left no line."""
    found = []
    shown: dict[str, set[str]] = {}
    for role in roles:
        client = browsers.of(role)
        for path in open_to(role, paths):
            lines = Entry.objects.filter(kind=Kind.LOOK).count()
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            seen = marks_in(body_of(answer))
            shown.setdefault(role, set()).update(seen)
            found += [f"{role} sees {what} on {path}" for what in seen if not allowed(role, what, released=released)]
            if seen & set(PERSONAL) and Entry.objects.filter(kind=Kind.LOOK).count() == lines:
                found.append(f"{role} leaves no line on {path} with {sorted(seen & set(PERSONAL))}")
    missed = MET - shown.get("lead-inspector", MET)
    assert not missed, f"the crawl never met {sorted(missed)}, and so guards nothing of it"
    return found


def decided(browsers: Callable[..., Browsers], kind: str) -> tuple[Browsers, list[str]]:
    """An inspection whose panel has decided, and the addresses that its pages offer."""
    here = browsers(kind, say)
    here.carry(until="decide")
    for role in (*OUTSIDERS, *GUIDES):
        here.thread.somebody(role)
    return here, addresses(here, GUIDES)


GUIDES = ("lead-inspector", "link-manager", "administrator", "data-team", "director-of-operations", "hm-inspector")
OUTSIDERS = ("senior-leader", "link-manager", "body-staff", "responsible-officer", "osag", "external-editor",
             "local-assessor", "communications", "system-administrator")  # fmt: skip


def test_nobody_sees_a_mark_that_is_not_theirs_before_or_after_the_release(
    browsers: Callable[..., Browsers], at: Callable[[datetime], None]
) -> None:
    here, paths = decided(browsers, "CRC")
    everybody = sorted(set(here.thread.people) - NO_ROLES)
    at(RELEASED - timedelta(seconds=1))
    before = strays(here, paths, everybody, released=False)
    at(RELEASED)
    after = strays(here, paths, OUTSIDERS, released=True)
    assert not before + after, "\n".join(before + after)
    assert len(paths) > 50


def test_local_assessors_and_the_body_see_no_more_of_a_division(
    browsers: Callable[..., Browsers], at: Callable[[datetime], None]
) -> None:
    here, paths = decided(browsers, "NPS")
    at(RELEASED - timedelta(seconds=1))
    found = strays(here, paths, [*OUTSIDERS, "head-of-inspection", "head-of-methodology"], released=False)
    assert not found, "\n".join(found)


def test_a_local_assessor_opens_their_own_cases_and_no_others(browsers: Callable[..., Browsers]) -> None:
    here = browsers("NPS", say)
    here.carry(until="declare_connection")
    assessor, inspection = here.thread.somebody("local-assessor"), here.thread.inspection
    own, others = [], []
    for case in inspection.sampled_cases.all():
        mine = case.allocations.filter(inspector=assessor, ended_at=None).exists()
        (own if mine else others).append(reverse("case", args=[inspection.public_id, case.public_id]))
    client = here.of("local-assessor")
    assert {client.get(path).status_code for path in others} == {404}
    assert {client.get(path).status_code for path in own} <= {200}
