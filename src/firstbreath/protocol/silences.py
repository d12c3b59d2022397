"""What a protocol's source leaves open or contradicts, gathered from the notes beside the values."""

from collections.abc import Iterator

import msgspec

from firstbreath.protocol.diff import NAMES
from firstbreath.protocol.values import Protocol

SILENT = "The source is silent."


class Silence(msgspec.Struct, frozen=True):
    """A part of the protocol and what is open about it; `silent` is false for a mere note."""

    part: str
    text: str
    silent: bool


def compute_silences(protocol: Protocol) -> tuple[Silence, ...]:
    """Every note and every silence, in the order of the files."""
    found = [
        *_silences_in(protocol.design, ""),
        *(silence for form in protocol.forms for silence in _silences_in(form, f"Form {form.id}")),
        *(silence for check in protocol.checks for silence in _silences_in(check, f"Check {check.id}")),
        *_silences_in(protocol.charter, NAMES["charter"]),
        *_silences_in(protocol.analysis, NAMES["analysis"]),
    ]
    return tuple(found)


def _silences_in(value: object, part: str) -> Iterator[Silence]:
    if not isinstance(value, msgspec.Struct):
        return
    note, silent = getattr(value, "note", ""), getattr(value, "silent", False)
    if note or silent:
        yield Silence(part, note or SILENT, silent)
    for field in msgspec.structs.fields(value):
        inner = getattr(value, field.name)
        called = NAMES.get(field.name, field.name)
        if isinstance(inner, tuple):
            for entry in inner:
                yield from _silences_in(entry, f"{called} {_called(entry)}")
        else:
            yield from _silences_in(inner, f"{part}, {called}" if part else called)


def _called(entry: object) -> str:
    """What an entry of a list is known by, or nothing."""
    return next((str(getattr(entry, name)) for name in ("id", "label", "field") if hasattr(entry, name)), "")
