"""One cell of a logger's table: a number, a date, a clock time; read as written or not at all.

Names to know: `parse_number`, `parse_date`, `parse_clock`, `split_stamp`.
"""

import csv
import re
from datetime import date
from typing import Literal

import msgspec

LONGEST_CELL = 80
LONGEST_LINE = 10_000
MAX_CELLS = 200
DAY_S = 86_400
EPOCH_DAY = date(1970, 1, 1).toordinal()
Order = Literal["", "ymd", "dmy", "mdy"]

_NUMBER = re.compile(
    r"([+\u2212\u2013-]?)(\d{0,6})(?:([.,])(\d{1,12}))?\s*(°\s*[CF]|℃|℉|deg\.?\s*[CF]|[CF])?", re.ASCII | re.IGNORECASE
)
_NUMERIC_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", re.ASCII)
_CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})[-. /]*([^\W\d_]{3,9})[-., /]*(\d{4}|\d{2})", re.ASCII)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +", re.IGNORECASE)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?"
    r"( ?z| ?(?:utc|gmt)(?: ?[+-]\d{1,2}(?::?\d{2})?)?| ?[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_AHEAD = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_MONTHS = {name: month for month, names in enumerate(
    ("jan", "feb", "mar mär", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
) for name in names.split()}  # fmt: skip


class Number(msgspec.Struct, frozen=True, gc=False):
    """A number in a cell: its value, its decimal sign (empty when whole), how many decimals, the unit beside it."""

    value: float
    sign: str
    places: int
    unit: str


class DayParts(msgspec.Struct, frozen=True, gc=False):
    """Three numbers of a date in their order, which order it is (empty: open), and whether the year has two digits."""

    parts: tuple[int, int, int]
    order: Order
    short: bool = False


def split_cells(line: str, separator: str) -> list[str]:
    """The first cells of a line without the blanks around them; quotes as in CSV."""
    if '"' in line and len(line) <= LONGEST_LINE:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])[:MAX_CELLS]]
        except csv.Error:
            pass
    return [cell.strip() for cell in line.split(separator, MAX_CELLS)]


def parse_number(cell: str) -> Number | None:
    """The number in a cell, None when it holds none; neither thousands, exponents nor NaN are numbers here."""
    if len(cell) > LONGEST_CELL:
        return None
    found = _NUMBER.fullmatch(cell.strip())
    if not found or not (found[2] or found[4]):
        return None
    value = float(f"{found[2] or '0'}.{found[4] or '0'}")
    unit = (found[5] or "").upper().replace("℃", "C").replace("℉", "F")[-1:]
    return Number(-value if found[1] and found[1] != "+" else value, found[3] or "", len(found[4] or ""), unit)


def split_stamp(cell: str) -> tuple[str, str]:
    """A cell of date and time as (date, clock); both empty when there is no clock."""
    colon = cell.find(":")
    if "\t" in cell:
        return "", ""
    return (cell[: colon - 2], cell[colon - 2 :]) if colon > 2 else ("", "")


def parse_clock(text: str) -> tuple[float, int | None] | None:
    """A time of the day as (seconds, seconds that its own zone is ahead of UTC or None), None when it is none."""
    found = _CLOCK.fullmatch(text.strip().lstrip("T").strip()) if len(text) <= LONGEST_CELL else None
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5].lower() == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    seconds = hour * 3600 + minute * 60 + second + float(f"0.{found[4] or 0}")
    if not found[6]:
        return seconds, None
    ahead = _parse_ahead(found[6])
    return None if ahead is None else (seconds, ahead)


def _parse_ahead(text: str) -> int | None:
    """The seconds that an offset is ahead of UTC, None when no place on earth is."""
    found = _AHEAD.search(text)
    if not found:
        return 0
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60 or int(found[3] or 0) > 59:
        return None
    return minutes * (-60 if found[1] == "-" else 60)


def parse_day_parts(text: str) -> DayParts | None:
    """The numbers of a date, None when it is none; a month in letters or a year in front settles the order."""
    text = _WEEKDAY.sub("", text.strip().rstrip("T, "), count=1) if len(text) <= LONGEST_CELL else ""
    if found := _NUMERIC_DATE.fullmatch(text):
        return _order_numbers(found[1], found[3], found[4], mark=found[2])
    if found := _CHINESE_DATE.fullmatch(text):
        return DayParts((int(found[1]), int(found[2]), int(found[3])), "ymd")
    if found := _DAY_MONTH.fullmatch(text):
        month, year = _MONTHS.get(found[2].lower()[:3], 0), int(found[3])
        return DayParts((year + (2000 if year < 100 else 0), month, int(found[1])), "ymd") if month else None
    if found := _MONTH_DAY.fullmatch(text):
        month = _MONTHS.get(found[1].lower()[:3], 0)
        return DayParts((int(found[3]), month, int(found[2])), "ymd") if month else None
    return None


def _order_numbers(first: str, second: str, third: str, *, mark: str) -> DayParts | None:
    lengths = len(first), len(third)
    parts = int(first), int(second), int(third)
    if lengths[0] == 4 and lengths[1] <= 2:
        return DayParts(parts, "ymd")
    if lengths[0] > 2 or lengths[1] not in (2, 4):
        return None
    return DayParts(parts, "dmy" if mark == "." and lengths[1] == 4 else "", short=lengths[1] == 2)


def parse_date(found: DayParts, order: Order) -> int | None:
    """Days since 1970-01-01 of a date whose parts are in this order, None when there is no such day."""
    first, second, third = found.parts
    year, month, day = {"ymd": (first, second, third), "dmy": (third, second, first), "mdy": (third, first, second)}[
        found.order or order or "ymd"
    ]
    year += 2000 if found.short else 0
    try:
        return date(year, month, day).toordinal() - EPOCH_DAY if 1970 <= year < 2200 else None
    except ValueError:
        return None
