"""Differences, drawn: a row for each subject in the order of the differences, and the typical change with its limits.

Name to know: `draw_differences`. Never here: a number that is not of the plot.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.paper.plain import render_short
from firstbreath.paper.plot_looks import (
    LEAST,
    MOST_LABELS,
    ONE_COLUMN,
    POINTS,
    SIGNS,
    SMALL,
    Sheet,
    draw_stamp,
    find_ticks,
    link,
    marker_of,
    place,
    plain_axes,
    shown_code,
    span_of,
    stamp_height,
    width_of,
    width_of_codes,
    with_unit,
    words,
)
from firstbreath.paper.plot_values import Change, ChangePlot, Typical, direction_of
from firstbreath.paper.swimlane_looks import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_HEIGHT = 7.0
ROOM = 0.25
"""The share of the axis that a word above it needs."""

TYPICAL_WORD, BOLD = "Typical", 1.15
"""The word beside the typical change; bold letters are so much wider."""

PITCH, TYPICAL = 11.2, 34.0
"""The height of a row and that of the typical change below the rows, in points."""


class Frame(msgspec.Struct, frozen=True):
    """The axes with what places things on them: the height of a row in points, and whether rows have codes."""

    axes: Any
    plot: ChangePlot
    pitch: float
    labelled: bool

    def rows(self, points: float) -> float:
        """So many points as rows."""
        return points / self.pitch


def draw_differences(plot: ChangePlot, *, stamp: str = "") -> "Figure":
    """The figure: each difference as a stem from zero, the typical change as a diamond on its interval."""
    from matplotlib.figure import Figure

    count = max(len(plot.changes), 1)
    below = TYPICAL if plot.typical else 0.0
    pitch = min(PITCH, (MOST_HEIGHT * POINTS - below) / count)
    sheet = _sheet(plot, stamp, height=count * pitch + below)
    figure = Figure(figsize=(sheet.width, sheet.height))
    frame = Frame(sheet.axes_on(figure), plot, pitch, len(plot.changes) <= MOST_LABELS)
    _set_axes(frame, sheet, rows=count + frame.rows(below))
    ordered = sorted(plot.changes, key=lambda change: (change.change.value, plot.changes.index(change)))
    for row, change in enumerate(ordered):
        _draw_change(frame, change, row=row)
    if plot.typical:
        _draw_typical(frame, plot.typical, row=count - 0.5 + frame.rows(11))
    _draw_directions(frame)
    draw_stamp(figure, stamp)
    return figure


def _sheet(plot: ChangePlot, stamp: str, *, height: float) -> Sheet:
    above, below = 18 + stamp_height(stamp), 30.0
    codes = [change.subject for change in plot.changes] if len(plot.changes) <= MOST_LABELS else []
    left = 12 + max(width_of_codes(codes), width_of(TYPICAL_WORD, LEAST) * BOLD)
    return Sheet(ONE_COLUMN, (height + above + below) / POINTS, left, 12.0, above, below)


def _set_axes(frame: Frame, sheet: Sheet, *, rows: float) -> None:
    """The scale with zero on it, and a quiet line at each tick as far down as the rows go."""
    axes, plot = frame.axes, frame.plot
    typical = plot.typical
    limits = [mark for mark in (typical.estimate, typical.lower, typical.upper) if mark] if typical else []
    marks = [*(change.change for change in plot.changes), *limits]
    low, high = span_of([0.0, *(place(mark.value) for mark in marks)], around=0.09)
    ticks = find_ticks(low, high, room=sheet.width * POINTS - sheet.left - sheet.right)
    plain_axes(axes, axis="x", sides=("bottom",), ticks=ticks)
    axes.set_xlim(low, high)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_xlabel(with_unit(f"Change in {plot.label}", plot.unit), labelpad=3, **words())
    ends = [-0.5, max(len(plot.changes), 1) - 0.5 + (frame.rows(18) if typical else 0)]
    for tick in ticks:
        if tick:
            axes.plot([tick, tick], ends, color=PALETTE["rule"], linewidth=0.6, zorder=0)
    axes.plot([0, 0], ends, color=PALETTE["ink"], linewidth=0.9, zorder=1)


def _draw_change(frame: Frame, change: Change, *, row: int) -> None:
    sign = SIGNS[direction_of(change.change.value, lower_is_better=frame.plot.lower_is_better)]
    value = place(change.change.value)
    look = {"color": PALETTE[sign.colour], "linestyle": sign.dash, "linewidth": 1.0}
    frame.axes.plot([0, value], [row, row], zorder=2, **look)
    (drawn,) = frame.axes.plot([value], [row], zorder=3, **marker_of(sign))
    link(drawn, change.change.result)
    if frame.labelled:
        _write_aside(frame, shown_code(change.subject), row)


def _write_aside(frame: Frame, text: str, row: float, **look: Any) -> None:
    frame.axes.annotate(
        text, (0, row), xycoords=frame.axes.get_yaxis_transform(), xytext=(-5, 0), textcoords="offset points",
        ha="right", va="center_baseline", annotation_clip=False, **words(size=LEAST, **look),
    )  # fmt: skip


def _draw_typical(frame: Frame, typical: Typical, *, row: float) -> None:
    """A diamond on a line between its limits; a side without a limit runs to the edge and ends in an arrow."""
    axes = frame.axes
    left, right = axes.get_xlim()
    room = (right - left) * 0.015
    estimate = place(typical.estimate.value)
    axes.axhline(row - frame.rows(9), color=PALETTE["quiet"], linewidth=0.5, zorder=0)
    if typical.lower or typical.upper:
        for limit, edge, arrow in ((typical.lower, left + room, "<"), (typical.upper, right - room, ">")):
            to = place(limit.value) if limit else edge
            (line,) = axes.plot([estimate, to], [row, row], color=PALETTE["ink"], linewidth=1.4, zorder=2)
            cap = {"marker": "|", "markersize": 7} if limit else {"marker": arrow, "markersize": 4}
            (ending,) = axes.plot([to], [row], color=PALETTE["ink"], linestyle="none", zorder=3, **cap)
            for drawn in (line, ending):
                link(drawn, limit.result if limit else "")
    (diamond,) = axes.plot(
        [estimate], [row], marker="D", markersize=5.5, color=PALETTE["ink"], linestyle="none", zorder=4
    )
    link(diamond, typical.estimate.result)
    _write_aside(frame, TYPICAL_WORD, row, weight="bold")
    below = {"ha": "center", "va": "center", "transform": axes.get_yaxis_transform()}
    axes.text(0.5, row + frame.rows(14), render_typical(typical), **below, **words(size=SMALL))


def render_typical(typical: Typical) -> str:
    """`-14 (-19.5 to -8.5; 95.3 %)`, as it is printed."""
    estimate = render_short(typical.estimate.printed, 14)
    if typical.lower is None and typical.upper is None:
        return f"{estimate} (no limits)"
    low, high = (render_short(limit.printed, 14) if limit else "no limit" for limit in (typical.lower, typical.upper))
    return f"{estimate} ({low} to {high}; {render_short(typical.level, 14)})"


def _draw_directions(frame: Frame) -> None:
    """Which side of zero is hoped for, in words above the axes."""
    axes, plot = frame.axes, frame.plot
    if plot.lower_is_better is None:
        return
    left, right = axes.get_xlim()
    zero = -left / (right - left)
    falls, rises = ("better", "worse") if plot.lower_is_better else ("worse", "better")
    above = {"va": "bottom", "xytext": (0, 3), "textcoords": "offset points", "xycoords": "axes fraction"}
    if zero > ROOM:
        axes.annotate(f"\N{LEFTWARDS ARROW} {falls}", (zero - 0.02, 1), ha="right", **above, **words("quiet", SMALL))
    if zero < 1 - ROOM:
        axes.annotate(f"{rises} \N{RIGHTWARDS ARROW}", (zero + 0.02, 1), ha="left", **above, **words("quiet", SMALL))
