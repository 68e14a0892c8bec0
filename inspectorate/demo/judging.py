"""How the imaginary inspectors judge (beside Manual 6.1): an answer follows from the case and the question alone.

So any sample has its judgements, whatever the draw selects, and they are the same on every machine.
"""

import hashlib
from collections.abc import Mapping, Sequence

from inspectorate.demo import proportions

ROSH = ("low", "medium", "high", "very-high")
# Of ten prompts about nine point the way of their key question; the first one always does.
_AGREES = 0.9
# A fact of the case with the values yes and no is a yes this often.
_FACT_IS_YES = 0.85


def chance(*parts: str) -> float:
    """A number from 0 up to 1 that depends on the words alone (the first 53 bits of their SHA-256)."""
    said = hashlib.sha256("|".join(parts).encode()).digest()
    return (int.from_bytes(said[:8], "big") >> 11) / (1 << 53)


def judge(reference: str, case_list: str, key_question: str, *, kind: str) -> str:
    """'yes' or 'no' to a key question of a case."""
    return "yes" if chance(reference, case_list, key_question) < proportions.share_of_yes(kind, key_question) else "no"


def judge_prompt(reference: str, case_list: str, key_question: str, prompt: str, *, first: bool, kind: str) -> str:
    """'yes' or 'no' to a prompt: mostly as its key question is answered, the first one always."""
    answer = judge(reference, case_list, key_question, kind=kind)
    if first or chance(reference, case_list, prompt) < _AGREES:
        return answer
    return "no" if answer == "yes" else "yes"


def judge_fact(reference: str, fact: str, values: Sequence[str], listed: Mapping[str, str], *, kind: str) -> str:
    """What the inspector records about a case: its risk near the listed one, otherwise mostly yes."""
    if fact == "rosh_judged":
        return judge_rosh(reference, listed.get("rosh", "medium"), kind=kind)
    if set(values) == {"yes", "no"}:
        return "yes" if chance(reference, fact) < _FACT_IS_YES else "no"
    return values[int(chance(reference, fact) * len(values))]


def judge_rosh(reference: str, listed: str, *, kind: str) -> str:
    """The risk of serious harm as the inspector sees it: mostly the listed level, now and then the next one."""
    if listed not in ROSH:
        return "medium"
    shares = proportions.row("rosh-changed-by-inspector", kind).values
    drawn, at = chance(reference, "rosh"), ROSH.index(listed)
    if drawn < shares["higher"]:
        at += 1
    elif drawn < shares["higher"] + shares["lower"]:
        at -= 1
    return ROSH[min(max(at, 0), len(ROSH) - 1)]


# Reasons for leaving a case out that only one kind of sentence can have.
_ONLY_COMMUNITY = {"stand-alone-requirements", "no-requirements", "revoked-within-28-days"}
_ONLY_LICENCE = {"recalled-within-28-days"}


def excluded_for(reference: str, listed: Mapping[str, str], *, kind: str) -> str:
    """The reason for which the body marks a drawn domain two case as excluded; '' for most."""
    drawn, so_far = chance(reference, "excluded"), 0.0
    is_licence = listed.get("sentence-type") == "licence"
    for reason, share in proportions.row("exclusions", kind).values.items():
        so_far += share
        if drawn < so_far:
            return "" if reason in (_ONLY_COMMUNITY if is_licence else _ONLY_LICENCE) else reason
    return ""
