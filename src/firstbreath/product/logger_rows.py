"""The rows of a logger's table: each is learned once, and what it has in common with the next is looked up.

Names to know: `read_rows`, `Rows`.
"""

import re
from array import array

import msgspec

from firstbreath.product.logger_cells import (
    DAY_S,
    MAX_CELLS,
    Number,
    Order,
    parse_clock,
    parse_date,
    parse_day_parts,
    parse_number,
    split_cells,
    split_stamp,
)
from firstbreath.product.logger_layout import Table
from firstbreath.product.logger_text import split_lines
from firstbreath.product.logger_values import MAX_MARKS, MAX_ROWS, LoggerRefusal
from firstbreath.protocol.findings import show

MAX_LEARNED = 100_000
COLDEST, WARMEST = -273.15, 1000.0
_BEFORE_START = re.compile(r"(start.?up|start).?delay|before (the )?start|pre-?(start|trip)", re.I)
_SAYS_NOTHING = re.compile(r"ok|okay|normal|none|no|0|false|[-–—.]*", re.I)
_JUST_A_TICK = re.compile(r"x|1|yes|true|logged|[*!]+", re.I)
AGAIN = "Export it again, or correct the line and keep the original."


class Rows(msgspec.Struct):
    """What the rows hold, as it grows.

    clocks, days, numbers     what each text that was met means: seconds, seconds, Celsius
    seconds, celsius, lines   shape (readings,); seconds since 1970 by the file's clock, in UTC when `zoned`
    marks, errors             (line, seconds, text) and (line, text)
    footer                    the line with which the table ends, 0 while it has not
    """

    table: Table
    warm: int
    fahrenheit: bool
    order: Order
    zoned: bool
    clocks: dict[str, float] = {}
    days: dict[str, int] = {}
    numbers: dict[str, float] = {}
    seconds: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    celsius: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    lines: "array[int]" = msgspec.field(default_factory=lambda: array("I"))
    marks: list[tuple[int, float, str]] = []
    errors: list[tuple[int, str]] = []
    decimal: str = ""
    delay: int = 0
    footer: int = 0


def read_rows(text: str, table: Table, *, warm: int, fahrenheit: bool, order: Order) -> Rows:
    """The readings, marks and errors of a table.

    warm   the column of temperature
    order  of the parts of a date
    Raises `LoggerRefusal` when a row is no reading, mark or error, or the file ends within a line.
    """
    clock = table.sample[0][table.clock]
    parsed = parse_clock(split_stamp(clock)[1] if table.date == table.clock else clock)
    zoned = bool(parsed and parsed[1] is not None)
    rows = Rows(table, warm, fahrenheit, order, zoned)
    whole = text.endswith(("\n", "\r"))
    try:
        last = _run_through(rows, text)
    except LoggerRefusal as refusal:
        if refusal.finding.code == "LOG-ROW" and not whole and refusal.finding.line == text.count("\n") + 1:
            raise _cut_short(refusal.finding.line, text[text.rfind("\n") + 1 :]) from None
        raise
    if len(rows.seconds) > MAX_ROWS:
        raise _too_many()
    if not whole and not rows.footer:
        _check_end(rows, last, text.count("\n") + 1)
    return rows


def _run_through(rows: Rows, text: str) -> str:
    """The last line, after every line was looked up where all of it is known, and taken with care where not."""
    table, days, clocks, numbers = rows.table, rows.days, rows.clocks, rows.numbers
    separator, width, date, clock, warm = table.separator, table.width, table.date, table.clock, rows.warm
    one, watched, first = date == clock, _watched(table, rows), table.first
    add_seconds, add_celsius, add_line = rows.seconds.append, rows.celsius.append, rows.lines.append
    last = ""
    for number, line in enumerate(split_lines(text), 1):
        if number <= first:
            continue
        last = line or last
        cells = line.split(separator, MAX_CELLS)
        try:
            if len(cells) != width or rows.footer:
                raise KeyError
            for column in watched:
                if cells[column]:
                    raise KeyError
            if one:
                stamp = cells[date]
                colon = stamp.index(":") - 2
                moment = days[stamp[:colon]] + clocks[stamp[colon:]]
            else:
                moment = days[cells[date]] + clocks[cells[clock]]
            value = numbers[cells[warm]]
        except (KeyError, ValueError):
            _take_line(rows, number, line)
            continue
        add_seconds(moment)
        add_celsius(value)
        add_line(number)
    return last


def _watched(table: Table, rows: Rows) -> list[int]:
    """The columns that are usually empty: marks, and those beyond the names of the header."""
    beyond = range(len(table.names), table.width) if table.names else range(0)
    return [column for column in {*table.marks, *beyond} if column < table.width and column != rows.warm]


def _take_line(rows: Rows, number: int, line: str) -> None:
    table = rows.table
    cells = split_cells(line, table.separator)
    if not any(cells):
        return
    moment = _learn_moment(rows, number, cells, line)
    numbered = table.index < 0 or (table.index < len(cells) and cells[table.index].isdecimal())
    if moment is None or not numbered:
        _take_other(rows, number, cells)
        return
    if table.names and any(cells[len(table.names) :]):
        message = f"Line {number} has more cells than the header has columns: {show(line)}."
        fix = "If decimals are written with a comma, export with semicolons between the columns."
        raise LoggerRefusal("LOG-CELLS", number, message, fix)
    if len(rows.seconds) + len(rows.errors) + len(rows.marks) >= MAX_ROWS:
        raise _too_many()
    _take_reading(rows, number, cells, moment)


def _take_reading(rows: Rows, number: int, cells: list[str], moment: float) -> None:
    """The value of a row whose time is known, and the marks beside it."""
    cell = cells[rows.warm] if rows.warm < len(cells) else ""
    value = _learn_number(rows, number, cell)
    if rows.footer:
        if value is None:
            return
        message = f"Line {rows.footer} is no reading, yet readings follow it in line {number}."
        raise LoggerRefusal("LOG-ROW", rows.footer, message, AGAIN)
    marks = [_mark(rows, column, cells[column]) for column in rows.table.marks if column < len(cells)]
    said = [mark for mark in marks if mark]
    if value is not None and rows.delay == len(rows.seconds) and any(_BEFORE_START.search(mark) for mark in said):
        rows.delay += 1
        said = [mark for mark in said if not _BEFORE_START.search(mark)]
    rows.marks.extend((number, moment, mark) for mark in said)
    if value is not None:
        rows.seconds.append(moment)
        rows.celsius.append(value)
        rows.lines.append(number)
    elif cell or not said:
        rows.errors.append((number, show(cell) if cell else "empty"))
    if len(rows.marks) > MAX_MARKS:
        message = f"The file has more than {MAX_MARKS} marks and comments."
        raise LoggerRefusal("LOG-MARKS", number, message, "Export it without the column that has a text in every row.")


def _mark(rows: Rows, column: int, cell: str) -> str:
    """The text of a mark; a mere tick is told by its column's name, and what every row says is none."""
    if _SAYS_NOTHING.fullmatch(cell) or cell == rows.table.usual(column):
        return ""
    return re.sub(r"\s*\(.*", "", rows.table.name(column)) if _JUST_A_TICK.fullmatch(cell) else show(cell)


def _learn_moment(rows: Rows, number: int, cells: list[str], line: str) -> float | None:
    """The time of a row in seconds, None when it has none; kept under the very text that the line has."""
    table = rows.table
    if len(cells) <= max(table.date, table.clock):
        return None
    one = table.date == table.clock
    date, clock = split_stamp(cells[table.date]) if one else (cells[table.date], cells[table.clock])
    found, parsed = parse_day_parts(date), parse_clock(clock)
    day = parse_date(found, rows.order) if found else None
    if day is None or parsed is None:
        return None
    if (parsed[1] is not None) != rows.zoned:
        message = f"Line {number}: some times have an offset from UTC and some have none."
        raise LoggerRefusal("LOG-ZONE", number, message, AGAIN)
    seconds = parsed[0] - (parsed[1] or 0)
    raw = line.split(table.separator, MAX_CELLS)
    if len(raw) == len(cells) and len(rows.clocks) < MAX_LEARNED and len(rows.days) < MAX_LEARNED:
        date, clock = split_stamp(raw[table.date]) if one else (raw[table.date], raw[table.clock])
        rows.days[date], rows.clocks[clock] = day * DAY_S, seconds
    return day * DAY_S + seconds


def _learn_number(rows: Rows, number: int, cell: str) -> float | None:
    """The Celsius of a cell to a millionth of a degree, None when it holds no reading."""
    found = parse_number(cell)
    if found is None:
        return None
    _check_sign(rows, number, found)
    if found.unit and (found.unit == "F") != rows.fahrenheit:
        message = f"Line {number} is in {found.unit}, the file in {'F' if rows.fahrenheit else 'C'}."
        raise LoggerRefusal("LOG-UNIT", number, message, AGAIN)
    value = round((found.value - 32) * 5 / 9, 6) if rows.fahrenheit else found.value
    if not COLDEST <= value <= WARMEST:
        return None
    if len(rows.numbers) < MAX_LEARNED:
        rows.numbers[cell] = value
    return value


def _check_sign(rows: Rows, number: int, found: Number) -> None:
    rows.decimal = rows.decimal or found.sign
    if found.sign not in ("", rows.decimal):
        message = f"Line {number} has decimals after '{found.sign}', the lines before it after '{rows.decimal}'."
        raise LoggerRefusal("LOG-DECIMAL", number, message, AGAIN)


def _take_other(rows: Rows, number: int, cells: list[str]) -> None:
    """A line without a time: the header on a new page, or what stands under the table; all else is refused."""
    table = rows.table
    first = next(cell for cell in cells if cell)
    if tuple(cells[: len(table.names)]) == table.names:
        return
    numeric = rows.warm < len(cells) and parse_number(cells[rows.warm]) is not None
    same = first == next((cell for cell in table.sample[0] if cell), "") and not first.isdecimal()
    if rows.footer or (first[0].isalpha() and not (numeric and same)) or not any(map(str.isalnum, first)):
        rows.footer = rows.footer or number
        return
    message = f"Line {number} is no reading: {show(table.separator.join(cells))}."
    raise LoggerRefusal("LOG-ROW", number, message, AGAIN)


def _check_end(rows: Rows, last: str, number: int) -> None:
    """The last line, when nothing ends it, must be as whole as those before."""
    cells = split_cells(last, rows.table.separator)
    cell = cells[rows.warm] if rows.warm < len(cells) else ""
    found = parse_number(cell)
    short = len(cells) < min(len(row) for row in rows.table.sample)
    if found:
        others = [other.places for text in rows.numbers if text != cell and (other := parse_number(text))]
        short = short or found.places < min(others, default=0)
    elif (number, cell or "empty") in rows.errors:
        short = short or all(text != cell for _line, text in rows.errors[:-1])
    if short:
        raise _cut_short(number, last)


def _cut_short(number: int, line: str) -> LoggerRefusal:
    message = f"The file ends in the middle of a line: line {number} is {show(line)}."
    return LoggerRefusal("LOG-CUT", number, message, "Copy or export the file again.")


def _too_many() -> LoggerRefusal:
    return LoggerRefusal("LOG-SIZE", 0, f"The file has more than {MAX_ROWS:,} rows.", "Export a shorter span.")
