"""Chapter 7.1 of the manual, judged cases of many inspections in two words a case: answered, and answered yes.

Bit by bit the key questions of one framework; beside the words, which list a case is of and what facts were recorded.
The answers themselves stay the truth: words are made from them whenever they are wanted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspectorate.methodology.ratings.judgements import CaseJudgements
from inspectorate.methodology.standards import Framework

MOST_QUESTIONS = 64
# Eight counters of one byte in a word, each good for so many cases.
LANES = np.uint64(0x0101010101010101)
BYTE = 255
NEAR = 16_384

Counts = NDArray[np.int64]
Alike = tuple[str, tuple[tuple[str, str], ...]]


class TooManyQuestionsError(ValueError):
    """The framework asks more of its cases than a word has bits."""


@dataclass(frozen=True, slots=True)
class Words:
    """Cases of inspections, one after the other: of inspection i from `starts[i]` up to `starts[i + 1]`.

    Bit b of `yes` and `answered` is key question `questions[b]`; `alike[group]` is a case's list and recorded facts.
    """

    questions: tuple[str, ...]
    alike: tuple[Alike, ...]
    yes: NDArray[np.uint64]
    answered: NDArray[np.uint64]
    group: NDArray[np.uint32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1


def counted_questions(framework: Framework) -> tuple[str, ...]:
    """Ids of the key questions that are asked of cases, in order. Raises TooManyQuestionsError.

    Manual 7.1a
    """
    found = tuple(q.id for s in framework.standards if s.source != "panel" for q in s.key_questions)
    if len(found) > MOST_QUESTIONS:
        raise TooManyQuestionsError(f"{len(found)} key questions are asked of cases: words hold {MOST_QUESTIONS}")
    return found


def in_words(framework: Framework, cases: Iterable[CaseJudgements]) -> Words:
    """The judged cases of one inspection in words. Answers to what is not asked of a case's list are left out.

    Manual 7.1a, 7.1b
    """
    questions = counted_questions(framework)
    asked = {
        case_list: {q.id: 1 << questions.index(q.id) for s in framework.standards_for_list(case_list)
                    if s.source != "panel" for q in s.key_questions}
        for case_list in framework.case_lists
    }  # fmt: skip
    alike: dict[Alike, int] = {}
    yes, answered, group = [], [], []
    for case in cases:
        bits = asked[case.case_list]
        said_yes = said_no = 0
        for question, answer in case.answers.items():
            if answer == "yes":
                said_yes |= bits.get(question, 0)
            elif answer == "no":
                said_no |= bits.get(question, 0)
        yes.append(said_yes)
        answered.append(said_yes | said_no)
        group.append(alike.setdefault((case.case_list, tuple(sorted(case.facts.items()))), len(alike)))
    return Words(
        questions,
        tuple(alike),
        np.array(yes, np.uint64),
        np.array(answered, np.uint64),
        np.array(group, np.uint32),
        np.array([0, len(yes)], np.int64),
    )


def joined(words: Sequence[Words]) -> Words:
    """Inspections of one framework one after the other, in the order given. ValueError where the questions differ.

    Manual 7.1a
    """
    if len({one.questions for one in words}) != 1:
        raise ValueError("join the words of one framework, and of at least one inspection")
    alike: dict[Alike, int] = {}
    groups = []
    for one in words:
        numbers = np.array([alike.setdefault(key, len(alike)) for key in one.alike], np.uint32)
        groups.append(numbers[one.group] if len(numbers) else one.group)
    sizes = np.concatenate([[0], *(np.diff(one.starts) for one in words)])
    return Words(
        words[0].questions,
        tuple(alike),
        np.concatenate([one.yes for one in words]),
        np.concatenate([one.answered for one in words]),
        np.concatenate(groups),
        np.cumsum(sizes).astype(np.int64),
    )


def counts(framework: Framework, words: Words) -> tuple[Counts, Counts]:
    """Yes and n by inspection and key question, over the sub-samples of this framework.

    Manual 7.1a, 7.1b
    """
    masks = np.array([_mask(framework, words.questions, *key) for key in words.alike] or [0], np.uint64)
    found = np.zeros((2, len(words), MOST_QUESTIONS), np.int64)
    bits = len(words.questions)
    for first, last in _blocks(words.starts):
        begins = words.starts[first : last + 1]
        here = slice(begins[0], begins[-1])
        counted = words.answered[here] & masks[words.group[here]]
        found[0, first:last] = _sums(words.yes[here] & counted, begins - begins[0], bits)
        found[1, first:last] = _sums(counted, begins - begins[0], bits)
    return found[0, :, :bits], found[1, :, :bits]


def waiting(framework: Framework, words: Words, question: str) -> Counts:
    """Cases by inspection that count for a key question only because a fact that decides it was not recorded.

    Manual 7.1b
    """
    asked = framework.key_question(question)
    unknown = np.array(
        [bool(asked.waits_for(dict(facts), case_list)) for case_list, facts in words.alike] or [False], dtype=bool
    )
    bit = np.uint64(1 << words.questions.index(question))
    there = ((words.answered & bit) != 0) & unknown[words.group]
    return np.diff(np.concatenate([[0], np.cumsum(there)])[words.starts])


def _mask(framework: Framework, questions: tuple[str, ...], case_list: str, facts: tuple[tuple[str, str], ...]) -> int:
    """The bits of the key questions whose sub-sample a case with these facts is in."""
    asked = (q for s in framework.standards_for_list(case_list) for q in s.key_questions)
    known = dict(facts)
    return sum(1 << questions.index(q.id) for q in asked if q.id in questions and q.applies_to(known, case_list))


def _blocks(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Inspections from .. to, so many at once that their cases stay near the processor."""
    first = 0
    while first < len(starts) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + NEAR, side="right")) - 1)
        yield first, last
        first = last


def _sums(words: NDArray[np.uint64], starts: NDArray[np.int64], bits: int) -> Counts:
    """How often each of 64 bits is set, the first `bits` at least, by inspection. Cases are added
    eight questions at a time, a byte for each."""
    pieces = -(-np.diff(starts) // BYTE)
    before = np.cumsum(pieces) - pieces
    owner = np.repeat(np.arange(len(pieces)), pieces)
    found = np.zeros((len(pieces), MOST_QUESTIONS), np.int64)
    if len(owner):
        begins = starts[owner] + BYTE * (np.arange(len(owner)) - before[owner])
        each = np.zeros((len(owner), 8, 8), np.uint8)
        for shift in range(min(8, bits)):
            lanes = np.add.reduceat((words >> np.uint64(shift)) & LANES, begins)
            each[:, :, shift] = lanes.astype("<u8").view(np.uint8).reshape(len(owner), 8)
        flat = each.reshape(len(owner), MOST_QUESTIONS)
        there = pieces > 0
        found[there] = (
            flat if len(owner) == there.sum() else np.add.reduceat(flat, before[there], axis=0, dtype=np.int64)
        )
    return found
