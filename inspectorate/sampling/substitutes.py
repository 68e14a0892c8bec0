"""Chapter 4.4: which substitute steps in when a case leaves the final sample during fieldwork, and why that one."""

from dataclasses import dataclass
from fractions import Fraction

from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.sampling import samples
from inspectorate.sampling.models import Draw, DrawnCase, ListedCase, SampledCase


@dataclass(frozen=True, slots=True)
class SteppingIn:
    """The substitute whose turn it is; `differs` are the titles of the variables in which it is unlike the case that
    leaves, `shared` how many tiers of units both have in common, `left` how many substitutes remain, this one included.
    """

    row: DrawnCase
    differs: tuple[str, ...]
    shared: int
    tiers: int
    left: int

    @property
    def why(self) -> str:
        """Why it is this one, in words."""
        place = "the same unit" if self.shared == self.tiers else "another unit of the same tier 1 unit"
        if not self.shared:
            place = "another tier 1 unit"
        if self.differs:
            alike = f"None is left that is alike in all; this one differs in {' and '.join(self.differs).lower()}"
        else:
            alike = "It is the first in the order of the draw that is alike in every group"
        return f"{alike}{f', from {place}' if self.tiers else ''}."


def left_of(draw: Draw) -> list[DrawnCase]:
    """The substitutes of a draw that can step in, in their order: not excluded, and not in the sample. Two queries."""
    sampled = SampledCase.objects.filter(inspection=draw.long_list.inspection_id).values("case")
    rows = draw.cases.filter(substitute=True).exclude(case__in=sampled).select_related("case").order_by("ticket")
    marked = samples.marks_of(draw)
    return [row for row in rows if row.pk not in marked]


def next_for(case: SampledCase) -> SteppingIn | None:
    """The substitute that steps in for a case of the final sample: the next one in order of the nearest cell, none
    where none is left. Manual 4.4k, 6.1c."""
    draw = (
        Draw.objects.filter(long_list=case.case.long_list_id)
        .select_related("long_list")
        .defer("receipt", "margins", "long_list__cells", "long_list__faults")
        .first()
    )
    if draw is None:
        return None
    case_list = packs.pack_of(case.inspection).sampling.case_list(case.case_list)
    waiting = {row.case.reference: row for row in left_of(draw)}
    leaver = _drawn(case_list, case.case, 0)
    substitutes = tuple(_drawn(case_list, row.case, row.ticket) for row in waiting.values())
    of = rules.Draw((leaver,), substitutes, (), draw.long_list.size, draw.size, Fraction(0))
    chosen = rules.replace(of, [leaver.reference])[0].substitute
    if chosen is None:
        return None
    unlike = [
        variable.title
        for variable, mine, its in zip(case_list.strata, leaver.strata, chosen.strata, strict=True)
        if mine != its
    ]
    shared = 0
    while shared < len(leaver.units) and leaver.units[shared] == chosen.units[shared]:
        shared += 1
    return SteppingIn(waiting[chosen.reference], tuple(unlike), shared, len(leaver.units), len(waiting))


def _drawn(case_list: CaseList, case: ListedCase, ticket: int) -> rules.DrawnCase:
    units = (case.unit_1, case.unit_2)[: len(case_list.units)]
    return rules.DrawnCase(case.reference, units, samples.strata_of(case_list, case), f"{ticket:08d}")
