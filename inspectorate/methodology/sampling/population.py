"""Chapter 4: a long list as the draw counts it, each case under the number of its cell (stratum and units)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from inspectorate.methodology.sampling.chance import Numbers, Words, case_keys
from inspectorate.methodology.sampling.units import Cell


class SamplingError(ValueError):
    """A sample that cannot be drawn; the message says why and what to do."""


class EmptyListError(SamplingError):
    """There is no case to draw from."""


class DuplicateReferenceError(SamplingError):
    """A case reference stands on more than one row."""


class UnevenCasesError(SamplingError):
    """Cases do not all have the same number of strata or units."""


class WrongCodesError(SamplingError):
    """The cells and the numbers given for the rows do not fit together."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case of the long list: reference, units (tier 1 first) and values of the stratification variables."""

    reference: str
    units: tuple[str, ...]
    strata: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CodedCases(Sequence[ListedCase]):
    """Cases kept by columns: `cells` are different (strata, units), `codes` (rows) the place there of each row's,
    `references` (rows) the case references."""

    cells: Sequence[Cell]
    codes: Numbers
    references: Sequence[str]

    def __len__(self) -> int:
        return len(self.references)

    @overload
    def __getitem__(self, key: int) -> ListedCase: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[ListedCase]: ...
    def __getitem__(self, key: int | slice) -> ListedCase | Sequence[ListedCase]:
        if isinstance(key, slice):
            return CodedCases(self.cells, self.codes[key], self.references[key])
        strata, units = self.cells[self.codes[key]]
        return ListedCase(self.references[key], units, strata)

    def __iter__(self) -> Iterator[ListedCase]:
        for reference, code in zip(self.references, self.codes.tolist(), strict=True):
            strata, units = self.cells[code]
            yield ListedCase(reference, units, strata)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """A long list put into numbers once, for draws of any size: as `encode` and `coded` make it.

    `cells` are the (strata, units) in order that hold a case, `codes` (rows) the number of each row's cell,
    `references` (rows) the case references, `keys` (rows) what `case_keys` makes of them, `held` (cells) the cases of
    each cell.
    """

    cells: tuple[Cell, ...]
    codes: Numbers
    references: Sequence[str]
    keys: Words
    held: Numbers

    def counts(self) -> dict[Cell, int]:
        """Return the cases in each cell, in the order of the cells.

        Manual 4.4b
        """
        return dict(zip(self.cells, self.held.tolist(), strict=True))


def encode(cases: Sequence[ListedCase]) -> Population:
    """Return a long list in numbers. Raises a `SamplingError` for no case, a reference twice or uneven cases.

    Manual 4.4b
    """
    there = by_columns(cases)
    return coded(there.cells, there.codes, there.references)


def by_columns(cases: Iterable[ListedCase]) -> CodedCases:
    """Return cases kept by columns, as they are where they are so already.

    Manual 4.4b
    """
    if isinstance(cases, CodedCases):
        return cases
    numbers: dict[Cell, int] = {}
    codes: list[int] = []
    references: list[str] = []
    for case in cases:
        codes.append(numbers.setdefault((case.strata, case.units), len(numbers)))
        references.append(case.reference)
    return CodedCases(list(numbers), np.array(codes, dtype=np.intp), references)


def coded(cells: Sequence[Cell], codes: Numbers, references: Sequence[str]) -> Population:
    """Return a long list that is in numbers already: `codes` gives for each row the place of its cell in `cells`.

    Raises a `SamplingError` for no case, a reference twice, cells of uneven shape or twice, codes that point nowhere.

    Manual 4.4b
    """
    if not len(references):
        raise EmptyListError("The long list holds no case: give a list with at least one row.")
    if len(set(references)) < len(references):
        twice = sorted(reference for reference, rows in Counter(references).items() if rows > 1)
        raise DuplicateReferenceError(
            f"References on more than one row: {', '.join(twice[:20])}. Keep one row of each."
        )
    if len(codes) != len(references) or len(set(cells)) != len(cells):
        raise WrongCodesError(
            f"There are {len(codes)} numbers for {len(references)} rows and {len(cells)} cells: "
            "give each row one number, and each cell once."
        )
    if codes.min() < 0 or codes.max() >= len(cells):
        raise WrongCodesError(f"A row has a number that is no place among the {len(cells)} cells: count from 0.")
    there = np.bincount(codes, minlength=len(cells))
    order = sorted((at for at in range(len(cells)) if there[at]), key=lambda at: cells[at])
    _check_shape([cells[at] for at in order], references, codes, cells)
    place = np.zeros(len(cells), dtype=np.intp)
    place[order] = np.arange(len(order), dtype=np.intp)
    return Population(
        tuple(cells[at] for at in order), place[codes], references, case_keys(references), held=there[order]
    )


def _check_shape(there: Sequence[Cell], references: Sequence[str], codes: Numbers, cells: Sequence[Cell]) -> None:
    """All cells are shaped like that of the first row; the rows that are not are named."""
    first = cells[int(codes[0])]
    shape = len(first[0]), len(first[1])
    if all((len(strata), len(units)) == shape for strata, units in there):
        return
    odd = {at for at, (strata, units) in enumerate(cells) if (len(strata), len(units)) != shape}
    named = [reference for reference, code in zip(references, codes.tolist(), strict=True) if code in odd][:20]
    raise UnevenCasesError(
        f"Not {shape[0]} strata and {shape[1]} units like the first case: {', '.join(named)}. Give all alike."
    )
