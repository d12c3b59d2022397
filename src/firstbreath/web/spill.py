"""Where the server puts what is too large for memory: a temporary file that only this process can read.

A scan that is sent still has its patient's name in it, and an export leaves in one piece: neither may lie on a disk in
the clear, also where the file has no name and is gone with the process.
"""

import io
import secrets
from tempfile import TemporaryFile
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from waitress import buffers

KEY_BYTES, BLOCK_BYTES = 32, 16


class SealedFile(io.BufferedIOBase):
    """A temporary file, AES-256-CTR under a key that is kept nowhere; what was written is not written over."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile("w+b")  # noqa: SIM115 -- whoever asked for it closes it
        self._key = secrets.token_bytes(KEY_BYTES)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any place can be gone to."""
        return True

    def write(self, content: Any) -> int:
        """Append here."""
        return self._file.write(self._turned(bytes(content), self.tell()))

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        place = self.tell()
        return self._turned(self._file.read(-1 if size is None else size), place)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def close(self) -> None:
        """Let go of it: the file is gone."""
        self._file.close()
        super().close()

    def _turned(self, content: bytes, place: int) -> bytes:
        """Content of that place, from clear to sealed or back."""
        block, before = divmod(place, BLOCK_BYTES)
        stream = Cipher(algorithms.AES(self._key), modes.CTR(block.to_bytes(BLOCK_BYTES))).encryptor()
        stream.update(bytes(before))
        return stream.update(content)


def seal_spill() -> None:
    """From now on the server's own temporary files are sealed; it has no setting for this."""
    buffers.TempfileBasedBuffer.newfile = lambda _buffer: SealedFile()
