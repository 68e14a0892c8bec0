"""Chapter 7.2a of the manual, verified data: every fact and answer that counts, frozen, and what changed since."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class VerifiedCase:
    """A case of the final sample with its facts and key question answers by id; empty ones are left out."""

    case: str
    case_list: str
    number: int
    submitted: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs in one case: a fact or key question (`subject`), or with "" the case itself. "" is no value."""

    case: str
    case_list: str
    number: int
    subject: str
    before: str
    now: str


ABSENT, OPEN, SUBMITTED = "not in the sample", "not submitted", "submitted"


def verified_as_json(cases: Iterable[VerifiedCase]) -> list[dict[str, Any]]:
    """Cases as plain values in one order: by list, number and id, with facts and answers by id.

    Manual 7.2a
    """
    return [
        {
            "case": one.case,
            "list": one.case_list,
            "number": one.number,
            "submitted": one.submitted,
            "facts": {name: value for name, value in sorted(one.facts.items()) if value},
            "answers": {name: value for name, value in sorted(one.answers.items()) if value},
        }
        for one in sorted(cases, key=lambda one: (one.case_list, one.number, one.case))
    ]


def verified_from_json(content: Sequence[Mapping[str, Any]]) -> tuple[VerifiedCase, ...]:
    """The cases that `verified_as_json` wrote.

    Manual 7.2a
    """
    return tuple(
        VerifiedCase(one["case"], one["list"], one["number"], one["submitted"], one["facts"], one["answers"])
        for one in content
    )


def verified_digest(content: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256, as 64 hexadecimal digits, of cases as `verified_as_json` writes them, in their one canonical form.

    Manual 7.2a
    """
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def changes_since(before: Iterable[VerifiedCase], now: Iterable[VerifiedCase]) -> tuple[Change, ...]:
    """Every difference that can change a figure, by list, number and subject.

    Of a case that came, left, was submitted or was opened again that alone is said; what is answered in a case that is
    not submitted counts nowhere, and is no change.

    Manual 7.2a
    """
    old, new = {one.case: one for one in before}, {one.case: one for one in now}
    found: list[Change] = []
    for case in old.keys() | new.keys():
        was, here = old.get(case), new.get(case)
        known = here or was
        assert known is not None
        about = (case, known.case_list, known.number)
        if _state(was) != _state(here):
            found.append(Change(*about, "", _state(was), _state(here)))
        elif was and here and here.submitted:
            found += (Change(*about, *one) for one in _differences(was.facts, here.facts))
            found += (Change(*about, *one) for one in _differences(was.answers, here.answers))
    return tuple(sorted(found, key=lambda one: (one.case_list, one.number, one.case, one.subject)))


def _state(case: VerifiedCase | None) -> str:
    if case is None:
        return ABSENT
    return SUBMITTED if case.submitted else OPEN


def _differences(was: Mapping[str, str], here: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = was.keys() | here.keys()
    return [(n, was.get(n, ""), here.get(n, "")) for n in names if was.get(n, "") != here.get(n, "")]
