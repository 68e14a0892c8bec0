"""The call, the letters after it, the project plan with its conflicts, and the planning meeting."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import icalendar
import pytest
from django.core import mail
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.documents.models import Letter
from inspectorate.planning import actions
from inspectorate.planning.models import AnnouncementCall, DateConcern

THURSDAY = datetime.fromisoformat("2019-04-04T15:00")


@pytest.fixture
def team(an_inspection: Callable[..., Any], at: Callable[[datetime], None]) -> Any:
    at(THURSDAY)
    return an_inspection(announced=False)


@pytest.fixture
def announced(team: Any, signed_in: Callable[..., Any]) -> Any:
    answer = signed_in(team["lead-inspector"]).post(page(team, "announce"), typed())
    assert answer.status_code == 302, answer.content.decode()
    team.inspection.refresh_from_db()
    return team


def page(team: Any, name: str, *more: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *more])


def typed(**changes: str) -> dict[str, str]:
    form = {
        "call_date-day": "4", "call_date-month": "4", "call_date-year": "2019", "call_time": "10:30am",
        "spoke_to": "Sam Senior", "position": "Chief executive",
        "link_manager_name": "Lou Link", "link_manager_email": "Lou.Link@example.org",
        "meeting_date-day": "9", "meeting_date-month": "4", "meeting_date-year": "2019", "meeting_time": "14:00",
        "agreed": "Parking for two.", "partners": "The county court\nThe prison\n\nThe county court", "reason": "",
    }  # fmt: skip
    return form | changes


def test_the_lead_announces_and_the_body_sees_its_inspection(announced: Any, signed_in: Callable[..., Any]) -> None:
    inspection = announced.inspection
    assert inspection.announced_at.isoformat() == "2019-04-04T09:30:00+00:00"
    shown = signed_in(announced["lead-inspector"]).get(page(announced, "announce")).content.decode()
    assert "Sam Senior, Chief executive" in shown
    assert "I forgot my password" in shown
    done = set(inspection.events.exclude(done_at=None).values_list("event", flat=True))
    assert done == {"announcement", "announcement-letter", "partner-letters"}
    assert Entry.objects.filter(chain=inspection.chain, action="announce").count() == 1
    meeting = inspection.events.get(event="telephone-planning-meeting")
    assert (meeting.date, meeting.instant.isoformat()) == (date(2019, 4, 9), "2019-04-09T13:00:00+00:00")


def test_the_link_manager_gets_an_account_without_a_password(announced: Any, signed_in: Callable[..., Any]) -> None:
    link = User.objects.get(email="lou.link@example.org")
    assert not link.has_usable_password()
    letters = signed_in(link).get(page(announced, "letters")).content.decode()
    assert "Announcement of the inspection" in letters
    assert "The county court" not in letters
    letter = Letter.objects.get(template="announcement")
    assert "on Tuesday 9 April 2019 at 2pm, chaired" in letter.text
    assert "{" not in letter.text
    assert list(Letter.objects.filter(template="partner").order_by("pk").values_list("addressed_to", flat=True)) == [
        "The county court",
        "The prison",
    ]


def test_an_existing_account_is_used(team: Any, signed_in: Callable[..., Any], person: Callable[..., User]) -> None:
    known = person("Lou Link")
    signed_in(team["lead-inspector"]).post(page(team, "announce"), typed(link_manager_email=known.email.upper()))
    assert known.memberships.get().role == "link-manager"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"call_date-day": "3"}, "Say why the call was on Wednesday 3 April 2019"),
        ({"call_date-day": "5"}, "its time is still to come"),
        ({"meeting_date-day": "15"}, "by Thursday 11 April 2019"),
        ({"meeting_date-day": "6"}, "Say why it is on Saturday 6 April 2019"),
        ({"meeting_date-day": "4", "meeting_time": "9am"}, "must come after the call"),
        ({"call_time": "half ten"}, "Enter a time, such as 9:30am or 14:00"),
        ({"spoke_to": ""}, "Enter who you spoke to"),
        ({"link_manager_email": "lou"}, "like name@example.com"),
        ({"meeting_date-year": "1066"}, "must come after the call"),
    ],
)
def test_a_call_that_cannot_be_is_refused_in_words(
    team: Any, signed_in: Callable[..., Any], changes: dict[str, str], said: str
) -> None:
    answer = signed_in(team["lead-inspector"]).post(page(team, "announce"), typed(**changes))
    assert said in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert not AnnouncementCall.objects.exists()
    assert not Letter.objects.exists()


def test_another_day_with_its_reason_moves_the_plan(team: Any, signed_in: Callable[..., Any]) -> None:
    lead = signed_in(team["lead-inspector"])
    lead.post(page(team, "announce"), typed(**{"call_date-day": "3", "reason": "The chief executive was away."}))
    moved = team.inspection.events.get(event="announcement")
    assert moved.date == date(2019, 4, 3)
    assert moved.changes.get().reason == "The chief executive was away."


def test_nobody_of_the_inspectorate_becomes_link_manager(team: Any, signed_in: Callable[..., Any]) -> None:
    typed_in = typed(link_manager_email=team["hm-inspector"].email)
    answer = signed_in(team["lead-inspector"]).post(page(team, "announce"), typed_in)
    assert "cannot be the link manager" in answer.content.decode()


def test_an_inspection_is_announced_once(announced: Any, signed_in: Callable[..., Any]) -> None:
    signed_in(announced["lead-inspector"]).post(page(announced, "announce"), typed(spoke_to="Somebody else"))
    assert AnnouncementCall.objects.get().spoke_to == "Sam Senior"


def test_who_may_announce(team: Any, signed_in: Callable[..., Any]) -> None:
    for role in ("administrator", "hm-inspector", "link-manager", "communications"):
        assert signed_in(team[role]).post(page(team, "announce"), typed()).status_code == 404, role
    assert "not announced yet" in signed_in(team["administrator"]).get(page(team, "announce")).content.decode()
    assert signed_in(team["deputy-lead-inspector"]).post(page(team, "announce"), typed()).status_code == 302


def test_the_plan_comes_after_the_announcement(team: Any, signed_in: Callable[..., Any]) -> None:
    client = signed_in(team["administrator"])
    shown = client.get(page(team, "project_plan")).content.decode()
    assert "can be issued once the inspection is announced" in shown
    client.post(page(team, "issue_plan"))
    assert not team.inspection.plan_issues.exists()


@pytest.fixture
def issued(announced: Any, signed_in: Callable[..., Any]) -> Any:
    signed_in(announced["administrator"]).post(page(announced, "issue_plan"))
    return announced


def test_the_body_sees_the_plan_once_it_is_issued(announced: Any, signed_in: Callable[..., Any]) -> None:
    link = signed_in(announced["link-manager"])
    assert "not issued yet" in link.get(page(announced, "project_plan")).content.decode()
    assert link.get(page(announced, "plan_calendar")).status_code == 404
    signed_in(announced["administrator"]).post(page(announced, "issue_plan"))
    shown = link.get(page(announced, "project_plan")).content.decode()
    assert "Fieldwork starts, in the afternoon" in shown
    assert "Ratings panel, in the morning" not in shown
    assert Letter.objects.filter(template="confirmation", outward=True).count() == 1


def test_the_plan_for_a_diary_and_as_a_workbook(issued: Any, signed_in: Callable[..., Any]) -> None:
    link = signed_in(issued["link-manager"])
    calendar = icalendar.Calendar.from_ical(link.get(page(issued, "plan_calendar")).content)
    events = {str(event["uid"]).split(".")[0]: event for event in calendar.walk("VEVENT")}
    assert events["ratings-to-body"]["dtstart"].dt.isoformat() == "2019-07-01T09:00:00+01:00"
    assert events["presentation"]["dtend"].dt > events["presentation"]["dtstart"].dt
    assert "ratings-panel" not in events
    assert link.get(page(issued, "plan_workbook")).content.startswith(b"PK")


def test_a_conflict_is_raised_and_the_date_moved(
    issued: Any, signed_in: Callable[..., Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    link, admin = signed_in(issued["link-manager"]), signed_in(issued["administrator"])
    link.post(page(issued, "raise_concern", "presentation"), {"what": "Our board meets all week."})
    concern = DateConcern.objects.get()
    answer = page(issued, "answer_concern", concern.public_id)
    refused = admin.post(answer, {"decision": "moved", "reason": ""}).content.decode()
    assert "Enter the new date" in refused
    assert "Enter the reason" in refused
    day = {"moved_to-day": "2", "moved_to-month": "5", "moved_to-year": "2019"}
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(answer, {"decision": "moved", "reason": "The board comes first.", **day})
    assert any(issued["link-manager"].email in message.to for message in mail.outbox)
    planned = issued.inspection.events.get(event="presentation")
    assert planned.date == date(2019, 5, 2)
    assert planned.changes.first().reason == "The board comes first."
    shown = link.get(page(issued, "project_plan")).content.decode()
    assert "Moved to Thursday 2 May 2019: The board comes first." in shown
    assert "Changed since the plan was issued" in shown
    admin.post(page(issued, "issue_plan"))
    assert "Changed since" not in link.get(page(issued, "project_plan")).content.decode()
    again = admin.post(answer, {"decision": "kept", "reason": "No."}).content.decode()
    assert "This was answered on" in again


def test_who_may_raise_and_answer_a_conflict(issued: Any, signed_in: Callable[..., Any]) -> None:
    raised = page(issued, "raise_concern", "presentation")
    for role in ("responsible-officer", "administrator", "communications"):
        assert signed_in(issued[role]).post(raised, {"what": "x"}).status_code == 404, role
    internal = page(issued, "raise_concern", "ratings-panel")
    assert signed_in(issued["link-manager"]).get(internal).status_code == 404
    signed_in(issued["link-manager"]).post(raised, {"what": "x"})
    answer = page(issued, "answer_concern", DateConcern.objects.get().public_id)
    assert signed_in(issued["link-manager"]).get(answer).status_code == 404


def minutes(**changes: Any) -> dict[str, Any]:
    form = {
        "held_date-day": "4", "held_date-month": "4", "held_date-year": "2019", "held_time": "2pm",
        "present": ["lead-inspector", "link-manager"], "names": "Lou Link\nAsha Lead",
        "tier_1": "cluster", "tier_2": "team", "item-hubs": "One hub, **in Leeds**.", "item-method": "Explained.",
    }  # fmt: skip
    return form | changes


def test_the_meeting_is_recorded_with_the_local_names(announced: Any, signed_in: Callable[..., Any]) -> None:
    lead = signed_in(announced["lead-inspector"])
    answer = lead.post(page(announced, "record_planning_meeting"), minutes(), follow=True).content.decode()
    assert "Chief executive or divisional director is expected at this meeting." in answer
    shown = signed_in(announced["link-manager"]).get(page(announced, "planning_meeting")).content.decode()
    assert "<strong>in Leeds</strong>" in shown
    assert "Lou Link" in shown
    assert [(one.tier, one.name) for one in announced.inspection.body.tier_names.all()] == [(1, "cluster"), (2, "team")]
    lead.post(page(announced, "record_planning_meeting"), minutes(tier_1="", tier_2="", **{"item-method": "Anew."}))
    assert "Earlier version" in lead.get(page(announced, "planning_meeting")).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_date-day": "5"}, "still to come"),
        ({"tier_2": ""}, "the names of both tiers"),
        ({"item-hubs": " ", "item-method": ""}, "at least one item"),
        ({"present": []}, "Select who took part"),
    ],
)
def test_minutes_that_cannot_be_are_refused(
    announced: Any, signed_in: Callable[..., Any], changes: dict[str, Any], said: str
) -> None:
    answer = signed_in(announced["lead-inspector"]).post(page(announced, "record_planning_meeting"), minutes(**changes))
    assert said in answer.content.decode()
    assert not announced.inspection.planning_meetings.exists()


def test_hubs_and_prisons_are_asked_of_a_crc_only(
    an_inspection: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    nps, crc = an_inspection("NPS"), an_inspection("CRC")
    for team, there in ((nps, False), (crc, True)):
        shown = signed_in(team["lead-inspector"]).get(page(team, "record_planning_meeting")).content.decode()
        assert ("Through the Gate" in shown) is there


def test_partner_letters_wait_for_the_announcement(team: Any) -> None:
    with pytest.raises(actions.NotAnnounced):
        actions.write_to_partners(inspection=team.inspection, partners=["The court"], by=team["administrator"])


def test_an_nps_division_is_told_of_unpaid_work_at_a_crc_only(
    announced: Any, an_inspection: Any, signed_in: Callable[..., Any]
) -> None:
    client, here = signed_in(announced["administrator"]), page(announced, "tell_division")
    assert "No division is told yet" in client.get(here).content.decode()
    assert client.post(here, {"division": "", "addressed_to": "Dee"}).status_code == 422
    given = {"division": "NPS South", "addressed_to": "Dee Vision, divisional director"}
    shown = client.post(here, given, follow=True).content.decode()
    assert "Dee Vision, divisional director, NPS South" in shown
    assert "some of the orders in our" in shown
    assert announced.inspection.events.get(event="nps-told-of-unpaid-work").done_at
    assert "NPS South" in client.get(here).content.decode()
    assert not announced.inspection.letters.get(template="unpaid-work-notice").outward
    assert signed_in(announced["link-manager"]).get(here).status_code == 404
    nps = an_inspection(kind="NPS")
    assert signed_in(nps["administrator"]).get(page(nps, "tell_division")).status_code == 404


def test_a_new_link_manager_can_ask_for_a_password(announced: Any, client: Any) -> None:
    client.post(reverse("account_reset_password"), {"email": "lou.link@example.org"})
    (message,) = [one for one in mail.outbox if one.to == ["lou.link@example.org"]]
    assert "/accounts/password/reset/key/" in message.body
