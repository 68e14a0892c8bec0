"""Chapter 7.1, framework replay: past inspections rated again under figures chosen in the address; nothing is kept."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspectorate.audit import clock
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import SandboxFaultsError
from inspectorate.programme import access, packs
from inspectorate.ratings import past, replaying
from inspectorate.ratings.past import Past
from inspectorate.ratings.replay_forms import ABOVE, Replaying
from inspectorate.ratings.replaying import Rerated

ROWS_A_PAGE = 50


@access.needs("ratings.replay")
def replay_page(request: HttpRequest) -> HttpResponse:
    """Other bands, rounding, sub-samples or ways to a standard, and every past inspection before and after."""
    pack = packs.current()
    found = past.inspections(access.person(request), clock.now())
    own = [one for one in found if one.pack == pack.id]
    form = Replaying(request.GET if "rounding" in request.GET else None, pack=pack)
    waiting = past.read(pack, own) if form.is_valid() else 0
    rerated = None if waiting else _rerated(pack, own, form)
    context = {
        "form": form,
        "above": [(f"least-{rating.slug}", f"total-{rating.slug}") for rating in ABOVE],
        "found": own,
        "elsewhere": len(found) - len(own),
        "waiting": waiting,
        "rerated": rerated,
        "rows": Paginator(rerated.rows, ROWS_A_PAGE).get_page(request.GET.get("page")) if rerated else None,
    }
    return render(request, "ratings/replay.html", context)


def _rerated(pack: Pack, own: list[Past], form: Replaying) -> Rerated | None:
    if not form.is_valid():
        return None
    try:
        return replaying.rerate(pack, own, form.sandbox(), form.switched())
    except SandboxFaultsError as refusal:
        for fault in refusal.faults:
            form.add_error(None, fault)
    return None
