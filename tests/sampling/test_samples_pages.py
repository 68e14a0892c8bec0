"""Chapter 4.4: draws, exclusions and final samples as the people of both sides meet them."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.documents.spreadsheets import read_table
from inspectorate.programme.actions import name_tiers
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import Draw, DrawInputs, DrawnCase, Exclusion, ListedCase, LongList, SampledCase
from tests.sampling.conftest import as_xlsx, draw_now, specification, table
from tests.sampling.test_lists_pages import address, text

Client_of = Callable[[Any], Client]
REASON = "stand-alone-requirements"


def references(draw: Draw, *, substitute: bool) -> list[str]:
    return [row.case.reference for row in samples.rows_of(draw) if row.substitute is substitute]


def test_a_sample_is_drawn_with_what_it_was_made_with_on_the_page(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    found, client = accepted(), signed_in(team["administrator"])
    page = text(client.get(address(team, "prepare_draw", "domain-two")))
    assert found.digest in page
    assert "Figure 2 of the manual, as for cluster size Aa" in page
    assert "Why another draw is needed" not in page
    answer = client.post(address(team, "prepare_draw", "domain-two"), {"size": 12, "substitutes": 6}, follow=True)
    inputs = DrawInputs.objects.get()
    assert inputs.digest in text(answer)
    answer = client.post(address(team, "draw_sample", inputs.public_id), {"seed_from": "system"}, follow=True)
    page = text(answer)
    assert "12 cases are drawn." in page
    draw = Draw.objects.get()
    assert draw.seed in page
    assert "12 cases and 6 substitutes from 60 cases" in page
    assert "Gender" in page
    assert [row["drawn"] for row in draw.margins if row["value"] == "Female"] == [3]
    assert Entry.objects.filter(action="draw_sample", chain=team.inspection.chain).count() == 1


def test_without_a_seed_the_system_throws_the_dice(team: Any, accepted: Callable[..., LongList]) -> None:
    found = accepted()
    first = draw_now(found, 10, 0, by=team["administrator"], seed=None)
    again = draw_now(found, 10, 0, by=team["administrator"], seed=None, reason="To compare")
    assert len(bytes.fromhex(first.seed)) == 32
    assert first.seed != again.seed


def test_a_second_draw_needs_a_reason_and_both_stay(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    drawn()
    client = signed_in(team["administrator"])
    given = {"size": 10, "substitutes": 5}
    answer = client.post(address(team, "prepare_draw", "domain-two"), given)
    assert "Enter why another draw is needed" in text(answer)
    assert DrawInputs.objects.count() == 1
    with pytest.raises(actions.ReasonNeeded):
        draw_now(LongList.objects.get(), 5, 0, by=team["administrator"], reason=" ")
    client.post(address(team, "prepare_draw", "domain-two"), given | {"reason": "A unit was closed"})
    client.post(address(team, "draw_sample", DrawInputs.objects.first().public_id), {"seed_from": "system"})
    assert Draw.objects.count() == 2
    page = text(client.get(address(team, "samples")))
    assert "A unit was closed" in page
    assert page.count("Administrator (operations)</td>") + page.count("by Administrator (operations)") >= 2


def test_a_draw_from_some_units_says_why_and_verifies(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(10, 5, units=[("North", "Team 00"), ("North", "Team 01")], units_reason="The south is flooded")
    client = signed_in(team["administrator"])
    assert "Why not all: The south is flooded" in text(client.get(address(team, "draw", draw.public_id)))
    assert {row.case.unit_1 for row in samples.rows_of(draw)} == {"North"}
    assert actions_verified(client, team, draw)


def actions_verified(client: Client, team: Any, draw: Draw, **files: Any) -> bool:
    page = text(client.post(address(team, "verify_draw", draw.public_id), files))
    return "gives the same cases and the same substitutes in the same order" in page


def test_the_receipt_verifies_and_names_a_row_that_was_changed(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, client = drawn(), signed_in(team["lead-inspector"])
    receipt = client.get(address(team, "draw_receipt", draw.public_id)).content
    upload = SimpleUploadedFile("receipt.json", receipt)
    assert actions_verified(client, team, draw, upload=upload)
    changed = ListedCase.objects.get(reference="X100007")
    changed.facts = changed.facts | {"rosh": "very-high"}
    changed.save()
    page = text(client.post(address(team, "verify_draw", draw.public_id)))
    assert "Case X100007 is not as it was when the draw was made." in page
    assert "The receipt and the list do not agree." in page


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"nonsense", b'{"form": 1}', b"[" * 100_000])
def test_what_is_no_receipt_is_refused_with_a_message(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, content: bytes
) -> None:
    draw = drawn()
    upload = SimpleUploadedFile("receipt.json", content)
    answer = signed_in(team["lead-inspector"]).post(address(team, "verify_draw", draw.public_id), {"upload": upload})
    assert answer.status_code == 200
    assert "eceipt" in text(answer)
    assert "There is a problem" in text(answer)


def marks_of(draw: Draw, reasons: dict[str, str]) -> dict[str, str]:
    """What the body's page sends: every case, with these reasons."""
    sent = {}
    for row in samples.rows_of(draw):
        sent[f"reason-{row.pk}"] = reasons.get(row.case.reference, "")
        sent[f"note-{row.pk}"] = "Seen in nDelius" if row.case.reference in reasons else ""
    return sent


def test_the_body_marks_saves_changes_and_returns(team: Any, drawn: Callable[..., Draw], signed_in: Client_of) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    one, two = references(draw, substitute=False)[:2]
    page = text(body.get(address(team, "mark_exclusions", draw.public_id)))
    assert "20 cases may be inspected" in page
    assert "ubstitute" not in page
    assert draw.seed not in page
    assert "child practice review" not in page
    body.post(address(team, "mark_exclusions", draw.public_id), marks_of(draw, {one: REASON, two: "transferred"}))
    body.post(address(team, "mark_exclusions", draw.public_id), marks_of(draw, {one: "no-requirements"}))
    assert [(mark.drawn.case.reference, mark.reason) for mark in Exclusion.objects.all()] == [
        *sorted([(one, REASON), (two, "transferred")], key=lambda pair: _place(draw, pair[0])),
        *sorted([(one, "no-requirements"), (two, "")], key=lambda pair: _place(draw, pair[0])),
    ]
    sent = marks_of(draw, {one: "no-requirements"}) | {"return": "yes"}
    answer = body.post(address(team, "mark_exclusions", draw.public_id), sent, follow=True)
    assert "The sample is returned to the inspectorate." in text(answer)
    page = text(signed_in(team["lead-inspector"]).get(address(team, "draw", draw.public_id)))
    assert "Community or suspended sentence order without any requirement: 1 case" in page
    assert "Exclusions by unit" in page


def _place(draw: Draw, reference: str) -> int:
    rows = sorted(samples.rows_of(draw), key=lambda r: (r.case.unit_1, r.case.unit_2, r.case.reference))
    return [row.case.reference for row in rows].index(reference)


def test_a_reason_that_is_not_on_the_closed_list_and_a_case_that_was_not_drawn_are_refused(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    one = references(draw, substitute=False)[0]
    with pytest.raises(actions.UnknownReason, match="not one of the reasons.*"):
        actions.mark_exclusions(draw=draw, marks={one: ("too-difficult", "")}, by=team["link-manager"])
    with pytest.raises(actions.UnknownReason, match="X1 was not drawn"):
        actions.mark_exclusions(draw=draw, marks={"X1": (REASON, "")}, by=team["link-manager"])
    answer = signed_in(team["link-manager"]).post(
        address(team, "mark_exclusions", draw.public_id), marks_of(draw, {one: "too-difficult"})
    )
    assert answer.status_code == 422
    assert Exclusion.objects.count() == 0


def test_the_inspected_body_sees_no_draw_receipt_or_substitute(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    for name in ("draw", "drawn_cases", "draw_receipt", "verify_draw"):
        assert body.get(address(team, name, draw.public_id)).status_code == 404
    assert draw.seed not in text(body.get(address(team, "samples")))


def test_who_lacks_sight_of_personal_data_sees_neither_names_nor_references(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    name = samples.rows_of(draw)[0].case.facts["name"]
    methodologist = text(signed_in(team["head-of-methodology"]).get(address(team, "drawn_cases", draw.public_id)))
    assert references(draw, substitute=False)[0] not in methodologist
    assert name not in methodologist
    assert samples.rows_of(draw)[0].case.unit_1 in methodologist
    assert name in text(signed_in(team["lead-inspector"]).get(address(team, "drawn_cases", draw.public_id)))


def test_the_body_reads_its_own_words_for_its_units(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    here = address(team, "mark_exclusions", draw.public_id)
    assert "Tier 1 unit" in text(body.get(here))
    name_tiers(body=team.inspection.body, tier_1="Cluster", tier_2="Local delivery unit", by=team["administrator"])
    page = text(body.get(here))
    assert "Cluster" in page
    assert "Local delivery unit" in page
    assert "Tier 1 unit" not in page


def returned(team: Any, draw: Draw, marks: dict[str, tuple[str, str]]) -> None:
    actions.mark_exclusions(draw=draw, marks=marks, by=team["link-manager"])
    actions.return_sample(draw=draw, by=team["link-manager"])


def test_two_different_people_confirm_and_substitutes_step_in_by_their_ticket(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(20, 20)
    out = references(draw, substitute=False)[:2]
    returned(team, draw, dict.fromkeys(out, (REASON, "")))
    administrator, lead = signed_in(team["administrator"]), signed_in(team["lead-inspector"])
    here = address(team, "confirm_sample", draw.public_id)
    assert "Your confirmation is noted." in text(administrator.post(here, follow=True))
    assert SampledCase.objects.count() == 0
    marks = text(signed_in(team["link-manager"]).get(address(team, "mark_exclusions", draw.public_id)))
    assert "Its exclusions can change no more." in marks
    assert "Choose a reason" not in marks
    page = text(administrator.post(here, follow=True))
    assert "You have confirmed this sample. The second confirmation is another person&#39;s." in page
    assert SampledCase.objects.count() == 0
    assert "The final sample is confirmed." in text(lead.post(here, follow=True))
    final = list(SampledCase.objects.select_related("case", "in_place_of"))
    assert [one.number for one in final] == list(range(1, 21))
    assert {one.in_place_of.reference for one in final if one.in_place_of} == set(out)
    assert not {one.case.reference for one in final} & set(out)
    for one in final:
        if one.in_place_of:
            assert one.case.reference == _first_of_cell(draw, one.in_place_of.reference, out)


def _first_of_cell(draw: Draw, left: str, out: list[str]) -> str:
    """The substitute that has to step in, found by looking along the order by hand."""
    case_list = specification()
    rows = {row.case.reference: row for row in samples.rows_of(draw)}
    waiting = references(draw, substitute=True)
    chosen = ""
    for leaver in out:
        mine = rows[leaver].case

        def far(other: str, mine: ListedCase = mine) -> tuple[int, int, int]:
            its = rows[other].case
            pairs = zip(samples.strata_of(case_list, mine), samples.strata_of(case_list, its), strict=True)
            tiers = 0 if mine.unit_1 != its.unit_1 else 1 if mine.unit_2 != its.unit_2 else 2
            return sum(a != b for a, b in pairs), -tiers, waiting.index(other)

        chosen = min(waiting, key=far)
        if leaver == left:
            break
        waiting.remove(chosen)
    return chosen


def test_the_final_sample_shows_margins_and_the_body_no_substitutes(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, tmp_path: Any
) -> None:
    draw = drawn()
    gone = references(draw, substitute=False)[0]
    returned(team, draw, {gone: (REASON, "")})
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])
    lead, body = signed_in(team["lead-inspector"]), signed_in(team["link-manager"])
    page = text(lead.get(address(team, "final_sample", draw.public_id)))
    assert "12 cases; the margin reached is" in page
    assert "Substitutes that remain, in the order in which they step in" in page
    assert "Share of the long list, cases expected and cases in the final sample" in page
    body_page = text(body.get(address(team, "final_sample", draw.public_id)))
    assert "Cases to be inspected" in body_page
    assert "ubstitutes" not in body_page
    for client, sheets in ((lead, ["Final sample", "Substitutes in order"]), (body, ["Final sample"])):
        kept = tmp_path / "final.xlsx"
        kept.write_bytes(client.get(address(team, "final_sample_file", draw.public_id)).content)
        found = read_table(kept).sheets
        assert [sheet.name for sheet in found] == sheets
        assert len(found[0].rows) == 13
        assert gone in [row[2] for row in found[0].rows if len(row) > 2]
    with pytest.raises(actions.AlreadyConfirmed):
        actions.mark_exclusions(draw=draw, marks={gone: ("", "")}, by=team["link-manager"])
    with pytest.raises(actions.SampleConfirmed):
        draw_now(draw.long_list, 5, 0, by=team["administrator"], reason="Not this one")


def test_a_sample_that_is_not_returned_and_one_that_is_old_are_not_confirmed(
    team: Any, drawn: Callable[..., Draw]
) -> None:
    draw = drawn()
    with pytest.raises(actions.NotReturned):
        actions.confirm_sample(draw=draw, by=team["administrator"])
    returned(team, draw, {})
    draw_now(draw.long_list, 5, 0, by=team["administrator"], reason="A unit was closed")
    with pytest.raises(actions.OldDraw):
        actions.confirm_sample(draw=draw, by=team["administrator"])


def test_one_person_in_both_roles_confirms_once(team: Any, drawn: Callable[..., Draw]) -> None:
    team.inspection.memberships.create(
        user=team["administrator"], role="lead-inspector", side="inspectorate", began_at=datetime.now().astimezone()
    )
    draw = drawn()
    returned(team, draw, {})
    assert actions.confirm_sample(draw=draw, by=team["administrator"]) is False
    with pytest.raises(actions.SamePerson):
        actions.confirm_sample(draw=draw, by=team["administrator"])
    with pytest.raises(actions.SamePerson):
        actions.confirm_sample(draw=draw, by=team["deputy-lead-inspector"])


def test_too_few_substitutes_are_said_with_the_margin_that_is_reached(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(12, 1)
    out = references(draw, substitute=False)[:3]
    returned(team, draw, dict.fromkeys(out, (REASON, "")))
    page = text(signed_in(team["lead-inspector"]).get(address(team, "draw", draw.public_id)))
    assert "There are not enough substitutes: 2 excluded cases have none." in page
    assert "With 10 cases the margin reached is" in page
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])
    assert SampledCase.objects.count() == 10


def test_an_excluded_substitute_never_steps_in(team: Any, drawn: Callable[..., Draw]) -> None:
    draw = drawn(12, 3)
    out = [references(draw, substitute=False)[0], *references(draw, substitute=True)[:2]]
    returned(team, draw, dict.fromkeys(out, (REASON, "")))
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])
    stepped = [one.case.reference for one in SampledCase.objects.filter(in_place_of__isnull=False)]
    assert stepped == references(draw, substitute=True)[2:]


@pytest.mark.parametrize("name", ["unpaid-work", "through-the-gate"])
def test_domain_three_lists_go_the_same_way(team: Any, drawn: Callable[..., Draw], name: str) -> None:
    draw = drawn(9, 4, table(specification(name), 60), name)
    returned(team, draw, {})
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])
    assert SampledCase.objects.filter(case_list=name).count() == 9


def test_dates_of_the_plan_are_noted_when_all_lists_are_through(team: Any, drawn: Callable[..., Draw]) -> None:
    def done() -> set[str]:
        return set(team.inspection.events.exclude(done_at=None).values_list("event", flat=True))

    for name in ("domain-two", "unpaid-work", "through-the-gate"):
        assert not {"provisional-sample", "exclusions-returned", "final-sample"} & done()
        draw = drawn(9, 4, table(specification(name), 60), name)
        returned(team, draw, {})
        for role in ("administrator", "lead-inspector"):
            actions.confirm_sample(draw=draw, by=team[role])
    assert {"provisional-sample", "exclusions-returned", "sample-check", "final-sample", "unit-choice"} <= done()


def test_court_reports_and_victim_work_of_a_division(
    an_inspection: Callable[..., Any], at: Callable[[datetime], None], signed_in: Client_of
) -> None:
    at(datetime(2019, 4, 12, 9))
    nps = an_inspection("NPS")
    body, administrator = signed_in(nps["link-manager"]), signed_in(nps["administrator"])
    for name in ("court-reports", "victim-work"):
        upload = as_xlsx(table(specification(name), 30))
        body.post(address(nps, "give_long_list", name), {"upload": upload})
        found = LongList.objects.get(case_list=name)
        administrator.post(address(nps, "accept_long_list", found.public_id))
        administrator.post(address(nps, "prepare_draw", name), {"size": 6, "substitutes": 3})
        inputs = DrawInputs.objects.get(long_list=found)
        administrator.post(address(nps, "draw_sample", inputs.public_id), {"seed_from": "system"})
        draw = Draw.objects.get(long_list=found)
        assert draw.cases.count() == 9
        assert administrator.get(address(nps, "draw", draw.public_id)).status_code == 200
    assert body.get(address(nps, "give_long_list", "unpaid-work")).status_code == 405
    assert body.post(address(nps, "give_long_list", "unpaid-work")).status_code == 404


def test_pages_of_a_sample_of_150_ask_the_database_little(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    draw = drawn(150, 75, table(specification(), 2400))
    one = references(draw, substitute=False)[0]
    returned(team, draw, {one: (REASON, "")})
    pages = [("administrator", name, (draw.public_id,)) for name in ("draw", "drawn_cases", "draw_receipt")]
    pages += [("administrator", "samples", ()), ("administrator", "prepare_draw", ("domain-two",))]
    pages += [("lead-inspector", "choose_units", ("domain-two",)), ("lead-inspector", "draw_log", ("domain-two",))]
    pages += [("lead-inspector", "prepared_draw", (draw.inputs.public_id,))]
    pages += [("administrator", "extend_sample", (draw.public_id,)), ("link-manager", "draw_log", ("domain-two",))]
    pages += [("link-manager", "mark_exclusions", (draw.public_id,))]
    for role in ("administrator", "lead-inspector", "administrator"):
        for person, name, args in pages:
            client = signed_in(team[person])
            with django_assert_max_num_queries(8):
                assert client.get(address(team, name, *args)).status_code in (200, 302), name
        if not DrawnCase.objects.filter(draw=draw, case__sampled__isnull=False).exists():
            actions.confirm_sample(draw=draw, by=team[role])
            pages = [page for page in pages if page[1] != "prepare_draw"]
    client = signed_in(team["administrator"])
    for name in ("final_sample", "final_sample_file"):
        with django_assert_max_num_queries(8):
            assert client.get(address(team, name, draw.public_id)).status_code == 200


def test_a_receipt_is_a_file_that_anyone_can_read(team: Any, drawn: Callable[..., Draw], signed_in: Client_of) -> None:
    draw = drawn()
    answer = signed_in(team["administrator"]).get(address(team, "draw_receipt", draw.public_id))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="domain-two-receipt.json"'
    assert json.loads(answer.content)["seed"] == "00" * 32


def test_a_prison_of_which_nothing_was_drawn_is_named(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    case_list = specification("through-the-gate")
    rows = table(case_list, 60)
    rows[1][[column.id for column in case_list.columns].index("prison")] = "HMP Lonely"
    draw = drawn(4, 2, rows, "through-the-gate")
    page = text(signed_in(team["lead-inspector"]).get(address(team, "draw", draw.public_id)))
    assert "Nothing was drawn of HMP Lonely, and the sample is to hold every one." in page


def test_a_look_at_the_cases_of_a_sample_leaves_a_line(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn()
    signed_in(team["lead-inspector"]).get(address(team, "drawn_cases", draw.public_id))
    signed_in(team["link-manager"]).get(address(team, "mark_exclusions", draw.public_id))
    looks = Entry.objects.filter(chain=team.inspection.chain, kind="look").order_by("number")
    assert [(one.actor, one.summary) for one in looks] == [
        (team["lead-inspector"].email, "Looked at the cases of a draw"),
        (team["link-manager"].email, "Looked at the provisional sample"),
    ]


@pytest.mark.parametrize(
    ("role", "allowed"), [("lead-inspector", False), ("link-manager", False), ("administrator", True)]
)
def test_only_the_administrator_draws(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of, role: str, allowed: bool
) -> None:
    accepted()
    status = signed_in(team[role]).get(address(team, "prepare_draw", "domain-two")).status_code
    assert (status == 200) is allowed
    assert status in (200, 404)
