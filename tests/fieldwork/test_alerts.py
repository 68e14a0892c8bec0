"""Manual 6.8: an alert from its raising to its closing, who is told when, and who never sees it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry, Kind
from inspectorate.fieldwork import alert_actions, escalating, tasks
from inspectorate.fieldwork.models import Alert, AlertStep
from inspectorate.sampling.models import DropOut, ListedCase, SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db
TEN = datetime(2019, 6, 4, 10)  # noqa: DTZ001 (London time)
SECRET = "Zqdanger to a named childQz"
SignedIn = Callable[[User], Client]


@pytest.fixture
def team(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Team:
    at(TEN)
    return an_inspection("NPS")


@pytest.fixture
def case(team: Team, sampled: Callable[..., list[SampledCase]]) -> SampledCase:
    one = sampled(team, "domain-two", 1)[0]
    Allocation.objects.create(
        case=one, inspector=team["assistant-inspector"], week=1, by=team["administrator"], at=team.inspection.made_at
    )
    return one


def typed(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": "life", "what": SECRET, "likely": "likely", "imminent": "now", **more}


def address(name: str, team: Team, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def raised(team: Team, case: SampledCase) -> Alert:
    return alert_actions.raise_alert(
        inspection=team.inspection, case=case, kind="harm", what=SECRET, likely="likely", imminent="days",
        by=team["assistant-inspector"],
    )  # fmt: skip


def step(browser: Client, team: Team, alert: Alert, name: str, **data: Any) -> str:
    answer = browser.post(address("alert_step", team, alert.public_id, name), data, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def a_file(content: bytes = b"seen and done") -> SimpleUploadedFile:
    return SimpleUploadedFile("assurance.txt", content)


def test_the_link_stands_on_every_page_of_an_inspection_and_names_the_case(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    browser = signed_in(team["assistant-inspector"])
    form = address("raise_alert", team)
    assert f'href="{form}"' in text(browser, address("cases", team))
    on_case = f"{form}?case={case.public_id}"
    assert f'href="{on_case}"' in text(browser, address("case", team, case.public_id))
    assert "Raise an alert about domain two case 1" in text(browser, on_case)


@pytest.mark.parametrize("role", ["link-manager", "senior-leader", "body-staff", "responsible-officer", "osag"])
def test_nobody_of_the_inspected_body_finds_alerts(role: str, team: Team, raised: Alert, signed_in: SignedIn) -> None:
    browser = signed_in(team[role])
    for path in (
        address("alerts", team),
        address("raise_alert", team),
        address("alert", team, raised.public_id),
        address("alert_step", team, raised.public_id, "tell"),
    ):
        assert browser.get(path).status_code == 404
    for path in ("/", address("project_plan", team), address("letters", team)):
        assert b"lert" not in browser.get(path).content


def test_everybody_who_inspects_raises_one_and_sees_what_became_of_their_own_only(
    team: Team, raised: Alert, signed_in: SignedIn
) -> None:
    for role in ("hm-inspector", "local-assessor", "administrator"):
        browser = signed_in(team[role])
        answer = browser.post(address("raise_alert", team), typed(), follow=True)
        assert "The alert is raised" in answer.content.decode()
        assert "You raised the alert" not in answer.content.decode()
        assert browser.get(address("alert", team, raised.public_id)).status_code == 404
        assert text(browser, address("alerts", team)).count('<th scope="row"') == 1
    assert text(signed_in(team["deputy-lead-inspector"]), address("alerts", team)).count('<th scope="row"') == 4


def test_what_is_missing_is_said_and_nothing_is_raised(team: Team, signed_in: SignedIn) -> None:
    browser = signed_in(team["hm-inspector"])
    answer = browser.post(address("raise_alert", team), {"id": str(uuid4()), "made_at": "nonsense"}).content.decode()
    for missing in ("Select what it is about", "How likely is it?", "When might it happen?"):
        assert missing in answer
    assert "There is a problem" in answer
    assert not Alert.objects.exists()


def test_an_alert_that_a_device_sends_twice_is_one(
    team: Team, case: SampledCase, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    browser = signed_in(team["assistant-inspector"])
    sent = typed(case=str(case.public_id), made_at="2019-06-04T07:30:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        first = browser.post(address("raise_alert", team), sent)
        second = browser.post(address("raise_alert", team), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Alert.objects.get().case == case
    assert Entry.objects.filter(action="raise_alert").count() == len(mail.outbox) == 1
    assert "Written without a connection at 8:30am" in text(browser, first.headers["Location"])


def test_nobody_takes_the_id_of_somebody_elses_alert(team: Team, raised: Alert, signed_in: SignedIn) -> None:
    browser = signed_in(team["hm-inspector"])
    answer = browser.post(address("raise_alert", team), typed(id=str(raised.public_id)))
    assert "nothing was raised" in answer.content.decode()
    assert Alert.objects.count() == 1


def test_a_case_that_is_not_ones_own_is_not_named(team: Team, case: SampledCase, signed_in: SignedIn) -> None:
    browser = signed_in(team["local-assessor"])
    browser.post(address("raise_alert", team), typed(case=str(case.public_id)))
    assert Alert.objects.get().case is None


def test_a_page_that_kept_an_alert_is_told_where_it_is_what_is_wrong_or_whose_it_is(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    asha, form = team["assistant-inspector"], address("raise_alert", team)
    waited = {"headers": {"Accept": "application/json"}}
    kept = typed(case=str(case.public_id), owner=str(asha.public_id))
    another = signed_in(team["hm-inspector"]).post(form, kept, **waited)
    assert (another.status_code, another.json()["signed_in"]) == (403, team["hm-inspector"].name)
    assert not Alert.objects.exists()
    Allocation.objects.filter(case=case).update(ended_at=team.inspection.made_at)  # it went to somebody else meanwhile
    browser = signed_in(asha)
    answers = [browser.post(form, kept, **waited).json() for _ in range(2)]
    raised = Alert.objects.get()
    assert answers == [{"alert": address("alert", team, raised.public_id)}] * 2
    assert (raised.case, raised.by) == (case, asha)
    refused = browser.post(form, {**kept, "id": str(uuid4()), "likely": "perhaps"}, **waited)
    assert (refused.status_code, Alert.objects.count()) == (400, 1)
    assert "perhaps is not one of the available choices" in refused.json()["error"]


def test_a_limited_access_case_is_named_by_its_named_readers_only(
    team: Team, case: SampledCase, signed_in: SignedIn
) -> None:
    ListedCase.objects.filter(pk=case.case_id).update(limited=True)
    for role in ("assistant-inspector", "deputy-lead-inspector"):
        browser = signed_in(team[role])
        assert "case 1" not in text(browser, f"{address('raise_alert', team)}?case={case.public_id}")
        browser.post(address("raise_alert", team), typed(case=str(case.public_id)))
    assert set(Alert.objects.values_list("case", flat=True)) == {None}


def test_messages_and_the_trail_hold_nothing_of_what_was_written(
    team: Team, case: SampledCase, at: Callable[[datetime], None], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = alert_actions.raise_alert(
            inspection=team.inspection, case=case, kind="life", what=SECRET, likely="likely", imminent="now",
            by=team["assistant-inspector"],
        )  # fmt: skip
    at(TEN + timedelta(minutes=16))
    with django_capture_on_commit_callbacks(execute=True):
        escalating.escalate(alert=made.pk)
    to = [one.to for one in mail.outbox]
    assert to == [[team["deputy-lead-inspector"].email], [team["lead-inspector"].email]]
    said = " ".join(f"{one.subject} {one.body}" for one in mail.outbox)
    assert "An alert" in said
    for secret in (SECRET, "Canary", case.case.reference, "anger", "assistant"):
        assert secret not in said
    trail = " ".join(f"{one.summary} {one.details}" for one in Entry.objects.all())
    assert SECRET not in trail


def test_an_alert_that_nobody_acknowledges_goes_up_the_line_once(
    team: Team, raised: Alert, at: Callable[[datetime], None], signed_in: SignedIn
) -> None:
    lead, head = signed_in(team["lead-inspector"]), signed_in(team["head-of-inspection"])
    assert "Alerts that wait for you" in text(signed_in(team["deputy-lead-inspector"]), "/")
    assert "Alerts that wait for you" not in text(lead, "/")
    assert escalating.escalate(alert=raised.pk)
    assert not raised.steps.exists()
    at(TEN + timedelta(minutes=30))
    assert escalating.escalate(alert=raised.pk)
    assert "Alerts that wait for you" in text(lead, "/")
    assert "Alerts that wait for you" not in text(head, "/")
    at(TEN + timedelta(minutes=61))
    assert not escalating.escalate(alert=raised.pk)
    assert not escalating.escalate(alert=raised.pk)
    assert list(raised.steps.values_list("what", "told")) == [
        ("escalated", "lead-inspector"),
        ("escalated", "head-of-inspection"),
    ]
    assert "Alerts that wait for you" in text(head, "/")
    page = text(head, address("alert", team, raised.public_id))
    assert "Told the lead inspector" in page
    assert "by the service, as nobody had acknowledged in time" in page
    assert Entry.objects.filter(action="escalate_alert", actor="background worker").count() == 2


def test_the_worker_looks_again_until_nobody_is_left_to_tell(
    team: Team, raised: Alert, at: Callable[[datetime], None], settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    queue = tasks.watch_alert.get_backend()
    tasks.watch_alert.call(raised.pk)
    assert [one.task.run_after is not None for one in queue.results] == [True]
    at(TEN + timedelta(minutes=61))
    tasks.watch_alert.call(raised.pk)
    assert raised.steps.count() == 2
    tasks.watch_alert.call(raised.pk)
    assert len(queue.results) == 2


def test_a_worker_killed_between_leaves_nobody_untold(
    team: Team,
    raised: Alert,
    at: Callable[[datetime], None],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Killed while it tells, or after it told and before that is noted: in both cases the next look tells the lead."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    at(TEN + timedelta(minutes=30))

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    for place in ("tell_role", "_note"):
        with monkeypatch.context() as here:
            here.setattr(escalating, place, killed)
            with pytest.raises(Killed):
                tasks.watch_alert.call(raised.pk)
        assert DBTaskResult.objects.filter(status="READY").count() == 1
    assert not raised.steps.exists()
    DBTaskResult.objects.all().delete()
    assert tasks.look_again() == 1
    assert tasks.look_again() == 0
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.watch_alert.call(raised.pk)
        tasks.watch_alert.call(raised.pk)
    assert [one.to for one in mail.outbox] == [[team["lead-inspector"].email]]
    assert raised.steps.count() == 1
    at(TEN + timedelta(minutes=61))
    tasks.watch_alert.call(raised.pk)
    DBTaskResult.objects.all().delete()
    assert tasks.look_again() == 0


def test_once_acknowledged_it_goes_no_further(
    team: Team, raised: Alert, at: Callable[[datetime], None], signed_in: SignedIn
) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    page = text(deputy, address("alert", team, raised.public_id))
    assert "Deputy lead inspector, until 10:30am" in page
    assert "You have acknowledged the alert." in step(deputy, team, raised, "acknowledge")
    at(TEN + timedelta(hours=5))
    assert not escalating.escalate(alert=raised.pk)
    assert "The alert is acknowledged already." in step(signed_in(team["lead-inspector"]), team, raised, "acknowledge")
    assert raised.steps.count() == 1


def test_from_raising_to_closing(team: Team, raised: Alert, signed_in: SignedIn) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    assert "Close the alert" not in text(deputy, address("alert", team, raised.public_id))
    step(deputy, team, raised, "acknowledge", text="I call the head of the unit")
    step(deputy, team, raised, "tell", told="Head of unit", text="By telephone at 10:20am", identity=["reference"])
    assert "Passed on: case reference" in text(deputy, address("alert", team, raised.public_id))
    line = Entry.objects.get(action="tell_organisation")
    assert line.summary == "Told an organisation of an alert; passed on: case reference"
    step(deputy, team, raised, "action", text="A visit was made")
    refused = step(deputy, team, raised, "close")
    assert "There is no assurance with evidence." in refused
    assert "Choose a file" in step(deputy, team, raised, "assure", text="They wrote to us")
    assert "The assurance is recorded." in step(deputy, team, raised, "assure", text="A letter", upload=a_file())
    assert "The alert is closed." in step(deputy, team, raised, "close", text="All safe")
    assert [one.what for one in raised.steps.all()] == ["acknowledged", "told", "acted", "assured", "closed"]
    own = text(signed_in(team["assistant-inspector"]), address("alert", team, raised.public_id))
    assert "Assurance with evidence" in own
    assert "With a file that shows it" in own
    assert "Open the alert again" in own


def test_nobody_closes_or_acknowledges_their_own(team: Team, signed_in: SignedIn) -> None:
    mine = alert_actions.raise_alert(
        inspection=team.inspection, kind="practice", what="x", likely="possible", imminent="later",
        by=team["deputy-lead-inspector"],
    )  # fmt: skip
    deputy = signed_in(team["deputy-lead-inspector"])
    assert "somebody else acknowledges it" in step(deputy, team, mine, "acknowledge")
    alert_actions.acknowledge(alert=mine, by=team["lead-inspector"])
    step(deputy, team, mine, "tell", told="x", text="x")
    step(deputy, team, mine, "action", text="x")
    step(deputy, team, mine, "assure", text="x", upload=a_file())
    assert "another person closes it" in step(deputy, team, mine, "close")
    assert "The alert is closed." in step(signed_in(team["lead-inspector"]), team, mine, "close")


def test_opened_again_it_begins_anew_and_needs_everything_once_more(
    team: Team, raised: Alert, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    deputy = team["deputy-lead-inspector"]
    alert_actions.acknowledge(alert=raised, by=deputy)
    alert_actions.tell_organisation(alert=raised, told="x", text="x", identity=[], by=deputy)
    alert_actions.note_action(alert=raised, text="x", by=deputy)
    alert_actions.assure(alert=raised, text="x", upload=a_file(), by=deputy)
    alert_actions.close_alert(alert=raised, by=deputy)
    raiser = signed_in(team["assistant-inspector"])
    assert "Enter why it is opened again" in step(raiser, team, raised, "again")
    with django_capture_on_commit_callbacks(execute=True):
        assert "The alert is open again." in step(raiser, team, raised, "again", text="He was seen there")
    assert [one.to for one in mail.outbox] == [[deputy.email]]
    page = text(signed_in(deputy), address("alert", team, raised.public_id))
    assert "Not acknowledged" in page
    with pytest.raises(alert_actions.NotNow) as refused:
        alert_actions.close_alert(alert=raised, by=deputy)
    assert len(refused.value.reasons) == 4


def test_who_only_raised_it_takes_no_other_step(team: Team, raised: Alert, signed_in: SignedIn) -> None:
    raiser = signed_in(team["assistant-inspector"])
    for name in ("acknowledge", "tell", "action", "assure", "close", "nonsense"):
        assert raiser.get(address("alert_step", team, raised.public_id, name)).status_code == 404
        assert raiser.post(address("alert_step", team, raised.public_id, name)).status_code == 404
    assert not AlertStep.objects.exists()


def test_a_file_that_is_no_such_file_is_refused(team: Team, raised: Alert, signed_in: SignedIn) -> None:
    bad = SimpleUploadedFile("assurance.exe", b"MZ")
    assert "The file must end in" in step(
        signed_in(team["lead-inspector"]), team, raised, "assure", text="x", upload=bad
    )
    assert not AlertStep.objects.exists()


def test_the_evidence_is_opened_by_those_who_follow_the_alert_and_each_look_is_recorded(
    team: Team, raised: Alert, signed_in: SignedIn
) -> None:
    made = alert_actions.assure(alert=raised, text="x", upload=a_file(), by=team["deputy-lead-inspector"])
    assert made.document
    path = address("document", team, made.document.public_id)
    for role, person in team.people.items():
        looks = Entry.objects.filter(kind=Kind.LOOK).count()
        follows = role in ("lead-inspector", "deputy-lead-inspector", "head-of-inspection")
        assert signed_in(person).get(path).status_code == (200 if follows else 404), role
        assert Entry.objects.filter(kind=Kind.LOOK).count() == looks + follows


def test_it_survives_the_case(team: Team, raised: Alert, case: SampledCase, signed_in: SignedIn) -> None:
    DropOut.objects.create(
        case=case, reason="x", note="x", found_by=team["assistant-inspector"], found_at=team.inspection.made_at,
        decision=DropOut.Decision.NOT_REPLACED, decided_by=team["deputy-lead-inspector"],
        decided_at=team.inspection.made_at,
    )  # fmt: skip
    deputy = signed_in(team["deputy-lead-inspector"])
    assert "This case left the sample on" in text(deputy, address("alert", team, raised.public_id))
    assert "Alerts that wait for you" in text(deputy, "/")
    assert "1 alert" in text(deputy, address("case", team, case.public_id))


def test_danger_to_life_and_offences_stand_first_and_then_the_soonest(
    team: Team, raised: Alert, signed_in: SignedIn
) -> None:
    for kind, imminent in (("practice", "now"), ("offence", "later"), ("life", "days")):
        alert_actions.raise_alert(
            inspection=team.inspection, kind=kind, what="x", likely="possible", imminent=imminent,
            by=team["hm-inspector"],
        )  # fmt: skip
    page = text(signed_in(team["lead-inspector"]), address("alerts", team)).partition("<tbody")[2]
    places = [page.index(one) for one in ("Danger to life<", "An offence may", "Practice of the", "Significant harm")]
    assert places == sorted(places)


def test_pages_of_alerts_take_few_queries(
    team: Team, raised: Alert, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    alert_actions.acknowledge(alert=raised, by=team["lead-inspector"])
    browser = signed_in(team["deputy-lead-inspector"])
    browser.get("/")
    for path in (address("alerts", team), address("alert", team, raised.public_id), address("raise_alert", team), "/"):
        with django_assert_max_num_queries(9 if path == "/" else 8):
            assert browser.get(path).status_code == 200


def test_it_is_two_taps_from_pages_of_no_inspection_too(team: Team, signed_in: SignedIn) -> None:
    here = f'href="{address("raise_alert", team)}"'
    browser = signed_in(team["deputy-lead-inspector"])
    assert text(browser, "/").count(here) == 2  # in the navigation, and beside the inspection
    assert text(browser, "/national/").count(here) == 1
    assert here not in text(signed_in(team["link-manager"]), "/")
    assert here not in text(signed_in(team["data-team"]), "/national/")
