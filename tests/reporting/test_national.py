"""Results put together: nothing of an inspection before its report, nobody betrayed by a difference, a gate."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.audit.models import Entry
from inspectorate.reporting import national, national_actions
from inspectorate.reporting.models import Edition
from tests.reporting.made import Made, office

TODAY = datetime(2019, 12, 2, 10)
OUT = date(2019, 9, 16)
MOST_QUERIES = 8
CHANGING = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def made(person: Callable[..., User], at: Callable[[datetime], None]) -> Made:
    at(TODAY)
    return Made(person("Maker"))


@pytest.fixture
def browser(person: Callable[..., User], signed_in: Callable[[User], Client]) -> Callable[[str], Client]:
    """`browser("data-team")` is that of somebody with this office."""
    kept: dict[str, Client] = {}

    def of(role: str) -> Client:
        if role not in kept:
            kept[role] = signed_in(office(person(f"The {role}"), role))
        return kept[role]

    return of


def publish(by: User, *, everybody: bool = False) -> Edition:
    seen = national.prepare(2019, everybody=everybody).digest
    return national_actions.publish_edition(year=2019, everybody=everybody, seen=seen, by=by)


def page(client: Client, name: str, *args: Any, **asked: Any) -> str:
    answer = client.get(reverse(name, args=args), {"year": 2019, **asked})
    assert answer.status_code == 200
    return " ".join(CHANGING.sub("", answer.content.decode()).split())


def test_an_edition_holds_published_inspections_alone(made: Made, browser: Callable[[str], Client]) -> None:
    made.several(3, published=OUT)
    made.several(3, rating="inadequate", counts={"2.1.1": (1, 50)})
    edition = publish(made.by)
    assert [(q, yes, n) for _, q, yes, n in edition.cells if q == "2.1.1"] == [("2.1.1", 90, 150)]
    assert {tuple(counts) for *_, counts in edition.ratings} == {(0, 0, 3, 0)}
    text = page(browser("communications"), "national")
    assert "Body 1, Body 2 and Body 3" in text
    assert "Body 4" not in text
    assert "60%" in text


def test_nobody_without_clearance_sees_that_a_panel_has_decided(made: Made, browser: Callable[[str], Client]) -> None:
    made.several(3, published=OUT)
    publish(made.by)
    reader = browser("communications")
    before = page(reader, "national")
    made.several(4, rating="outstanding", counts={"2.1.1": (50, 50)})
    assert page(reader, "national") == before
    assert [reader.get(reverse(name)).status_code for name in ("national_all", "prepare_edition")] == [404, 404]
    assert reader.post(reverse("publish_edition")).status_code == 404


def test_those_with_clearance_see_everything_with_the_embargoed_marked(
    made: Made, browser: Callable[[str], Client]
) -> None:
    made.several(2, published=OUT)
    made.decided("NPS", rating="inadequate", counts={"2.1.1": (3, 50)})
    text = page(browser("chief-inspector"), "national_all")
    assert "These figures hold 1 embargoed inspection." in text
    assert 'Body 3</th><td class="govuk-table__cell">NPS</td>' in text
    assert "42%" in text, "63 of 150, not rounded"
    assert "Embargoed" not in page(browser("chief-inspector"), "national_all", kind="CRC")


@pytest.mark.parametrize(
    ("published", "told"), [(None, "not recorded"), (date(2019, 12, 3), "recorded, and its day not reached")]
)
def test_a_report_counts_from_its_day_on_and_when_it_is_recorded(
    published: date | None, told: str, made: Made, at: Callable[[datetime], None]
) -> None:
    made.several(2, published=OUT)
    last = made.decided(published=published)
    last.events.update(done_at=datetime(2019, 11, 1, tzinfo=TODAY.astimezone().tzinfo) if published else None)
    at(datetime(2019, 12, 2, 23, 59, 59))
    assert not national.prepare(2019).new, told
    at(datetime(2019, 12, 3))
    assert national.prepare(2019).new == bool(published)


def test_one_or_two_new_bodies_wait_for_the_next_edition(made: Made, browser: Callable[[str], Client]) -> None:
    made.several(4, published=OUT)
    made.several(3, "NPS", published=OUT)
    publish(made.by)
    made.several(2, published=OUT)
    with pytest.raises(national_actions.NothingNew):
        publish(made.by)
    assert "These wait: Body 8 and Body 9." in page(browser("data-team"), "prepare_edition")
    made.decided(published=OUT)
    assert len(publish(made.by).covers["CRC"]) == 7


def test_the_gate_is_set_aside_by_two_others_with_reasons_that_stay_visible(
    made: Made, browser: Callable[[str], Client]
) -> None:
    made.decided(published=OUT)
    data, strategy, method = (browser(role) for role in ("data-team", "director-of-strategy", "head-of-methodology"))
    seen = national.prepare(2019, everybody=True).digest
    sent = {"year": 2019, "everybody": "1", "seen": seen}
    assert "covers too few bodies" in page(data, "prepare_edition", everybody=1)
    assert "0 of 2 have signed" in data.post(reverse("publish_edition"), sent).content.decode()
    assert data.post(reverse("sign_override"), sent | {"reason": "Because"}).status_code == 404
    assert strategy.post(reverse("sign_override"), sent | {"reason": " "}).status_code == 200
    assert strategy.post(reverse("sign_override"), sent | {"reason": "The only one of the year"}).status_code == 302
    again = strategy.post(reverse("sign_override"), sent | {"reason": "Once more"}).content.decode()
    assert "You have signed for this edition already" in again
    assert "1 of 2 have signed" in data.post(reverse("publish_edition"), sent).content.decode()
    assert method.post(reverse("sign_override"), sent | {"reason": "Ministers asked"}).status_code == 302
    assert data.post(reverse("publish_edition"), sent).status_code == 302
    text = page(browser("communications"), "national")
    assert "Published against the disclosure gate" in text
    assert "The only one of the year" in text
    assert "Ministers asked" in text
    done = list(Entry.objects.filter(action__in=("sign_override", "publish_edition")).values_list("action", flat=True))
    assert done == ["sign_override", "sign_override", "publish_edition"]


def test_a_signature_counts_for_exactly_what_was_seen(made: Made, browser: Callable[[str], Client]) -> None:
    made.decided(published=OUT)
    seen = national.prepare(2019, everybody=True).digest
    made.decided(published=OUT)
    answer = browser("director-of-strategy").post(
        reverse("sign_override"), {"year": 2019, "everybody": "1", "seen": seen, "reason": "Because"}
    )
    assert "The results have changed since this page was opened." in answer.content.decode()


def test_an_edition_against_the_gate_does_not_bar_the_next_one(made: Made, person: Callable[..., User]) -> None:
    made.decided(published=OUT)
    seen = national.prepare(2019, everybody=True).digest
    for _ in range(2):
        national_actions.sign_override(year=2019, everybody=True, seen=seen, reason="Because", by=person())
    publish(made.by, everybody=True)
    made.several(3, published=OUT)
    assert publish(made.by).leaks == []


def test_a_published_edition_cannot_be_changed_or_deleted(made: Made) -> None:
    made.several(3, published=OUT)
    edition = publish(made.by)
    for change in (lambda: Edition.objects.update(number=9), edition.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_small_numbers_are_hidden_and_sums_say_so(made: Made, browser: Callable[[str], Client]) -> None:
    made.several(3, published=OUT, counts={"2.1.1": (48, 50), "2.1.2": (1, 3)})
    publish(made.by)
    text = page(browser("communications"), "national")
    assert "without 2 hidden figures" in text
    assert "Hidden" in text
    assert "144" not in text
    assert "96%" not in text


def pages_of_national(edition: Edition) -> Iterator[tuple[str, tuple[Any, ...]]]:
    yield from (("national", ()), ("national_all", ()), ("prepare_edition", ()))
    yield "national_edition", (edition.public_id,)


def test_pages_take_few_queries_however_many_inspections(
    made: Made, browser: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    made.several(3, published=OUT)
    edition = publish(made.by)
    client, used = browser("data-team"), []
    for _ in range(2):
        for name, args in pages_of_national(edition):
            with django_assert_max_num_queries(MOST_QUERIES) as counted:
                page(client, name, *args)
            used.append(len(counted))
        made.several(9, published=OUT)
    assert used[:4] == used[4:]
