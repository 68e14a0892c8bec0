"""Chapter 7.2e, consistency: past inspections beside one another, as far as who asks may know of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspectorate.audit import clock
from inspectorate.programme import access, packs
from inspectorate.programme.models import BodyKind
from inspectorate.ratings import comparing, past
from inspectorate.ratings.replay_forms import Marking

ROWS_A_PAGE = 50


@access.needs("ratings.compare")
def consistency(request: HttpRequest) -> HttpResponse:
    """Ratings, key questions and the panel's discretion over past inspections of one kind, with one of them marked."""
    pack, user = packs.current(), access.person(request)
    found = past.inspections(user, clock.now())
    kinds = pack.standards.kinds
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else next((one.kind for one in found), kinds[0])
    own = [(str(one.public_id), one.name) for one in past.of_kind(found, pack.id, kind)]
    form = Marking(request.GET if "marked" in request.GET else None, choices=own)
    marked = form.cleaned_data["marked"] if form.is_valid() else ""
    compared = comparing.compare(pack, kind, found, marked)
    others = len(compared.inspections) - 1
    context = {
        "kind": kind,
        "kinds": [{"text": BodyKind(one).label, "href": f"?kind={one}", "current": one == kind} for one in kinds],
        "form": form,
        "compared": compared,
        "used": Paginator(compared.discretion.used, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "stands": {one.question.id: comparing.said(one.place, others) for one in compared.questions if one.place},
        "rules": pack.ratings.consistency,
        "reads_all": past.reads_all(user),
        "may_replay": access.anywhere(user, "ratings.replay"),
    }
    return render(request, "ratings/consistency.html", context)
