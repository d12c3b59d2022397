"""The order of day, month and year in a logger's file, by all of its dates; asked where they leave it open.

Names to know: `decide_order`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from firstbreath.product.logger_cells import (
    DAY_S,
    DayParts,
    Order,
    parse_clock,
    parse_date,
    parse_day_parts,
    split_cells,
    split_stamp,
)
from firstbreath.product.logger_layout import Table
from firstbreath.product.logger_text import split_lines
from firstbreath.product.logger_values import LoggerRefusal

MAX_CHANGES = 5000
STEPS_COUNTED = 1000
EARLIEST_SHORT_YEAR = 2013 - 1970
DAYS_IN_YEAR = 365.2425


def decide_order(text: str, table: Table, stated: Order) -> tuple[Order, ...]:
    """The orders that every date of the file can have; one when it is decided, else two.

    stated  the order that the header spells out, empty when it does not
    A year of two digits is from 2013 on: no month or day up to 12 is taken for one.
    Raises `LoggerRefusal` when the dates fit no order.
    """
    first = _first_parts(table)
    if first.order and not first.short:
        return (first.order,)
    dates, changes, step = _scan_dates(text, table)
    known = [found for found in map(parse_day_parts, dates) if found]
    candidates: tuple[Order, ...] = ("dmy", "mdy", "ymd") if any(found.short for found in known) else ("dmy", "mdy")
    fit = tuple(order for order in candidates if all(_is_plausible(found, order) for found in known))
    if stated:
        fit = tuple(order for order in fit if order == stated)
    if not fit:
        message = "The dates of the file fit neither day-month-year nor month-day-year, or not what its header says."
        raise LoggerRefusal("LOG-DATES", table.first + 1, message, "Export it again with dates as 2024-01-31.")
    return _decide_by_steps(fit, changes, step) if len(fit) > 1 else fit


def _first_parts(table: Table) -> DayParts:
    cell = table.sample[0][table.date]
    return parse_day_parts(split_stamp(cell)[0] if table.date == table.clock else cell) or DayParts((0, 0, 0), "")


def _is_plausible(found: DayParts, order: Order) -> bool:
    day = parse_date(found, order)
    return day is not None and (not found.short or day / DAYS_IN_YEAR >= EARLIEST_SHORT_YEAR)


Moment = tuple[str, float]


def _scan_dates(text: str, table: Table) -> tuple[set[str], list[tuple[Moment, Moment]], float]:
    """All dates of the table, the pairs of readings between which the date changes, the common step in seconds."""
    dates: set[str] = set()
    changes: list[tuple[Moment, Moment]] = []
    steps = Counter[float]()
    former, before, left = "", "", STEPS_COUNTED
    for date, clock in _moments(text, table):
        if date != former:
            if not parse_day_parts(date):
                continue
            dates.add(date)
            if former and len(changes) < MAX_CHANGES:
                changes.append(((former, _seconds(before)), (date, _seconds(clock))))
        elif left:
            left -= 1
            steps[_seconds(clock) - _seconds(before)] += 1
        former, before = date, clock
    return dates, changes, steps.most_common(1)[0][0] if steps else 0.0


def _seconds(text: str) -> float:
    clock = parse_clock(text)
    return clock[0] if clock else 0.0


def _moments(text: str, table: Table) -> Iterator[tuple[str, str]]:
    """Date and clock of every row of the table, as text; not yet known to be any."""
    date, clock, separator, first = table.date, table.clock, table.separator, table.first
    last = max(date, clock)
    for place, line in enumerate(split_lines(text)):
        if place < first:
            continue
        cells = split_cells(line, separator) if '"' in line else line.split(separator, last + 1)
        if len(cells) <= last:
            continue
        if date != clock:
            yield cells[date], cells[clock]
            continue
        stamp = cells[date]
        colon = stamp.find(":")
        if colon > 2:
            yield stamp[: colon - 2], stamp[colon - 2 :]


def _decide_by_steps(
    fit: tuple[Order, ...], changes: Sequence[tuple[Moment, Moment]], step: float
) -> tuple[Order, ...]:
    """The only order in which readings on both sides of a change of date are one step apart."""
    counts = {order: sum(_is_step(change, order, step) for change in changes) for order in fit}
    right = tuple(order for order, count in counts.items() if count and count >= len(changes) / 2)
    return right if len(right) == 1 and sum(counts.values()) == counts[right[0]] else fit


def _is_step(change: tuple[Moment, Moment], order: Order, step: float) -> bool:
    (before, early), (after, late) = change
    former, later = parse_day_parts(before), parse_day_parts(after)
    days = (parse_date(former, order) if former else None), (parse_date(later, order) if later else None)
    if days[0] is None or days[1] is None:
        return False
    return abs((days[1] - days[0]) * DAY_S + late - early - step) < 1.5
