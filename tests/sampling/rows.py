"""Rows of long lists changed in one place, and what a page or a form says, for tests of chapter 4."""

from datetime import date
from typing import Any

from django.urls import reverse

from tests.sampling.conftest import specification


def address(team: Any, name: str, *args: Any) -> str:
    return reverse(name, args=[team.inspection.public_id, *args])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def column(name: str) -> int:
    return [one.id for one in specification().columns].index(name)


def put(name: str, rows: list[list[Any]], row: int, value: Any) -> list[list[Any]]:
    rows[row][column(name)] = value
    return rows


def day(name: str, value: date) -> dict[str, int]:
    return {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}
