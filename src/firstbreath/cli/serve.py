"""`serve`: the site of a study folder."""

import errno
import secrets
import socket
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
from firstbreath.cli.imaging import archive_of_environment
from firstbreath.cli.place import name_study
from firstbreath.cli.say import folder_argument
from firstbreath.cli.study import Clock, Study, no_log, system_clock
from firstbreath.events.blobs import FileBlobs, read_if_there, write_atomically
from firstbreath.events.chain import ChainBroken, Head
from firstbreath.events.heads import SignedHead
from firstbreath.paper.claims import Verdict
from firstbreath.paper.document import Paper
from firstbreath.trial.door import Door
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial
from firstbreath.web.database import Database, database_at, database_from_url
from firstbreath.web.hosting import Hosting, is_host_name
from firstbreath.web.reading.dicomweb import Archive
from firstbreath.web.site import create_application, run_server
from firstbreath.web.source import Unavailable

Stamp = tuple[tuple[str, int, int], ...]
VERIFY = "Run firstbreath verify on the study's folder: it names the record."


@click.command()
@folder_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free one.")
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="A name it is asked for by; repeatable.")
@click.option(
    "--tls-behind-proxy", "tls", is_flag=True, help="A proxy in front speaks HTTPS; nothing else is answered."
)
@click.option("--proxy", default="127.0.0.1", show_default=True, help="The address of that proxy.")
@click.option("--plain-http", is_flag=True, help="Without HTTPS although others can listen in. For a closed network.")
@click.option("--open-to-all", is_flag=True, help="Readable by whoever reaches it, though nobody has an account.")
@click.option("--browser", is_flag=True, help="Open it in a browser.")
def serve(folder: Path, *, browser: bool, plain_http: bool, open_to_all: bool, **where: Any) -> None:
    """Serve the site of FOLDER: for reading, and for acting once people have accounts. SIGTERM ends it cleanly."""
    study = Study(folder, read_only=True)
    if not study.has_log:
        raise no_log(folder)
    working = bool(study.door().history.now.people.by_id)
    hosting = Hosting(**where, noted=True)
    check_hosting(hosting, working=working, plain_http=plain_http, open_to_all=open_to_all)
    archive = archive_of_environment() if working else None
    opened = Study(folder) if working else study
    serve_study(opened, hosting=hosting, browser=browser, working=working, archive=archive)


def check_hosting(hosting: Hosting, *, working: bool, plain_http: bool, open_to_all: bool) -> None:
    """Stop before a study is open to a network by oversight."""
    for name in hosting.names:
        if not is_host_name(name):
            raise Stop(Exit.USAGE, f"{name!r} is no host name. Write it as in trial.hospital.example.")
    if hosting.loopback:
        return
    if not working and not open_to_all:
        what = f"Nobody has an account: everybody who reaches {hosting.host} could read this study."
        raise Stop(Exit.USAGE, what, "Open accounts first, or say --open-to-all.")
    if not hosting.tls and not plain_http:
        what = f"On {hosting.host} passwords and values would cross the network readable."
        fix = "Put a proxy with HTTPS in front and say --tls-behind-proxy; on a closed network say --plain-http."
        raise Stop(Exit.USAGE, what, f"{fix} See docs/guides/running-it.md.")


def serve_study(
    study: Study,
    *,
    hosting: Hosting,
    browser: bool,
    or_any_port: bool = False,
    working: bool = False,
    archive: Archive | None = None,
) -> None:
    """Serve until interrupted.

    hosting      where, and how it is reached; port 0 picks a free one
    browser      open the site in a browser as soon as it answers
    or_any_port  take a free port when this one is taken
    working      people sign in and act
    archive      of images, which this server may ask
    """
    source, port = StudySource(study, writable=working, archive=archive), hosting.port
    try:
        source.history()
    except Unavailable as broken:
        raise Stop(Exit.LOG_BROKEN, broken.what, broken.fix) from None
    with explained_database():
        application = create_application(source, hosting=hosting, **(working_settings(study) if working else {}))

    def say(address: str) -> None:
        announce(address, browser=browser, called=hosting.called)

    try:
        run_server(application, hosting=hosting, port=port, when_listening=say)
    except OSError as refused:
        if not (or_any_port and port and refused.errno == errno.EADDRINUSE):
            raise refusal(refused, hosting) from refused
        run_server(application, hosting=hosting, port=0, when_listening=say)
    click.echo(f"{hosting.called} is closed.")


@contextmanager
def explained_database() -> Iterator[None]:
    """A site's own database that cannot be used, as a stop for the administrator."""
    from django.db import DatabaseError

    try:
        yield
    except ValueError as wrong:
        raise Stop(Exit.USAGE, str(wrong)) from None
    except DatabaseError as broken:
        what = f"The site's own database cannot be used ({type(broken).__name__})."
        raise Stop(Exit.STORAGE, what, "Check that it runs, that it may be written, and its address.") from None


def working_settings(study: Study) -> dict[str, Any]:
    """The site's own database, and the secret its sessions are signed with; both beside the log, never in it."""
    with explained_disk(study.folder):
        secret = read_if_there(study.folder / "keys" / "web.key")
        if secret is None:
            secret = secrets.token_urlsafe(50).encode()
            write_atomically(study.folder / "keys" / "web.key", secret, mode=0o600)
    return {"database": site_database(study), "secret": secret.decode()}


def site_database(study: Study) -> Database:
    """The database of a study's passwords and sessions: where its log is."""
    if study.database:
        return database_from_url(study.database, schema=f"site_{name_study(study.folder)}")
    return database_at(study.folder / "site.sqlite")


def announce(address: str, *, browser: bool, called: str) -> None:
    """Say where the site is; open it beside the server, which must not wait for the browser."""
    click.echo(f"{called} is open at {address} (Ctrl-C closes it).")
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def refusal(refused: OSError, hosting: Hosting) -> Stop:
    """The stop for a place to listen that cannot be had."""
    port = hosting.port
    if isinstance(refused, socket.gaierror) or refused.errno == errno.EADDRNOTAVAIL:
        return Stop(Exit.USAGE, f"{hosting.host} is no address of this machine. Name one of its own with --host.")
    words = {
        errno.EADDRINUSE: f"Port {port} is taken.",
        errno.EACCES: f"This account may not listen on port {port}.",
    }
    what = words.get(refused.errno or 0, f"Port {port} cannot be had: {refused.strerror or refused}.")
    return Stop(Exit.USAGE, f"{what} Name another one with --port, or 0 for any that is free.")


class StudySource:
    """A study folder as its site sees it: each record is checked against the chain once.

    writable  whether people may act; the study must then not be opened read-only
    archive   of images, where this server may ask one
    """

    def __init__(
        self, study: Study, *, writable: bool = False, clock: Clock = system_clock, archive: Archive | None = None
    ) -> None:
        self._study = study
        self.archive = archive
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

    def sign(self, seq: int, *, keep: bool = False) -> SignedHead | None:
        """The signed head at an event; one that is kept, every later verification asks the log to pass through."""
        with explained_stop():
            return self._study.sign(Head(seq, self.hash_of(seq)), keep=keep)

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
