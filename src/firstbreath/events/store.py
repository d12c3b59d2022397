"""The port to wherever a log is kept, and the store that lives in memory."""

import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from firstbreath.events.chain import Head, chain_hash


class Record(NamedTuple):
    """A stored record: its place, its bytes as written, its hash as stored."""

    seq: int
    data: bytes
    hash: bytes


class HeadMoved(Exception):
    """Someone else appended first; decide again on the new state."""


class StoreError(Exception):
    """The store cannot read or write; `fix` says what an administrator can do."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


class Store(Protocol):
    """A log that can only grow. Every store passes the same contract test."""

    def head(self) -> Head:
        """The end of the log now."""
        ...

    def append(self, records: Sequence[bytes], *, expected: Head) -> Head:
        """The new head after all of the records are written, together or not at all.

        Raises `HeadMoved` when the log does not end at `expected`, `StoreError` when it cannot be written.
        """
        ...

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records after a place, in order."""
        ...


def extend_chain(head: Head, records: Sequence[bytes]) -> list[Record]:
    """The rows that continue a log from its head."""
    rows: list[Record] = []
    previous = head.hash
    for seq, record in enumerate(records, head.seq + 1):
        previous = chain_hash(previous, record)
        rows.append(Record(seq, record, previous))
    return rows


class MemoryStore:
    """A log in memory, for tests and simulations."""

    def __init__(self) -> None:
        self._rows: list[Record] = []
        self._lock = threading.Lock()

    def head(self) -> Head:
        """The end of the log now."""
        rows = self._rows
        return Head(rows[-1].seq, rows[-1].hash) if rows else Head()

    def append(self, records: Sequence[bytes], *, expected: Head) -> Head:
        """The new head; see `Store.append`."""
        with self._lock:
            if self.head() != expected:
                raise HeadMoved
            self._rows.extend(extend_chain(expected, records))
            return self.head()

    def records(self, after: int = 0) -> Iterator[Record]:
        """The records after a place, in order; those appended meanwhile are left out."""
        return iter(self._rows[after:])
