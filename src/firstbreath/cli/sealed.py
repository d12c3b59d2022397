"""A sealed file: AES-256-GCM in chunks, under a passphrase (scrypt) or for whoever holds a private key (X25519).

firstbreath sealed 1\\n   then one line of JSON: how the key is found, and the beginning of every nonce
16 bytes                 the seal of that line: it tells a wrong passphrase from a changed file
chunks                   4 bytes of length, then ciphertext; the last one is sealed as the last, so no end is lost
"""

import io
import secrets
from typing import BinaryIO, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

MAGIC = b"firstbreath sealed 1\n"
CHUNK = 1 << 20
TAG, PREFIX, LENGTH, KEY = 16, 8, 4, 32
MAX_HEADER = 1_000
SCRYPT = {"n": 2**16, "r": 8, "p": 1}
"""64 MB and about a fifth of a second for each passphrase that is tried."""
_MORE, _LAST, _HEADER = b"more", b"last", b"header"
_HEADER_COUNT = 2**32 - 1


class Unsealable(Exception):
    """A sealed file cannot be opened: what is wrong, and whether the key is at fault."""

    def __init__(self, what: str, *, wrong_key: bool = False) -> None:
        super().__init__(what)
        self.wrong_key = wrong_key


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the key of a sealed file is found, all in hexadecimal: from a passphrase, or from a one-time public key."""

    prefix: str
    salt: str = ""
    one_time: str = ""


class Lock(Protocol):
    """What a file is sealed with."""

    def seal(self) -> tuple[bytes, Header]:
        """A fresh key, and the header from which it is found again."""
        ...


class Opener(Protocol):
    """What a file is opened with."""

    def key_of(self, header: Header) -> bytes:
        """The key that the header leads to; raises `Unsealable` when it is of another kind."""
        ...


class Passphrase:
    """A passphrase seals and opens."""

    def __init__(self, words: str) -> None:
        self._words = words.encode()

    def seal(self) -> tuple[bytes, Header]:
        """See `Lock`."""
        header = Header(secrets.token_hex(PREFIX), salt=secrets.token_hex(16))
        return self.key_of(header), header

    def key_of(self, header: Header) -> bytes:
        """See `Opener`."""
        if not header.salt:
            raise Unsealable("It was sealed for a key, not with a passphrase.", wrong_key=True)
        return Scrypt(salt=bytes.fromhex(header.salt), length=KEY, **SCRYPT).derive(self._words)


class PublicKey:
    """A public key seals; only the private one opens."""

    def __init__(self, pem: bytes) -> None:
        found = load_pem_public_key(pem)
        if not isinstance(found, X25519PublicKey):
            msg = "it is no X25519 public key"
            raise TypeError(msg)
        self._key = found

    def seal(self) -> tuple[bytes, Header]:
        """See `Lock`."""
        once = X25519PrivateKey.generate()
        one_time, own = once.public_key().public_bytes_raw(), self._key.public_bytes_raw()
        key = _agree(once.exchange(self._key), one_time + own)
        return key, Header(secrets.token_hex(PREFIX), one_time=one_time.hex())


class PrivateKey:
    """A private key opens what was sealed for its public one."""

    def __init__(self, pem: bytes) -> None:
        found = load_pem_private_key(pem, password=None)
        if not isinstance(found, X25519PrivateKey):
            msg = "it is no X25519 private key"
            raise TypeError(msg)
        self._key = found

    def key_of(self, header: Header) -> bytes:
        """See `Opener`."""
        if not header.one_time:
            raise Unsealable("It was sealed with a passphrase, not for a key.", wrong_key=True)
        one_time = bytes.fromhex(header.one_time)
        shared = self._key.exchange(X25519PublicKey.from_public_bytes(one_time))
        return _agree(shared, one_time + self._key.public_key().public_bytes_raw())


def _agree(shared: bytes, context: bytes) -> bytes:
    return HKDF(SHA256(), length=KEY, salt=None, info=MAGIC + context).derive(shared)


class SealedWriter(io.RawIOBase):
    """Writes a sealed file; `close` seals its end, and closes nothing but itself."""

    def __init__(self, file: BinaryIO, lock: Lock) -> None:
        super().__init__()
        key, header = lock.seal()
        self._file, self._cipher, self._prefix = file, AESGCM(key), bytes.fromhex(header.prefix)
        self._waiting, self._count = bytearray(), 0
        line = msgspec.json.encode(header) + b"\n"
        file.write(MAGIC + line + self._cipher.encrypt(_nonce(self._prefix, _HEADER_COUNT), b"", _HEADER + line))

    def writable(self) -> bool:
        """It can be written."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take bytes; whole chunks go to the file."""
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), _MORE)
            del self._waiting[:CHUNK]
        return len(content)

    def close(self) -> None:
        """Seal the last chunk as the last."""
        if not self.closed:
            self._seal(bytes(self._waiting), _LAST)
        super().close()

    def _seal(self, chunk: bytes, place: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._count), chunk, place)
        self._file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        self._count += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file; nothing is given out that was not sealed so. Raises `Unsealable`."""

    def __init__(self, file: BinaryIO, opener: Opener) -> None:
        super().__init__()
        if file.read(len(MAGIC)) != MAGIC:
            raise Unsealable("It is no backup of this system.")
        line = file.readline(MAX_HEADER)
        try:
            header = msgspec.json.decode(line, type=Header)
            self._prefix = bytes.fromhex(header.prefix)
            key = opener.key_of(header)
            self._cipher = AESGCM(key)
            self._cipher.decrypt(_nonce(self._prefix, _HEADER_COUNT), file.read(TAG), _HEADER + line)
        except InvalidTag:
            raise Unsealable(
                "What it was sealed with does not fit, or its beginning was changed.", wrong_key=True
            ) from None
        except (ValueError, msgspec.DecodeError):
            raise Unsealable("Its beginning was changed, or is cut off.") from None
        self._file, self._count, self._ended = file, 0, False
        self._ready = bytearray()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._open_chunk()
        taken = len(self._ready) if size < 0 else size
        given = bytes(self._ready[:taken])
        del self._ready[:taken]
        return given

    def _open_chunk(self) -> bytes:
        length = int.from_bytes(self._file.read(LENGTH), "big")
        sealed = self._file.read(length) if TAG <= length <= CHUNK + TAG else b""
        if not sealed or len(sealed) < length:
            raise Unsealable(f"It is cut off, or was changed, at part {self._count + 1}.")
        for place in (_MORE, _LAST):
            try:
                chunk = self._cipher.decrypt(_nonce(self._prefix, self._count), sealed, place)
            except InvalidTag:
                continue
            self._count += 1
            self._ended = place is _LAST
            if self._ended and self._file.read(1):
                raise Unsealable("Something was added after its end.")
            return chunk
        raise Unsealable(f"It was changed at part {self._count + 1}.")


def _nonce(prefix: bytes, count: int) -> bytes:
    return prefix + count.to_bytes(12 - PREFIX, "big")
