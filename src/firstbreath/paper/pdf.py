"""The paper as PDF, set by typst. Names to know: `render_pdf`, `render_typst`.

Every text of a trial enters the source inside one string, as JSON: it is data, and typst never reads it as markup.
Never here: a file written, a date, a font that does not come with typst.
"""

import importlib.resources
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from firstbreath.paper.document import Paper
from firstbreath.paper.pdf_data import layout_data
from firstbreath.paper.plain import render_code_point, render_plain

if TYPE_CHECKING:
    from typst import PDFStandard

ACCESSIBLE: "list[PDFStandard]" = ["ua-1"]
LAST_ASCII = "~"


def render_pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1), the same bytes for the same paper.

    A letter that typst's own fonts lack, such as a Chinese one, is written out as its code point.
    """
    data = layout_data(paper)
    return compile_source(lambda lacking: _write_typst(data, lacking), data)


def compile_source(write: Callable[[frozenset[str]], str], data: Any) -> bytes:
    """The PDF of a source; where typst's fonts lack letters of the data, it is written again with them spelt out.

    write  makes the source, given the letters to be written out as their code points
    """
    import typst

    try:
        return _compile(write(frozenset()), ACCESSIBLE)
    except typst.TypstError as broken:
        if not _LACKING.search(broken.diagnostic):
            raise
    return _compile(write(find_lacking(json.dumps(data, ensure_ascii=False))), ACCESSIBLE)


def render_typst(paper: Paper, *, lacking: frozenset[str] = frozenset()) -> str:
    """The source typst sets the paper from: the data as one string, then the layout.

    lacking  letters to be written out as their code points
    """
    return _write_typst(layout_data(paper), lacking)


def _write_typst(data: Any, lacking: frozenset[str]) -> str:
    """The data as one string, those letters of it written out, then the layout."""
    layout = importlib.resources.files("firstbreath.paper").joinpath("templates", "paper.typ").read_text("utf-8")
    return f"#let paper = json(bytes({quote_typst(json.dumps(spell_texts(data, lacking)))}))\n{layout}"


def spell_texts(data: Any, lacking: frozenset[str]) -> Any:
    """The same data with every invisible character, and every letter that is lacking, written out."""
    spelt = str.maketrans({letter: render_code_point(letter) for letter in lacking})
    return _map_texts(data, lambda text: render_plain(text).translate(spelt))


def quote_typst(text: str) -> str:
    """A typst string of a text without control characters: the two characters with a meaning there are escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_LACKING = re.compile(r'the text `"(.)"` could not be displayed')


def find_lacking(text: str) -> frozenset[str]:
    """The letters of a text that typst's own fonts do not have, found by setting each of them alone."""
    import typst

    letters = sorted({letter for letter in render_plain(text) if letter > LAST_ASCII})
    proof = ['#set document(title: "Letters")', '#set text(font: "Libertinus Serif")']
    try:
        _compile("\n\n".join([*proof, *(f"#{quote_typst(letter)}" for letter in letters)]), ACCESSIBLE)
    except typst.TypstError as broken:
        return frozenset(_LACKING.findall(broken.diagnostic))
    return frozenset()


def _compile(source: str, standards: "list[PDFStandard]") -> bytes:
    import typst

    return typst.compile(
        source.encode(), format="pdf", ignore_system_fonts=True, timestamp=0, pdf_standards=standards
    )  # fmt: skip


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _map_texts(part, change) for key, part in value.items()}
    return [_map_texts(part, change) for part in value] if isinstance(value, list | tuple) else value
