"""Texts from disk and to disk: UTF-8 or a clear message, whole or not at all."""

import errno
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from firstbreath.cli.exits import Exit, Stop
from firstbreath.events.blobs import write_atomically
from firstbreath.protocol.folder import PROTOCOL_FILES

MAX_FILE_BYTES = 50_000_000
SHIPPED = ("mexcovid", "mexvt")


def shipped_study(name: str) -> Path:
    """The folder of a study that ships with firstbreath."""
    return Path(str(files("firstbreath.studies") / name))


def find_study(name_or_folder: str) -> Path:
    """A folder, or a shipped study by its name."""
    folder = Path(name_or_folder)
    if folder.is_dir():
        return folder
    if name_or_folder.isidentifier() and shipped_study(name_or_folder).is_dir():
        return shipped_study(name_or_folder)
    raise Stop(Exit.USAGE, f"{name_or_folder} is neither a folder nor a shipped study ({', '.join(SHIPPED)}).")


def read_text(path: Path) -> str:
    """The text of a file.

    Raises `Stop` when it is not there, too large, or not UTF-8.
    """
    with explained_disk(path):
        if path.exists() and not path.is_file():
            raise Stop(Exit.INPUT, f"{path.name} is no ordinary file. Replace it by one.")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise Stop(Exit.INPUT, f"{path.name} is larger than {MAX_FILE_BYTES} bytes. Split it.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Stop(Exit.INPUT, f"{path.name} is UTF-16. Save it as UTF-8 and try again.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as broken:
        line = content[: broken.start].count(b"\n") + 1
        raise Stop(Exit.INPUT, f"{path.name}:{line} is not UTF-8. Save it as UTF-8 and try again.") from None


def read_protocol_files(folder: Path) -> dict[str, str]:
    """The protocol files of a folder, by name; those that are not there are left out."""
    inner = folder / "protocol"
    place = inner if inner.is_dir() else folder
    return {name: read_text(place / name) for name in PROTOCOL_FILES if (place / name).is_file()}


def read_csv_files(folder: Path) -> dict[str, str]:
    """Every CSV file of a folder, by name."""
    return {path.name: read_text(path) for path in sorted(folder.glob("*.csv"))}


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files, each whole or not at all; their paths."""
    written = []
    for name, content in contents.items():
        with explained_disk(folder / name):
            write_atomically(folder / name, content)
        written.append(folder / name)
    return written


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes `folder` when all went well, and vanishes when it did not."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(Exit.USAGE, f"{folder} exists and is not an empty folder. Name another one.")
    with explained_disk(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield temporary
        with explained_disk(folder):
            temporary.chmod(0o755)
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def explained_disk(path: Path) -> Iterator[None]:
    """The disk's errors as a stop, each with what to do."""
    try:
        yield
    except FileNotFoundError:
        raise Stop(Exit.USAGE, f"{path} is not there. Check the path.") from None
    except OSError as broken:
        words = {
            errno.ENOSPC: "The disk is full; nothing was written. Free some space and try again.",
            errno.EDQUOT: "The disk quota is used up; nothing was written. Free some space and try again.",
            errno.EROFS: "The disk is read-only; nothing was written. Choose another folder.",
            errno.EACCES: "This account may not do that. Ask for access, or choose another folder.",
            errno.EPERM: "This account may not do that. Ask for access, or choose another folder.",
        }
        known = words.get(broken.errno or 0, f"{broken.strerror or broken}. Check the disk.")
        raise Stop(Exit.STORAGE, f"{path}: {known}") from None
