"""Chapter 6.1, domain one: evidence noted to key questions, shared with the whole team, and where it is thin."""

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents.models import Document
from inspectorate.fieldwork.models import EvidenceNote, MeetingRecord
from inspectorate.methodology.standards import KeyQuestion
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection


class UnknownKeyQuestion(Exception):
    """The key question, or the prompt, does not stand under a domain one standard."""


def questions_of(inspection: Inspection) -> dict[str, KeyQuestion]:
    """The key questions that the panel rates, by id in the order of the standards."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    return {q.id: q for s in framework.standards if s.source == "panel" for q in s.key_questions}


@transaction.atomic
def note_evidence(
    *,
    inspection: Inspection,
    key_question: str,
    source: str,
    weighs: str,
    text: str,
    by: User,
    prompt: str = "",
    strength: str = "fair",
    document: Document | None = None,
    meeting: MeetingRecord | None = None,
) -> EvidenceNote:
    """Notes a piece of domain one evidence, to a key question or to one of its prompts. Manual 6.1a.

    Raises UnknownKeyQuestion.
    """
    question = questions_of(inspection).get(key_question)
    if question is None:
        raise UnknownKeyQuestion(f"{key_question} is not a key question of domain one.")
    if prompt and prompt not in {one.id for one in question.prompts}:
        raise UnknownKeyQuestion(f"{prompt} is not a prompt of {key_question}.")
    note = EvidenceNote.objects.create(
        inspection=inspection,
        key_question=key_question,
        prompt=prompt,
        source=source,
        weighs=weighs,
        strength=strength,
        text=text,
        document=document,
        meeting=meeting,
        by=by,
        at=clock.now(),
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="note_evidence",
        subject=note,
        summary=f"Noted evidence {weighs} {prompt or key_question} from a {source}",
    )
    return note
