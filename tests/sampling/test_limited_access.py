"""Chapter 4.4e: limited-access cases are seen by named readers and the body that gave them, and by nobody else."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inspectorate.audit.models import Entry
from inspectorate.fieldwork import actions as fieldwork
from inspectorate.sampling import actions, limited
from inspectorate.sampling.models import Draw, LimitedReader, ListedCase, LongList, SampledCase
from inspectorate.scheduling import actions as scheduling
from tests.sampling.conftest import specification, table

Client_of = Callable[[Any], Client]
SECRET = "Zqsecret"


def address(team: Any, name: str, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return " ".join(content.decode(errors="replace").split())


def with_secret(count: int = 20, row: int = 3, said: Any = "Yes", name: str = "domain-two") -> list[list[Any]]:
    """A list whose case on this sheet row is limited, under a reference and a name that give it away."""
    rows, places = table(specification(name), count), [one.id for one in specification(name).columns]
    cells = {"reference": f"{SECRET}1", "name": f"{SECRET}, Person", "limited-access": said}
    for column, value in cells.items():
        rows[row - 1][places.index(column)] = value
    return rows


def afresh(user: Any) -> Any:
    """The person as the next request finds them."""
    return type(user).objects.get(pk=user.pk)


def reader(team: Any, role: str) -> LimitedReader:
    return actions.name_limited_reader(
        inspection=team.inspection, reader=team[role], reason="Takes the case", by=team["lead-inspector"]
    )


@pytest.mark.parametrize(("said", "limits"), [("Yes", True), ("y", True), ("No", False), (None, False)])
def test_a_case_is_limited_where_its_row_says_so(accepted: Callable[..., LongList], said: Any, limits: bool) -> None:
    found = accepted(with_secret(said=said))
    assert list(found.cases.filter(limited=True).values_list("row", flat=True)) == ([3] if limits else [])


def test_the_lists_of_cases_show_it_to_named_readers_and_the_body_only(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = accepted(with_secret())
    path = address(team, "listed_cases", found.public_id)
    for role in ("lead-inspector", "deputy-lead-inspector", "administrator"):
        page = text(signed_in(team[role]).get(path))
        assert SECRET not in page
        assert page.count("Limited-access case") == 2 + (role == "lead-inspector")
        assert "X100004" in page
    assert SECRET in text(signed_in(team["link-manager"]).get(path))
    named = reader(team, "administrator")
    assert SECRET in text(signed_in(team["administrator"]).get(path))
    assert SECRET not in text(signed_in(team["lead-inspector"]).get(path))
    actions.end_limited_reader(named=named, by=team["lead-inspector"])
    assert SECRET not in text(signed_in(team["administrator"]).get(path))


def test_counts_stay_whole(team: Any, accepted: Callable[..., LongList], signed_in: Client_of) -> None:
    found = accepted(with_secret())
    page = text(signed_in(team["administrator"]).get(address(team, "long_list", found.public_id)))
    assert "20" in page
    assert sum(count for *_, count in found.cells) == 20


def test_a_draw_its_files_and_its_receipt_cover_it(team: Any, drawn: Callable[..., Draw], signed_in: Client_of) -> None:
    draw = drawn(20, 0, rows=with_secret())
    administrator, body = signed_in(team["administrator"]), signed_in(team["link-manager"])
    for name in ("drawn_cases", "draw_receipt"):
        page = text(administrator.get(address(team, name, draw.public_id)))
        assert SECRET not in page
        assert limited.VEIL in page
    assert SECRET in text(body.get(address(team, "mark_exclusions", draw.public_id)))
    receipt = json.loads(administrator.get(address(team, "draw_receipt", draw.public_id)).content)
    assert len(receipt["selected"]) == 20
    assert receipt["seed"] == draw.seed
    page = text(administrator.post(address(team, "verify_draw", draw.public_id)))
    assert "gives the same cases" in page
    finish(team, draw)
    for name in ("final_sample", "final_sample_file"):
        assert SECRET not in text(administrator.get(address(team, name, draw.public_id)))
        assert SECRET in text(body.get(address(team, name, draw.public_id)))
    reader(team, "administrator")
    for name in ("drawn_cases", "draw_receipt", "final_sample", "final_sample_file"):
        assert SECRET in text(administrator.get(address(team, name, draw.public_id)))


def finish(team: Any, draw: Draw) -> None:
    actions.return_sample(draw=draw, by=team["link-manager"])
    for role in ("administrator", "lead-inspector"):
        actions.confirm_sample(draw=draw, by=team[role])


def test_a_fault_found_by_verifying_does_not_name_it(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(20, 0, rows=with_secret())
    case = ListedCase.objects.get(limited=True)
    case.facts["gender"] = {"male": "female", "female": "male"}[case.facts["gender"]]
    case.save()
    page = text(signed_in(team["administrator"]).post(address(team, "verify_draw", draw.public_id)))
    assert "do not agree" in page
    assert limited.VEIL in page
    assert SECRET not in page


def test_the_body_marks_a_drawn_case_as_limited_and_takes_the_mark_away(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(12, 8, rows=with_secret(said=None))
    reference = f"{SECRET}1"
    administrator = signed_in(team["administrator"])
    path = address(team, "drawn_cases", draw.public_id)
    for reason, hidden in (("limited-access", True), ("transferred", False), ("limited-access", True), ("", False)):
        actions.mark_exclusions(draw=draw, marks={reference: (reason, SECRET)}, by=team["link-manager"])
        assert ListedCase.objects.get(reference=reference).limited is hidden
        assert (SECRET in text(administrator.get(path))) is not hidden


def test_it_is_limited_on_every_list_and_in_every_later_version(team: Any, accepted: Callable[..., LongList]) -> None:
    first = accepted(with_secret(said=None, name="unpaid-work"), "unpaid-work")
    assert not first.cases.filter(limited=True).exists()
    accepted(with_secret())
    assert first.cases.get(limited=True).reference == f"{SECRET}1"
    later = accepted(with_secret(said=None, row=9))
    assert later.cases.get(limited=True).row == 9


def test_faults_and_the_file_as_sent_do_not_give_it_away_before_it_is_accepted(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = with_secret()
    rows[2][3] = f"{SECRET} gender"
    rows[4][3] = "Plain fault"
    found = given(rows)
    file = address(team, "document", found.document.public_id)
    for role, sees in (("administrator", False), ("link-manager", True)):
        client = signed_in(team[role])
        for name in ("long_list", "long_list_faults"):
            page = text(client.get(address(team, name, found.public_id)))
            assert (SECRET in page) is sees
            assert "Plain fault" in page
        assert client.get(file).status_code == (200 if sees else 404)
    reader(team, "administrator")
    assert signed_in(team["administrator"]).get(file).status_code == 200


def test_an_answer_that_nobody_understands_covers_the_case_until_it_is_clear(
    team: Any, given: Callable[..., LongList], signed_in: Client_of
) -> None:
    rows = with_secret(said="perhaps")
    rows[2][3] = f"{SECRET} gender"
    page = text(signed_in(team["administrator"]).get(address(team, "long_list", given(rows).public_id)))
    assert "Limited access" in page
    assert SECRET not in page


def test_a_file_is_open_as_before_where_no_case_is_limited(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of
) -> None:
    found = accepted(with_secret(said="No"))
    file = address(team, "document", found.document.public_id)
    assert signed_in(team["administrator"]).get(file).status_code == 200


@pytest.fixture
def cases(team: Any, sampled: Callable[..., list[SampledCase]]) -> list[SampledCase]:
    made = sampled(team, "domain-two", 4)
    ListedCase.objects.filter(pk=made[0].case_id).update(limited=True, facts={**made[0].case.facts, "office": SECRET})
    return list(SampledCase.objects.select_related("case", "inspection").order_by("number"))


def test_it_is_allocated_to_named_readers_only(team: Any, cases: list[SampledCase], signed_in: Client_of) -> None:
    deputy = signed_in(team["deputy-lead-inspector"])
    page = text(deputy.post(address(team, "allocate_cases"), follow=True))
    assert "1 of them are limited-access cases." in page
    assert "the lead inspector names those who take cases" in page
    assert [case.allocations.count() for case in cases] == [0, 1, 1, 1]
    assert SECRET not in page
    with pytest.raises(scheduling.MayNotTake, match="no named reader of limited-access cases"):
        scheduling.reallocate_case(
            case=cases[0], to=team["assistant-inspector"], reason="", by=team["deputy-lead-inspector"]
        )
    reader(team, "assistant-inspector")
    deputy.post(address(team, "allocate_cases"))
    assert cases[0].allocations.get().inspector == team["assistant-inspector"]


def test_a_judged_case_is_opened_by_its_readers_only(team: Any, cases: list[SampledCase], signed_in: Client_of) -> None:
    case, named = cases[0], reader(team, "assistant-inspector")
    inspector = signed_in(team["assistant-inspector"])
    scheduling.reallocate_case(case=case, to=team["assistant-inspector"], reason="", by=team["lead-inspector"])
    fieldwork.save_answer(case=case, field="2.1.1:note", value=SECRET, seen=0, by=afresh(team["assistant-inspector"]))
    path = address(team, "case", case.public_id)
    assert SECRET in text(inspector.get(path))
    for role in ("lead-inspector", "deputy-lead-inspector", "data-team", "head-of-inspection"):
        client = signed_in(team[role])
        page = text(client.get(path))
        assert "Only the people whom the lead inspector has named" in page
        assert SECRET not in page + text(client.get(address(team, "cases")))
    actions.end_limited_reader(named=named, by=team["lead-inspector"])
    assert SECRET not in text(inspector.get(path))
    with pytest.raises(fieldwork.NotAllocated):
        fieldwork.save_answer(case=case, field="2.1.1:note", value="", seen=1, by=afresh(team["assistant-inspector"]))


def test_the_lead_names_and_ends_readers_with_a_reason(team: Any, signed_in: Client_of) -> None:
    lead = signed_in(team["lead-inspector"])
    path = address(team, "limited_readers")
    page = text(lead.get(path))
    assert "Nobody is named." in page
    assert lead.post(path, {"reader": team["administrator"].pk, "reason": " "}).status_code == 422
    assert lead.post(path, {"reader": team["link-manager"].pk, "reason": "Why not"}).status_code == 422
    page = text(lead.post(path, {"reader": team["administrator"].pk, "reason": "Makes the schedule"}, follow=True))
    assert "Makes the schedule" in page
    assert f"{team['administrator'].name} is a named reader now." in page
    named = LimitedReader.objects.get()
    with pytest.raises(actions.CannotRead, match="already"):
        reader(team, "administrator")
    page = text(lead.post(address(team, "end_limited_reader", named.pk), follow=True))
    assert "Earlier readers" in page
    with pytest.raises(actions.CannotRead, match="any more"):
        actions.end_limited_reader(named=named, by=team["lead-inspector"])
    assert list(
        Entry.objects.filter(action__endswith="limited_reader").order_by("number").values_list("action", flat=True)
    ) == ["name_limited_reader", "end_limited_reader"]


@pytest.mark.parametrize("role", ["link-manager", "head-of-methodology", "external-editor"])
def test_who_sees_no_names_cannot_be_named(team: Any, role: str) -> None:
    with pytest.raises(actions.CannotRead, match="sees no names and references"):
        reader(team, role)


def test_only_the_lead_names_readers(team: Any, signed_in: Client_of) -> None:
    for role in ("deputy-lead-inspector", "administrator", "link-manager", "assistant-inspector"):
        assert signed_in(team[role]).get(address(team, "limited_readers")).status_code == 404


def test_a_reader_who_leaves_the_team_reads_no_more(team: Any, accepted: Callable[..., LongList]) -> None:
    accepted(with_secret())
    reader(team, "administrator")
    assert limited.may_read(afresh(team["administrator"]), team.inspection)
    team.inspection.memberships.filter(user=team["administrator"]).update(ended_at="2019-04-12T08:00:00Z")
    assert not limited.may_read(afresh(team["administrator"]), team.inspection)


def test_pages_with_a_limited_case_ask_the_database_little(
    team: Any, accepted: Callable[..., LongList], signed_in: Client_of, django_assert_max_num_queries: Any
) -> None:
    found = accepted(with_secret(600))
    client = signed_in(team["administrator"])
    for name, args in (("listed_cases", [found.public_id]), ("long_list", [found.public_id])):
        client.get(address(team, name, *args))
        with django_assert_max_num_queries(8):
            client.get(address(team, name, *args))
    lead = signed_in(team["lead-inspector"])
    lead.get(address(team, "limited_readers"))
    with django_assert_max_num_queries(8):
        assert "Domain two: case supervision: 1 limited-access case" in text(lead.get(address(team, "limited_readers")))
