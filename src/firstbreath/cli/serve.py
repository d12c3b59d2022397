"""`serve`: the site of a study folder."""

import errno
import secrets
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import explained_disk
from firstbreath.cli.say import folder_argument
from firstbreath.cli.study import Clock, Study, no_log, system_clock
from firstbreath.events.blobs import FileBlobs, read_if_there, write_atomically
from firstbreath.events.chain import ChainBroken
from firstbreath.paper.claims import Verdict
from firstbreath.paper.document import Paper
from firstbreath.trial.door import Door
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial
from firstbreath.web.database import database_at
from firstbreath.web.site import create_application, run_server
from firstbreath.web.source import Unavailable

Stamp = tuple[tuple[str, int, int], ...]
VERIFY = "Run firstbreath verify on the study's folder: it names the record."


@click.command()
@folder_argument
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free one.")
@click.option("--browser", is_flag=True, help="Open it in a browser.")
def serve(folder: Path, port: int, *, browser: bool) -> None:
    """Serve the site of FOLDER on this machine: for reading, and for acting once people have accounts."""
    study = Study(folder, read_only=True)
    if not study.log_path.is_file():
        raise no_log(folder)
    working = bool(study.door().history.now.people.by_id)
    serve_study(Study(folder) if working else study, port=port, browser=browser, working=working)


def serve_study(
    study: Study,
    *,
    port: int,
    browser: bool,
    or_any_port: bool = False,
    working: bool = False,
    called: str = "The site",
) -> None:
    """Serve until interrupted.

    port         0 picks a free one
    browser      open the site in a browser as soon as it answers
    or_any_port  take a free port when this one is taken
    working      people sign in and act
    called       what it is called where its address is said
    """
    source = StudySource(study, writable=working)
    try:
        source.history()
    except Unavailable as broken:
        raise Stop(Exit.LOG_BROKEN, broken.what, broken.fix) from None
    application = create_application(source, **(working_settings(study) if working else {}))
    try:
        run_server(
            application, port=port, when_listening=lambda address: announce(address, browser=browser, called=called)
        )
    except OSError as refused:
        if not (or_any_port and port and refused.errno == errno.EADDRINUSE):
            raise refusal(refused, port) from refused
        serve_study(study, port=0, browser=browser, working=working, called=called)
    else:
        click.echo(f"{called} is closed.")


def working_settings(study: Study) -> dict[str, Any]:
    """The site's own database, and the secret its sessions are signed with; both beside the log, never in it."""
    with explained_disk(study.folder):
        secret = read_if_there(study.folder / "keys" / "web.key")
        if secret is None:
            secret = secrets.token_urlsafe(50).encode()
            write_atomically(study.folder / "keys" / "web.key", secret, mode=0o600)
    return {"database": database_at(study.folder / "site.sqlite"), "secret": secret.decode()}


def announce(address: str, *, browser: bool, called: str = "The site") -> None:
    """Say where the site is; open it beside the server, which must not wait for the browser."""
    click.echo(f"{called} is open at {address} (Ctrl-C closes it).")
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def refusal(refused: OSError, port: int) -> Stop:
    """The stop for a port that cannot be had."""
    words = {
        errno.EADDRINUSE: f"Port {port} is taken.",
        errno.EACCES: f"This account may not listen on port {port}.",
    }
    what = words.get(refused.errno or 0, f"Port {port} cannot be had: {refused.strerror or refused}.")
    return Stop(Exit.USAGE, f"{what} Name another one with --port, or 0 for any that is free.")


class StudySource:
    """A study folder as its site sees it: each record is checked against the chain once.

    writable  whether people may act; the study must then not be opened read-only
    """

    def __init__(self, study: Study, *, writable: bool = False, clock: Clock = system_clock) -> None:
        self._study = study
        self._clock = clock
        self._writable = writable
        self._opened: Door | None = None
        self._lock = threading.Lock()
        self._check_claims = lru_cache(maxsize=1)(lambda _stamp: study.verdicts())
        self._compose = lru_cache(maxsize=4)(self._compose_anew)

    @property
    def door(self) -> Door | None:
        """The door, where people may act."""
        return self._door() if self._writable else None

    @property
    def blobs(self) -> FileBlobs | None:
        """Where files of subjects are kept."""
        return self._study.blobs

    def _door(self) -> Door:
        with self._lock, explained_chain():
            if self._opened is None:
                self._opened = Door(self._study.store, self._clock)
            return self._opened

    def history(self) -> History:
        """Every event of the log as it is now; see `SiteSource.history`."""
        door = self._door()
        with explained_chain():
            door.refresh()
        return door.history

    def hash_of(self, seq: int) -> bytes:
        """The stored hash of an event."""
        return self._door().hashes[seq]

    def record_of(self, seq: int) -> bytes:
        """The bytes of an event's record."""
        return next(self._study.store.records(seq - 1)).data

    def verdicts(self) -> tuple[Verdict, ...]:
        """The claims with their verdicts, checked again when their files have changed."""
        with explained_stop():
            return self._check_claims(self._stamp())

    def compose(self, trial: Trial) -> Paper:
        """The paper of a trial, with a head that is signed and not added to the signed heads of the folder."""
        with explained_stop():
            return self._compose(trial.seq, self._stamp())

    def _compose_anew(self, seq: int, _stamp: Stamp) -> Paper:
        door = self._door()
        events = list(zip(door.history.events[:seq], door.hashes[1 : seq + 1], strict=True))
        return self._study.compose(door.history.as_of(seq), events=events, verdicts=self.verdicts(), keep=False)

    def _stamp(self) -> Stamp:
        """What the files beside the log look like: when it differs, they may have changed."""
        files = [path for part in ("published", "background") for path in sorted((self._study.folder / part).glob("*"))]
        return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@contextmanager
def explained_chain() -> Iterator[None]:
    """A record that does not fit the chain as something a page can say."""
    try:
        yield
    except ChainBroken as broken:
        raise Unavailable(f"Record {broken.broken.seq} of the log {broken.broken.what}.", VERIFY) from None


@contextmanager
def explained_stop() -> Iterator[None]:
    """A stop of the command line as something a page can say."""
    try:
        yield
    except Stop as stop:
        raise Unavailable(" ".join(stop.lines)) from None
