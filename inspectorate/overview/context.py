"""What every page's frame needs: the places that this person may go to, and whether this is a demonstration."""

from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.design.addresses import reverse
from inspectorate.fieldwork import device
from inspectorate.fieldwork.models import Alert
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision

PLACES = (
    ("Where it stands", ("inspection",)),
    ("Weeks", ("weeks",)),
    ("Team", ("team",)),
    (
        "Planning",
        ("announce", "project_plan", "planning_meeting", "evidence", "evidence_received", "evidence_gaps", "letters"),
    ),
    ("Samples", ("long_lists", "samples", "precision", "limited_readers", "allocation")),
    ("Cases", ("cases", "drop_outs", "calibration", "training")),
    ("Alerts", ("alerts", "matters", "interviews")),
    ("Fieldwork", ("fieldwork_progress", "sites", "welfare")),
    ("Domain one", ("domain_one", "meetings", "proposals")),
    ("Ratings", ("data_checks", "indicative_ratings", "panel", "decision", "ratings_call")),
    ("Report", ("report_steps",)),
    ("Audit trail", ("audit_trail",)),
)
TITLES = {
    "announce": "Announcement",
    "project_plan": "Project plan",
    "planning_meeting": "Planning meeting",
    "evidence": "Evidence in advance",
    "evidence_received": "Evidence in advance",
    "evidence_gaps": "Gaps",
    "letters": "Letters",
    "long_lists": "Long lists",
    "samples": "Draws and final samples",
    "limited_readers": "Limited-access cases",
    "precision": "Precision",
    "allocation": "Who inspects which case",
    "cases": "Cases",
    "drop_outs": "Cases that drop out",
    "calibration": "Calibration",
    "training": "Training",
    "alerts": "Alerts",
    "matters": "Matters about cases",
    "interviews": "Officer interviews",
    "fieldwork_progress": "How far it is",
    "sites": "Sites",
    "welfare": "Welfare",
    "domain_one": "Evidence",
    "meetings": "Meetings",
    "proposals": "Proposed ratings",
    "data_checks": "Verified data",
    "indicative_ratings": "Indicative ratings",
    "panel": "Ratings panel",
    "decision": "Decision",
    "ratings_call": "Telephone call",
}
# Pages of the inspectorate alone, whose right the inspected body holds too.
INSIDE = {"precision"}
SOMEBODY = UUID(int=0)


def frame(request: HttpRequest) -> dict[str, Any]:
    """`navigation` of the service, `places` and `siblings` of the inspection, its `rights`, and the demonstration."""
    user = getattr(request, "user", None)
    inspection: Inspection | None = getattr(request, "inspection", None)
    here: dict[str, Any] = {"demonstration": settings.DEMONSTRATION, "now": clock.now(), "inspection": inspection}
    if user is None or not user.is_authenticated:
        return here | {"navigation": [], "places": [], "siblings": [], "rights": frozenset(), "signed_in": None}
    rights = access.rights_on(user, inspection)
    places, siblings = _places(request, inspection, rights) if inspection else ([], [])
    here |= {"places": places, "siblings": siblings, "rights": rights, "signed_in": user}
    here["alerts_kept"] = device.storage(request)
    alert = _alert_about(request, inspection) if inspection else _alert_from_here(user)
    if alert:
        here |= {"raise_alert": alert, "everywhere": "fieldwork/alert_anywhere.html"}
    return here | {"navigation": _navigation(request, user, None if inspection else alert)}


def _navigation(request: HttpRequest, user: User, alert: dict[str, Any] | None) -> list[dict[str, Any]]:
    items = [("My work", reverse("my_work"))]
    if access.anywhere(user, "programme.view"):
        items.append(("Programme", reverse("programme")))
    if access.anywhere(user, "national.view"):
        items.append(("National results", reverse("national")))
    if access.anywhere(user, "accounts.manage"):
        items.append(("People", reverse("people")))
    links = [{"text": text, "href": href, "current": request.path == href} for text, href in items]
    if alert:
        links.append({"text": "Raise an alert", "href": alert["href"], "attributes": {"data-raise-alert": ""}})
    return [*links, {"text": f"Sign out {user.name}", "href": reverse("account_logout")}]


def _alert_from_here(user: User) -> dict[str, Any] | None:
    """The link on a page of no inspection: on the only one that can be meant; where several can, the form asks, and
    without script they stand in My work. None for who raises none (Manual 6.8a)."""
    held = dict.fromkeys(one.inspection for one in access.memberships(user) if one.inspection)
    on = [(reverse("raise_alert", one.public_id), one) for one in held if access.may(user, "alert.raise", one)]
    if not on:
        return None
    if len(on) == 1:
        return {"address": on[0][0], "href": on[0][0], "case": "", "of": Alert, "on": on}
    return {"address": "", "href": f"{reverse('my_work')}#inspections", "case": "", "of": Alert, "on": on}


def _alert_about(request: HttpRequest, inspection: Inspection) -> dict[str, Any] | None:
    """The link on every page of an inspection, naming the case that the page is about, and what the form offers
    (Manual 6.8a)."""
    if not access.may(cast(User, request.user), "alert.raise", inspection):
        return None
    case = request.resolver_match.kwargs.get("case") if request.resolver_match else None
    address = reverse("raise_alert", inspection.public_id)
    href = f"{address}?case={case}" if case else address
    return {"address": address, "href": href, "case": case or "", "of": Alert, "on": [(address, inspection)]}


def _places(
    request: HttpRequest, inspection: Inspection, rights: frozenset[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    places, siblings = [], []
    home = reverse("inspection", inspection.public_id)
    for text, names in PLACES:
        open_to_me = [
            (name, reverse(name, inspection.public_id))
            for name in names
            if right_of(name) in rights
            and (name != "decision" or _released(request, inspection))
            and (name not in INSIDE or access.is_inspectorate(cast(User, request.user), inspection))
        ]
        if not open_to_me:
            continue
        current = any(
            request.path == href or (href != home and request.path.startswith(href)) for _, href in open_to_me
        )
        places.append({"text": text, "href": open_to_me[0][1], "current": current})
        if current and len(open_to_me) > 1:
            here = max((href for _, href in open_to_me if request.path.startswith(href)), key=len, default="")
            siblings = [{"text": TITLES[name], "href": href, "current": href == here} for name, href in open_to_me]
    return places, siblings


def _released(request: HttpRequest, inspection: Inspection) -> bool:
    """Whether the panel's decision has a place here: for the inspected body only from its release on (Manual 7.2g)."""
    user = cast(User, request.user)
    if access.is_inspectorate(user, inspection):
        return True
    own = access.own_on(user, inspection)
    if own:
        return _is_open(own[0].decision_opens_at)
    return Decision.objects.for_reader(user, inspection, clock.now()).exists()


def _is_open(opens_at: datetime | None) -> bool:
    return opens_at is not None and opens_at <= clock.now()


def reads_decision(user: User, inspection: Inspection, opens_at: datetime | None) -> bool:
    """Whether there is a decision of the panel, to be opened at `opens_at`, that a person reads now (Manual 7.2g)."""
    inside = opens_at is not None and access.is_inspectorate(user, inspection)
    return (inside or _is_open(opens_at)) and access.may(user, "decision.read", inspection)


@cache
def right_of(name: str) -> str:
    """The right that the page of this name needs on an inspection."""
    return str(getattr(resolve(reverse(name, SOMEBODY)).func, "right", ""))
