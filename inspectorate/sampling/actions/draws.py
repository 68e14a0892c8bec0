"""Chapter 4.4: what a draw is made from is hashed and shown; then the seed is made, and the sample drawn, once."""

import secrets
from collections.abc import Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell_body
from inspectorate.methodology import sampling as rules
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import choices, reading, samples
from inspectorate.sampling.actions.errors import (
    ChoiceNeeded,
    OldInputs,
    ReasonNeeded,
    SampleConfirmed,
    WrongSize,
    WrongThrows,
)
from inspectorate.sampling.actions.lists import ListChanged, NotReady
from inspectorate.sampling.models import Draw, DrawInputs, DrawnCase, LongList

SEED_BYTES = 32


@transaction.atomic
def prepare_draw(
    *, long_list: LongList, size: int, substitutes: int, by: User, reason: str = "", sure: bool = False
) -> DrawInputs:
    """Hashes all that a draw will be made from and shows it, before there is a seed. Manual 4.4a, 4.4d.

    The units are those of the newest choice, all of them where nobody has chosen. With `sure` every prison and agency
    gives a case, where the list is to hold every one (4.4i). Another preparation of the same list needs `reason`.
    Raises NotReady, SampleConfirmed, ReasonNeeded, ChoiceNeeded, WrongSize.
    """
    inspection = long_list.inspection
    one_at_a_time(inspection)
    _check(long_list, reason)
    choice = choices.standing(long_list)
    if choice.again:
        raise ChoiceNeeded(
            "Units were left out of an earlier version of this list. The lead inspector chooses the units anew first."
        )
    if size < 1 or substitutes < 0:
        raise WrongSize(f"{size} cases and {substitutes} substitutes cannot be drawn. Give 1 or more, and 0 or more.")
    inputs = _inputs(long_list, size, substitutes, choice.units, sure)
    kept = DrawInputs.objects.create(
        long_list=long_list,
        size=size,
        substitutes=substitutes,
        units=[list(unit) for unit in inputs.units],
        units_reason=choice.choice.reason if choice.choice else "",
        reason=reason.strip(),
        inputs=rules.inputs_to_dict(inputs),
        digest=rules.inputs_digest(inputs),
        by=by,
        at=clock.now(),
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="prepare_draw",
        subject=kept,
        summary=f"Prepared a draw of {size} cases from the {long_list.case_list} long list",
        details={"digest": kept.digest, "reason": kept.reason, "units_reason": kept.units_reason},
    )
    tell_body(inspection=inspection, what="The digest of a draw that is about to be made", right="exclusions.mark")
    return kept


def _check(long_list: LongList, reason: str) -> None:
    if long_list.state != LongList.State.ACCEPTED:
        raise NotReady("A sample is drawn from an accepted list only. Accept the list first.")
    _refuse_final(long_list)
    if not reason.strip() and (prepared(long_list.inspection, long_list.case_list) or drawn_before(long_list)):
        raise ReasonNeeded("A draw of this list was prepared or made before. Say why another one is needed.")


def _refuse_final(long_list: LongList) -> None:
    if long_list.inspection.sampled_cases.filter(case_list=long_list.case_list).exists():
        raise SampleConfirmed("The final sample of this list is confirmed. It cannot be drawn again.")


def prepared(inspection: Inspection, case_list: str) -> list[DrawInputs]:
    """All that was ever prepared for the draws of a list, newest first, each with its draw if it came to one."""
    found = DrawInputs.objects.filter(long_list__inspection=inspection, long_list__case_list=case_list)
    return list(found.select_related("long_list", "by", "draw", "draw__by").defer("draw__receipt", "long_list__cells"))


def drawn_before(long_list: LongList) -> bool:
    """Whether a sample was drawn from any version of this list."""
    return Draw.objects.filter(
        long_list__inspection=long_list.inspection_id, long_list__case_list=long_list.case_list
    ).exists()


def _inputs(
    long_list: LongList, size: int, substitutes: int, units: Sequence[samples.Units], sure: bool
) -> rules.Inputs:
    """What a draw would be made from now."""
    pack, case_list = packs.pack_of(long_list.inspection), reading.specification(long_list)
    every = [at for at, variable in enumerate(case_list.strata) if variable.id in case_list.every_value_of]
    return rules.Inputs(
        list_id=long_list.case_list,
        list_digest=long_list.digest,
        specification_digest=rules.specification_digest(case_list),
        pack_id=pack.id,
        pack_version=pack.version,
        pack_digest=pack.digest,
        size=size,
        substitutes=substitutes,
        units=tuple(sorted(units)),
        proportions=rules.proportions_of(choices.strata_of(long_list)) if units else None,
        algorithm_version=rules.version_for(long_list.size),
        one_of_each=tuple(every) if sure else (),
    )


@transaction.atomic
def draw_sample(*, inputs: DrawInputs, by: User, throws: str = "", seed: bytes | None = None) -> Draw:
    """Makes the seed and draws the provisional sample from what was prepared, once. Manual 4.3a, 4.4a, 4.4d, 4.4k.

    The seed is made of `throws` of dice where they are given, else by the system; `seed` is for the demonstration and
    for tests, which need the same sample each time: page and receipt say that it was given. Raises WrongThrows,
    OldInputs, NotReady, SampleConfirmed, WrongSize, ListChanged.
    """
    long_list = inputs.long_list
    one_at_a_time(long_list.inspection)
    now = _current(inputs)
    sown, source, thrown = _seed(throws, seed)
    drawn, receipt = _throw(inputs, now, sown, source, thrown)
    kept = Draw.objects.create(
        long_list=long_list,
        size=inputs.size,
        substitutes=inputs.substitutes,
        inputs=inputs,
        seed=sown.hex(),
        seed_from=source,
        dice=thrown,
        receipt=rules.receipt_to_dict(receipt),
        margins=samples.kept_margins(reading.specification(long_list), drawn.margins),
        units=inputs.units,
        units_reason=inputs.units_reason,
        reason=inputs.reason,
        by=by,
        at=clock.now(),
    )
    _keep_cases(kept, drawn)
    _record(kept, by)
    return kept


def _current(inputs: DrawInputs) -> rules.Inputs:
    """What was prepared, where it still counts. Raises OldInputs, NotReady, SampleConfirmed."""
    long_list = inputs.long_list
    if Draw.objects.filter(inputs=inputs).exists():
        raise OldInputs("This draw was made already. Another one is prepared anew, with a reason.")
    _refuse_final(long_list)
    newest = DrawInputs.objects.filter(
        long_list__inspection=long_list.inspection_id, long_list__case_list=long_list.case_list
    )
    if newest.values_list("pk", flat=True).first() != inputs.pk:
        raise OldInputs("Another draw of this list was prepared since. Open the newest one.")
    accepted = long_list.inspection.long_lists.filter(case_list=long_list.case_list, state=LongList.State.ACCEPTED)
    if accepted.values_list("pk", flat=True).first() != long_list.pk:
        raise OldInputs("Another version of the long list was accepted since. Prepare the draw anew.")
    sure = bool(inputs.inputs["one_of_each"])
    now = _inputs(long_list, inputs.size, inputs.substitutes, choices.standing(long_list).units, sure)
    if [list(one) for one in now.units] != inputs.units:
        raise OldInputs("The lead inspector chose other units since. Prepare the draw anew.")
    if rules.inputs_digest(now) != inputs.digest:
        raise OldInputs("What the draw is made from has changed since it was prepared. Prepare the draw anew.")
    return now


def _seed(throws: str, seed: bytes | None) -> tuple[bytes, rules.SeedFrom, str]:
    if throws.strip():
        try:
            thrown = rules.read_throws(throws)
        except rules.WrongThrowsError as refusal:
            raise WrongThrows(str(refusal)) from refusal
        return rules.seed_of(thrown), "dice", thrown
    if seed:
        return seed, "given", ""
    return secrets.token_bytes(SEED_BYTES), "system", ""


def _throw(
    kept: DrawInputs, inputs: rules.Inputs, seed: bytes, source: rules.SeedFrom, throws: str
) -> tuple[rules.Draw, rules.Receipt]:
    """The draw by the rule, and its receipt. Raises WrongSize, ListChanged."""
    case_list = reading.specification(kept.long_list)
    everything = samples.cases_of(case_list, kept.long_list)
    units = set(inputs.units)
    if rules.list_digest(everything) != inputs.list_digest:
        raise ListChanged("The cases of this list are not those that were accepted. Give the list again.")
    try:
        drawn = rules.draw(
            [case for case in everything if not units or case.units in units],
            size=inputs.size,
            seed=seed,
            substitutes=inputs.substitutes,
            proportions=None if inputs.proportions is None else dict(inputs.proportions),
            variables=samples.variables(case_list),
            tiers=samples.TIERS[: len(case_list.units)],
            one_of_each=inputs.one_of_each,
            version=inputs.algorithm_version,
        )
    except rules.SamplingError as refusal:
        raise WrongSize(str(refusal)) from refusal
    receipt = rules.make_receipt(
        everything,
        drawn,
        inputs=inputs,
        seed=seed,
        inputs_at=kept.at.isoformat(),
        seed_from=source,
        throws=throws,
    )
    return drawn, receipt


def _keep_cases(kept: Draw, drawn: rules.Draw) -> None:
    wanted = [one.reference for one in (*drawn.selected, *drawn.substitutes)]
    keys = dict(kept.long_list.cases.filter(reference__in=wanted).values_list("reference", "pk"))
    DrawnCase.objects.bulk_create(
        DrawnCase(draw=kept, case_id=keys[one.reference], ticket=ticket, substitute=substitute)
        for substitute, group in ((False, drawn.selected), (True, drawn.substitutes))
        for ticket, one in enumerate(group, 1)
    )


def _record(kept: Draw, by: User) -> None:
    inspection, name = kept.long_list.inspection, kept.long_list.case_list
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="draw_sample",
        subject=kept,
        summary=f"Drew {kept.size} cases and {kept.substitutes} substitutes from the {name} long list",
        details={
            "list": kept.receipt["list"]["digest"],
            "inputs": kept.receipt["inputs"]["digest"],
            "seed": kept.seed,
            "seed_from": kept.seed_from,
            "reason": kept.reason,
            "units_reason": kept.units_reason,
        },
    )
    drawn = set(Draw.objects.filter(long_list__inspection=inspection).values_list("long_list__case_list", flat=True))
    if name in reading.OWN_EVENT:
        note_done(inspection=inspection, event="court-report-sample", by=by)
    else:
        note_done(inspection=inspection, event="unit-choice", by=by)
    if {one.id for one in reading.lists_of(inspection)} - reading.OWN_EVENT <= drawn:
        note_done(inspection=inspection, event="provisional-sample", by=by)
    tell_body(inspection=inspection, what="A provisional sample", right="exclusions.mark")
