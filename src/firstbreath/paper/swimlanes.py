"""A timeline drawn with matplotlib's object interface. Name to know: `draw_timeline`.

Never here: a number that is not a day of the timeline, or a text read as mathematics.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from firstbreath.paper.plain import anchor, render_line, render_short
from firstbreath.paper.swimlane_looks import (
    LEGEND,
    OFFSETS,
    PALETTE,
    Look,
    devices_of,
    fill_of,
    look_of,
    shape_of,
)
from firstbreath.paper.swimmer import Lane, Mark, Stretch, Timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LANE_HEIGHT, FRAME_HEIGHT, WIDTH = 0.5, 1.55, 9.4
BAR = 0.34


def draw_timeline(timeline: Timeline, *, stamp: str = "") -> "Figure":
    """The figure: one lane per subject, oxygen as hatched bars, admission, doses and follow-up as shapes."""
    from matplotlib.figure import Figure

    lanes = timeline.lanes
    figure = Figure(figsize=(WIDTH, FRAME_HEIGHT + LANE_HEIGHT * max(len(lanes), 1)))
    axes: Any = figure.add_axes(_frame(figure.get_figheight()))
    looks = {device: look_of(number) for number, device in enumerate(devices_of(timeline))}
    for place, lane in enumerate(lanes):
        _draw_lane(axes, lane, place=place, looks=looks)
    _draw_axis(axes, timeline)
    _draw_legend(axes, timeline, looks)
    if stamp:
        figure.text(0.995, 0.985, render_line(stamp), ha="right", va="top", **_words("ink", 8, weight="bold"))
    return figure


def _frame(height: float) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the drawing area, leaving the same margins at any height."""
    below, above = 1.08 / height, 0.34 / height
    return (0.085, below, 0.9, 1 - below - above)


def _words(role: str, size: float, **more: Any) -> dict[str, Any]:
    """Text as it stands: never mathematics."""
    return {"color": PALETTE[role], "fontsize": size, "parse_math": False, **more}


def _draw_lane(axes: Any, lane: Lane, *, place: int, looks: dict[str, Look]) -> None:
    days = [mark.day for mark in lane.marks] + [day for s in lane.stretches for day in (s.begin, s.end)]
    if days:
        axes.plot([min(days), max(days)], [place, place], color=PALETTE["quiet"], linewidth=0.8, zorder=1)
    for stretch in lane.stretches:
        _draw_stretch(axes, stretch, place=place, look=looks[stretch.device], open_end=stretch.open)
    for mark in lane.marks:
        _draw_mark(axes, mark, place)
    name = {"ha": "right", "va": "center", "transform": axes.get_yaxis_transform()}
    axes.text(-0.012, place, render_short(lane.subject, 12), **name, **_words("ink", 10, weight="bold"))


def _draw_stretch(axes: Any, stretch: Stretch, *, place: int, look: Look, open_end: bool) -> None:
    from matplotlib.patches import Polygon

    top, bottom = place - BAR / 2, place + BAR / 2
    corners: list[tuple[float, float]] = [
        (stretch.begin, top),
        (stretch.end, top),
        (stretch.end, bottom),
        (stretch.begin, bottom),
    ]
    if open_end:
        corners.insert(2, (stretch.end + 1.6, place))
    bar = Polygon(corners, closed=True, zorder=2, **fill_of(look))
    bar.set_hatch_linewidth(0.7)
    bar.set_url(f"#{anchor('r', stretch.result)}")
    axes.add_patch(bar)


def _draw_mark(axes: Any, mark: Mark, place: int) -> None:
    (drawn,) = axes.plot([mark.day], [place + OFFSETS.get(mark.kind, 0.0)], zorder=3, **shape_of(mark.kind))
    drawn.set_url(f"#{anchor('r', mark.result)}")
    if mark.kind == "admission":
        axes.annotate(
            str(mark.day), (mark.day, place), (-6, 0), textcoords="offset points",
            ha="right", va="center", **_words("quiet", 7.5),
        )  # fmt: skip


def _draw_axis(axes: Any, timeline: Timeline) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(max(len(timeline.lanes), 1) - 0.4, -0.6)
    axes.margins(x=0.02)
    axes.set_xlim(left=min([0, *(mark.day - 2 for lane in timeline.lanes for mark in lane.marks if mark.day < 0)]))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True, steps=[1, 2, 5, 10]))
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, pad=6, labelsize=8.5, labelcolor=PALETTE["quiet"])
    axes.grid(axis="x", color=PALETTE["rule"], linewidth=0.7, zorder=0)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_facecolor("none")
    axes.set_xlabel(f"Days from {render_short(timeline.origin, 60)}", labelpad=6, **_words("ink", 9))


def _draw_legend(axes: Any, timeline: Timeline, looks: dict[str, Look]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    kinds = {mark.kind for lane in timeline.lanes for mark in lane.marks}
    shown: list[tuple[Any, str]] = [
        (Line2D([], [], **shape_of(kind)), words) for kind, words in LEGEND.items() if kind in kinds
    ]
    shown += [(Patch(**fill_of(look)), render_short(device, 40)) for device, look in looks.items()]
    if shown:
        _place_legend(axes, shown)


def _place_legend(axes: Any, shown: Sequence[tuple[Any, str]]) -> None:
    """The legend below the axis; its words are set afterwards, so that none is read as mathematics or left out."""
    below = -0.78 / (axes.figure.get_figheight() * axes.get_position().height)
    legend = axes.legend(
        [handle for handle, _ in shown], ["."] * len(shown), loc="upper left", bbox_to_anchor=(-0.01, below),
        ncols=min(len(shown), 6), frameon=False, fontsize=8.5, handlelength=1.8, columnspacing=1.8, borderpad=0,
    )  # fmt: skip
    for text, (_, words) in zip(legend.get_texts(), shown, strict=True):
        text.set_parse_math(False)
        text.set_text(words)
        text.set_color(PALETTE["ink"])
