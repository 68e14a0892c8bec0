"""Own ratings of the made answers, and the bound: two words a case, each bit added by itself and banded."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bench.ratings.made import QUESTIONS, REVIEWING, ROSH, SAFETY, YES, Made
from inspectorate.methodology import pack as packs
from inspectorate.methodology.ratings import Decided, Replayed, Words, replay
from inspectorate.methodology.standards import Condition, Framework, Rating

PACK = packs.load("probation-v3-2018")
REVIEWS = ("yes", "no")


def framework() -> Framework:
    """Domain two of the pack with the sub-samples that the others count too."""
    out = {QUESTIONS[at]: Condition("rosh_judged", ("low",)) for at in SAFETY}
    out |= {QUESTIONS[at]: Condition("review_due", ("no",)) for at in REVIEWING}
    whole = PACK.framework("NPS")
    standards = [
        replace(s, key_questions=tuple(replace(q, leave_out=(out[q.id],) if q.id in out else ())
                                       for q in s.key_questions))
        for s in whole.standards if s.domain != "domain-three"
    ]  # fmt: skip
    return replace(whole, standards=tuple(standards))


def words(made: Made) -> Words:
    """The made cases in words."""
    bits = np.uint64(1) << np.arange(len(QUESTIONS), dtype=np.uint64)
    yes = ((made.summary == YES) * bits).sum(axis=1, dtype=np.uint64)
    answered = ((made.summary <= YES) * bits).sum(axis=1, dtype=np.uint64)
    alike = tuple(("domain-two", (("review_due", due), ("rosh_judged", rosh))) for rosh in ROSH for due in REVIEWS)
    group = made.rosh.astype(np.uint32) * 2 + (1 - made.review)
    return Words(QUESTIONS, alike, yes, answered, group, made.starts)


def decided(of: Framework, there: Words) -> Decided:
    """Domain one good throughout, and no change by a panel."""
    judged = {s.id: Rating.GOOD for s in of.standards if s.source == "panel"}
    return Decided.of(of, there, [judged] * len(there), [{}] * len(there))


def rerated(of: Framework, there: Words, panel: Decided) -> Replayed:
    """Everything: counts, bands, standards, totals, overall ratings."""
    return replay(of, PACK.ratings, there, panel)


def bound(there: Words, masks: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Counts, bands and lowest bands from two words a case in the plainest way."""
    counted = there.answered & masks[there.group]
    yes = there.yes & counted
    begins, found = there.starts[:-1], []
    for bit in range(len(QUESTIONS)):
        at = np.uint64(bit)
        found.append([np.add.reduceat((word >> at) & np.uint64(1), begins).astype(np.int64) for word in (yes, counted)])
    y, n = (np.stack(one, axis=1) for one in zip(*found, strict=True))
    band = sum((200 * y + n >= 2 * edge * n).astype(np.int64) for edge in (50, 65, 80))
    return band.reshape(len(band), -1, 3).min(axis=2)


def masks(of: Framework, there: Words) -> NDArray[np.uint64]:
    """Which key questions count for cases with the same facts."""
    questions = [of.key_question(q) for q in QUESTIONS]
    return np.array(
        [
            sum(1 << at for at, q in enumerate(questions) if q.applies_to(dict(facts), one))
            for one, facts in there.alike
        ],
        np.uint64,
    )
