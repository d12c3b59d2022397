"""The log: typed events, the exact bytes, the hash chain, signed heads, blobs, and where they are kept.

Three names to know: `Event` (who, when, what, about whom), `Store` (append with an expected head, and
read back) and `verify_chain` (names the exact broken record). This room never interprets what an event
means for the trial, never edits a record, and never skips one.
"""

from firstbreath.events.chain import GENESIS, Broken, Head, Verification, chain_hash, verify_chain
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused, Unknown
from firstbreath.events.record import Event, decode_event, encode_event
from firstbreath.events.store import HeadMoved, Record, Store, StoreError

__all__ = [
    "GENESIS",
    "Allowed",
    "Broken",
    "Decision",
    "Event",
    "Head",
    "HeadMoved",
    "Reason",
    "Record",
    "Refused",
    "Store",
    "StoreError",
    "Unknown",
    "Verification",
    "chain_hash",
    "decode_event",
    "encode_event",
    "verify_chain",
]
