"""Chapter 4.4, long lists: columns that a person matched by hand are read the same way on a body's next list."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from inspectorate.documents.spreadsheets import Sheet
from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling.headings import LOOK_AT_ROWS, MOST_COLUMNS, Heading, header, may_hold_list
from inspectorate.sampling.models import LongList

MOST_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a person had the headers of an earlier list read; `at_first` where they had a matching undone."""

    columns: tuple[tuple[str, str], ...]
    at_first: bool
    about: Mapping[str, str]


def matchings_of(long_list: LongList) -> tuple[Remembered, ...]:
    """What people said about earlier lists of this kind of the same body, also on other inspections; newest first.
    One query. Manual 4.4b."""
    earlier = (
        LongList.objects.filter(Q(matching__by_hand=True) | Q(matching__at_first=True))
        .filter(inspection__body=long_list.inspection.body_id, case_list=long_list.case_list, pk__lt=long_list.pk)
        .order_by("-pk")
        .values_list("matching", "public_id", "given_at", "given_by__name")[:MOST_REMEMBERED]
    )
    return tuple(_remembered(*one) for one in earlier if one[0].get("columns"))


def _remembered(matching: Mapping[str, Any], public_id: Any, given_at: Any, given_by: str) -> Remembered:
    return Remembered(
        columns=tuple((str(name), str(column)) for name, column in matching["columns"]),
        at_first=bool(matching.get("at_first")),
        about={
            "list": str(public_id),
            "by": str(matching.get("by", given_by)),
            "at": str(matching.get("at", given_at.isoformat())),
        },
    )


def recall(case_list: CaseList, sheets: Sequence[Sheet], known: Iterable[Remembered]) -> Heading | None:
    """The row that holds the very headers that a person matched once, read as then; None where there is none, or
    where the newest word on such headers is that they are read as at first."""
    rows = [
        (sheet.name, number, names)
        for sheet in sheets
        if may_hold_list(sheet)
        for number, row in enumerate(sheet.rows[:LOOK_AT_ROWS], 1)
        if any(names := [header(cell) for cell in row[:MOST_COLUMNS]])
    ]
    columns = {column.id for column in case_list.columns}
    for one in known:
        for sheet, number, names in rows:
            if meant := _read_as(names, one.columns):
                if one.at_first:
                    return None
                read = tuple((name, column if column in columns else "") for name, column in meant)
                return Heading(sheet, number, read, by_hand=True, as_of=one.about)
    return None


def _read_as(names: Sequence[str], matched: Sequence[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """These headers read as those that were matched, in whatever order they stand, where they are the same ones."""
    here, then = [name.casefold() for name in names], [name.casefold() for name, _ in matched]
    if Counter(filter(None, here)) != Counter(filter(None, then)):
        return None
    if here == then:
        return [(name, column) for name, (_, column) in zip(names, matched, strict=True)]
    if len(set(filter(None, here))) < len([name for name in here if name]):
        return None
    meant = dict(zip(then, (column for _, column in matched), strict=True))
    return [(name, meant[name.casefold()] if name else "") for name in names]
