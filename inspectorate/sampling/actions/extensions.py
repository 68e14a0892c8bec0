"""Chapter 4.4: more cases than were drawn at first join a sample, in the order of its substitutes."""

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import tell_body
from inspectorate.methodology import sampling as rules
from inspectorate.programme.actions import one_at_a_time
from inspectorate.sampling import reading, samples
from inspectorate.sampling.actions.errors import PanelDecided, ReasonNeeded, WrongSize
from inspectorate.sampling.actions.final import AlreadyConfirmed, OldDraw
from inspectorate.sampling.models import Draw, DropOut, Extension, SampledCase


def why_over(draw: Draw) -> str:
    """Why a sample is not extended any more, "" as long as it may be. Manual 7.2f."""
    if samples.decided_on(draw):
        return "The ratings panel has decided on the cases of this sample, so no more can join it."
    return ""


@transaction.atomic
def extend_sample(*, draw: Draw, cases: int, reason: str, by: User) -> Extension:
    """Lets so many more cases join the newest draw of a list, before its final sample is confirmed or after. Nobody who
    is in the sample leaves or moves. Manual 4.4f, 4.4k.

    Raises OldDraw, ReasonNeeded, WrongSize where too few substitutes remain, AlreadyConfirmed between the first and the
    second confirmation, PanelDecided.
    """
    inspection, name = draw.long_list.inspection, draw.long_list.case_list
    one_at_a_time(inspection)
    if over := why_over(draw):
        raise PanelDecided(over)
    newest = Draw.objects.filter(long_list__inspection=inspection, long_list__case_list=name)
    if newest.values_list("pk", flat=True).first() != draw.pk:
        raise OldDraw("Another sample was drawn since. Open the newest one.")
    if not reason.strip():
        raise ReasonNeeded("Say why more cases are needed.")
    sampled = list(inspection.sampled_cases.filter(case_list=name).select_related("case"))
    if not sampled and draw.confirmations.exists():
        raise AlreadyConfirmed("One of two people has confirmed this sample. It is extended once both have.")
    joined = _join_final(draw, sampled, cases) if sampled else _join(draw, cases)
    made = Extension.objects.create(draw=draw, cases=cases, reason=reason.strip(), by=by, at=clock.now())
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="extend_sample",
        subject=made,
        summary=f"Extended the {name} sample by {cases} cases",
        details={"reason": made.reason, "tickets": joined},
    )
    if sampled:
        tell_body(inspection=inspection, what="A longer final sample", right="exclusions.mark")
    return made


def _join(draw: Draw, cases: int) -> list[int]:
    """Checks that so many substitutes remain; answers the tickets of those who join."""
    case_list = reading.specification(draw.long_list)
    rows = samples.rows_of(draw)
    remaining = len(samples.final_of(case_list, draw, rows, samples.excluded_of(draw)).substitutes)
    _check(cases, remaining)
    before = samples.extended_by(draw)
    return [row.ticket for row in rows if row.substitute][before : before + cases]


def _join_final(draw: Draw, sampled: list[SampledCase], cases: int) -> list[int]:
    """Adds cases to a final sample; those who join once fieldwork has begun are read as files. Manual 6.1c."""
    case_list, inspection = reading.specification(draw.long_list), draw.long_list.inspection
    rows = samples.rows_of(draw)
    inside = {one.case.reference for one in sampled}
    dropped = DropOut.objects.filter(case__in=sampled).exclude(decision__in=("", DropOut.Decision.KEPT))
    gone = set(dropped.values_list("case__case_id", flat=True))
    out = {row.pk for row in rows if row.case_id in gone} | samples.excluded_of(draw)
    drawn, before = samples.as_drawn(case_list, draw, rows), samples.extended_by(draw)
    _check(cases, sum(1 for row in rows if row.substitute and row.pk not in out and row.case.reference not in inside))
    selected = {one.reference for one in (*drawn.selected, *drawn.substitutes[:before])}
    joining = rules.joining(drawn, cases, before=before, inside=inside, out=samples.in_turn(rows, out, selected))
    by_reference = {row.case.reference: row for row in rows}
    last = max(one.number for one in sampled)
    SampledCase.objects.bulk_create(
        SampledCase(
            inspection=inspection,
            case_list=case_list.id,
            case=by_reference[one.reference].case,
            number=number,
            file_read=clock.today() >= inspection.fieldwork,
            at=clock.now(),
        )
        for number, one in enumerate(joining, last + 1)
    )
    return [by_reference[one.reference].ticket for one in joining]


def _check(cases: int, remaining: int) -> None:
    if cases < 1:
        raise WrongSize(f"{cases} more cases cannot join. Give 1 or more.")
    if cases > remaining:
        raise WrongSize(f"Only {remaining} substitutes remain, so {cases} more cases cannot join.")
