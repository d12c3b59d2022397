"""Recorded texts into typed values, by the field they answer."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from firstbreath.protocol.findings import show, suggest
from firstbreath.protocol.rules import Value
from firstbreath.protocol.values import Field

NULL_FLAVOURS: Mapping[str, str] = {
    "NI": "no information",
    "NA": "not applicable",
    "UNK": "unknown",
    "NASK": "not asked",
    "ASKU": "asked but unknown",
    "NAV": "temporarily not available",
    "OTH": "other",
    "PINF": "above measurable",
    "NINF": "below measurable",
    "MSK": "masked",
    "NP": "not present",
}
"""Why a value is absent: HL7 v3 NullFlavor codes, as clinical data standards use them."""

MAX_ENTRY_CHARACTERS = 10_000
MAX_DIGITS = 30
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters but for line breaks and tabs, and halves of pairs that no file can hold."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class EntryError(ValueError):
    """A recorded text is no possible value of its field; the message says value against limit."""


def parse_entry(field: Field, entry: str | tuple[str, ...]) -> Value:
    """The typed value of an entry.

    Raises `EntryError` when the text is not of the field's type, not a choice, or outside what is possible.
    """
    if field.type == "choices":
        return _choices(field, (entry,) if isinstance(entry, str) else entry)
    if not isinstance(entry, str):
        msg = f"{field.label}: one value is expected, {len(entry)} were given."
        raise EntryError(msg)
    if len(entry) > MAX_ENTRY_CHARACTERS:
        msg = f"{field.label}: {len(entry)} characters were given, the limit is {MAX_ENTRY_CHARACTERS}."
        raise EntryError(msg)
    match field.type:
        case "integer" | "decimal":
            return _number(field, entry)
        case "choice":
            return _choice(field, entry)
        case "yesno":
            return _yes_or_no(field, entry)
        case "date":
            return _date(field, entry)
    return _text(field, entry)


def _text(field: Field, entry: str) -> str:
    if wrong := _UNKEEPABLE.search(entry):
        msg = f"{field.label}: the text holds the character U+{ord(wrong[0]):04X}, which cannot be kept. Type it again."
        raise EntryError(msg)
    return entry


def parse_number(entry: str) -> Decimal:
    """The number a text states, exactly as written down.

    Raises `ValueError` when it is no plain number, has too many digits, or a size that nothing measured has.
    """
    if len(entry) > MAX_DIGITS or not _NUMBER.fullmatch(entry) or abs(Decimal(entry).adjusted()) > MAX_DIGITS:
        msg = f"{entry[:MAX_DIGITS]!r} is not a number such as 12, 1.5 or 2.0e8"
        raise ValueError(msg)
    return Decimal(entry)


def _number(field: Field, entry: str) -> Decimal:
    if len(entry) > MAX_DIGITS or not _NUMBER.fullmatch(entry):
        hint = ", decimals after a point" if "," in entry else ""
        msg = f'{field.label}: "{show(entry)}" is not a number such as 12 or 1.5{hint}.'
        raise EntryError(msg)
    try:
        number = parse_number(entry)
    except ValueError:
        msg = f"{field.label}: {entry} is of an order of magnitude that nothing measured has."
        raise EntryError(msg) from None
    if field.type == "integer" and number != number.to_integral_value():
        msg = f"{field.label}: {entry} is not a whole number."
        raise EntryError(msg)
    low, high = field.min, field.max
    unit = f" {field.unit}" if field.unit else ""
    if low is not None and number < low:
        msg = f"{field.label}: {entry} is not possible, the lowest is {low}{unit}."
        raise EntryError(msg)
    if high is not None and number > high:
        msg = f"{field.label}: {entry} is not possible, the highest is {high}{unit}."
        raise EntryError(msg)
    return number


def _choices(field: Field, entries: tuple[str, ...]) -> tuple[str, ...]:
    if len(entries) > len(field.choices):
        msg = f"{field.label}: {len(entries)} choices were given of {len(field.choices)}."
        raise EntryError(msg)
    return tuple(dict.fromkeys(_choice(field, entry) for entry in entries))


def _choice(field: Field, entry: str) -> str:
    """The choice as declared; capitals do not matter, since printed tables begin their lists with one."""
    if entry in field.choices:
        return entry
    chosen = next((choice for choice in field.choices if choice.casefold() == entry.casefold()), None)
    if chosen is None:
        msg = f'{field.label}: "{show(entry)}" is no choice. {suggest(entry, field.choices)}'
        raise EntryError(msg)
    return chosen


def _yes_or_no(field: Field, entry: str) -> bool:
    if entry.casefold() not in ("yes", "no"):
        msg = f'{field.label}: "{show(entry)}" is neither yes nor no.'
        raise EntryError(msg)
    return entry.casefold() == "yes"


def _date(field: Field, entry: str) -> date:
    try:
        if _DATE.fullmatch(entry):
            return date.fromisoformat(entry)
        raise ValueError
    except ValueError:
        msg = f'{field.label}: "{show(entry)}" is not a date such as 2020-03-16.'
        raise EntryError(msg) from None
