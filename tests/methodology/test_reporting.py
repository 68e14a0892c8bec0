"""Chapter 7.3 to 7.5: order of the report's steps, factual accuracy, publication, action plan."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import inspectorate.methodology
from inspectorate.methodology import reporting
from inspectorate.methodology.reporting import FactualClaim, PlannedAction, PlanResponse

PACK = Path(inspectorate.methodology.__file__).parent / "packs" / "probation-v3-2018"
RULES = TypeAdapter(reporting.Reporting).validate_python(
    tomllib.loads((PACK / "reporting.toml").read_text(encoding="utf-8"))
)
STEPS = [step.id for step in RULES.steps]
ACTION = PlannedAction("Train all officers", "Head of operations", date(2020, 3, 31))


def working_day(day: date) -> bool:
    return day.weekday() < 5 and day != date(2019, 8, 26)


def test_the_report_goes_through_ten_steps_after_its_first_draft():
    assert STEPS == [
        "first-draft",
        "external-edit",
        "strategic-edit",
        "chief-inspector-review",
        "factual-accuracy",
        "statistics-check",
        "foreword",
        "proof-read",
        "final-review",
        "design",
        "sign-off",
    ]


@pytest.mark.parametrize("count", range(len(STEPS)))
def test_the_next_step_follows_those_done(count):
    assert reporting.next_step(RULES, STEPS[:count]).id == STEPS[count]


def test_nothing_follows_the_sign_off():
    assert reporting.next_step(RULES, STEPS) is None


def test_a_step_before_its_turn_is_refused_with_those_that_are_missing():
    with pytest.raises(reporting.StepOutOfOrder) as refusal:
        reporting.take_step(RULES, ["first-draft", "external-edit"], "chief-inspector-review")
    assert [step.id for step in refusal.value.missing] == ["strategic-edit"]
    assert "Strategic edit" in str(refusal.value)


def test_a_history_with_a_hole_is_refused():
    with pytest.raises(reporting.StepOutOfOrder, match="External edit"):
        reporting.next_step(RULES, ["first-draft", "strategic-edit"])


def test_a_step_is_done_once():
    with pytest.raises(reporting.StepAlreadyDone, match="First draft"):
        reporting.take_step(RULES, ["first-draft"], "first-draft")


def test_an_unknown_step_is_refused_with_the_known_ones():
    with pytest.raises(reporting.UnknownStep, match="sign-off"):
        reporting.take_step(RULES, [], "printing")


@given(st.sets(st.sampled_from(STEPS)), st.sampled_from(STEPS))
def test_only_the_next_step_can_ever_be_taken(done, step):
    try:
        taken = reporting.take_step(RULES, done, step)
    except (reporting.StepOutOfOrder, reporting.StepAlreadyDone):
        assert step in done or not set(STEPS[: STEPS.index(step)]) <= done
    else:
        assert taken.id not in done
        assert set(STEPS[: STEPS.index(step)]) <= done


@pytest.mark.parametrize(
    ("step", "signed", "missing"),
    [
        ("strategic-edit", [], ("head-of-inspection", "director-of-operations")),
        ("strategic-edit", ["director-of-operations"], ()),
        ("final-review", ["lead-inspector"], ("head-of-inspection",)),
        ("final-review", ["lead-inspector", "head-of-inspection"], ()),
        ("design", ["lead-inspector"], ("communications",)),
    ],
)
def test_who_must_still_sign(step, signed, missing):
    assert reporting.owners_missing(RULES.step(step), signed) == missing


def test_the_factual_accuracy_response_has_three_columns():
    assert [column.id for column in RULES.factual_accuracy.columns] == ["place", "claim", "response"]


def test_every_line_of_the_factual_accuracy_response_is_complete_before_it_is_closed():
    claims = [
        FactualClaim("page 4", "The office closed in 2018"),
        FactualClaim("", "There are nine teams", "Changed"),
        FactualClaim("3.2", " "),
    ]
    assert len(reporting.factual_accuracy_faults(claims, closing=False)) == 2
    assert reporting.factual_accuracy_faults(claims, closing=True) == (
        "Line 1: the response of the inspectorate is missing.",
        "Line 2: the page or paragraph is missing.",
        "Line 3: the factual inaccuracy is missing.",
        "Line 3: the response of the inspectorate is missing.",
    )


def test_the_arbiter_decides_only_without_agreement():
    assert reporting.decider(RULES.factual_accuracy, agreed=True) == "head-of-inspection"
    assert reporting.decider(RULES.factual_accuracy, agreed=False) == "director-of-strategy"


@pytest.mark.parametrize(
    ("published", "embargo"),
    [
        (date(2019, 9, 20), date(2019, 9, 13)),
        (date(2019, 9, 16), date(2019, 9, 9)),
        (date(2019, 8, 30), date(2019, 8, 22)),
    ],
)
def test_the_embargoed_copy_goes_five_working_days_before(published, embargo):
    assert reporting.embargo_day(RULES.publication, published, is_working_day=working_day) == embargo


def publication_faults(**changed):
    given = {
        "published": date(2019, 9, 20),
        "done": STEPS,
        "embargoed_copy": date(2019, 9, 13),
        "papers_reviewed": ["press-notice", "ministerial-submission"],
        "is_working_day": working_day,
    }
    return reporting.publication_faults(RULES, **(given | changed))


def test_a_report_that_has_everything_can_be_published():
    assert publication_faults() == ()


def test_everything_that_stands_against_publication_is_named_at_once():
    faults = publication_faults(done=STEPS[:-1], embargoed_copy=None, papers_reviewed=["press-notice"])
    assert faults == (
        "Report step not done: Sign-off by the head of communications.",
        "Not agreed and reviewed: Submission to ministers.",
        "The inspected body has no embargoed copy; it is due by Friday 13 September 2019.",
    )


def test_an_embargoed_copy_that_went_a_day_late_is_named():
    (fault,) = publication_faults(embargoed_copy=date(2019, 9, 16))
    assert "Monday 16 September 2019" in fault


@pytest.mark.parametrize(
    ("response", "messages"),
    [
        (PlanResponse("1", "agreed", (ACTION,)), []),
        (PlanResponse("1", "agreed"), ["There is no action."]),
        (PlanResponse("1", "agreed", (PlannedAction("Train"),)), ["Action 1 has no owner and no day."]),
        (PlanResponse("1", "partly-agreed", (ACTION,), "training", "policy", "The rest is set nationally"), []),
        (
            PlanResponse("1", "partly-agreed"),
            [
                "Which part will be done is missing.",
                "A reason is missing: one of commissioning, policy, operational, affordability.",
                "The explanation why it is not fully agreed is missing.",
                "There is no action.",
            ],
        ),
        (PlanResponse("1", "not-agreed", reason="affordability", explanation="No money this year"), []),
        (
            PlanResponse("1", "not-agreed", (ACTION,), reason="dislike", explanation="No"),
            [
                "A reason is missing: one of commissioning, policy, operational, affordability.",
                "It is not agreed and yet has actions.",
            ],
        ),
        (PlanResponse("1", "maybe"), ["The response 'maybe' is none of agreed, partly-agreed, not-agreed."]),
    ],
)
def test_what_a_response_to_a_recommendation_must_hold(response, messages):
    faults = reporting.action_plan_faults(RULES.action_plan, ["1"], [response])
    assert [fault.message for fault in faults] == messages


def test_each_recommendation_is_answered_once():
    agreed = PlanResponse("2", "agreed", (ACTION,))
    faults = reporting.action_plan_faults(
        RULES.action_plan, ["1", "2"], [agreed, agreed, PlanResponse("9", "agreed", (ACTION,))]
    )
    assert [(fault.recommendation, fault.message) for fault in faults] == [
        ("9", "The report has no such recommendation."),
        ("1", "There is no response."),
        ("2", "There are 2 responses; one is needed."),
    ]
