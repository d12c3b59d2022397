"""One event in full, and how anyone can check its hash without this software."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from firstbreath.events.chain import chain_hash
from firstbreath.events.record import Event
from firstbreath.web.pages.words import render_kind

LINKED = ("corrects", "up_to")
"""Fields of a body that hold the number of another event."""


class BodyLine(msgspec.Struct, frozen=True):
    """A value of the body: the field, the name inside it if it has several, and its text.

    `seq` is the event that the value names, or 0; `block` marks a text of many lines.
    """

    field: str
    name: str
    text: str
    seq: int = 0
    block: bool = False


class EventPage(msgspec.Struct, frozen=True):
    """An event with its place in the chain."""

    event: Event
    title: str
    lines: tuple[BodyLine, ...]
    previous: str
    hash: str
    fits: bool
    bytes: int
    file: str
    command: str
    before: int
    after: int


def compute_event_page(event: Event, *, record: bytes, previous: bytes, hashed: bytes, last: int) -> EventPage:
    """The page of an event.

    record    its bytes as stored
    previous  the hash of the event before it
    hashed    its own hash as stored
    last      the number of the last event of the moment shown
    """
    file = f"event-{event.seq}.json"
    return EventPage(
        event=event,
        title=render_kind(event.kind),
        lines=body_lines(event),
        previous=previous.hex(),
        hash=hashed.hex(),
        fits=chain_hash(previous, record) == hashed,
        bytes=len(record),
        file=file,
        command=f"(echo {previous.hex()} | xxd -r -p; cat {file}) | sha256sum",
        before=event.seq - 1,
        after=event.seq + 1 if event.seq < last else 0,
    )


def body_lines(event: Event) -> tuple[BodyLine, ...]:
    """What the body of an event says, value by value."""
    return tuple(_body_lines(msgspec.structs.asdict(event.body)))


def _body_lines(body: Mapping[str, Any]) -> Iterator[BodyLine]:
    for field, value in body.items():
        label = render_kind(field)
        if isinstance(value, dict):
            yield from (_line(label, name, inner) for name, inner in value.items())
        elif isinstance(value, tuple):
            yield from (_line(label, str(place), inner) for place, inner in enumerate(value, 1))
        elif value != "":
            yield _line(label, "", value, seq=value if field in LINKED else 0)


def _line(field: str, name: str, value: Any, *, seq: int = 0) -> BodyLine:
    text = _text(value)
    return BodyLine(field, name, text, seq, block="\n" in text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(_text(part) for part in value)
    if isinstance(value, msgspec.Struct):
        return " ".join(str(part) for part in msgspec.structs.astuple(value) if part)
    return str(value)
