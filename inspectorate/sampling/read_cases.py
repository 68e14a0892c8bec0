"""Chapter 4.4, long lists: the cases of a list that was checked, kept by columns as they were read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from inspectorate.documents.grids import Coded, Numbers, coded, side_by_side
from inspectorate.methodology import sampling as rules


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A row of the list: `facts` holds the value of each column under its id; units tier 1 first."""

    row: int
    reference: str
    units: tuple[str, ...]
    strata: tuple[str, ...]
    facts: dict[str, str]


class ReadCases(Sequence[ReadCase]):
    """The cases of a list: `values` by column id, in the order of `rows`; a case is put together when it is wanted."""

    def __init__(
        self,
        rows: Numbers,
        values: Mapping[str, Coded[str]],
        units: Coded[tuple[str, ...]],
        strata: Coded[tuple[str, ...]],
    ) -> None:
        self._rows, self._values, self._units, self._strata = rows, values, units, strata

    def listed(self) -> rules.CodedCases:
        """The cases as the rules take them."""
        cells = side_by_side([self._strata, self._units], len(self))
        references = self._values["reference"].each()
        return rules.CodedCases([(strata, units) for strata, units in cells.different], cells.at, references)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, key: int) -> ReadCase: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[ReadCase]: ...
    def __getitem__(self, key: int | slice) -> ReadCase | Sequence[ReadCase]:
        if isinstance(key, slice):
            return list(self._part(key))
        at = range(len(self))[key]
        return next(self._part(slice(at, at + 1)))

    def __iter__(self) -> Iterator[ReadCase]:
        return self._part(slice(None))

    def _part(self, rows: slice) -> Iterator[ReadCase]:
        columns = tuple(self._values)
        facts = zip(*(values.part(rows).each() for values in self._values.values()), strict=True)
        found = zip(
            self._rows[rows].tolist(),
            self._values["reference"].part(rows).each(),
            self._units.part(rows).each(),
            self._strata.part(rows).each(),
            facts,
            strict=True,
        )
        for number, reference, units, strata, values in found:
            yield ReadCase(number, reference, units, strata, dict(zip(columns, values, strict=True)))


NO_CASES = ReadCases(np.zeros(0, dtype=np.intp), {"reference": coded(())}, coded(()), coded(()))
