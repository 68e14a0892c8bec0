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


def left_for(case: SampledCase) -> list[DrawnCase]:
    """The substitutes that can step in for a case of the final sample, in the order of the draw: not excluded, and not
    in the sample. Two queries."""
    newest = Draw.objects.filter(long_list=case.case.long_list_id).order_by("-pk").values("pk")[:1]
    sampled = SampledCase.objects.filter(inspection=case.inspection).values("case")
    rows = list(
        DrawnCase.objects.filter(draw__in=newest, substitute=True)
        .exclude(case__in=sampled)
        .select_related("case")
        .order_by("ticket")
    )
    marked = samples.marks_of(Draw(pk=rows[0].draw_id)) if rows else {}
    return [row for row in rows if row.pk not in marked]


def next_for(case: SampledCase) -> SteppingIn | None:
    """The substitute that steps in for a case of the final sample: the next one in order of the nearest cell, none
    where none is left. Manual 4.4k, 6.1c."""
    case_list = packs.pack_of(case.inspection).sampling.case_list(case.case_list)
    waiting = {row.case.reference: row for row in left_for(case)}
    leaver = _drawn(case_list, case.case, 0)
    substitutes = tuple(_drawn(case_list, row.case, row.ticket) for row in waiting.values())
    drawn = rules.Draw((leaver,), substitutes, (), len(substitutes) + 1, 1, Fraction(0))
    chosen = rules.replace(drawn, [leaver.reference])[0].substitute
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
