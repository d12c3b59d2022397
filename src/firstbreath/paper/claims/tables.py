"""CSV texts into tables: every fault a finding, and nothing so large that reading it would hang."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

from firstbreath.paper.claims.values import Table, TableSpec
from firstbreath.protocol.findings import Finding, suggest

MAX_CHARACTERS = 20_000_000
MAX_ROWS = 20_000
MAX_CELL = 2_000
MOST_FINDINGS = 20

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?")


def parse_number(text: str) -> Decimal | None:
    """The number a text prints, trailing zeros kept; None for anything else.

    Accepted are digits with a point and an exponent of at most two digits, such as 1.61, -20 or 2.0e8:
    no units, thousands separators, NaN, infinity or formulas.
    """
    stripped = text.strip()
    return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None


def parse_table(spec: TableSpec, text: str) -> tuple[Table | None, tuple[Finding, ...]]:
    """The table a CSV text holds, or None with everything that is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        what = f"The file has {len(text):,} characters, the limit is {MAX_CHARACTERS:,}."
        return None, (_finding(spec, 0, what, fix="Leave only the rows the claims use."),)
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        findings = [*_check_columns(spec, columns)]
        for cells in reader:
            findings += _check_row(spec, cells, line=reader.line_num, width=len(columns))
            rows.append(tuple(cells))
            if len(rows) > MAX_ROWS or len(findings) >= MOST_FINDINGS:
                break
    except csv.Error as broken:
        what = f"This line is not CSV: {broken}."
        return None, (_finding(spec, reader.line_num, what, fix="Correct the quotes or save the file again."),)
    if len(rows) > MAX_ROWS:
        what = f"The file has more than {MAX_ROWS:,} rows, the limit."
        findings.append(_finding(spec, 0, what, fix="Leave only the rows the claims use."))
    return (None if findings else Table(spec, columns, tuple(rows))), tuple(findings)


def _check_columns(spec: TableSpec, columns: tuple[str, ...]) -> Iterator[Finding]:
    if not columns:
        yield _finding(spec, 1, "The file is empty.", fix="Write the names of the columns in the first line.")
        return
    for place, name in enumerate(columns, 1):
        if not name:
            yield _finding(spec, 1, f"Column {place} has no name.", fix="Name every column in the first line.")
        elif name in columns[: place - 1]:
            yield _finding(spec, 1, f'Two columns are named "{name}".', fix="Give each column its own name.")
    for name in spec.lists:
        if name not in columns:
            yield missing_column(spec.file, name, columns)
    if spec.key and spec.key not in columns:
        yield missing_column(spec.file, spec.key, columns)


def _check_row(spec: TableSpec, cells: list[str], *, line: int, width: int) -> Iterator[Finding]:
    if len(cells) != width:
        what = f"The row has {len(cells)} cells, the first line names {width} columns."
        yield _finding(spec, line, what, fix="Add or remove commas, or put a cell with commas in quotes.")
    if any(len(cell) > MAX_CELL for cell in cells):
        yield _finding(spec, line, f"A cell has more than {MAX_CELL} characters.", fix="Shorten the text.")


def missing_column(file: str, name: str, columns: tuple[str, ...]) -> Finding:
    """The finding that a CSV file lacks a column."""
    return Finding(file, 1, "CLAIM-003", f'{file} has no column "{name}".', suggest(name, columns))


def _finding(spec: TableSpec, line: int, what: str, *, fix: str) -> Finding:
    return Finding(spec.file, line, "CLAIM-002", what, fix)
