"""A mark in every field that is somebody's secret; a page may show it only to those whom the table here allows.

Seen to fail with the personal columns of a case shown to everybody (names reached the data team), with the looks at a
case no longer recorded, with everybody's declared connections on the page where one is declared, and as it was found:
the receipt of a draw named its cases to everybody and left no look; every note of a step reached the external editor.
What is typed has to stand in a table here, and what is somebody's secret has to be met by somebody.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse

from inspectorate.audit.models import Entry, Kind
from inspectorate.programme import access, packs
from inspectorate.programme.models import Inspection
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
    "connection": (),
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
    "note on an answer": ("case.view-allocated",),
    "reply to a note": ("case.view-allocated",),
    "reason of a correction": ("case.view-allocated",),
    "finding of a check": ("case.view-allocated",),
    "reason of a reopening": ("case.view-allocated",),
    "report of a drop-out": ("cases.allocate", "case.view-allocated"),
    "decision on a drop-out": ("cases.allocate", "case.view-allocated"),
    "reason of a reader": ("limited.grant",),
    "welfare": ("welfare.answer",),
    "answer on welfare": ("welfare.answer",),
    "talk of a day": ("fieldwork.view",),
    "actions of a day": ("fieldwork.view",),
    "closing": ("fieldwork.view",),
    "note of a site": ("fieldwork.view",),
    "what a meeting said": ("meeting.record",),
}
# Who sees besides what they wrote themselves, and what is left for them.
OWN = {
    **dict.fromkeys(("connection", "welfare", "answer on welfare"), "assistant-inspector"),
    "note of a step": "external-editor",
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
    "note on an answer",
    "reply to a note",
    "reason of a correction",
    "finding of a check",
    "reason of a reopening",
    "report of a drop-out",
    "decision on a drop-out",
    "reason of a reader",
    "welfare",
    "answer on welfare",
    "talk of a day",
    "actions of a day",
    "closing",
    "note of a site",
    "what a meeting said",
}
AFTER_RELEASE = {"summary of the panel"}
PERSONAL = ("name of a person", "born", "reference", "value of a fault", "note of an exclusion")
# What the thread types that is nobody's secret: names of the body's side and of offices, and what was agreed with them.
OPEN = {
    "name of an office holder", "name of a team member", "name of the link manager", "who took the call", "position",
    "tier 1", "tier 2", "tier 1 again", "tier 2 again", "unit", "office", "what was agreed", "partner", "later partner",
    "division", "divisional director", "reason for the day", "concern", "answer to a concern", "reason for a move",
    "who took part", "minutes", "period of evidence", "reason of a waiver", "reason of an extension",
    "site", "hours of a site", "contact at a site", "title of a meeting", "place of a meeting",
}  # fmt: skip
BORN = ("17/11/1951", "1951-11-17", "17 November 1951")
# Of addresses with many alike, so many of each are opened by everybody.
ALIKE = 2
LINK = re.compile(r'(?:href|action)="(/[^"#]+)"')


def mark(what: str) -> str:
    return "Zq" + what.replace(" ", "") + "Qz"


def say(what: str) -> str:
    assert what in {*MAY_SEE, *OPEN}, f"say in a table of this file who may see the {what}"
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
    """Every address that some page offers to somebody, at most ALIKE with the same name, the richest first. Everybody
    begins at the two pages that lead on to each one's own."""
    seen: dict[str, str] = {}
    starts = ["/", reverse("inspection", args=[browsers.thread.inspection.public_id])]
    for role in roles:
        client, waiting, anew = browsers.of(role), [*starts], {*starts}
        while waiting:
            path = waiting.pop(0)
            if (path in seen and path not in anew) or path.startswith(("/static/", "/accounts/", "/demonstration/")):
                continue
            name = resolve(path.split("?")[0]).url_name or path
            if sum(1 for one in seen.values() if one == name) >= ALIKE:
                continue
            anew.discard(path)
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            seen[path] = name
            if not answer.streaming and "html" in answer.headers["Content-Type"]:
                waiting += [link.replace("&amp;", "&") for link in LINK.findall(answer.content.decode())]
    return list(seen)


def allowed(role: str, what: str, *, released: bool) -> bool:
    roles = packs.current().roles
    if OWN.get(what) == role:
        return True
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
    met = set().union(*shown.values())
    missed = set(MAY_SEE) - met if "lead-inspector" in shown else set()
    assert not missed, f"the crawl never met {sorted(missed)}, and so guards nothing of it"
    return found


def decided(browsers: Callable[..., Browsers], kind: str) -> tuple[Browsers, list[str]]:
    """An inspection whose panel has decided, and the addresses that its pages offer."""
    here = browsers(kind, say)
    here.carry(until="complete_step")
    for role in (*OUTSIDERS, *GUIDES):
        here.thread.somebody(role)
    return here, sorted({*addresses(here, GUIDES), *planted(here.thread.inspection)})


def planted(inspection: Inspection) -> Iterator[str]:
    """The pages of those among many alike about which something was typed, and one that is offered no more."""
    moved = inspection.sampled_cases.get(allocations__reason__contains="Qz")
    noted = inspection.sampled_cases.get(drop_outs__isnull=False)
    here = inspection.public_id
    yield reverse("reallocate_case", args=[here, moved.public_id])
    yield reverse("case_quality", args=[here, noted.public_id])
    yield reverse("case", args=[here, noted.public_id])
    yield reverse("decide_drop_out", args=[here, noted.drop_outs.get().public_id])
    yield reverse("declare_panel_connection", args=[here])


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


@pytest.mark.once
def test_local_assessors_and_the_body_see_no_more_of_a_division(
    browsers: Callable[..., Browsers], at: Callable[[datetime], None]
) -> None:
    here, paths = decided(browsers, "NPS")
    at(RELEASED - timedelta(seconds=1))
    found = strays(here, paths, [*OUTSIDERS, "head-of-inspection", "head-of-methodology"], released=False)
    assert not found, "\n".join(found)
    deputy, there = here.of("deputy-lead-inspector"), planted(here.thread.inspection)
    assert "reason of a reallocation" in marks_in(" ".join(body_of(deputy.get(path)) for path in there))


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
