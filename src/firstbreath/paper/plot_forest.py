"""Rates, drawn one below the other: a square on its exact limits, with the numbers printed at the right.

Name to know: `draw_forest`. Never here: a number that is not of the plot, or a pooled rate.
"""

import textwrap
from typing import TYPE_CHECKING, Any

from firstbreath.paper.plain import render_plain, render_short
from firstbreath.paper.plot_looks import (
    POINTS,
    SMALL,
    TWO_COLUMNS,
    Sheet,
    draw_stamp,
    link,
    place,
    plain_axes,
    stamp_height,
    width_of,
    words,
)
from firstbreath.paper.plot_values import ForestPlot, Marked, Rate
from firstbreath.paper.swimlane_looks import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW, TALL_ROW = 14.0, 21.0
"""The height of a row, in points; and where a label takes two lines."""

LEFT, RIGHT = 190.0, 112.0
COUNTS = -10.0
"""Where counts end, in points from the axes."""

LONGEST_LABEL, LABEL_ROOM = 36, 140.0
"""A line of a label: in letters, and the room for it in points."""

WHOLE = 100


def draw_forest(plot: ForestPlot, *, stamp: str = "") -> "Figure":
    """The figure: label and count at the left, rate and limits drawn in the middle and printed at the right."""
    from matplotlib.figure import Figure

    sheet = _sheet(plot, stamp)
    figure = Figure(figsize=(sheet.width, sheet.height))
    axes = sheet.axes_on(figure)
    _set_axes(axes, plot)
    _write_heads(axes, plot)
    for row, rate in enumerate(plot.rates):
        _draw_rate(axes, rate, row=row)
    draw_stamp(figure, stamp)
    return figure


def _sheet(plot: ForestPlot, stamp: str) -> Sheet:
    above, below = 20 + stamp_height(stamp), 30.0
    row = TALL_ROW if any("\n" in lines_of(rate.label) for rate in plot.rates) else ROW
    high = max(len(plot.rates), 1) * row + above + below
    return Sheet(TWO_COLUMNS, high / POINTS, LEFT, RIGHT, above, below)


def lines_of(label: str) -> str:
    """A label on one line, or on two; longer ones end in an ellipsis."""
    shown = render_short(label, 3 * LONGEST_LABEL)
    for letters in range(LONGEST_LABEL, 0, -2):
        lines = textwrap.wrap(shown, letters, max_lines=2, placeholder="…")
        if max(width_of(line, SMALL) for line in lines or [""]) <= LABEL_ROOM:
            break
    return "\n".join(lines)


def _set_axes(axes: Any, plot: ForestPlot) -> None:
    ticks = [float(tick) for tick in range(0, WHOLE + 1, WHOLE // 5)]
    plain_axes(axes, axis="x", sides=("bottom",), ticks=ticks)
    axes.set_xlim(-2, WHOLE + 2)
    axes.set_ylim(max(len(plot.rates), 1) - 0.5, -0.5)
    axes.set_xlabel("Subjects with the event (%)", labelpad=3, **words())
    for tick in ticks:
        axes.axvline(tick, color=PALETTE["rule"], linewidth=0.6, zorder=0)


def _write(axes: Any, text: str, row: int | None, *, points: float, aligned: str, **look: Any) -> Any:
    """A text beside a row, or above all of them: so many points left of the axes (below zero) or right of them."""
    edge = 0 if points < 0 else 1
    where, across, up = ((edge, 1), "axes fraction", 8) if row is None else ((edge, row), axes.get_yaxis_transform(), 0)
    return axes.annotate(
        render_plain(text), where, xycoords=across, xytext=(points, up), textcoords="offset points",
        ha=aligned, va="center", linespacing=1.05, annotation_clip=False, **{**words(size=SMALL), **look},
    )  # fmt: skip


def _write_heads(axes: Any, plot: ForestPlot) -> None:
    bold = words(size=SMALL, weight="bold")
    for text, points, aligned in (
        ("Event", 6 - LEFT, "left"),
        ("Subjects", COUNTS, "right"),
        (f"%, with {plot.level} limits", RIGHT - 6, "right"),
    ):
        _write(axes, text, None, points=points, aligned=aligned, **bold)


def _draw_rate(axes: Any, rate: Rate, *, row: int) -> None:
    _write(axes, lines_of(rate.label), row, points=6 - LEFT, aligned="left")
    counted = f"{rate.count.printed}/{rate.total.printed}"
    link(_write(axes, counted, row, points=COUNTS, aligned="right"), rate.count.result)
    drawn = _write(axes, render_rate(rate), row, points=RIGHT - 6, aligned="right")
    if rate.percent is None:
        return
    link(drawn, rate.percent.result)
    _draw_limits(axes, rate.percent, (rate.lower, rate.upper), row=row)


def _draw_limits(axes: Any, percent: Marked, limits: tuple[Marked | None, Marked | None], *, row: int) -> None:
    at, ink = place(percent.value), PALETTE["ink"]
    for limit in limits:
        if limit:
            to = place(limit.value)
            (line,) = axes.plot([at, to], [row, row], color=ink, linewidth=1.2, zorder=2)
            (cap,) = axes.plot([to], [row], color=ink, marker="|", markersize=5.5, linestyle="none", zorder=2)
            link(line, limit.result)
            link(cap, limit.result)
    (square,) = axes.plot([at], [row], color=PALETTE["better"], marker="s", markersize=5.2, linestyle="none", zorder=3)
    link(square, percent.result)


def render_rate(rate: Rate) -> str:
    """`14.3 (0.4 to 57.9)`, as it is printed; or that there is nobody to count."""
    if rate.percent is None:
        return "nobody to count"
    limits = " to ".join(limit.printed if limit else "no limit" for limit in (rate.lower, rate.upper))
    return f"{rate.percent.printed} ({limits})"
