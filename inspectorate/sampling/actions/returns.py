"""Chapter 4.4, stages 3 and 4: the returned sheet, evidence with an exclusion, officers' days away, and the
inspectorate's answers."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import receive, tell_body
from inspectorate.documents.models import Document
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import marks_sheet, officers, reading, samples
from inspectorate.sampling.actions.final import (
    AlreadyConfirmed,
    NotReturned,
    hold_newest,
    hold_open,
    mark_exclusions,
    reasons,
)
from inspectorate.sampling.models import Draw, DrawnCase, Exclusion, ExclusionAnswer, OfficerAway, SampleReturn
from inspectorate.sampling.officers import Away

SHEET, EVIDENCE = "exclusion-sheet", "exclusion-evidence"


class NotExcluded(Exception):
    """Evidence was given for a case that is not marked as excluded."""


class MarksChanged(Exception):
    """The marks changed between the preview of a sheet and its use."""


class SheetHasFaults(Exception):
    """A sheet with faults was to be used."""


class NotAway(Exception):
    """Days away that cannot be: an unknown officer, days outside fieldwork or the wrong way round, or said before."""


class RefusalNeedsReason(Exception):
    """Exclusions were refused without a reason; `references` names their cases."""

    def __init__(self, references: Sequence[str]) -> None:
        self.references = tuple(references)
        super().__init__(f"Say why the exclusion is refused: {', '.join(references)}.")


class UnknownMark(Exception):
    """An answer was given to a mark that does not stand on this sample."""


def asked_of(draw: Draw, rows: Sequence[DrawnCase]) -> marks_sheet.Asked:
    """What a sheet of this draw is held against."""
    inspection, case_list = draw.long_list.inspection, reading.specification(draw.long_list)
    first, last = officers.fieldwork_days(inspection)
    return marks_sheet.Asked(
        references=frozenset(row.case.reference for row in rows),
        reasons=reasons(inspection, case_list),
        officers=tuple(officers.officers_of(rows)),
        first_day=first,
        last_day=last,
        given_on=clock.today(),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A mark that a sheet would change: the case, what stands now, what would stand, as (reason id, note)."""

    reference: str
    was: tuple[str, str]
    becomes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What using a sheet would change. `digest` names exactly this."""

    changes: tuple[Change, ...]
    unchanged: int
    added: tuple[Away, ...]
    withdrawn: tuple[OfficerAway, ...]
    digest: str

    @property
    def nothing(self) -> bool:
        return not (self.changes or self.added or self.withdrawn)


def preview(draw: Draw, rows: Sequence[Any], returned: marks_sheet.Returned) -> Preview:
    """What a sheet without faults would change now; `rows` are those of `samples.marked_rows`. One query."""
    standing = {row.case.reference: (row.mark_reason, row.mark_note) for row in rows if row.mark_reason}
    changes = tuple(
        Change(reference, standing.get(reference, ("", "")), mark)
        for reference, mark in sorted(returned.marks.items())
        if standing.get(reference, ("", "")) != mark
    )
    added, withdrawn = _away_changes(draw.long_list.inspection, officers.officers_of(rows), returned.away)
    content: list[Any] = [[one.reference, one.was, one.becomes] for one in changes]
    content += [[one.officer, str(one.first_day), str(one.last_day), one.note] for one in added]
    content += [one.pk for one in withdrawn]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return Preview(changes, len(returned.marks) - len(changes), added, withdrawn, digest)


def _away_changes(
    inspection: Inspection, known: Sequence[str], away: Sequence[Away] | None
) -> tuple[tuple[Away, ...], tuple[OfficerAway, ...]]:
    """Days away to add and to withdraw: a sheet says all of its officers; without one nothing changes."""
    if away is None:
        return (), ()
    standing = [one for one in officers.standing_away(inspection) if one.officer in known]
    said = {Away(one.officer, one.first_day, one.last_day, one.note) for one in standing}
    added = tuple(sorted(set(away) - said))
    withdrawn = tuple(
        one for one in standing if Away(one.officer, one.first_day, one.last_day, one.note) not in set(away)
    )
    return added, withdrawn


@transaction.atomic
def receive_sheet(*, draw: Draw, upload: File[bytes], by: User) -> Document:
    """Keeps a returned sheet as it was sent; nothing of it counts yet. Manual 4.4d, 4.4e.

    Raises documents.files.WrongFile, OldDraw, AlreadyConfirmed.
    """
    hold_open(draw)
    return receive(inspection=draw.long_list.inspection, slot=SHEET, upload=upload, by=by)


def use_sheet(*, draw: Draw, document: Document, seen: str, by: User) -> Preview:
    """Uses the marks and days away of a sheet, all or none; `seen` is the digest of the preview that was looked at.
    Manual 4.4d, 4.4e.

    Raises UnreadableSheet, SheetHasFaults, MarksChanged and what `mark_exclusions` raises.
    """
    returned = marks_sheet.read(document.stored.path, asked_of(draw, samples.rows_of(draw)))
    if returned.faults:
        raise SheetHasFaults("This sheet has faults. Mend them and give it again; nothing of it was used.")
    return _use(draw, document, returned, seen, by)


@transaction.atomic
def _use(draw: Draw, document: Document, returned: marks_sheet.Returned, seen: str, by: User) -> Preview:
    hold_open(draw)
    found = preview(draw, samples.marked_rows(draw), returned)
    if found.digest != seen:
        raise MarksChanged("Somebody changed marks since you looked at this page. Look at what would change now.")
    inspection = draw.long_list.inspection
    mark_exclusions(draw=draw, marks={one.reference: one.becomes for one in found.changes}, by=by)
    for away in found.withdrawn:
        _end(away, by)
    for one in found.added:
        _begin(inspection, one, by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="use_sheet",
        subject=draw,
        summary=f"Used a sheet for the {draw.long_list.case_list} sample: {len(found.changes)} marks changed, "
        f"{len(found.added)} absences added and {len(found.withdrawn)} withdrawn",
        details={"document": str(document.public_id), "sha256": document.digest},
    )
    return found


@transaction.atomic
def attach_evidence(*, draw: Draw, row: int, upload: File[bytes], by: User) -> Exclusion:
    """Puts a document to the mark that stands on the case of this row of the long list. Manual 4.4e.

    The mark is written anew with it; older rows stay. Raises documents.files.WrongFile, NotExcluded, OldDraw,
    AlreadyConfirmed.
    """
    hold_open(draw)
    inspection = draw.long_list.inspection
    drawn = draw.cases.select_related("case").filter(case__row=row).first()
    mark = samples.marks_of(draw).get(drawn.pk) if drawn else None
    if drawn is None or mark is None:
        raise NotExcluded("This case is not marked as excluded. Choose a reason first, and save.")
    document = receive(inspection=inspection, slot=EVIDENCE, upload=upload, by=by, replaces=mark.document)
    made = Exclusion.objects.create(
        drawn=drawn, reason=mark.reason, note=mark.note, document=document, by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="attach_evidence",
        subject=draw,
        summary=f"Put a document to an exclusion on the {draw.long_list.case_list} sample",
        details={"document": str(document.public_id)},
    )
    return made


@transaction.atomic
def answer_exclusions(*, draw: Draw, answers: Mapping[int, tuple[bool, str]], by: User) -> int:
    """Accepts or refuses exclusions, by key of the mark: (accepted, reason). Manual 4.4f.

    Answers how many answers are new. Raises OldDraw, NotReturned, AlreadyConfirmed once somebody has confirmed the
    sample, UnknownMark, and RefusalNeedsReason with every case that lacks one.
    """
    hold_newest(draw)
    if not SampleReturn.objects.filter(draw=draw).exists():
        raise NotReturned("The inspected body has not returned this sample yet.")
    if draw.confirmations.exists():
        raise AlreadyConfirmed("Somebody has confirmed this sample. Its exclusions can be answered no more.")
    standing = {mark.pk: mark for mark in samples.marks_of(draw).values()}
    if answers.keys() - standing.keys():
        raise UnknownMark("A mark changed since you looked at this page. Look at the exclusions again.")
    rows = {row.pk: row.case.reference for row in samples.rows_of(draw)}
    if bare := [pk for pk, (accepted, reason) in answers.items() if not accepted and not reason.strip()]:
        raise RefusalNeedsReason([rows[standing[pk].drawn_id] for pk in bare])
    given = {pk: (one.accepted, one.reason) for pk, one in samples.answers_of(draw).items()}
    fresh = {pk: answer for pk, answer in answers.items() if given.get(pk) != answer}
    ExclusionAnswer.objects.bulk_create(
        ExclusionAnswer(exclusion=standing[pk], accepted=accepted, reason=reason, by=by, at=clock.now())
        for pk, (accepted, reason) in fresh.items()
    )
    _note_answers(draw, fresh, by)
    return len(fresh)


def _note_answers(draw: Draw, fresh: Mapping[int, tuple[bool, str]], by: User) -> None:
    if not fresh:
        return
    inspection, refused = draw.long_list.inspection, sum(1 for accepted, _ in fresh.values() if not accepted)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="answer_exclusions",
        subject=draw,
        summary=f"Accepted {len(fresh) - refused} and refused {refused} exclusions on the "
        f"{draw.long_list.case_list} sample",
    )
    if refused:
        tell_body(inspection=inspection, what="An answer to your exclusions", right="exclusions.mark")


@transaction.atomic
def accept_remaining(*, draw: Draw, by: User) -> int:
    """Accepts every exclusion that has no answer yet. Manual 4.4f. Raises what `answer_exclusions` raises."""
    hold_newest(draw)
    given = samples.answers_of(draw)
    left = [mark.pk for mark in samples.marks_of(draw).values() if mark.pk not in given]
    return answer_exclusions(draw=draw, answers=dict.fromkeys(left, (True, "")), by=by)


@transaction.atomic
def say_away(*, inspection: Inspection, officer: str, first_day: date, last_day: date, note: str, by: User) -> None:
    """Notes days of fieldwork on which an officer cannot be interviewed. Manual 4.4d. Raises NotAway."""
    one_at_a_time(inspection)
    first, last = officers.fieldwork_days(inspection)
    if officer not in officers.known_officers(inspection):
        raise NotAway("No case of a sample has this officer.")
    if last_day < first_day:
        raise NotAway("The last day is before the first.")
    if first_day < first or last_day > last:
        raise NotAway(f"These are not days of fieldwork. Fieldwork is {officers.in_words(first, last)}.")
    for one in officers.standing_away(inspection):
        if one.officer == officer and one.first_day <= last_day and first_day <= one.last_day:
            raise NotAway(f"{officer} is away {officers.in_words(one.first_day, one.last_day)} already.")
    _begin(inspection, Away(officer, first_day, last_day, note), by)
    _note_away(inspection, "Noted days on which an officer is away", by)


@transaction.atomic
def withdraw_away(*, away: OfficerAway, by: User) -> None:
    """Withdraws an officer's days away; the row stays with who and when. Manual 4.4d."""
    one_at_a_time(away.inspection)
    away.refresh_from_db(fields=["ended_at"])
    if away.ended_at:
        return
    _end(away, by)
    _note_away(away.inspection, "Withdrew days on which an officer is away", by)


def _begin(inspection: Inspection, one: Away, by: User) -> None:
    OfficerAway.objects.create(
        inspection=inspection,
        officer=one.officer,
        first_day=one.first_day,
        last_day=one.last_day,
        note=one.note,
        by=by,
        at=clock.now(),
    )


def _end(away: OfficerAway, by: User) -> None:
    away.ended_by, away.ended_at = by, clock.now()
    away.save(update_fields=["ended_by", "ended_at"])


def _note_away(inspection: Inspection, summary: str, by: User) -> None:
    trail.record_change(
        chain=inspection.chain, by=by, action="change_availability", subject=inspection, summary=summary
    )
