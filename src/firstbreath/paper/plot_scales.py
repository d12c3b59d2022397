"""The shades of the map of the lungs, and the legend that says what each stands for.

Names to know: `shade_of_score`, `shade_of_change`, `draw_scales`. Never here: two shades that are one in grey.
"""

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from firstbreath.paper.plot_looks import LEAST, POINTS, SMALL, meaning_of, with_unit, words
from firstbreath.paper.plot_values import LungPlot
from firstbreath.paper.swimlane_looks import PALETTE
from firstbreath.stats.medians import render_shortest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 4
"""Steps of a score above zero."""

HALF = Fraction(1, 2)
HATCH = "/////"
BOX_WIDE, BOX_HIGH = 24.0, 8.0
CHANGES = (-HALF, -HALF / 2, Fraction(0), HALF / 2, HALF)
"""One share of patients for each shade of change: rose less fell."""


def shade_of_score(value: Fraction, largest: int) -> str:
    """The role of a score's shade: the next step up of at most four, up to the largest score."""
    count = _count(largest)
    step = max(min(ceil(count * value / max(largest, 1)), count), 0)
    return f"step-{(STEPS * step + count // 2) // count}"


def _count(largest: int) -> int:
    return largest if 1 <= largest <= STEPS else STEPS


def shade_of_change(share: Fraction, *, lower_is_better: bool | None) -> tuple[str, str]:
    """The role of a shade and its hatch, "" for none: of those in whom it rose less those in whom it fell, as a share.

    The deeper shade begins at half of the patients. Hatched: the side not hoped for, and where none is, who rose.
    """
    if not share:
        return "even", ""
    gains = (share < 0) == (lower_is_better is not False)
    deep = 2 if abs(share) >= HALF else 1
    return f"{'gain' if gains else 'loss'}-{deep}", "" if gains else HATCH


def draw_scales(figure: "Figure", plot: LungPlot, *, panel: float, edge: float, gap: float) -> None:
    """The scale of the medians below the first two pictures, the scale of change below the third."""
    count = _count(plot.largest)
    edges = [Fraction(plot.largest * step, count) for step in range(count + 1)]
    scores = [(shade_of_score(value, plot.largest), "") for value in edges]
    told = ["0", *(f"\N{LESS-THAN OR EQUAL TO}\N{THIN SPACE}{render_shortest(value, 0, 2)}" for value in edges[1:])]
    title = with_unit("Median score", plot.unit)
    _draw_scale(figure, scores, told, title=title, middle=edge + panel + gap / 2)
    changes = [shade_of_change(share, lower_is_better=plot.lower_is_better) for share in CHANGES]
    fell, rose = (_meaning(word, lower_is_better=plot.lower_is_better) for word in ("fell", "rose"))
    named = [fell, "", "even", "", rose]
    _draw_scale(figure, changes, named, title="More patients in whom the score", middle=edge + 2.5 * panel + 2 * gap)


def _meaning(direction: str, *, lower_is_better: bool | None) -> str:
    if lower_is_better is None:
        return direction
    better = (direction == "fell") == lower_is_better
    return meaning_of("better" if better else "worse", lower_is_better=lower_is_better)


def _draw_scale(figure: "Figure", shades: list[tuple[str, str]], told: list[str], *, title: str, middle: float) -> None:
    """Boxes beside each other around a middle, in points; a title above, and words below those that have some."""
    from matplotlib.patches import Rectangle

    wide, high = (size * POINTS for size in figure.get_size_inches())
    axes: Any = figure.add_axes((0, 0, 1, 1), zorder=-1)
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
    left = middle - len(shades) * BOX_WIDE / 2
    axes.text(middle, 31, title, ha="center", va="center", **words("quiet", size=SMALL))
    for number, ((shade, hatch), text) in enumerate(zip(shades, told, strict=True)):
        at = (left + number * BOX_WIDE, 15)
        look: dict[str, Any] = {"facecolor": PALETTE[shade], "edgecolor": PALETTE["quiet"], "linewidth": 0.6}
        axes.add_patch(Rectangle(at, BOX_WIDE, BOX_HIGH, hatch=hatch, hatchcolor=PALETTE["hatched"], **look))
        axes.text(at[0] + BOX_WIDE / 2, 7, text, ha="center", va="center", **words("quiet", size=LEAST))
