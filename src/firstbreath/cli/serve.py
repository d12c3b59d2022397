"""`serve`: the site of a study folder."""

import errno
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import folder_argument
from firstbreath.cli.study import Study, no_log
from firstbreath.events.chain import GENESIS, ChainBroken, Head, follow_chain
from firstbreath.events.record import decode_event
from firstbreath.paper.claims import Verdict
from firstbreath.paper.document import Paper
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial
from firstbreath.web.site import create_application, run_server
from firstbreath.web.source import Unavailable

Stamp = tuple[tuple[str, int, int], ...]
VERIFY = "Run firstbreath verify on the study's folder: it names the record."


@click.command()
@folder_argument
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 picks a free one.")
@click.option("--browser", is_flag=True, help="Open it in a browser.")
def serve(folder: Path, port: int, *, browser: bool) -> None:
    """Serve the read-only site of FOLDER on this machine."""
    study = Study(folder, read_only=True)
    if not study.log_path.is_file():
        raise no_log(folder)
    serve_study(study, port=port, browser=browser)


def serve_study(study: Study, *, port: int, browser: bool, or_any_port: bool = False) -> None:
    """Serve until interrupted.

    port         0 picks a free one
    browser      open the site in a browser as soon as it answers
    or_any_port  take a free port when this one is taken
    """
    source = StudySource(study)
    try:
        source.history()
    except Unavailable as broken:
        raise Stop(Exit.LOG_BROKEN, broken.what, broken.fix) from None
    application = create_application(source)
    try:
        run_server(application, port=port, when_listening=lambda address: announce(address, browser=browser))
    except OSError as refused:
        if not (or_any_port and port and refused.errno == errno.EADDRINUSE):
            raise refusal(refused, port) from refused
        serve_study(study, port=0, browser=browser)
    else:
        click.echo("The site is closed.")


def announce(address: str, *, browser: bool) -> None:
    """Say where the site is; open it beside the server, which must not wait for the browser."""
    click.echo(f"The site is open at {address} (Ctrl-C closes it).")
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
    """A study folder as its site reads it: each record is checked against the chain once, and nothing is written."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._history = History()
        self._hashes = [GENESIS]
        self._lock = threading.Lock()
        self._check_claims = lru_cache(maxsize=1)(lambda _stamp: study.verdicts())
        self._compose = lru_cache(maxsize=4)(self._compose_anew)

    def history(self) -> History:
        """Every event of the log as it is now; see `SiteSource.history`."""
        with self._lock:
            head = Head(len(self._history.events), self._hashes[-1])
            rows = read_rows(self._study, head)
            self._history.extend([decode_event(record) for _, record, _ in rows])
            self._hashes += [hashed for _, _, hashed in rows]
        return self._history

    def hash_of(self, seq: int) -> bytes:
        """The stored hash of an event."""
        return self._hashes[seq]

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
        events = list(zip(self._history.events[:seq], self._hashes[1 : seq + 1], strict=True))
        return self._study.compose(self._history.as_of(seq), events=events, verdicts=self.verdicts(), keep=False)

    def _stamp(self) -> Stamp:
        """What the files beside the log look like: when it differs, they may have changed."""
        files = [path for part in ("published", "background") for path in sorted((self._study.folder / part).glob("*"))]
        return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def read_rows(study: Study, head: Head) -> list[tuple[int, bytes, bytes]]:
    """The rows of the log that follow a head.

    Raises `Unavailable` when a record does not fit the chain.
    """
    try:
        return list(follow_chain(study.store.rows(head.seq), head))
    except ChainBroken as broken:
        raise Unavailable(f"Record {broken.broken.seq} of the log {broken.broken.what}.", VERIFY) from None


@contextmanager
def explained_stop() -> Iterator[None]:
    """A stop of the command line as something a page can say."""
    try:
        yield
    except Stop as stop:
        raise Unavailable(" ".join(stop.lines)) from None
