"""The site's own database as tests have it: its tables are made once in a process, and every test has a copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.read_trial import MORE_READERS
from tests.support.staffed_trial import PASSWORD, PEOPLE

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Hashers for sites in this process, on which hundreds of tests sign in."""


def use_fresh_database(folder: Path) -> None:
    """Point this process's site at a database of its own in a folder, in which everybody of the tests has a password.

    The password is hashed as the settings say, once: use `FAST` around this wherever a server does not check it.
    """
    from django.conf import settings

    from firstbreath.web.database import database_at, use_database

    path = folder / "site.sqlite"
    path.write_bytes(_made(settings.PASSWORD_HASHERS[0]))
    database = database_at(path)
    database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # it need not outlive the machine
    use_database(database)


@cache
def _made(hasher: str) -> bytes:
    """The file of such a database, its password hashed by that hasher."""
    from datetime import UTC, datetime

    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password
    from django.db import connections

    from firstbreath.web.accounts.models import Standing
    from firstbreath.web.database import database_at, use_database

    with TemporaryDirectory() as folder:
        path, now = Path(folder) / "site.sqlite", datetime.now(UTC)
        use_database(database_at(path))
        hashed, user = make_password(PASSWORD), get_user_model()
        accounts = (*PEOPLE, *MORE_READERS)
        user.objects.bulk_create(user(username=account, password=hashed) for account in accounts)
        Standing.objects.bulk_create(Standing(account=account, changed_at=now) for account in accounts)
        connections["default"].close()
        return path.read_bytes()
