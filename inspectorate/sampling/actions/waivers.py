"""Chapter 4.4: faults of a long list that cannot be mended are waived, each with its outcome and a reason."""

from collections.abc import Collection

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.sampling import reading, tasks, waiving
from inspectorate.sampling.models import LongList, Waiver

BATCH = 2000


class CannotWaive(Exception):
    """These faults cannot be waived, or not so; the message says why."""


@transaction.atomic
def waive_faults(
    *, long_list: LongList, kind: str, outcome: str, reason: str, by: User, rows: Collection[int] | None = None
) -> int:
    """Waives the faults of one kind, on these rows or on all, and has the list read again; answers how many.
    Manual 4.4b.

    `kind` is the id of a `waiving.Kind`. Raises CannotWaive.
    """
    found = LongList.objects.select_for_update().get(pk=long_list.pk)
    found.inspection = long_list.inspection
    _refuse(found, reason)
    of, chosen = _chosen(found, kind, rows)
    if outcome not in of.outcomes:
        raise CannotWaive(_refusal(of))
    waived = [one for one in waiving.of_kind(of, found.faults) if one.row in chosen]
    Waiver.objects.bulk_create(
        (
            Waiver(
                long_list=found,
                row=fault.row,
                column=fault.column[: waiving.LONGEST_COLUMN],
                value=fault.value[: waiving.LONGEST_VALUE],
                what=fault.what[: waiving.LONGEST_WHAT],
                outcome=outcome,
                reason=reason.strip(),
                by=by,
                at=clock.now(),
            )
            for fault in waived
        ),
        batch_size=BATCH,
    )
    found.state = LongList.State.RECEIVED
    found.save(update_fields=["state"])
    trail.record_change(
        chain=long_list.inspection.chain,
        by=by,
        action="waive_faults",
        subject=found,
        summary=f"Waived {len(waived)} faults of the {found.case_list} long list",
        details={"column": of.column, "outcome": outcome, "reason": reason.strip(), "rows": sorted(chosen)[:200]},
    )
    tasks.read_long_list.enqueue(found.pk)
    return len(waived)


def _chosen(found: LongList, kind: str, rows: Collection[int] | None) -> tuple[waiving.Kind, set[int]]:
    of = next((one for one in kinds_of(found) if one.id == kind), None)
    if of is None:
        raise CannotWaive("The list has no such fault any more. Open its page again.")
    chosen = set(of.rows) if rows is None else set(rows)
    if strange := sorted(chosen - set(of.rows)):
        raise CannotWaive(f"This fault does not stand on row {', '.join(map(str, strange[:10]))}.")
    if not chosen:
        raise CannotWaive("None of these rows has this fault.")
    return of, chosen


def kinds_of(long_list: LongList) -> list[waiving.Kind]:
    """The faults of a list, those alike together."""
    heading = reading.heading_of(long_list.matching)
    if heading is None:
        return []
    return waiving.kinds(reading.specification(long_list), heading, long_list.faults)


def _refuse(found: LongList, reason: str) -> None:
    if found.state == LongList.State.ACCEPTED:
        raise CannotWaive("This list is accepted. Its faults were settled before, and nothing is waived any more.")
    if found.state != LongList.State.REFUSED:
        raise CannotWaive("Only a list that was read and has faults can have them waived. Open its page again.")
    if not reason.strip():
        raise CannotWaive("Say why the fault cannot be mended.")


def _refusal(kind: waiving.Kind) -> str:
    if not kind.outcomes:
        return "This fault cannot be waived: nothing can be told from the list with it. The inspected body mends it."
    return (
        f"The list hangs on every cell of {kind.column}, so that the row can be left out only."
        if waiving.LEFT_OUT in kind.outcomes
        else "There is no row to leave out: the column is missing. It can be taken as empty."
    )
