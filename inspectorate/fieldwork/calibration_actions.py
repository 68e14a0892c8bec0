"""Chapters 3.9 and 6.1: cases are quietly given to a second inspector; differences are settled; training is judged."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.audit.models import Entry, Kind
from inspectorate.fieldwork.models import (
    Assessment,
    SecondDraw,
    SecondJudgement,
    Settlement,
    TrainingAnswers,
    TrainingCase,
)
from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology import scheduling
from inspectorate.programme import access, packs
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling.models import SampledCase, standing
from inspectorate.scheduling.actions import scheduled, team
from inspectorate.scheduling.models import Allocation

SEED_BYTES = 32


class NothingToDraw(Exception):
    """No case of the list can be judged by a second inspector."""


class MayNotJudgeAgain(Exception):
    """This person may not judge this case a second time; the message says why."""


class Begun(Exception):
    """The second judgement is submitted, or was ended already."""


class NotADifference(Exception):
    """Both answered this question alike, or it was not asked, or nothing was written."""


class Unanswered(Exception):
    """Key questions of a training case without an answer; `missing` holds them all."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} answers are missing.")


class NotInTraining(Exception):
    """This person has judged the training case already, or knows the answers that it is measured against."""


@dataclass(frozen=True, slots=True)
class Could:
    """A case that could be judged a second time: its allocation, and who could, by the key of the person."""

    allocation: Allocation
    seconds: Mapping[str, User]


def candidates(inspection: Inspection, case_list: str = "") -> list[Could]:
    """Every case that could be judged a second time, and by whom: it stands in the sample, has an inspector who does
    not read this, and nobody judges it a second time yet. Whoever could has no share that is full by itself, declared
    no connection, sees limited-access cases where it is one, and never had or looked at the case. Five queries."""
    twice = SecondJudgement.objects.filter(case=OuterRef("case"), ended_at=None)
    held = (
        Allocation.objects.filter(~Exists(twice), case__in=standing(inspection.sampled_cases.all()), ended_at=None)
        .select_related("case__case", "inspector")
        .order_by("case__case_list", "case__number")
    )
    held = held.filter(case__case_list=case_list) if case_list else held
    members = access.held_on(inspection)
    openly = _holders(inspection, members, "calibration.view")
    people = _who_could(inspection, members)
    readers = {one.user_id for one in members if one.named_reader}
    known = _known(inspection, {user.email for user, _ in people.values()})
    meetings = packs.pack_of(inspection).meetings
    found = []
    for one in held:
        if one.inspector_id in openly:
            continue
        case = one.case
        able = {
            key: user
            for key, (user, inspector) in people.items()
            if user.pk != one.inspector_id
            and not (case.case.limited and user.pk not in readers)
            and (user.email, str(case.public_id)) not in known
            and not scheduling.why_not(meetings, inspection.kind, scheduled(case), inspector)
        }
        found.append(Could(one, able))
    return found


def _holders(inspection: Inspection, members: Iterable[Membership], right: str) -> frozenset[int]:
    """Who holds a right there, by a role on the inspection or by an office."""
    roles = packs.pack_of(inspection).roles
    return frozenset(one.user_id for one in members if right in roles.rights_of([one.role]))


def _who_could(inspection: Inspection, members: list[Membership]) -> dict[str, tuple[User, scheduling.Inspector]]:
    """Those of the team whose share is not full by itself, and who do not see all cases."""
    meetings, see_all = packs.pack_of(inspection).meetings, _holders(inspection, members, "case.view-all")
    found = {}
    for key, (user, inspector) in team(inspection, members).items():
        share = meetings.share(inspector.role, inspection.kind)
        if share is not None and share.most is None and user.pk not in see_all:
            found[key] = (user, inspector)
    return found


def _known(inspection: Inspection, emails: set[str]) -> frozenset[tuple[str, str]]:
    """(who, public id of a case) of everybody who had a case, or looked at anything of it."""
    looked = Entry.objects.filter(chain=inspection.chain, kind=Kind.LOOK, actor__in=emails)
    seen = {
        (actor, word.strip())
        for actor, subject in looked.values_list("actor", "subject").distinct().order_by()
        for word in subject.partition(":")[2].split(",")
    }
    had = Allocation.objects.filter(case__inspection=inspection, inspector__email__in=emails)
    return frozenset(seen | {(who, str(case)) for who, case in had.values_list("inspector__email", "case__public_id")})


@transaction.atomic
def draw_seconds(
    *, inspection: Inspection, case_list: str, wanted: int, by: User, seed: bytes | None = None
) -> tuple[SecondJudgement, ...]:
    """Draws cases of a list to be judged a second time, evenly over inspectors and weeks; the seed is kept. Nobody is
    told. `seed` is for the demonstration and for tests. Manual 6.1b. Raises NothingToDraw."""
    one_at_a_time(inspection)
    could = {f"{one.allocation.case.case_list} {one.allocation.case.number:04}": one
             for one in candidates(inspection, case_list)}  # fmt: skip
    given = [
        rules.Candidate(key, f"{one.allocation.inspector_id:08}", str(one.allocation.week), tuple(sorted(one.seconds)))
        for key, one in could.items()
    ]
    sown = seed or secrets.token_bytes(SEED_BYTES)
    chosen = rules.choose(given, size=wanted, seed=sown)
    if not chosen:
        raise NothingToDraw(
            "No case of this list can be judged by a second inspector: allocate its cases first, to two or more "
            "inspectors who can take one more and did not look at it."
        )
    told = json.dumps([[one.case, one.first, one.week, one.seconds] for one in given])
    draw = SecondDraw.objects.create(
        inspection=inspection, case_list=case_list, wanted=wanted, seed=sown.hex(),
        drawn_from=hashlib.sha256(told.encode()).hexdigest(), by=by, at=clock.now(),
    )  # fmt: skip
    made = tuple(_give(could[key].allocation, could[key].seconds[who], draw, by) for key, who in chosen)
    trail.record_change(
        chain=inspection.chain, by=by, action="draw_seconds", subject=draw,
        summary=f"Drew {len(made)} {case_list} cases to be judged a second time",
        details={"seed": draw.seed, "drawn_from": draw.drawn_from},
    )  # fmt: skip
    return made


@transaction.atomic
def give_second(*, case: SampledCase, to: User, by: User) -> SecondJudgement:
    """Gives one case to a second inspector, who is not told that it is one. Manual 6.1b. Raises MayNotJudgeAgain."""
    inspection = case.inspection
    one_at_a_time(inspection)
    could = next((one for one in candidates(inspection, case.case_list) if one.allocation.case.pk == case.pk), None)
    if could is None:
        raise MayNotJudgeAgain(
            f"Case {case.number} cannot be judged a second time: it has left the sample, has no inspector, is judged "
            "twice already, or its inspector knows which cases are."
        )
    if to.pk not in {user.pk for user in could.seconds.values()}:
        raise MayNotJudgeAgain(
            f"{to.name} may not judge case {case.number} a second time: it was theirs or they looked at it, a "
            "connection was declared, access to it is limited, or they take no more cases."
        )
    made = _give(could.allocation, to, None, by)
    trail.record_change(
        chain=inspection.chain, by=by, action="give_second", subject=made,
        summary=f"Gave {case.case_list} case {case.number} to {to.email} to be judged a second time",
    )  # fmt: skip
    return made


def _give(first: Allocation, to: User, draw: SecondDraw | None, by: User) -> SecondJudgement:
    return SecondJudgement.objects.create(
        case=first.case, inspector=to, week=first.week, draw=draw, by=by, at=clock.now()
    )


@transaction.atomic
def end_second(*, judgement: SecondJudgement, by: User) -> None:
    """Takes a second judgement back before it is submitted; what was answered stays on record. Manual 6.1b. Raises
    Begun."""
    kept = SecondJudgement.objects.select_for_update().get(pk=judgement.pk)
    judged = Assessment.objects.filter(second_of=kept.case_id, started_by=kept.inspector_id)
    if kept.ended_at or judged.filter(submitted_at__isnull=False).exists():
        raise Begun("This second judgement is submitted or was taken back already. Open the page again.")
    kept.ended_at = clock.now()
    kept.save(update_fields=["ended_at"])
    trail.record_change(
        chain=judgement.case.inspection.chain, by=by, action="end_second", subject=kept,
        summary=f"Took back the second judgement of {judgement.case.case_list} case {judgement.case.number}",
    )  # fmt: skip


@transaction.atomic
def settle_difference(
    *, judgement: SecondJudgement, field: str, differing: frozenset[str], outcome: str, text: str, by: User
) -> Settlement:
    """Notes what was made of a question that two inspectors answered differently (`differing` are those); no answer
    changes, and an earlier note stays. Manual 6.1b. Raises NotADifference."""
    if field not in differing or outcome not in Settlement.Outcome.values:
        raise NotADifference("Choose a question on which the two differ, and what you make of it.")
    if not text.strip():
        raise NotADifference("Enter why.")
    made = Settlement.objects.create(
        judgement=judgement, field=field, outcome=outcome, text=text.strip(), by=by, at=clock.now()
    )
    trail.record_change(
        chain=judgement.case.inspection.chain, by=by, action="settle_difference", subject=made,
        summary=f"Settled {field} of {judgement.case.case_list} case {judgement.case.number}: {outcome}",
    )  # fmt: skip
    return made


@transaction.atomic
def add_training_case(*, inspection: Inspection, title: str, case_list: str, by: User) -> TrainingCase:
    """Names a case on which inspectors are trained. Manual 3.9e."""
    made = TrainingCase.objects.create(inspection=inspection, title=title, case_list=case_list, by=by, at=clock.now())
    trail.record_change(
        chain=inspection.chain, by=by, action="add_training_case", subject=made, summary="Added a training case"
    )
    return made


@transaction.atomic
def give_training_answers(*, training_case: TrainingCase, answers: Mapping[str, str], by: User) -> TrainingAnswers:
    """Keeps all answers to a training case: those that it is measured against from whoever sets them, again as often
    as nobody has judged it; else a person's own, once. Manual 3.9e. Raises Unanswered, NotInTraining."""
    inspection = training_case.inspection
    one_at_a_time(inspection)
    reference = access.may(by, "training.set", inspection)
    asked = questions(training_case)
    if missing := tuple(one for one in asked if answers.get(one) not in rules.ANSWERS):
        raise Unanswered(missing)
    judged = training_case.given.filter(reference=False)
    if reference and judged.exists():
        raise NotInTraining("Somebody has judged this case already. Its reference answers stay as they are.")
    try:
        with transaction.atomic():
            made = TrainingAnswers.objects.create(
                training_case=training_case, reference=reference, answers={one: answers[one] for one in asked},
                by=by, at=clock.now(),
            )  # fmt: skip
    except IntegrityError as twice:
        raise NotInTraining("You have judged this training case already.") from twice
    trail.record_change(
        chain=inspection.chain, by=by, action="give_training_answers", subject=training_case,
        summary="Set the reference answers of a training case" if reference else "Judged a training case",
    )  # fmt: skip
    return made


def questions(training_case: TrainingCase) -> dict[str, str]:
    """The key questions of a training case with their words."""
    inspection = training_case.inspection
    framework = packs.pack_of(inspection).framework(inspection.kind)
    standards = framework.standards_for_list(training_case.case_list)
    return {one.id: one.question for standard in standards for one in standard.key_questions}
