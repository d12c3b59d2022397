"""Drawings of matplotlib as the bytes of SVG, PDF and PNG: the same every time, one at a time.

Names to know: `render_svg`, `render_pdf`, `render_png`. Never here: what is drawn.
"""

import html
import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.paper.plain import anchor, render_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]


class Words(msgspec.Struct, frozen=True):
    """What a drawing says to who cannot see it: its id, its name, its sentences, and words for each row it leads to."""

    id: str
    title: str
    description: str
    links: Mapping[str, str]


_DRAWING = threading.Lock()
_STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_STROKES = "stroke-linejoin: round; stroke-linecap: butt"
_NO_DATES = {"Date": None, "Creator": None, "Format": None, "Type": None}


def render_svg(draw: Draw, words: Words, *, text_as_paths: bool = False) -> str:
    """The drawing as one `<svg>` element with a name, a description, and a tooltip for every mark that is a link.

    text_as_paths  draw letters as shapes, for a reader that lacks the fonts
    """
    with _drawing(text_as_paths=text_as_paths):
        out = io.StringIO()
        draw().savefig(out, format="svg", metadata=_NO_DATES, transparent=True)
    svg = out.getvalue()
    svg = _STYLE.sub("", svg[svg.index("<svg") :]).replace("<svg ", f'<svg style="{_STROKES}" ', 1)
    return _name_links(_describe(_rename_ids(svg, prefix=anchor("f", words.id)), words), words)


def alone(svg: str) -> bytes:
    """An `<svg>` element as a file of its own; what it linked to in a page is not there."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_OPENED.sub("<g>", svg).replace("</a>", "</g>")}\n'.encode()


_OPENED = re.compile(r"<a [^>]*>")


def render_pdf(draw: Draw, words: Words) -> bytes:
    """The drawing as a PDF of one page with its letters as text; it bears no date."""
    told = {"Title": render_line(words.title), "Subject": words.description}
    with _drawing():
        out = io.BytesIO()
        _without_links(draw()).savefig(out, format="pdf", metadata=told | _NO_PROGRAM)
    return out.getvalue()


_NO_PROGRAM = {"Creator": None, "Producer": None, "CreationDate": None}


def render_png(draw: Draw, *, dpi: int) -> bytes:
    """The drawing as a PNG on white.

    dpi  dots per inch
    """
    with _drawing():
        out = io.BytesIO()
        draw().savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def _without_links(figure: "Figure") -> "Figure":
    """The figure without links: outside the page there is nothing they lead to."""
    for artist in figure.findobj():
        artist.set_url(None)
    return figure


@contextmanager
def _drawing(*, text_as_paths: bool = False) -> Iterator[None]:
    """One drawing at a time: matplotlib keeps its settings, and Python its warnings, for the whole process."""
    import matplotlib as mpl

    settings: Any = {
        "svg.hashsalt": "firstbreath",
        "svg.fonttype": "path" if text_as_paths else "none",
        "svg.id": None,
        "pdf.fonttype": 42,
        "pdf.compression": 6,
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


def _describe(svg: str, words: Words) -> str:
    """The drawing as one image with a name and a description."""
    name, tail = anchor("f", words.id), svg.index(">")
    told = f'<title id="{name}-title">{html.escape(render_line(words.title))}</title>'
    told += f'<desc id="{name}-desc">{html.escape(words.description)}</desc>'
    return f'{svg[:tail]} role="img" aria-labelledby="{name}-title {name}-desc">{told}{svg[tail + 1 :]}'


_LINK = re.compile(r'<a xlink:href="#([^"]+)"[^>]*>')


def _name_links(svg: str, words: Words) -> str:
    """Every link with its words as a tooltip, and out of the keyboard's way: the table below has the same links."""
    names = {anchor("r", result): told for result, told in words.links.items()}

    def named(found: re.Match[str]) -> str:
        told = html.escape(names.get(html.unescape(found[1]), ""))
        return f'<a xlink:href="#{found[1]}" tabindex="-1"><title>{told}</title>'

    return _LINK.sub(named, svg)
