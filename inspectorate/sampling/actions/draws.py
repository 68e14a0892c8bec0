"""Chapter 4.4: the administrator draws the provisional sample from an accepted long list."""

import secrets
from collections.abc import Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell_body
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading, samples
from inspectorate.sampling.actions.lists import NotReady
from inspectorate.sampling.models import Draw, DrawnCase, LongList

SEED_BYTES = 32


class ReasonNeeded(Exception):
    """A second draw, or a draw that leaves units out, was to be made without saying why."""


class WrongSize(Exception):
    """So many cases or substitutes cannot be drawn."""


class UnknownUnit(Exception):
    """A unit was chosen that the list does not have."""


class SampleConfirmed(Exception):
    """The final sample is confirmed; no other one can be drawn."""


@transaction.atomic
def draw_sample(
    *,
    long_list: LongList,
    size: int,
    substitutes: int,
    by: User,
    seed: bytes | None = None,
    units: Sequence[samples.Units] = (),
    units_reason: str = "",
    reason: str = "",
) -> Draw:
    """Draws the provisional sample and keeps it with its receipt. Manual 4.3a, 4.4a, 4.4d, 4.4k.

    `seed` is made by the system when none is given. `units` are the (tier 1, tier 2) units to draw from, all when
    empty; leaving some out needs `units_reason`, a second draw `reason`. Raises NotReady, SampleConfirmed,
    ReasonNeeded, UnknownUnit, WrongSize.
    """
    inspection, case_list = long_list.inspection, reading.specification(long_list)
    one_at_a_time(inspection)
    _check(long_list, reason)
    everything = samples.cases_of(case_list, long_list)
    chosen = _chosen(everything, units, units_reason)
    cases = [case for case in everything if not chosen or case.units in chosen]
    seed = seed or secrets.token_bytes(SEED_BYTES)
    proportions = rules.count_strata(everything) if chosen else None
    drawn, receipt = _throw(inspection, case_list, cases, size, substitutes, seed, proportions)
    kept = Draw.objects.create(
        long_list=long_list,
        size=size,
        substitutes=substitutes,
        seed=seed.hex(),
        receipt=rules.receipt_to_dict(receipt),
        margins=samples.kept_margins(case_list, drawn.margins),
        units=[list(unit) for unit in sorted(chosen)],
        units_reason=units_reason if chosen else "",
        reason=reason,
        by=by,
        at=clock.now(),
    )
    _keep_cases(kept, drawn)
    _record(inspection, case_list, kept, receipt.list_digest, by)
    return kept


def _check(long_list: LongList, reason: str) -> None:
    inspection, name = long_list.inspection, long_list.case_list
    if long_list.state != LongList.State.ACCEPTED:
        raise NotReady("A sample is drawn from an accepted list only. Accept the list first.")
    if inspection.sampled_cases.filter(case_list=name).exists():
        raise SampleConfirmed("The final sample of this list is confirmed. It cannot be drawn again.")
    if not reason.strip() and Draw.objects.filter(long_list__inspection=inspection, long_list__case_list=name).exists():
        raise ReasonNeeded("A sample was drawn from this list before. Say why another one is needed.")


def _chosen(
    everything: Sequence[rules.ListedCase], units: Sequence[samples.Units], units_reason: str
) -> set[samples.Units]:
    """The units to draw from; none where that is all of them."""
    there, chosen = {case.units for case in everything}, set(units)
    if unknown := chosen - there:
        raise UnknownUnit(f"The list has no unit {', '.join(' / '.join(unit) for unit in sorted(unknown))}.")
    if not chosen or chosen == there:
        return set()
    if not units_reason.strip():
        raise ReasonNeeded("Not all units were chosen. Say why the others are left out.")
    return chosen


def _throw(
    inspection: Inspection,
    case_list: CaseList,
    cases: Sequence[rules.ListedCase],
    size: int,
    substitutes: int,
    seed: bytes,
    proportions: dict[tuple[str, ...], int] | None,
) -> tuple[rules.Draw, rules.Receipt]:
    """The draw by the rule, and its receipt. Raises WrongSize."""
    try:
        drawn = rules.draw(
            cases,
            size=size,
            seed=seed,
            substitutes=substitutes,
            proportions=proportions,
            variables=samples.variables(case_list),
            tiers=samples.TIERS[: len(case_list.units)],
        )
    except rules.SamplingError as refusal:
        raise WrongSize(str(refusal)) from refusal
    pack = packs.pack_of(inspection)
    receipt = rules.make_receipt(
        cases,
        drawn,
        list_id=case_list.id,
        seed=seed,
        pack=(pack.id, pack.version, pack.digest),
        substitutes=substitutes,
        proportions=proportions,
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


def _record(inspection: Inspection, case_list: CaseList, kept: Draw, digest: str, by: User) -> None:
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="draw_sample",
        subject=kept,
        summary=f"Drew {kept.size} cases and {kept.substitutes} substitutes from the {case_list.id} long list",
        details={"list": digest, "seed": kept.seed, "reason": kept.reason, "units_reason": kept.units_reason},
    )
    drawn = set(Draw.objects.filter(long_list__inspection=inspection).values_list("long_list__case_list", flat=True))
    if case_list.id in reading.OWN_EVENT:
        note_done(inspection=inspection, event="court-report-sample", by=by)
    else:
        note_done(inspection=inspection, event="unit-choice", by=by)
    if {one.id for one in reading.lists_of(inspection)} - reading.OWN_EVENT <= drawn:
        note_done(inspection=inspection, event="provisional-sample", by=by)
    tell_body(inspection=inspection, what="A provisional sample", right="exclusions.mark")
