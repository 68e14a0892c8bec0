"""Chapter 6.1: matters about a case that are followed to an outcome, with the response to expect by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Needed = Literal["answered", "evidence"]
_LACKS = {
    "answered": "No answer is recorded.",
    "evidence": "There is no evidence.",
}


@dataclass(frozen=True, slots=True)
class MatterKind:
    """One kind of matter: on which kinds of body and lists it is raised, with whom, what is expected of them, what
    has to be there before it can be closed, and how it can end."""

    id: str
    title: str
    kinds: tuple[str, ...]
    raised_with: str
    expects: str
    outcomes: tuple[str, ...]
    manual: str
    lists: tuple[str, ...] = ()
    needs: tuple[Needed, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterStep:
    """Something that was asked, answered or decided; with a file where `evidence`."""

    what: str
    evidence: bool = False


def matters_of(known: Sequence[MatterKind], kind: str, case_list: str) -> tuple[MatterKind, ...]:
    """The kinds of matter that can be raised about a case of this list of this kind of body.

    Manual 6.1d, 6.1i
    """
    return tuple(one for one in known if kind in one.kinds and (not one.lists or case_list in one.lists))


def matter_is_open(steps: Sequence[MatterStep]) -> bool:
    """Whether a matter still waits for its outcome.

    Manual 6.1i
    """
    told = [step.what for step in steps if step.what in ("closed", "opened")]
    return not told or told[-1] == "opened"


def why_matter_stays_open(kind: MatterKind, steps: Sequence[MatterStep]) -> tuple[str, ...]:
    """Every reason why a matter cannot be closed now; none where it can. What came before it was opened again does
    not count.

    Manual 6.1d, 6.1i
    """
    if not matter_is_open(steps):
        return ("The matter is closed already.",)
    opened = max((at for at, step in enumerate(steps) if step.what == "opened"), default=-1)
    here = steps[opened + 1 :]
    given = {step.what for step in here if step.what != "evidence" or step.evidence}
    return tuple(_LACKS[needed] for needed in kind.needs if needed not in given)
