"""Long lists as bodies send them, small, and the way from one to a final sample."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspectorate.documents.spreadsheets import Column, WrittenSheet, write_workbook
from inspectorate.methodology import sampling as rules
from inspectorate.methodology.sampling import CaseList, period_days
from inspectorate.programme import packs
from inspectorate.sampling import actions, choices
from inspectorate.sampling.models import Draw, LongList
from tests.conftest import FIELDWORK

GENDERS = ("Male", "Male", "Male", "Female")
SENTENCES = ("Community order", "Suspended sentence order", "Licence or post-custody")
LEVELS = ("Low", "Medium", "Medium", "High", "Very high")


def specification(name: str = "domain-two") -> CaseList:
    return packs.current().sampling.case_list(name)


def value(case_list: CaseList, column: Any, number: int) -> Any:
    """What stands in a column of the case with this number."""
    special: dict[str, Any] = {
        "reference": f"X{100000 + number}",
        "name": f"Testperson, Number {number}",
        "gender": GENDERS[number % 4],
        "rosh": LEVELS[number % 5],
        "tier-1": ("North", "South")[number % 2],
        "tier-2": f"Team {number % 2}{number // 2 % 2}",
        "limited-access": None,
    }
    if column.id in special:
        return special[column.id]
    if column.choices:
        return column.choices[number % len(column.choices)].label
    if column.type == "date":
        first, _ = period_days(case_list.period, FIELDWORK) or (FIELDWORK, None)
        return date(1970, 1, 1) + timedelta(number) if column.personal else first + timedelta(number % 7)
    return f"{column.header} {number % 3}"


def table(case_list: CaseList, count: int) -> list[list[Any]]:
    """Headers and `count` rows without a fault."""
    rows = [[value(case_list, column, number) for column in case_list.columns] for number in range(count)]
    return [[column.header for column in case_list.columns], *rows]


def as_xlsx(rows: Sequence[Sequence[Any]], name: str = "list.xlsx") -> SimpleUploadedFile:
    target = io.BytesIO()
    head, *rest = rows
    write_workbook(target, [WrittenSheet("Cases", tuple(Column(str(one)) for one in head), rest)])
    return SimpleUploadedFile(name, target.getvalue())


def as_csv(rows: Sequence[Sequence[Any]], name: str = "list.csv") -> SimpleUploadedFile:
    target = io.StringIO()
    csv.writer(target).writerows(
        [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows
    )
    return SimpleUploadedFile(name, target.getvalue().encode())


@pytest.fixture
def team(an_inspection: Callable[..., Any], at: Callable[[datetime], None]) -> Any:
    """A CRC inspection in week -7, with its people."""
    at(datetime(2019, 4, 12, 9))
    return an_inspection("CRC")


@pytest.fixture
def given(team: Any) -> Callable[..., LongList]:
    """`given(rows)` sends rows as the domain two list; the worker reads them at once."""

    def give(
        rows: Sequence[Sequence[Any]] | None = None, name: str = "domain-two", name_of_file: str = "list.xlsx"
    ) -> LongList:
        upload = as_xlsx(rows if rows is not None else table(specification(name), 60), name_of_file)
        found = actions.give_long_list(
            inspection=team.inspection, case_list=name, upload=upload, by=team["link-manager"]
        )
        return LongList.objects.get(pk=found.pk)

    return give


@pytest.fixture
def accepted(team: Any, given: Callable[..., LongList]) -> Callable[..., LongList]:
    """`accepted()` is a list of 60 cases from which a sample can be drawn."""

    def accept(rows: Any = None, name: str = "domain-two") -> LongList:
        found = given(rows, name)
        actions.accept_long_list(long_list=found, by=team["administrator"])
        return found

    return accept


def draw_now(
    long_list: LongList,
    size: int = 12,
    substitutes: int = 8,
    *,
    by: Any,
    seed: bytes | None = bytes(32),
    throws: str = "",
    reason: str = "",
    units: Sequence[tuple[str, ...]] = (),
    units_reason: str = "",
) -> Draw:
    """A draw of a list in both its steps; with `units`, from those units only."""
    if units:
        option = rules.option_of(choices.counts_of(long_list), units)
        actions.choose_units(long_list=long_list, option=option, units=units, reason=units_reason, by=by)
    inputs = actions.prepare_draw(long_list=long_list, size=size, substitutes=substitutes, by=by, reason=reason)
    return actions.draw_sample(inputs=inputs, by=by, seed=seed, throws=throws)


@pytest.fixture
def drawn(team: Any, accepted: Callable[..., LongList]) -> Callable[..., Draw]:
    """`drawn(size, substitutes)` is a provisional sample of a list of 60 cases, from a fixed seed."""

    def draw(size: int = 12, substitutes: int = 8, rows: Any = None, name: str = "domain-two", **options: Any) -> Draw:
        return draw_now(accepted(rows, name), size, substitutes, by=team["administrator"], **options)

    return draw
