"""CSV texts into rows that remember where they stand."""

import csv
import io
from collections.abc import Mapping

import msgspec

from firstbreath.protocol.findings import Finding

MAX_ROWS = 1_000_000


class Row(msgspec.Struct, frozen=True):
    """A data row of a CSV file: its number (the first below the header is 1) and its cells by column."""

    file: str
    number: int
    cells: Mapping[str, str]


class CsvTable(msgspec.Struct, frozen=True):
    """A CSV file: its columns and rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def parse_csv(text: str, file: str, *, separator: str = ",") -> tuple[CsvTable | None, tuple[Finding, ...]]:
    """The rows of a CSV text with a header, or the findings that say why it cannot be read.

    Every row must have as many cells as the header; a byte order mark is passed over.
    """
    if "\0" in text:
        return None, (_finding(file, 0, "CSV-001", "The file holds a zero byte: it is not a text."),)
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True, delimiter=separator))
    except csv.Error as broken:
        return None, (_finding(file, 0, "CSV-001", f"The file is not CSV: {broken}."),)
    lines = [line for line in lines if line]
    if not lines:
        return None, (_finding(file, 0, "CSV-002", "The file is empty."),)
    header = tuple(name.strip() for name in lines[0])
    findings = _check_shape(file, header, lines)
    if findings:
        return None, findings
    rows = tuple(Row(file, n, dict(zip(header, line, strict=True))) for n, line in enumerate(lines[1:], 1))
    return CsvTable(file, header, rows), ()


def _check_shape(file: str, header: tuple[str, ...], lines: list[list[str]]) -> tuple[Finding, ...]:
    if len(set(header)) != len(header) or "" in header:
        return (_finding(file, 1, "CSV-003", f"The header has an empty or a double name: {', '.join(header)}."),)
    if len(lines) > MAX_ROWS:
        return (_finding(file, 0, "CSV-004", f"The file has {len(lines)} rows, the limit is {MAX_ROWS}."),)
    return tuple(
        _finding(file, n, "CSV-005", f"Row {n - 1} has {len(line)} cells, the header has {len(header)}.")
        for n, line in enumerate(lines[1:], 2)
        if len(line) != len(header)
    )


def _finding(file: str, line: int, code: str, what: str) -> Finding:
    return Finding(file, line, code, what, "Export it again as UTF-8 CSV with a header row.")
