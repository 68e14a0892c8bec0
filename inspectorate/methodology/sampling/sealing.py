"""Chapter 4: the digests of a long list's rows, made quickly: what many rows share is written once."""

import json
from collections.abc import Iterable
from hashlib import sha256

from inspectorate.methodology.sampling.population import ListedCase

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digests_of(cases: Iterable[ListedCase]) -> list[tuple[str, str]]:
    """Return for each case the SHA-256 (hexadecimal) of its reference and of its row, both as JSON without spaces.

    A row is [reference, [units], [strata]].

    Manual 4.4b
    """
    ends: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    found = []
    for case in cases:
        there = case.units, case.strata
        end = ends.get(there)
        if end is None:
            end = ends[there] = f",{_written(case.units)},{_written(case.strata)}]"
        reference = _written(case.reference)
        row = f"[{reference}{end}"
        found.append((sha256(reference.encode()).hexdigest(), sha256(row.encode()).hexdigest()))
    return found
