"""Chapter 4.4: the body marks exclusions and returns the sample; administrator and lead confirm the final one."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell_body
from inspectorate.methodology.sampling import CaseList, ExclusionReason
from inspectorate.programme import access, packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import limited, reading, samples
from inspectorate.sampling.models import Draw, Exclusion, SampleConfirmation, SampledCase, SampleReturn

LONGEST_NOTE = 2000


class UnknownReason(Exception):
    """A case was to be excluded for a reason that is not on the closed list, or a case that was not drawn."""


class OldDraw(Exception):
    """Another sample was drawn since; this one counts no longer."""


class NotReturned(Exception):
    """The body has not returned the sample yet."""


class AlreadyConfirmed(Exception):
    """The sample, or this role's half of it, is confirmed."""


class SamePerson(Exception):
    """One person was to confirm the final sample in both roles, or in none."""


def reasons(inspection: Inspection, case_list: CaseList) -> tuple[ExclusionReason, ...]:
    """The closed list of reasons for excluding a case of a list there. Manual 4.4e, 4.4g, 4.4i, 4.4j."""
    return tuple(
        reason
        for reason in case_list.exclusions
        if reason.stage == "list" and (not reason.nations or inspection.nation in reason.nations)
    )


def _open(draw: Draw) -> None:
    """Holds the inspection; raises OldDraw where the draw is not the newest one of its list."""
    one_at_a_time(draw.long_list.inspection)
    newest = Draw.objects.filter(
        long_list__inspection=draw.long_list.inspection_id, long_list__case_list=draw.long_list.case_list
    )
    if newest.values_list("pk", flat=True).first() != draw.pk:
        raise OldDraw("Another sample was drawn since. Open the newest one.")


@transaction.atomic
def mark_exclusions(*, draw: Draw, marks: Mapping[str, tuple[str, str]], by: User) -> int:
    """Marks drawn cases: reference -> (id of the reason, note); an empty reason takes a mark away, and the row that
    made it stays. Answers how many marks changed. Manual 4.4e, 4.4g, 4.4i, 4.4j.

    Raises UnknownReason with all that is wrong, OldDraw, AlreadyConfirmed once somebody has confirmed the sample.
    """
    _open(draw)
    if draw.confirmations.exists():
        raise AlreadyConfirmed("The inspectorate has begun to confirm this sample. Its exclusions can change no more.")
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
    standing = {row: (mark.reason, mark.note) for row, mark in samples.marks_of(draw).items()}
    at = clock.now()
    changed = [
        Exclusion(drawn=drawn[reference], reason=reason, note=note if reason else "", by=by, at=at)
        for reference, (reason, note) in marks.items()
        if standing.get(drawn[reference].pk, ("", "")) != (reason, note if reason else "")
    ]
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


@transaction.atomic
def return_sample(*, draw: Draw, by: User) -> SampleReturn:
    """Returns the marked sample to the inspectorate. Manual 4.4e, 4.4g. Raises OldDraw, AlreadyConfirmed."""
    _open(draw)
    if SampleReturn.objects.filter(draw=draw).exists():
        raise AlreadyConfirmed("This sample was returned already.")
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

    Excluded cases are replaced by substitutes by the rule. True when the sample is final. Raises OldDraw, NotReturned,
    SamePerson, AlreadyConfirmed.
    """
    _open(draw)
    inspection = draw.long_list.inspection
    if not SampleReturn.objects.filter(draw=draw).exists():
        raise NotReturned("The inspected body has not returned this sample yet.")
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
    final = samples.final_of(case_list, draw, samples.rows_of(draw), samples.marks_of(draw))
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
