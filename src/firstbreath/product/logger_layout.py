"""Where the table is in a logger's file: what parts its columns, what each column is, what stands above it.

Names to know: `find_table`, `Table`.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from firstbreath.product.logger_cells import parse_clock, parse_day_parts, parse_number, split_cells, split_stamp

HEAD_LINES = 1000
SAMPLE_ROWS = 50
LONGEST_HEAD_LINE, LONGEST_PREFACE = 4000, 500
SEPARATORS = ("\t", ";", "|", ",")

_NO_READING = re.compile(r"[-–—*?]*|err(or)?\b.*|no\b.*|n/?a|nan|open|short\b.*|fail.*|fault.*|over.*|under.*", re.I)
_TIME = re.compile(r"time|date|zeit|datum|stamp|时间|日期|utc|gmt", re.I)
_WARM = re.compile(
    r"temp|°\s*[cf]\b|℃|℉|celsius|fahrenheit|deg\.?\s*[cf]\b|\breading\b|\bmesswert|\bwert\b|\bvalue\b|\bsensor"
    r"|\bprobe|\bchannel|\bch\.? ?\d|\bt\d?\b|温度", re.I
)  # fmt: skip
_NOT_WARM = re.compile(
    r"humid|\brh\b|%|feucht|dew|taupunkt|batter|volt|press|elapsed|limit|grenz|alarm|set ?point|\bm(in|ax|ean|kt)\b"
    r"|\bavg\b|average|kinetic|\blux\b|light|shock|unix|epoch|\bindex\b|hpa|湿度|序号|\bnos?\b|\bdeviation", re.I
)  # fmt: skip


class Table(msgspec.Struct, frozen=True):
    """The table in a file.

    first, header        index of its first row, and of the line that names its columns (-1: none does)
    preface              the lines above it, as they stand
    names                the name of each column, empty where it has none
    width                how many cells a row has
    date, clock          the columns of the time; the same when one holds both
    index                the column that numbers the rows, -1 when none does
    warm, plain, marks   the columns of temperature; of other numbers; of text about a reading
    """

    separator: str
    first: int
    header: int
    preface: tuple[str, ...]
    names: tuple[str, ...]
    width: int
    date: int
    clock: int
    index: int
    warm: tuple[int, ...]
    plain: tuple[int, ...]
    marks: tuple[int, ...]
    sample: tuple[tuple[str, ...], ...]

    def name(self, column: int) -> str:
        """The name of a column as it is shown."""
        named = self.names[column] if column < len(self.names) else ""
        return re.sub(r"\s+", " ", named) or f"column {column + 1}"

    def usual(self, column: int) -> str:
        """The text that a column has in every row of the sample; empty when it differs or is empty."""
        texts = {row[column] if column < len(row) else "" for row in self.sample}
        return texts.pop() if len(texts) == 1 and len(self.sample) > 1 else ""


def find_table(head: Sequence[str]) -> Table | None:
    """The table that begins within the first lines of a file, None when there is none."""
    for separator in SEPARATORS:
        rows = [split_cells(line[:LONGEST_HEAD_LINE], separator) for line in head]
        table = _find_rows(rows, separator)
        if table:
            return msgspec.structs.replace(table, preface=tuple(line[:LONGEST_PREFACE] for line in head[: table.first]))
    return None


def _find_rows(rows: list[list[str]], separator: str) -> Table | None:
    shapes = [_time_columns(cells) for cells in rows]
    place = 0
    while place < len(rows):
        shape = shapes[place]
        if shape is None:
            place += 1
            continue
        end = place
        while end < len(rows) and (shapes[end] == shape or not any(rows[end])):
            end += 1
        run = [cells for cells in rows[place:end] if any(cells)][:SAMPLE_ROWS]
        table = _describe(rows, (place, run), separator=separator, times=shape)
        if table:
            return table
        place = end
    return None


def _time_columns(cells: list[str]) -> tuple[int, int] | None:
    """The columns of date and clock; one of both is preferred to two."""
    for column, cell in enumerate(cells):
        date, clock = split_stamp(cell)
        if date and parse_clock(clock) and parse_day_parts(date):
            return column, column
    dates = [column for column, cell in enumerate(cells) if parse_day_parts(cell) and not parse_number(cell)]
    clocks = [column for column, cell in enumerate(cells) if ":" in cell and parse_clock(cell)]
    if not dates or not clocks:
        return None
    return dates[0], min(clocks, key=lambda column: abs(column - dates[0]))


def _describe(
    rows: list[list[str]], found: tuple[int, list[list[str]]], *, separator: str, times: tuple[int, int]
) -> Table | None:
    """The table of these rows, None when nothing in it can be a temperature or its time is only a remark."""
    first, run = found
    header, names = _find_names(rows, first, width=max(map(len, run)))
    width = len(run[0])
    columns = max(width, len(names))
    others = [column for column in range(columns) if column not in times]
    index = next((column for column in others if column < min(times) and _is_count(run, column)), -1)
    wordy = [column for column in others if column < min(times) and column != index and _is_wordy(run, column)]
    if wordy and not _TIME.search(names[times[0]] if times[0] < len(names) else ""):
        return None
    plain = {column for column in others if _is_numeric(run, column)}
    titled = [column for column in others if column < len(names) and _WARM.search(names[column])]
    warm = [column for column in titled if not _NOT_WARM.search(names[column]) and _can_be_warm(run, column)]
    if not warm:
        warm = [column for column in sorted(plain - {index}) if not _is_other(names, column, run)]
    if not warm:
        return None
    marks = [column for column in others if column not in plain | {index, *warm} and column not in wordy]
    marks = [column for column in marks if not (column < len(names) and re.search("elapsed", names[column], re.I))]
    return Table(
        separator, first, header, (), tuple(names), width, *times, index, tuple(warm),
        tuple(sorted(plain - {*warm, index})), tuple(marks), tuple(tuple(cells) for cells in run),
    )  # fmt: skip


def _find_names(rows: list[list[str]], first: int, *, width: int) -> tuple[int, list[str]]:
    """The line above the rows that names the columns, joined with the one above when it holds units alone."""
    above = [place for place in range(max(first - 4, 0), first) if any(rows[place])]
    if not above or not _names_columns(rows[above[-1]], width):
        return -1, []
    header = above[-1]
    names = list(rows[header])
    upper = rows[above[-2]] if len(above) > 1 else []
    if not any(_TIME.search(name) for name in names) and any(map(_TIME.search, upper)) and _names_columns(upper, width):
        size = max(len(names), len(upper))
        padded = [cells + [""] * (size - len(cells)) for cells in (upper, names)]
        names = [f"{name} {unit}".strip() for name, unit in zip(*padded, strict=True)]
    while len(names) > width and not names[-1]:
        names.pop()
    return header, names


def _names_columns(cells: list[str], width: int) -> bool:
    filled = [cell for cell in cells if cell]
    named = len(cells) >= min(width, 2) and bool(filled)
    known = any(_TIME.search(cell) or _WARM.search(cell) for cell in filled)
    return named and known and not any(parse_number(cell) or _time_columns([cell]) for cell in filled)


def _cells_of(run: list[list[str]], column: int) -> list[str]:
    return [cells[column] for cells in run if column < len(cells) and cells[column]]


def _is_count(run: list[list[str]], column: int) -> bool:
    """Whether a column numbers the rows: whole numbers that grow by one."""
    cells = _cells_of(run, column)
    if len(cells) != len(run) or not all(cell.isascii() and cell.isdecimal() and len(cell) < 10 for cell in cells):
        return False
    counts = [int(cell) for cell in cells]
    return all(later - former == 1 for former, later in pairwise(counts))


def _is_wordy(run: list[list[str]], column: int) -> bool:
    return any(not (cell.isascii() and cell.isdecimal()) for cell in _cells_of(run, column))


def _is_numeric(run: list[list[str]], column: int) -> bool:
    """Whether a column holds numbers; of five cells one may be damaged."""
    cells = _cells_of(run, column)
    numbers = [cell for cell in cells if parse_number(cell)]
    strange = [cell for cell in cells if not parse_number(cell) and not _NO_READING.fullmatch(cell)]
    return bool(numbers) and len(strange) <= len(cells) / 5


def _can_be_warm(run: list[list[str]], column: int) -> bool:
    """Whether a column that is named a temperature has any, or only cells that say there is none."""
    cells = _cells_of(run, column)
    return any(map(parse_number, cells)) or all(map(_NO_READING.fullmatch, cells))


def _is_other(names: list[str], column: int, run: list[list[str]]) -> bool:
    """Whether a numeric column that is not named a temperature surely is none: by its name, or far too large."""
    if column < len(names) and _NOT_WARM.search(names[column]):
        return True
    numbers = [number.value for cell in _cells_of(run, column) if (number := parse_number(cell))]
    return min(numbers) > 1000
