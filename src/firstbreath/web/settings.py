"""Django, configured in code: templates and addresses, and none of what a read-only site does not need."""

import secrets
from pathlib import Path

import django
from django.conf import settings

ROOM = Path(__file__).parent
HOSTS = ("localhost", "127.0.0.1", "[::1]")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOM / "templates"],
        "OPTIONS": {"builtins": ["firstbreath.web.tags"]},
    }
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "waitress": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # A wrong host or a monstrous query is refused with 400: whoever sends it must not fill the log with tracebacks.
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}


def configure_django() -> None:
    """Configure once per process; a second call changes nothing."""
    if settings.configured:
        return
    settings.configure(
        DEBUG=False,
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS=list(HOSTS),
        ROOT_URLCONF="firstbreath.web.urls",
        MIDDLEWARE=[
            "firstbreath.web.headers.harden",
            "django.middleware.common.CommonMiddleware",
        ],
        TEMPLATES=TEMPLATES,
        LOGGING=LOGGING,
        APPEND_SLASH=False,
        USE_I18N=False,
        USE_TZ=True,
    )
    django.setup()
