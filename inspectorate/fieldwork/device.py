"""Chapter 6.1b and 1.4: the key to what a browser keeps for a person, and the end of it when that person signs out.

The key is made from the secret of the service, the person, and a random part that the browser holds in a cookie no
script reads. So it takes the signed-in person and this browser to get it; it is the same after a new sign-in; and
signing out takes the random part away, after which nobody can make it again.
"""

import base64
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from inspectorate.accounts.models import User
from inspectorate.programme import access

PLACE = "/journal/"
KEPT_SECONDS = 400 * 24 * 60 * 60
PURPOSE = "inspectorate.fieldwork.device"
LEAVING = "account_logout"


def cookie_of(user: User) -> str:
    """Name of the cookie with the random part for this person."""
    return f"journal-{user.public_id.hex[:12]}"


def switch_of(user: User) -> str:
    """Name of the cookie that says that this person wants nothing kept in this browser."""
    return f"memory-only-{user.public_id.hex[:12]}"


def storage(request: HttpRequest) -> str:
    """`on`, or what turned it off: `off-here` (this person, in this browser) or `off` (the site)."""
    if settings.MEMORY_ONLY:
        return "off"
    return "off-here" if request.COOKIES.get(switch_of(access.person(request))) == "1" else "on"


def key_of(user: User, random_part: str) -> str:
    """The key as text, 32 bytes in base 64."""
    made = salted_hmac(PURPOSE, f"{user.public_id.hex}:{random_part}", algorithm="sha256").digest()
    return base64.b64encode(made).decode()


def hand_key(request: HttpRequest) -> tuple[str, str]:
    """The key of the person who asks, and the random part in it: the browser's own, or a new one."""
    user = access.person(request)
    kept = request.COOKIES.get(cookie_of(user), "")
    random_part = kept if len(kept) == len(secrets.token_hex(32)) else secrets.token_hex(32)
    return key_of(user, random_part), random_part


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Sets a cookie that no script reads, or takes it away where the value is empty. The random part goes to the
    address of the journal only."""
    path = PLACE if name.startswith("journal-") else "/"
    if value:
        response.set_cookie(
            name, value, max_age=KEPT_SECONDS, path=path, secure=settings.BEHIND_TLS, httponly=True, samesite="Strict"
        )
    else:
        response.delete_cookie(name, path=path, samesite="Strict")


def back_to(request: HttpRequest) -> str:
    """Where the switch was used, if that is a page of this service; else the first page."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


class LeavingMiddleware:
    """Whoever signs out leaves a journal behind that nobody can open; the journals of other people stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = request.user if request.method == "POST" and request.user.is_authenticated else None
        response = self.get_response(request)
        match = request.resolver_match
        if who is not None and match is not None and match.url_name == LEAVING and not request.user.is_authenticated:
            keep(response, cookie_of(who), "")
        return response
