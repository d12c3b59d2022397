"""Files beside the log: encrypted with a key per subject, named by the SHA-256 of what is stored.

The name is taken from the encrypted bytes: the chain vouches for the file after its key is destroyed, and
the name tells nobody what was inside.
"""

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from firstbreath.events.store import StoreError

NONCE_BYTES = 12


class FileBlobs:
    """Blobs in a folder, their keys in another. AES-256-GCM, a fresh nonce for each file."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.folder = folder
        self.keys = keys

    def put(self, subject: str, content: bytes) -> str:
        """The name of the stored file; it is on the disk when this returns."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        stored = nonce + AESGCM(self._key(subject)).encrypt(nonce, content, subject.encode())
        name = hashlib.sha256(stored).hexdigest()
        write_atomically(self._path(name), stored)
        return name

    def get(self, subject: str, name: str) -> bytes:
        """The content of a file.

        Raises `StoreError` when the file is missing or changed, or its key was destroyed.
        """
        if not self.check(name):
            raise StoreError(f"File {name[:12]} is missing or was changed.", "Restore it from a backup.")
        key = self._key_path(subject)
        if not key.exists():
            raise StoreError(f"The key of subject {subject} was destroyed.", "The file cannot be read again.")
        stored = self._path(name).read_bytes()
        try:
            return AESGCM(key.read_bytes()).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], subject.encode())
        except InvalidTag as wrong:
            raise StoreError(f"File {name[:12]} is not of subject {subject}.", "Ask for the right one.") from wrong

    def check(self, name: str) -> bool:
        """Whether the file is there and unchanged; needs no key."""
        path = self._path(name)
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == name

    def destroy_key(self, subject: str) -> None:
        """Make every file of a subject unreadable for ever."""
        self._key_path(subject).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _key_path(self, subject: str) -> Path:
        return self.keys / f"{hashlib.sha256(subject.encode()).hexdigest()}.key"

    def _key(self, subject: str) -> bytes:
        path = self._key_path(subject)
        if not path.exists():
            write_atomically(path, secrets.token_bytes(32), mode=0o600)
        return path.read_bytes()


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole or not at all: a temporary one beside it, flushed to the disk, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
