"""The site's own database: passwords, second factors, sessions and failed attempts. Nothing of the trial is in it."""

from pathlib import Path
from typing import Any

import dj_database_url

Database = dict[str, Any]


def database_at(path: Path) -> Database:
    """The settings of a SQLite file, made when it is first used."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": "PRAGMA journal_mode=WAL;"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


def database_from_url(url: str) -> Database:
    """The settings that a `DATABASE_URL` states.

    Raises `ValueError` when it cannot be read.
    """
    try:
        return dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError) as wrong:
        msg = "DATABASE_URL cannot be read: write it as postgresql://account:password@host/database."
        raise ValueError(msg) from wrong


def use_database(database: Database) -> None:
    """Point this process's site at a database, with its tables in place."""
    from django.core.management import call_command
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict.clear()
    connections.databases["default"] = database
    connections.configure_settings(connections.databases)
    del connections["default"]
    call_command("migrate", verbosity=0, interactive=False)
