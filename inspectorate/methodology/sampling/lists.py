"""Chapter 4: what a long list must hold, who belongs on it, who is excluded, and figure 2, as the pack states them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from inspectorate.methodology.sampling.unusual import UnusualRule

# What the body calls a unit, with the manual's word behind it.
_OWN_NAME = re.compile(r"\((tier[ -]?\d)(?: unit)?\)\s*$", re.IGNORECASE)
ColumnType = Literal["reference", "text", "date", "choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a column may hold: its id, how it is written, other spellings understood, and its stratum if any."""

    id: str
    label: str
    spellings: tuple[str, ...] = ()
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a long list; `kinds` are the bodies that are asked for it (none: all), `fact` the fact of a case that
    the inspector records later and this column foretells."""

    id: str
    header: str
    holds: str
    type: ColumnType
    required: bool
    personal: bool = False
    spellings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True, slots=True)
class RefusedColumn:
    """A column that a list must not hold, with other headers by which it goes and why it is refused."""

    header: str
    spellings: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Period:
    """The time a list covers: how many months or weeks, and what must have happened in it.

    The first day lies `months_before`, or `weeks_before`, the first day of fieldwork; where both are 0 the pack does
    not say which days. `whence` says in words how the days follow, `stated` whether the manual itself names them.
    """

    length: int
    unit: Literal["week", "month"]
    meaning: str
    months_before: int = 0
    weeks_before: int = 0
    whence: str = ""
    stated: bool = False
    manual: str = ""

    def __post_init__(self) -> None:
        if self.months_before and self.weeks_before:
            raise ValueError("a period begins so many months or so many weeks before fieldwork: give one of the two")
        if self.months_before < 0 or self.weeks_before < 0 or self.length < 1:
            raise ValueError("a period has a length, and begins before fieldwork: give numbers above 0")


@dataclass(frozen=True, slots=True)
class StratumRule:
    """Gives a stratum when every named column holds one of its values (or the stratum of the value)."""

    stratum: str
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Variable:
    """A stratification variable: read from one column, or given by the first rule that fits."""

    id: str
    title: str
    values: Mapping[str, str]
    column: str = ""
    rules: tuple[StratumRule, ...] = ()


@dataclass(frozen=True, slots=True)
class ExclusionReason:
    """A reason for which a case is left out; `stage` says whether it is found on the list or once the case is read.
    `note_says` is what a note has to add, "" where the reason speaks for itself."""

    id: str
    text: str
    manual: str
    stage: Literal["list", "fieldwork"] = "list"
    nations: tuple[str, ...] = ()
    note_says: str = ""


@dataclass(frozen=True, slots=True)
class CaseList:
    """One of the lists of a case sample. `least` and `most` are the sizes named in the text, where it names any."""

    id: str
    title: str
    kinds: tuple[str, ...]
    standards: tuple[str, ...]
    population: str
    period: Period
    columns: tuple[Column, ...]
    strata: tuple[Variable, ...]
    units: tuple[str, ...]
    exclusions: tuple[ExclusionReason, ...]
    manual: tuple[str, ...]
    least: int | None = None
    most: int | None = None
    margin_claimed: bool = True
    every_value_of: tuple[str, ...] = ()
    refused_columns: tuple[RefusedColumn, ...] = ()

    def column(self, column_id: str) -> Column:
        return next(column for column in self.columns if column.id == column_id)

    def for_kind(self, kind: str) -> "CaseList":
        """The list as bodies of this kind are asked for it: without the columns that are for others.

        Manual 4.1b
        """
        asked = tuple(column for column in self.columns if not column.kinds or kind in column.kinds)
        return self if len(asked) == len(self.columns) else replace(self, columns=asked)


@dataclass(frozen=True, slots=True)
class SizeRule:
    """The precision aimed at: margin in percentage points, confidence in per cent, rounding of a broken case.

    `correlations` are assumptions: how alike the findings on cases of one tier 2 unit may be (0 to 1).
    """

    margin: float
    confidence: float
    rounding: Literal["up", "nearest"]
    manual: tuple[str, ...]
    correlations: tuple[float, ...] = (0.0, 0.02, 0.05)

    @property
    def likeness_within_units(self) -> float:
        """The largest of the correlations, which leaving units out is reckoned with."""
        return max(self.correlations, default=0.0)


@dataclass(frozen=True, slots=True)
class CountRule:
    """By how many per cent a list may differ from the number of cases expected before somebody is to ask about it."""

    deviation: float = 25
    manual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """All of chapter 4 that is data: the precision aimed at, the lists, when their length is to be asked about, and
    when a rate of exclusion is unusual."""

    size: SizeRule
    lists: tuple[CaseList, ...]
    count: CountRule = CountRule()
    unusual: UnusualRule = UnusualRule()

    def case_list(self, list_id: str) -> CaseList:
        for case_list in self.lists:
            if case_list.id == list_id:
                return case_list
        known = ", ".join(case_list.id for case_list in self.lists)
        raise UnknownCaseListError(f"There is no list '{list_id}': give one of {known}.")


class UnknownCaseListError(KeyError):
    """The pack has no list of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownValueError(ValueError):
    """A value fits none of the choices of its column."""


@dataclass(frozen=True, slots=True)
class ResourcingRow:
    """A row of figure 2. Domain three sizes stand in the order of `parts` (list ids); only CRCs have revised sizes.

    `at_80` are the sizes for 80% confidence, `chosen` those decided on, `revised` those decided on later.
    """

    name: str
    kind: Literal["CRC", "NPS"]
    cluster: str
    domain_two_at_80: int
    domain_two_chosen: int
    domain_two_revised: int | None
    parts: tuple[str, str]
    parts_at_80: tuple[int, int]
    domain_three_at_80: int
    parts_chosen: tuple[int, int]
    domain_three_chosen: int
    domain_three_revised: int | None

    @property
    def domain_two(self) -> int:
        return self.domain_two_chosen if self.domain_two_revised is None else self.domain_two_revised

    def size_for(self, list_id: str) -> int | None:
        if list_id == "domain-two":
            return self.domain_two
        return dict(zip(self.parts, self.parts_chosen, strict=True)).get(list_id)

    def size_at_80(self, list_id: str) -> int | None:
        if list_id == "domain-two":
            return self.domain_two_at_80
        return dict(zip(self.parts, self.parts_at_80, strict=True)).get(list_id)


RESOURCING_PARTS: Mapping[str, tuple[str, str]] = {
    "CRC": ("unpaid-work", "through-the-gate"),
    "NPS": ("court-reports", "victim-work"),
}


def resourcing_rows(kind: Literal["CRC", "NPS"], table: Sequence[Sequence[str]]) -> tuple[ResourcingRow, ...]:
    """Return the rows of figure 2 from its table (header row first, columns as printed).

    Raises `ValueError` with every fault (row, column, value) at once.

    Manual 4.1a
    """
    revised = kind == "CRC"
    faults: list[str] = []
    rows = []
    width = len(table[0]) if table else 0
    if width != (12 if revised else 10):
        raise ValueError(f"figure 2 for {kind} has {12 if revised else 10} columns; this table has {width}")
    for number, row in enumerate(table[1:], 2):
        bad = [
            f"row {number}, {head}: '{cell}'"
            for head, cell in zip(table[0][2:], row[2:], strict=False)
            if not re.fullmatch(r"[0-9]+", cell)
        ]
        if bad or len(row) != width:
            faults += bad or [f"row {number}: {len(row)} columns, not {width}"]
            continue
        n = [int(cell) for cell in row[2:]]
        later = (n.pop(2), n.pop()) if revised else (None, None)
        rows.append(
            ResourcingRow(
                row[0],
                kind,
                row[1],
                n[0],
                n[1],
                later[0],
                RESOURCING_PARTS[kind],
                (n[2], n[3]),
                n[4],
                (n[5], n[6]),
                n[7],
                later[1],
            )
        )
    if faults:
        raise ValueError("figure 2 holds whole numbers only; " + "; ".join(faults))
    return tuple(rows)


def understand(column: Column, written: str) -> Choice:
    """Return the choice meant by what is written: its id, label or a known spelling, punctuation and case aside.

    Raises `UnknownValueError` naming what can be written.

    Manual 4.4b
    """
    key = _plain(written)
    for choice in column.choices:
        if key in {_plain(spelling) for spelling in (choice.id, choice.label, *choice.spellings)}:
            return choice
    can = ", ".join(choice.label for choice in column.choices)
    raise UnknownValueError(f"{column.header}: '{written}' is not understood; write one of {can}.")


def recognise(case_list: CaseList, header: str) -> Column | RefusedColumn | None:
    """Return the column meant by a header, a column that must not be there, or None where it is neither.

    A unit is also known by what the body calls it with the manual's word behind: «Area (tier 1 unit)». A column that
    must not be there is also known where a header asks for it in more words: «Was contact made with the victim?».

    Manual 4.4b, 4.4h
    """
    key = _plain(header)
    for column in case_list.columns:
        if key in {_plain(name) for name in (column.id, column.header, *column.spellings)}:
            return column
    for refused in case_list.refused_columns:
        if any(set(_plain(name).split()) <= set(key.split()) for name in (refused.header, *refused.spellings)):
            return refused
    if own := _OWN_NAME.search(header):
        behind = _plain(own[1])
        return next((one for one in case_list.columns if one.id in case_list.units and behind == _plain(one.id)), None)
    return None


def with_unit_names(case_list: CaseList, names: Mapping[str, Sequence[str]]) -> CaseList:
    """Return the list with the body's own names of its units: `names` are, by column id, all that it has used, the
    newest last.

    The newest stands in the header, with the manual's word behind it. A name by which the pack knows another column is
    read as the body uses it, unless it is the very header of that column, or the body uses it for both tiers.

    Manual 3.5b, 4.4b
    """
    used = {column: _distinct(names.get(column, ())) for column in case_list.units}
    taken = [key for column, own in used.items() for key in own]
    headers = {_plain(text) for column in case_list.columns for text in (column.id, column.header)}
    columns = []
    for column in case_list.columns:
        own = used.get(column.id, {})
        kept = tuple(spelling for spelling in column.spellings if _plain(spelling) not in set(taken) - {*own})
        more = tuple(name for key, name in own.items() if taken.count(key) == 1 and key not in headers)
        newest = list(own.values())[-1] if own else ""
        if newest and _plain(newest) not in {_plain(column.header), _plain(column.id)}:
            header, more = f"{newest} ({column.id.replace('-', ' ')} unit)", (*more, column.header)
        else:
            header = column.header
        columns.append(replace(column, header=header, spellings=(*kept, *more)))
    return replace(case_list, columns=tuple(columns))


def _distinct(names: Sequence[str]) -> dict[str, str]:
    """Names by what they are compared by, the newest last; a name of signs only is none."""
    found: dict[str, str] = {}
    for name in names:
        key = _plain(name)
        found.pop(key, None)
        if key:
            found[key] = " ".join(name.split())
    return found


def strata_of(case_list: CaseList, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the stratum of a case, one value for each variable; `values` are column id -> choice id (or plain text).

    Raises `UnknownValueError` where no rule of a variable fits.

    Manual 4.3a, 4.4g, 4.4i, 4.4j
    """
    return tuple(_value_of(case_list, variable, values) for variable in case_list.strata)


def _value_of(case_list: CaseList, variable: Variable, values: Mapping[str, str]) -> str:
    def stratum(column_id: str) -> str:
        given = values.get(column_id, "")
        choices = {choice.id: choice.stratum or choice.id for choice in case_list.column(column_id).choices}
        return choices.get(given, "") if choices else given

    if variable.column:
        value = stratum(variable.column)
    else:
        fitting = (
            rule.stratum
            for rule in variable.rules
            if all(stratum(column) in allowed for column, allowed in rule.when.items())
        )
        value = next(fitting, "")
    if not value or (variable.values and value not in variable.values):
        raise UnknownValueError(f"{variable.title}: no value can be told from {dict(values)}.")
    return value


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))
