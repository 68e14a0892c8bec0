"""Chapter 4.4: what a draw is made from is shown before its seed exists, and either side can make the draw again."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inspectorate.audit.models import Entry
from inspectorate.command_line import main
from inspectorate.sampling import actions, samples
from inspectorate.sampling.models import Draw, DrawInputs, ListedCase, LongList
from tests.sampling.conftest import as_csv, as_xlsx, draw_now, specification, table
from tests.sampling.test_lists_pages import address, text

Client_of = Callable[[Any], Client]
At = Callable[[datetime], None]
THROWS = "31526 46132 51164 35261 42365 12643 15264 13625 41625 34162 53"
AFTER = datetime(2019, 6, 24, 9)


@pytest.fixture
def prepared(team: Any, accepted: Callable[..., LongList]) -> DrawInputs:
    return actions.prepare_draw(long_list=accepted(), size=12, substitutes=8, by=team["administrator"])


def test_both_sides_see_the_digest_before_there_is_a_seed(
    team: Any, prepared: DrawInputs, signed_in: Client_of, django_capture_on_commit_callbacks: Any
) -> None:
    written = json.dumps(prepared.inputs, ensure_ascii=False, separators=(",", ":"))
    assert prepared.digest == hashlib.sha256(written.encode()).hexdigest()
    assert Draw.objects.count() == 0
    for role in ("administrator", "lead-inspector"):
        page = text(signed_in(team[role]).get(address(team, "prepared_draw", prepared.public_id)))
        assert prepared.digest in page
        assert prepared.long_list.digest in page
        assert "12 cases and 8 substitutes from 60 cases" in page
        assert "no seed exists" in page
        assert ("Draw the sample" in page) == (role == "administrator")
    body = signed_in(team["link-manager"])
    page = text(body.get(address(team, "draw_log", "domain-two")))
    assert prepared.digest in page
    assert "9am on Friday 12 April 2019" in page
    assert "Not drawn yet" in page
    assert "12 cases" not in page
    assert body.get(address(team, "prepared_draw", prepared.public_id)).status_code == 404
    assert body.post(address(team, "draw_sample", prepared.public_id)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        actions.prepare_draw(long_list=prepared.long_list, size=9, substitutes=1, by=team["administrator"], reason="No")
    assert "digest of a draw that is about to be made" in mail.outbox[-1].subject


def test_a_prepared_draw_is_drawn_once(team: Any, prepared: DrawInputs, signed_in: Client_of) -> None:
    client = signed_in(team["administrator"])
    here = address(team, "draw_sample", prepared.public_id)
    client.post(here, {"seed_from": "system"})
    draw = Draw.objects.get()
    assert (draw.inputs, draw.seed_from, draw.dice) == (prepared, "system", "")
    assert draw.receipt["inputs"] == {"digest": prepared.digest, "at": prepared.at.isoformat()}
    again = client.post(here, {"seed_from": "system"})
    assert again.status_code == 422
    assert "This draw was made already" in text(again)
    assert Draw.objects.count() == 1
    assert Entry.objects.filter(action="prepare_draw").count() == 1


def test_of_ten_prepared_draws_only_the_newest_is_drawn_and_all_stay_visible(
    team: Any, prepared: DrawInputs, signed_in: Client_of
) -> None:
    with pytest.raises(actions.ReasonNeeded):
        actions.prepare_draw(long_list=prepared.long_list, size=12, substitutes=8, by=team["administrator"])
    later = [
        actions.prepare_draw(
            long_list=prepared.long_list, size=12, substitutes=8, by=team["administrator"], reason=f"Why {number}"
        )
        for number in range(9)
    ]
    with pytest.raises(actions.OldInputs, match="prepared since"):
        actions.draw_sample(inputs=prepared, by=team["administrator"])
    actions.draw_sample(inputs=later[-1], by=team["administrator"])
    page = text(signed_in(team["link-manager"]).get(address(team, "draw_log", "domain-two")))
    assert page.count("Never drawn: another was prepared after it") == 9
    assert page.count("from a seed made by the system") == 1
    assert "Why 3" in text(signed_in(team["lead-inspector"]).get(address(team, "draw_log", "domain-two")))


def test_a_new_version_of_the_list_makes_what_was_prepared_old(
    team: Any, prepared: DrawInputs, accepted: Callable[..., LongList]
) -> None:
    accepted(table(specification(), 61))
    with pytest.raises(actions.OldInputs, match="Another version of the long list"):
        actions.draw_sample(inputs=prepared, by=team["administrator"])


def test_cases_that_are_not_those_accepted_are_not_drawn_from(team: Any, prepared: DrawInputs) -> None:
    case = ListedCase.objects.get(reference="X100007")
    case.facts = case.facts | {"rosh": "very-high"}
    case.save()
    with pytest.raises(actions.ListChanged):
        actions.draw_sample(inputs=prepared, by=team["administrator"])
    assert Draw.objects.count() == 0


def test_dice_thrown_in_public_make_the_seed(team: Any, prepared: DrawInputs, signed_in: Client_of) -> None:
    client = signed_in(team["administrator"])
    here = address(team, "draw_sample", prepared.public_id)
    page = text(client.get(address(team, "prepared_draw", prepared.public_id)))
    assert "at least 50 throws" in page
    for throws, says in (
        ("", "Enter the throws of the dice"),
        ("1234", "These are 4 throws; 50 are needed. Throw 46 more."),
        ("6" * 60, "in a row"),
        (THROWS.replace("6", "7"), "is no throw"),
    ):
        answer = client.post(here, {"seed_from": "dice", "throws": throws})
        assert answer.status_code == 422
        assert says in text(answer)
    assert Draw.objects.count() == 0
    page = text(client.post(here, {"seed_from": "dice", "throws": THROWS}, follow=True))
    digits = THROWS.replace(" ", "")
    assert digits in page
    draw = Draw.objects.get()
    assert (draw.seed_from, draw.dice) == ("dice", digits)
    assert draw.seed == hashlib.sha256(digits.encode()).hexdigest()
    assert "gives the same cases" in text(client.post(address(team, "verify_draw", draw.public_id)))


def test_the_body_checks_the_draw_with_its_own_copy_once_fieldwork_is_over(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, at: At, tmp_path: Path, capsys: Any
) -> None:
    draw, body = drawn(), signed_in(team["link-manager"])
    for name in ("check_draw", "own_receipt"):
        assert body.get(address(team, name, draw.public_id)).status_code == 404
    assert "Monday 24 June 2019" in text(body.get(address(team, "draw_log", "domain-two")))
    at(datetime(2019, 6, 23, 23))
    assert body.get(address(team, "check_draw", draw.public_id)).status_code == 404
    at(AFTER)
    assert "Check this draw" in text(body.get(address(team, "draw_log", "domain-two")))
    asked = text(body.get(address(team, "check_draw", draw.public_id)))
    assert "Choose the long list as you have it" in asked
    assert "There is a problem" not in asked
    receipt = body.get(address(team, "own_receipt", draw.public_id)).content
    own = table(specification(), 60)
    for copy in (as_xlsx(own), as_csv([own[0], *own[:0:-1]])):
        given = {"copy": copy, "upload": SimpleUploadedFile("receipt.json", receipt)}
        page = text(body.post(address(team, "check_draw", draw.public_id), given))
        assert "The draw was made again from 60 cases of your copy and gives the same cases" in page
    own[8][own[0].index("RoSH level")] = "Very high"
    page = text(body.post(address(team, "check_draw", draw.public_id), {"copy": as_xlsx(own)}))
    assert "The receipt and your copy of the list do not agree." in page
    assert "Case X100007 is not as it was when the draw was made." in page
    assert "Looked at the proof of a draw" in Entry.objects.filter(kind="look").latest("pk").summary
    (tmp_path / "receipt.json").write_bytes(receipt)
    (tmp_path / "own.csv").write_bytes(as_csv(table(specification(), 60)).read())
    assert main(["verify", str(tmp_path / "receipt.json"), str(tmp_path / "own.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"] is True


def test_a_copy_that_cannot_be_read_is_said_where(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of, at: At
) -> None:
    draw = drawn()
    at(AFTER)
    body, here = signed_in(team["link-manager"]), address(team, "check_draw", draw.public_id)
    wrong = table(specification(), 60)
    wrong[3][wrong[0].index("RoSH level")] = "Middling"
    for given, says in (
        ({}, "Choose a file"),
        ({"copy": SimpleUploadedFile("list.txt", b"x")}, "must end in .xlsx or .csv"),
        ({"copy": SimpleUploadedFile("list.xlsx", b"x")}, "is not a .xlsx file"),
        ({"copy": SimpleUploadedFile("list.csv", b"")}, "The file is empty"),
        ({"copy": as_xlsx([["Nothing", "here"], [1, 2]])}, "No row with headers was found"),
        ({"copy": as_xlsx(wrong)}, "row 4, RoSH level"),
        ({"copy": as_xlsx(table(specification(), 60)), "upload": SimpleUploadedFile("a.json", b"[]")}, "not a receipt"),
    ):
        page = text(body.post(here, given))
        assert "There is a problem" in page
        assert says in page
        assert "gives the same cases" not in page


def test_a_receipt_that_was_made_up_to_agree_with_itself_is_not_the_one_that_was_announced(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    first = drawn()
    other = draw_now(first.long_list, 12, 7, by=team["administrator"], seed=b"\1" * 32, reason="Another")
    client = signed_in(team["lead-inspector"])
    upload = SimpleUploadedFile("receipt.json", json.dumps(other.receipt).encode())
    page = text(client.post(address(team, "verify_draw", first.public_id), {"upload": upload}))
    assert "does not hold the digest and the time that were shown before this draw" in page
    assert "another seed" in page
    assert other.receipt["seed_from"] == "given"
    assert "Given beforehand" in text(client.get(address(team, "draw", other.public_id)))
    assert "from a seed given beforehand" in text(client.get(address(team, "draw_log", "domain-two")))


def test_the_inspectorate_verifies_with_a_copy_and_from_some_units(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    draw = drawn(10, 4, units=[("North", "Team 00"), ("South", "Team 10")], units_reason="Far away")
    client, here = signed_in(team["lead-inspector"]), address(team, "verify_draw", draw.public_id)
    assert "gives the same cases" not in text(client.get(here))
    for given in ({}, {"copy": as_xlsx(table(specification(), 60))}):
        assert "gives the same cases" in text(client.post(here, given))
    gone = as_xlsx(table(specification(), 59))
    assert "Rows that were on the list when the draw was made and are not now: 1" in text(
        client.post(here, {"copy": gone})
    )


def test_a_receipt_of_the_first_form_that_is_kept_still_verifies(
    team: Any, drawn: Callable[..., Draw], signed_in: Client_of
) -> None:
    """As a draw from some units was kept before draws were prepared."""
    draw = drawn(10, 4, units=[("North", "Team 00")], units_reason="Far away")
    rows = {hashlib.sha256(json.dumps(one, separators=(",", ":")).encode()).hexdigest() for one in references(draw)}
    old = {key: value for key, value in draw.receipt.items() if key not in ("units", "inputs", "seed_from", "throws")}
    kept = [row for row in old["list"]["rows"] if row[0] in rows]
    whole = hashlib.sha256(json.dumps([row[1] for row in kept], separators=(",", ":")).encode()).hexdigest()
    old |= {"form": 1, "list": {"id": "domain-two", "digest": whole, "rows": kept}}
    Draw.objects.filter(pk=draw.pk).update(receipt=old, inputs=None)
    client = signed_in(team["lead-inspector"])
    assert "gives the same cases" in text(client.post(address(team, "verify_draw", draw.public_id)))
    assert "Not prepared beforehand" in text(client.get(address(team, "draw_log", "domain-two")))


def references(draw: Draw) -> list[str]:
    """References of every case of the first team."""
    return [case.reference for case in samples.cases_of(specification(), draw.long_list, [("North", "Team 00")])]
