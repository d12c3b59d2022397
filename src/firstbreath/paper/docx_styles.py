"""The look of the Word document: page, styles, header and footer. Name to know: `begin_document`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from firstbreath.paper.document import Paper
from firstbreath.paper.docx_parts import Run, add_field, add_runs
from firstbreath.paper.outline import head_of, stamp_of
from firstbreath.paper.plain import render_line

if TYPE_CHECKING:
    from docx.document import Document

SHORT_SIDE, LONG_SIDE, MARGIN = 11906, 16838, 1134
"""A4 and its margins, in twentieths of a point."""

SERIF = "Georgia"
SIZES = {"Title": 24, "Heading 1": 17, "Heading 2": 12, "Heading 3": 10.5}
NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


def begin_document(paper: Paper) -> "Document":
    """An empty document with the styles, the stamp and the head on every page, and properties that never change."""
    import docx

    document = docx.Document()
    _set_styles(document)
    _set_page(document.sections[0], wide=False)
    _set_margins(document, paper)
    _set_properties(document, paper)
    return document


def _set_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in {"Normal": 10, **SIZES}.items():
        style = document.styles[name]
        style.font.name, style.font.size = SERIF, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SERIF)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    for name in SIZES:
        style = document.styles[name]
        style.font.color.rgb, style.font.bold = RGBColor(0x1B, 0x25, 0x29), name == "Heading 2"
    for name, size, after in (("TableText", 8, 2), ("Facts", 9, 1)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = document.styles["Normal"], Pt(size)
        style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(after), Pt(after)


def _set_page(section: Any, *, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Twips

    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width = Twips(LONG_SIDE if wide else SHORT_SIDE)
    section.page_height = Twips(SHORT_SIDE if wide else LONG_SIDE)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Twips(MARGIN))


def turn_page(document: Any, *, wide: bool) -> None:
    """A new page that lies on its side or stands up, where the last one does not."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    if (document.sections[-1].orientation == WD_ORIENT.LANDSCAPE) != wide:
        _set_page(document.add_section(WD_SECTION.NEW_PAGE), wide=wide)


def text_width(document: Any) -> int:
    """The width of the text on the page at hand, in twentieths of a point."""
    section = document.sections[-1]
    return int(section.page_width.twips - section.left_margin.twips - section.right_margin.twips)


def _set_margins(document: Any, paper: Paper) -> None:
    """The header with stamp and head, and the footer with the page's number."""
    section = document.sections[0]
    header, footer = section.header.paragraphs[0]._p, section.footer.paragraphs[0]._p  # noqa: SLF001
    stamp = (Run(f"{stamp_of(paper)}   ", "strong"),) if paper.stamp else ()
    add_runs(header, (*stamp, Run(head_of(paper), "code")))
    add_runs(footer, (Run(f"{render_line(paper.trial)}   ", "small"),))
    add_field(footer, "PAGE")
    add_runs(footer, (Run(" / "),))
    add_field(footer, "NUMPAGES")


def _set_properties(document: Any, paper: Paper) -> None:
    """Who and when, from the paper alone: the time is that of the last event it rests on."""
    properties = document.core_properties
    when = max((event.at for event in paper.evidence), default=NO_TIME).astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.subject = render_line(paper.title)[:255], stamp_of(paper)
    properties.author = properties.last_modified_by = "firstbreath"
    properties.comments, properties.keywords = "", render_line(paper.registration)[:255]
    properties.created = properties.modified = when.replace(microsecond=0)
    properties.revision = 1
