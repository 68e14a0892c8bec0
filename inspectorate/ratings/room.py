"""Chapter 7.2: what the panel room shows: the agenda in its order, what follows from each choice, and any what-if."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspectorate.design import words
from inspectorate.methodology.ratings import (
    AgendaItem,
    Balance,
    PanelChangeRefusedError,
    Result,
    panel_agenda,
    what_follows,
)
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.ratings.consolidation import CaseSet
from inspectorate.ratings.shown import slug
from inspectorate.ratings.sitting import Record, Said, as_decided, as_proposed, fitting, overtaken
from inspectorate.ratings.weighing import disputed


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from deciding one rating: of the standard, in all, and overall; or why it may not be decided."""

    rating: str
    standard: str | None = None
    total: int | None = None
    overall: str | None = None
    refusal: str = ""
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the agenda: what was computed or proposed, what hangs on it, and what was decided."""

    subject: str
    title: str
    was: str | None
    now: str | None
    notes: tuple[str, ...]
    hangs: str
    contestable: bool
    to_decide: bool
    overtaken: bool
    said: Said | None
    choices: tuple[Consequence, ...]


def agenda(cases: CaseSet, said: Record, weighed: Mapping[str, Balance]) -> tuple[Item, ...]:
    """The agenda in the order of the rule, with the decisions so far."""
    before, now, late = as_proposed(cases, said), as_decided(cases, said), set(overtaken(cases, said))
    laid = panel_agenda(
        cases.framework,
        cases.rules,
        cases.counts,
        domain_one=said.domain_one(cases.framework),
        panel=fitting(cases, said),
        disputed=disputed(cases.framework, weighed, said),
    )
    return tuple(_item(cases.framework, one, before, now, said, late) for one in laid)


def _item(
    framework: Framework, one: AgendaItem, before: Result, now: Result, said: Record, late: Iterable[str]
) -> Item:
    counted = one.subject != one.standard
    decided = said.decided().get(one.subject)
    if counted:
        row = now.key_question(one.subject)
        title = f"{one.subject} {framework.key_question(one.subject).label}"
        was, rating = row.computed, row.rating
        notes = [words.percent(row.percent, row.n)] + (["one case decides"] if one.one_case and row.n else [])
    else:
        title = f"{one.subject} {framework.standard(one.subject).title}"
        was, rating = before.standard(one.subject).rating, now.standard(one.subject).rating
        notes = ["proposed by the lead", *one.disputed]
    follow = tuple(
        Consequence(c.rating.slug, slug(c.standard), c.total, slug(c.overall), c.refusal, c.rating is rating)
        for c in one.choices
    )
    return Item(
        one.subject,
        title,
        slug(was),
        slug(rating),
        tuple(notes),
        _hangs(one),
        one.contestable,
        not counted and decided is None,
        one.subject in late,
        decided,
        follow,
    )


def _hangs(one: AgendaItem) -> str:
    if one.decides_overall:
        return "The overall rating"
    if one.decides_standard:
        return f"Standard {one.standard}"
    return "Nothing else" if one.contestable else ""


def consequences(cases: CaseSet, said: Record, subject: str) -> list[Consequence]:
    """What would follow from each rating of a standard or key question, best first."""
    now = as_decided(cases, said)
    counted = cases.framework.has_key_question(subject)
    stands = now.key_question(subject).rating if counted else now.standard(subject).rating
    follow = what_follows(
        cases.framework,
        cases.rules,
        cases.counts,
        domain_one=said.domain_one(cases.framework),
        panel=fitting(cases, said),
        subject=subject,
    )
    return [
        Consequence(c.rating.slug, slug(c.standard), c.total, slug(c.overall), c.refusal, c.rating is stands)
        for c in follow
    ]


def tried(cases: CaseSet, said: Record, wanted: Mapping[str, Rating]) -> tuple[Result, tuple[str, ...]]:
    """The ratings with any ratings of standards and key questions tried besides, nothing kept; and those that the
    rules refuse, each as a sentence."""
    taken: dict[str, Rating] = {}
    refused = []
    for subject, rating in wanted.items():
        try:
            as_decided(cases, said, {subject: rating})
            taken[subject] = rating
        except PanelChangeRefusedError as refusal:
            refused.append(str(refusal))
    return as_decided(cases, said, taken), tuple(refused)
