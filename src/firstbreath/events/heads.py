"""Signed heads: an Ed25519 signature over a log's end, to be printed, so that a rewritten log is found out."""

from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from firstbreath.events.chain import Head


class SignedHead(msgspec.Struct, frozen=True):
    """A head with the public key and signature that vouch for it, in hexadecimal."""

    seq: int
    hash: str
    key: str
    signature: str

    @property
    def head(self) -> Head:
        """The head that was signed."""
        return Head(self.seq, bytes.fromhex(self.hash))


def _message(head: Head) -> bytes:
    return f"firstbreath head 1\n{head.printed}\n".encode()


def sign_head(seed: bytes, head: Head) -> SignedHead:
    """The signed head. `seed` is the 32-byte Ed25519 private key (RFC 8032); signing is deterministic."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    return SignedHead(head.seq, head.hash.hex(), public.hex(), key.sign(_message(head)).hex())


def check_signature(signed: SignedHead) -> bool:
    """Whether the signature is the key's over exactly this head."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.key))
        public.verify(bytes.fromhex(signed.signature), _message(signed.head))
    except (InvalidSignature, ValueError):
        return False
    return True


_HEAD = msgspec.json.Decoder(SignedHead)
"""Made before threads use it: two that are the first to decode a type at once end the process (msgspec 0.22)."""


def parse_heads(lines: str) -> Sequence[SignedHead]:
    """The signed heads of a text with one JSON object a line.

    Raises `ValueError` when a line is not a signed head.
    """
    try:
        heads = [_HEAD.decode(line) for line in lines.splitlines() if line.strip()]
        for head in heads:
            bytes.fromhex(head.hash)
    except (msgspec.DecodeError, ValueError) as broken:
        msg = f"a line is not a signed head: {broken}"
        raise ValueError(msg) from broken
    return heads
