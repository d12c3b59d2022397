"""How plots look: sizes of print, the sign of each direction, and what every plot's axes share.

Names to know: `SIGNS`, `Sheet`. Never here: a direction told by colour alone, or a letter too small for print.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.paper.plain import anchor, render_line, render_short
from firstbreath.paper.swimlane_looks import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 72
"""Points in an inch."""

ONE_COLUMN, TWO_COLUMNS = 3.2, 6.65
"""Widths in inches: a column of a journal's page, and the whole page."""

LABEL, SMALL, LEAST = 7.5, 7.0, 6.5
"""Sizes of letters in points; nothing is smaller than the last."""

LINE = 9.2
"""The height of a line of labels, in points."""

MOST_LABELS = 60
"""Beyond this many subjects their codes are left out of a drawing; the table below it has them."""

WIDEST_CODE, LONGEST_CODE = 54.0, 30
"""The room for a subject's code, in points and in letters."""

GAP = 8.0
"""The least distance of two labels of one axis, in points."""

MINUS = "\N{MINUS SIGN}"
STAMP_WIDTH = 44
"""Characters of a stamp in one line, on a column of a page."""


class Sign(msgspec.Struct, frozen=True):
    """How a direction is drawn: colour, dash, marker, and whether the marker is filled."""

    colour: str
    dash: Any
    marker: str
    filled: bool


SIGNS = {
    "better": Sign("better", "solid", "o", filled=True),
    "worse": Sign("worse", (0, (4, 1.6)), "^", filled=False),
    "fell": Sign("better", "solid", "o", filled=True),
    "rose": Sign("worse", (0, (4, 1.6)), "^", filled=False),
    "unchanged": Sign("quiet", (0, (1, 1.6)), "s", filled=False),
    "alone": Sign("quiet", "none", "D", filled=False),
}
"""Each direction by dash and by marker; the colour repeats it."""


def meaning_of(direction: str, *, lower_is_better: bool | None) -> str:
    """What a sign stands for, in words: `fell: better`."""
    if direction in ("better", "worse"):
        return f"{'fell' if (direction == 'better') == lower_is_better else 'rose'}: {direction}"
    return "one value only" if direction == "alone" else direction


def words(role: str = "ink", size: float = LABEL, **more: Any) -> dict[str, Any]:
    """Text as it stands: never mathematics."""
    return {"color": PALETTE[role], "fontsize": size, "parse_math": False, **more}


def marker_of(sign: Sign, size: float = 4.6) -> dict[str, Any]:
    """A marker in the look of a direction."""
    return {
        "marker": sign.marker,
        "markersize": size,
        "markerfacecolor": PALETTE[sign.colour] if sign.filled else PALETTE["ground"],
        "markeredgecolor": PALETTE[sign.colour],
        "markeredgewidth": 1.0,
        "linestyle": "none",
    }


def link(artist: Any, result: str) -> None:
    """The artist as a link to a row."""
    if result:
        artist.set_url(f"#{anchor('r', result)}")


def place(value: Fraction) -> float:
    """Where a value stands on an axis.

    Raises `ValueError` when it is too large to be drawn.
    """
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a value is larger than any axis can show: draw it in another unit") from None


def render_tick(value: float, _position: object = None) -> str:
    """The text of a tick, with a true minus sign."""
    return format(value, ".12g").replace("-", MINUS) if value else "0"


def find_ticks(low: float, high: float, *, room: float) -> list[float]:
    """Round numbers within an axis, as many as there is room for.

    room  of the axis in points, along which the labels stand; None of them then touches another
    """
    from matplotlib.ticker import MaxNLocator

    for bins in (6, 5, 4, 3, 2):
        found = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        ticks = [float(tick) for tick in found if low <= tick <= high]
        if sum(width_of(render_tick(tick), SMALL) + GAP for tick in ticks) <= room:
            return ticks
    return ticks[:1]


def width_of(text: str, size: float) -> float:
    """The width of a text, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def with_unit(label: str, unit: str, most: int = 46) -> str:
    """`CT score (points)`, on one line and of bounded length."""
    return render_short(f"{render_line(label)} ({render_line(unit)})" if unit else label, most)


def shown_code(code: str) -> str:
    """A subject's code as short as a label must be; its end is kept, since codes of a trial begin alike."""
    line = render_line(code)[-LONGEST_CODE:]
    for cut in range(len(line)):
        shown = line[cut:] if len(line) - cut == len(render_line(code)) else f"…{line[cut:]}"
        if width_of(shown, LEAST) <= WIDEST_CODE:
            return shown
    return "…"


def width_of_codes(codes: Iterable[str]) -> float:
    """The width of the widest code as it is shown, in points."""
    return max((width_of(shown_code(code), LEAST) for code in codes), default=0.0)


class Sheet(msgspec.Struct, frozen=True):
    """A figure's size in inches and what is left free around its axes, in points."""

    width: float
    height: float
    left: float
    right: float
    above: float
    below: float

    def axes_on(self, figure: "Figure") -> Any:
        """The axes, with the same margins at any size."""
        wide, high = self.width * POINTS, self.height * POINTS
        box = (self.left / wide, self.below / high, 1 - (self.left + self.right) / wide)
        axes = figure.add_axes((*box, 1 - (self.above + self.below) / high))
        axes.set_facecolor("none")
        return axes


def stamp_height(stamp: str) -> float:
    """The height that a stamp takes above the axes, in points."""
    return LINE * len(_stamp_lines(stamp))


def _stamp_lines(stamp: str) -> list[str]:
    import textwrap

    return textwrap.wrap(render_short(stamp, 2 * STAMP_WIDTH), STAMP_WIDTH)


def draw_stamp(figure: "Figure", stamp: str) -> None:
    """The stamp in the corner above the axes."""
    high = figure.get_figheight() * POINTS
    for number, line in enumerate(_stamp_lines(stamp)):
        figure.text(
            0.99, 1 - (number * LINE + 2) / high, line, ha="right", va="top", **words(size=LEAST, weight="bold")
        )


def plain_axes(axes: Any, *, axis: str, sides: tuple[str, ...], ticks: list[float]) -> None:
    """Axes numbered along one side, with lines on the sides named."""
    for name, spine in axes.spines.items():
        spine.set_visible(name in sides)
        spine.set_color(PALETTE["quiet"])
        spine.set_linewidth(0.7)
    set_ticks, clear = (axes.set_yticks, axes.set_xticks) if axis == "y" else (axes.set_xticks, axes.set_yticks)
    set_ticks(ticks, [render_tick(tick) for tick in ticks], parse_math=False)
    clear([])
    axes.tick_params(axis=axis, length=2.5, width=0.7, pad=2.5, labelsize=SMALL, color=PALETTE["quiet"])
    axes.tick_params(axis=axis, labelcolor=PALETTE["quiet"])


def span_of(values: list[float], *, around: float = 0.06) -> tuple[float, float]:
    """The ends of an axis that holds the values with some room around; of one value, with room on both sides."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * around or max(abs(high), 1.0) * 0.5
    return low - room, high + room
