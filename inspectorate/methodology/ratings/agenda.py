"""Chapter 7.2 of the manual, the agenda of the ratings panel: what can be contested first, and what would follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspectorate.methodology.ratings.judgements import Count
from inspectorate.methodology.ratings.result import PanelChangeRefusedError, rate_counts
from inspectorate.methodology.ratings.rules import RatingRules
from inspectorate.methodology.standards import Framework, Rating


@dataclass(frozen=True, slots=True)
class Choice:
    """What follows from one rating of an item: its standard, the total and the overall rating; or why it may not be."""

    rating: Rating
    standard: Rating | None = None
    total: int | None = None
    overall: Rating | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A key question or a domain one standard before the panel, with all its choices, best first.

    `one_case`: a single case judged differently changes it. `disputed`: why proposal and evidence disagree.
    """

    subject: str
    standard: str
    contestable: bool
    one_case: bool
    decides_standard: bool
    decides_overall: bool
    disputed: tuple[str, ...]
    choices: tuple[Choice, ...]


def panel_agenda(
    framework: Framework,
    rules: RatingRules,
    counts: Mapping[str, Count],
    *,
    domain_one: Mapping[str, Rating],
    panel: Mapping[str, Rating],
    disputed: Mapping[str, Sequence[str]],
) -> tuple[AgendaItem, ...]:
    """Everything before the panel in the order in which it is taken.

    Key questions within the window of discretion come first, those on which the overall rating hangs, then those on
    which a standard hangs, then the others; then domain one where proposal and evidence disagree (`disputed`, why by
    standard id); then all that cannot be contested. `domain_one` and `panel` are the ratings so far.

    Manual 7.2c, 7.2d
    """
    items = list(_items(framework, rules, counts, domain_one, panel, disputed))
    return tuple(sorted(items, key=_place))


def what_follows(
    framework: Framework,
    rules: RatingRules,
    counts: Mapping[str, Count],
    *,
    domain_one: Mapping[str, Rating],
    panel: Mapping[str, Rating],
    subject: str,
) -> tuple[Choice, ...]:
    """What would follow from each rating of a domain one standard or a key question, best first.

    Manual 7.2c, 7.2d
    """
    counted = framework.has_key_question(subject)
    standard = framework.standard_of(subject).id if counted else subject
    found = []
    for rating in sorted(Rating, reverse=True):
        judged = domain_one if counted else {**domain_one, subject: rating}
        changes = {**panel, subject: rating} if counted else panel
        try:
            result = rate_counts(framework, rules, counts, domain_one=judged, panel=changes)
        except PanelChangeRefusedError as refusal:
            found.append(Choice(rating, refusal=str(refusal)))
            continue
        found.append(Choice(rating, result.standard(standard).rating, result.total, result.overall))
    return tuple(found)


def _items(
    framework: Framework,
    rules: RatingRules,
    counts: Mapping[str, Count],
    domain_one: Mapping[str, Rating],
    panel: Mapping[str, Rating],
    disputed: Mapping[str, Sequence[str]],
) -> Iterator[AgendaItem]:
    so_far = rate_counts(framework, rules, counts, domain_one=domain_one, panel=panel)
    for standard in framework.standards:
        if standard.source == "panel":
            why = tuple(disputed.get(standard.id, ()))
            follow = what_follows(framework, rules, counts, domain_one=domain_one, panel=panel, subject=standard.id)
            yield _item(standard.id, standard.id, bool(why), False, why, follow)
        for question in standard.key_questions if standard.source == "cases" else ():
            row = so_far.key_question(question.id)
            follow = ()
            if row.within_window:
                follow = what_follows(framework, rules, counts, domain_one=domain_one, panel=panel, subject=question.id)
            one_case = row.cases_to_change is not None and row.cases_to_change <= rules.discretion.cases
            yield _item(question.id, standard.id, row.within_window, one_case, (), follow)


def _item(
    subject: str, standard: str, contestable: bool, one_case: bool, why: tuple[str, ...], follow: tuple[Choice, ...]
) -> AgendaItem:
    open_ones = [choice for choice in follow if not choice.refusal]
    standards = {choice.standard for choice in open_ones}
    overall = {choice.overall for choice in open_ones}
    return AgendaItem(subject, standard, contestable, one_case, len(standards) > 1, len(overall) > 1, why, follow)


def _place(item: AgendaItem) -> tuple[bool, bool, bool, bool]:
    """Domain one last among what can be contested, and first in the rest, where it still has to be decided."""
    late = (item.subject == item.standard) == item.contestable
    return not item.contestable, late, not item.decides_overall, not item.decides_standard
