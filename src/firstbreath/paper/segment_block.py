"""The reading by segment as a part of the paper: the map of the lungs, and the table of the numbers in it.

Names to know: `compose_segments`, `plot_segments`. Never here: a number that is not a row.
"""

from collections.abc import Mapping
from fractions import Fraction

from firstbreath.paper.blocks import Cell, PlotBlock, TableBlock
from firstbreath.paper.lung_shapes import SHAPES, name_of
from firstbreath.paper.plot_values import LungPlot, Marked, SegmentChange
from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Charter, Endpoint, Protocol

NOTE = "Of the scores that count; a segment that could not be evaluated is left out, and counts as nothing."
PARTS = ("n", "before", "after", "lower", "higher")
COLUMNS = ("Segment", "Where", "Patients", "Median before", "Median after", "Fell in", "Rose in")


def compose_segments(protocol: Protocol, endpoint: Endpoint, rows: Mapping[str, Result]) -> PlotBlock:
    """The part of the paper on one endpoint by segment; no figure where the map has none of the charter's segments.

    rows  all rows of the paper, by id
    """
    plot = plot_segments(protocol.charter, endpoint, rows) if protocol.charter else None
    table = _table(protocol, endpoint, rows)
    name = f"READ.{endpoint.id}.map"
    return PlotBlock(name, f"{endpoint.label}: where it changed", (), (plot,) if plot else (), table, (NOTE,))


def plot_segments(charter: Charter, endpoint: Endpoint, rows: Mapping[str, Result]) -> LungPlot | None:
    """The figure from the rows of the segments; None where the map has no place for any of them."""
    named = [each.id for each in charter.segments if _row_id(endpoint, each.id, "n") in rows]
    drawn = tuple(_change(endpoint, each, rows) for each in named if each in SHAPES)
    if not drawn:
        return None
    return LungPlot(
        id=f"READ.{endpoint.id}.map",
        title=f"{endpoint.label} by segment of the lungs",
        label=endpoint.label,
        unit=endpoint.unit,
        lower_is_better=None if endpoint.better is None else endpoint.better == "lower",
        largest=max((score.points for score in charter.scores), default=0),
        segments=drawn,
        elsewhere=tuple(each for each in named if each not in SHAPES),
    )


def _row_id(endpoint: Endpoint, segment: str, part: str) -> str:
    return f"READ.segment.{endpoint.id}.{segment}.{part}"


def _change(endpoint: Endpoint, segment: str, rows: Mapping[str, Result]) -> SegmentChange:
    n, before, after, fell, rose = (rows[_row_id(endpoint, segment, part)] for part in PARTS)
    return SegmentChange(
        segment=segment,
        patients=_marked(n),
        before=_marked(before) if before.value else None,
        after=_marked(after) if after.value else None,
        fell=_marked(fell),
        rose=_marked(rose),
    )


def _marked(row: Result) -> Marked:
    return Marked(Fraction(row.value), row.printed, row.id)


def _table(protocol: Protocol, endpoint: Endpoint, rows: Mapping[str, Result]) -> TableBlock:
    """Every segment of the charter, also those that the map does not have."""
    lines = tuple(
        (
            Cell(name_of(segment.id)),
            Cell(f"{segment.lobe}, {segment.label}"),
            *(_cell(rows, _row_id(endpoint, segment.id, part)) for part in PARTS),
        )
        for segment in (protocol.charter.segments if protocol.charter else ())
    )
    return TableBlock(f"READ.{endpoint.id}.segments", f"{endpoint.label} by segment", COLUMNS, lines)


def _cell(rows: Mapping[str, Result], name: str) -> Cell:
    return Cell(rows[name].printed, name) if name in rows else Cell(ABSENT)
