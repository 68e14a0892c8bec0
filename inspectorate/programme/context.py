"""What every page's frame needs: the navigation that this person may use, and whether this is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from inspectorate.audit import clock
from inspectorate.programme import access


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: [{text, href, current}]; `inspection`; `rights` of this person on it; `demonstration`."""
    user = getattr(request, "user", None)
    inspection = getattr(request, "inspection", None)
    items: list[dict[str, Any]] = []
    rights: frozenset[str] = frozenset()
    if user is not None and user.is_authenticated:
        rights = access.rights_on(user, inspection)
        places = [("My work", reverse("my_work"))]
        if access.anywhere(user, "programme.view"):
            places.append(("Programme", reverse("programme")))
        items = [{"text": text, "href": href, "current": request.path == href} for text, href in places]
    return {
        "navigation": items,
        "inspection": inspection,
        "rights": rights,
        "signed_in": user if user is not None and user.is_authenticated else None,
        "demonstration": settings.DEMONSTRATION,
        "now": clock.now(),
    }
