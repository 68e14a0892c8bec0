"""The website's settings with the bare addresses added."""

from inspectorate.website.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
WSGI_APPLICATION = "bench.bare.application"
