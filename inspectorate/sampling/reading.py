"""Chapter 4.4, long lists: opens the file that a body gave, checks it in the background and notes what was found."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from inspectorate.audit import clock, trail
from inspectorate.documents.grids import Grid, grid_of
from inspectorate.documents.spreadsheets import Sheet, Table, UnreadableSheet, read_table
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done
from inspectorate.programme.models import Inspection
from inspectorate.sampling.asked import in_own_words, period_asked
from inspectorate.sampling.checking import Checked, Fault
from inspectorate.sampling.headings import EXAMPLES, Heading, find
from inspectorate.sampling.models import LongList, Waiver
from inspectorate.sampling.remembered import Remembered, matchings_of, recall
from inspectorate.sampling.waiving import check

# So many faults are kept; a file with more of them has one fault in nearly every row.
MOST_FAULTS = 20_000
MOST_UNDERSTOOD = 500
OWN_EVENT = frozenset({"court-reports"})
DOWNWARDS = re.compile(r"([A-Z]+)(\d+):\1(\d+)")


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a file: where the headers stand, the list, and the waivers (keys) that fit no fault of it."""

    heading: Heading
    checked: Checked
    idle: tuple[int, ...] = ()


def read_file(
    case_list: CaseList,
    path: Path | str,
    given_on: date,
    chosen: Heading | None = None,
    waivers: Sequence[Waiver] = (),
    *,
    asked: tuple[date, date] | None = None,
    known: Sequence[Remembered] = (),
) -> Read:
    """Reads and checks a file; with `chosen`, after the columns that a person matched, else as such headers were
    matched before (`known`), else as they are recognised; without the faults that are waived. `asked` are the days to
    cover. Raises UnreadableSheet."""
    table = read_table(path)
    heading = chosen or recall(case_list, table.sheets, known) or find(case_list, table.sheets)
    if heading is None:
        wanted = ", ".join(f"«{column.header}»" for column in case_list.columns if column.required)
        raise UnreadableSheet(
            f"No row with headers was found. The first row of the table is to hold {wanted}."
            + (f" The sheet «{EXAMPLES}» is not read." if any(one.name == EXAMPLES for one in table.sheets) else "")
        )
    return Read(heading, *check(case_list, _rows(table, heading), heading, given_on, waivers, asked))


def _rows(table: Table, heading: Heading) -> Grid:
    """The rows of the sheet on which the headers stand."""
    sheet = next((one for one in table.sheets if one.name == heading.sheet), None)
    if sheet is None or len(sheet.rows) < heading.row:
        raise UnreadableSheet("The sheet with the list is not there any more. Give the file again.")
    return _filled(sheet)


def lines_of(long_list: LongList) -> tuple[Heading, Grid]:
    """Where the headers of a list were found, and every row of its sheet in the file. Raises UnreadableSheet."""
    heading = heading_of(long_list.matching)
    if heading is None:
        raise UnreadableSheet("No row with headers was found in the file.")
    return heading, _rows(read_table(long_list.document.stored.path), heading)


def read_list(long_list: LongList, *, as_shown: bool = False, path: Path | None = None) -> Read:
    """Reads the file of a list as it is asked for now, and after the columns that a person matched, if any did;
    `as_shown` after those that it was read with before; `path` names another copy of the file.
    Manual 4.4b. Raises UnreadableSheet."""
    found = specification(long_list)
    case_list = in_own_words(long_list.inspection, [found])[0]
    day = long_list.given_at.astimezone(clock.LONDON).date()
    chosen = heading_of(long_list.matching)
    return read_file(
        case_list,
        path or long_list.document.stored.path,
        day,
        chosen if chosen and (chosen.by_hand or as_shown) else None,
        list(long_list.waivers.all()),
        asked=period_asked(long_list.inspection, found).days,
        known=() if long_list.matching.get("at_first") else matchings_of(long_list),
    )


def _filled(sheet: Sheet) -> Grid:
    """The rows of a sheet, with the value of cells merged downwards on each of their rows."""
    grid = grid_of(sheet.rows)
    merged = [found for one in sheet.merged if (found := DOWNWARDS.fullmatch(one))]
    return grid.filled_down((_place(one[1]), int(one[2]) - 1, int(one[3])) for one in merged) if merged else grid


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - 64
    return place - 1


def specification(long_list: LongList) -> CaseList:
    """The specification that a long list follows, from the pack of its inspection."""
    found = packs.pack_of(long_list.inspection).sampling.case_list(long_list.case_list)
    return found.for_kind(long_list.inspection.kind)


def lists_of(inspection: Inspection) -> tuple[CaseList, ...]:
    """The lists of an inspection of this kind. Manual 4.1b."""
    kind = inspection.kind
    return tuple(one.for_kind(kind) for one in packs.pack_of(inspection).sampling.lists if kind in one.kinds)


def heading_of(matching: Mapping[str, Any]) -> Heading | None:
    """The matching of headers as it is kept with a list."""
    if not matching.get("columns"):
        return None
    columns = tuple((str(name), str(column)) for name, column in matching["columns"])
    as_of = matching.get("as_of")
    return Heading(matching["sheet"], matching["row"], columns, bool(matching["by_hand"] or as_of), as_of)


def read_long_list(*, long_list: LongList) -> LongList:
    """Reads a list that waits, and notes its faults or that it is ready; no case is written yet. Manual 4.4b, 4.4h.

    Does nothing for a list that does not wait, so that the same task may run twice.
    """
    with transaction.atomic():
        found = LongList.objects.select_for_update().get(pk=long_list.pk)
        if found.state != LongList.State.RECEIVED:
            return found
        found.state = LongList.State.READING
        found.save(update_fields=["state"])
    try:
        read = read_list(found)
    except UnreadableSheet as refusal:
        note_faults(found, [Fault("", 0, "", "", str(refusal), "")])
    else:
        _note(found, read)
    with transaction.atomic():
        now = LongList.objects.select_for_update().get(pk=found.pk)
        if now.state != LongList.State.READING:
            return now
        found.save()
        faults = len(found.faults)
        trail.record_change(
            chain=found.inspection.chain,
            by=found.given_by,
            action="read_long_list",
            subject=found,
            summary=f"Read the {found.case_list} long list: "
            + (f"{faults} faults" if faults else f"{found.size} cases, no fault"),
            details={"digest": found.digest, "cases": found.size, "faults": faults},
        )
        _note_lists_sent(found)
    return found


def note_faults(found: LongList, faults: Sequence[Fault]) -> None:
    """Puts a list with faults aside: nothing of it counts but the file. The caller keeps it."""
    found.state = LongList.State.REFUSED
    found.faults = [list(astuple(fault)) for fault in faults[:MOST_FAULTS]]
    found.cells, found.digest = [], ""


def _note(found: LongList, read: Read) -> None:
    heading, checked = read.heading, read.checked
    found.matching = {one: found.matching[one] for one in ("at_first", "by", "at") if one in found.matching} | {
        "sheet": heading.sheet,
        "row": heading.row,
        "columns": [list(pair) for pair in heading.columns],
        "by_hand": heading.by_hand and heading.as_of is None,
        "idle": list(read.idle),
        "limited": list(checked.limited),
    }
    if heading.as_of is not None:
        found.matching["as_of"] = dict(heading.as_of)
    found.understood = [list(astuple(one)) for one in checked.understood[:MOST_UNDERSTOOD]]
    found.left_out = [list(one) for one in checked.left_out[:MOST_UNDERSTOOD]]
    found.size, found.first_day, found.last_day = checked.rows, checked.first_day, checked.last_day
    if checked.faults:
        note_faults(found, checked.faults)
        return
    found.state, found.faults = LongList.State.READY, []
    cases = checked.cases.listed()
    found.digest = rules.list_digest(cases)
    cells = Counter((case.units, case.strata) for case in cases)
    found.cells = [[list(units), list(strata), count] for (units, strata), count in sorted(cells.items())]


def _note_lists_sent(found: LongList) -> None:
    """Notes on the plan that the long lists are sent, once there is one without faults for each."""
    inspection = found.inspection
    without_faults = (LongList.State.READY, LongList.State.ACCEPTING, LongList.State.ACCEPTED)
    good = inspection.long_lists.filter(state__in=without_faults)
    wanted = {one.id for one in lists_of(inspection)} - OWN_EVENT
    if wanted <= set(good.values_list("case_list", flat=True)):
        note_done(inspection=inspection, event="long-list", by=found.given_by)
