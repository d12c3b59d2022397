"""Do a claim's references hold: files, columns, rows, rules and numbers?"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec
from msgspec import Struct

from firstbreath.paper.claims.lookup import find_rows, is_p, parse_day
from firstbreath.paper.claims.references import (
    Cells,
    Columns,
    Day,
    Number,
    Numbers,
    Printed,
    PText,
    Rows,
    Shares,
)
from firstbreath.paper.claims.rows import (
    base_column,
    read_cell,
    select_rows,
)
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import Claim, Table
from firstbreath.paper.claims.wording import render_names, shorten
from firstbreath.protocol.findings import suggest
from firstbreath.protocol.rules import RuleError, parse_rule

Place = tuple[str | int, ...]
"""The keys that lead to a value in a claim."""
Fault = tuple[Place, str, str, str]
"""Where in the claim, the code, what is wrong, and what to do."""
Tables = Mapping[str, Table | None]
"""Tables by file name; None for a file that is there and could not be read."""

LARGEST = Decimal("1e60")
MOST_NAMED = 5


def find_faults(claim: Claim, tables: Tables) -> Iterator[Fault]:
    """Everything in a claim that points at nothing, or at something that is not what it must be."""
    for field in msgspec.structs.fields(claim):
        yield from _walk(getattr(claim, field.name), (field.name,), tables)
    files = getattr(claim, "files", ())
    for number, file in enumerate(files):
        yield from _check_file(file, ("files", number), tables)


def _walk(value: object, place: Place, tables: Tables) -> Iterator[Fault]:
    """Each reference inside a value, checked; other values are walked through."""
    if isinstance(value, Printed):
        yield from _check_printed(value, place, tables)
    elif isinstance(value, Rows | Numbers | Cells | Columns):
        yield from _check_rows(value, place, tables)
    elif isinstance(value, Struct):
        for field in msgspec.structs.fields(value):
            yield from _walk(getattr(value, field.name), (*place, field.name), tables)
    elif isinstance(value, tuple):
        for number, element in enumerate(value):
            yield from _walk(element, (*place, number), tables)
    elif isinstance(value, Decimal) and abs(value) > LARGEST:
        yield place, "CLAIM-006", f"The number is beyond {LARGEST}.", "Write a number of a usual size."


def _check_file(file: str, place: Place, tables: Tables) -> Iterator[Fault]:
    if file not in tables:
        yield place, "CLAIM-001", f'There is no file "{shorten(file)}" in the folder.', suggest(file, tables)


def _check_column(column: str, place: Place, table: Table) -> Iterator[Fault]:
    if column not in table.columns:
        what = f'{table.spec.file} has no column "{shorten(column)}".'
        yield place, "CLAIM-003", what, suggest(column, table.columns)


def _check_rule(where: str, place: Place, table: Table) -> Iterator[Fault]:
    if not where.strip():
        return
    try:
        rule = parse_rule(where)
    except RuleError as wrong:
        fix = "Write a comparison of columns, such as `sex == 'Male' and age_years >= 18`."
        what = f"The rule `{shorten(where)}` cannot be read: {shorten(str(wrong), 200)}."
        yield place, "CLAIM-004", what, fix
        return
    for name in rule.names:
        yield from _check_column(base_column(name, table.columns), place, table)


def _check_printed(printed: Printed, place: Place, tables: Tables) -> Iterator[Fault]:
    """A value written in the claim, or exactly one cell of a table; a number or a day where one is due."""
    if not printed.file:
        if not printed.value or not printed.place:
            fix = "Give `value` and `place`, or `file` with `row` or `where`."
            yield place, "CLAIM-005", "The reference has neither a value with its place nor a file.", fix
        yield from _check_value(printed, printed.value, place)
        return
    faults = [*_check_file(printed.file, place, tables)]
    table = tables.get(printed.file)
    if table is not None:
        faults += _check_rule(printed.where, place, table)
        faults += _check_column(printed.column or table.spec.value, place, table)
        faults += _check_key(printed, place, table)
    yield from faults
    if table is not None and not faults:
        yield from _check_cell(printed, place, table)


def _check_key(printed: Printed, place: Place, table: Table) -> Iterator[Fault]:
    if printed.row:
        yield from _check_column(table.spec.key or table.spec.subject, place, table)
    elif not printed.where.strip():
        yield place, "CLAIM-005", f"The row of {printed.file} is not named.", "Add `row` or `where`."


def _check_cell(printed: Printed, place: Place, table: Table) -> Iterator[Fault]:
    rows = find_rows(table, printed)
    wanted = shorten(printed.row or printed.where)
    if len(rows) != 1:
        keys = [row[table.columns.index(table.spec.key)] for row in table.rows] if table.spec.key else []
        fix = suggest(printed.row, keys) if printed.row and not rows else "Name exactly one row."
        yield place, "CLAIM-005", f"{printed.file} has {len(rows)} rows for {wanted}, one is needed.", fix
        return
    yield from _check_value(printed, read_cell(table, rows[0], printed.column or table.spec.value).value, place)


def _check_value(printed: Printed, text: str, place: Place) -> Iterator[Fault]:
    if isinstance(printed, Number) and parse_number(text) is None:
        fix = "Give digits with a point, such as 1.61 or 2.0e8, without unit or thousands separator."
        yield place, "CLAIM-006", f'"{shorten(text)}" is not a number.', fix
    if isinstance(printed, PText) and not is_p(text):
        fix = "Give digits with a point, such as 0.0559, or a bound such as < 0.05."
        yield place, "CLAIM-006", f'"{shorten(text)}" is not a p-value.', fix
    if isinstance(printed, Day) and parse_day(text) is None:
        fix = "Give a date such as 2020-03-16, or a whole number of days."
        yield place, "CLAIM-006", f'"{shorten(text)}" is not a date or a number of days.', fix


def _check_rows(rows: Rows | Numbers | Cells | Columns, place: Place, tables: Tables) -> Iterator[Fault]:
    faults = [*_check_file(rows.file, (*place, "file"), tables)]
    table = tables.get(rows.file)
    if table is not None:
        faults += _check_rule(rows.where, (*place, "where"), table)
        faults += _check_rule(rows.among if isinstance(rows, Rows) else "", (*place, "among"), table)
        for column in _columns_of(rows):
            faults += _check_column(column, place, table)
    yield from faults
    if table is not None and not faults and isinstance(rows, Numbers | Columns):
        yield from _check_numbers(rows, place, table)


def _columns_of(rows: Rows | Numbers | Cells | Columns) -> tuple[str, ...]:
    if isinstance(rows, Columns):
        return rows.columns
    if isinstance(rows, Rows):
        return (rows.distinct,) if rows.distinct else ()
    return (rows.column, rows.per) if isinstance(rows, Shares) and rows.per else (rows.column,)


def _check_numbers(rows: Numbers | Columns, place: Place, table: Table) -> Iterator[Fault]:
    """Every cell chosen prints a number, or is marked as missing."""
    cells = [
        read_cell(table, row, column) for row in select_rows(table, rows.where).met for column in _columns_of(rows)
    ]
    wrong = [
        f'"{shorten(cell.value, 30)}" in row {cell.row} of {cell.column}'
        for cell in cells
        if cell.value.strip() not in table.spec.missing and parse_number(cell.value) is None
    ]
    if wrong:
        more = f" and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
        what = f"{rows.file} holds texts where numbers are needed: {render_names(wrong[:MOST_NAMED])}{more}."
        yield place, "CLAIM-006", what, "Correct the cells, or leave these rows out with `where`."
