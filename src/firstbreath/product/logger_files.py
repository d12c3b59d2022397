"""A temperature logger's file, read without guessing: what it says is recognised, what it leaves open is asked.

Names to know: `read_logger_file`. While something is asked there are no readings; a file that cannot be read has a
finding that says why, and none either.
"""

from array import array
from collections.abc import Sequence
from datetime import UTC, timezone, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from firstbreath.product.logger_cells import Order, parse_clock, parse_number, split_stamp
from firstbreath.product.logger_dates import decide_order
from firstbreath.product.logger_header import (
    find_maker,
    find_order,
    find_serial,
    find_serial_cell,
    find_unit,
    find_zone_name,
    offset_name,
    parse_zone,
)
from firstbreath.product.logger_layout import HEAD_LINES, Table, find_table
from firstbreath.product.logger_rows import Rows, read_rows
from firstbreath.product.logger_text import AS_CSV, decode_content, split_lines
from firstbreath.product.logger_values import (
    Asked,
    LoggerAnswers,
    LoggerFile,
    LoggerFinding,
    LoggerRefusal,
    Reading,
    Unit,
    moment_of,
)
from firstbreath.product.logger_zones import common_step, place_moment, place_times

MAX_FINDINGS = 20
NOTHING_ANSWERED = LoggerAnswers()
ORDERS: dict[Order, str] = {"ymd": "year-month-day", "dmy": "day-month-year", "mdy": "month-day-year"}
FIRSTS: dict[Order, str] = {"ymd": "year first", "dmy": "day first", "mdy": "month first"}


class _Known(msgspec.Struct, frozen=True):
    """What is known of a table before its rows are read; empty or None where it must be asked."""

    unit: Unit
    zone: tzinfo | None
    zone_name: str
    order: Order
    warm: int


def read_logger_file(content: bytes, *, answers: LoggerAnswers = NOTHING_ANSWERED) -> LoggerFile:
    """The readings in a logger's file, or what must be answered before it can be read, or why it cannot be.

    content  the bytes of the file
    answers  to what was asked; what the file itself says stands, whatever the answers are
    Raises nothing: a refusal is a finding in a file without readings.
    """
    said = LoggerFile()
    try:
        text, encoding, notes = decode_content(content)
        said = LoggerFile(encoding=encoding, findings=notes)
        table = find_table(list(islice(split_lines(text), HEAD_LINES)))
        if table is None:
            message = "No table of times and temperatures was found in the file."
            raise LoggerRefusal("LOG-TABLE", 0, message, AS_CSV)
        said = _describe(said, table)
        known, asked, notes = _settle(text, table, answers)
        sensor = table.name(known.warm) if known.warm >= 0 else ""
        said = msgspec.structs.replace(
            said, unit=known.unit, zone=known.zone_name, dates=ORDERS.get(known.order, ""), sensor=sensor,
            asked=asked, findings=(*said.findings, *notes),
        )  # fmt: skip
        return said if asked else _with_readings(said, text, table, known)
    except LoggerRefusal as refusal:
        return msgspec.structs.replace(said, asked=(), findings=(*said.findings, refusal.finding))


def _describe(said: LoggerFile, table: Table) -> LoggerFile:
    """What the lines above the table say of the logger."""
    lines = (*table.preface, *table.names)
    return msgspec.structs.replace(
        said,
        maker=find_maker(lines),
        serial=find_serial(lines) or find_serial_cell(table.names, table.sample[0]),
        sensors=tuple(table.name(column) for column in table.warm),
        separator=table.separator,
    )


def _settle(
    text: str, table: Table, answers: LoggerAnswers
) -> tuple[_Known, tuple[Asked, ...], tuple[LoggerFinding, ...]]:
    """What is known by the file or by the answers, what is still to be asked, and which answers were not used."""
    names = [table.name(column) for column in table.warm]
    warm = _find_warm(table, answers)
    unit = _find_unit(table, warm)
    zone_name = _zone_in_cells(table) or find_zone_name(table.preface, _time_names(table))
    orders = decide_order(text, table, find_order((*table.preface, *table.names)))
    notes = _unused(answers, unit=unit, zone_name=zone_name, orders=orders)
    unit = unit or answers.unit
    if not zone_name or _keeps_offset(zone_name, answers.zone):
        zone_name = _canonical(answers.zone) if parse_zone(answers.zone) else zone_name
    zone = parse_zone(zone_name)
    if len(orders) > 1 and answers.day_first is not None:
        orders = tuple(order for order in orders if (order == "dmy") == answers.day_first)
    asked = []
    if warm < 0:
        asked.append(Asked("sensor", "The file has several temperatures. Which one is the product's?", tuple(names)))
    if not unit and warm >= 0:
        asked.append(Asked("unit", "Are the temperatures in degrees Celsius (C) or Fahrenheit (F)?", ("C", "F")))
    if zone is None:
        asked.append(Asked("zone", _zone_question(answers.zone)))
    if len(orders) > 1:
        choices = tuple(FIRSTS[order] for order in orders)
        question = f"Is {table.sample[0][table.date]} written with the {' or the '.join(choices)}?"
        asked.append(Asked("day_first", question, choices))
    return _Known(unit, zone, zone_name, orders[0] if len(orders) == 1 else "", warm), tuple(asked), notes


def _zone_question(answer: str) -> str:
    wrong = f'"{answer[:60]}" is no time zone. ' if answer else ""
    return (
        f"{wrong}In which time zone are the times? Answer with a name such as Asia/Shanghai or an offset as UTC+08:00."
    )


def _keeps_offset(zone_name: str, answer: str) -> bool:
    """Whether a file names a zone with summer time, and the person says that the logger's clock kept one offset."""
    return isinstance(parse_zone(zone_name), ZoneInfo) and isinstance(parse_zone(answer), timezone)


def _canonical(zone: str) -> str:
    parsed = parse_zone(zone)
    key = getattr(parsed, "key", "")
    return key or offset_name(parsed)


def _find_warm(table: Table, answers: LoggerAnswers) -> int:
    """The column of the sensor, -1 when there are several and none is named."""
    if len(table.warm) == 1:
        return table.warm[0]
    return next((column for column in table.warm if answers.sensor and table.name(column) == answers.sensor), -1)


def _find_unit(table: Table, warm: int) -> Unit:
    """The unit by the name of the column, else in its cells, else by the one unit named above the table."""
    columns = [warm] if warm >= 0 else list(table.warm)
    named = find_unit([table.name(column) for column in columns])
    if named:
        return named
    cells = [row[column] for row in table.sample for column in columns if column < len(row)]
    units = {number.unit for cell in cells if (number := parse_number(cell)) and number.unit}
    if units:
        return "C" if units == {"C"} else "F" if units == {"F"} else ""
    return find_unit((*table.preface, *table.names))


def _zone_in_cells(table: Table) -> str:
    clock = table.sample[0][table.clock]
    parsed = parse_clock(split_stamp(clock)[1] if table.date == table.clock else clock)
    if parsed is None or parsed[1] is None:
        return ""
    sign = "-" if parsed[1] < 0 else "+"
    minutes = abs(parsed[1]) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"


def _time_names(table: Table) -> list[str]:
    return [table.names[column] for column in {table.date, table.clock} if column < len(table.names)]


def _unused(
    answers: LoggerAnswers, *, unit: Unit, zone_name: str, orders: Sequence[Order]
) -> tuple[LoggerFinding, ...]:
    """The answers that differ from what the file itself says."""
    found = []
    if unit and answers.unit not in ("", unit):
        found.append(f"The file says the unit is {unit}; the answer {answers.unit} was not used.")
    if _keeps_offset(zone_name, answers.zone):
        found.append(f"The file names the zone {zone_name}; the times were read at {answers.zone[:60]} as answered.")
    elif zone_name and answers.zone and parse_zone(answers.zone) != parse_zone(zone_name):
        found.append(f"The file says the zone is {zone_name}; the answer {answers.zone[:60]} was not used.")
    if len(orders) == 1 and answers.day_first is not None and answers.day_first != (orders[0] == "dmy"):
        found.append(f"The dates of the file are in the order {ORDERS[orders[0]]}; the answer was not used.")
    fix = "If the file is wrong, export it again with the right settings."
    return tuple(LoggerFinding("LOG-ANSWER", 0, message, fix) for message in found)


def _with_readings(said: LoggerFile, text: str, table: Table, known: _Known) -> LoggerFile:
    rows = read_rows(text, table, warm=known.warm, fahrenheit=known.unit == "F", order=known.order)
    if not rows.seconds:
        message = f"None of the {len(rows.errors)} rows holds a temperature."
        raise LoggerRefusal("LOG-TABLE", table.first + 1, message, "Look whether the sensor was connected.")
    zone = UTC if rows.zoned else known.zone or UTC
    utc = place_times(rows.seconds, zone, rows.lines)
    return msgspec.structs.replace(
        said,
        decimal=rows.decimal,
        seconds=utc,
        celsius=rows.celsius,
        marks=_marks(rows, utc, zone),
        errors=tuple(rows.errors),
        interval_s=common_step(utc),
        start_delay=rows.delay,
        findings=(*said.findings, *_check_order(utc, rows)),
    )


def _marks(rows: Rows, utc: "array[float]", zone: tzinfo) -> tuple[tuple[object, str], ...]:
    """The marks at the time of their own reading; one beside no reading by its clock."""
    placed = dict(zip(rows.lines, utc, strict=True)) if rows.marks else {}
    return tuple(
        (moment_of(placed[line] if line in placed else place_moment(seconds, zone)), text)
        for line, seconds, text in rows.marks
    )


def _check_order(utc: "array[float]", rows: Rows) -> list[LoggerFinding]:
    """Readings whose time is before, or the same as, an earlier one."""
    found = list[LoggerFinding]()
    if all(map(float.__lt__, utc, utc[1:])):
        return found
    seen: dict[float, float] = {}
    fix = "Compare with the report of the logger's own program."
    for row, seconds in enumerate(utc):
        line = rows.lines[row]
        if row and seconds < utc[row - 1]:
            found.append(LoggerFinding("LOG-BACK", line, f"Line {line}: its time is before the line above.", fix))
        if seen.setdefault(seconds, rows.celsius[row]) != rows.celsius[row]:
            message = f"Line {line}: its time has two temperatures, {seen[seconds]} and {rows.celsius[row]} C."
            found.append(LoggerFinding("LOG-TWICE", line, message, fix))
    if len(found) > MAX_FINDINGS:
        rest = f"{len(found) - MAX_FINDINGS} more lines have a time before the line above, or two temperatures."
        found[MAX_FINDINGS:] = [LoggerFinding("LOG-BACK", 0, rest, fix)]
    return found


__all__ = ["Asked", "LoggerAnswers", "LoggerFile", "LoggerFinding", "Reading", "read_logger_file"]
