"""Papers in: a file as it was given, always as a download that no browser opens as a page of ours (Manual 3.6b)."""

from django.http import FileResponse

from inspectorate.documents.models import Document


def as_download(found: Document) -> FileResponse:
    """The answer that holds a file under the name with which it came."""
    answer = FileResponse(
        found.stored.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.content_type
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
