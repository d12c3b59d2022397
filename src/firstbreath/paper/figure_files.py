"""Every figure of a paper as files of their own, for a journal's submission. Name to know: `render_figure_files`."""

from collections.abc import Iterator

from firstbreath.paper.document import Paper
from firstbreath.paper.drawing import render_figure
from firstbreath.paper.encoding import alone
from firstbreath.paper.figures import render_timeline_pdf, render_timeline_svg
from firstbreath.paper.outline import stamp_of

ENDINGS = (".svg", ".pdf")


def render_figure_files(paper: Paper) -> dict[str, bytes]:
    """SVG and PDF of every figure by file name: `figure-F2A.svg`, `figure-ct_score-paired.pdf`."""
    return dict(_files(paper))


def _files(paper: Paper) -> Iterator[tuple[str, bytes]]:
    stamp = stamp_of(paper)
    for timeline in paper.timelines:
        yield f"figure-{timeline.id}.svg", alone(render_timeline_svg(timeline, stamp=stamp))
        yield f"figure-{timeline.id}.pdf", render_timeline_pdf(timeline, stamp=stamp)
    for block in (*paper.endpoints, *paper.rates):
        for plot in block.plots:
            name = plot.id.removeprefix("E.").replace(".", "-")
            yield from ((f"figure-{name}{ending}", render_figure(plot, ending, stamp=stamp)) for ending in ENDINGS)
