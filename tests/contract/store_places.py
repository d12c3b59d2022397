"""The places where a log can live, each to be opened again and to be changed with SQL behind the store's back."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from firstbreath.events import Store
from firstbreath.events.postgres import PostgresStore
from firstbreath.events.sqlite import SqliteStore
from firstbreath.events.store import MemoryStore


@dataclass(frozen=True)
class Place:
    """Where one log lives: how to open it (again), and how an outsider would change it with SQL."""

    open: Callable[[], Store]
    change: Callable[[str], None]


def memory_place() -> Place:
    store = MemoryStore()

    def change(_statement: str) -> None:
        raise NotImplementedError

    return Place(lambda: store, change)


def sqlite_place(path: Path) -> Place:
    def change(statement: str) -> None:
        connection = sqlite3.connect(path)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()

    return Place(lambda: SqliteStore(path), change)


def postgres_place(dsn: str, study: str) -> Place:
    def change(statement: str) -> None:
        import psycopg

        with psycopg.connect(dsn) as connection:
            connection.execute(statement.replace("$study", f"'{study}'"))

    return Place(lambda: PostgresStore(dsn, study=study), change)
