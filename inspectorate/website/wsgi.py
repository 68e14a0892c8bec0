"""The door through which the server enters; a pack that changed under its inspections is refused here."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.template import engines
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspectorate.website.settings")
application = get_wsgi_application()

from inspectorate.programme import packs  # noqa: E402 (models can be read only once the website is put together)

packs.refuse_changed()
# Addresses, views and pages are read here, once for all workers, and not within somebody's first request.
reverse("my_work")
engines["jinja2"].get_template("fieldwork/case.html")
connections.close_all()
# What was read stays: it is not looked through for garbage again and again, nor copied into each worker for that.
gc.collect()
gc.freeze()
