"""Chapter 6.1b and 1.4: the key to what a browser keeps for a person.

The key is made from the secret of the service, the person, and a random part that lies in the browser's database, on
the disk before anything is locked with it. So it takes the signed-in person and this browser to get it; it is the same
after a new sign-in; and signing out takes the random part away, after which nobody can make it again.
"""

import base64
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from inspectorate.accounts.models import User
from inspectorate.programme import access

KEPT_SECONDS = 400 * 24 * 60 * 60
PURPOSE = "inspectorate.fieldwork.device"
# The header in which a browser gives the random parts that it holds, as `person=part` with commas between.
PARTS = "Journal-Parts"
PART = re.compile(r"[0-9a-f]{64}")
# Said to a page whose person is not the one of the session any more.
ANOTHER = "Somebody else is signed in here now."


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
    held = dict(one.strip().partition("=")[::2] for one in request.headers.get(PARTS, "").split(","))
    kept = held.get(str(user.public_id), "")
    random_part = kept if PART.fullmatch(kept) else secrets.token_hex(32)
    return key_of(user, random_part), random_part


def turn(response: HttpResponse, user: User, *, storage: bool) -> None:
    """Turns keeping on the device on or off for a person in this browser."""
    name = switch_of(user)
    if storage:
        response.delete_cookie(name, samesite="Strict")
    else:
        response.set_cookie(
            name, "1", max_age=KEPT_SECONDS, secure=settings.BEHIND_TLS, httponly=True, samesite="Strict"
        )


def back_to(request: HttpRequest) -> str:
    """Where the switch was used, if that is a page of this service; else the first page."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
