"""Chapter 4.4, stage 1: the lead inspector chooses the units to draw from."""

from collections.abc import Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.methodology import sampling as rules
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.sampling import choices
from inspectorate.sampling.actions.errors import ReasonNeeded, SampleConfirmed, UnknownUnit
from inspectorate.sampling.actions.lists import NotReady
from inspectorate.sampling.models import LongList, UnitChoice
from inspectorate.sampling.samples import Units


class WrongOption(Exception):
    """The units chosen are not what the option says."""


@transaction.atomic
def choose_units(
    *, long_list: LongList, option: str, by: User, units: Sequence[Units] = (), reason: str = ""
) -> UnitChoice:
    """Chooses the units of an accepted list to draw from, by one of the three options. Manual 4.4a, 4.4b.

    `units` are the (tier 1, tier 2) units; with the option of all of them they need not be given. Leaving a unit out
    needs `reason`. Raises NotReady, SampleConfirmed, UnknownUnit, WrongOption, ReasonNeeded.
    """
    inspection = long_list.inspection
    one_at_a_time(inspection)
    if long_list.state != LongList.State.ACCEPTED:
        raise NotReady("Units are chosen from an accepted list only. The administrator accepts the list first.")
    if inspection.sampled_cases.filter(case_list=long_list.case_list).exists():
        raise SampleConfirmed("The final sample of this list is confirmed. Its units can change no more.")
    chosen = _chosen(long_list, option, units, reason)
    made = UnitChoice.objects.create(
        long_list=long_list,
        option=option,
        units=[list(one) for one in sorted(chosen)],
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )
    there = len(choices.units_of(long_list))
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="choose_units",
        subject=made,
        summary=f"Chose {len(chosen) or there} of {there} units of the {long_list.case_list} list",
        details={"option": option, "units": made.units, "reason": made.reason},
    )
    note_done(inspection=inspection, event="unit-choice", by=by)
    return made


def _chosen(long_list: LongList, option: str, units: Sequence[Units], reason: str) -> set[Units]:
    """The units of the choice, none where it is all of them."""
    known = UnitChoice.Option
    if option not in known.values:
        raise WrongOption("Choose one of the three options.")
    counts = choices.counts_of(long_list)
    if not any(one for one, _ in counts):
        raise WrongOption("This list has no units to choose from.")
    if option == known.ALL:
        return set()
    try:
        actual: str = rules.option_of(counts, units)
    except rules.UnlistedUnitError as refusal:
        raise UnknownUnit(str(refusal)) from refusal
    except rules.NoUnitLeftError as refusal:
        raise WrongOption("Choose at least one unit.") from refusal
    if actual == "all":
        raise WrongOption(f"All units are chosen, which is the option «{known.ALL.label}».")
    if actual != option:
        raise WrongOption(
            "A tier 1 unit has none of its tier 2 units chosen, which is the option "
            f"«{known.NOT_EVERY_TIER_1.label}». Choose that option, or a unit of each tier 1 unit."
            if actual == known.NOT_EVERY_TIER_1.value
            else f"Every tier 1 unit has a unit chosen, which is the option «{known.SOME_TIER_2.label}»."
        )
    if not reason.strip():
        raise ReasonNeeded("Units are left out. Say why.")
    return set(units)
