"""The lungs three times: the median score before, after, and in how many patients each segment fell and rose.

Name to know: `draw_lungs`. Never here: a shade without its number, or a segment that the map does not have.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.paper.lung_shapes import AIRWAY, OUTLINES, SHAPES, Shape, name_of, trace
from firstbreath.paper.plain import render_short
from firstbreath.paper.plot_looks import (
    LABEL,
    LEAST,
    POINTS,
    SMALL,
    TWO_COLUMNS,
    draw_stamp,
    link,
    stamp_height,
    words,
)
from firstbreath.paper.plot_scales import draw_scales, shade_of_change, shade_of_score
from firstbreath.paper.plot_values import LungPlot, Marked, SegmentChange
from firstbreath.paper.rows import ABSENT
from firstbreath.paper.swimlane_looks import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, TOP, BOTTOM = 8, 312, 6, 324
"""What a panel shows of the drawing of the lungs."""

EDGE, GAP, HEAD, FOOT = 3.0, 9.0, 15.0, 44.0
"""Points around the panels: at the sides, between them, above them and below them."""

PANEL = (TWO_COLUMNS * POINTS - 2 * EDGE - 2 * GAP) / 3
BELOW, CLOSE_BELOW = 16, 13
"""From a line to the next in a region, and where there are three of them, in the unit of the drawing."""
FALL, RISE = "\N{DOWNWARDS ARROW}", "\N{UPWARDS ARROW}"
TITLES = ("Median before", "Median after", f"Patients: {FALL} fell, {RISE} rose")
LONGEST = 8
"""A number of more letters is cut; no score has so many."""


class Panel(msgspec.Struct, frozen=True):
    """The axes of one picture of the lungs, and the outline of each lung, which cuts its segments."""

    axes: Any
    outlines: dict[str, Any]


def draw_lungs(plot: LungPlot, *, stamp: str = "") -> "Figure":
    """The figure: three pictures of the lungs, and below them what the shades stand for."""
    from matplotlib.figure import Figure

    high = PANEL * (BOTTOM - TOP) / (RIGHT - LEFT)
    total = HEAD + high + FOOT + stamp_height(stamp)
    figure = Figure(figsize=(TWO_COLUMNS, total / POINTS))
    panels = [_panel(figure, number, title=title, high=high) for number, title in enumerate(TITLES)]
    for change in plot.segments:
        if change.segment in SHAPES:
            _draw_median(panels[0], change, change.before, largest=plot.largest)
            _draw_median(panels[1], change, change.after, largest=plot.largest)
            _draw_change(panels[2], change, lower_is_better=plot.lower_is_better)
    for panel in panels:
        _draw_outlines(panel)
    draw_scales(figure, plot, panel=PANEL, edge=EDGE, gap=GAP)
    draw_stamp(figure, stamp)
    return figure


def _panel(figure: "Figure", number: int, *, title: str, high: float) -> Panel:
    wide, total = (size * POINTS for size in figure.get_size_inches())
    left = EDGE + number * (PANEL + GAP)
    axes = figure.add_axes((left / wide, FOOT / total, PANEL / wide, high / total))
    axes.set_axis_off()
    axes.set_xlim(LEFT, RIGHT)
    axes.set_ylim(BOTTOM, TOP)
    axes.annotate(
        title, (0.5, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points", ha="center",
        **words(weight="bold"),
    )  # fmt: skip
    for side, across in (("R", 20), ("L", 300)):
        axes.text(across, 30, side, ha="center", **words("quiet", size=LABEL + 2, weight="bold"))
    _add(axes, AIRWAY, facecolor="none", edgecolor=PALETTE["quiet"], linewidth=1.4, capstyle="round")
    outlines = {
        side: _add(axes, d, facecolor=PALETTE["ground"], edgecolor=PALETTE["rule"], linewidth=0.5)
        for side, d in OUTLINES.items()
    }
    return Panel(axes, outlines)


def _add(axes: Any, d: str, **look: Any) -> Any:
    """A path of the drawing as a patch."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points = trace(d)
    return axes.add_patch(PathPatch(Path([point for point, _ in points], [code for _, code in points]), **look))


def _draw_outlines(panel: Panel) -> None:
    for d in OUTLINES.values():
        _add(panel.axes, d, facecolor="none", edgecolor=PALETTE["quiet"], linewidth=1.0, zorder=4)


def _draw_region(panel: Panel, segment: str, *, shade: str, hatch: str = "") -> None:
    """A region in its shade, cut by the outline of its lung, with its name."""
    shape = SHAPES[segment]
    look = {"facecolor": PALETTE[shade], "edgecolor": PALETTE["quiet"], "linewidth": 0.6, "zorder": 2}
    region = _add(panel.axes, shape.d, hatch=hatch, hatchcolor=PALETTE["hatched"], **look)
    region.set_clip_path(panel.outlines[segment[0]])
    _write(panel, name_of(segment), (shape.x, shape.y + shape.lower), size=LEAST, shade=shade if hatch else "")


def _write(panel: Panel, text: str, at: tuple[float, float], *, shade: str = "", **look: Any) -> Any:
    """A text in a region; on hatches it stands on the region's plain shade."""
    ground = {"facecolor": PALETTE[shade], "edgecolor": "none", "pad": 0.2} if shade else None
    return panel.axes.text(
        *at, text, va="baseline", bbox=ground, zorder=5,
        **words(**{"size": LABEL, "ha": "center", **look}),
    )  # fmt: skip


def _draw_median(panel: Panel, change: SegmentChange, median: Marked | None, *, largest: int) -> None:
    shape = SHAPES[change.segment]
    _draw_region(panel, change.segment, shade=shade_of_score(median.value, largest) if median else "ground")
    text = render_short(median.printed, LONGEST) if median else ABSENT
    size = SMALL if shape.narrow else LABEL + 1
    drawn = _write(panel, text, (shape.x, shape.y + shape.lower + BELOW), weight="bold", size=size)
    link(drawn, median.result if median else "")


def _draw_change(panel: Panel, change: SegmentChange, *, lower_is_better: bool | None) -> None:
    """In how many patients it fell and rose; nothing where nobody has both values."""
    shape, patients = SHAPES[change.segment], change.patients.value
    if not patients:
        _draw_region(panel, change.segment, shade="ground")
        _write(panel, ABSENT, (shape.x, shape.y + shape.lower + BELOW), weight="bold", size=SMALL)
        return
    share = Fraction(change.rose.value - change.fell.value) / patients
    shade, hatch = shade_of_change(share, lower_is_better=lower_is_better)
    _draw_region(panel, change.segment, shade=shade, hatch=hatch)
    counts = ((FALL, change.fell), (RISE, change.rose))
    for (arrow, mark), (x, y, aligned) in zip(counts, _places(shape), strict=True):
        look: dict[str, Any] = {"ha": aligned, "weight": "bold", "size": LEAST, "shade": shade if hatch else ""}
        link(_write(panel, f"{arrow}{render_short(mark.printed, LONGEST)}", (x, y), **look), mark.result)


def _places(shape: Shape) -> tuple[tuple[float, float, str], ...]:
    """Where the two counts stand: beside each other, or below each other in a narrow region."""
    first = shape.y + shape.lower
    if shape.narrow:
        return (shape.x, first + CLOSE_BELOW, "center"), (shape.x, first + 2 * CLOSE_BELOW, "center")
    return (shape.x - 2, first + BELOW, "right"), (shape.x + 2, first + BELOW, "left")
