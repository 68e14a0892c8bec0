"""Chapter 4.4: all that a draw is made from, hashed before there is a seed; and the seed that public dice give."""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from inspectorate.methodology.sampling.draws import ALGORITHM, ALGORITHM_VERSION, SamplingError
from inspectorate.methodology.sampling.lists import CaseList
from inspectorate.methodology.sampling.strata import Stratum

Units = tuple[str, ...]
FACES = "123456"
SEED_BITS = 128
MOST_THROWS = 400
# One face so often in a row, or in so large a part of all throws, or one short piece thrown again and again: each of
# these comes less than once in a million times from dice, and often from a person who makes throws up.
_LONGEST_RUN = 10
_MOST_OF_A_FACE = 0.5
_LEAST_REPEATS = 3


class WrongThrowsError(SamplingError):
    """What was typed is not a row of throws of dice from which a seed can be made."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides a draw but the seed. `units` are the units to draw from (none for all), `proportions` the counts
    that the strata are matched to where they are not those of the cases drawn from."""

    list_id: str
    list_digest: str
    specification_digest: str
    pack_id: str
    pack_version: str
    pack_digest: str
    size: int
    substitutes: int
    units: tuple[Units, ...] = ()
    proportions: tuple[tuple[Stratum, int], ...] | None = None
    algorithm: str = ALGORITHM
    algorithm_version: int = ALGORITHM_VERSION


def proportions_of(counts: Mapping[Stratum, int]) -> tuple[tuple[Stratum, int], ...]:
    """Return counts by stratum as `Inputs` hold them: in order, so that they are hashed alike everywhere.

    Manual 4.4c
    """
    return tuple(sorted(counts.items()))


def inputs_to_dict(inputs: Inputs) -> dict[str, Any]:
    """Return inputs as the plain values that are hashed and shown.

    Manual 4.4d
    """
    return {
        "list": {"id": inputs.list_id, "digest": inputs.list_digest, "specification": inputs.specification_digest},
        "pack": {"id": inputs.pack_id, "version": inputs.pack_version, "digest": inputs.pack_digest},
        "algorithm": {"name": inputs.algorithm, "version": inputs.algorithm_version},
        "size": inputs.size,
        "substitutes": inputs.substitutes,
        "units": [list(units) for units in inputs.units],
        "proportions": None
        if inputs.proportions is None
        else [{"stratum": list(stratum), "cases": cases} for stratum, cases in inputs.proportions],
    }


def inputs_digest(inputs: Inputs) -> str:
    """Return the SHA-256 (hexadecimal) of inputs, which is shown before a seed exists.

    Manual 4.4d
    """
    return digest_of(inputs_to_dict(inputs))


def specification_digest(case_list: CaseList) -> str:
    """Return the SHA-256 (hexadecimal) of the specification that a list follows. What a specification leaves unsaid
    does not count, so that a later version of this program, which may ask for more, gives the same.

    Manual 4.4b
    """
    return digest_of(_said(case_list))


def throws_needed(bits: int = SEED_BITS) -> int:
    """Return how many throws of one die hold at least so many bits of chance.

    Manual 4.4d
    """
    return math.ceil(bits / math.log2(len(FACES)))


def read_throws(written: str) -> str:
    """Return throws of a die as digits only; spaces, commas and line ends between them do not count.

    Raises `WrongThrowsError` for anything but 1 to 6, too few or too many throws, and what no dice would give: one face
    ten times in a row, one face in more than half of all throws, or one piece over and over.

    Manual 4.4d
    """
    throws = re.sub(r"[\s,;.]+", "", written)
    if wrong := sorted(set(throws) - set(FACES)):
        raise WrongThrowsError(f"A die shows 1 to 6; '{wrong[0]}' is no throw. Type one digit for each throw.")
    least = throws_needed()
    if len(throws) < least:
        raise WrongThrowsError(f"These are {len(throws)} throws; {least} are needed. Throw {least - len(throws)} more.")
    if len(throws) > MOST_THROWS:
        raise WrongThrowsError(f"These are {len(throws)} throws; {MOST_THROWS} are the most.")
    if odd := _unlike_dice(throws):
        raise WrongThrowsError(f"{odd} Throw the dice again.")
    return throws


def seed_of(throws: str) -> bytes:
    """Return the seed that throws give: the SHA-256 of their digits, which any computer can work out again.

    Manual 4.4d
    """
    return hashlib.sha256(throws.encode("ascii")).digest()


def digest_of(value: Any) -> str:
    """Return the SHA-256 (hexadecimal) of plain values, written as JSON without blanks in the order given.

    Manual 4.4d
    """
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _unlike_dice(throws: str) -> str:
    """Say what no dice would give, "" where there is nothing."""
    run = re.search(rf"([{FACES}])\1{{{_LONGEST_RUN - 1}}}", throws)
    if run:
        return f"The dice showed {run[1]} {_LONGEST_RUN} times or more in a row."
    face, times = Counter(throws).most_common(1)[0]
    if times > _MOST_OF_A_FACE * len(throws):
        return f"The dice showed {face} in {times} of {len(throws)} throws."
    for length in range(1, len(throws) // _LEAST_REPEATS + 1):
        if throws == (throws[:length] * (len(throws) // length + 1))[: len(throws)]:
            return f"The throws are {throws[:length]} over and over."
    return ""


def _said(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _said(getattr(value, field.name))
            for field in sorted(fields(value), key=lambda field: field.name)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, Mapping):
        return {str(key): _said(value[key]) for key in sorted(value)}
    if isinstance(value, tuple | list | set | frozenset):
        return [_said(one) for one in value]
    return value
