"""Made inspections with cases judged twice, in which one inspector may be biased or one question unclear."""

import numpy as np

from inspectorate.methodology.fieldwork import Candidate, Pair, choose

BIASED, UNCLEAR = "i0", "q0"


def made(
    dice: np.random.Generator,
    *,
    cases: int,
    inspectors: int,
    questions: int = 12,
    slips: float = 0.1,
    turned: float = 0.0,
    to: str = "yes",
    unclear: float = 0.0,
    interview: float = 0.0,
    moody: float = 0.0,
) -> list[Pair]:
    """The pairs of an inspection whose inspectors slip at `slips` of the answers. One, BIASED, turns `turned` of the
    other answers into `to`; of one question, UNCLEAR, `unclear` of the answers differ. `interview`: so many of the
    first answers alone become Yes, by what the officer said. `moody`: how much slips vary from case to case."""
    names = [f"i{number}" for number in range(inspectors)]
    could = [
        Candidate(f"c{at:03}", names[at % inspectors], str(at // inspectors % 2 + 1),
                  tuple(who for who in names if who != names[at % inspectors]))
        for at in range(3 * cases)
    ]  # fmt: skip
    first = {one.case: one for one in could}
    usual = dice.uniform(0.4, 0.9, questions)
    found = []
    for case, second in choose(could, size=cases, seed=dice.bytes(32)):
        truth = dice.random(questions) < np.clip(usual + dice.normal(0, 0.15), 0.03, 0.97)
        slip = float(np.clip(slips + dice.normal(0, moody), 0.01, 0.4)) if moody else slips
        both = []
        for place, who in enumerate((first[case].first, second)):
            answers = truth ^ (dice.random(questions) < slip)
            if who == BIASED:
                answers = np.where(dice.random(questions) < turned, to == "yes", answers)
            if place == 0:
                answers = answers | (dice.random(questions) < interview)
            both.append(answers)
        if unclear:
            both[1][0] = both[0][0] ^ (dice.random() < unclear)
        words = [["yes" if one else "no" for one in answers] for answers in both]
        found += [
            Pair(case, f"q{at}", first[case].week, first[case].first, second, words[0][at], words[1][at], "domain-two")
            for at in range(questions)
        ]
    return found
