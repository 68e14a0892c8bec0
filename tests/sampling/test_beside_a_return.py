"""Chapter 4.4, stages 3 and 4: beside a returned sample: officers away, dates due, rates of exclusion and margins."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.programme import actions as programme
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import Draw, OfficerAway
from tests.sampling.conftest import as_csv, draw_now, specification, table
from tests.sampling.test_lists_pages import address, text
from tests.sampling.test_round_trip import PLAIN, marked_and_returned, references, refuse

Client_of = Callable[[Any], Client]


def days(first: str, last: str, officer: str = "Responsible officer 1") -> dict[str, str]:
    sent = {"officer": officer, "note": "Leave"}
    for name, written in (("first_day", first), ("last_day", last)):
        sent |= dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), written.split("/"), strict=True))
    return sent


def test_the_body_says_when_officers_are_away_and_what_it_withdraws_stays_to_be_seen(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    body, here = signed_in(team["link-manager"]), address(team, "officers_away")
    assert "There is no officer to name yet" in text(body.get(here))
    drawn()
    assert "Fieldwork is Monday 3 June to Friday 21 June 2019." in text(body.get(here))
    for sent, said in (
        (days("31/5/2019", "4/6/2019"), "First day away must be 3 June 2019 or later"),
        (days("5/6/2019", "4/6/2019"), "Last day away must be on or after the first day away"),
        (days("5/6/2019", "6/6/2019", "Somebody Else"), "Select"),
    ):
        answer = body.post(here, sent)
        assert (answer.status_code, said in text(answer)) == (422, True), said
    assert "Responsible officer 1 is noted as away." in text(body.post(here, days("4/6/2019", "6/6/2019"), follow=True))
    assert "is away Tuesday 4 June to Thursday 6 June 2019 already." in text(
        body.post(here, days("6/6/2019", "7/6/2019"))
    )
    for role in ("administrator", "lead-inspector", "deputy-lead-inspector"):
        assert "Thursday 6 June 2019" in text(signed_in(team[role]).get(address(team, "availability"))), role
    away = OfficerAway.objects.get()
    body.post(address(team, "withdraw_away", away.pk))
    body.post(address(team, "withdraw_away", away.pk))
    page = text(signed_in(team["administrator"]).get(address(team, "availability")))
    assert f"Withdrawn</strong> by {team['link-manager'].name}" in page
    assert Entry.objects.filter(action="change_availability").count() == 2


def test_the_dates_of_the_plan_are_on_the_pages_of_both_sides_and_late_is_said(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, at: Callable[[datetime], None]
) -> None:
    draw = drawn()
    readers = [signed_in(team[role]) for role in ("link-manager", "administrator")]
    for client in readers:
        page = text(client.get(address(team, "samples")))
        assert "Due back by Friday 3 May 2019." in page
        assert "Late</strong> Due back" not in page
    at(datetime(2019, 5, 8, 10))
    own = ("mark_exclusions", "draw")
    for client, name in zip(readers, own, strict=True):
        for here in (address(team, "samples"), address(team, name, draw.public_id)):
            page = text(client.get(here))
            assert "Late</strong> Due back by Friday 3 May 2019, 2 working days late." in page  # a bank holiday between
    planned = team.inspection.events.get(event="exclusions-returned")
    programme.move_date(planned=planned, to=date(2019, 5, 10), reason="Asked for", by=team["administrator"])
    for client in readers:
        page = text(client.get(address(team, "samples")))
        assert "Due back by Friday 10 May 2019, moved from Friday 3 May 2019." in page
        assert "Late</strong> Due back" not in page
    actions.return_sample(draw=draw, by=team["link-manager"])
    assert "returned 10am on Wednesday 8 May 2019, in time." in text(readers[0].get(address(team, "samples")))


@pytest.mark.parametrize(("minute", "late"), [(0, False), (1, True)])
def test_court_reports_are_due_back_by_4pm_on_their_own_day(
    an_inspection: Callable[..., Any], at: Callable[[datetime], None], signed_in: Client_of, minute: int, late: bool
) -> None:
    at(datetime(2019, 5, 15, 16, minute))
    nps = an_inspection("NPS")
    upload = as_csv(table(specification("court-reports"), 30))
    given = actions.give_long_list(
        inspection=nps.inspection, case_list="court-reports", upload=upload, by=nps["link-manager"]
    )
    given.refresh_from_db()
    page = text(signed_in(nps["administrator"]).get(address(nps, "samples")))
    assert "Late</strong> Due to be drawn by Monday 6 May 2019" in page
    actions.accept_long_list(long_list=given, by=nps["administrator"])
    draw_now(given, 6, 3, by=nps["administrator"])
    page = text(signed_in(nps["link-manager"]).get(address(nps, "samples")))
    assert "Due back by 4pm on Wednesday 15 May 2019" in page
    assert ("Late</strong> Due back by 4pm on Wednesday 15 May 2019, late by less than a working day." in page) is late


def finals(an_inspection: Callable[..., Any], accepted_list: Callable[[Any], Any], counts: Iterable[int]) -> None:
    """Inspections of other CRCs with final samples of 20 drawn cases, so many of them excluded."""
    for place, count in enumerate(counts):
        other = an_inspection("CRC", fieldwork=date(2019, 7, 1 + 7 * place))
        draw = draw_now(accepted_list(other), by=other["administrator"])
        out = [row.case.reference for row in samples.rows_of(draw)][-count:] if count else []
        marked_and_returned(other, draw, dict.fromkeys(out, (PLAIN, "")))
        actions.accept_remaining(draw=draw, by=other["administrator"])
        for role in ("administrator", "lead-inspector"):
            actions.confirm_sample(draw=draw, by=other[role])


@pytest.fixture
def accepted_list() -> Callable[[Any], Any]:
    def accept(team: Any) -> Any:
        upload = as_csv(table(specification(), 60, team.inspection.fieldwork))
        given = actions.give_long_list(
            inspection=team.inspection, case_list="domain-two", upload=upload, by=team["link-manager"]
        )
        given.refresh_from_db()
        actions.accept_long_list(long_list=given, by=team["administrator"])
        return given

    return accept


def test_a_rate_beside_other_inspections_of_the_kind_is_flagged_where_it_is_unusual(
    team: Any, drawn: Callable[..., Draw], an_inspection: Callable[..., Any], accepted_list: Any, signed_in: Client_of
) -> None:
    finals(an_inspection, accepted_list, [2, 2])
    draw = drawn()
    lead, here = signed_in(team["lead-inspector"]), address(team, "exclusion_rates", draw.public_id)
    assert "Only 2 other inspections of this kind have a final sample" in text(lead.get(here)).replace("has", "have")
    finals(an_inspection, lambda other: accepted_list(other), [])
    third = an_inspection("CRC", fieldwork=date(2019, 9, 2))
    other = draw_now(accepted_list(third), by=third["administrator"])
    marked_and_returned(third, other, {references(other)[0]: (PLAIN, ""), references(other)[1]: (PLAIN, "")})
    refuse(other, references(other)[1], "It has a programme requirement", third["administrator"])
    actions.accept_remaining(draw=other, by=third["administrator"])
    assert "Only 2 other inspections" in text(lead.get(here))  # not final yet
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=other, by=third[role])
    page = text(lead.get(here))
    assert "0 of 20 drawn cases (0%) are excluded. In 3 other inspections together it was 8.3%. That is usual" in page
    assert f"{third.inspection.body.name} 2019" in page  # who may view the programme reads the name
    marked_and_returned(team, draw, dict.fromkeys(references(draw)[:9], (PLAIN, "")))
    page = text(lead.get(here))
    assert "9 of 20 drawn cases (45%) are excluded." in page
    assert "Unusually high" in page
    assert signed_in(team["link-manager"]).get(here).status_code == 404


def test_a_unit_that_excludes_far_more_than_the_rest_is_named(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(40, 20)
    rows = [row for row in samples.rows_of(draw) if row.case.unit_2 == "Team 00"]
    marked_and_returned(team, draw, {row.case.reference: (PLAIN, "") for row in rows[:10]})
    page = text(signed_in(team["lead-inspector"]).get(address(team, "exclusion_rates", draw.public_id)))
    assert "Look at North / Team 00: its rate differs" in page
    assert "No other inspection of this kind has a final sample of this list" in page


def test_the_report_of_margins_opens_with_one_plain_sentence(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(20, 20)
    marked_and_returned(team, draw, {})
    lead, here = signed_in(team["lead-inspector"]), address(team, "draw", draw.public_id)
    assert "Every margin is within one case of proportion." in text(lead.get(here))
    few = draw_now(draw.long_list, 20, 2, by=team["administrator"], reason="Fewer")
    women = [row.case.reference for row in samples.rows_of(few) if row.case.facts["gender"] == "female"]
    marked_and_returned(team, few, dict.fromkeys(women, (PLAIN, "")))
    actions.accept_remaining(draw=few, by=team["administrator"])
    said = text(lead.get(address(team, "draw", few.public_id)))
    assert "Female (gender) by 4.2 too few" in said
    assert "That is because" in said
    assert "excluded cases have no substitute" in said
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=few, by=team[role])
    final = text(lead.get(address(team, "final_sample", few.public_id)))
    assert "Female (gender) by 4.2 too few" in final
    assert "excluded cases have no substitute" in final


def away_in_fieldwork(team: Any, officer: str, first: date, last: date) -> None:
    OfficerAway.objects.create(
        inspection=team.inspection, officer=officer, first_day=first, last_day=last, by=team["link-manager"],
        at=datetime(2019, 4, 12).astimezone(),
    )  # fmt: skip


def test_beside_a_case_stands_that_its_officer_is_away_in_the_week_for_which_it_is_allocated(
    team: Any, sampled: Callable[..., Any], signed_in: Client_of
) -> None:
    cases = sampled(team, count=5)
    for case, week in zip(cases[:4], (1, 2, 1, 2), strict=True):
        case.allocations.create(inspector=team["assistant-inspector"], week=week, by=team["administrator"], at=case.at)
    away_in_fieldwork(team, "Officer 1", date(2019, 6, 3), date(2019, 6, 9))  # all of week 1, that of case 1
    away_in_fieldwork(team, "Officer 2", date(2019, 6, 3), date(2019, 6, 7))  # week 1; case 2 is in week 2
    away_in_fieldwork(team, "officer 3", date(2019, 6, 6), date(2019, 6, 11))  # the end of week 1, that of case 3
    away_in_fieldwork(team, "Officer 5", date(2019, 6, 14), date(2019, 6, 18))  # case 5 has no week yet
    page = text(signed_in(team["administrator"]).get(address(team, "allocation")))
    notices = {
        number: page.split(f"Domain two: case supervision {number}</th>")[1].split("</tr>")[0] for number in range(1, 6)
    }
    assert "Officer away all of week 1" in notices[1]
    assert "tag--red" in notices[1]
    assert "Officer away" not in notices[2]
    assert "Officer away Thursday 6 to Friday 7 June, in week 1" in notices[3]
    assert "tag--yellow" in notices[3]
    assert "Officer away" not in notices[4]
    assert "The officer of 3 cases is away in the week of the case." in page
    assert "Friday 14 June, in week 2; Monday 17 to Tuesday 18 June, in week 3" in notices[5]
    actions.withdraw_away(away=OfficerAway.objects.get(officer="Officer 1"), by=team["link-manager"])
    page = text(signed_in(team["administrator"]).get(address(team, "allocation")))
    assert "all of week 1" not in page
