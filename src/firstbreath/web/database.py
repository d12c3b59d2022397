"""The site's own database: passwords, second factors, sessions and failed attempts. Nothing of the trial is in it."""

from pathlib import Path
from typing import Any

import dj_database_url

Database = dict[str, Any]
SCHEMA = "firstbreath schema"
CONNECT_S = 5


def database_at(path: Path) -> Database:
    """The settings of a SQLite file, made when it is first used."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": "PRAGMA journal_mode=WAL;"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


def database_from_url(url: str, *, schema: str = "") -> Database:
    """The settings that a `DATABASE_URL` states.

    schema  where in the database this site's tables are: the accounts of two studies must never be one another's
    Raises `ValueError` when it cannot be read.
    """
    try:
        found: Database = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError) as wrong:
        msg = "DATABASE_URL cannot be read: write it as postgresql://account:password@host/database."
        raise ValueError(msg) from wrong
    if schema:
        options: Database = {"connect_timeout": CONNECT_S} | found.get("OPTIONS", {})
        options["options"] = f"-c search_path={schema} {options.get('options', '')}".strip()
        found |= {"OPTIONS": options, SCHEMA: schema}
    return found


def use_database(database: Database) -> None:
    """Point this process's site at a database, with its tables in place."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    schema = database.get(SCHEMA)
    connections["default"].close()
    connections["default"].settings_dict.clear()
    connections.databases["default"] = database
    connections.configure_settings(connections.databases)
    del connections["default"]
    if schema:
        with connections["default"].cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    tables = MigrationExecutor(connections["default"])
    if tables.migration_plan(tables.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
