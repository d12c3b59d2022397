"""Rows of a table: those that meet a rule, the entries of their cells, and the names of their subjects."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from firstbreath.paper.claims.references import Cells, Columns, Numbers, Rows
from firstbreath.paper.claims.tables import parse_number
from firstbreath.paper.claims.values import ClaimFolder, Source, Table
from firstbreath.protocol.rules import Rule, Value, evaluate_rule, parse_rule

COUNT, WORDS = "_count", "_words"


class Selection(Struct, frozen=True):
    """Rows by place (0-based): those spoken of, those that meet a rule, and those of which it is unknown."""

    table: Table
    among: tuple[int, ...]
    met: tuple[int, ...]
    unknown: tuple[int, ...]
    columns: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The cells the rule read, in the rows that meet it or are unknown."""
        return read_cells(self, tuple(sorted((*self.met, *self.unknown))))


def select(folder: ClaimFolder, rows: Rows | Numbers | Cells | Columns) -> Selection:
    """The rows of a folder's table that meet a reference's rule, within the rows it speaks of."""
    table = folder.tables[rows.file]
    chosen = select_rows(table, rows.where)
    if not isinstance(rows, Rows) or not rows.among:
        return chosen
    among = select_rows(table, rows.among).met
    within = frozenset(among)
    return Selection(
        table=table,
        among=among,
        met=tuple(row for row in chosen.met if row in within),
        unknown=tuple(row for row in chosen.unknown if row in within),
        columns=chosen.columns,
    )


def select_rows(table: Table, where: str) -> Selection:
    """The rows that meet a rule, all when it is empty; a missing cell makes a row unknown.

    Raises `RuleError` when the text is not a rule.
    """
    every = tuple(range(len(table.rows)))
    if not where.strip():
        return Selection(table, every, every, (), ())
    rule = parse_rule(where)
    truths = [evaluate_rule(rule, _values(table, cells, rule)).truth for cells in table.rows]
    return Selection(
        table=table,
        among=every,
        met=tuple(row for row, truth in enumerate(truths) if truth),
        unknown=tuple(row for row, truth in enumerate(truths) if truth is None),
        columns=tuple(dict.fromkeys(base_column(name, table.columns) for name in rule.names)),
    )


def base_column(name: str, columns: tuple[str, ...]) -> str:
    """The column a name in a rule reads: itself, or the one before `_count` or `_words`."""
    for ending in (COUNT, WORDS):
        if name not in columns and name.removesuffix(ending) in columns:
            return name.removesuffix(ending)
    return name


def _values(table: Table, cells: tuple[str, ...], rule: Rule) -> Mapping[str, Value]:
    """What the names of a rule stand for in one row; a missing cell has no value."""
    values: dict[str, Value] = {}
    for name in rule.names:
        column = base_column(name, table.columns)
        text = cells[table.columns.index(column)].strip()
        if text not in table.spec.missing:
            values[name] = _value(table, text, name=name, column=column)
    return values


def _value(table: Table, text: str, *, name: str, column: str) -> Value:
    if name != column and name.endswith(WORDS):
        return tuple(re.findall(r"[^\W_]+", text.casefold()))
    if name != column:
        return Decimal(len(split_entries(table, text)))
    if column in table.spec.lists:
        entries = split_entries(table, text)
        return (*entries, *(entry.casefold() for entry in entries))
    number = parse_number(text)
    return text if number is None else number


def split_entries(table: Table, text: str) -> tuple[str, ...]:
    """The entries of a cell that holds several, separated by `;`; none for the table's word for none."""
    entries = tuple(entry.strip() for entry in text.split(";"))
    return tuple(entry for entry in entries if entry and entry not in table.spec.none)


def read_cell(table: Table, row: int, column: str) -> Source:
    """One cell with its place in the paper."""
    cells = table.rows[row]
    place = cells[table.columns.index(table.spec.place)] if table.spec.place in table.columns else ""
    return Source(table.spec.file, row + 1, column, cells[table.columns.index(column)], place)


def read_cells(chosen: Selection, rows: tuple[int, ...]) -> tuple[Source, ...]:
    """The cells a rule read, in the rows given; the first column where there is no rule."""
    columns = chosen.columns or (chosen.table.columns[0],)
    return tuple(read_cell(chosen.table, row, column) for row in rows for column in columns)


def name_rows(table: Table, rows: Iterable[int]) -> tuple[str, ...]:
    """The subjects of rows by code, each once, or the rows by number when the table names no subject."""
    if table.spec.subject not in table.columns:
        return tuple(f"row {row + 1}" for row in rows)
    place = table.columns.index(table.spec.subject)
    return tuple(dict.fromkeys(table.rows[row][place] for row in rows))


def read_column(folder: ClaimFolder, cells: Numbers | Cells) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The printed cells of a column in the rows chosen, and the names of the rows where it is missing."""
    chosen = select(folder, cells)
    found = [(row, read_cell(chosen.table, row, cells.column)) for row in chosen.met]
    missing = chosen.table.spec.missing
    absent = [row for row, cell in found if cell.value.strip() in missing]
    present = tuple(cell for _, cell in found if cell.value.strip() not in missing)
    return present, name_rows(chosen.table, absent)
