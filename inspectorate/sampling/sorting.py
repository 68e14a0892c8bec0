"""Chapter 4.4, long lists: which rows of a sheet hold a case, and why the others hold none."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from inspectorate.documents.grids import Cell, Grid, Numbers, Row
from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling.cells import written
from inspectorate.sampling.headings import Heading, is_example

LINE_OF_TOTALS = re.compile(r"(grand |sub)?-?totals?\b|count\b|sum\b|number of cases\b")
Said = list[tuple[int, str]]


def sorted_rows(case_list: CaseList, grid: Grid, heading: Heading) -> tuple[Numbers, Said, Said]:
    """Numbers of the rows with a case; rows left out, with why; rows with one cell only, with what it says.

    Only rows that look unlike one with a case are looked at one by one.
    """
    places = heading.positions
    needed = [places[column.id] for column in case_list.columns if column.required and column.id in places]
    headers = {place: written.casefold() for place, (written, column) in enumerate(heading.columns) if column}
    first, header = next(iter(headers.items()), (0, ""))
    filled = sum((grid.column(place).at != 0 for place in needed), start=np.zeros(len(grid), dtype=np.intp))
    cases, in_use = filled > max(len(needed) // 2, 1), grid.in_use()
    again = grid.column(first).where(lambda cell: isinstance(cell, str) and cell.strip().casefold() == header)
    example = grid.column(places.get("reference", len(grid.columns))).where(_is_example)
    odd = ~cases | again | example
    odd[: heading.row] = cases[: heading.row] = False
    left_out: Said = []
    thin: Said = []
    for at in np.flatnonzero(odd).tolist():
        row = grid[at] if in_use[at] else ()
        if cases[at]:
            why = _why_no_case(row, headers if again[at] else None, bool(example[at]))
            cases[at] = not why
        else:
            texts = [text for cell in row if (text := written(cell))]
            why = _why_too_little(texts)
            cases[at] = len(texts) > 1 and not why
            thin += [(at + 1, text) for text in texts if len(texts) == 1 and not why]
        left_out += [(at + 1, why)] if why else []
    return np.flatnonzero(cases) + 1, left_out, thin


def _is_example(cell: Cell) -> bool:
    return isinstance(cell, str) and is_example(cell)


def _why_no_case(row: Row, headers: Mapping[int, str] | None, example: bool) -> str:
    """Why a row with enough cells holds no case, "" if it does; `headers` where it begins like them."""
    if headers and all(place < len(row) and written(row[place]).casefold() == name for place, name in headers.items()):
        return "The headers again"
    return "An example row of the empty list" if example else ""


def _why_too_little(texts: Sequence[str]) -> str:
    """Why what stands on a row with few cells is no case, "" where it may be one."""
    if not texts:
        return "Empty"
    total = any(LINE_OF_TOTALS.match(text.casefold()) for text in texts)
    return f"A line of totals: {' '.join(texts)}"[:120] if total else ""
