"""The paper as the data its PDF layout names: texts, shares of width, and places to link to.

Name to know: `layout_data`. Never here: a typst word.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from firstbreath.paper import background_table, groupings, outline
from firstbreath.paper.blocks import Cell, PlotBlock, Statement, TableBlock
from firstbreath.paper.document import Evidence, Paper
from firstbreath.paper.drawing import is_page_wide, render_figure_svg
from firstbreath.paper.figures import render_timeline_svg, render_timeline_text
from firstbreath.paper.plain import has_long_word
from firstbreath.paper.plot_values import Plot
from firstbreath.paper.plot_words import caption_of, describe_plot
from firstbreath.paper.rows import Result
from firstbreath.paper.swimmer import Timeline
from firstbreath.paper.timeline_table import timeline_columns, timeline_lines

Data = dict[str, Any]

ROW_COLUMNS = ("Printed", "Row", "Exact value", "Method", "Events")
EVENT_COLUMNS = ("No.", "Kind", "Who, written, occurred", "Source and record", "Chain hash")
SHORT = 1500
"""A claim of fewer characters stays on one page."""


class Places(msgspec.Struct, frozen=True):
    """Where a row or an event stands in the appendix; counted, so that no two places are alike."""

    rows: dict[str, str]
    events: dict[int, str]


def layout_data(paper: Paper) -> Data:
    """Everything the layout names."""
    places = Places(
        {row.id: f"row-{n}" for n, row in enumerate(paper.results)},
        {event.seq: f"event-{n}" for n, event in enumerate(paper.evidence)},
    )
    return _head_data(paper) | _body_data(paper, places) | _appendix_data(paper, places)


def _head_data(paper: Paper) -> Data:
    return {
        "title": paper.title,
        "trial": paper.trial,
        "kicker": " · ".join(part for part in (paper.trial, paper.registration) if part),
        "stamp": outline.stamp_of(paper),
        "head": outline.head_of(paper),
        "head_sentence": outline.head_sentence(paper),
        "facts": [(name, value, has_long_word(value)) for name, value in outline.facts_of(paper)],
        "sections": [
            {"id": section.id, "title": section.title, "lead": section.lead} for section in outline.sections_of(paper)
        ],
        "rows_title": outline.ROWS.title,
        "events_title": outline.EVENTS.title,
    }


def _body_data(paper: Paper, places: Places) -> Data:
    return {
        "flow": [_statement(step, places) for step in paper.flow],
        "numbers": _numbers(paper, places),
        "tables": [
            {"wide": wide, "tables": [_table(table, places) for table in run]}
            for wide, run in groupings.runs_of_tables(paper.tables)
        ],
        "timelines": [_timeline(timeline, places, stamp=outline.stamp_of(paper)) for timeline in paper.timelines],
        "endpoints": [_block(block, places, stamp=outline.stamp_of(paper)) for block in paper.endpoints],
        "rates": [_block(block, places, stamp=outline.stamp_of(paper)) for block in paper.rates],
        "background": _background(paper),
        "context": [_table(table, places) for table in paper.context],
        "claims": [_claims(group) for group in groupings.group_verdicts(paper.verdicts)],
        "silences": groupings.split_silences(paper.silences),
    }


def _appendix_data(paper: Paper, places: Places) -> Data:
    return {
        "row_columns": ROW_COLUMNS,
        "rows": [
            {"title": group.title, "rows": [_row(row, places) for row in group.rows]}
            for group in groupings.group_results(paper)
        ],
        "event_columns": EVENT_COLUMNS,
        "events_whole": groupings.stays_whole([[event.body, event.source, event.reason] for event in paper.evidence]),
        "events": [_event(event, places) for event in paper.evidence],
    }


def _piece(cell: Cell, places: Places) -> Data:
    return {"text": cell.text, "place": places.rows.get(cell.result, "")}


def _pieces(cells: Sequence[Cell], places: Places) -> list[Data]:
    return [_piece(cell, places) for cell in cells]


def _statement(statement: Statement, places: Places) -> Data:
    label, cells = groupings.split_label(statement)
    return {"label": label, "pieces": _pieces(cells, places), "leaving": statement.id in outline.LEAVING}


def _numbers(paper: Paper, places: Places) -> Data:
    """Long statements across the page, the others in two columns of equal length."""
    across = [_statement(statement, places) for statement in paper.statements if groupings.is_long(statement)]
    rest = [_statement(statement, places) for statement in paper.statements if not groupings.is_long(statement)]
    half = (len(rest) + 1) // 2
    return {"across": across, "halves": [rest[:half], rest[half:]]}


def _table(table: TableBlock, places: Places) -> Data:
    texts = [[cell.text for cell in line] for line in table.rows]
    return {
        "title": table.title,
        "columns": table.columns,
        "rows": [[[_piece(cell, places)] for cell in line] for line in table.rows],
        "notes": table.notes,
        "wide": groupings.is_wide(table),
        "sizes": groupings.column_shares(table.columns, texts),
        "whole": groupings.stays_whole(texts),
        "repeat": groupings.header_repeats(table.columns),
    }


def _timeline(timeline: Timeline, places: Places, *, stamp: str) -> Data:
    columns, lines = timeline_columns(timeline), timeline_lines(timeline)
    texts = [["".join(cell.text for cell in entry) for entry in line] for line in lines]
    return {
        "title": timeline.title,
        "caption": f"Days are counted from {timeline.origin}.",
        "svg": render_timeline_svg(timeline, text_as_paths=True, stamp=stamp),
        "alt": render_timeline_text(timeline),
        "columns": columns,
        "rows": [[_pieces(entry, places) for entry in line] for line in lines],
        "sizes": groupings.column_shares(columns, texts),
        "whole": groupings.stays_whole(texts),
        "repeat": groupings.header_repeats(columns),
    }


def _block(block: PlotBlock, places: Places, *, stamp: str) -> Data:
    """Plots for a column of the page in pairs, those for the whole page each alone."""
    return {
        "title": block.title,
        "statements": [_statement(statement, places) for statement in block.statements],
        "plots": [_plot(plot, stamp) for plot in block.plots if not is_page_wide(plot)],
        "wide_plots": [_plot(plot, stamp) for plot in block.plots if is_page_wide(plot)],
        "table": _table(block.table, places),
        "notes": block.notes,
    }


def _plot(plot: Plot, stamp: str) -> Data:
    svg = render_figure_svg(plot, text_as_paths=True, stamp=stamp)
    return {"svg": svg, "alt": describe_plot(plot), "caption": caption_of(plot)}


def _background(paper: Paper) -> Data:
    lines = background_table.background_lines(paper)
    texts = [[entry.text + entry.below for entry in line] for line in lines]
    return {
        "columns": background_table.BACKGROUND_COLUMNS,
        "rows": [[{"text": entry.text, "below": entry.below} for entry in line] for line in lines],
        "notes": background_table.BACKGROUND_NOTES,
        "sizes": background_table.BACKGROUND_SHARES,
        "whole": groupings.stays_whole(texts),
        "repeat": groupings.header_repeats(background_table.BACKGROUND_COLUMNS),
    }


def _claims(group: groupings.VerdictGroup) -> Data:
    return {
        "word": group.word,
        "title": f"{group.word.capitalize()}: {group.count}",
        "meaning": group.meaning,
        "count": group.count,
        "printed": str(group.count),
        "verdicts": [
            {
                "claim": verdict.claim,
                "verdict": verdict.verdict,
                "place": verdict.place,
                "working": verdict.working,
                "queries": verdict.queries,
                "short": len("".join((verdict.claim, verdict.place, verdict.working, *verdict.queries))) < SHORT,
            }
            for verdict in group.verdicts
        ],
    }


def _row(row: Result, places: Places) -> Data:
    return {
        "place": places.rows[row.id],
        "printed": row.printed,
        "id": row.id,
        "value": row.value,
        "method": row.method,
        "events": [{"text": str(seq), "place": places.events.get(seq, "")} for seq in row.sources],
    }


def _event(event: Evidence, places: Places) -> Data:
    return {
        "place": places.events[event.seq],
        "seq": str(event.seq),
        "kind": event.kind.replace("_", " "),
        "subject": event.subject or "the trial",
        "who": f"{event.actor}, {event.role}",
        "written": outline.render_written(event),
        "occurred": event.occurred or "time not stated",
        "source": event.source or "source not stated",
        "reason": event.reason,
        "body": outline.render_body(event),
        "hash": event.hash,
    }
