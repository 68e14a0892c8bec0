"""Chapter 7.1 and 7.2: who opens which page, and how many queries a page takes with 120 cases."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from inspectorate.fieldwork.models import Answer, Assessment

Decided = Callable[..., Any]
PAGES = ("ratings/", "ratings/2.1.1/", "proposals/", "proposals/1.1/", "panel/", "panel/1.1/", "panel/2.1.1/",
         "panel/minutes/", "panel/what-if/", "panel/connection/")  # fmt: skip
DATA = ("verified-data/", "verified-data/1/answers.csv")
OUTSIDE = ("senior-leader", "link-manager", "body-staff", "responsible-officer", "osag", "external-editor")
WITHOUT = ("local-assessor", "assistant-inspector", "hm-inspector", "administrator", "communications")


@pytest.mark.parametrize("role", OUTSIDE + WITHOUT)
def test_ratings_before_the_decision_are_for_lead_data_team_and_panel(
    decided: Decided, signed_in: Any, role: str, at: Any
) -> None:
    at(datetime(2019, 7, 2, 12))
    one = decided(domain_two=4)
    client = signed_in(one[role])
    for page in (*PAGES, "panel/attendance/", "panel/decision/", *DATA, "verified-data/changes/"):
        assert client.get(f"/inspections/{one.inspection.public_id}/{page}").status_code == 404, page
    for page in ("ratings/issue/", "panel/open/", "proposals/1.1/", "panel/1.1/"):
        assert client.post(f"/inspections/{one.inspection.public_id}/{page}").status_code == 404, page


def test_the_deputy_and_the_data_team_do_not_sit_on_the_panel(decided: Decided, signed_in: Any) -> None:
    one = decided(domain_two=4)
    for role in ("deputy-lead-inspector", "data-team"):
        client = signed_in(one[role])
        assert client.get(f"/inspections/{one.inspection.public_id}/ratings/").status_code == 200
        assert client.get(f"/inspections/{one.inspection.public_id}/panel/").status_code == 404


@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_no_page_takes_more_than_eight_queries(
    judged: Decided, signed_in: Any, django_assert_max_num_queries: Any, kind: str
) -> None:
    one = judged(kind, domain_two=120, yes={"2.1.1": 74})
    client = signed_in(one["director-of-operations"])
    here = f"/inspections/{one.inspection.public_id}"

    def look(page: str) -> None:
        with django_assert_max_num_queries(8):
            assert client.get(f"{here}/{page}").status_code == 200, page

    look("panel/")
    one.ready()
    look("panel/")
    one.open()
    for page in (*PAGES, "panel/attendance/"):
        look(page)
    assert client.get(f"{here}/panel/decision/").url == f"{here}/panel/", "the panel says what is left to decide"
    one.accept()
    look("panel/decision/")
    one.decide()
    for page in (*PAGES, "decision/", "report/"):
        look(page)


def test_data_pages_take_at_most_eight_queries(
    judged: Decided, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    one = judged(domain_two=120, submitted=118)
    here, client = f"/inspections/{one.inspection.public_id}", signed_in(one["data-team"])
    one.sign()
    Answer.objects.filter(field="2.1.1", assessment__case__number=1).update(value="no")
    Assessment.objects.filter(case__number=2).update(submitted_at=None)
    for page in ("verified-data/", "verified-data/changes/", "ratings/", "verified-data/1/data.xlsx"):
        with django_assert_max_num_queries(9 if page.endswith("xlsx") else 8):
            assert client.get(f"{here}/{page}").status_code == 200, page


@pytest.mark.parametrize("role", ["lead-inspector", "director-of-operations", "head-of-methodology"])
def test_checks_and_files_are_the_data_teams(decided: Decided, signed_in: Any, role: str) -> None:
    one = decided(domain_two=4)
    for page in DATA:
        assert signed_in(one[role]).get(f"/inspections/{one.inspection.public_id}/{page}").status_code == 404, page
