"""The hash chain: `hash = SHA-256(previous hash + record bytes)`, from 32 zero bytes."""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

GENESIS = bytes(32)


class Head(msgspec.Struct, frozen=True):
    """The end of a log: how many records it has, and the hash of the last."""

    seq: int = 0
    hash: bytes = GENESIS

    @property
    def printed(self) -> str:
        """`seq:hash` as it stands on printouts."""
        return f"{self.seq}:{self.hash.hex()}"


class Broken(msgspec.Struct, frozen=True):
    """The first record that does not fit the chain, and how."""

    seq: int
    what: str


class ChainBroken(Exception):
    """A record that was read does not fit the chain: nothing may be computed from it."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(f"record {broken.seq} {broken.what}")
        self.broken = broken


class Verification(msgspec.Struct, frozen=True):
    """How far the chain holds: its head, and the broken record if there is one."""

    head: Head
    broken: Broken | None = None


def chain_hash(previous: bytes, record: bytes) -> bytes:
    """The hash of a record after the previous one's."""
    return hashlib.sha256(previous + record).digest()


def verify_chain(rows: Iterable[tuple[int, bytes, bytes]], heads: Iterable[Head] = ()) -> Verification:
    """The head the rows lead to, or the first record that breaks the chain.

    rows   (seq, record, stored hash) in order of seq
    heads  heads from elsewhere (signed, or from a printout) that the log must pass through
    """
    sha256 = hashlib.sha256
    expected: dict[int, set[bytes]] = {}
    for head in heads:
        expected.setdefault(head.seq, set()).add(head.hash)
    expected.pop(0, None)
    previous, last = GENESIS, 0
    for seq, record, stored in rows:
        if seq != last + 1:
            missing = Broken(last + 1, f"is missing; record {seq} follows {last}")
            displaced = Broken(seq, f"is displaced: it follows record {last}")
            return Verification(Head(last, previous), missing if seq > last else displaced)
        computed = sha256(previous + record).digest()
        if computed != stored:
            return Verification(Head(last, previous), Broken(seq, "does not match its hash"))
        if expected and expected.pop(seq, {computed}) != {computed}:
            return Verification(
                Head(last, previous), Broken(seq, "or one before it was rewritten: a known head differs")
            )
        previous, last = computed, seq
    end = Head(last, previous)
    if expected:
        return Verification(end, Broken(last + 1, f"is missing; a known head has {max(expected)} records"))
    return Verification(end)


def follow_chain(rows: Iterable[tuple[int, bytes, bytes]], head: Head) -> Iterator[tuple[int, bytes, bytes]]:
    """The rows as they are, each checked against the one before it; the first follows `head`.

    Raises `ChainBroken` at the first row that does not fit.
    """
    previous, last = head.hash, head.seq
    for seq, record, stored in rows:
        if seq != last + 1:
            raise ChainBroken(Broken(seq, f"follows record {last}"))
        previous, last = chain_hash(previous, record), seq
        if previous != stored:
            raise ChainBroken(Broken(seq, "does not match its hash"))
        yield seq, record, stored


def digest_of(records: Iterable[tuple[int, bytes]]) -> str:
    """SHA-256 over records by number and chain hash, in hexadecimal: it vouches for these versions and no others."""
    digest = hashlib.sha256(b"firstbreath records 1\n")
    for seq, hashed in records:
        digest.update(f"{seq}:{hashed.hex()}\n".encode())
    return digest.hexdigest()
