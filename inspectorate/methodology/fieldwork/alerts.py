"""Chapter 6.8: the states of an alert, who has to acknowledge it and until when, and whether it may be closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

What = Literal["acknowledged", "escalated", "told", "acted", "assured", "closed", "opened"]
IMMINENT = ("now", "days", "later")
LIKELY = ("certain", "likely", "possible")


@dataclass(frozen=True, slots=True)
class InLine:
    """A role that has to acknowledge an alert, and its minutes: fewer where the kind of alert is flagged."""

    role: str
    minutes: int
    flagged_minutes: int
    manual: str


@dataclass(frozen=True, slots=True)
class IdentityDetail:
    """Something that says who a person is, and that may have to be passed on with an alert."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class AlertRules:
    """What the pack says of alerts: `flagged` kinds come first, `line` is who acknowledges, one after the other."""

    flagged: tuple[str, ...] = ()
    line: tuple[InLine, ...] = ()
    identity: tuple[IdentityDetail, ...] = ()
    manual: str = "6.8a"


@dataclass(frozen=True, slots=True)
class Step:
    """Something done about an alert: by whom (any id), whether with evidence, and, escalated, to which role."""

    what: What
    by: str
    at: datetime
    evidence: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A role whose turn to acknowledge begins at `since` and ends at `until`."""

    role: str
    since: datetime
    until: datetime


def this_round(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps since the alert was last opened again; all of them where it never was.

    Manual 6.8a
    """
    opened = max((at for at, step in enumerate(steps) if step.what == "opened"), default=-1)
    return tuple(steps[opened + 1 :])


def state(steps: Sequence[Step]) -> str:
    """'raised', or what was last done in this round: an alert that is opened again begins as if newly raised.

    Manual 6.8a
    """
    done = [step.what for step in this_round(steps) if step.what != "escalated"]
    return done[-1] if done else "raised"


def is_open(steps: Sequence[Step]) -> bool:
    """Whether an alert still needs somebody: everything but a closed one.

    Manual 6.8a
    """
    return state(steps) != "closed"


def is_acknowledged(steps: Sequence[Step]) -> bool:
    """Whether somebody has taken the alert up in this round.

    Manual 6.8a
    """
    return any(step.what == "acknowledged" for step in this_round(steps))


def began(raised_at: datetime, steps: Sequence[Step]) -> datetime:
    """When the clock of this round began: when the alert was raised, or last opened again.

    Manual 6.8a
    """
    return max((step.at for step in steps if step.what == "opened"), default=raised_at)


def turns(
    rules: AlertRules,
    kind: str,
    raised_at: datetime,
    steps: Sequence[Step],
    holders: Mapping[str, Collection[str]],
    raiser: str,
) -> tuple[Turn, ...]:
    """Whose turn it is to acknowledge, from when and until when. A role that nobody but the raiser holds is passed
    over. `holders` maps a role to the ids of those who hold it.

    Manual 6.8a
    """
    found = []
    since = began(raised_at, steps)
    for one in rules.line:
        if set(holders.get(one.role, ())) <= {raiser}:
            continue
        until = since + timedelta(minutes=one.flagged_minutes if kind in rules.flagged else one.minutes)
        found.append(Turn(one.role, since, until))
        since = until
    return tuple(found)


def to_tell(turns: Sequence[Turn], steps: Sequence[Step], now: datetime) -> tuple[Turn, ...]:
    """The turns that have begun because nobody acknowledged in time, and of which nobody was told yet.

    Manual 6.8a
    """
    if is_acknowledged(steps) or not is_open(steps):
        return ()
    told = {step.role for step in this_round(steps) if step.what == "escalated"}
    return tuple(turn for turn in turns[1:] if turn.since <= now and turn.role not in told)


def waits_for(turns: Sequence[Turn], steps: Sequence[Step], now: datetime) -> Turn | None:
    """Whose turn it is now; the last in line keeps it. None once it is acknowledged or closed.

    Manual 6.8a
    """
    if is_acknowledged(steps) or not is_open(steps):
        return None
    begun = [turn for turn in turns if turn.since <= now]
    return begun[-1] if begun else None


def why_not_acknowledge(raiser: str, steps: Sequence[Step], by: str) -> tuple[str, ...]:
    """Every reason why this person cannot acknowledge the alert; none where they can.

    Manual 6.8a
    """
    reasons = []
    if not is_open(steps):
        reasons.append("The alert is closed.")
    elif is_acknowledged(steps):
        reasons.append("The alert is acknowledged already.")
    if by == raiser:
        reasons.append("You raised the alert: somebody else acknowledges it.")
    return tuple(reasons)


def why_not_close(raiser: str, steps: Sequence[Step], by: str) -> tuple[str, ...]:
    """Every reason why this person cannot close the alert now; none where they can.

    Manual 6.8a
    """
    if not is_open(steps):
        return ("The alert is closed already.",)
    here = this_round(steps)
    done = {step.what for step in here}
    opener = next((step.by for step in reversed(steps) if step.what == "opened"), raiser)
    reasons = []
    if by in {raiser, opener}:
        did = "raised the alert" if by == raiser else "opened the alert again"
        reasons.append(f"You {did}: another person closes it.")
    if "acknowledged" not in done:
        reasons.append("Nobody has acknowledged it.")
    if "told" not in done:
        reasons.append("No organisation has been told.")
    if "acted" not in done:
        reasons.append("What the organisation did is not recorded.")
    if not any(step.what == "assured" and step.evidence for step in here):
        reasons.append("There is no assurance with evidence.")
    return tuple(reasons)


def rank(
    rules: AlertRules, *, is_open: bool, kind: str, imminent: str, likely: str, at: datetime
) -> tuple[bool, bool, int, int, datetime]:
    """The place of an alert in a list, smallest first: open ones, flagged kinds, the sooner, the likelier, the older.

    Manual 6.8a
    """
    return (not is_open, kind not in rules.flagged, IMMINENT.index(imminent), LIKELY.index(likely), at)
