"""The log in a PostgreSQL table shared by several studies: one lock a study, triggers that refuse change."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from firstbreath.events.chain import Head
from firstbreath.events.store import HeadMoved, Record, StoreError, extend_chain

if TYPE_CHECKING:
    import psycopg

SCHEMA = """
CREATE TABLE IF NOT EXISTS firstbreath_log (
    study text NOT NULL,
    seq bigint NOT NULL,
    record bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (study, seq)
);
CREATE OR REPLACE FUNCTION firstbreath_log_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE OR REPLACE FUNCTION firstbreath_log_grows_at_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq IS DISTINCT FROM
        (SELECT coalesce(max(seq), 0) + 1 FROM firstbreath_log WHERE study = NEW.study)
    THEN RAISE EXCEPTION 'the log only grows at its end'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER log_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON firstbreath_log
FOR EACH STATEMENT EXECUTE FUNCTION firstbreath_log_refuses_change();
CREATE OR REPLACE TRIGGER log_only_grows_at_its_end BEFORE INSERT ON firstbreath_log
FOR EACH ROW EXECUTE FUNCTION firstbreath_log_grows_at_its_end();
"""
TRIGGERS = ("log_is_never_changed", "log_only_grows_at_its_end")

PATIENCE_S = 30
PAGE_ROWS = 128
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('firstbreath_log ' || %s, 0))"
_LAST = "SELECT seq, hash FROM firstbreath_log WHERE study = %s ORDER BY seq DESC LIMIT 1"
_INSERT = "INSERT INTO firstbreath_log (study, seq, record, hash) VALUES (%s, %s, %s, %s)"
_PAGE = "SELECT seq, record, hash FROM firstbreath_log WHERE study = %s AND seq > %s ORDER BY seq LIMIT %s"
_COUNT_TRIGGERS = """
SELECT count(*) FROM pg_trigger
WHERE tgrelid = to_regclass('firstbreath_log') AND tgname = ANY(%s) AND tgenabled <> 'D'
"""
_SETTINGS = f"SET lock_timeout = '{PATIENCE_S}s'"
# A commit is acknowledged once it is on the disk, whatever the server's default; stricter settings are kept.
_DURABLE = """
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
_BEFORE_ALL = -(2**63)

_NO_DRIVER = ("PostgreSQL needs a package that is not installed.", "Install firstbreath[postgres].")
_ADDRESS = ("The address of the database cannot be read.", "Check the spelling of DATABASE_URL.")
_CREATE = ("This account may not create the table of the log.", "Open the log once as the database's owner.")
_BUSY = ("The log is busy; nothing was written.", "Try again in a moment.")
_LOST = ("The connection to the database broke.", "Look whether the last act was recorded, then act again.")
_FIXES = {
    "08": _LOST,
    "25006": ("The database is read-only; nothing was written.", "Connect to the primary server."),
    "40": _BUSY,
    "42501": ("This account may not use the log.", "Grant it SELECT and INSERT on firstbreath_log."),
    "42": ("The table firstbreath_log is not a log of this system.", "Check the database and its search path."),
    "53100": ("The disk of the database is full; nothing was written.", "Free some space and act again."),
    "53": ("The database is short of memory or connections; nothing was written.", "Ask its administrator."),
    "55P03": _BUSY,
    "57": _LOST,
    "58": ("The disk of the database reports an error.", "Check the disk; restore a backup if it persists."),
    "P0001": ("The log refused the change; nothing was written.", "Verify the chain before going on."),
    "XX": ("The table of the log is damaged.", "Keep the server's files as they are and restore a backup."),
}


def _connect(dsn: str) -> psycopg.Connection:
    """A connection on which every commit is durable and nothing waits for ever, with the table in place."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict, make_conninfo
    except ImportError as missing:
        raise StoreError(*_NO_DRIVER) from missing
    try:
        address = dsn if "connect_timeout" in conninfo_to_dict(dsn) else make_conninfo(dsn, connect_timeout=10)
    except psycopg.ProgrammingError:
        raise StoreError(*_ADDRESS) from None  # libpq's message may repeat the password
    try:
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as refused:
        why = str(refused).strip().rpartition("\n")[2]
        what = f"The database cannot be reached ({why})."
        raise StoreError(what, "Check that the server runs, and the address in DATABASE_URL.") from refused
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: psycopg.Connection) -> None:
    from psycopg import IsolationLevel, errors

    # Behind the lock a transaction must see what was committed while it waited.
    connection.isolation_level = IsolationLevel.READ_COMMITTED
    connection.execute(_SETTINGS)
    connection.execute(_DURABLE)
    found = connection.execute(_COUNT_TRIGGERS, (list(TRIGGERS),)).fetchone()
    if found != (len(TRIGGERS),):
        try:
            with connection.transaction():
                connection.execute(_LOCK, ("",))
                connection.execute(SCHEMA)
        except errors.InsufficientPrivilege as refused:
            raise StoreError(*_CREATE) from refused


@contextmanager
def _explained(study: str) -> Iterator[None]:
    """PostgreSQL's errors as `StoreError`, each with what to do."""
    try:
        yield
    except (StoreError, HeadMoved):
        raise
    except Exception as broken:
        import psycopg

        if not isinstance(broken, psycopg.Error):
            raise
        state = broken.sqlstate or "08"
        known = next((text for code, text in _FIXES.items() if state.startswith(code)), None)
        what, fix = known or (f"The log cannot be used ({broken}).", "Ask the database's administrator.")
        raise StoreError(f"{study}: {what}", fix) from broken


class PostgresStore:
    """The log of one study in a PostgreSQL database (14 or newer); each thread has its own connection.

    dsn    a connection string or URL as libpq reads it
    study  the study's name: logs of other studies in the same table are separate chains
    """

    def __init__(self, dsn: str, *, study: str) -> None:
        self._dsn = dsn
        self.study = study
        self._local = threading.local()
        with _explained(self.study):
            self._connection()

    def _connection(self) -> psycopg.Connection:
        """This thread's connection; a new one after the last was lost."""
        connection: psycopg.Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = _connect(self._dsn)
            self._local.connection = connection
        return connection

    def head(self) -> Head:
        """The end of the log now."""
        with _explained(self.study):
            row = self._last()
        return Head(*row) if row else Head()

    def _last(self) -> tuple[int, bytes] | None:
        """The last row's number and hash; asked again on a new connection when the server was away since the last."""
        from psycopg import OperationalError

        connection = self._connection()
        try:
            return connection.execute(_LAST, (self.study,), binary=True).fetchone()
        except OperationalError:
            if not connection.closed:
                raise
        return self._connection().execute(_LAST, (self.study,), binary=True).fetchone()

    def append(self, records: Sequence[bytes], *, expected: Head) -> Head:
        """The new head; see `Store.append`."""
        rows = extend_chain(expected, records)
        with _explained(self.study), (connection := self._connection()).transaction():
            connection.execute(_LOCK, (self.study,))
            last = connection.execute(_LAST, (self.study,), binary=True).fetchone()
            if (Head(*last) if last else Head()) != expected:
                raise HeadMoved
            connection.cursor().executemany(_INSERT, [(self.study, *row) for row in rows])
        return Head(rows[-1].seq, rows[-1].hash) if rows else expected

    def rows(self, after: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """The rows after a place as plain tuples, page by page: constant memory, no transaction left open.

        A server-side cursor would hold one: an append on the same thread would then be written inside it and
        lost with it. From 0 it starts at the very first row, so that none before the beginning is skipped.
        """
        last = after or _BEFORE_ALL
        while True:
            with _explained(self.study):
                cursor = self._connection().execute(_PAGE, (self.study, last, PAGE_ROWS), binary=True)
                page = cursor.fetchall()
            yield from page
            if len(page) < PAGE_ROWS:
                return
            last = page[-1][0]

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records after a place, in order."""
        return map(Record._make, self.rows(after))

    def close(self) -> None:
        """Close this thread's connection."""
        connection: psycopg.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
