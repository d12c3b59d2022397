"""The timeline as SVG, as PDF, as PNG and in words; the same bytes every time.

Names to know: `render_timeline_svg`, `render_timeline_pdf`, `render_timeline_png`, `render_timeline_text`. Drawing is
in `swimlanes`.
"""

from collections.abc import Iterator
from functools import partial

from firstbreath.paper.encoding import Words, render_pdf, render_png, render_svg
from firstbreath.paper.plain import render_line
from firstbreath.paper.swimlane_looks import LEGEND
from firstbreath.paper.swimlanes import draw_timeline
from firstbreath.paper.swimmer import Lane, Mark, Stretch, Timeline


def render_timeline_svg(timeline: Timeline, *, text_as_paths: bool = False, stamp: str = "") -> str:
    """The timeline as one `<svg>` element: every mark links to its row, and the words stand in `<title>` and `<desc>`.

    text_as_paths  draw letters as shapes, for a reader that lacks the fonts
    stamp          printed in a corner of the figure
    """
    return render_svg(partial(draw_timeline, timeline, stamp=stamp), _words(timeline), text_as_paths=text_as_paths)


def render_timeline_pdf(timeline: Timeline, *, stamp: str = "") -> bytes:
    """The timeline as a PDF of one page."""
    return render_pdf(partial(draw_timeline, timeline, stamp=stamp), _words(timeline))


def render_timeline_png(timeline: Timeline, *, dpi: int = 200, stamp: str = "") -> bytes:
    """The timeline as a PNG on white.

    dpi  dots per inch
    """
    return render_png(partial(draw_timeline, timeline, stamp=stamp), dpi=dpi)


def _words(timeline: Timeline) -> Words:
    links = {part.result: words for part, words in _parts(timeline)}
    return Words(timeline.id, timeline.title, render_timeline_text(timeline), links)


def _parts(timeline: Timeline) -> Iterator[tuple[Mark | Stretch, str]]:
    """Every mark and stretch with its words."""
    for lane in timeline.lanes:
        yield from ((mark, f"{render_line(lane.subject)}: {_render_mark(mark)}") for mark in lane.marks)
        for stretch in lane.stretches:
            yield stretch, f"{render_line(lane.subject)}: {_render_stretch(stretch)}"


def _render_mark(mark: Mark) -> str:
    words = LEGEND.get(mark.kind, mark.kind).lower()
    return f"{words}, day {mark.day}"


def _render_stretch(stretch: Stretch) -> str:
    device = render_line(stretch.device)
    if stretch.open:
        return f"{device} from day {stretch.begin}, its end not recorded"
    return f"{device} from day {stretch.begin} to day {stretch.end}"


def render_timeline_text(timeline: Timeline) -> str:
    """The figure in sentences: what the axis counts, then one sentence per subject."""
    intro = f"{render_line(timeline.title).rstrip('.')}. Days are counted from {render_line(timeline.origin)}."
    return " ".join((intro, *(_render_lane(lane) for lane in timeline.lanes)))


def _render_lane(lane: Lane) -> str:
    days = {kind: [mark.day for mark in lane.marks if mark.kind == kind] for kind in LEGEND}
    words = [f"{words.lower()} on {_render_days(days[kind])}" for kind, words in LEGEND.items() if days[kind]]
    words += [_render_stretch(stretch) for stretch in lane.stretches]
    return f"{render_line(lane.subject)}: {'; '.join(words) or 'nothing recorded'}."


def _render_days(days: list[int]) -> str:
    """`day 15`, `days 32 to 36` where they follow on each other, or `days 55 and 92`."""
    if len(days) == 1:
        return f"day {days[0]}"
    if len(days) > 2 and days == list(range(days[0], days[0] + len(days))):
        return f"days {days[0]} to {days[-1]}"
    return f"days {', '.join(str(day) for day in days[:-1])} and {days[-1]}"
