"""Chapter 4.4: the body marks exclusions and returns the sample; administrator and lead confirm the final one."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell_body
from inspectorate.methodology.sampling import CaseList, ExclusionReason
from inspectorate.programme import access, packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import limited, reading, returning, samples
from inspectorate.sampling.models import (
    Draw,
    DrawnCase,
    Exclusion,
    SampleConfirmation,
    SampledCase,
    SampleReturn,
)

LONGEST_NOTE = returning.LONGEST_NOTE
NO_MARK = ("", "", None)


class UnknownReason(Exception):
    """A case was to be excluded for a reason that is not on the closed list, or a case that was not drawn."""


class OldDraw(Exception):
    """Another sample was drawn since; this one counts no longer."""


class NotReturned(Exception):
    """The body has not returned the sample yet."""


class AlreadyConfirmed(Exception):
    """The sample, or this role's half of it, is confirmed."""


class Incomplete(Exception):
    """A sample was to be returned with marks that lack something; `missing` is (reference, what) for each of them."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(f"{reference}: {what}" for reference, what in missing))


class Unanswered(Exception):
    """The sample was to be confirmed while exclusions on it have no answer."""


class SamePerson(Exception):
    """One person was to confirm the final sample in both roles, or in none."""


def reasons(inspection: Inspection, case_list: CaseList) -> tuple[ExclusionReason, ...]:
    """The closed list of reasons for excluding a case of a list there. Manual 4.4e, 4.4g, 4.4i, 4.4j."""
    return tuple(
        reason
        for reason in case_list.exclusions
        if reason.stage == "list" and (not reason.nations or inspection.nation in reason.nations)
    )


def hold_newest(draw: Draw) -> None:
    """Holds the inspection; raises OldDraw where the draw is not the newest one of its list."""
    one_at_a_time(draw.long_list.inspection)
    newest = Draw.objects.filter(
        long_list__inspection=draw.long_list.inspection_id, long_list__case_list=draw.long_list.case_list
    )
    if newest.values_list("pk", flat=True).first() != draw.pk:
        raise OldDraw(returning.OLD_DRAW)


def hold_open(draw: Draw) -> None:
    """Holds a draw on which marks may still change: until the inspectorate answers one or confirms. Manual 4.4e, 4.4f.

    Raises OldDraw and AlreadyConfirmed.
    """
    hold_newest(draw)
    if why := returning.why_closed(returning.with_state(Draw.objects.filter(pk=draw.pk)).defer("receipt").get()):
        raise AlreadyConfirmed(why)


@transaction.atomic
def mark_exclusions(*, draw: Draw, marks: Mapping[str, tuple[str, str]], by: User) -> int:
    """Marks drawn cases: reference -> (id of the reason, note); an empty reason takes a mark away, and the row that
    made it stays. Answers how many marks changed. Manual 4.4e, 4.4g, 4.4i, 4.4j.

    Raises UnknownReason with all that is wrong, OldDraw, AlreadyConfirmed once the inspectorate has answered one or
    confirmed the sample, and Incomplete where the sample is returned already and a changed mark lacks something.
    """
    hold_open(draw)
    inspection = draw.long_list.inspection
    known = {reason.id for reason in reasons(inspection, reading.specification(draw.long_list))}
    drawn = {row.case.reference: row for row in samples.rows_of(draw)}
    wrong = [f"{reference} was not drawn." for reference in marks if reference not in drawn]
    wrong += [
        f"{reference}: '{reason}' is not one of the reasons."
        for reference, (reason, _) in marks.items()
        if reason and reason not in known
    ]
    wrong += [
        f"{reference}: the note has {len(note)} characters, {LONGEST_NOTE} is the most."
        for reference, (_, note) in marks.items()
        if len(note) > LONGEST_NOTE
    ]
    if wrong:
        raise UnknownReason(" ".join(wrong[:20]))
    standing = {row: (mark.reason, mark.note, mark.document_id) for row, mark in samples.marks_of(draw).items()}
    changed = [
        mark
        for reference, (reason, note) in marks.items()
        if (mark := _changed(drawn[reference], standing.get(drawn[reference].pk, NO_MARK), reason, note, by))
    ]
    if SampleReturn.objects.filter(draw=draw).exists():
        _complete(draw, changed)
    Exclusion.objects.bulk_create(changed)
    turned = [one.drawn for one in changed if limited.REASON in (one.reason, *standing.get(one.drawn_id, ()))]
    limited.follow(inspection, [one.case.reference for one in turned])
    if changed:
        trail.record_change(
            chain=inspection.chain,
            by=by,
            action="mark_exclusions",
            subject=draw,
            summary=f"Changed {len(changed)} exclusions on the {draw.long_list.case_list} sample",
            details={"excluded": sum(1 for one in changed if one.reason)},
        )
    return len(changed)


def _changed(row: DrawnCase, was: tuple[str, str, int | None], reason: str, note: str, by: User) -> Exclusion | None:
    """The mark that is to stand on a case now, None where it stands already. Evidence stays with its reason."""
    note = note if reason else ""
    if was[:2] == (reason, note):
        return None
    document = was[2] if was[0] == reason else None
    return Exclusion(drawn=row, reason=reason, note=note, document_id=document, by=by, at=clock.now())


def _complete(draw: Draw, marks: Iterable[Exclusion]) -> None:
    """Raises Incomplete with everything that is missing from the marks."""
    if missing := returning.missing(reading.specification(draw.long_list), marks):
        raise Incomplete(missing)


@transaction.atomic
def return_sample(*, draw: Draw, by: User) -> SampleReturn:
    """Returns the marked sample to the inspectorate. Manual 4.4e, 4.4g. Raises OldDraw, AlreadyConfirmed, and
    Incomplete with everything that is missing."""
    hold_newest(draw)
    if SampleReturn.objects.filter(draw=draw).exists():
        raise AlreadyConfirmed("This sample was returned already.")
    _complete(draw, samples.marks_of(draw).values())
    inspection, name = draw.long_list.inspection, draw.long_list.case_list
    returned = SampleReturn.objects.create(draw=draw, by=by, at=clock.now())
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="return_sample",
        subject=draw,
        summary=f"Returned the {name} sample with {len(samples.marks_of(draw))} exclusions",
    )
    if name in reading.OWN_EVENT:
        note_done(inspection=inspection, event="court-report-return", by=by)
    back = set(
        Draw.objects.filter(long_list__inspection=inspection, returned__isnull=False).values_list(
            "long_list__case_list", flat=True
        )
    )
    if {one.id for one in reading.lists_of(inspection)} - reading.OWN_EVENT <= back:
        note_done(inspection=inspection, event="exclusions-returned", by=by)
    return returned


def confirming_roles(inspection: Inspection) -> tuple[str, ...]:
    """The roles that both have to confirm a final sample. Manual 4.4f."""
    return tuple(role.id for role in packs.pack_of(inspection).roles.holders_of("sample.confirm"))


def role_to_confirm(draw: Draw, by: User, given: Sequence[SampleConfirmation]) -> str:
    """The role in which a person can confirm now. Raises SamePerson, AlreadyConfirmed."""
    inspection = draw.long_list.inspection
    if any(one.by_id == by.pk for one in given):
        raise SamePerson("You have confirmed this sample. The second confirmation is another person's.")
    mine = access.roles_on(by, inspection) & set(confirming_roles(inspection))
    if not mine:
        raise SamePerson("The administrator and the lead inspector confirm the final sample.")
    left = sorted(mine - {one.role for one in given})
    if not left:
        raise AlreadyConfirmed("Somebody has confirmed this sample in your role.")
    return left[0]


@transaction.atomic
def confirm_sample(*, draw: Draw, by: User) -> bool:
    """Confirms the returned sample in one's role; with the second role the final sample is made. Manual 4.4f, 4.4k.

    Excluded cases are replaced by substitutes by the rule; a refused exclusion excludes nothing. True when the sample
    is final. Raises OldDraw, NotReturned, Unanswered, SamePerson, AlreadyConfirmed.
    """
    hold_newest(draw)
    inspection = draw.long_list.inspection
    if not SampleReturn.objects.filter(draw=draw).exists():
        raise NotReturned("The inspected body has not returned this sample yet.")
    if left := returning.unanswered(draw):
        raise Unanswered(
            f"{left} {'exclusion has' if left == 1 else 'exclusions have'} no answer yet. "
            "Accept or refuse every exclusion before the sample is confirmed."
        )
    given = list(draw.confirmations.all())
    role = role_to_confirm(draw, by, given)
    SampleConfirmation.objects.create(draw=draw, role=role, by=by, at=clock.now())
    final = {one.role for one in given} | {role} >= set(confirming_roles(inspection))
    made = _make_final(draw) if final else 0
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="confirm_sample",
        subject=draw,
        summary=f"Confirmed the {draw.long_list.case_list} sample as {role}" + (f": {made} cases" if final else ""),
    )
    if final:
        _note_final(inspection, by)
    return final


def _make_final(draw: Draw) -> int:
    """Writes the cases of the final sample, numbered by unit and reference."""
    case_list = reading.specification(draw.long_list)
    final = samples.final_of(case_list, draw, samples.rows_of(draw), samples.excluded_of(draw))
    SampledCase.objects.bulk_create(
        SampledCase(
            inspection=draw.long_list.inspection,
            case_list=case_list.id,
            case=one.row.case,
            number=number,
            in_place_of=one.in_place_of.case if one.in_place_of else None,
            at=clock.now(),
        )
        for number, one in enumerate(final.chosen, 1)
    )
    draw.final_margins = samples.final_margins(case_list, draw, final)
    draw.save(update_fields=["final_margins"])
    return len(final.chosen)


def _note_final(inspection: Inspection, by: User) -> None:
    ready = set(inspection.sampled_cases.order_by().values_list("case_list", flat=True).distinct())
    if {one.id for one in reading.lists_of(inspection)} - reading.OWN_EVENT <= ready:
        for event in ("sample-check", "final-sample"):
            note_done(inspection=inspection, event=event, by=by)
    tell_body(inspection=inspection, what="A final sample", right="exclusions.mark")
