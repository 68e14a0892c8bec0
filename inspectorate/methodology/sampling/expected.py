"""Chapters 4.1 and 4.2: how many cases a long list should hold, and how far one is from that."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from inspectorate.methodology.sampling.lists import ResourcingRow, SizeRule
from inspectorate.methodology.sampling.sizes import ImpossibleSampleSizeError, implied_population


@dataclass(frozen=True, slots=True)
class ExpectedRange:
    """From how many cases to how many a list is expected to hold; no `high` where there is no most."""

    low: int
    high: int | None


def expected_range(rows: Iterable[ResourcingRow], list_id: str, rule: SizeRule) -> ExpectedRange | None:
    """Return the populations that rows of figure 2 imply by their sizes for 80%, from the least to the most of them.

    A size was worked out from the published number of cases in the list's period, so it tells that number. None where
    no row has a size for the list.

    Manual 4.1a, 4.2a
    """
    found = []
    for row in rows:
        size = row.size_at_80(list_id)
        try:
            found += [] if size is None else [_implied(size, rule)]
        except ImpossibleSampleSizeError:
            continue
    if not found:
        return None
    highs = [high for _, high in found]
    return ExpectedRange(
        min(low for low, _ in found), None if None in highs else max(high for high in highs if high is not None)
    )


def _implied(size: int, rule: SizeRule) -> tuple[int, int | None]:
    return implied_population(size, margin=rule.margin, confidence=rule.confidence)


def deviation(cases: int, expected: ExpectedRange) -> Fraction:
    """Return by which part of the nearer bound a list lies outside what is expected: below 0 for too few, above 0 for
    too many, 0 inside.

    Manual 4.2a
    """
    if cases < expected.low:
        return Fraction(cases - expected.low, expected.low)
    if expected.high is not None and cases > expected.high:
        return Fraction(cases - expected.high, max(expected.high, 1))
    return Fraction(0)
