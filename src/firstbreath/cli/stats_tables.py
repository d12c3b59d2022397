"""Columns of a CSV file as numbers that remember their rows, for the `stats` commands."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from firstbreath.cli.exits import Exit, Stop, stop_for_findings
from firstbreath.cli.files import read_text
from firstbreath.protocol.entries import NULL_FLAVOURS, parse_number
from firstbreath.protocol.findings import Finding, show, suggest
from firstbreath.trial.tables import CsvTable, Row, parse_csv

ABSENT = {"", "N/A", *NULL_FLAVOURS}
"""What a cell says when nothing was measured: nothing, N/A, or why, as an HL7 null flavour."""
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class Measurement(Struct, frozen=True):
    """A number of a file, or None where the cell says that there is none, and the subject it is of."""

    subject: str
    value: Decimal | None
    row: int


def read_table(file: Path, separator: str = "comma") -> CsvTable:
    """The rows of a CSV file.

    Raises `Stop` with every finding when it cannot be read.
    """
    table, findings = parse_csv(read_text(file), file.name, separator=SEPARATORS[separator])
    if table is None:
        raise stop_for_findings(Exit.INPUT, findings + _hint_separator(file, separator))
    return table


def _hint_separator(file: Path, separator: str) -> tuple[Finding, ...]:
    """What to try when the header has more of another separator than of the one asked for."""
    header = read_text(file).partition("\n")[0]
    counted = {name: header.count(mark) for name, mark in SEPARATORS.items()}
    likely = max(counted, key=lambda name: counted[name])
    if counted[likely] <= counted[separator]:
        return ()
    return (Finding(file.name, 1, "CSV-006", f"The header looks separated by {likely}.", f"Try --separator {likely}."),)


def parse_column(table: CsvTable, column: str, *, subject: str = "") -> tuple[Measurement, ...]:
    """The numbers of a column, in the order of the rows.

    subject : the column that says whose value it is; the row's number when empty.
    Raises `Stop` naming every cell that is neither a number nor empty, at once.
    """
    wrong: list[str] = []
    found = [
        Measurement(name, _number(table, row.cells[column], row=row.number, column=column, wrong=wrong), row.number)
        for row, name in zip(_rows(table, column), parse_subjects(table, subject), strict=True)
    ]
    if wrong:
        raise Stop(Exit.INPUT, *wrong)
    return tuple(found)


def parse_subjects(table: CsvTable, column: str) -> tuple[str, ...]:
    """The subject of every row: the code in that column, or the row's number when none is named.

    Raises `Stop` for a row without a code.
    """
    if not column:
        return tuple(f"row {row.number}" for row in table.rows)
    codes = parse_words(table, column)
    if "" in codes:
        raise Stop(Exit.INPUT, f"{table.file}: row {codes.index('') + 1} has no {column}. Say whose values these are.")
    return codes


def parse_words(table: CsvTable, column: str) -> tuple[str, ...]:
    """The cells of a column as words, in the order of the rows."""
    return tuple(row.cells[column].strip() for row in _rows(table, column))


def parse_groups(table: CsvTable, value: str, group: str) -> dict[str, tuple[Measurement, ...]]:
    """The numbers of a column by the word beside them, groups in the order they first appear."""
    words = parse_words(table, group)
    numbers = parse_column(table, value)
    return {
        word: tuple(number for number, beside in zip(numbers, words, strict=True) if beside == word)
        for word in dict.fromkeys(words)
    }


def parse_pair(table: CsvTable, first: str, second: str) -> tuple[list[Decimal], list[Decimal], tuple[str, ...]]:
    """The rows that have both numbers, and what to say of those that have not."""
    early, late = parse_column(table, first), parse_column(table, second)
    both = [(a.value, b.value) for a, b in zip(early, late, strict=True) if a.value is not None and b.value is not None]
    left_out = tuple(
        f"Row {a.row} is left out: no {first if a.value is None else second}."
        for a, b in zip(early, late, strict=True)
        if a.value is None or b.value is None
    )
    return [a for a, _ in both], [b for _, b in both], left_out


def present(numbers: Sequence[Measurement]) -> list[Decimal]:
    """The numbers that are there."""
    return [number.value for number in numbers if number.value is not None]


def render_absent(numbers: Sequence[Measurement], column: str) -> tuple[str, ...]:
    """What to say of the rows without a number."""
    rows = [str(number.row) for number in numbers if number.value is None]
    return (f"{len(rows)} without {column}, left out: row {', '.join(rows)}.",) if rows else ()


def _rows(table: CsvTable, column: str) -> Sequence[Row]:
    if column not in table.columns:
        one = len(table.columns) == 1 and any(mark in table.columns[0] for mark in ";\t")
        hint = "Its header holds another separator: try --separator semicolon or tab." if one else ""
        raise Stop(
            Exit.USAGE,
            f'{table.file} has no column "{show(column)}". {hint or suggest(column, table.columns)}',
        )
    if not table.rows:
        raise Stop(Exit.INPUT, f"{table.file} has a header and no rows. There is nothing to compute.")
    return table.rows


def _number(table: CsvTable, cell: str, *, row: int, column: str, wrong: list[str]) -> Decimal | None:
    """The number of a cell; what is wrong with it is added to the list."""
    text = cell.strip()
    if text in ABSENT:
        return None
    try:
        return parse_number(text)
    except ValueError:
        hint = " Write decimals after a point." if "," in text else " Leave the cell empty where nothing was measured."
        wrong.append(f'{table.file}: row {row}, {column}: "{show(text)}" is not a number such as 12 or 1.5.{hint}')
        return None
