"""Chapter 4.4: a long list is given, read again after a person matched its columns, and accepted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import File
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import receive
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import accepting, reading, tasks
from inspectorate.sampling.models import LongList


class UnknownList(LookupError):
    """An inspection of this kind has no such list."""


class NotReady(Exception):
    """The list is not in the state that this needs."""


class ListChanged(Exception):
    """The file no longer gives what was shown when it was read; the list has to be given again."""


class ColumnTwice(Exception):
    """Two headers were matched to one column of the specification, or to none that there is."""


@transaction.atomic
def give_long_list(*, inspection: Inspection, case_list: str, upload: File[Any], by: User) -> LongList:
    """Keeps a long list as it was sent and has it read in the background. Manual 4.4b.

    Raises UnknownList, NotReady once the final sample is confirmed, and documents' WrongFile.
    """
    known_list(inspection, case_list)
    one_at_a_time(inspection)
    refuse_late(inspection, case_list)
    earlier = inspection.long_lists.filter(case_list=case_list).select_related("document").first()
    document = receive(
        inspection=inspection,
        slot="longlist",
        upload=upload,
        by=by,
        replaces=earlier.document if earlier else None,
    )
    given = LongList.objects.create(
        inspection=inspection, case_list=case_list, document=document, given_by=by, given_at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="give_long_list",
        subject=given,
        summary=f"Gave the {case_list} long list",
        details={"sha256": document.digest},
    )
    tasks.read_long_list.enqueue(given.pk)
    return given


def known_list(inspection: Inspection, case_list: str) -> CaseList:
    """The specification of a list that this inspection has. Raises UnknownList."""
    for one in reading.lists_of(inspection):
        if one.id == case_list:
            return one
    raise UnknownList(f"This inspection has no list '{case_list}'.")


def refuse_late(inspection: Inspection, case_list: str) -> None:
    """Raises NotReady once the final sample of a list is confirmed."""
    if inspection.sampled_cases.filter(case_list=case_list).exists():
        raise NotReady("The final sample of this list is confirmed, so the list stays as it is.")


@transaction.atomic
def read_again(*, long_list: LongList, by: User, columns: Sequence[str] | None = None) -> LongList:
    """Has a list read again: after `columns`, the column id (or "") of each header in order, or as at first.
    Manual 4.4b. Raises NotReady for an accepted list, ColumnTwice."""
    kept = LongList.objects.select_for_update().get(pk=long_list.pk)
    long_list.state, long_list.matching = kept.state, kept.matching
    if long_list.state in (LongList.State.ACCEPTING, LongList.State.ACCEPTED):
        raise NotReady("This list is accepted and stays as it was read.")
    if columns is not None:
        long_list.matching = _matched(long_list, columns) | {"by": by.name, "at": clock.now().isoformat()}
    elif long_list.state not in (LongList.State.RECEIVED, LongList.State.READING):
        long_list.matching = _undone(long_list.matching, by)
    long_list.state = LongList.State.RECEIVED
    long_list.save(update_fields=["state", "matching"])
    trail.record_change(
        chain=long_list.inspection.chain,
        by=by,
        action="read_again",
        subject=long_list,
        summary=f"Had the {long_list.case_list} long list read again",
        details={"columns": long_list.matching.get("columns", [])},
    )
    tasks.read_long_list.enqueue(long_list.pk)
    return long_list


def _matched(long_list: LongList, columns: Sequence[str]) -> dict[str, Any]:
    matching = long_list.matching
    if not matching.get("columns"):
        raise NotReady("No row with headers was found in this file, so there is nothing to match. Give the file again.")
    headers = [name for name, _ in matching["columns"]]
    known = {column.id: column.header for column in reading.specification(long_list).columns}
    if len(columns) != len(headers) or not set(columns) <= {*known, ""}:
        raise ColumnTwice("The matching does not fit the headers of this file. Open the page again.")
    twice = sorted({known[one] for one in columns if one and columns.count(one) > 1})
    if twice:
        raise ColumnTwice(f"Two headers are matched to {', '.join(twice)}. Choose one of them.")
    place = {one: matching[one] for one in ("sheet", "row")}
    return {**place, "columns": [list(pair) for pair in zip(headers, columns, strict=True)], "by_hand": True}


def _undone(matching: Mapping[str, Any], by: User) -> dict[str, Any]:
    """What is kept of a matching that is not to count: who had the headers read as at first, and when."""
    if matching.get("by_hand") or matching.get("as_of") or matching.get("at_first"):
        return {"at_first": True, "by": by.name, "at": clock.now().isoformat()}
    return {}


@transaction.atomic
def begin_accepting(*, long_list: LongList, by: User) -> None:
    """Has a list without faults accepted in the background: its file is read once more, and its cases are written.
    Manual 4.4b. Raises NotReady."""
    _begin_accepting(long_list, by)
    tasks.accept_long_list.enqueue(long_list.pk)


def accept_long_list(*, long_list: LongList, by: User) -> int:
    """Accepts a list at once; answers how many cases it has. Manual 4.4b. Raises NotReady, ListChanged."""
    with transaction.atomic():
        _begin_accepting(long_list, by)
    accepting.finish_accepting(long_list=long_list)
    long_list.refresh_from_db()
    if long_list.state == LongList.State.REFUSED:
        raise ListChanged(" ".join(what for _, _, _, _, what, _ in long_list.faults))
    return long_list.size


def _begin_accepting(long_list: LongList, by: User) -> None:
    one_at_a_time(long_list.inspection)
    found = LongList.objects.select_for_update().get(pk=long_list.pk)
    if found.state not in (LongList.State.READY, LongList.State.ACCEPTING):
        raise NotReady("Only a list that was read without faults can be accepted.")
    refuse_late(long_list.inspection, found.case_list)
    found.state, found.accepted_by = LongList.State.ACCEPTING, by
    found.save(update_fields=["state", "accepted_by"])
    trail.record_change(
        chain=long_list.inspection.chain,
        by=by,
        action="begin_accepting",
        subject=found,
        summary=f"Had the {found.case_list} long list of {found.size} cases accepted",
        details={"digest": found.digest},
    )
    long_list.refresh_from_db()
