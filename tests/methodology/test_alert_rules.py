"""Manual 6.8: whose turn it is to acknowledge an alert, what state it is in, and when it may be closed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology import pack as packs

PACK = packs.load("probation-v3-2018").fieldwork.alerts
TEN = datetime(2019, 6, 4, 10, tzinfo=UTC)
EVERYBODY = {"deputy-lead-inspector": {"deputy"}, "lead-inspector": {"lead"}, "head-of-inspection": {"head"}}
WHOLE = ("acknowledged", "told", "acted", "assured")


def minutes(count: int) -> datetime:
    return TEN + timedelta(minutes=count)


def done(*what: str, by: str = "deputy", evidence: bool = True) -> list[rules.Step]:
    return [
        rules.Step(one, by, minutes(at), evidence and one == "assured")  # type: ignore[arg-type]
        for at, one in enumerate(what, 1)
    ]


def line(kind: str = "harm", steps: list[rules.Step] | None = None, raiser: str = "assistant") -> list[tuple[str, int]]:
    found = rules.turns(PACK, kind, TEN, steps or [], EVERYBODY, raiser)
    return [(turn.role, int((turn.until - TEN).total_seconds() / 60)) for turn in found]


def test_the_deputy_then_the_lead_then_the_head_of_inspection() -> None:
    assert line() == [("deputy-lead-inspector", 30), ("lead-inspector", 60), ("head-of-inspection", 120)]


@pytest.mark.parametrize("kind", ["life", "offence"])
def test_danger_to_life_and_offences_have_the_shorter_clock(kind: str) -> None:
    assert line(kind) == [("deputy-lead-inspector", 15), ("lead-inspector", 30), ("head-of-inspection", 60)]


def test_who_raised_it_is_passed_over() -> None:
    assert line(raiser="deputy") == [("lead-inspector", 30), ("head-of-inspection", 90)]


def test_the_clock_of_an_alert_that_was_opened_again_begins_anew() -> None:
    steps = [*done(*WHOLE, "closed"), rules.Step("opened", "assistant", minutes(500))]
    assert line(steps=steps)[0] == ("deputy-lead-inspector", 530)
    assert rules.state(steps) == "raised"
    assert rules.is_open(steps)


def test_the_next_in_line_is_told_when_the_time_is_over_and_once() -> None:
    turns = rules.turns(PACK, "harm", TEN, [], EVERYBODY, "assistant")
    assert rules.to_tell(turns, [], minutes(29)) == ()
    assert [one.role for one in rules.to_tell(turns, [], minutes(30))] == ["lead-inspector"]
    told = [rules.Step("escalated", "x", minutes(30), role="lead-inspector")]
    assert rules.to_tell(turns, told, minutes(59)) == ()
    assert [one.role for one in rules.to_tell(turns, told, minutes(60))] == ["head-of-inspection"]
    assert rules.to_tell(turns, [*told, *done("acknowledged")], minutes(600)) == ()


def test_it_waits_for_the_last_in_line_until_somebody_acknowledges() -> None:
    turns = rules.turns(PACK, "harm", TEN, [], EVERYBODY, "assistant")
    waiting = [rules.waits_for(turns, [], minutes(at)) for at in (0, 31, 61, 10_000)]
    assert [one.role if one else "" for one in waiting] == [
        "deputy-lead-inspector",
        "lead-inspector",
        "head-of-inspection",
        "head-of-inspection",
    ]
    assert rules.waits_for(turns, done("acknowledged"), minutes(31)) is None
    assert rules.waits_for((), [], minutes(31)) is None


def test_nobody_acknowledges_their_own_alert_or_one_twice() -> None:
    assert rules.why_not_acknowledge("assistant", [], "deputy") == ()
    assert len(rules.why_not_acknowledge("deputy", [], "deputy")) == 1
    assert len(rules.why_not_acknowledge("deputy", done("acknowledged"), "deputy")) == 2


def test_every_reason_against_closing_is_named_at_once() -> None:
    assert rules.why_not_close("deputy", [], "deputy") == (
        "You raised the alert: another person closes it.",
        "Nobody has acknowledged it.",
        "No organisation has been told.",
        "What the organisation did is not recorded.",
        "There is no assurance with evidence.",
    )
    assert rules.why_not_close("assistant", done(*WHOLE), "deputy") == ()
    assert rules.why_not_close("assistant", done(*WHOLE, evidence=False), "deputy") == (
        "There is no assurance with evidence.",
    )
    assert rules.why_not_close("assistant", done(*WHOLE, "closed"), "deputy") == ("The alert is closed already.",)


def test_what_was_done_before_it_was_opened_again_does_not_count() -> None:
    steps = [*done(*WHOLE, "closed"), rules.Step("opened", "lead", minutes(90))]
    assert len(rules.why_not_close("assistant", steps, "deputy")) == 4
    assert "You opened the alert again: another person closes it." in rules.why_not_close("assistant", steps, "lead")


WHATS = st.sampled_from(["acknowledged", "escalated", "told", "acted", "assured", "closed", "opened"])
PEOPLE = st.sampled_from(["assistant", "deputy", "lead", "head"])
STEPS = st.lists(st.tuples(WHATS, PEOPLE, st.booleans()), max_size=14).map(
    lambda given: [rules.Step(what, by, minutes(at), evidence) for at, (what, by, evidence) in enumerate(given)]
)


@given(STEPS, PEOPLE)
def test_nothing_is_closed_by_its_raiser_or_without_evidence(steps: list[rules.Step], by: str) -> None:
    if rules.why_not_close("assistant", steps, by) == ():
        assert by != "assistant"
        assert rules.is_open(steps)
        here = rules.this_round(steps)
        assert any(step.what == "assured" and step.evidence for step in here)
        assert {"acknowledged", "told", "acted"} <= {step.what for step in here}


@given(STEPS, st.sampled_from(["life", "offence", "harm", "practice"]), st.integers(0, 400))
def test_turns_follow_one_another_and_the_raiser_is_never_alone_in_one(
    steps: list[rules.Step], kind: str, later: int
) -> None:
    turns = rules.turns(PACK, kind, TEN, steps, EVERYBODY, "lead")
    assert all(one.until == two.since for one, two in zip(turns, turns[1:], strict=False))
    assert "lead-inspector" not in {turn.role for turn in turns}
    now = minutes(later)
    waits = rules.waits_for(turns, steps, now)
    if waits:
        assert waits.since <= now
    for turn in rules.to_tell(turns, steps, now):
        assert turn.since <= now
        assert turn != turns[0]


Ranked = tuple[bool, str, str, str, int]
RANKED = st.tuples(
    st.booleans(), st.sampled_from(["life", "offence", "harm", "practice"]), st.sampled_from(rules.IMMINENT),
    st.sampled_from(rules.LIKELY), st.integers(0, 500),
)  # fmt: skip


@given(st.lists(RANKED, max_size=12))
def test_open_ones_first_and_among_them_danger_to_life_and_offences(
    alerts: list[tuple[bool, str, str, str, int]],
) -> None:
    def place(one: tuple[bool, str, str, str, int]) -> object:
        return rules.rank(PACK, is_open=one[0], kind=one[1], imminent=one[2], likely=one[3], at=minutes(one[4]))

    ordered = sorted(alerts, key=place)  # type: ignore[arg-type,return-value]
    groups = [(not one[0], one[1] in ("harm", "practice")) for one in ordered]
    assert groups == sorted(groups)
