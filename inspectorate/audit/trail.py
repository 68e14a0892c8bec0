"""Adds lines to the trail and verifies it: Manual 1.2 (accountability), and the promise that nothing changes unseen."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inspectorate.audit import clock, rows
from inspectorate.audit.models import Entry, Head, Kind
from inspectorate.audit.questions import Question

PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a chain, and at which line."""

    chain: str
    number: int
    what: str


def record_change(
    *, chain: str, by: Any, action: str, subject: Any, summary: str, details: Mapping[str, Any] | None = None
) -> Entry:
    """Adds the line of a change. Call it inside the transaction of the change itself."""
    return _add(Kind.CHANGE, chain=chain, by=by, action=action, subject=subject, summary=summary, details=details)


def record_look(*, chain: str, by: Any, subject: Any, summary: str) -> Entry:
    """Adds the line of a look at personal data: who, at what, when (Data Protection Act 2018, section 62)."""
    return _add(Kind.LOOK, chain=chain, by=by, action="look", subject=subject, summary=summary, details=None)


def record_refusal(*, chain: str, by: Any, action: str, subject: Any, summary: str) -> Entry:
    """Adds the line of something that a person tried and that was refused."""
    return _add(Kind.REFUSED, chain=chain, by=by, action=action, subject=subject, summary=summary, details=None)


def _add(
    kind: str, *, chain: str, by: Any, action: str, subject: Any, summary: str, details: Mapping[str, Any] | None
) -> Entry:
    with transaction.atomic(savepoint=False):
        number, previous = _head(chain)
        entry = Entry(
            chain=chain,
            number=number + 1,
            at=clock.now(),
            recorded_at=timezone.now(),
            actor=str(getattr(by, "email", by)),
            kind=kind,
            action=action,
            subject=_name(subject),
            summary=summary[:500],
            details=json.dumps(details or {}, sort_keys=True, ensure_ascii=False, default=str),
            previous=previous,
        )
        entry.digest = digest(entry)
        rows.put([entry])
        rows.put([Head(chain=chain, number=entry.number, digest=entry.digest)], over=["chain"])
    return entry


def _head(chain: str) -> tuple[int, str]:
    """Number and digest of a chain's last line, locked until the end of the transaction."""
    for head in _heads(chain=chain):
        return head
    Head.objects.get_or_create(chain=chain)
    return _heads(chain=chain)[0]


@Question
def _heads(*, chain: str) -> QuerySet[Head, tuple[int, str]]:
    return Head.objects.select_for_update().filter(chain=chain).values_list("number", "digest")


def _name(subject: Any) -> str:
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.label_lower}:{getattr(subject, 'public_id', subject.pk)}"


def digest(entry: Entry) -> str:
    """SHA-256 of a line and of the digest before it, as 64 hexadecimal digits."""
    parts = [
        entry.chain,
        str(entry.number),
        _instant(entry.at),
        _instant(entry.recorded_at),
        entry.actor,
        entry.kind,
        entry.action,
        entry.subject,
        entry.summary,
        entry.details,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def verify(anchors: Mapping[str, tuple[int, str]] | None = None) -> Iterator[Fault]:
    """Walks every chain and yields each fault. `anchors` are heads kept elsewhere: chain -> (number, digest);
    with them a cut-off tail and a chain rewritten from some line on are found as well."""
    anchors = dict(anchors or {})
    chain, number, before = "", 0, ""
    seen: dict[str, tuple[int, str]] = {}
    for entry in Entry.objects.order_by("chain", "number").iterator(chunk_size=2000):
        if entry.chain != chain:
            chain, number, before = entry.chain, 0, ""
        number += 1
        if entry.number != number:
            yield Fault(chain, entry.number, f"line {number} is missing")
            number = entry.number
        if entry.previous != before:
            yield Fault(chain, number, "does not continue the line before it")
        if entry.digest != digest(entry):
            yield Fault(chain, number, "was changed after it was written")
        before = entry.digest
        seen[chain] = (number, before)
        if chain in anchors and anchors[chain][0] == number and anchors[chain][1] != before:
            yield Fault(chain, number, "differs from the digest that was kept elsewhere")
    yield from _faults_at_the_end(seen, anchors)


def _faults_at_the_end(seen: Mapping[str, tuple[int, str]], anchors: Mapping[str, tuple[int, str]]) -> Iterator[Fault]:
    for chain, (number, _) in sorted(anchors.items()):
        if seen.get(chain, (0, ""))[0] < number:
            yield Fault(chain, seen.get(chain, (0, ""))[0], f"ends before line {number}, which was kept elsewhere")
    for head in Head.objects.order_by("chain"):
        if head.number and seen.get(head.chain) != (head.number, head.digest):
            yield Fault(head.chain, head.number, "the head names another last line than the chain has")


def heads() -> dict[str, tuple[int, str]]:
    """The head of every chain, to be kept where nobody of this service can write."""
    return {head.chain: (head.number, head.digest) for head in Head.objects.order_by("chain")}
