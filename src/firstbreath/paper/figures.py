"""The timeline as SVG, as PNG and in words; the same bytes every time.

Names to know: `render_timeline_svg`, `render_timeline_png`, `render_timeline_text`. Drawing is in `swimlanes`.
"""

import html
import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from firstbreath.paper.plain import anchor, render_line
from firstbreath.paper.swimlane_looks import LEGEND
from firstbreath.paper.swimlanes import draw_timeline
from firstbreath.paper.swimmer import Lane, Mark, Stretch, Timeline

_DRAWING = threading.Lock()
_STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_STROKES = "stroke-linejoin: round; stroke-linecap: butt"
_NO_DATES = {"Date": None, "Creator": None, "Format": None, "Type": None}


def render_timeline_svg(timeline: Timeline, *, text_as_paths: bool = False, stamp: str = "") -> str:
    """The timeline as one `<svg>` element: every mark links to its row, and the words stand in `<title>` and `<desc>`.

    text_as_paths  draw letters as shapes, for a reader that lacks the fonts
    stamp          printed in a corner of the figure
    """
    with _drawing(text_as_paths=text_as_paths):
        out = io.StringIO()
        draw_timeline(timeline, stamp=stamp).savefig(out, format="svg", metadata=_NO_DATES, transparent=True)
    svg = out.getvalue()
    svg = _STYLE.sub("", svg[svg.index("<svg") :]).replace("<svg ", f'<svg style="{_STROKES}" ', 1)
    svg = _rename_ids(svg, prefix=anchor("f", timeline.id))
    return _name_links(_describe(svg, timeline), timeline)


def render_timeline_png(timeline: Timeline, *, dpi: int = 200, stamp: str = "") -> bytes:
    """The timeline as a PNG on white.

    dpi  dots per inch
    """
    with _drawing(text_as_paths=False):
        out = io.BytesIO()
        draw_timeline(timeline, stamp=stamp).savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


@contextmanager
def _drawing(*, text_as_paths: bool) -> Iterator[None]:
    """One drawing at a time: matplotlib keeps its settings, and Python its warnings, for the whole process."""
    import matplotlib as mpl

    settings: Any = {
        "svg.hashsalt": "firstbreath",
        "svg.fonttype": "path" if text_as_paths else "none",
        "svg.id": None,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
    }
    with _DRAWING, mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


_ID = re.compile(r' id="([^"]+)"')


def _rename_ids(svg: str, *, prefix: str) -> str:
    """The drawing with its own ids under a prefix, so that two figures fit in one page; unused ids are dropped."""
    used = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'<use xlink:href="#([^"]+)"', svg))
    svg = _ID.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    return re.sub(r'<use xlink:href="#', f'<use xlink:href="#{prefix}-', svg)


def _describe(svg: str, timeline: Timeline) -> str:
    """The drawing as one image with a name and a description."""
    name, tail = anchor("f", timeline.id), svg.index(">")
    words = f'<title id="{name}-title">{html.escape(render_line(timeline.title))}</title>'
    words += f'<desc id="{name}-desc">{html.escape(render_timeline_text(timeline))}</desc>'
    return f'{svg[:tail]} role="img" aria-labelledby="{name}-title {name}-desc">{words}{svg[tail + 1 :]}'


_LINK = re.compile(r'<a xlink:href="#([^"]+)"[^>]*>')


def _name_links(svg: str, timeline: Timeline) -> str:
    """Every link with its words as a tooltip, and out of the keyboard's way: the table below has the same links."""
    names = {anchor("r", part.result): words for part, words in _parts(timeline)}

    def named(found: re.Match[str]) -> str:
        words = html.escape(names.get(html.unescape(found[1]), ""))
        return f'<a xlink:href="#{found[1]}" tabindex="-1"><title>{words}</title>'

    return _LINK.sub(named, svg)


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
