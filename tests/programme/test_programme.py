"""The programme as its people see it: planning an inspection, its team, its dates, the bodies and the accounts."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.programme import actions
from inspectorate.programme.models import InspectedBody, Inspection, Membership
from tests.conftest import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(person: Callable[..., User]) -> User:
    somebody = person("Hana Head")
    Membership.objects.create(user=somebody, role="head-of-inspection", side="inspectorate")
    return somebody


def planned(body: InspectedBody, lead: User, deputy: User, administrator: User, **changes: Any) -> dict[str, Any]:
    return {
        "body": body.pk,
        "fieldwork-day": "3",
        "fieldwork-month": "6",
        "fieldwork-year": "2019",
        "nation": "england",
        "lead": lead.pk,
        "deputy": deputy.pk,
        "administrator": administrator.pk,
        **changes,
    }


@pytest.fixture
def body() -> InspectedBody:
    return InspectedBody.objects.create(name="Harbour CRC", kind="CRC", cluster="Aa")


def test_a_head_of_inspection_plans_an_inspection_with_all_its_dates(
    head: User, body: InspectedBody, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(head).post(
        "/programme/new/", planned(body, person("Leah Lead"), person("Dev Deputy"), person("Ada Min")), follow=True
    )
    assert "The inspection of Harbour CRC is planned." in page.content.decode()
    inspection = Inspection.objects.get()
    dates = dict(inspection.events.values_list("event", "date"))
    assert dates["announcement"] == date(2019, 4, 4)
    assert dates["ratings-to-body"] == date(2019, 7, 1)
    assert inspection.events.get(event="ratings-to-body").instant == datetime.fromisoformat("2019-07-01T08:00:00+00:00")
    assert Entry.objects.filter(chain=inspection.chain, action="plan_inspection").count() == 1


def test_a_day_that_is_no_monday_is_refused_with_the_nearest_mondays(
    head: User, body: InspectedBody, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(head).post(
        "/programme/new/", planned(body, person(), person(), person(), **{"fieldwork-day": "5"})
    )
    text = page.content.decode()
    assert "Monday 3 June 2019 and Monday 10 June 2019" in text
    assert not Inspection.objects.exists()


def test_clashes_of_team_members_are_named_before_anything_is_saved(
    head: User,
    body: InspectedBody,
    person: Callable[..., User],
    signed_in: Callable[[User], Client],
    an_inspection: Callable[..., Team],
) -> None:
    busy = an_inspection("NPS", fieldwork=date(2019, 6, 10))
    sent = planned(body, busy["lead-inspector"], person(), person())
    page = signed_in(head).post("/programme/new/", sent).content.decode()
    assert "Lead inspector: Made-up NPS 1 2019" in page
    assert Inspection.objects.count() == 1
    signed_in(head).post("/programme/new/", sent | {"accept_clashes": "1"})
    assert Inspection.objects.count() == 2


def test_the_same_inspection_cannot_be_planned_twice(
    head: User, body: InspectedBody, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    sent = planned(body, person(), person(), person())
    signed_in(head).post("/programme/new/", sent)
    page = signed_in(head).post("/programme/new/", sent | {"accept_clashes": "1"}).content.decode()
    assert "already has an inspection with fieldwork from Monday 3 June 2019" in page
    assert Inspection.objects.count() == 1


def test_a_moved_publication_takes_the_embargoed_copy_along_and_keeps_the_first_dates(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    address = f"/inspections/{team.inspection.public_id}/dates/publication/move/"
    sent = {"to-day": "26", "to-month": "9", "to-year": "2019", "reason": "Agreed with the body"}
    signed_in(team["administrator"]).post(address, sent)
    publication = team.inspection.events.get(event="publication")
    embargo = team.inspection.events.get(event="embargoed-copy")
    assert (publication.date, publication.original_date) == (date(2019, 9, 26), date(2019, 9, 16))
    assert embargo.date == date(2019, 9, 19)
    assert embargo.changes.get().follows
    assert publication.changes.get().reason == "Agreed with the body"


def test_somebody_new_is_added_to_the_team_and_leaves_it_at_once(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection()
    base = f"/inspections/{team.inspection.public_id}/team/"
    lead = signed_in(team["lead-inspector"])
    lead.post(base + "add/", {"role": "assistant-inspector", "email": "New.One@example.org", "name": "New One"})
    newcomer = User.objects.get(email="new.one@example.org")
    browser = signed_in(newcomer)
    assert browser.get(f"/inspections/{team.inspection.public_id}/weeks/").status_code == 200
    held = Membership.objects.get(user=newcomer)
    lead.post(f"{base}{held.pk}/end/")
    assert browser.get(f"/inspections/{team.inspection.public_id}/weeks/").status_code == 404
    assert "New One" in lead.get(base).content.decode()


def test_a_body_knows_nothing_of_its_inspection_before_the_announcement(
    an_inspection: Callable[..., Team], signed_in: Callable[[User], Client]
) -> None:
    team = an_inspection(announced=False)
    browser = signed_in(team["link-manager"])
    home = f"/inspections/{team.inspection.public_id}/"
    assert browser.get(home).status_code == 404
    assert team.inspection.body.name not in browser.get("/").content.decode()
    Inspection.objects.filter(pk=team.inspection.pk).update(announced_at=datetime.fromisoformat("2019-04-04T10:00Z"))
    assert browser.get(home).status_code == 200


def test_the_bodies_of_figure_2_are_registered_once() -> None:
    assert actions.register_bodies(by="a test") == 28
    assert actions.register_bodies(by="a test") == 0
    assert InspectedBody.objects.filter(kind="CRC").count() == 21
    assert set(InspectedBody.objects.filter(nation="wales").values_list("name", flat=True)) == {"Wales CRC", "Wales"}


def test_units_and_what_the_body_calls_them(
    head: User, body: InspectedBody, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(head)
    browser.post(f"/bodies/{body.public_id}/names/", {"tier_1": "Cluster", "tier_2": "Pod"})
    browser.post(f"/bodies/{body.public_id}/units/", {"units": "North: Harbour, Hill\nSouth:"})
    page = browser.get(f"/bodies/{body.public_id}/").content.decode()
    assert "Harbour, Hill" in page
    assert "Cluster" in page
    assert body.units.count() == 4


def test_a_closed_account_is_out_at_its_next_request(
    person: Callable[..., User], signed_in: Callable[[User], Client], head: User
) -> None:
    keeper = person("Sys Admin")
    Membership.objects.create(user=keeper, role="system-administrator", side="inspectorate")
    browser = signed_in(head)
    assert browser.get("/programme/").status_code == 200
    signed_in(keeper).post(f"/people/{head.public_id}/close/")
    assert browser.get("/programme/").status_code == 302


def test_the_first_account_of_an_installation_can_sign_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: "harbour lights at noon")
    call_command("add_person", "first@example.org", "First Person", office="system-administrator")
    client.post("/accounts/login/", {"login": "first@example.org", "password": "harbour lights at noon"})
    assert "First Person" in client.get("/people/").content.decode()
