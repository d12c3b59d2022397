"""What the lines above a logger's table say: maker, serial, unit, zone, the order of dates.

Names to know: `find_maker`, `find_serial`, `find_unit`, `find_zone_name`, `parse_zone`, `find_order`.
"""

import re
from collections.abc import Sequence
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Literal

from firstbreath.product.logger_cells import Order
from firstbreath.product.logger_values import Unit
from firstbreath.protocol.zones import find_zone

_MAKERS = (
    ("ELPRO", r"\belpro|\blibero\b"),
    ("Sensitech", r"sensitech|temptale"),
    ("LogTag", r"log ?tag"),
    ("Testo", r"\btesto\b|comsoft"),
    ("Onset", r"\bhobo|intemp\b|\bonset\b|LGR S/N|^\W*plot title"),
    ("Elitech", r"elitech|\brc-?5\b"),
    ("Controlant", r"controlant"),
    ("Tinytag", r"tinytag|gemini data"),
    ("Tive", r"\btive\b"),
)
_SERIAL = re.compile(
    r"(?:LGR S/N|\bserial\s*(?:number|no\.?|nr\.?)?|\bs/n|\bSN|seriennummer|(?:logger|device|tracker)\s*id)"
    r"[\"\s]*[:=;,\t|][\"\s:=;,\t|]*(?=[A-Za-z-]*[0-9])([A-Za-z0-9][A-Za-z0-9-]{2,39})", re.I
)  # fmt: skip
_SERIAL_COLUMN = re.compile(r"serial|\bs/n\b|seriennummer|(logger|device|tracker)\s*id", re.I)
_CELSIUS = re.compile(r"°\s*C\b|℃|celsius|\bdeg\.?\s*C\b|\bdegrees?\s+C\b|\(C\)|\[C\]|\bT\W{1,3}C\b", re.I)
_FAHRENHEIT = re.compile(r"°\s*F\b|℉|fahrenheit|\bdeg\.?\s*F\b|\bdegrees?\s+F\b|\(F\)|\[F\]|\bT\W{1,3}F\b", re.I)
_ZONE_LINE = re.compile(r"time ?zone|zeitzone|(utc|gmt) ?offset|\btimes?\b.*\b(in|shown|are|is)\b|时区", re.I)
_WINDOWS_ZONE = re.compile(r"\((UTC|GMT)[+-]\d\d:\d\d\)\s*[^\W\d]", re.I)
_NAMED_ZONE = re.compile(r"\b[A-Z][A-Za-z]{2,}/[A-Z][A-Za-z_+0-9/-]{1,40}")
_OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?|(?<![\d:])([+-])(\d{2}):(\d{2})|\b(UTC|GMT)\b)", re.I
)
_ORDERS: tuple[tuple[Literal["dmy", "mdy", "ymd"], str], ...] = (
    ("dmy", r"\b(dd?[-/.]mm?[-/.]yy|tt[-/.]mm[-/.]jj)"), ("mdy", r"\bmm?[-/.]dd?[-/.]yy"),
    ("ymd", r"\b(yy|jj)?(yy|jj)[-/.]mm[-/.](dd|tt)"),
)  # fmt: skip


def find_maker(lines: Sequence[str]) -> str:
    """Who made the logger, as the lines name them; empty when they do not."""
    text = "\n".join(lines)
    places = [(found.start(), name) for name, sign in _MAKERS if (found := re.search(sign, text, re.I | re.M))]
    return min(places)[1] if places else ""


def find_serial(lines: Sequence[str]) -> str:
    """The serial number of the logger; empty when none is stated."""
    return next((found[1] for line in lines if (found := _SERIAL.search(line))), "")


def find_serial_cell(names: Sequence[str], cells: Sequence[str]) -> str:
    """The serial number in the column that is named for it; empty when there is none."""
    return next((cell for name, cell in zip(names, cells, strict=False) if _SERIAL_COLUMN.search(name)), "")


def find_unit(lines: Sequence[str]) -> Unit:
    """The one unit of temperature that the lines name; empty when they name none or both."""
    celsius = any(_CELSIUS.search(line) for line in lines)
    fahrenheit = any(_FAHRENHEIT.search(line) for line in lines)
    if celsius == fahrenheit:
        return ""
    return "C" if celsius else "F"


def find_zone_name(lines: Sequence[str], columns: Sequence[str]) -> str:
    """The zone of the table's times, by the names of their columns or a line on the time zone; empty when unsaid.

    A zone as Windows names it, "(UTC+01:00) Amsterdam", does not say whether summer time is in it: it is not taken.
    """
    stated = [text for text in columns if text] + [line for line in lines if _ZONE_LINE.search(line)]
    for text in stated:
        if _WINDOWS_ZONE.search(text):
            continue
        named = _NAMED_ZONE.search(text)
        if named and find_zone(named[0]):
            return named[0]
        offset = _OFFSET.search(text)
        if offset and parse_zone(offset[0]):
            return offset_name(parse_zone(offset[0]))
    return ""


def parse_zone(text: str) -> tzinfo | None:
    """The zone of an IANA name or an offset such as UTC+08:00, GMT+8, +0800; None when it is neither."""
    text = text.strip()
    found = re.fullmatch(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", text, re.I | re.ASCII)
    if text.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        sign = -1 if found[1] == "-" else 1
        return timezone(timedelta(minutes=sign * minutes)) if minutes <= 14 * 60 else None
    return find_zone(text) if len(text) <= 60 else None


def offset_name(zone: tzinfo | None) -> str:
    """A fixed zone by its offset, as UTC+08:00."""
    offset = zone.utcoffset(None) if zone else None
    minutes = int((offset or timedelta()).total_seconds()) // 60
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"


def find_order(lines: Sequence[str]) -> Order:
    """The order of dates that the lines spell out, as dd/mm/yyyy; empty when they do not, or both."""
    found: list[Order] = [order for order, sign in _ORDERS if any(re.search(sign, line, re.I) for line in lines)]
    return found[0] if len(found) == 1 else ""
