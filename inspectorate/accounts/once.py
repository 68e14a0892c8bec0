"""A form that is sent twice has one effect: the second sending is answered with what the first one led to."""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from inspectorate.accounts.models import SentForm
from inspectorate.audit import clock

TOKEN = "csrfmiddlewaretoken"
# So long a form counts as being dealt with; one that a crash cut off can be sent again after it.
ABANDONED = timedelta(seconds=60)
KEPT = timedelta(days=1)
WAITS, EVERY = 5.0, 0.1
SENT_TWICE = "This was sent twice. It was done once."


class OnceMiddleware:
    """Every page that is shown has its own token in its forms: the same person, address, token and content again is
    the same form sent twice. What leads to no other page (a form with faults) may be sent again as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if sent := getattr(request, "sent_form", None):
            if 300 <= response.status_code < 400:
                sent.leads_to = response.headers["Location"][:500]
                sent.save(update_fields=["leads_to"])
            else:
                sent.delete()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated or TOKEN not in request.POST:
            return None
        now = clock.now()
        SentForm.objects.filter(at__lt=now - KEPT).delete()
        name = _digest(request)
        SentForm.objects.filter(digest=name, leads_to="", at__lt=now - ABANDONED).delete()
        try:
            with transaction.atomic():
                request.sent_form = SentForm.objects.create(digest=name, at=now)  # type: ignore[attr-defined]
        except IntegrityError:
            return _answer(request, name)
        return None


def _digest(request: HttpRequest) -> str:
    parts = [str(request.user.pk), request.path]
    parts += [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    parts += [f"{name}={one.name}:{one.size}" for name in sorted(request.FILES) for one in request.FILES.getlist(name)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _answer(request: HttpRequest, name: str) -> HttpResponse:
    """Waits for the first sending, and leads to where it led."""
    until = time.monotonic() + WAITS
    while time.monotonic() < until:
        first = SentForm.objects.filter(digest=name).first()
        if first is None:
            break
        if first.leads_to:
            messages.info(request, SENT_TWICE)
            return redirect(first.leads_to)
        time.sleep(EVERY)
    messages.warning(request, "This was sent twice and is still being dealt with. Look whether it was done.")
    return redirect("my_work")
