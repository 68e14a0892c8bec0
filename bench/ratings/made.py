"""Made answers of many inspections as arrays: the table that others count, and the words that own code counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Twelve key questions of domain two, each with four prompts: sixty answers a case.
STANDARDS = 4
QUESTIONS = tuple(f"2.{standard}.{number}" for standard in range(1, STANDARDS + 1) for number in (1, 2, 3))
PROMPTS = 4
ROSH = ("low", "medium", "high", "very-high")
# Left out of their sub-samples: low risk of these, and cases without a review due of the last standard.
SAFETY, REVIEWING = (5,), (9, 10, 11)
YES, NO, NA = 1, 0, 2


@dataclass(frozen=True, slots=True)
class Made:
    """Cases one after the other, of inspection i from starts[i] on; `summary` is cases by key questions, `prompts` the
    same for all prompts; both with YES, NO or NA. `rosh` is a place in ROSH, `review` whether one was due."""

    starts: NDArray[np.int64]
    inspection: NDArray[np.int32]
    rosh: NDArray[np.uint8]
    review: NDArray[np.uint8]
    summary: NDArray[np.uint8]
    prompts: NDArray[np.uint8]

    @property
    def cases(self) -> int:
        return len(self.rosh)

    @property
    def answers(self) -> int:
        return self.summary.size + self.prompts.size

    def table(self) -> dict[str, NDArray[np.int32] | NDArray[np.uint8]]:
        """One row an answer: case, field (key questions first) and value."""
        fields = len(QUESTIONS) * (1 + PROMPTS)
        values = np.concatenate([self.summary, self.prompts], axis=1)
        return {
            "case_id": np.repeat(np.arange(self.cases, dtype=np.int32), fields),
            "field": np.tile(np.arange(fields, dtype=np.uint8), self.cases),
            "value": values.reshape(-1),
        }


def made(inspections: int, seed: int = 1) -> Made:
    """Inspections of 100 to 150 cases, each with its own share of yes; one answer in twenty is not applicable."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(100, 151, inspections)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    inspection = np.repeat(np.arange(inspections, dtype=np.int32), sizes)
    share = chance.uniform(0.45, 0.9, (inspections, len(QUESTIONS)))[inspection].astype(np.float32)
    cases = len(inspection)

    def answers(likely: NDArray[np.float32]) -> NDArray[np.uint8]:
        given = (chance.random(likely.shape, np.float32) < likely).astype(np.uint8)
        given[chance.random(likely.shape, np.float32) < 0.05] = NA
        return given

    summary = answers(share)
    prompts = np.concatenate([answers(share) for _ in range(PROMPTS)], axis=1)
    rosh = chance.integers(0, len(ROSH), cases, dtype=np.uint8)
    return Made(starts, inspection, rosh, chance.integers(0, 2, cases, dtype=np.uint8), summary, prompts)
