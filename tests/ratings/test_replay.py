"""Framework replay and consistency: past inspections under other figures and beside one another, and who sees which.

Seen to fail with every decision shown to everybody who may compare, with data signed that the panel did not decide on,
and with ratings shown of those inspections only that were read so far.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspectorate.audit.models import Entry
from inspectorate.fieldwork.models import Answer
from inspectorate.methodology.standards import Rating
from inspectorate.programme.models import Membership, PlannedEvent
from inspectorate.ratings import actions, consistency_views, past
from inspectorate.ratings.models import Decision, Panel
from tests.ratings.conftest import Inspected

Decided = Callable[..., Inspected]
# Every figure as in the pack; a test changes some.
AS_IS = {
    "least-requires-improvement": 50, "least-good": 65, "least-outstanding": 80, "rounding": "half_up_then_band",
    "rule": "lowest", "total-requires-improvement": 6, "total-good": 16, "total-outstanding": 26, "question": "",
    "out": "nothing",
}  # fmt: skip
REPLAY, CONSISTENCY = "/programme/replay/", "/programme/consistency/"


@pytest.fixture
def two(decided: Decided) -> tuple[Inspected, Inspected]:
    """Two bodies of one kind: the first has one key question at 13 of 20 (65%), the second answers yes throughout."""
    first = decided(yes={"2.1.3": 13}, rosh={0: "low", 1: "low", 19: "low"})
    return first, decided(fieldwork=date(2019, 9, 2))


def page(client: Any, path: str, **changes: Any) -> str:
    answer = client.get(path, changes)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_nothing_changed_moves_nobody_and_something_says_who_and_why(two: Any, signed_in: Any) -> None:
    first, second = two
    client = signed_in(first["head-of-methodology"])
    assert "2 inspections are decided and can be rated again" in page(client, REPLAY)
    assert "0 of 2" in page(client, REPLAY, **AS_IS)
    text = page(client, REPLAY, **(AS_IS | {"least-good": 66}))
    assert "1 of 2" in text
    assert "2.1.3 Keeping others safe: 65% of 20; Good before, Requires improvement now" in text
    assert text.index(str(first.inspection.body)) < text.index(str(second.inspection.body))


def test_another_sub_sample_counts_other_cases(two: Any, signed_in: Any) -> None:
    client = signed_in(two[0]["director-of-operations"])
    text = page(client, REPLAY, **(AS_IS | {"question": "2.1.3", "out": "rosh_judged=low", "least-good": 65}))
    # Two of the thirteen yes and one of the seven no were judged low: 11 of 17.
    assert "65% of 20 before, 64.7% of 17 now" not in text
    text = page(client, REPLAY, **(AS_IS | {"question": "2.1.3", "out": "rosh_judged=low", "least-good": 65,
                                            "rounding": "unrounded_thresholds"}))  # fmt: skip
    assert "65% of 20 before, 64.7% of 17 now; Good before, Requires improvement now" in text
    switched = page(client, REPLAY, settings="assessment-safety-leaves-out-low-rosh", **(AS_IS | {"least-good": 65,
                    "rounding": "floor_then_band"}))  # fmt: skip
    assert "64.7% of 17 now" in switched


def test_a_fact_that_was_not_recorded_is_told(two: Any, signed_in: Any) -> None:
    text = page(
        signed_in(two[0]["head-of-standards"]), REPLAY, **(AS_IS | {"question": "2.4.1", "out": "review_due=no"})
    )
    assert "2.4.1 Compliance and engagement: 40 cases stay in the sub-sample (CRC)" in text


def test_the_overall_rating_and_its_totals(two: Any, signed_in: Any) -> None:
    text = page(signed_in(two[0]["head-of-inspection"]), REPLAY, **(AS_IS | {"total-outstanding": 27}))
    assert "The points stay the same" in text
    text = page(signed_in(two[0]["head-of-inspection"]), REPLAY, **(AS_IS | {"rule": "middle"}))
    assert "The way from key questions to the standard is another one." in text


def test_figures_that_cannot_be_are_refused_in_words(two: Any, signed_in: Any) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"least-good": 50}, "Good has to begin above 50"),
        ({"total-outstanding": 31}, "30"),
        ({"least-good": ""}, "Enter the good from"),
        ({"rounding": "sideways"}, "Select"),
        ({"question": "9.9.9"}, "9.9.9"),
    ]
    for changes, said in refused:
        text = page(signed_in(two[0]["director-of-operations"]), REPLAY, **(AS_IS | changes))
        assert "There is a problem" in text, changes
        assert said in text


def test_nothing_is_kept_and_what_the_panel_decided_on_is_rated_again(two: Any, signed_in: Any) -> None:
    first, second = two
    client = signed_in(first["director-of-operations"])
    before = Entry.objects.count(), list(Decision.objects.values_list("result", "total"))
    Answer.objects.filter(assessment__case__inspection=first.inspection, field="2.1.1").update(value="no")
    text = page(client, REPLAY, **(AS_IS | {"least-good": 66}))
    assert "1 of 2" in text, "answers changed behind the decision: the signed data still hold those of the panel"
    assert (Entry.objects.count(), list(Decision.objects.values_list("result", "total"))) == before
    other = Decision.objects.get(panel__inspection=second.inspection)
    Decision.objects.filter(pk=other.pk).update(result=other.result | {"digest": "0" * 64})
    past._words.clear()
    past._locked.clear()
    text = page(client, REPLAY, **(AS_IS | {"least-good": 66}))
    assert f"on which the panel decided: {second.inspection.body}" in text
    assert "1 of 1" in text


def test_a_page_that_is_not_done_reading_says_how_far_it_is(
    two: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "SECONDS", 0)
    monkeypatch.setattr(past, "AT_ONCE", 1)
    client = signed_in(two[0]["head-of-methodology"])
    text = page(client, REPLAY, **AS_IS)
    assert "1 of 2 inspections read" in text
    assert 'data-looks-again="/programme/replay/?least-requires-improvement=50&amp;' in text
    assert "design/looks-again" in text
    assert "with another overall rating" not in text
    text = page(client, REPLAY, **AS_IS)
    assert "0 of 2" in text
    assert "looks-again" not in text


def test_the_page_equals_what_was_decided(two: Any) -> None:
    """What the panel locked, discretion included, comes out of the words again."""
    from_words = [one.locked.total for one in past.inspections(two[0]["director-of-operations"], datetime.now(UTC))]
    assert from_words == [found.total for found in Decision.objects.order_by("panel__inspection__fieldwork")]


def test_a_lead_sees_others_only_once_they_are_published(two: Any, signed_in: Any) -> None:
    first, second = two
    client = signed_in(first["lead-inspector"])
    body = str(second.inspection.body)
    assert client.get(REPLAY).status_code == 404
    text = page(client, CONSISTENCY)
    assert str(first.inspection.body) in text
    assert body not in text
    assert "discretion" not in text
    report = PlannedEvent.objects.get(inspection=second.inspection, event="publication")
    report.done_at, report.done_by = datetime(2019, 1, 1, tzinfo=UTC), second["communications"]
    report.save()
    assert body in page(client, CONSISTENCY)


def test_who_has_no_office_sees_nothing_before_publication(two: Any, person: Any, signed_in: Any) -> None:
    lead = person("A lead elsewhere")
    Membership.objects.create(
        user=lead, inspection=two[0].inspection, role="lead-inspector", side="inspectorate",
        ended_at=datetime(2019, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    assert signed_in(lead).get(CONSISTENCY).status_code == 404


def test_one_inspection_is_marked_among_the_others(two: Any, signed_in: Any) -> None:
    first, _ = two
    text = page(signed_in(first["data-team"]), CONSISTENCY, kind="CRC", marked=str(first.inspection.public_id))
    assert f"{first.inspection.body}, June 2019 among the others" in text
    assert "65%, above 0 of 1 other" in text
    assert "Of 1 key question within the window the panel raised 0 and lowered 0" in text
    assert "No inspection of this kind can be shown yet" in page(signed_in(first["data-team"]), CONSISTENCY, kind="NPS")


def test_queries_do_not_grow_with_inspections(decided: Decided, signed_in: Any) -> None:
    client, counts = None, []
    for kind, monday in (("CRC", date(2019, 6, 3)), ("NPS", date(2019, 7, 1)), ("CRC", date(2019, 8, 5))):
        one = decided(kind, domain_two=4, fieldwork=monday)
        client = client or signed_in(one["director-of-operations"])
        for path, asked in ((REPLAY, AS_IS), (CONSISTENCY, {})):
            past._words.clear()
            past._locked.clear()
            with CaptureQueriesContext(connection) as captured:
                page(client, path, **asked)
            counts.append(len(captured))
    assert max(counts) <= 8, counts
    page(client, REPLAY, **AS_IS)
    with CaptureQueriesContext(connection) as captured:
        page(client, REPLAY, **AS_IS)
    assert len(captured) == 3, "who asks, and which decisions they may read: the cases were read before"


def test_discretion_shows_and_is_kept_in_the_replay(
    judged: Decided, an_inspection: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = judged(yes={"2.1.3": 12})
    one.ready()
    one.open()
    one.accept()
    actions.use_discretion(inspection=one.inspection, key_question="2.1.3", rating=Rating.GOOD,
                           reason="Borderline", by=one["director-of-operations"])  # fmt: skip
    one.decide()
    client = signed_in(one["director-of-operations"])
    assert "the panel raised 1 and lowered 0" in page(client, CONSISTENCY)
    assert "0 of 1" in page(client, REPLAY, **AS_IS)
    assert "as the panel&#39;s change falls away" in page(
        client, REPLAY, **(AS_IS | {"least-requires-improvement": 61})
    )
    again, locked = an_inspection(fieldwork=date(2019, 9, 2)).inspection, Decision.objects.get()
    seat = Panel.objects.create(inspection=again, opened_by=locked.by, opened_at=locked.at)
    locked.pk, locked.public_id, locked.panel = None, uuid4(), seat
    locked.save(force_insert=True)
    monkeypatch.setattr(consistency_views, "ROWS_A_PAGE", 1)
    row = '<th scope="row" class="govuk-table__header">{}, {}</th>'.format
    newest, older = row(again.body, "September 2019"), row(one.inspection.body, "June 2019")
    text = page(client, CONSISTENCY)
    assert (newest in text, older in text) == (True, False)
    text = page(client, CONSISTENCY, page=2)
    assert (newest in text, older in text) == (False, True)
