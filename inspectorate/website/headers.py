"""Headers that every answer carries beside those of the framework, and the cleaning of the browser at signing out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


class Headers:
    """No page needs a camera; no other site embeds a page or a paper; signing out leaves no page in the browser.

    Storage is not cleared as a whole: it may hold what another person has still to send from this browser. What the
    leaving person kept there is locked for ever by `fieldwork.device`, and removed by the page of signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in UNUSED)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        match = request.resolver_match
        if match is not None and match.url_name == "account_logout" and response.status_code == 302:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response
