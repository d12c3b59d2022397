"""The sections of the paper as parts of a Word document. Name to know: `WRITERS`, one function for each section."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from firstbreath.paper import background_table, groupings, outline
from firstbreath.paper.blocks import Cell, PlotBlock, TableBlock
from firstbreath.paper.document import Evidence, Paper
from firstbreath.paper.docx_parts import Run, Runs, add_runs, add_table, describe_picture, share_widths
from firstbreath.paper.docx_styles import text_width, turn_page
from firstbreath.paper.drawing import is_page_wide, render_figure_png
from firstbreath.paper.figures import render_timeline_png, render_timeline_text
from firstbreath.paper.plain import render_plain
from firstbreath.paper.plot_looks import ONE_COLUMN
from firstbreath.paper.plot_values import Plot
from firstbreath.paper.plot_words import caption_of, describe_plot
from firstbreath.paper.rows import Result
from firstbreath.paper.swimmer import Timeline
from firstbreath.paper.timeline_table import timeline_columns, timeline_lines

ROW_COLUMNS = ("Printed", "Row", "Exact value", "Method", "Events")
EVENT_COLUMNS = ("No.", "Kind", "Who and when", "Source and record", "Chain hash")
PICTURE_DPI, PLOT_DPI = 200, 300
TWIPS_PER_INCH = 1440


class Draft(msgspec.Struct, frozen=True):
    """The document being written, the paper it is of, and the bookmarks of rows and events."""

    document: Any
    paper: Paper
    rows: dict[str, str]
    events: dict[int, str]


def write_heading(draft: Draft, words: str, level: int) -> None:
    """A heading of the document; level 0 is its title."""
    draft.document.add_heading(render_plain(words), level)


def write_paragraph(draft: Draft, runs: Runs, style: str | None = None) -> None:
    """A paragraph of runs."""
    paragraph = draft.document.add_paragraph(style=style)
    add_runs(paragraph._p, runs)  # noqa: SLF001  # python-docx has no word for a link


def write_table(
    draft: Draft, columns: Sequence[str], lines: Sequence[Sequence[Runs]], *, shares: Sequence[int] = ()
) -> None:
    """A table as wide as the page; `shares` when its texts do not say how wide each column should be."""
    texts = [["".join(run.text for run in runs) for runs in line] for line in lines]
    shares = shares or groupings.column_shares(columns, texts)
    add_table(draft.document, columns, lines, widths=share_widths(shares, text_width(draft.document)))


def _runs(draft: Draft, cells: Sequence[Cell], look: str = "") -> Runs:
    return tuple(Run(cell.text, look, draft.rows.get(cell.result, "")) for cell in cells)


def _write_flow(draft: Draft) -> None:
    lines = [groupings.split_label(statement) for statement in draft.paper.flow]
    write_table(draft, ("Step", "People"), [((Run(label),), _runs(draft, cells, "strong")) for label, cells in lines])


def _write_numbers(draft: Draft) -> None:
    for statement in draft.paper.statements:
        write_paragraph(draft, _runs(draft, statement.pieces), "List Bullet")


def _write_tables(draft: Draft) -> None:
    for wide, run in groupings.runs_of_tables(draft.paper.tables):
        turn_page(draft.document, wide=wide)
        for table in run:
            _write_table_block(draft, table)
    turn_page(draft.document, wide=False)


def _write_table_block(draft: Draft, table: TableBlock) -> None:
    write_heading(draft, table.title, 2)
    lines = [
        [_runs(draft, (cell,), "" if place else "strong") for place, cell in enumerate(line)] for line in table.rows
    ]
    write_table(draft, table.columns, lines)
    for note in table.notes:
        write_paragraph(draft, (Run(note, "small"),))


def _write_timelines(draft: Draft) -> None:
    for timeline in draft.paper.timelines:
        _write_timeline(draft, timeline)


def _write_timeline(draft: Draft, timeline: Timeline) -> None:
    from docx.shared import Twips

    write_heading(draft, timeline.title, 2)
    png = render_timeline_png(timeline, dpi=PICTURE_DPI, stamp=outline.stamp_of(draft.paper))
    picture = draft.document.add_picture(io.BytesIO(png), width=Twips(text_width(draft.document)))
    told = {"title": timeline.title, "description": render_timeline_text(timeline)}
    describe_picture(picture._inline, name="Timeline", **told)  # noqa: SLF001
    write_paragraph(draft, (Run(f"Days are counted from {timeline.origin}.", "small"),))
    lines = [[_runs(draft, entry) for entry in line] for line in timeline_lines(timeline)]
    write_table(draft, timeline_columns(timeline), lines)


def _write_blocks(draft: Draft, blocks: Sequence[PlotBlock]) -> None:
    for block in blocks:
        write_heading(draft, block.title, 2)
        for statement in block.statements:
            write_paragraph(draft, _runs(draft, statement.pieces), "List Bullet")
        for plot in block.plots:
            _write_plot(draft, plot)
        if block.table.rows:
            write_heading(draft, block.table.title, 3)
            write_table(
                draft, block.table.columns, [[_runs(draft, [cell]) for cell in line] for line in block.table.rows]
            )
        for note in (*block.table.notes, *block.notes):
            write_paragraph(draft, (Run(note, "small"),))


def _write_plot(draft: Draft, plot: Plot) -> None:
    """The drawing in its own size, at most as wide as the text, and its caption."""
    from docx.shared import Twips

    png = render_figure_png(plot, dpi=PLOT_DPI, stamp=outline.stamp_of(draft.paper))
    width = Twips(text_width(draft.document)) if is_page_wide(plot) else Twips(int(ONE_COLUMN * TWIPS_PER_INCH))
    picture = draft.document.add_picture(io.BytesIO(png), width=width)
    told = {"title": plot.title, "description": describe_plot(plot)}
    describe_picture(picture._inline, name="Figure", **told)  # noqa: SLF001
    write_paragraph(draft, (Run(caption_of(plot), "small"),))


def _write_background(draft: Draft) -> None:
    entries = background_table.background_lines(draft.paper)
    columns = background_table.BACKGROUND_COLUMNS
    if entries:
        shares = background_table.BACKGROUND_SHARES
        write_table(draft, columns, [[_entry(entry) for entry in line] for line in entries], shares=shares)
        for note in background_table.BACKGROUND_NOTES:
            write_paragraph(draft, (Run(note, "small"),))
    for table in draft.paper.context:
        _write_table_block(draft, table)


def _entry(entry: background_table.Entry) -> Runs:
    return (Run(entry.text), Run(f"\n{entry.below}", "small")) if entry.below else (Run(entry.text),)


def _write_claims(draft: Draft) -> None:
    groups = groupings.group_verdicts(draft.paper.verdicts)
    counts = [((Run(group.word, "strong"),), (Run(str(group.count)),), (Run(group.meaning),)) for group in groups]
    write_table(draft, ("Verdict", "Claims", "Meaning"), counts)
    for group in groups:
        write_heading(draft, f"{group.word.capitalize()}: {group.count}", 2)
        for verdict in group.verdicts:
            write_heading(draft, verdict.claim, 3)
            write_paragraph(draft, (Run(f"{verdict.verdict}. ", "strong"), Run(verdict.place, "small")))
            write_paragraph(draft, (Run(verdict.working),))
            for query in verdict.queries:
                write_paragraph(draft, (Run("To be asked: ", "strong"), Run(query)), "List Bullet")


def _write_silences(draft: Draft) -> None:
    lines = [((Run(place, "strong"),), (Run(note),)) for place, note in groupings.split_silences(draft.paper.silences)]
    write_table(draft, ("Place", "What is left open"), lines, shares=(1, 3))


def _write_evidence(draft: Draft) -> None:
    write_heading(draft, outline.ROWS.title, 2)
    for group in groupings.group_results(draft.paper):
        write_heading(draft, group.title, 3)
        write_table(draft, ROW_COLUMNS, [_row(draft, row) for row in group.rows], shares=(4, 6, 4, 6, 4))
    write_heading(draft, outline.EVENTS.title, 2)
    write_table(draft, EVENT_COLUMNS, [_event(draft, event) for event in draft.paper.evidence], shares=(2, 5, 6, 12, 7))


def _row(draft: Draft, row: Result) -> tuple[Runs, ...]:
    events = tuple(Run(f"{seq} ", "small", draft.events.get(seq, "")) for seq in row.sources)
    printed = Run(row.printed, "strong", mark=draft.rows[row.id])
    return (printed,), (Run(row.id, "code"),), (Run(row.value),), (Run(row.method),), events


def _event(draft: Draft, event: Evidence) -> tuple[Runs, ...]:
    when = f"\n{outline.render_written(event)}\n{event.occurred or 'time not stated'}"
    record = "".join(f"\n{part}" for part in (event.reason, outline.render_body(event)) if part)
    return (
        (Run(str(event.seq), "strong", mark=draft.events[event.seq]),),
        (Run(event.kind.replace("_", " ")), Run(f"\n{event.subject or 'the trial'}", "small")),
        (Run(f"{event.actor}, {event.role}"), Run(when, "small")),
        (Run(event.source or "source not stated"), Run(record, "code")),
        (Run(event.hash, "code"),),
    )


WRITERS: dict[str, Callable[[Draft], None]] = {
    "flow": _write_flow,
    "numbers": _write_numbers,
    "tables": _write_tables,
    "timelines": _write_timelines,
    "endpoints": lambda draft: _write_blocks(draft, draft.paper.endpoints),
    "rates": lambda draft: _write_blocks(draft, draft.paper.rates),
    "background": _write_background,
    "claims": _write_claims,
    "silences": _write_silences,
    "evidence": _write_evidence,
}
