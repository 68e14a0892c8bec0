"""Chapters 4.1 and 4.2: the number of cases on a long list beside the numbers expected, in words and as a picture."""

from dataclasses import dataclass
from typing import Any

from inspectorate.methodology.sampling import CaseList, ExpectedRange, ResourcingRow, deviation, expected_range
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection

# From so many times the number expected on, times are easier to read than percent.
MANY_TIMES = 3
# Room to the right of the longest bar, and the least width at which a bar is still seen, in percent of the picture.
ROOM, LEAST_WIDTH = 1.08, 0.8

Known = tuple[str, str, ExpectedRange]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One number expected: a short name and whence it is, its range, and how far the list is from it, all in words. `x`
    and `width` place its bar, in percent of the picture."""

    name: str
    source: str
    range: str
    said: str
    large: bool
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Expected:
    """A list beside what was expected of it, the expectation that decides first. `mark` places the list's own count;
    `ask` says that the first differs so much that somebody is to ask the body."""

    cases: int
    rows: tuple[Expectation, ...]
    mark: float
    ask: bool
    threshold: float
    description: str

    @property
    def anchor(self) -> str:
        """The side of the mark on which its label has room."""
        return "start" if self.mark < 50 else "end"


def expected(case_list: CaseList, found: Any) -> Expected | None:
    """The count of a list, read with `beside.with_beside`, beside what an administrator noted, the list of the
    inspection before, and figure 2; None where nothing is expected. Manual 4.1a, 4.2a."""
    inspection = found.inspection
    known = [*_noted(found), *_before(found), *_figure_2(inspection, case_list)]
    if not known:
        return None
    cases, threshold = found.size, packs.pack_of(inspection).sampling.count.deviation
    scale = ROOM * max(cases, *(one.high or one.low for _, _, one in known), 1) / 100
    rows = tuple(
        Expectation(
            name=name,
            source=source,
            range=range_in_words(one),
            said=in_words(cases, one),
            large=abs(deviation(cases, one)) * 100 > threshold,
            x=round(one.low / scale, 2),
            width=round(max((one.high or cases) / scale - one.low / scale, LEAST_WIDTH), 2),
        )
        for name, source, one in known
    )
    said = ". ".join(f"{row.source}: {row.range}; {row.said}" for row in rows)
    return Expected(cases, rows, round(cases / scale, 2), rows[0].large, threshold, f"{cases} cases. {said}.")


def _noted(found: Any) -> list[Known]:
    if found.noted_cases is None:
        return []
    source = f"{found.noted_source}, noted by {found.noted_by}"
    return [("Noted", source, ExpectedRange(found.noted_cases, found.noted_cases))]


def _before(found: Any) -> list[Known]:
    """The list accepted last at the body's inspection before this one."""
    if found.before_size is None:
        return []
    called = f"The list of the inspection of {found.before_fieldwork:%B %Y}"
    return [("Last list", called, ExpectedRange(found.before_size, found.before_size))]


def _figure_2(inspection: Inspection, case_list: CaseList) -> list[Known]:
    """The population behind the body's size for 80% in figure 2, or behind those of all bodies of its cluster size."""
    pack, body = packs.pack_of(inspection), inspection.body
    of_kind = [row for row in pack.resourcing if row.kind == inspection.kind]
    named: list[ResourcingRow] = [row for row in of_kind if row.name == body.name]
    alike = named or [row for row in of_kind if row.cluster == body.cluster]
    found = expected_range(alike, case_list.id, pack.sampling.size)
    called = "Figure 2 of the manual" + ("" if named else f", bodies of cluster size {body.cluster}")
    return [("Figure 2", called, found)] if found else []


def range_in_words(one: ExpectedRange) -> str:
    """`167 to 170`, `24`, or `400 or more`."""
    if one.high is None:
        return f"{one.low:,} or more"
    return f"{one.low:,}" if one.low == one.high else f"{one.low:,} to {one.high:,}"


def in_words(cases: int, one: ExpectedRange) -> str:
    """How far a count is from what is expected: `23 cases (14%) fewer than expected`, `143 cases more than expected, 25
    times as many`."""
    by = deviation(cases, one)
    if not by:
        return "as expected"
    bound = one.low if by < 0 else one.high or 0
    count = abs(cases - bound)
    if bound and by + 1 >= MANY_TIMES:
        return f"{count:,} cases more than expected, {round(by + 1)} times as many"
    percent = int(abs(by) * 100 + 0.5) or "less than 1"
    return f"{count:,} {'case' if count == 1 else 'cases'} ({percent}%) {'fewer' if by < 0 else 'more'} than expected"
