"""What a paper is made of: cells, sentences, tables and figures with their tables. Never here: a format."""

import msgspec

from firstbreath.paper.plot_values import Plot


class Cell(msgspec.Struct, frozen=True):
    """A printed text; `result` is the id of the row it renders, or empty for words that are no result."""

    text: str
    result: str = ""


class TableBlock(msgspec.Struct, frozen=True):
    """A table: its columns and its rows of cells."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


class Statement(msgspec.Struct, frozen=True):
    """A sentence of the text, in pieces: plain words and cells that render a row."""

    id: str
    pieces: tuple[Cell, ...]


class PlotBlock(msgspec.Struct, frozen=True):
    """Figures with the sentences and the table of the numbers they show; no figure and no line where there is none."""

    id: str
    title: str
    statements: tuple[Statement, ...]
    plots: tuple[Plot, ...]
    table: TableBlock
    notes: tuple[str, ...] = ()
