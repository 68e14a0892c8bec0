"""The design alone as a small website: settings, addresses and the page of samples for its tests."""

SECRET_KEY = "only for the tests of the design"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
STATIC_URL = "/static/"
