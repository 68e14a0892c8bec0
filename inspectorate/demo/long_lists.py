"""Rows of the imaginary long lists (Manual 4.4), column for column as the pack asks for them, from a fixed seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from inspectorate.demo import invented, proportions
from inspectorate.methodology.sampling.lists import CaseList, Column

KINDS = ("CRC", "NPS")
SEED = 2018_11
OFFENCES = ("Robbery", "Wounding", "Sexual assault", "Burglary with violence", "Stalking", "Arson")
LENGTHS = ("12 months", "18 months", "2 years", "3 years", "4 years 6 months", "7 years")
HOURS = ("40", "60", "80", "100", "120", "150", "200")

Value = str | date
Row = dict[str, Value]


@dataclass(slots=True)
class Draft:
    """A list while it is made: its dice, how many rows, and the columns so far that others lean on."""

    kind: str
    case_list: str
    count: int
    dice: np.random.Generator
    made: dict[str, list[Value]] = field(default_factory=dict)

    def shares(self, values: Mapping[str, float]) -> list[str]:
        """Values in a mixed order, each as often as its share says, to the nearest row."""
        dealt = apportion(values, self.count)
        return [
            str(one) for one in self.dice.permutation([name for name, times in dealt.items() for _ in range(times)])
        ]

    def any_of(self, things: Sequence[str]) -> list[str]:
        return [things[int(at)] for at in self.dice.integers(len(things), size=self.count)]

    def days(self, first: date, last: date) -> list[Value]:
        return [first + timedelta(int(day)) for day in self.dice.integers((last - first).days + 1, size=self.count)]


def apportion(shares: Mapping[str, float], count: int) -> dict[str, int]:
    """Whole numbers that add up to `count`, by the largest remainders."""
    whole = {name: int(count * share) for name, share in shares.items()}
    short = count - sum(whole.values())
    for name in sorted(shares, key=lambda name: whole[name] - count * shares[name])[:short]:
        whole[name] += 1
    return whole


def rows(case_list: CaseList, kind: str) -> list[Row]:
    """Every row of a list of one body, by column id; choices by their id. The same at every call."""
    number = list(proportions.row("rows", kind).values).index(case_list.id)
    draft = Draft(
        kind=kind,
        case_list=case_list.id,
        count=int(proportions.row("rows", kind).values[case_list.id]),
        dice=np.random.default_rng([SEED, KINDS.index(kind), number]),
    )
    draft.made["gender"] = list(draft.shares(proportions.row("gender", kind).values))
    _place(draft)
    columns = columns_of(case_list)
    for column in columns:
        if column.id not in draft.made:
            draft.made[column.id] = _column(draft, column, number)
    order = sorted(range(draft.count), key=lambda at: (str(draft.made["tier-1"][at]), str(draft.made["tier-2"][at])))
    return [{column.id: draft.made[column.id][at] for column in columns} for at in order]


def columns_of(case_list: CaseList) -> tuple[Column, ...]:
    """The columns that the bodies of the demonstration fill in: to none of their cases access is limited."""
    return tuple(column for column in case_list.columns if column.id != "limited-access")


def _birthdays(draft: Draft, _: int) -> list[Value]:
    """No two people of one name have the same birthday."""
    days = draft.days(date(1952, 1, 1), date(2000, 6, 30))
    taken: set[tuple[Value, Value]] = set()
    for at, name in enumerate(draft.made["name"]):
        while (name, days[at]) in taken:
            day = days[at]
            assert isinstance(day, date)
            days[at] = day + timedelta(days=1)
        taken.add((name, days[at]))
    return days


def _place(draft: Draft) -> None:
    """Units of different sizes: the first area and the first team of each are about twice the last."""
    areas = invented.UNITS[draft.kind]
    teams = [(area, team) for area, inside in areas.items() for team in inside]
    weight = np.linspace(2.0, 1.0, len(teams))
    chosen = draft.dice.choice(len(teams), size=draft.count, p=weight / weight.sum())
    draft.made["tier-1"] = [teams[int(at)][0] for at in chosen]
    draft.made["tier-2"] = [teams[int(at)][1] for at in chosen]


def _column(draft: Draft, column: Column, number: int) -> list[Value]:
    if column.id in _MAKERS:
        return list(_MAKERS[column.id](draft, number))
    if column.type == "choice":
        return list(draft.shares(proportions.row(column.id, draft.kind).values))
    if column.type == "date":
        return draft.days(*proportions.period(draft.case_list, draft.kind))
    raise NotImplementedError(f"The demonstration does not know what stands in column '{column.id}'.")


def _references(draft: Draft, number: int) -> list[str]:
    """X and six digits; the lists of a body do not share any."""
    start = 100_000 + 400_000 * KINDS.index(draft.kind) + 120_000 * number
    return [f"X{start + int(one):06d}" for one in draft.dice.choice(119_999, size=draft.count, replace=False)]


def _names(draft: Draft, _: int) -> list[str]:
    given = zip(draft.any_of(invented.GIVEN_FEMALE), draft.any_of(invented.GIVEN_MALE), strict=True)
    pairs = zip(draft.any_of(invented.FAMILY), given, draft.made["gender"], strict=True)
    return [f"{family}, {her if gender == 'female' else his}" for family, (her, his), gender in pairs]


def _officers(draft: Draft, _: int) -> list[str]:
    """Six officers a team, always the same ones."""
    seats = draft.dice.integers(6, size=draft.count)
    return [_officer(str(team), int(seat)) for team, seat in zip(draft.made["tier-2"], seats, strict=True)]


def _officer(team: str, seat: int) -> str:
    words = sum(map(ord, team)) + 7 * seat
    given = (invented.GIVEN_FEMALE + invented.GIVEN_MALE)[words % 40]
    return f"{given} {invented.FAMILY[(words * 5 + seat) % len(invented.FAMILY)]}"


_MAKERS: Mapping[str, Callable[[Draft, int], Sequence[Value]]] = {
    "reference": _references,
    "name": _names,
    "date-of-birth": _birthdays,
    "office": lambda draft, _: [f"{team} office" for team in draft.made["tier-2"]],
    "responsible-officer": _officers,
    "court": lambda draft, _: draft.any_of(invented.COURTS),
    "prison": lambda draft, _: draft.any_of(invented.PRISONS),
    "offence": lambda draft, _: draft.any_of(OFFENCES),
    "sentence-length": lambda draft, _: draft.any_of(LENGTHS),
    "hours": lambda draft, _: draft.any_of(HOURS),
}
