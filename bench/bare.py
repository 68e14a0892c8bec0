"""The website's addresses with three bare ones beside them: a view, a read and a save without sign-in or trail."""

import os
import uuid

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
application = get_wsgi_application()

from inspectorate.fieldwork.models import Answer  # noqa: E402 (models can be read only once the website is put together)
from inspectorate.sampling.models import SampledCase  # noqa: E402


def bare_view(request: HttpRequest) -> HttpResponse:
    """Nothing but the middlewares."""
    return HttpResponse("ready")


def bare_read(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """One row with its join."""
    found = SampledCase.objects.select_related("case").get(public_id=case)
    return JsonResponse({"number": found.number, "reference": found.case.reference})


@csrf_exempt
def bare_save(request: HttpRequest, answer: int) -> HttpResponse:
    """One row read and saved."""
    kept = Answer.objects.get(pk=answer)
    kept.value = "no" if kept.value == "yes" else "yes"
    kept.save(update_fields=["value"])
    return JsonResponse({"value": kept.value})


urlpatterns = [
    path("bare/", bare_view, name="bare_view"),
    path("bare/<uuid:case>/", bare_read, name="bare_read"),
    path("bare/<int:answer>/save/", bare_save, name="bare_save"),
    path("", include("inspectorate.website.urls")),
]
