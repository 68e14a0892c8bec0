"""Chapter 3.6: evidence in advance as it is given, read against key questions, and asked for again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.actions import receive, tell_body
from inspectorate.methodology import planning
from inspectorate.methodology.standards import KeyQuestion, Standard
from inspectorate.planning.models import EvidenceAssessment, EvidenceItem, EvidenceRequest
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection

FURTHER = "further"
STRENGTH: dict[str, planning.Strength] = {"meets": "strong", "partly": "partial", "gap": "none"}


class NotOnTheList(LookupError):
    """The evidence item or key question is not one of this kind of inspection."""


class AlreadyReplaced(Exception):
    """A newer version of this item was given before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the evidence source grid: what is suggested, and what was given for it, newest versions only."""

    item: planning.EvidenceItem
    given: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The evidence source grid by domain one standard; `further` is what was given outside the list."""

    standards: tuple[tuple[Standard, tuple[Line, ...]], ...]
    further: tuple[EvidenceItem, ...]
    given: int
    suggested: int


@dataclass(frozen=True, slots=True)
class QuestionState:
    """A key question of domain one: why it is a gap (empty when it is none), what was read for it, what was asked."""

    question: KeyQuestion
    gap: str
    assessments: tuple[EvidenceAssessment, ...]
    requests: tuple[EvidenceRequest, ...]


def suggested(inspection: Inspection) -> tuple[planning.EvidenceItem, ...]:
    """The list of suggested evidence for this kind of body. Manual 3.6a."""
    return planning.suggested_items(packs.pack_of(inspection).evidence, inspection.kind)


def domain_one(inspection: Inspection) -> tuple[Standard, ...]:
    """The standards that evidence in advance speaks to: those rated by judgement on all evidence, in order."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    themes = {item.theme for item in suggested(inspection)}
    return tuple(standard for standard in framework.standards if standard.id in themes)


def questions_for(inspection: Inspection, item: str) -> tuple[KeyQuestion, ...]:
    """The key questions that an item of evidence is read against: those of its standard, or all of domain one."""
    theme = {one.id: one.theme for one in suggested(inspection)}.get(item)
    return tuple(q for s in domain_one(inspection) if theme in (None, s.id) for q in s.key_questions)


def newest(inspection: Inspection) -> list[EvidenceItem]:
    """What was given, without versions that were replaced; one query."""
    return list(inspection.evidence.filter(replaced_by=None).select_related("document", "by"))


def grid(inspection: Inspection, given: Iterable[EvidenceItem]) -> Grid:
    """Lays what was given beside what is suggested. Manual 3.6b."""
    by_item: dict[str, list[EvidenceItem]] = {}
    for one in given:
        by_item.setdefault(one.item, []).append(one)
    items = suggested(inspection)
    lines = {item.id: Line(item, tuple(by_item.get(item.id, ()))) for item in items}
    return Grid(
        tuple((s, tuple(line for line in lines.values() if line.item.theme == s.id)) for s in domain_one(inspection)),
        tuple(by_item.get(FURTHER, ())),
        sum(1 for line in lines.values() if line.given),
        len(items),
    )


@transaction.atomic
def give_evidence(
    *,
    inspection: Inspection,
    item: str,
    title: str,
    covers: str,
    upload: File[bytes],
    by: User,
    replaces: EvidenceItem | None = None,
    request: EvidenceRequest | None = None,
) -> EvidenceItem:
    """Gives a document for an item of the list, or for a further request. Manual 3.6a, 3.6b.

    `replaces` is the version that this one takes the place of; both stay. Raises NotOnTheList, AlreadyReplaced and
    documents.files.WrongFile.
    """
    if item != FURTHER and item not in {one.id for one in suggested(inspection)}:
        raise NotOnTheList(f"'{item}' is not on the list of suggested evidence for a {inspection.kind}.")
    if replaces and replaces.replaced_by.exists():
        raise AlreadyReplaced("A newer version was given meanwhile. Open the list again and replace that one.")
    earlier = replaces.document if replaces else None
    document = receive(inspection=inspection, slot="evidence", upload=upload, by=by, replaces=earlier)
    given = EvidenceItem.objects.create(
        inspection=inspection,
        item=item,
        title=title,
        covers=covers,
        document=document,
        replaces=replaces,
        by=by,
        at=clock.now(),
    )
    if request and request.answered_by_id is None:
        request.answered_by = given
        request.save(update_fields=["answered_by"])
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="give_evidence",
        subject=given,
        summary=f"Gave evidence for {item}" + (", a new version" if replaces else ""),
    )
    return given


def _question(inspection: Inspection, key_question: str) -> KeyQuestion:
    known = {q.id: q for s in domain_one(inspection) for q in s.key_questions}
    if key_question not in known:
        raise NotOnTheList(f"'{key_question}' is not a key question of domain one: there are {', '.join(known)}.")
    return known[key_question]


@transaction.atomic
def assess(*, item: EvidenceItem, key_question: str, finding: str, note: str, by: User) -> EvidenceAssessment:
    """Notes what an item says to a key question: 'meets', 'partly' or 'gap'. Manual 3.6c. Raises NotOnTheList.

    A later reading of the same pair counts; the earlier ones stay.
    """
    _question(item.inspection, key_question)
    if finding not in STRENGTH:
        raise NotOnTheList(f"'{finding}' is not a finding: write one of {', '.join(STRENGTH)}.")
    assessment = EvidenceAssessment.objects.create(
        item=item, key_question=key_question, finding=finding, note=note, by=by, at=clock.now()
    )
    trail.record_change(
        chain=item.inspection.chain,
        by=by,
        action="assess_evidence",
        subject=item,
        summary=f"Read evidence against key question {key_question}",
    )
    return assessment


@transaction.atomic
def ask_for_evidence(*, inspection: Inspection, key_question: str, what: str, by: User) -> EvidenceRequest:
    """Asks the inspected body for further evidence. Manual 3.6c. Raises NotOnTheList."""
    _question(inspection, key_question)
    request = EvidenceRequest.objects.create(
        inspection=inspection, key_question=key_question, what=what, by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="ask_for_evidence",
        subject=f"planning.evidencerequest:{request.pk}",
        summary=f"Asked for further evidence on key question {key_question}",
    )
    tell_body(inspection=inspection, what="A request for evidence", right="evidence.give")
    return request


def latest(assessments: Iterable[EvidenceAssessment]) -> dict[tuple[int, str], EvidenceAssessment]:
    """The reading that counts of each (item, key question), from assessments in the order in which they were made."""
    return {(one.item_id, one.key_question): one for one in assessments}


def gaps(inspection: Inspection) -> list[tuple[Standard, list[QuestionState]]]:
    """Each key question of domain one with its gap, by standard; two queries. Manual 3.6c."""
    made = EvidenceAssessment.objects.filter(item__inspection=inspection, item__replaced_by=None)
    read = list(latest(made.select_related("item", "by").order_by("pk")).values())
    asked = list(inspection.evidence_requests.select_related("by", "answered_by"))
    standards = domain_one(inspection)
    assessed = [planning.Assessed(one.item.title, one.key_question, STRENGTH[one.finding]) for one in read]
    ids = [q.id for s in standards for q in s.key_questions]
    reasons = {gap.key_question: gap.reason for gap in planning.evidence_gaps(ids, assessed)}

    def state(question: KeyQuestion) -> QuestionState:
        return QuestionState(
            question,
            reasons.get(question.id, ""),
            tuple(one for one in read if one.key_question == question.id),
            tuple(one for one in asked if one.key_question == question.id),
        )

    return [(standard, [state(question) for question in standard.key_questions]) for standard in standards]
