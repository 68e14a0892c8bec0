"""Chapter 4: the digests of a long list's rows, made quickly: what many rows share is written once."""

import json
from collections.abc import Iterable
from hashlib import sha256
from json.encoder import encode_basestring

from inspectorate.methodology.sampling.population import ListedCase, by_columns

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LENGTH = sha256().digest_size


def row_digests(cases: Iterable[ListedCase]) -> tuple[tuple[str, str], ...]:
    """Return for each case the digests (hexadecimal) of its reference and of its whole row, in order of the first.

    Manual 4.4b
    """
    return tuple((both[:_LENGTH].hex(), both[_LENGTH:].hex()) for both in _digests(cases))


def list_digest(cases: Iterable[ListedCase]) -> str:
    """Return the SHA-256 (hexadecimal) of a long list, whatever the order of its rows.

    It is that of `row_digests`, of each the second, as a JSON list without blanks.

    Manual 4.4b
    """
    rows = '","'.join([both[_LENGTH:].hex() for both in _digests(cases)])
    return sha256(f'["{rows}"]'.encode() if rows else b"[]").hexdigest()


def _digests(cases: Iterable[ListedCase]) -> list[bytes]:
    """For each case the SHA-256 of its reference and of its row [reference, [units], [strata]], both as JSON without
    blanks, one behind the other; in order."""
    there = by_columns(cases)
    ends = [f",{_written(units)},{_written(strata)}]".encode() for strata, units in there.cells]
    found = []
    for reference, code in zip(there.references, there.codes.tolist(), strict=True):
        written = encode_basestring(reference).encode()
        found.append(sha256(written).digest() + sha256(b"[" + written + ends[code]).digest())
    return sorted(found)
