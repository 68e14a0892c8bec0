"""Settings of the website, read from the environment once and checked at the door."""

import sys
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from inspectorate.website import environment

HOUSE = Path(__file__).resolve().parents[1]
VAR = environment.folder(HOUSE)
TESTING = "pytest" in sys.modules
DEBUG = False
DEMONSTRATION = environment.flag("INSPECTORATE_DEMONSTRATION")
CLOCK_FILE = VAR / "clock"
SECRET_KEY = "only-for-tests" if TESTING else environment.secret_key(VAR)
ALLOWED_HOSTS = environment.hosts()
CSRF_TRUSTED_ORIGINS = environment.origins()
BEHIND_TLS = environment.flag("INSPECTORATE_TLS")
# Nothing typed into a case is kept on anybody's device: only in the open page, until the server has it
MEMORY_ONLY = environment.flag("INSPECTORATE_MEMORY_ONLY")
environment.refuse_unsafe(answers_to=ALLOWED_HOSTS, tls=BEHIND_TLS, demonstration=DEMONSTRATION)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "inspectorate.design",
    "allauth",
    "allauth.account",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "inspectorate.audit",
    "inspectorate.accounts",
    "inspectorate.programme",
    "inspectorate.documents",
    "inspectorate.planning",
    "inspectorate.sampling",
    "inspectorate.scheduling",
    "inspectorate.fieldwork",
    "inspectorate.ratings",
    "inspectorate.reporting",
    "inspectorate.overview",
    "inspectorate.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "inspectorate.website.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "inspectorate.accounts.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "inspectorate.accounts.once.OnceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "inspectorate.programme.access.SignedInMiddleware",
]

ROOT_URLCONF = "inspectorate.website.urls"
WSGI_APPLICATION = "inspectorate.website.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            HOUSE / app.rsplit(".", 1)[1] / "templates" for app in INSTALLED_APPS if app.startswith("inspectorate.")
        ],
        "OPTIONS": {
            "environment": "inspectorate.design.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "inspectorate.overview.context.frame",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "inspectorate.design.forms.FormRenderer"

DATABASES = {"default": environment.database(VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["inspectorate.programme.access.SignIn"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "inspectorate.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "inspectorate.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "inspectorate.overview.views.page_expired"
if BEHIND_TLS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_AUTOREFRESH = TESTING  # a test begins many browsers: none looks through all files first
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "inspectorate.website.static_files.StaticFiles"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
# Who may open the files in which a body names cases (asked by documents, which stands below chapter 4).
PERSONAL_FILES_OPEN_TO = "inspectorate.sampling.limited.may_open_files"

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR / "outbox")
DEFAULT_FROM_EMAIL = environment.email_address()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
