"""Every plot as SVG, as PDF and as PNG; the same bytes every time.

Names to know: `render_figure_svg`, `render_figure_pdf`, `render_figure_png`, and `render_figure` for any of them. What
is drawn stands in `plot_paired`, `plot_differences`, `plot_forest` and `plot_lungs`, its words in `plot_words`.
"""

from functools import partial

from firstbreath.paper.encoding import Draw, Words, alone, render_pdf, render_png, render_svg
from firstbreath.paper.plot_differences import draw_differences
from firstbreath.paper.plot_forest import draw_forest
from firstbreath.paper.plot_lungs import draw_lungs
from firstbreath.paper.plot_paired import draw_paired
from firstbreath.paper.plot_values import ChangePlot, ForestPlot, LungPlot, PairedPlot, Plot
from firstbreath.paper.plot_words import describe_plot, links_of


def render_figure(plot: Plot, ending: str, *, stamp: str = "") -> bytes:
    """The plot as a file of its own, by the ending of the file's name: `.svg`, `.pdf` or `.png`.

    Raises `ValueError` for another ending.
    """
    match ending:
        case ".svg":
            return alone(render_figure_svg(plot, stamp=stamp))
        case ".pdf":
            return render_figure_pdf(plot, stamp=stamp)
        case ".png":
            return render_figure_png(plot, stamp=stamp)
    msg = f"{ending!r} is no ending of a figure: use .svg, .pdf or .png"
    raise ValueError(msg)


def render_figure_svg(plot: Plot, *, text_as_paths: bool = False, stamp: str = "") -> str:
    """The plot as one `<svg>` element; a mark that has a row links to it, and `<title>` and `<desc>` hold the words.

    text_as_paths  draw letters as shapes, for a reader that lacks the fonts
    stamp          printed in a corner of the figure
    """
    return render_svg(_draw(plot, stamp), _words_of_plot(plot), text_as_paths=text_as_paths)


def render_figure_pdf(plot: Plot, *, stamp: str = "") -> bytes:
    """The plot as a PDF of one page, its letters as text."""
    return render_pdf(_draw(plot, stamp), _words_of_plot(plot))


def render_figure_png(plot: Plot, *, dpi: int = 300, stamp: str = "") -> bytes:
    """The plot as a PNG on white.

    dpi  dots per inch
    """
    return render_png(_draw(plot, stamp), dpi=dpi)


def is_page_wide(plot: Plot) -> bool:
    """Whether a plot is drawn for the width of a page, not for a column of it."""
    return isinstance(plot, ForestPlot | LungPlot)


def _draw(plot: Plot, stamp: str) -> Draw:
    match plot:
        case PairedPlot():
            return partial(draw_paired, plot, stamp=stamp)
        case ChangePlot():
            return partial(draw_differences, plot, stamp=stamp)
        case ForestPlot():
            return partial(draw_forest, plot, stamp=stamp)
        case LungPlot():
            return partial(draw_lungs, plot, stamp=stamp)


def _words_of_plot(plot: Plot) -> Words:
    return Words(plot.id, plot.title, describe_plot(plot), links_of(plot))
