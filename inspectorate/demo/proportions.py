"""The one table of shares behind the demonstration's files (Manual 4.1 to 4.4), each with its source or its reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("proportions.toml")


class NoSuchProportion(KeyError):
    """The table has no row of this id for this kind of body."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """One row: shares (or counts) by value, or a text; either a `source`, or an assumption with its `why`."""

    id: str
    kind: str
    values: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    source: str = ""
    assumption: bool = False
    why: str = ""


@cache
def table() -> tuple[Proportion, ...]:
    """Every row, in the order of the file."""
    return tuple(Proportion(**row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["proportions"])


def row(proportion: str, kind: str) -> Proportion:
    """The row of this id for a kind of body. Raises NoSuchProportion."""
    for one in table():
        if (one.id, one.kind) == (proportion, kind):
            return one
    raise NoSuchProportion(f"proportions.toml has no row '{proportion}' for {kind}: add one with its source or reason.")


def share_of_yes(kind: str, key_question: str) -> float:
    """How often a key question is answered yes: its own share, or the one of its standard.

    Raises NoSuchProportion.
    """
    values = row("yes", kind).values
    standard = key_question.rpartition(".")[0]
    for known in (key_question, standard):
        if known in values:
            return values[known]
    raise NoSuchProportion(f"proportions.toml has no share of yes for {key_question} of {kind}.")


def period(case_list: str, kind: str) -> tuple[date, date]:
    """First and last day of the time that a list covers. Raises NoSuchProportion."""
    first, last = row(f"period-{case_list}", kind).text.split(" to ")
    return date.fromisoformat(first), date.fromisoformat(last)
