"""Chapter 4.4: what a receipt proves to either side: when the inspected body may have it, and a copy of the list beside
it."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File

from inspectorate.audit import clock
from inspectorate.documents import files
from inspectorate.documents.spreadsheets import UnreadableSheet
from inspectorate.methodology import sampling as rules
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import reading, samples
from inspectorate.sampling.models import Draw, LongList

MOST_FAULTS = 20


class WrongCopy(ValueError):
    """A copy of a long list that cannot be read in full; the message says where."""


def opens_on(inspection: Inspection) -> date:
    """The day from which the inspected body may have the receipts: fieldwork is over then, and the order in which
    substitutes step in can influence nothing any more. Manual 4.4d, 4.4k."""
    return inspection.fieldwork + timedelta(weeks=packs.pack_of(inspection).timeline.fieldwork_weeks)


def is_open(inspection: Inspection) -> bool:
    """Whether the inspected body may have the receipts by now."""
    return clock.today() >= opens_on(inspection)


def cases_in(long_list: LongList, upload: File[Any]) -> Sequence[rules.ListedCase]:
    """The cases of somebody's own copy of a long list; nothing of it is kept. Raises WrongCopy, files.WrongFile."""
    name, opened = upload.name or "", cast(BinaryIO, upload.file)
    limit = settings.UPLOAD_LIMIT_BYTES
    extension, _ = files.kind_of(opened, name=name, slot="longlist", size=upload.size or 0, limit=limit)
    upload.seek(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"copy{extension}"
        with path.open("wb") as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
        try:
            checked = reading.read_list(long_list, path=path).checked
        except UnreadableSheet as refusal:
            raise WrongCopy(str(refusal)) from refusal
    if checked.faults:
        found = [f"row {one.row}, {one.column}: {one.what}" for one in checked.faults[:MOST_FAULTS]]
        more = f" and {len(checked.faults) - MOST_FAULTS} more" if len(checked.faults) > MOST_FAULTS else ""
        raise WrongCopy(f"Your copy has faults, so the draw cannot be made from it: {'; '.join(found)}{more}.")
    return checked.cases.listed()


def faults_of(
    draw: Draw, given: Mapping[str, Any], cases: Sequence[rules.ListedCase] | None
) -> tuple[int, tuple[str, ...]]:
    """How many cases a receipt of a draw was compared with, those of the kept list where none are given, and every
    fault found. Manual 4.4d, 4.4f. Raises rules.UnreadableReceiptError."""
    receipt = rules.receipt_from_dict(given)
    case_list = reading.specification(draw.long_list)
    there = samples.cases_of(case_list, draw.long_list) if cases is None else cases
    # A receipt of the first form holds the rows of the units drawn from only.
    if receipt.form == 1 and draw.units:
        units = set(samples.units_of(draw))
        there = [case for case in there if case.units in units]
    faults = rules.verify(receipt, there)
    announced = draw.inputs
    if announced and (receipt.inputs_digest, receipt.inputs_at) != (announced.digest, announced.at.isoformat()):
        faults = (*faults, "This receipt does not hold the digest and the time that were shown before this draw.")
    if given.get("seed") != draw.seed:
        faults = (*faults, "This is not the receipt of this draw: it has another seed.")
    return len(there), faults
