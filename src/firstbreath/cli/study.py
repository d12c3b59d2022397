"""A study folder opened: its log, its keys, its published facts, and the paper they make."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

import firstbreath
from firstbreath.cli.exits import Exit, Stop, stop_for_findings
from firstbreath.cli.files import explained_disk, read_csv_files, read_text
from firstbreath.cli.place import LOG_FILE, AnyStore, database_url, has_log, open_store
from firstbreath.events.blobs import FileBlobs, write_atomically
from firstbreath.events.chain import Head, follow_chain
from firstbreath.events.heads import SignedHead, parse_heads, sign_head
from firstbreath.events.record import Event, decode_event
from firstbreath.events.store import StoreError
from firstbreath.paper.background import BackgroundRow, Dose, render_background
from firstbreath.paper.claims import Verdict, check_claims, parse_claims
from firstbreath.paper.document import Paper, TableBlock, compose_paper, plain_table
from firstbreath.paper.severity import render_severity
from firstbreath.protocol.values import Protocol
from firstbreath.trial.door import Door
from firstbreath.trial.state import Trial
from firstbreath.trial.tables import CsvTable, parse_csv

Clock = Callable[[], datetime]
DEMONSTRATION_SEED = bytes(range(32))
"""The key of every demonstration: public on purpose, so that anyone's replay is the same to the last byte."""


SEVERITY_COLUMNS = ("paper", "class", "variable", "comparator", "value", "unit")
BACKGROUND_COLUMNS = ("id", "product_class", "route", "dose_value", "dose_unit", "doses_given", "place", "paper")


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def ticking_clock(start: datetime) -> Clock:
    """A clock that begins at `start` and moves one second each time it is asked."""
    now = start.astimezone(UTC)

    def tick() -> datetime:
        nonlocal now
        now += timedelta(seconds=1)
        return now

    return tick


class Study:
    """The files of one study folder, and its log in one of them or in a database.

    database  where the log is kept: an address, or empty for a file; what the environment says when None
    """

    def __init__(self, folder: Path, *, read_only: bool = False, database: str | None = None) -> None:
        self.folder = folder
        self.database = database_url() if database is None else database
        self.log_path = folder / LOG_FILE
        self.heads_path = folder / "heads.jsonl"
        self.key_path = folder / "keys" / "head.key"
        self.blobs = FileBlobs(folder / "blobs", folder / "keys" / "subjects")
        self.read_only = read_only
        self._store: AnyStore | None = None

    @property
    def store(self) -> AnyStore:
        """The log; opened at the first use."""
        if self._store is None:
            if self.read_only and not self.has_log:
                raise no_log(self.folder)
            with explained_store():
                self._store = open_store(self.folder, self.database, read_only=self.read_only)
        return self._store

    @property
    def has_log(self) -> bool:
        """Whether a trial may have begun in this folder."""
        return has_log(self.folder, self.database)

    def door(self, clock: Clock = system_clock) -> Door:
        """The door to this study's log."""
        with explained_store():
            return Door(self.store, clock)

    def events(self, up_to: int | None = None) -> Iterator[tuple[Event, bytes]]:
        """Every event with its hash, up to a place, each checked against the chain."""
        with explained_store():
            for seq, record, hashed in follow_chain(self.store.rows(), Head()):
                if up_to is not None and seq > up_to:
                    return
                yield decode_event(record), hashed

    def create_key(self, seed: bytes | None = None) -> None:
        """Make the key that signs heads: random, or the public one of a demonstration."""
        with explained_disk(self.key_path):
            write_atomically(self.key_path, seed or secrets.token_bytes(32), mode=0o600)

    def signed_heads(self) -> Sequence[SignedHead]:
        """The heads signed so far."""
        if not self.heads_path.is_file():
            return ()
        try:
            return parse_heads(read_text(self.heads_path))
        except ValueError as broken:
            raise Stop(Exit.LOG_BROKEN, f"heads.jsonl: {broken}. Compare it with a printout.") from None

    def sign(self, head: Head, *, keep: bool = True) -> SignedHead:
        """The signature of a head; the one there is when it was signed before, else a new one, kept if asked."""
        heads = self.signed_heads()
        known = next((signed for signed in heads if signed.head == head), None)
        if known:
            return known
        with explained_disk(self.key_path):
            seed = self.key_path.read_bytes()
            if len(seed) != len(DEMONSTRATION_SEED):
                raise Stop(Exit.STORAGE, f"{self.key_path} is no key. Restore it from a backup.")
            signed = sign_head(seed, head)
            if not keep:
                return signed
            append_line(self.heads_path, msgspec.json.encode(signed))
        return signed

    def background(self, protocol: Protocol) -> tuple[BackgroundRow, ...]:
        """What was known before the trial, each dose beside the one planned here; where the folder has it."""
        path = self.folder / "background" / "trials.csv"
        if not path.is_file():
            return ()
        regimen = protocol.design.doses[0]
        total = regimen.amount * len(regimen.days)
        here = Dose(total, total, "vesicles") if regimen.unit == "vesicles" else None
        return render_background([row.cells for row in read_table(path, needs=BACKGROUND_COLUMNS).rows], against=here)

    def context(self) -> tuple[TableBlock, ...]:
        """Severity as several sources print it, and the registrations, where the folder has them."""
        severity, registry = (
            self.folder / "background" / "severity.csv",
            self.folder / "published" / "registrations.csv",
        )
        tables = []
        if severity.is_file():
            sources, lines = render_severity([row.cells for row in read_table(severity, needs=SEVERITY_COLUMNS).rows])
            columns = ("Class", "Variable", *sources, "On the bound")
            rows = [(line.severity, line.variable, *line.printed, line.difference) for line in lines]
            tables.append(plain_table("B2", "Severity classes as each source prints them", columns=columns, rows=rows))
        if registry.is_file():
            found = read_table(registry)
            cells = [tuple(row.cells.values()) for row in found.rows]
            columns = tuple(name.capitalize() for name in found.columns)
            tables.append(plain_table("B3", "What the registrations say", columns=columns, rows=cells))
        return tuple(tables)

    def verdicts(self) -> tuple[Verdict, ...]:
        """The claims of the published paper with their verdicts, where the folder has them."""
        folder = self.folder / "published"
        return check_folder(folder) if (folder / "claims.toml").is_file() else ()

    def compose(
        self,
        trial: Trial,
        *,
        events: Sequence[tuple[Event, bytes]] | None = None,
        verdicts: Sequence[Verdict] | None = None,
        keep: bool = True,
    ) -> Paper:
        """The paper of a trial as it stood at one point of this log.

        events, verdicts  where they are at hand already; read and checked anew when None
        keep              whether the signed head is added to those of the folder
        """
        events = list(self.events(trial.seq)) if events is None else events
        if trial.protocol is None or not events:
            raise Stop(Exit.USAGE, "The trial has not begun: there is no paper to write.")
        head = self.sign(Head(trial.seq, events[-1][1]), keep=keep)
        return compose_paper(
            trial,
            events,
            head=head,
            public_key=head.key == sign_head(DEMONSTRATION_SEED, Head()).key,
            version=firstbreath.__version__,
            background=self.background(trial.protocol),
            context=self.context(),
            verdicts=self.verdicts() if verdicts is None else verdicts,
        )


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a file in one write, or leave the file as it was; others may add theirs at the same time."""
    before = path.stat().st_size if path.exists() else None
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), "wb", buffering=0) as file:
            file.write(line + b"\n")
            os.fsync(file.fileno())
    except OSError:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            os.truncate(path, before)
        raise


def no_log(folder: Path) -> Stop:
    """The stop for a folder whose trial has not begun, or that is not there."""
    if not folder.is_dir():
        return Stop(Exit.USAGE, f"{folder} is not there. Check the path.")
    return Stop(Exit.USAGE, f"{folder} has no log. Begin the trial first: firstbreath begin {folder}.")


@contextmanager
def explained_store() -> Iterator[None]:
    """The store's errors as a stop for the administrator."""
    try:
        yield
    except StoreError as broken:
        raise Stop(Exit.STORAGE, broken.what, broken.fix) from None


def read_table(path: Path, *, needs: Sequence[str] = ()) -> CsvTable:
    """A CSV file as a table with the columns it needs; its findings stop the command."""
    table, findings = parse_csv(read_text(path), path.name)
    if table is None:
        raise stop_for_findings(Exit.INPUT, findings)
    lacking = [column for column in needs if column not in table.columns]
    if lacking:
        raise Stop(Exit.INPUT, f"{path.name} lacks the columns {', '.join(lacking)}. Add them.")
    return table


def check_folder(folder: Path) -> tuple[Verdict, ...]:
    """The verdicts on a folder with `claims.toml` and its tables; findings stop the command."""
    claims, findings = parse_claims(read_text(folder / "claims.toml"), read_csv_files(folder))
    if claims is None:
        raise stop_for_findings(Exit.INPUT, findings)
    return check_claims(claims)
