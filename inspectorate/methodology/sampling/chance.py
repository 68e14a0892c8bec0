"""Chapter 4: the dice of a draw, made from the seed alone so that any machine throws the same."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


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
