"""Papers in and papers out: a file to open, the letters of an inspection, one letter."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from inspectorate.audit import trail
from inspectorate.documents.downloads import as_download
from inspectorate.documents.models import PERSONAL_SLOTS, Document, Letter
from inspectorate.programme import access
from inspectorate.programme.models import Inspection


@access.needs(access.SIGNED_IN)
def document(request: HttpRequest, inspection: Inspection, document: UUID) -> FileResponse:
    """A file as it was given, always as a download; a look at a list of people leaves a line."""
    user = access.person(request)
    found = get_object_or_404(Document.objects.for_user(user, inspection), public_id=document)
    if found.slot in PERSONAL_SLOTS:
        trail.record_look(chain=inspection.chain, by=user, subject=found, summary=f"Opened a file of {found.slot}")
    return as_download(found)


@access.needs("plan.view")
def letters(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Letters and notes of an inspection, newest first."""
    user = access.person(request)
    found = Letter.objects.for_user(user, inspection).select_related("by")
    context: dict[str, Any] = {"letters": found, "inspectorate": access.is_inspectorate(user, inspection)}
    return render(request, "documents/letters.html", context)


@access.needs("plan.view")
def letter(request: HttpRequest, inspection: Inspection, letter: UUID) -> HttpResponse:
    """One letter as it was sent."""
    user = access.person(request)
    readable = Letter.objects.for_user(user, inspection).select_related("by")
    context: dict[str, Any] = {
        "letter": get_object_or_404(readable, public_id=letter),
        "inspectorate": access.is_inspectorate(user, inspection),
    }
    return render(request, "documents/letter.html", context)
