"""Chapter 7.2f and 7.2g: the files of a decision, made when the chair signs it and kept with their digests."""

from django.core.files.base import ContentFile

from inspectorate.accounts.models import User
from inspectorate.documents import actions as documents
from inspectorate.documents.pdf import as_pdf
from inspectorate.documents.word import as_word
from inspectorate.programme.models import Inspection
from inspectorate.ratings.decision_paper import agreed_paper, decision_paper
from inspectorate.ratings.models import Decision, DecisionFile

SLOT = "decision"


def keep_files(*, inspection: Inspection, decision: Decision, by: User) -> None:
    """Makes the Ratings Panel Decision document and the agreed ratings, each for Word and as PDF, and keeps them.

    Nobody reaches them but through the gate of the decision: their slot is open to nobody. Manual 7.2f, 7.2g.
    """
    papers = {
        DecisionFile.Kind.DECISION: decision_paper(inspection, decision),
        DecisionFile.Kind.AGREED: agreed_paper(inspection, decision),
    }
    for kind, paper in papers.items():
        for extension, make in (("docx", as_word), ("pdf", as_pdf)):
            upload = ContentFile(make(paper), name=f"{paper.title}.{extension}")
            document = documents.receive(inspection=inspection, slot=SLOT, upload=upload, by=by)
            DecisionFile.objects.create(decision=decision, kind=kind, extension=extension, document=document)
