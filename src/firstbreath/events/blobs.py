"""Files beside the log: encrypted with a key per subject, named by the SHA-256 of what is stored.

The name is taken from the encrypted bytes: the chain vouches for the file after its key is destroyed, and
the name tells nobody what was inside.
"""

import errno
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from firstbreath.events.store import StoreError

NONCE_BYTES = 12
_NAME = re.compile(r"[0-9a-f]{64}")
KEY_BYTES = 32
_WRITABLE = "Give this account write access to the folders of files and keys."
_FIXES = {
    errno.ENOSPC: ("The disk is full; the file was not stored.", "Free some space and act again."),
    errno.EDQUOT: ("The disk quota is used up; the file was not stored.", "Free some space and act again."),
    errno.EFBIG: ("The file is larger than the disk or account allows.", "Store a smaller file."),
    errno.EROFS: ("The disk is read-only; nothing was changed.", "Use a disk that can be written."),
    errno.EACCES: ("The folder does not admit this account; nothing was changed.", _WRITABLE),
    errno.EPERM: ("The folder does not admit this account; nothing was changed.", _WRITABLE),
    errno.ENOTDIR: ("There is a file where a folder should be.", "Check the paths of files and keys."),
    errno.EEXIST: ("There is a file where a folder should be.", "Check the paths of files and keys."),
}


@contextmanager
def _explained() -> Iterator[None]:
    """The disk's errors as `StoreError`, each with what to do."""
    try:
        yield
    except OSError as broken:
        unknown = (f"The disk reports an error ({broken.strerror}).", "Check the disk.")
        what, fix = _FIXES.get(broken.errno or 0, unknown)
        raise StoreError(what, fix) from broken


class FileBlobs:
    """Blobs in a folder, their keys in another. AES-256-GCM, a fresh nonce for each file."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.folder = folder
        self.keys = keys

    def put(self, subject: str, content: bytes) -> str:
        """The name of the stored file; it is on the disk when this returns.

        Raises `StoreError` when it cannot be written; nothing is left behind then.
        """
        with _explained():
            key = self._key(subject)
            nonce = self.new_nonce(key, content)
            stored = nonce + self._cipher(subject, key).encrypt(nonce, content, subject.encode())
            name = hashlib.sha256(stored).hexdigest()
            write_atomically(self._path(name), stored)
        return name

    def get(self, subject: str, name: str) -> bytes:
        """The content of a file.

        Raises `StoreError` when the file is missing or changed, or its key was destroyed.
        """
        with _explained():
            stored = self._stored(name)
            key = read_if_there(self._key_path(subject))
        if stored is None:
            raise StoreError(f"File {name[:12]} is missing or was changed.", "Restore it from a backup.")
        if key is None:
            raise StoreError(f"The key of subject {subject} was destroyed.", "The file cannot be read again.")
        cipher = self._cipher(subject, key)
        try:
            return cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], subject.encode())
        except InvalidTag as wrong:
            raise StoreError(f"File {name[:12]} is not of subject {subject}.", "Ask for the right one.") from wrong

    def check(self, name: str) -> bool:
        """Whether the file is there and unchanged; needs no key."""
        with _explained():
            return self._stored(name) is not None

    def has_key(self, subject: str) -> bool:
        """Whether the key of a subject is here."""
        with _explained():
            return read_if_there(self._key_path(subject)) is not None

    def keyed_hash(self, subject: str) -> Callable[[str], bytes]:
        """HMAC-SHA-256 of texts under the key of that name: without the key nobody finds a text again."""
        with _explained():
            key = self._key(subject)
        return lambda text: hmac.new(key, text.encode(), hashlib.sha256).digest()

    def new_nonce(self, key: bytes, content: bytes) -> bytes:  # noqa: ARG002 -- a simulation makes one of both
        """A nonce that was never used with this key."""
        return secrets.token_bytes(NONCE_BYTES)

    def new_key(self, subject: str) -> bytes:  # noqa: ARG002 -- a simulation makes one of it
        """A key that nobody knows."""
        return secrets.token_bytes(KEY_BYTES)

    def destroy_key(self, subject: str) -> None:
        """Make every file of a subject unreadable for ever; no power cut brings the key back afterwards."""
        with _explained():
            self._key_path(subject).unlink(missing_ok=True)
            if self.keys.exists():
                flush_folder(self.keys)

    def _stored(self, name: str) -> bytes | None:
        if not _NAME.fullmatch(name):
            return None
        stored = read_if_there(self._path(name))
        return stored if stored is not None and hashlib.sha256(stored).hexdigest() == name else None

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _key_path(self, subject: str) -> Path:
        return self.keys / f"{hashlib.sha256(subject.encode()).hexdigest()}.key"

    def _key(self, subject: str) -> bytes:
        """The key of a subject, the same for all who ask at once: only one of them can make it."""
        path = self._key_path(subject)
        key = read_if_there(path)
        if key is None:
            make_folder(self.keys, mode=0o700)
            with suppress(FileExistsError):
                write_atomically(path, self.new_key(subject), mode=0o600, replace=False)
            key = path.read_bytes()
        return key

    def _cipher(self, subject: str, key: bytes) -> AESGCM:
        if len(key) != KEY_BYTES:
            raise StoreError(f"The key of subject {subject} is damaged.", "Restore the key from a backup.")
        return AESGCM(key)


def read_if_there(path: Path) -> bytes | None:
    """The bytes of a file, or None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return None


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644, replace: bool = True) -> None:
    """Write a file whole or not at all: a temporary one beside it, flushed to the disk, then given its name.

    Raises `FileExistsError` when it may not `replace` the one that is there.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
        flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(path: Path, *, mode: int = 0o755) -> None:
    """Make a folder and those above it, each flushed to the disk with the one that holds it."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=mode, exist_ok=True)
        flush_folder(path.parent)


def flush_folder(path: Path) -> None:
    """Put the names in a folder on the disk: a flushed file whose name is lost is lost. Not needed on Windows."""
    if os.name == "posix":
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
