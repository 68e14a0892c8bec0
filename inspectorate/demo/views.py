"""The demonstration's own page: signing in as anybody in it, moving its clock, and its files to send in.

Nothing here exists outside demonstration mode.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.demo import people, stands
from inspectorate.demo.forms import Moment
from inspectorate.programme import access, packs

FILES = Path(__file__).with_name("files")
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def _only_here(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Outside demonstration mode the address does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMONSTRATION:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@access.needs(access.ANYONE)
@_only_here
def demonstration(request: HttpRequest) -> HttpResponse:
    """What stands here, whom a visitor can be, and what o'clock it is."""
    return _page(request, Moment(initial=Moment.at(clock.now())))


def _page(request: HttpRequest, form: Moment, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "stands": stands.all_of(clock.now()),
        "offices": stands.offices(),
        "password": people.PASSWORD,
        "titles": {role.id: role.title for role in packs.current().roles.roles},
    }
    return render(request, "demo/demonstration.html", context, status=status)


@access.needs(access.ANYONE)
@require_POST
@_only_here
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Signs a visitor in as one of the demonstration's people, and as nobody else."""
    known = [player.email for player in people.players()]
    user = get_object_or_404(User, email=request.POST.get("email", ""), email__in=known, is_active=True)
    logout(request)
    login(request, user, backend=BACKEND)
    messages.success(request, f"You are signed in as {user.name}.")
    return redirect("my_work")


@access.needs(access.ANYONE)
@require_POST
@_only_here
def move_clock(request: HttpRequest) -> HttpResponse:
    """Moves the demonstration's clock for everybody who looks at it."""
    form = Moment(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    clock.set_now(form.instant())
    messages.success(request, "The clock was moved.")
    return redirect("demonstration")


@access.needs(access.ANYONE)
@_only_here
def file(request: HttpRequest, name: str) -> FileResponse:
    """One of the files that the imaginary bodies send, to be saved and sent in by hand."""
    found = next((one for one in stands.files() if one.name == name), None)
    if found is None:
        raise Http404
    return FileResponse((FILES / found.name).open("rb"), as_attachment=True, filename=Path(found.name).name)
