"""Chapter 7.1c and 7.2c: domain one evidence with its three marks, and what speaks against a proposal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.ratings import MARKS, Balance, Mark, Piece, Result, balance, beside_cases, disputes
from inspectorate.methodology.standards import Framework, Rating, Standard
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import EvidenceWeighing
from inspectorate.ratings.sitting import Record


def domain_one_standards(inspection: Inspection) -> list[Standard]:
    """The standards that are rated by judgement."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    return [standard for standard in framework.standards if standard.source == "panel"]


def noted(inspection: Inspection) -> "QuerySet[EvidenceNote]":
    """The domain one evidence of an inspection, each piece with its newest marks (None where it is not weighed)."""
    newest = EvidenceWeighing.objects.filter(note=OuterRef("pk")).order_by("-pk")
    return inspection.evidence_notes.select_related("by", "document").annotate(
        validity=Subquery(newest.values("validity")[:1]),
        reliability=Subquery(newest.values("source")[:1]),
        impact=Subquery(newest.values("impact")[:1]),
        weighed_by=Subquery(newest.values("by__name")[:1]),
    )


def piece(note: Any) -> Piece:
    """A piece as the rules read it; one that nobody has weighed counts with the strength that it was noted with."""
    strength: Mark = next((mark for mark in MARKS if mark == note.strength), "fair")
    return Piece(
        note.key_question,
        note.source,
        note.weighs == "for",
        note.validity or strength,
        note.reliability or strength,
        note.impact or strength,
    )


def balances(framework: Framework, notes: Iterable[Any]) -> dict[str, Balance]:
    """The weights for and against each domain one standard."""
    by_question: dict[str, list[Piece]] = {}
    for note in notes:
        by_question.setdefault(note.key_question, []).append(piece(note))
    return {
        standard.id: balance(one for question in standard.key_questions for one in by_question.get(question.id, ()))
        for standard in framework.standards
        if standard.source == "panel"
    }


def disputed(framework: Framework, weighed: Mapping[str, Balance], said: Record) -> dict[str, tuple[str, ...]]:
    """Why each proposal is to be contested, by standard id; those that nothing speaks against are left out."""
    found = {}
    for subject, proposal in said.proposed().items():
        if subject in weighed:
            views = [one.scale for one in said.views_on(subject)]
            if why := disputes(proposal.scale, weighed[subject], views):
                found[subject] = why
    return found


def ratings_from_cases(framework: Framework, result: Result) -> list[tuple[Standard, Rating]]:
    """The standards of domains two and three with their ratings, for the correlation between domains."""
    counted = [one for one in framework.standards if one.source == "cases" and one.rated]
    rated = [(one, result.standard(one.id).rating) for one in counted]
    return [(standard, rating) for standard, rating in rated if rating is not None]


def correlation(proposed: Rating | None, from_cases: Sequence[tuple[Standard, Rating]]) -> str:
    """How a proposal lies to what the cases say, as a sentence."""
    return "" if proposed is None else beside_cases(proposed, [rating for _, rating in from_cases])
