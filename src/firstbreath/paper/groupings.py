"""The parts of a paper in the order of reading: claims by verdict, rows by table, wide tables together.

Names to know: `group_verdicts`, `group_results`, `column_shares`. Never here: a format.
"""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from firstbreath.paper.blocks import Cell, Statement, TableBlock
from firstbreath.paper.claims import VERDICTS, Verdict, VerdictWord
from firstbreath.paper.document import Paper
from firstbreath.paper.outline import FLOW, NUMBERS, VERDICT_WORDS
from firstbreath.paper.plain import LONG_WORD
from firstbreath.paper.rows import Result

WIDE = 6
"""A table of more columns than this is set on a page of its own, lying on its side."""


class VerdictGroup(msgspec.Struct, frozen=True):
    """The claims of one verdict, what it means, and how many they are."""

    word: VerdictWord
    meaning: str
    count: int
    verdicts: tuple[Verdict, ...]


def group_verdicts(verdicts: Sequence[Verdict]) -> tuple[VerdictGroup, ...]:
    """The claims by verdict, those to read first first; a verdict nobody got is left out."""
    order = (*VERDICT_WORDS, *(word for word in VERDICTS if word not in VERDICT_WORDS))
    found = [(word, tuple(verdict for verdict in verdicts if verdict.verdict == word)) for word in order]
    return tuple(VerdictGroup(word, VERDICT_WORDS.get(word, ""), len(group), group) for word, group in found if group)


def group_sources(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The values a verdict rests on, by file and column: `table2.csv, age_years` and the values in order."""
    found: dict[str, list[str]] = {}
    for source in verdict.sources:
        where = ", ".join(part for part in (source.file, source.column) if part)
        found.setdefault(where or "the claim itself", []).append(source.value)
    return tuple((where, " · ".join(values)) for where, values in found.items())


class RowGroup(msgspec.Struct, frozen=True):
    """The rows of one part of the paper."""

    id: str
    title: str
    rows: tuple[Result, ...]


def group_results(paper: Paper) -> tuple[RowGroup, ...]:
    """The rows by the part of the paper they belong to, in its order."""
    titles = {"FLOW": FLOW.title, "EX": "Doses given", "S": NUMBERS.title}
    titles |= {table.id: table.title for table in paper.tables}
    titles |= {timeline.id: timeline.title for timeline in paper.timelines}
    titles |= {block.id: block.title for block in paper.endpoints}
    found: dict[str, list[Result]] = {}
    for row in paper.results:
        found.setdefault(_part_of(row), []).append(row)
    return tuple(RowGroup(part, titles.get(part, part), tuple(rows)) for part, rows in found.items())


def _part_of(row: Result) -> str:
    """What a row's id begins with: the part of the paper it belongs to, an endpoint with its own id."""
    first, *rest = row.id.split(".", maxsplit=2)
    return f"{first}.{rest[0]}" if first == "E" and rest else first


def split_silences(silences: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """For each silence its place in the protocol and the note: `Criterion I2` and what is not printed about it."""
    parts = (silence.partition(": ") for silence in silences)
    return tuple((place, note) if colon else ("", place) for place, colon, note in parts)


def split_label(statement: Statement) -> tuple[str, tuple[Cell, ...]]:
    """The words before the first colon, and the pieces after it: `Age` and `median 57 years`."""
    first, *rest = statement.pieces
    label, colon, more = first.text.partition(": ")
    if first.result or not colon:
        return "", statement.pieces
    return label, tuple(piece for piece in (Cell(more), *rest) if piece.text)


def is_long(statement: Statement) -> bool:
    """Whether a statement needs a line across the page: it holds more than a count and what it is out of."""
    return sum(bool(piece.result) for piece in statement.pieces) > len(("k", "n"))


def runs_of_tables(tables: Sequence[TableBlock]) -> tuple[tuple[bool, tuple[TableBlock, ...]], ...]:
    """The tables in order, those that need a page on its side together where they follow on each other."""
    return tuple((wide, tuple(run)) for wide, run in groupby(tables, key=is_wide))


def is_wide(table: TableBlock) -> bool:
    """Whether a table needs a page on its side."""
    return len(table.columns) > WIDE


SHARE_LEAST, SHARE_MOST = 5, 40
WHOLE = 700
"""A row whose texts are all shorter than this stays on one page."""


def stays_whole(lines: Sequence[Sequence[str]]) -> bool:
    """Whether every row of a table fits on a page and is kept on one."""
    return all(len(text) < WHOLE for line in lines for text in line)


HEADER = 200
"""A header whose names are all shorter than this is repeated on every page."""


def header_repeats(columns: Sequence[str]) -> bool:
    """Whether a table's header is small enough to stand on every page."""
    return all(len(name) < HEADER for name in columns)


def column_shares(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """How wide each column is set, as shares: its longest word or three fifths of its usual text, within bounds.

    lines  the texts of each row, by column; a word that may break does not count
    """
    shares = []
    for place, name in enumerate(columns):
        texts = [line[place] for line in lines if place < len(line) and line[place]]
        words = [len(word) for text in (name, *texts) for word in text.split()]
        word = max((length for length in words if length <= LONG_WORD), default=0)
        usual = sum(len(text) for text in texts) * 3 // (5 * max(len(texts), 1))
        shares.append(min(max(word + 1, usual, SHARE_LEAST), SHARE_MOST))
    return tuple(shares)
