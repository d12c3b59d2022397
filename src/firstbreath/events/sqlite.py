"""The log in one SQLite file: write-ahead log, triggers that refuse change, every commit on the disk."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from firstbreath.events.chain import Head
from firstbreath.events.store import HeadMoved, Record, StoreError, extend_chain

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    seq INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS log_is_never_updated BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_is_never_deleted BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_only_grows_at_its_end BEFORE INSERT ON log
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM log)
BEGIN SELECT RAISE(ABORT, 'the log only grows at its end'); END;
"""

_LAST = "SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1"
_FIXES = {
    "SQLITE_FULL": ("The disk is full; nothing was written.", "Free some space and act again."),
    "SQLITE_READONLY": (
        "The log is read-only; nothing was written.",
        "Give this account write access to the folder.",
    ),
    "SQLITE_CANTOPEN": (
        "The log cannot be opened.",
        "Check that the folder exists and may be read and written.",
    ),
    "SQLITE_BUSY": ("The log is busy; nothing was written.", "Try again in a moment."),
    "SQLITE_NOTADB": ("The file is not a log, or its first bytes were changed.", "Restore it from a backup."),
    "SQLITE_CORRUPT": ("The file of the log is damaged.", "Keep it as it is and restore a backup beside it."),
    "SQLITE_IOERR": ("The disk reports an error.", "Check the disk; restore a backup if it persists."),
    "SQLITE_ERROR": ("The file is not a log of this system.", "Check the path, or restore a backup."),
}


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors as `StoreError`, each with what to do."""
    try:
        yield
    except sqlite3.DatabaseError as broken:
        name = getattr(broken, "sqlite_errorname", "") or ""
        known = next((text for code, text in _FIXES.items() if name.startswith(code)), None)
        what, fix = known or (
            f"The log cannot be used ({broken}).",
            "Keep the file and ask an administrator.",
        )
        raise StoreError(f"{path.name}: {what}", fix) from broken


class SqliteStore:
    """A log in a SQLite file; each thread has its own connection.

    path         the file; created unless `read_only`
    synchronous  FULL puts every commit on the disk before it is acknowledged; NORMAL survives a killed
                 process but not a power cut
    """

    def __init__(self, path: Path, *, read_only: bool = False, synchronous: str = "FULL") -> None:
        if synchronous not in ("FULL", "NORMAL"):
            msg = f"synchronous is FULL or NORMAL, not {synchronous}"
            raise ValueError(msg)
        self.path = path
        self.read_only = read_only
        self.synchronous = synchronous
        self._local = threading.local()
        with _explained(path):
            self._connection()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_to_read() if self.read_only else self._open_to_write()
            self._local.connection = connection
        return connection

    def _open_to_write(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self.synchronous}")
        connection.executescript(SCHEMA)
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        """Read-only, and from a disk that cannot be written at all where that is what there is."""
        address = self.path.absolute().as_uri()
        try:
            connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None, timeout=30)
            connection.execute(_LAST)
        except sqlite3.OperationalError:
            connection = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
            connection.execute(_LAST)
        return connection

    def head(self) -> Head:
        """The end of the log now."""
        with _explained(self.path):
            row = self._connection().execute(_LAST).fetchone()
        return Head(*row) if row else Head()

    def append(self, records: Sequence[bytes], *, expected: Head) -> Head:
        """The new head; see `Store.append`."""
        rows = extend_chain(expected, records)
        with _explained(self.path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                last = connection.execute(_LAST).fetchone()
                if (Head(*last) if last else Head()) != expected:
                    raise HeadMoved
                connection.executemany("INSERT INTO log (seq, record, hash) VALUES (?, ?, ?)", rows)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        return Head(rows[-1].seq, rows[-1].hash) if rows else expected

    def rows(self, after: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """The rows after a place as plain tuples, the fastest way to read all of them."""
        with _explained(self.path):
            yield from self._connection().execute(
                "SELECT seq, record, hash FROM log WHERE seq > ? ORDER BY seq", (after,)
            )

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records after a place, in order."""
        return map(Record._make, self.rows(after))

    def close(self) -> None:
        """Close this thread's connection, folding the write-ahead log into the file."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
