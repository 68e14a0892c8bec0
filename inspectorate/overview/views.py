"""Pages across chapters: my work, an inspection from its home page, the year's programme, and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and forbidden look the same."""
    return render(request, "design/404.html", status=404)


def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent from a page that had expired; nothing was changed."""
    return render(request, "design/403.html", status=403)


def something_went_wrong(request: HttpRequest) -> HttpResponse:
    """A failure is the system's fault; the page needs neither database nor session."""
    return render(request, "design/500.html", status=500)
