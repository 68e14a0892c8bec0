"""The door through which the server enters; a pack that changed under its inspections is refused here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspectorate.website.settings")
application = get_wsgi_application()
