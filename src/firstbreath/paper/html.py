"""The paper as one HTML file: styles and figures inside, no script, nothing fetched; every number leads to its events.

Name to know: `render_html`. Never here: a text marked as safe that this project did not write itself.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from firstbreath.paper import background_table, groupings, outline
from firstbreath.paper.blocks import Cell, PlotBlock
from firstbreath.paper.document import Paper
from firstbreath.paper.drawing import is_page_wide, render_figure_svg
from firstbreath.paper.figures import render_timeline_svg
from firstbreath.paper.plain import anchor, has_long_word, render_plain
from firstbreath.paper.plot_words import caption_of
from firstbreath.paper.swimlane_looks import PALETTE
from firstbreath.paper.swimmer import Timeline
from firstbreath.paper.timeline_table import timeline_columns, timeline_lines

WORDY = 36
"""Texts of more characters than this need a column of some width."""


def render_html(paper: Paper) -> str:
    """The paper as one self-contained HTML document, the same for the same paper."""
    return _environment().get_template("paper.html").render(_view(paper))


@cache
def _environment() -> Environment:
    """Templates that escape every text and know no unknown name."""
    environment = Environment(
        loader=PackageLoader("firstbreath.paper", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "row": lambda name: anchor("r", name),
        "event": lambda seq: anchor("e", str(seq)),
        "use": lambda name: anchor("u", name),
        "part": lambda name: anchor("p", name),
        "claim": lambda name: anchor("c", name),
        "verdict": lambda word: anchor("v", word.replace(" ", "-")),
        "wide": groupings.is_wide,
        "long": groupings.is_long,
        "split_label": groupings.split_label,
        "long_word": has_long_word,
        "wordy": lambda text: len(text) > WORDY,
        "written": outline.render_written,
        "values_used": groupings.group_sources,
    }
    return environment


def _finalize(value: Any) -> Any:
    """What goes into a page: markup as it is, text with its invisible characters written out."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else render_plain(value)


def _view(paper: Paper) -> dict[str, Any]:
    """Everything the templates name."""
    figures = [_figure(timeline, outline.stamp_of(paper)) for timeline in paper.timelines]
    return {
        "paper": paper,
        "stamp": outline.stamp_of(paper),
        "outline": outline,
        "background_table": background_table,
        "sections": outline.sections_of(paper),
        "facts": outline.facts_of(paper),
        "groups": groupings.group_verdicts(paper.verdicts),
        "silences": groupings.split_silences(paper.silences),
        "background": background_table.background_lines(paper),
        "row_groups": groupings.group_results(paper),
        "figures": figures,
        "endpoints": [_plotted(block, outline.stamp_of(paper)) for block in paper.endpoints],
        "rates": [_plotted(block, outline.stamp_of(paper)) for block in paper.rates],
        "resting": _rows_by_event(paper),
        "rows": {row.id for row in paper.results},
        "printed": _printed_rows(paper, figures),
        "seqs": {event.seq for event in paper.evidence},
        "first_use": _first_use(),
        "page_css": Markup(render_page_css(paper)),  # noqa: S704  # every text in it is escaped below
    }


class Figure(msgspec.Struct, frozen=True):
    """A timeline with its drawing and its table."""

    timeline: Timeline
    svg: Markup
    columns: tuple[str, ...]
    lines: tuple[tuple[tuple[Cell, ...], ...], ...]


def _figure(timeline: Timeline, stamp: str) -> Figure:
    svg = Markup(_theme(render_timeline_svg(timeline, stamp=stamp)))  # noqa: S704  # matplotlib escapes its texts
    return Figure(timeline, svg, timeline_columns(timeline), timeline_lines(timeline))


class Drawing(msgspec.Struct, frozen=True):
    """A plot drawn, its caption, and whether it takes the width of the page."""

    svg: Markup
    caption: str
    wide: bool


class Plotted(msgspec.Struct, frozen=True):
    """A block with its plots drawn."""

    block: PlotBlock
    drawings: tuple[Drawing, ...]


def _plotted(block: PlotBlock, stamp: str) -> Plotted:
    drawings = (
        Drawing(Markup(_theme(render_figure_svg(plot, stamp=stamp))), caption_of(plot), is_page_wide(plot))  # noqa: S704  # matplotlib escapes its texts
        for plot in block.plots
    )
    return Plotted(block, tuple(drawings))


def _printed_rows(paper: Paper, figures: Sequence[Figure]) -> set[str]:
    """The rows that a sentence, a table or a figure prints: a reader can go back to that place."""
    blocks = (*paper.endpoints, *paper.rates)
    told = (*paper.flow, *paper.statements, *(statement for block in blocks for statement in block.statements))
    statements = [cell for statement in told for cell in statement.pieces]
    listed = (*paper.tables, *(block.table for block in blocks), *paper.context)
    tables = [cell for table in listed for line in table.rows for cell in line]
    drawn = [cell for figure in figures for line in figure.lines for entry in line for cell in entry]
    return {cell.result for cell in (*statements, *tables, *drawn) if cell.result}


def _theme(svg: str) -> str:
    """The drawing with its colours as variables that the page sets for light and dark; the palette is the fallback."""
    for role, colour in PALETTE.items():
        svg = svg.replace(f'fill="{colour}"', f'style="fill: {colour}"')
        svg = re.sub(rf": {colour}\b", f": var(--f-{role}, {colour})", svg)
    return svg


def _rows_by_event(paper: Paper) -> dict[int, list[str]]:
    """For each event the rows that rest on it, in the order of the paper."""
    found: dict[int, list[str]] = {event.seq: [] for event in paper.evidence}
    for row in paper.results:
        for seq in row.sources:
            found.setdefault(seq, []).append(row.id)
    return found


def _first_use() -> Callable[[str], str]:
    """Says for a row the id of the first place that prints it, once; a page may not hold an id twice."""
    seen: set[str] = set()

    def first_use(result: str) -> str:
        new = result not in seen
        seen.add(result)
        return anchor("u", result) if new else ""

    return first_use


def render_page_css(paper: Paper) -> str:
    """What stands in the margins of every printed page: the stamp, the head, and the page's number."""
    head = _css_text(outline.head_of(paper))
    stamp = _css_text(outline.stamp_of(paper))
    return (
        f"@page {{ @top-left {{ content: {stamp}; }} @bottom-left {{ content: {head}; }} "
        '@bottom-right { content: counter(page) " / " counter(pages); } }'
    )


def _css_text(text: str) -> str:
    """A CSS string in which nothing but letters and digits stands for itself."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'
