"""Recorded things in words: kinds, entries, amounts, reasons for absence, and the sign that stands for each state."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from firstbreath.events.kinds import Entry
from firstbreath.paper.background import render_count
from firstbreath.protocol.entries import NULL_FLAVOURS

POWERS_FROM = 10_000

SIGNS: Mapping[str, str] = {
    "open": "pass",
    "closed": "stop",
    "pass": "pass",
    "fail": "stop",
    "given": "full",
    "interrupted": "half",
    "missed": "crossed",
    "planned": "empty",
    "continue": "pass",
    "hold": "pause",
    "stop": "stop",
    "alter": "differs",
    "in force": "pass",
    "withdrawn": "stop",
    "reproduced": "pass",
    "contradicted": "stop",
    "not attainable": "void",
    "inconsistent": "differs",
    "not checkable": "unknown",
}
"""The shape that says the same as the word beside it, for each word of state; `unknown` for any other."""


def sign_of(word: str) -> str:
    """The name of the shape for a word of state."""
    return SIGNS.get(word, "unknown")


def render_kind(kind: str) -> str:
    """`dose_given` as `Dose given`."""
    return kind.replace("_", " ").capitalize()


def render_entry(entry: Entry) -> str:
    """A recorded value on one line; several choices are separated by semicolons."""
    return entry if isinstance(entry, str) else "; ".join(entry)


def render_absence(code: str) -> str:
    """Why a value is absent: the words of the code, and the code."""
    return f"{NULL_FLAVOURS[code]} ({code})" if code in NULL_FLAVOURS else code


def render_amount(text: str, unit: str) -> str:
    """An amount with its unit, large ones in powers of ten and exact; the text itself when it is no number."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite() and abs(number) >= POWERS_FROM:
        text = render_count(number)
    return f"{text} {unit}".strip()


def render_time(moment: datetime | None) -> str:
    """A moment in UTC to the second, whatever zone it was told in."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def render_period(occurred: str) -> str:
    """When something happened, as recorded in ISO 8601, with an interval in words."""
    begin, slash, end = occurred.partition("/")
    if not slash:
        return occurred
    if not begin or not end:
        return f"by {end}" if end else f"from {begin}"
    return f"{begin} to {end}"


def render_place(seq: int) -> str:
    """`the beginning` or `event 12`."""
    return f"event {seq}" if seq else "the beginning"


def count(number: int, noun: str) -> str:
    """`1 event`, `2 events`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
