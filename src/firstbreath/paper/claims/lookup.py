"""From a reference to the value it points at: a text, a number, a date."""

import re
from datetime import date, timedelta
from decimal import Decimal

from firstbreath.paper.claims.references import Day, Number, Printed, PText
from firstbreath.paper.claims.rows import read_cell, select_rows
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import ClaimFolder, Source, Table
from firstbreath.stats.printed_p import Relation, parse_printed_p

CLAIMS_FILE = "claims.toml"
MOST_DAYS = 100_000


def read_printed(folder: ClaimFolder, printed: Printed) -> Source:
    """The value a reference points at, with its place."""
    if not printed.file:
        return Source(CLAIMS_FILE, 0, "", printed.value, printed.place)
    table = folder.tables[printed.file]
    (row,) = find_rows(table, printed)
    return read_cell(table, row, printed.column or table.spec.value)


def read_number(folder: ClaimFolder, number: Number) -> tuple[Decimal, Source]:
    """The number a reference points at, digits as printed, with its source."""
    source = read_printed(folder, number)
    return expect_number(source), source


def read_whole(folder: ClaimFolder, number: Number) -> tuple[int, Source]:
    """The whole number from 0 to 100,000 a reference points at. Raises ValueError for any other."""
    value, source = read_number(folder, number)
    if value != value.to_integral_value() or not 0 <= value <= MOST_DAYS:
        raise ValueError(f"{source.value} ({source.place}) is not a whole number from 0 to {MOST_DAYS:,}.")
    return int(value), source


def read_p(folder: ClaimFolder, printed: PText) -> tuple[Relation, Decimal, Source]:
    """The p-value a reference points at, or the bound on one, with its source. Raises ValueError for any other text."""
    source = read_printed(folder, printed)
    return *parse_printed_p(source.value), source


def is_p(text: str) -> bool:
    """True when a text prints a p-value, or a bound on one."""
    try:
        parse_printed_p(text)
    except ValueError:
        return False
    return True


def read_day(folder: ClaimFolder, day: Day) -> tuple[date | int, Source]:
    """The date, or the whole number of days, a reference points at, `plus` added."""
    source = read_printed(folder, day)
    value = parse_day(source.value)
    if value is None:
        raise ValueError(f"{source.value} ({source.place}) is not a date or a whole number of days.")
    return add_days(value, day.plus), source


def parse_day(text: str) -> date | int | None:
    """The date (2020-03-16) or whole number of days a text prints."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            return None
    number = parse_number(text)
    whole = number is not None and abs(number) <= MOST_DAYS and number == number.to_integral_value()
    return int(number) if whole and number is not None else None


def add_days(day: date | int, days: int) -> date | int:
    """The day so many days later. Raises ValueError when no calendar reaches it."""
    if isinstance(day, int):
        return day + days
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ValueError(f"{day} and {days} days: no calendar reaches that date.") from None


def expect_number(source: Source) -> Decimal:
    """The number a cell prints. Raises ValueError when it prints none."""
    number = parse_number(source.value)
    if number is None:
        raise ValueError(f'"{source.value}" in {source.file} is not a number.')
    return number


def find_rows(table: Table, printed: Printed) -> tuple[int, ...]:
    """The rows a reference to one cell names; a sound folder has exactly one."""
    if printed.row:
        place = table.columns.index(table.spec.key or table.spec.subject)
        return tuple(number for number, cells in enumerate(table.rows) if cells[place] == printed.row)
    return select_rows(table, printed.where).met
