"""Chapter 4: the dice of a draw, made from the seed alone so that any machine throws the same."""

import hashlib
import hmac
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Words = NDArray[np.uint64]
Numbers = NDArray[np.intp]
_BLOCK = 1 << 17
# The finishing steps of SplitMix64: (bits shifted, multiplier), then one last shift.
_STEPS = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST_SHIFT = np.uint64(31)
_ALL_BITS = np.uint64(2**64 - 1)


class Dice:
    """Whole numbers from SHA-256 over a key and a counter: no clock, no machine, no version of a library in it."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        self._key = hmac.digest(seed, purpose.encode(), "sha256")
        self._counter = 0
        self._pool = 0
        self._bits = 0

    def _take(self, bits: int) -> int:
        while self._bits < bits:
            block = hashlib.sha256(self._key + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
            self._pool = self._pool << 256 | int.from_bytes(block, "big")
            self._bits += 256
        self._bits -= bits
        taken = self._pool >> self._bits
        self._pool &= (1 << self._bits) - 1
        return taken

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to limit - 1, each equally likely.

        Manual 4.3a
        """
        bits = (limit - 1).bit_length()
        while True:
            thrown = self._take(bits)
            if thrown < limit:
                return thrown

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in an order in which every arrangement is equally likely.

        Manual 4.3a
        """
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def ticket(seed: bytes, reference: str) -> bytes:
    """Return the ticket (32 bytes) of a case: it depends on the seed and the case reference and on nothing else.

    Manual 4.4k
    """
    return hmac.digest(seed, b"case:" + reference.encode(), "sha256")


class Tickets:
    """The tickets of one seed, one after another; each is as `ticket` gives it, its key is prepared once."""

    def __init__(self, seed: bytes) -> None:
        key = seed if len(seed) <= 64 else hashlib.sha256(seed).digest()
        key = key.ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + b"case:")
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def of(self, reference: str) -> bytes:
        """Return the ticket (32 bytes) of a case.

        Manual 4.4k
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(reference.encode())
        outer.update(inner.digest())
        return outer.digest()


def case_keys(references: Sequence[str]) -> Words:
    """Return for each case the first 64 bits of the digest of its reference, as a receipt holds that digest.

    Manual 4.4k
    """
    written = map(encode_basestring, references)
    digests = b"".join([hashlib.sha256(reference.encode()).digest()[:8] for reference in written])
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def quick_tickets(seed: bytes, keys: Words, codes: Numbers, limits: Words) -> tuple[Numbers, Words]:
    """Return the rows whose ticket of 64 bits is at most the limit of their cell, and hardly any others, with tickets.

    A ticket is a keyed mixing of the case key in which different keys never meet: twice the finishing steps of
    SplitMix64, each after one half of a key made from the seed. For lists so long that a SHA-256 for each case would
    be felt; the list is sealed before there is a seed, so no row can be aimed at a ticket. `codes` (rows) number the
    cells, `limits` (cells) are theirs. Worked through in blocks that stay near the processor.

    Manual 4.4k
    """
    halves = np.frombuffer(hmac.digest(seed, b"tickets", "sha256")[:16], dtype=">u8").astype(np.uint64)
    # The last step leaves the high bits as they are: it is done for those rows only that they do not rule out.
    nearly = limits | _ALL_BITS >> _LAST_SHIFT
    mixed, other = np.empty((2, min(_BLOCK, len(keys))), dtype=np.uint64)
    rows, tickets = [], []
    for start in range(0, len(keys), _BLOCK):
        block, cells = keys[start : start + _BLOCK], codes[start : start + _BLOCK]
        mixed, other = mixed[: len(block)], other[: len(block)]
        _mix(block, halves, mixed, other)
        np.take(nearly, cells, out=other, mode="clip")
        low = np.flatnonzero(mixed <= other)
        rows.append(low + start)
        tickets.append(mixed[low])
    found = np.concatenate(tickets)
    return np.concatenate(rows), found ^ found >> _LAST_SHIFT


def _mix(keys: Words, halves: Words, mixed: Words, shifted: Words) -> None:
    """Write into `mixed` what the tickets are before the last step; `shifted` is room to work in."""
    for half in halves:
        if keys is mixed:
            np.right_shift(mixed, _LAST_SHIFT, out=shifted)
            np.bitwise_xor(mixed, shifted, out=mixed)
        np.bitwise_xor(keys, half, out=mixed)
        for shift, factor in _STEPS:
            np.right_shift(mixed, shift, out=shifted)
            np.bitwise_xor(mixed, shifted, out=mixed)
            np.multiply(mixed, factor, out=mixed)
        keys = mixed
