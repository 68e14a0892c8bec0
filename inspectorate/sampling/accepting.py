"""Chapter 4.4, long lists: writes the cases of a list that a person accepts, in the background."""

from collections.abc import Sequence

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.spreadsheets import UnreadableSheet
from inspectorate.methodology import sampling as rules
from inspectorate.programme.actions import add_units, one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import acceptance, limited, reading
from inspectorate.sampling.checking import Fault
from inspectorate.sampling.models import ListedCase, LongList
from inspectorate.sampling.read_cases import ReadCase

BATCH = 2000


def finish_accepting(*, long_list: LongList) -> LongList:
    """Writes the cases of a list that is being accepted, and the units that the body did not have yet.

    The file is read once more, before anybody has to wait for it; where it no longer gives what was shown, the list is
    refused. Does nothing for a list that is not being accepted, so that the same task may run twice. Manual 4.4b.
    """
    before = LongList.objects.select_related("inspection__body", "inspection__pack", "document").get(pk=long_list.pk)
    if before.state != LongList.State.ACCEPTING:
        return before
    cases, changed = _as_shown(before)
    with transaction.atomic():
        one_at_a_time(before.inspection)
        found = LongList.objects.select_for_update().get(pk=before.pk)
        found.inspection = before.inspection
        if found.state != LongList.State.ACCEPTING:
            return found
        if before.inspection.sampled_cases.filter(case_list=found.case_list).exists():
            found.state, found.accepted_by = LongList.State.READY, None
            found.save(update_fields=["state", "accepted_by"])
        elif changed:
            _refuse(found, changed)
        else:
            _accept(found, cases)
    return found


def _as_shown(found: LongList) -> tuple[Sequence[ReadCase], str]:
    """The cases of the file, or why they are not those that were shown when it was read."""
    try:
        cases = reading.read_list(found, as_shown=True).checked.cases
    except UnreadableSheet as refusal:
        return (), f"The file cannot be read any more. {refusal}"
    if rules.list_digest(cases.listed()) != found.digest:
        return (), "The file no longer gives what was read before. Give the list again."
    return cases, ""


def _refuse(found: LongList, why: str) -> None:
    reading.note_faults(found, [Fault("", 0, "", "", why, "")])
    by, found.accepted_by = _accepts(found), None
    found.save()
    trail.record_change(
        chain=found.inspection.chain,
        by=by,
        action="refuse_long_list",
        subject=found,
        summary=f"Did not accept the {found.case_list} long list: its file is not the one that was read",
        details={"why": why},
    )


def _accept(found: LongList, cases: Sequence[ReadCase]) -> None:
    by, case_list = _accepts(found), reading.specification(found)
    _keep_cases(found.inspection, found, cases)
    _add_units(found.inspection, cases, by)
    found.state, found.accepted_at = LongList.State.ACCEPTED, clock.now()
    found.matching = {**found.matching, "receipt": acceptance.receipt_of(found, case_list, by)}
    found.save(update_fields=["state", "accepted_at", "matching"])
    trail.record_change(
        chain=found.inspection.chain,
        by=by,
        action="accept_long_list",
        subject=found,
        summary=f"Accepted the {found.case_list} long list of {len(cases)} cases",
        details={"digest": found.digest, "receipt": acceptance.digest_of(found.matching["receipt"])},
    )


def _accepts(found: LongList) -> User:
    by = found.accepted_by
    assert by is not None, "a list is accepted by somebody"
    return by


def _keep_cases(inspection: Inspection, found: LongList, cases: Sequence[ReadCase]) -> None:
    known = limited.known_in(inspection)
    ListedCase.objects.bulk_create(
        (
            ListedCase(
                long_list=found,
                row=case.row,
                reference=case.reference,
                unit_1=case.units[0] if case.units else "",
                unit_2=case.units[1] if len(case.units) > 1 else "",
                facts=case.facts,
                limited=limited.says_so(case.facts) or limited.key(case.reference) in known,
            )
            for case in cases
        ),
        batch_size=BATCH,
    )
    limited.follow(inspection, [one.reference for one in cases if limited.says_so(one.facts)])


def _add_units(inspection: Inspection, cases: Sequence[ReadCase], by: User) -> None:
    units: dict[str, set[str]] = {}
    for case in cases:
        if case.units:
            units.setdefault(case.units[0], set()).update(case.units[1:2])
    if units:
        add_units(body=inspection.body, units={first: sorted(units[first]) for first in sorted(units)}, by=by)
