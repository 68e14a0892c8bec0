"""Chapter 7.3 of the manual, what of the counts may be published: no small number, and none that can be worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inspectorate.methodology.ratings.judgements import Count
from inspectorate.methodology.ratings.result import judge
from inspectorate.methodology.ratings.rules import PublicationRules, RatingRules
from inspectorate.methodology.standards import Rating

How = Literal["percent", "band", "hidden"]
ORDER: tuple[How, ...] = ("percent", "band", "hidden")


@dataclass(frozen=True, slots=True)
class Published:
    """A key question as it is published: cases and percentage to the nearest step, or its band only, or nothing."""

    id: str
    how: How
    n: int | None = None
    percent: int | None = None
    band: Rating | None = None


def publish(
    rules: RatingRules, counts: Sequence[tuple[str, Count]], standard: Rating | None = None
) -> tuple[Published, ...]:
    """The key questions of one standard as they may be published together with its rating, each as fine as it can be
    without `worked_out` finding anything.

    Manual 7.3b
    """
    how = {question: 0 for question, _ in counts}
    while True:
        shown = tuple(_shown(rules, question, counted, ORDER[how[question]]) for question, counted in counts)
        given = worked_out(rules, shown, standard)
        if not given:
            return shown
        for question in given:
            how[question] += 1


def _shown(rules: RatingRules, question: str, counted: Count, how: How) -> Published:
    if how == "hidden" or counted.n < rules.publication.least:
        return Published(question, "hidden")
    n = _nearest(counted.n, 1, rules.publication.nearest)
    if how == "band":
        return Published(question, "band", n, None, judge(rules, question, counted).computed)
    return Published(question, "percent", n, _nearest(100 * counted.yes, counted.n, rules.publication.nearest))


def worked_out(rules: RatingRules, shown: Sequence[Published], standard: Rating | None = None) -> tuple[str, ...]:
    """The attack: ids of key questions of which a reader, who knows these rules and the rating of the standard, can
    work out yes or no more closely than within `narrowest` cases, or that all cases were answered alike.

    Manual 7.3b
    """
    possible = {one.id: _possible(rules, one) for one in shown if one.how != "hidden"}
    hidden = any(one.how == "hidden" for one in shown)
    given = []
    for question, pairs in possible.items():
        left = pairs
        if standard is not None:
            others = hidden or any(
                any(band is standard for _, _, band in more) for other, more in possible.items() if other != question
            )
            fits = [pair for pair in pairs if pair[2] is standard or (others and pair[2] > standard)]
            # Where the panel decided otherwise, the rating tells nothing of the counts.
            left = fits or pairs
        yes, no = [y for y, _, _ in left], [n - y for y, n, _ in left]
        width = min(max(yes) - min(yes), max(no) - min(no))
        if width < rules.publication.narrowest or max(yes) == 0 or max(no) == 0:
            given.append(question)
    return tuple(given)


def _possible(rules: RatingRules, one: Published) -> list[tuple[int, int, Rating]]:
    """Every (yes, n, band) that is published like this."""
    assert one.n is not None
    step: PublicationRules = rules.publication
    found = []
    for n in range(max(step.least, one.n - step.nearest), one.n + step.nearest + 1):
        if _nearest(n, 1, step.nearest) != one.n:
            continue
        for yes in range(n + 1):
            band = judge(rules, one.id, Count(yes, n)).computed
            assert band is not None
            if band is one.band if one.how == "band" else _nearest(100 * yes, n, step.nearest) == one.percent:
                found.append((yes, n, band))
    return found


def _nearest(number: int, of: int, step: int) -> int:
    """number / of to the nearest multiple of `step`, half upwards."""
    return (2 * number + of * step) // (2 * of * step) * step
