"""Pieces of a Word document that python-docx has no word for: fast tables, links, fields, fixed bytes.

Names to know: `Run`, `add_table`, `fix_bytes`. Never here: a text of the paper.
"""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import msgspec

from firstbreath.paper.plain import render_plain

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP archive can state: every part of the document has it."""


class Run(msgspec.Struct, frozen=True):
    """A stretch of text in one look; `place` is the bookmark it leads to, `mark` the bookmark that it is."""

    text: str
    look: str = ""
    place: str = ""
    mark: str = ""


Runs = tuple[Run, ...]

LOOKS: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "": (),
    "strong": (("w:b", {}),),
    "italic": (("w:i", {}),),
    "small": (("w:color", {"w:val": "59656B"}), ("w:sz", {"w:val": "15"})),
    "code": (("w:rFonts", {"w:ascii": "Consolas", "w:hAnsi": "Consolas"}), ("w:sz", {"w:val": "13"})),
}


def element(tag: str, attributes: dict[str, str] | None = None, *children: Any) -> Any:
    """An element of the document's XML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), value)
    made.extend(children)
    return made


def add_runs(paragraph: Any, runs: Runs) -> None:
    """The runs at the end of a paragraph's XML, each in its look, those with a place as links."""
    for run in runs:
        if run.mark:
            number = str(number_of(run.mark))
            paragraph.append(element("w:bookmarkStart", {"w:id": number, "w:name": run.mark}))
            paragraph.append(_run(run))
            paragraph.append(element("w:bookmarkEnd", {"w:id": number}))
        elif run.place:
            paragraph.append(element("w:hyperlink", {"w:anchor": run.place}, _run(run)))
        else:
            paragraph.append(_run(run))


def number_of(mark: str) -> int:
    """A number for a bookmark named like `row_12`: the one at its end after the length of its kind, `312`."""
    kind, _, number = mark.rpartition("_")
    return int(f"{len(kind)}{number}")


def _run(run: Run) -> Any:
    made = element("w:r")
    if LOOKS[run.look]:
        made.append(element("w:rPr", None, *(element(tag, attributes) for tag, attributes in LOOKS[run.look])))
    for number, line in enumerate(render_plain(run.text).replace("\t", " ").split("\n")):
        if number:
            made.append(element("w:br"))
        text = element("w:t", {"xml:space": "preserve"})
        text.text = line
        made.append(text)
    return made


def add_table(document: Any, columns: Sequence[str], lines: Sequence[Sequence[Runs]], *, widths: Sequence[int]) -> None:
    """A table at the end of a document: a header row that repeats, rows that stay whole.

    widths  of each column, in twentieths of a point
    """
    table = element("w:tbl", None, _properties(), _grid(widths))
    header = [(Run(name, "strong"),) for name in columns]
    table.append(_row(header, widths, header=True))
    for line in lines:
        table.append(_row(line, widths, header=False))
    body = document.element.body
    body.insert_element_before(table, "w:sectPr")
    body.insert_element_before(element("w:p"), "w:sectPr")


def _properties() -> Any:
    lines = [
        element(f"w:{side}", {"w:val": "single", "w:sz": size, "w:color": colour})
        for side, size, colour in (("top", "10", "1B2529"), ("bottom", "10", "1B2529"), ("insideH", "4", "D5D2C9"))
    ]
    margins = [element(f"w:{side}", {"w:w": size, "w:type": "dxa"}) for side, size in (("left", "0"), ("right", "90"))]
    return element(
        "w:tblPr",
        None,
        element("w:tblW", {"w:w": "0", "w:type": "auto"}),
        element("w:tblBorders", None, *lines),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblCellMar", None, *margins),
        element("w:tblLook", {"w:firstRow": "1", "w:firstColumn": "1", "w:noVBand": "1"}),
    )


def _grid(widths: Sequence[int]) -> Any:
    return element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in widths))


def _row(line: Sequence[Runs], widths: Sequence[int], *, header: bool) -> Any:
    properties = element("w:trPr", None, element("w:cantSplit"), *([element("w:tblHeader")] if header else []))
    return element("w:tr", None, properties, *(_cell(runs, width) for runs, width in zip(line, widths, strict=True)))


def _cell(runs: Runs, width: int) -> Any:
    paragraph = element("w:p", None, element("w:pPr", None, element("w:pStyle", {"w:val": "TableText"})))
    add_runs(paragraph, runs)
    width_of = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
    return element("w:tc", None, element("w:tcPr", None, width_of), paragraph)


def share_widths(shares: Sequence[int], total: int) -> list[int]:
    """The widths of columns that share a total, in its unit."""
    return [share * total // sum(shares) for share in shares]


def add_field(paragraph: Any, instruction: str) -> None:
    """A field that Word computes, such as the number of the page."""
    text = element("w:t")
    text.text = "–"
    paragraph.append(element("w:fldSimple", {"w:instr": instruction}, element("w:r", None, text)))


def describe_picture(picture: Any, *, name: str, title: str, description: str) -> None:
    """Alternative text for a picture in the line.

    name  what Word lists the picture as
    """
    properties = picture.docPr
    properties.set("name", name)
    properties.set("title", render_plain(title))
    properties.set("descr", render_plain(description))


def fix_bytes(document: bytes) -> bytes:
    """The same document with the same time on every part, so that its bytes follow from its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as read, zipfile.ZipFile(out, "w") as written:
        for name in sorted(read.namelist()):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o600 << 16
            written.writestr(part, read.read(name))
    return out.getvalue()
