"""Recorded texts into typed values, by the field they answer."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from firstbreath.protocol.findings import suggest
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


class EntryError(ValueError):
    """A recorded text is no possible value of its field; the message says value against limit."""


def parse_entry(field: Field, entry: str | tuple[str, ...]) -> Value:
    """The typed value of an entry.

    Raises `EntryError` when the text is not of the field's type, not a choice, or outside what is possible.
    """
    if field.type == "choices":
        chosen = (entry,) if isinstance(entry, str) else entry
        return tuple(_choice(field, text) for text in chosen)
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
    return entry


def _number(field: Field, entry: str) -> Decimal:
    try:
        number = Decimal(entry) if len(entry) <= MAX_DIGITS else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        msg = f'{field.label}: "{entry[:MAX_DIGITS]}" is not a number.'
        raise EntryError(msg)
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


def _choice(field: Field, entry: str) -> str:
    if entry not in field.choices:
        msg = f'{field.label}: "{entry[:60]}" is no choice. {suggest(entry, field.choices)}'
        raise EntryError(msg)
    return entry


def _yes_or_no(field: Field, entry: str) -> bool:
    if entry not in ("yes", "no"):
        msg = f'{field.label}: "{entry[:60]}" is neither yes nor no.'
        raise EntryError(msg)
    return entry == "yes"


def _date(field: Field, entry: str) -> date:
    try:
        return date.fromisoformat(entry)
    except ValueError:
        msg = f'{field.label}: "{entry[:60]}" is not a date such as 2020-03-16.'
        raise EntryError(msg) from None
