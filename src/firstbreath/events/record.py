"""One event and its exact bytes."""

from datetime import datetime

import msgspec

from firstbreath.events.kinds import Kind, kind_of


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Who did what about whom, and when.

    seq       place in the log, from 1
    at        when the system wrote it, UTC
    actor, role  who acted, and as what
    body      what happened
    subject   the subject's code, or empty for the trial as a whole
    occurred  when it happened at the bedside: ISO 8601 date, time with zone, or interval; empty if not known
    reason    why, for corrections and whatever needs one
    source    where it was first written: a form, a file's digest, a device, a place in a paper
    request   the id under which it was asked for: what is sent twice under one id is recorded once
    """

    seq: int
    at: datetime
    actor: str
    role: str
    body: Kind
    subject: str = ""
    occurred: str = ""
    reason: str = ""
    source: str = ""
    request: str = ""

    @property
    def kind(self) -> str:
        """The past-tense name of what happened."""
        return kind_of(self.body)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Event)


class UnreadableRecord(Exception):
    """The bytes of a record are not an event this version knows."""


def encode_event(event: Event) -> bytes:
    """The record of an event: these bytes are stored and hashed as they are."""
    return _ENCODER.encode(event)


def decode_event(record: bytes) -> Event:
    """The event a record states.

    Raises `UnreadableRecord` when the bytes are not an event of a known kind.
    """
    try:
        return _DECODER.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        msg = f"a record cannot be read: {broken}"
        raise UnreadableRecord(msg) from broken
