"""A mark in every fact of limited-access cases; only the readers whom the lead named, and the body that gave the lists,
may ever meet one, on any page or in any file.

Seen to fail, each time for every page concerned, with a drawn case no longer covered (`Sight.rows` left out of the
cases drawn), with the receipt handed out as it is, with the file as sent open to whoever may see names, with the values
of faults shown, and with a judged case opened to everybody who may see all cases.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import Draw, DrawnCase, ListedCase, SampledCase, Waiver
from inspectorate.scheduling.models import Allocation
from tests.drills.test_canaries import addresses, body_of, open_to
from tests.drills.thread import Browsers, Post, Thread
from tests.drills.thread_fieldwork import NO_ROLES

MARK = "Zqlimited"
BORN = date(1949, 7, 21)
MARKS = (MARK, "21/07/1949", "1949-07-21", "21 July 1949")
READERS = ("lead-inspector", "deputy-lead-inspector", "assistant-inspector")
BODY = ("link-manager", "body-staff")
GUIDES = (*READERS, "link-manager", "administrator", "data-team", "head-of-inspection", "head-of-methodology")
# Written about a case; the rest of what people type says nothing of one.
OF_A_CASE = ("value of a fault", "note of an exclusion", "note of an answer")
PLAIN = 0


def say(what: str) -> str:
    return f"{MARK} {what}" if what in OF_A_CASE else f"Something about {what}"


class LimitedThread(Thread):
    """An inspection of whose cases all but one on each list are limited, so that every sample holds some."""

    def rows(self, case_list: CaseList) -> list[list[Any]]:
        head, *rest = super().rows(case_list)
        for number, row in enumerate(rest):
            for place, column in enumerate(case_list.columns):
                told = {
                    "reference": f"{MARK}-{case_list.id}-{number:03}",
                    "name": f"{MARK}, Number {number}",
                    "date-of-birth": BORN,
                    "office": f"{MARK} office",
                    "responsible-officer": f"{MARK} officer",
                    "limited-access": "Yes",
                }
                if number != PLAIN and column.id in told:
                    row[place] = told[column.id]
        return [head, *rest]

    def to_exclude(self, draw: Draw) -> DrawnCase:
        """What is noted of a case that is not limited is no secret."""
        return draw.cases.filter(substitute=False, case__limited=True)[0]

    def answers(self, case: SampledCase) -> dict[str, str]:
        """Nor is what is noted of the answers of such a case."""
        given = super().answers(case)
        return given if case.case.limited else {name: value.replace(MARK, "Plain") for name, value in given.items()}

    def allocating(self) -> Iterator[Post]:
        for role in READERS:
            yield self.one("lead-inspector", datetime(2019, 5, 20, 9), "limited_readers",
                           reader=self.somebody(role).pk, reason="Takes cases")  # fmt: skip
        yield from super().allocating()


@pytest.fixture
def here(db: None, at: Callable[[datetime], None]) -> Callable[[str], Browsers]:
    """`here("CRC")` is an inspection, carried as far as the decision, with limited-access cases everywhere."""

    def make(kind: str) -> Browsers:
        thread = LimitedThread(kind, say)
        at(datetime(2019, 3, 1, 9))
        thread.prepare()
        browsers = Browsers(thread, at)
        browsers.carry(until="decide")
        return browsers

    return make


def met(browsers: Browsers, paths: list[str], role: str) -> set[str]:
    """The addresses on which somebody meets a mark."""
    client, found = browsers.of(role), set()
    for path in open_to(role, paths):
        answer = client.get(path)
        if answer.status_code == 200 and any(mark in body_of(answer) for mark in MARKS):
            found.add(path)
    return found


def test_only_named_readers_and_the_body_ever_meet_a_limited_access_case(here: Callable[[str], Browsers]) -> None:
    # A division beside SQLite, a company beside PostgreSQL: the walk is long, and no query asks for the kind of body.
    browsers = here("NPS" if connection.vendor == "sqlite" else "CRC")
    inspection = browsers.thread.inspection
    _has_limited_cases_at_every_stage(inspection)
    paths = addresses(browsers, GUIDES)
    paths += [reverse("document", args=[inspection.public_id, one.public_id]) for one in inspection.documents.all()]
    for role in (*GUIDES, "hm-inspector", "local-assessor", "senior-leader", "body-staff", "responsible-officer",
                 "osag", "external-editor"):  # fmt: skip
        browsers.thread.somebody(role)
    everybody = sorted(set(browsers.thread.people) - NO_ROLES)
    seen = {role: met(browsers, paths, role) for role in everybody}
    strays = [f"{role} meets a limited-access case on {path}" for role in everybody for path in sorted(seen[role])
              if role not in (*READERS, *BODY)]  # fmt: skip
    assert not strays, "\n".join(strays)
    assert all(len(seen[role]) > 3 for role in (*READERS[:2], *BODY)), {role: len(seen[role]) for role in everybody}
    assert len(paths) > 50


def _has_limited_cases_at_every_stage(inspection: Inspection) -> None:
    for list_ in {one.case_list for one in inspection.sampled_cases.all()}:
        assert ListedCase.objects.filter(limited=True, drawn__draw__long_list__case_list=list_).exists()
        assert SampledCase.objects.filter(case__limited=True, case_list=list_, assessment__isnull=False).exists()
    assert Waiver.objects.filter(value__startswith=MARK).exists()
    held = Allocation.objects.filter(case__case__limited=True).values_list("inspector", flat=True)
    assert set(held) <= set(inspection.limited_readers.values_list("reader", flat=True))
