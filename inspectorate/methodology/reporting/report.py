"""Chapter 7.3 to 7.5: order of the report's steps, factual accuracy, publication, action plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inspectorate.methodology.reporting.disclosure import Disclosure


class UnknownStep(LookupError):  # noqa: N818 (named for what is wrong)
    """A report step that the pack does not have."""


class StepOutOfOrder(ValueError):  # noqa: N818 (named for what is wrong)
    """A report step taken before an earlier one; `missing` are the earlier steps that are not done yet, in order."""

    def __init__(self, step: ReportStep, missing: tuple[ReportStep, ...]) -> None:
        self.step = step
        self.missing = missing
        first = ", ".join(f"'{earlier.title}'" for earlier in missing)
        super().__init__(f"'{step.title}' cannot be done yet: {first} must be done first.")


class StepAlreadyDone(ValueError):  # noqa: N818 (named for what is wrong)
    """A report step that is done already."""


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One step of the report; its owners (role ids) do it `together`, or else one of them does."""

    id: str
    title: str
    owners: tuple[str, ...]
    manual: str
    together: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its words: a column, a paper or a reason."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class FactualAccuracy:
    """Columns of the factual accuracy response, and who answers, decides and arbitrates (role ids)."""

    columns: tuple[Named, ...]
    answered_by: tuple[str, ...]
    decided_by: str
    consulted: str
    arbiter: str
    manual: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Working days of embargo, and the papers that go with publication with those who agree and review them."""

    embargo_working_days: int
    papers: tuple[Named, ...]
    agreed_by: tuple[str, ...]
    reviewed_by: str
    manual: str


@dataclass(frozen=True, slots=True)
class ResponseCategory:
    """Agreed, partly agreed or not agreed, and what a response of that category must hold."""

    id: str
    title: str
    meaning: str
    actions: bool
    part: bool
    explanation: bool


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """The template of the action plan: introduction, columns, categories of response and reasons for not agreeing."""

    sent_by: str
    reviewed_by: tuple[str, ...]
    introduction: str
    columns: tuple[Named, ...]
    responses: tuple[ResponseCategory, ...]
    reasons: tuple[Named, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class Complaints:
    """What a complaint may be about, and where findings are raised instead."""

    covers: tuple[str, ...]
    elsewhere: str
    manual: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """Everything of chapter 7.3 to 7.5 that is data (reporting.toml)."""

    steps: tuple[ReportStep, ...]
    factual_accuracy: FactualAccuracy
    publication: Publication
    action_plan: ActionPlan
    complaints: Complaints
    national: Disclosure | None = None

    def step(self, step_id: str) -> ReportStep:
        """The step with this id; raises UnknownStep with the ids that exist.

        Manual 7.3b
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise UnknownStep(f"there is no report step {step_id!r}; the steps are {', '.join(s.id for s in self.steps)}")


@dataclass(frozen=True, slots=True)
class FactualClaim:
    """One line of the factual accuracy response; `response` is empty until the inspectorate has answered."""

    place: str
    claim: str
    response: str = ""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the plan, with its owner and the day by which it is done."""

    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class PlanResponse:
    """The answer to one recommendation; `part` says which part is accepted, `reason` is one of the closed list."""

    recommendation: str
    response: str
    actions: tuple[PlannedAction, ...] = ()
    part: str = ""
    reason: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class PlanFault:
    """What is wrong with the answer to one recommendation."""

    recommendation: str
    message: str


def next_step(reporting: Reporting, done: Collection[str]) -> ReportStep | None:
    """The step whose turn it is, given the ids of those done; None when all are done.

    Raises StepOutOfOrder where one is done before an earlier one, UnknownStep for an id that the pack does not have.

    Manual 7.3a, 7.3b
    """
    for step_id in done:
        reporting.step(step_id)
    pending = [step for step in reporting.steps if step.id not in done]
    if not pending:
        return None
    for position, step in enumerate(reporting.steps):
        if step.id in done and (missing := tuple(s for s in reporting.steps[:position] if s.id not in done)):
            raise StepOutOfOrder(step, missing)
    return pending[0]


def take_step(reporting: Reporting, done: Collection[str], step_id: str) -> ReportStep:
    """The step, when it may be taken now.

    Raises StepOutOfOrder (with the missing steps), StepAlreadyDone or UnknownStep.

    Manual 7.3b
    """
    step = reporting.step(step_id)
    if step.id in done:
        raise StepAlreadyDone(f"'{step.title}' is done already.")
    position = reporting.steps.index(step)
    missing = tuple(earlier for earlier in reporting.steps[:position] if earlier.id not in done)
    if missing:
        raise StepOutOfOrder(step, missing)
    return step


def owners_missing(step: ReportStep, signed: Collection[str]) -> tuple[str, ...]:
    """Roles (ids) that must still sign a step: each owner where they do it together, or else all until one has signed.

    Manual 7.3b
    """
    missing = tuple(role for role in step.owners if role not in signed)
    return missing if step.together or len(missing) == len(step.owners) else ()


def factual_accuracy_faults(claims: Sequence[FactualClaim], *, closing: bool) -> tuple[str, ...]:
    """What is wrong with the lines of a factual accuracy response, by line number from 1, all at once.

    Each line needs its place and the claim; when the check is closed (`closing`) also the inspectorate's response.

    Manual 7.3d, A4a
    """
    faults = []
    for number, claim in enumerate(claims, start=1):
        if not claim.place.strip():
            faults.append(f"Line {number}: the page or paragraph is missing.")
        if not claim.claim.strip():
            faults.append(f"Line {number}: the factual inaccuracy is missing.")
        if closing and not claim.response.strip():
            faults.append(f"Line {number}: the response of the inspectorate is missing.")
    return tuple(faults)


def decider(rules: FactualAccuracy, *, agreed: bool) -> str:
    """Who has the last word on a claimed inaccuracy (role id): the arbiter only where no position could be agreed.

    Manual 7.3d
    """
    return rules.decided_by if agreed else rules.arbiter


def embargo_day(publication: Publication, published: date, *, is_working_day: Callable[[date], bool]) -> date:
    """The last day on which the embargoed copy may go to the inspected body, working days before publication.

    Manual 7.4a
    """
    day, left = published, publication.embargo_working_days
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    return day


def publication_faults(
    reporting: Reporting,
    *,
    published: date,
    done: Collection[str],
    embargoed_copy: date | None,
    papers_reviewed: Collection[str],
    is_working_day: Callable[[date], bool],
) -> tuple[str, ...]:
    """What stands against publishing on a day, all at once; empty when nothing does.

    `done` are ids of report steps, `papers_reviewed` ids of papers that are agreed and reviewed.

    Manual 7.4a
    """
    faults = [f"Report step not done: {step.title}." for step in reporting.steps if step.id not in done]
    rules = reporting.publication
    faults += [f"Not agreed and reviewed: {paper.title}." for paper in rules.papers if paper.id not in papers_reviewed]
    last = embargo_day(rules, published, is_working_day=is_working_day)
    if embargoed_copy is None:
        faults.append(f"The inspected body has no embargoed copy; it is due by {_words(last)}.")
    elif embargoed_copy > last:
        faults.append(
            f"The embargoed copy went on {_words(embargoed_copy)}; {rules.embargo_working_days} working days "
            f"before publication is {_words(last)}."
        )
    return tuple(faults)


def action_plan_faults(
    plan: ActionPlan, recommendations: Sequence[str], responses: Iterable[PlanResponse]
) -> tuple[PlanFault, ...]:
    """What is wrong with an action plan, all at once, in the order of the report's recommendations (their numbers).

    Each is answered once with a category; agreed parts have actions with owner and day; what is not fully agreed has
    a reason of the closed list and an explanation.

    Manual 7.5a, A5a
    """
    answers: dict[str, list[PlanResponse]] = {number: [] for number in recommendations}
    faults: list[PlanFault] = []
    for response in responses:
        if response.recommendation in answers:
            answers[response.recommendation].append(response)
        else:
            faults.append(PlanFault(response.recommendation, "The report has no such recommendation."))
    for number, given in answers.items():
        if not given:
            faults.append(PlanFault(number, "There is no response."))
        elif len(given) > 1:
            faults.append(PlanFault(number, f"There are {len(given)} responses; one is needed."))
        faults += [PlanFault(number, message) for response in given for message in _response_faults(plan, response)]
    return tuple(faults)


def _response_faults(plan: ActionPlan, response: PlanResponse) -> list[str]:
    """What is wrong with one response, measured by its category."""
    category = next((known for known in plan.responses if known.id == response.response), None)
    if category is None:
        known = ", ".join(each.id for each in plan.responses)
        return [f"The response {response.response!r} is none of {known}."]
    faults = []
    if category.part and not response.part.strip():
        faults.append("Which part will be done is missing.")
    if category.explanation:
        if response.reason not in {reason.id for reason in plan.reasons}:
            faults.append(f"A reason is missing: one of {', '.join(reason.id for reason in plan.reasons)}.")
        if not response.explanation.strip():
            faults.append("The explanation why it is not fully agreed is missing.")
    if category.actions and not response.actions:
        faults.append("There is no action.")
    if not category.actions and response.actions:
        faults.append("It is not agreed and yet has actions.")
    for position, action in enumerate(response.actions, start=1):
        lacking = [
            word for word, there in (("what", action.text), ("owner", action.owner), ("day", action.due)) if not there
        ]
        if lacking:
            faults.append(f"Action {position} has no {' and no '.join(lacking)}.")
    return faults


def _words(day: date) -> str:
    """A date as people write it: Monday 3 June 2019."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"
