"""The one place that decides who may do what: roles on an inspection give rights, the pack says which (Manual A1a)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.views import redirect_to_login
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from inspectorate.accounts.models import User
from inspectorate.audit import trail
from inspectorate.audit.questions import Question
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, Membership

View = Callable[..., HttpResponseBase]
SIGNED_IN = "signed-in"
ANYONE = "anyone"
# Answers that show their page: as asked for, with what two people typed, or with what is wrong in a form.
SHOWS = (200, 409, 422)


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Finds the person of a session together with the roles held now, in one query."""

    def get_user(self, user_id: int) -> User | None:
        found = _held_with_user(user=int(user_id))
        if not found:
            return cast(User | None, super().get_user(user_id))
        user = found[0].user
        user._memberships = found  # type: ignore[attr-defined]
        return user if user.is_active else None


def _held() -> QuerySet[Membership]:
    """Roles held now, each with what else decides what this person sees on every page of that inspection: whether they
    are a `named_reader` of its limited-access cases (4.4e), and from when on its body reads the decision (7.2g)."""
    named = Q(inspection__limited_readers__ended_at=None, inspection__limited_readers__reader=F("user"))
    return (
        Membership.objects.filter(ended_at=None)
        .select_related("inspection__body", "inspection__pack")
        .defer("inspection__pack__files")
        .annotate(
            reader=FilteredRelation("inspection__limited_readers", condition=named),
            named_reader=F("reader__pk"),
            decision_opens_at=F("inspection__panel__decision__opens_at"),
        )
    )


@Question
def _held_with_user(*, user: int) -> QuerySet[Membership]:
    return _held().filter(user=user).select_related("user")


def memberships(user: User) -> list[Membership]:
    """The roles that a person holds now, read once a request."""
    kept: list[Membership] | None = getattr(user, "_memberships", None)
    if kept is None:
        kept = list(_held().filter(user=user))
        user._memberships = kept  # type: ignore[attr-defined]
    return kept


def held_on(inspection: Inspection) -> list[Any]:
    """The roles that people hold on an inspection now, national offices included, each with its person and with whether
    that person is a `named_reader`. One query."""
    return list(_held().filter(Q(inspection=inspection) | Q(inspection=None)).select_related("user").order_by("pk"))


def own_on(user: User, inspection: Inspection) -> list[Any]:
    """The roles that a person holds on an inspection itself, with `named_reader` and `decision_opens_at`."""
    return [held for held in memberships(user) if held.inspection_id == inspection.pk]


def roles_on(user: User, inspection: Inspection | None) -> frozenset[str]:
    """Ids of the roles that a person holds on an inspection, national offices included."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    announced = inspection is None or inspection.announced_at is not None
    here = (None,) if inspection is None else (None, inspection.pk)
    return frozenset(
        held.role
        for held in memberships(user)
        if held.inspection_id in here and (held.side == "inspectorate" or announced)
    )


def rights_on(user: User, inspection: Inspection | None) -> frozenset[str]:
    """What a person may do on an inspection (or, with None, outside any)."""
    pack = packs.pack_of(inspection) if inspection else packs.current()
    return pack.roles.rights_of(roles_on(user, inspection))


def is_inspectorate(user: User, inspection: Inspection | None) -> bool:
    """Whether a person stands on the inspectorate's side there, rather than on the inspected body's or outside."""
    roles = (packs.pack_of(inspection) if inspection else packs.current()).roles
    return any(roles.role(held).side == "inspectorate" for held in roles_on(user, inspection))


def may(user: User, right: str, inspection: Inspection | None = None) -> bool:
    """Whether a person has a right on an inspection (or, with None, outside any)."""
    return right in rights_on(user, inspection)


def person(request: HttpRequest) -> User:
    """Who asks, on a page that somebody signed in has reached."""
    return cast(User, request.user)


def needs(right: str, *, personal: str = "") -> Callable[[View], View]:
    """Declares what an address needs.

    An address with `inspection` in it gets the Inspection (never its id) when the person has `right` there; absent
    and forbidden are both 404. An address without one needs the right on any inspection or office. `ANYONE` and
    `SIGNED_IN` say so. With `personal`, what is looked at, the look itself leaves a line in the trail.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if right == ANYONE:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            user = request.user
            if "inspection" in kwargs:
                kwargs["inspection"] = _inspection(user, kwargs["inspection"], right)
                request.inspection = kwargs["inspection"]  # type: ignore[attr-defined]
            elif right != SIGNED_IN and not anywhere(user, right):
                raise Http404
            response = view(request, *args, **kwargs)
            if personal and response.status_code in SHOWS:
                _note_look(user, request, personal, kwargs)
            return response

        guarded.right = right  # type: ignore[attr-defined]
        guarded.personal = personal  # type: ignore[attr-defined]
        return guarded

    return declare


def _inspection(user: User, public_id: UUID, right: str) -> Inspection:
    own = (held.inspection for held in memberships(user) if held.inspection)
    found = next((inspection for inspection in own if inspection.public_id == public_id), None)
    if found is None and any(held.inspection_id is None for held in memberships(user)):
        found = _named.first(public_id=public_id)
    if found is None or not (roles_on(user, found) if right == SIGNED_IN else may(user, right, found)):
        raise Http404
    return found


@Question
def _named(*, public_id: UUID) -> QuerySet[Inspection]:
    return Inspection.objects.filter(public_id=public_id).select_related("body", "pack").defer("pack__files")


def anywhere(user: User, right: str) -> bool:
    """Whether a person has a right on any inspection or by any office."""
    return any(may(user, right, held.inspection) for held in memberships(user))


def _note_look(user: User, request: HttpRequest, personal: str, kwargs: dict[str, Any]) -> None:
    inspection = kwargs.get("inspection")
    others = ", ".join(str(value) for name, value in sorted(kwargs.items()) if name != "inspection")
    trail.record_look(
        chain=inspection.chain if inspection else trail.PROGRAMME,
        by=user,
        subject=f"{request.resolver_match.view_name if request.resolver_match else request.path}:{others}"[:200],
        summary=f"Looked at {personal}",
    )


class SignedInMiddleware:
    """Pages for people who signed in are never kept by a browser or a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response
