"""Django, configured in code: pages, accounts, sessions; the trial itself is in the log and never in its database."""

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

import django
from django.conf import settings

ROOM = Path(__file__).parent
HOSTS = ("localhost", "127.0.0.1", "[::1]")
IDLE_MINUTES = 15
SESSION_HOURS = 12
ATTEMPTS = 5
LOCKED_MINUTES = 30
MIN_PASSWORD = 12
MAX_UPLOAD_BYTES = 20_000_000
MAX_FILE_BYTES = 64_000_000
"""A million readings of a logger and more; six photographs of 10 MB."""
MAX_SCAN_BYTES = 1_000_000_000
"""A CT of 1 mm slices, as it comes from the scanner."""
MAX_FIELDS = 2_000
MAX_FILES = 5_000

APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "firstbreath.web.accounts",
    "firstbreath.web.api",
]
MIDDLEWARE = [
    "firstbreath.web.headers.harden",
    "firstbreath.web.requests_log.note_requests",
    "firstbreath.web.hosting.demand_tls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "firstbreath.web.identity.identify",
    "firstbreath.web.language.speak",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOM / "templates"],
        "OPTIONS": {
            "builtins": ["firstbreath.web.tags", "django.templatetags.i18n"],
            "context_processors": ["firstbreath.web.frame.whoever_looks"],
        },
    }
]
VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": MIN_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "firstbreath.web.requests_log.JsonLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "firstbreath.requests": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "waitress": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # A wrong host or a monstrous query is refused with 400: whoever sends it must not fill the log with tracebacks.
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "axes": {"handlers": ["nowhere"], "propagate": False},  # failed attempts are events of the trial's own log
    },
}


def configure_django(*, secret: str = "", hosts: Collection[str] = HOSTS, tls: bool = False) -> None:
    """Configure once per process; a second call changes nothing.

    secret  what sessions are signed with; a new one for this process when empty
    hosts   the names under which the site may be asked for
    tls     whether it is reached over HTTPS alone
    """
    if settings.configured:
        return
    settings.configure(
        DEBUG=False,
        SECRET_KEY=secret or secrets.token_urlsafe(50),
        ALLOWED_HOSTS=list(hosts),
        ROOT_URLCONF="firstbreath.web.urls",
        INSTALLED_APPS=APPS,
        MIDDLEWARE=MIDDLEWARE,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=TEMPLATES,
        LOGGING=LOGGING,
        APPEND_SLASH=False,
        USE_TZ=True,
        LANGUAGE_CODE="en",
        LANGUAGES=[("en", "English"), ("zh-hans", "简体中文")],
        # An uploaded file stays in memory: no temporary file holds a patient's name in the clear.
        FILE_UPLOAD_HANDLERS=["firstbreath.web.uploads.InMemory"],
        FILE_UPLOAD_MAX_MEMORY_SIZE=MAX_FILE_BYTES,
        LOCALE_PATHS=[ROOM / "locale"],
        DATA_UPLOAD_MAX_MEMORY_SIZE=MAX_UPLOAD_BYTES,
        DATA_UPLOAD_MAX_NUMBER_FIELDS=MAX_FIELDS,
        DATA_UPLOAD_MAX_NUMBER_FILES=MAX_FILES,
        **_sign_in_settings(tls=tls),
    )
    django.setup()


def _sign_in_settings(*, tls: bool) -> dict[str, Any]:
    """Passwords, lock-out, sessions and cookies."""
    return {
        "AUTHENTICATION_BACKENDS": ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"],
        "AUTH_PASSWORD_VALIDATORS": VALIDATORS,
        "AXES_FAILURE_LIMIT": ATTEMPTS,
        "AXES_COOLOFF_TIME": LOCKED_MINUTES / 60,
        "AXES_LOCKOUT_PARAMETERS": ["username"],
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_ENABLE_ADMIN": False,
        "AXES_VERBOSE": False,
        "OTP_TOTP_ISSUER": "firstbreath",
        "SESSION_COOKIE_NAME": "firstbreath",
        "SESSION_COOKIE_AGE": SESSION_HOURS * 3600,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": tls,
        "CSRF_USE_SESSIONS": True,
        "CSRF_FAILURE_VIEW": "firstbreath.web.errors.forged",
        "SILENCED_SYSTEM_CHECKS": ["axes.W003"],
    }
