"""The log in one SQLite file: write-ahead log, triggers that refuse change, every commit on the disk."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from firstbreath.events.chain import Head
from firstbreath.events.store import HeadMoved, Record, StoreError, extend_chain

SCHEMA = """
BEGIN IMMEDIATE;
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
COMMIT;
"""

PATIENCE_S = 30
PAGE_ROWS = 128
# A changed byte in the file can turn a blob into a number or nothing; read as bytes, it is left to the chain.
_LAST = "SELECT seq, CAST(coalesce(hash, x'') AS BLOB) FROM log ORDER BY seq DESC LIMIT 1"
_PAGE = """
SELECT seq, CAST(coalesce(record, x'') AS BLOB), CAST(coalesce(hash, x'') AS BLOB)
FROM log WHERE seq > ? ORDER BY seq LIMIT ?
"""
_BEFORE_ALL = -(2**63)
# A row is only written behind the one that it was chained to: one statement asks and writes.
_APPEND = """
INSERT INTO log (seq, record, hash) SELECT ?, ?, ?
WHERE (SELECT max(seq) FROM log) IS ?
AND (SELECT CAST(coalesce(hash, x'') AS BLOB) FROM log WHERE seq = ?) IS ?
"""
_READ_ONLY = (
    "The log is read-only; nothing was written.",
    "Give this account write access to the file and its folder.",
)
_READ_ONLY_FOLDER = (
    "The folder of the log is read-only, and writing needs files beside the log.",
    "Give this account write access to the folder.",
)
_BUSY = ("The log is busy; nothing was written.", "Try again in a moment.")
_DAMAGED = ("The file of the log is damaged.", "Keep it as it is and restore a backup beside it.")
_CUT = ("The file of the log is cut off.", "Keep it as it is and restore a backup beside it.")
_FOREIGN = ("The file is not a log of this system.", "Check the path, or restore a backup.")
_FOLDER = ("This is a folder, not the file of a log.", "Give the path of the file in it.")
_ABSENT = ("There is no log here.", "Check the path, or restore a backup.")
_MOVED = (
    "The file of the log was moved, deleted or replaced while in use; nothing was written.",
    "Stop everything that uses it, put the right file in its place and start again.",
)
_UNFOLDED = (
    "The log has a write-ahead log beside it that cannot be read on a read-only disk.",
    "Copy the log with its -wal file to a disk that can be written, and read it there.",
)
_FIXES = {
    "SQLITE_FULL": ("The disk is full; nothing was written.", "Free some space and act again."),
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": (
        "The log cannot be opened.",
        "Check that the folder exists and may be read and written.",
    ),
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_PROTOCOL": _BUSY,
    "SQLITE_NOTADB": ("The file is not a log, or its first bytes were changed.", "Restore it from a backup."),
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_IOERR": ("The disk reports an error.", "Check the disk; restore a backup if it persists."),
    "SQLITE_ERROR": _FOREIGN,
}


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors as `StoreError`, each with what to do."""
    try:
        yield
    except UnicodeDecodeError as broken:  # SQLite quoted damaged bytes in its message
        raise _refusal(path, _DAMAGED) from broken
    except sqlite3.DatabaseError as broken:
        name = _error_name(broken)
        known = next((text for code, text in _FIXES.items() if name.startswith(code)), None)
        unknown = (f"The log cannot be used ({broken}).", "Keep the file and ask an administrator.")
        raise _refusal(path, known or unknown) from broken


def _refusal(path: Path, text: tuple[str, str]) -> StoreError:
    return StoreError(f"{path.name}: {text[0]}", text[1])


def _error_name(broken: sqlite3.Error) -> str:
    return getattr(broken, "sqlite_errorname", "") or ""


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Here SQLite does not wait when another process is just doing the same to a new file; so we do."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as refused:
            if not _error_name(refused).startswith("SQLITE_BUSY") or time.monotonic() > until:
                raise
            time.sleep(0.005)
        else:
            return


def _befores(expected: Head, rows: Sequence[Record]) -> Iterator[tuple[int | None, bytes | None]]:
    """The number and hash of the row before each: none before the first of all."""
    yield (expected.seq, expected.hash) if expected.seq else (None, None)
    for row in rows[:-1]:
        yield row.seq, row.hash


def _has_wal(path: Path) -> bool:
    """Whether commits may lie in a write-ahead log beside the file."""
    wal = path.with_name(f"{path.name}-wal")
    return wal.exists() and wal.stat().st_size > 0


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is at the path. SQLite in WAL mode would go on writing to one that was deleted or replaced."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `StoreError` for a file cut off inside its last page, of which SQLite reads the rest as empty."""
    connection.execute("BEGIN")
    connection.execute(_LAST).fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    # With a write-ahead log the file itself may be caught in the middle of a fold, and that is well.
    if path.stat().st_size % page_size and not _has_wal(path):
        raise _refusal(path, _CUT)
    connection.execute("ROLLBACK")


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
        """This thread's connection, to the file that is at the path now."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._local.unlocked and _has_wal(self.path):
            self.close()  # someone began to write: an unlocked connection would read through their changes
            connection = None
        if connection is None:
            connection = self._open()
        elif _identity(self.path) != self._local.identity:
            raise _refusal(self.path, _MOVED)
        return connection

    def _open(self) -> sqlite3.Connection:
        if self.path.is_dir():
            raise _refusal(self.path, _FOLDER)
        connection, unlocked = self._open_to_read() if self.read_only else (self._open_to_write(), False)
        self._local.connection = connection
        self._local.unlocked = unlocked
        self._local.identity = _identity(self.path)
        return connection

    def _open_to_write(self) -> sqlite3.Connection:
        # SQLite itself would tell only at the first append.
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise _refusal(self.path, _READ_ONLY)
        if self.path.parent.exists() and not os.access(self.path.parent, os.W_OK):
            raise _refusal(self.path, _READ_ONLY_FOLDER)
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=PATIENCE_S)
        with _closed_on_failure(connection):
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                connection.execute(_PAGE, (0, 0))  # fails on someone else's database before anything is written
            _switch_to_wal(connection)
            connection.execute(f"PRAGMA synchronous = {self.synchronous}")
            connection.executescript(SCHEMA)
            _check_whole(connection, self.path)
        return connection

    def _open_to_read(self) -> tuple[sqlite3.Connection, bool]:
        """Read-only; and without locks from a disk that cannot be written at all, where that is what there is."""
        if not self.path.exists():
            raise _refusal(self.path, _ABSENT)
        try:
            return self._connect_to_read("mode=ro"), False
        except sqlite3.OperationalError as refused:
            if not _error_name(refused).startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
                raise
        if _has_wal(self.path):
            raise _refusal(self.path, _UNFOLDED)
        return self._connect_to_read("mode=ro&immutable=1"), True

    def _connect_to_read(self, how: str) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?{how}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE_S)
        with _closed_on_failure(connection):
            connection.execute(_LAST)
            _check_whole(connection, self.path)
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
                for row, (seq, hashed) in zip(rows, _befores(expected, rows), strict=False):
                    if connection.execute(_APPEND, (*row, seq, seq, hashed)).rowcount != 1:
                        raise HeadMoved
                if not rows and self.head() != expected:
                    raise HeadMoved
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        return Head(rows[-1].seq, rows[-1].hash) if rows else expected

    def rows(self, after: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """The rows after a place as plain tuples, the fastest way to read all of them.

        Read page by page: a statement left open by an abandoned reader would hold this thread at an old head
        and keep the write-ahead log growing. From 0 it starts at the very first row, so that one moved to
        before the log's beginning is seen and not skipped.
        """
        last = after or _BEFORE_ALL
        while True:
            with _explained(self.path):
                page = self._connection().execute(_PAGE, (last, PAGE_ROWS)).fetchall()
            yield from page
            if len(page) < PAGE_ROWS:
                return
            last = max(page[-1][0], last + 1)  # rows out of order in a damaged file must not turn us in circles

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records after a place, in order."""
        return map(Record._make, self.rows(after))

    def close(self) -> None:
        """Close this thread's connection; the last one folds the write-ahead log into the file."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
