"""Chapter 6.1b: what the page of a case talks to: its journal's key, its changes, its worker and its empty shell. Pages
where an alert can be raised ask for the key too."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from inspectorate.accounts.models import User
from inspectorate.design.addresses import reverse
from inspectorate.fieldwork import actions, device, patches, presence, seconds
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling.limited import Sight

SCRIPTS = ("alert", "case", "crypto", "export", "form", "journal", "marks", "sending", "session", "shell", "unsent")
# What the page of a case needs to open without a line; nothing of a case is among it.
SHELL_FILES = (
    "built/inspectorate.css",
    "built/govuk-frontend.min.js",
    "design/favicon.svg",
    *(f"fieldwork/{name}.js" for name in SCRIPTS),
)


@access.needs("alert.raise")
def journal(request: HttpRequest) -> HttpResponse:
    """Who is signed in, the key to what this browser keeps for them, and a fresh token for sending; by post, the switch
    that turns keeping on the device off and on again."""
    me = access.person(request)
    if request.method == "POST":
        answer: HttpResponse = redirect(device.back_to(request))
        device.turn(answer, me, storage=request.POST.get("storage") != "off")
        return answer
    key, random_part = device.hand_key(request)
    told = {"owner": str(me.public_id), "name": me.name, "storage": device.storage(request)}
    return JsonResponse(told | {"key": key, "part": random_part, "token": get_token(request)})


@access.needs("case.judge")
@require_POST
def send_patches(request: HttpRequest, inspection: Inspection, case: UUID) -> HttpResponse:
    """Takes the changes that a page kept, answers each, and tells what others changed and who else is here. Whose case
    it is, the action itself finds out."""
    me = access.person(request)
    found = patches.case_of(inspection, case, me)
    if found is None or not Sight(me, inspection).sees(found.case):
        raise Http404
    try:
        sent = patches.read(request.body)
        if sent.owner != me.public_id:
            return JsonResponse({"error": device.ANOTHER, "signed_in": me.name}, status=403)
        answered = patches.receive(case=found, changes=sent.changes, by=me)
    except patches.Unreadable as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    except actions.NotAllocated as refusal:
        raise Http404 from refusal
    told = {"answers": [one.told() for one in answered]} | _news(found, me, sent)
    return JsonResponse(told, status=409 if any(isinstance(one, patches.Differs) for one in answered) else 200)


def _news(case: Any, me: User, sent: patches.Sent) -> dict[str, Any]:
    """What others changed and who else is here; nothing of a case that was given to somebody else."""
    second = bool(case.again and not case.mine and seconds.judges(me, case))
    if not case.mine and not second:
        return {"changes": [], "known": sent.known, "others": []}
    changes, known = patches.changes_since(case, sent.known, me, second=second)
    others = presence.meet(case=case, user=me, device=sent.device, here=sent.here)
    return {"changes": changes, "known": known, "others": others}


@access.needs(access.ANYONE)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens cases without a line, under the addresses of inspections only. It holds no data."""
    shell, files = reverse("case_shell"), [static(name) for name in SHELL_FILES]
    program = static("fieldwork/worker.js")
    version = hashlib.sha256(json.dumps([shell, program, files]).encode()).hexdigest()[:16]
    text = (
        f"const VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(shell)};\n"
        f"const FILES = {json.dumps(files)};\nimportScripts({json.dumps(program)});\n"
    )
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@access.needs(access.ANYONE)
@require_GET
def case_shell(request: HttpRequest) -> HttpResponse:
    """The empty page that the worker keeps: a case that was opened before is put into it, from what the browser holds
    locked, when there is no line."""
    return render(request, "fieldwork/case_shell.html")
