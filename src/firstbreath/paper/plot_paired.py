"""Values before and after, drawn: a line for each subject, its code at both ends, and the medians as bars.

Name to know: `draw_paired`. Never here: a number that is not of the plot.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.paper.plain import render_short
from firstbreath.paper.plot_looks import (
    LEAST,
    LINE,
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
    meaning_of,
    place,
    plain_axes,
    render_tick,
    shown_code,
    span_of,
    stamp_height,
    width_of,
    width_of_codes,
    with_unit,
    words,
)
from firstbreath.paper.plot_values import Marked, Pair, PairedPlot, direction_of
from firstbreath.paper.spreading import spread
from firstbreath.paper.swimlane_looks import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BAR, LEADER = 0.13, 0.25
"""Half the length of a median's bar and where the line to a label ends, as shares of the way from before to after."""

LEAST_COLUMN = 20.0
"""The least room for codes, in points: the words below the axes reach as far."""

LEGEND_COLUMNS = 3
LEAST_HEIGHT, MOST_HEIGHT = 2.1, 7.0


class Frame(msgspec.Struct, frozen=True):
    """The axes with what places things on them: `gap` is the height of a label in the unit of the values."""

    axes: Any
    plot: PairedPlot
    gap: float
    labelled: bool


class Column(msgspec.Struct, frozen=True):
    """Where a time stands: its place, the side of its labels, and its name."""

    at: float
    side: int
    name: str


BEFORE, AFTER = Column(0.0, -1, "Before"), Column(1.0, 1, "After")


def draw_paired(plot: PairedPlot, *, stamp: str = "") -> "Figure":
    """The figure: solid lines and full circles got better, dashed lines and open triangles worse."""
    from matplotlib.figure import Figure

    low, high = span_of([place(mark.value) for pair in plot.pairs for mark in (pair.before, pair.after) if mark])
    height = _height(plot)
    ticks = find_ticks(low, high, room=height)
    sheet = _sheet(plot, stamp, height=height, ticks=ticks)
    figure = Figure(figsize=(sheet.width, sheet.height))
    labelled = len(plot.pairs) <= MOST_LABELS
    frame = Frame(sheet.axes_on(figure), plot, (high - low) * (LINE - 0.6) / height, labelled)
    plain_axes(frame.axes, axis="y", sides=("left",), ticks=ticks)
    _set_axes(frame, sheet, span=(low, high))
    for pair in plot.pairs:
        _draw_pair(frame, pair)
    for column, median in ((BEFORE, plot.median_before), (AFTER, plot.median_after)):
        _draw_median(frame, median, column)
        if labelled:
            _draw_labels(frame, column)
    _draw_legend(frame)
    draw_stamp(figure, stamp)
    return figure


def _height(plot: PairedPlot) -> float:
    """The height of the axes in points: every code has a line of its own."""
    return min(max(LEAST_HEIGHT * POINTS, (len(plot.pairs) + 1) * LINE), MOST_HEIGHT * POINTS)


def _sheet(plot: PairedPlot, stamp: str, *, height: float, ticks: list[float]) -> Sheet:
    above, below = 6 + stamp_height(stamp), 32.0 + LINE * _legend_lines(plot)
    left = 22 + max((width_of(render_tick(tick), SMALL) for tick in ticks), default=0.0)
    return Sheet(ONE_COLUMN, (height + above + below) / POINTS, left, 4.0, above, below)


def _set_axes(frame: Frame, sheet: Sheet, *, span: tuple[float, float]) -> None:
    """The scale, both times with their medians below them, and a quiet line at each tick."""
    axes, plot = frame.axes, frame.plot
    room = sheet.width * POINTS - sheet.left - sheet.right
    codes = max(width_of_codes(pair.subject for pair in plot.pairs) if frame.labelled else 0.0, LEAST_COLUMN)
    edge = LEADER + (codes + 6) * (1 + 2 * LEADER) / max(room - 2 * (codes + 6), 1)
    axes.set_xlim(BEFORE.at - edge, AFTER.at + edge)
    axes.set_ylim(*span)
    axes.set_ylabel(with_unit(plot.label, plot.unit), labelpad=4, **words())
    for tick in axes.get_yticks():
        ends = [BEFORE.at - BAR, AFTER.at + BAR]
        axes.plot(ends, [tick, tick], color=PALETTE["rule"], linewidth=0.6, zorder=0)
    for column, median in ((BEFORE, plot.median_before), (AFTER, plot.median_after)):
        _write_below(axes, column.name, column, points=4, weight="bold")
        if median:
            told = f"median {render_short(median.printed, 14)}"
            link(_write_below(axes, told, column, points=14, fontsize=SMALL), median.result)


def _write_below(axes: Any, text: str, column: Column, *, points: float, **look: Any) -> Any:
    return axes.annotate(
        text, (column.at, 0), xycoords=axes.get_xaxis_transform(), xytext=(0, -points), textcoords="offset points",
        ha="center", va="top", **{**words(), **look},
    )  # fmt: skip


def sign_of(pair: Pair, plot: PairedPlot) -> str:
    """The direction of a pair, or `alone` when one of its values is missing."""
    return direction_of(pair.change.value, lower_is_better=plot.lower_is_better) if pair.change else "alone"


def _draw_pair(frame: Frame, pair: Pair) -> None:
    """A line with a marker at each end; open markers above full ones, so that none hides another."""
    sign = SIGNS[sign_of(pair, frame.plot)]
    if pair.before and pair.after and pair.change:
        ends = [place(pair.before.value), place(pair.after.value)]
        look = {"color": PALETTE[sign.colour], "linestyle": sign.dash, "linewidth": 1.0}
        (line,) = frame.axes.plot([BEFORE.at, AFTER.at], ends, zorder=2, **look)
        link(line, pair.change.result)
    for mark, column in ((pair.before, BEFORE), (pair.after, AFTER)):
        if mark:
            above = 3.0 if sign.filled else 3.2
            (drawn,) = frame.axes.plot([column.at], [place(mark.value)], zorder=above, **marker_of(sign))
            link(drawn, mark.result)


def _draw_median(frame: Frame, median: Marked | None, column: Column) -> None:
    if median:
        ends = [column.at - BAR, column.at + BAR]
        (bar,) = frame.axes.plot(
            ends, [place(median.value)] * 2, color=PALETTE["ink"], linewidth=2.6, zorder=2.5, solid_capstyle="butt"
        )
        link(bar, median.result)


def _draw_labels(frame: Frame, column: Column) -> None:
    """The codes beside a column of values, none on another, each with a thin line to its value."""
    marks = [(pair.subject, pair.before if column is BEFORE else pair.after) for pair in frame.plot.pairs]
    labelled = [(subject, place(mark.value)) for subject, mark in marks if mark]
    low, high = frame.axes.get_ylim()
    heights = spread(
        [value for _, value in labelled], gap=frame.gap, low=low + frame.gap / 2, high=high - frame.gap / 2
    )
    across = [column.at + column.side * BAR, column.at + column.side * LEADER]
    for (subject, value), height in zip(labelled, heights, strict=True):
        frame.axes.plot(across, [value, height], color=PALETTE["quiet"], linewidth=0.4, zorder=1)
        frame.axes.annotate(
            shown_code(subject), (across[1], height), xytext=(column.side * 2, 0), textcoords="offset points",
            ha="right" if column.side < 0 else "left", va="center_baseline", **words(size=LEAST),
        )  # fmt: skip


def _legend_lines(plot: PairedPlot) -> int:
    return 1 if len(_signs_in(plot)) < LEGEND_COLUMNS else 2


def _signs_in(plot: PairedPlot) -> list[str]:
    """The directions that are drawn, in the order of the legend."""
    found = {sign_of(pair, plot) for pair in plot.pairs if pair.before or pair.after}
    return [name for name in SIGNS if name in found]


def _draw_legend(frame: Frame) -> None:
    """What each line means, of those that are drawn, and the bar."""
    from matplotlib.lines import Line2D

    axes, plot = frame.axes, frame.plot
    shown = [
        (Line2D([], [], **_line_of(name)), meaning_of(name, lower_is_better=plot.lower_is_better))
        for name in _signs_in(plot)
    ]
    if plot.median_before or plot.median_after:
        shown.append((Line2D([], [], color=PALETTE["ink"], linewidth=2.6, solid_capstyle="butt"), "median"))
    below = -27 / (axes.get_position().height * axes.figure.get_figheight() * POINTS)
    axes.legend(
        [handle for handle, _ in shown], [told for _, told in shown], loc="upper center", frameon=False,
        bbox_to_anchor=(0.5, below), ncols=min(len(shown), LEGEND_COLUMNS) or 1, fontsize=LEAST, handlelength=2.4,
        columnspacing=1.4, handletextpad=0.6, borderpad=0, labelspacing=0.35, labelcolor=PALETTE["ink"],
    )  # fmt: skip


def _line_of(name: str) -> dict[str, Any]:
    sign = SIGNS[name]
    return {**marker_of(sign), "linestyle": sign.dash, "color": PALETTE[sign.colour], "linewidth": 1.0}
