"""Chapter 6.1: a case found to be one that should have been excluded, and the deputy's decision on a substitute."""

from django.db import transaction
from django.db.models import Max

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.fieldwork.actions import NotAllocated, note_all_submitted
from inspectorate.fieldwork.models import Assessment
from inspectorate.methodology.sampling import ExclusionReason
from inspectorate.programme import access, packs
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import substitutes
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut, SampledCase
from inspectorate.scheduling.actions import HandedOver, hand_over

LONGEST_NOTE = 2000


class UnknownReason(Exception):
    """The reason is not on the closed list of the case's own list."""


class NoteNeeded(Exception):
    """Nothing was written, or too much."""


class AlreadyReported(Exception):
    """The case waits for a decision already, or has left the sample."""


class AlreadyDecided(Exception):
    """Somebody decided meanwhile."""


class NoSubstitute(Exception):
    """No substitute is left on the list."""


class OtherSubstitute(Exception):
    """The substitute that was shown is not the next one any more."""


def reasons(inspection: Inspection, case_list: str) -> tuple[ExclusionReason, ...]:
    """The closed list for a case found in fieldwork: what the list was to leave out, and what only the file shows.
    Manual 4.4e, 6.1c, 6.1d, 6.1e, 6.1g, 6.1h."""
    found = packs.pack_of(inspection).sampling.case_list(case_list).exclusions
    return tuple(one for one in found if not one.nations or inspection.nation in one.nations)


def check_reporter(case: SampledCase, by: User) -> None:
    """Raises NotAllocated where a case is not this person's and they do not decide either."""
    mine = case.allocations.filter(inspector=by, ended_at=None)
    if not access.may(by, "substitute.decide", case.inspection) and not mine.exists():
        raise NotAllocated("This case is not allocated to you.")


@transaction.atomic
def report_drop_out(*, case: SampledCase, reason: str, note: str, by: User) -> DropOut:
    """Says that a case should have been excluded, with a note of the talk with the officer; the deputy decides then.
    Manual 6.1c, 6.1d, 6.1e, 6.1g, 6.1h.

    Raises NotAllocated, UnknownReason, NoteNeeded, AlreadyReported.
    """
    inspection = case.inspection
    one_at_a_time(inspection)
    check_reporter(case, by)
    if reason not in {one.id for one in reasons(inspection, case.case_list)}:
        raise UnknownReason(f"'{reason}' is not a reason for which a case of this list is left out.")
    written = _written(note)
    earlier = case.drop_outs.exclude(decision=DropOut.Decision.KEPT)
    if earlier.exists():
        raise AlreadyReported("This case has left the sample, or waits for the deputy's decision.")
    found = DropOut.objects.create(case=case, reason=reason, note=written, found_by=by, found_at=clock.now())
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="report_drop_out",
        subject=found,
        summary=f"Said that {case.case_list} case {case.number} should have been excluded: {reason}",
    )
    return found


@transaction.atomic
def decide_drop_out(
    *, drop_out: DropOut, decision: str, note: str, by: User, seen: int | None = None
) -> tuple[DropOut, HandedOver]:
    """Decides what becomes of a case that should have been excluded. Manual 6.1c, 4.4k, A1b.

    With `substituted` the next substitute in order joins the sample as a file read, and the schedule is told; `seen` is
    the key of the drawn case that the page showed. Raises AlreadyDecided, NoteNeeded, NoSubstitute, OtherSubstitute.
    """
    inspection = drop_out.case.inspection
    one_at_a_time(inspection)
    found = (
        DropOut.objects.select_for_update(of=("self",))
        .select_related("case__case", "case__inspection__pack")
        .get(pk=drop_out.pk)
    )
    if found.decision:
        raise AlreadyDecided(f"Somebody decided meanwhile: {found.get_decision_display().lower()}.")
    found.decision, found.decision_note = DropOut.Decision(decision), _written(note)
    list(Assessment.objects.select_for_update().filter(case=found.case))
    if found.decision == DropOut.Decision.SUBSTITUTED:
        found.substitute = _step_in(found.case, seen)
    handed = HandedOver(None)
    if found.decision in LEFT_THE_SAMPLE:
        handed = hand_over(left=found.case, to=found.substitute, by=by)
    found.decided_by, found.decided_at = by, clock.now()
    found.save()
    instead = f"; case {found.substitute.number} steps in" if found.substitute else ""
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="decide_drop_out",
        subject=found,
        summary=f"Decided on {found.case.case_list} case {found.case.number}: {found.decision}{instead}",
        details={"allocated": bool(handed.allocation), "why_not": handed.why_not},
    )
    if found.decision == DropOut.Decision.NOT_REPLACED:
        note_all_submitted(inspection=inspection, by=by)
    return found, handed


def _step_in(left: SampledCase, seen: int | None) -> SampledCase:
    """Puts the next substitute into the sample in place of a case."""
    chosen = substitutes.next_for(left)
    if chosen is None:
        raise NoSubstitute(
            "No substitute is left on this list. Decide that the case is not replaced, or that it stays."
        )
    if seen is not None and seen != chosen.row.pk:
        raise OtherSubstitute("The substitute that you saw has stepped in elsewhere. Look at the next one and decide.")
    same_list = left.inspection.sampled_cases.filter(case_list=left.case_list)
    highest = same_list.aggregate(highest=Max("number"))["highest"] or 0
    return SampledCase.objects.create(
        inspection=left.inspection,
        case_list=left.case_list,
        case=chosen.row.case,
        number=highest + 1,
        in_place_of=left.case,
        file_read=True,
        at=clock.now(),
    )


def _written(note: str) -> str:
    text = note.replace("\r\n", "\n").strip()
    if not text:
        raise NoteNeeded("Write a short note.")
    if len(text) > LONGEST_NOTE:
        raise NoteNeeded(f"The note has {len(text)} characters, {LONGEST_NOTE} is the most.")
    return text
