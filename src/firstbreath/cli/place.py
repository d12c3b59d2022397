"""Where the log of a study folder is kept: a file in it, or a database that several studies share.

In a shared database a study is known by the id in its folder's own `study.toml`: made once, with a part by chance, so
that no two folders of one name share a log, and a folder that is moved or renamed keeps its own.
"""

import os
import re
import secrets
import tomllib
from pathlib import Path

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import explained_disk, read_text
from firstbreath.events.blobs import write_atomically
from firstbreath.events.postgres import PostgresStore
from firstbreath.events.sqlite import SqliteStore

LOG_FILE, NAME_FILE = "log.sqlite", "study.toml"
AnyStore = SqliteStore | PostgresStore
_NAMED = """\
# The log of this study is in a database, under this id. Keep this file with the folder;
# a copy of the folder is the same study, not a new one.
firstbreath = 1
id = "{id}"
"""
_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,50}")


def database_url() -> str:
    """The database that the environment names, or empty."""
    return os.environ.get("DATABASE_URL", "").strip()


def read_study_id(folder: Path) -> str:
    """The id of a study whose log is in a database; empty when the folder has none."""
    path = folder / NAME_FILE
    if not path.is_file():
        return ""
    try:
        study_id = tomllib.loads(read_text(path)).get("id")
    except tomllib.TOMLDecodeError:
        study_id = None
    if not isinstance(study_id, str) or not _ID.fullmatch(study_id):
        raise Stop(Exit.USAGE, f"{path} names no study. Restore it from a backup: it says which log is this folder's.")
    return study_id


def name_study(folder: Path, *, called: str = "") -> str:
    """The id of the study, made now where the folder has none, from its name or what it is to be called."""
    known = read_study_id(folder)
    if known:
        return known
    words = re.sub(r"[^a-z0-9]+", "_", (called or folder.resolve().name).lower()).strip("_")[:32]
    study_id = f"{words or 'study'}_{secrets.token_hex(6)}"
    with explained_disk(folder):
        write_atomically(folder / NAME_FILE, _NAMED.format(id=study_id).encode())
    return study_id


def check_place(folder: Path, url: str) -> None:
    """Stop where the folder and the environment disagree about where the log is: neither is taken by guess."""
    if url and not url.startswith(("postgresql://", "postgres://")):
        what = "DATABASE_URL is of no PostgreSQL database."
        raise Stop(Exit.USAGE, what, "Write postgresql://account:password@host/database, or unset it for a file.")
    if url and (folder / LOG_FILE).is_file():
        what = f"{folder} keeps its log in {LOG_FILE}, and DATABASE_URL names a database."
        raise Stop(Exit.USAGE, what, "Unset DATABASE_URL; to move the log, back the study up and restore it there.")
    if not url and read_study_id(folder):
        what = f"The log of {folder} is in a database ({NAME_FILE} says so)."
        raise Stop(Exit.USAGE, what, "Set DATABASE_URL to that database.")


def has_log(folder: Path, url: str) -> bool:
    """Whether a trial may have begun here: there is a file, or a name under which a database may hold one."""
    check_place(folder, url)
    return bool(read_study_id(folder)) if url else (folder / LOG_FILE).is_file()


def open_store(folder: Path, url: str, *, read_only: bool) -> AnyStore:
    """The log of a folder.

    Raises `StoreError` when it cannot be opened.
    """
    check_place(folder, url)
    if url:
        return PostgresStore(url, study=name_study(folder))
    return SqliteStore(folder / LOG_FILE, read_only=read_only)
