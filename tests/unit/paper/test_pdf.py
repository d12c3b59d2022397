"""The paper as PDF: data, never source; the same bytes every time."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import msgspec
import pytest
from tests.support.sample_paper import PAPER, with_hostile

from firstbreath.paper.document import Cell, Paper
from firstbreath.paper.pdf import find_lacking, quote_typst, render_pdf, render_typst

replace = msgspec.structs.replace


def data_of(paper: Paper, lacking: frozenset[str] = frozenset()) -> dict[str, object]:
    """What typst reads, read again."""
    first = render_typst(paper, lacking=lacking).split("\n", 1)[0]
    quoted = re.fullmatch(r'#let paper = json\(bytes\("(.*)"\)\)', first)
    assert quoted
    found: dict[str, object] = json.loads(re.sub(r"\\(.)", r"\1", quoted[1]))
    return found


def unpacked(pdf: bytes) -> bytes:
    """The PDF with the streams that can be inflated, inflated."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(PAPER)


def test_the_same_paper_gives_the_same_bytes(pdf: bytes) -> None:
    assert render_pdf(PAPER) == pdf


def test_no_date_is_in_the_document(pdf: bytes) -> None:
    assert not re.search(rb"CreationDate|ModDate|CreateDate|ModifyDate", unpacked(pdf))


def test_the_document_is_tagged_and_says_its_title(pdf: bytes) -> None:
    text = unpacked(pdf)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in text
    assert b"A small trial of an inhaled mist" in text


def test_only_fonts_of_typst_are_used(pdf: bytes) -> None:
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z]+)", unpacked(pdf)))
    assert fonts
    assert all(font.startswith((b"LibertinusSerif", b"DejaVuSansMono", b"NewCM")) for font in fonts)


@pytest.mark.parametrize(
    "text", ['#panic("read as source") ', "] $ \\ ", '"))\n#import "@local/x:1.0.0" ', "*a* _b_ <c> @d // /* "]
)
def test_hostile_texts_are_data(text: str) -> None:
    hostile = with_hostile(PAPER, text)
    assert data_of(hostile)["title"] == hostile.title
    assert render_typst(hostile).split("\n", 1)[1] == render_typst(PAPER).split("\n", 1)[1]
    assert render_pdf(hostile).startswith(b"%PDF")


def test_invisible_characters_are_written_out() -> None:
    hostile = replace(PAPER, title="a\x00\u202e\ud800")
    assert data_of(hostile)["title"] == "a⟨U+0000⟩⟨U+202E⟩⟨U+D800⟩"
    assert render_pdf(hostile).startswith(b"%PDF")


def test_a_letter_that_the_fonts_lack_is_written_out() -> None:
    assert find_lacking("Zürich, ≤ 93 %, 10⁸, 汉 😀") == {"汉", "😀"}
    named = replace(PAPER, title="武汉 trial")
    assert data_of(named, lacking=frozenset("武汉"))["title"] == "⟨U+6B66⟩⟨U+6C49⟩ trial"
    assert render_pdf(named) == render_pdf(named)


def test_two_characters_are_escaped_in_a_string() -> None:
    assert quote_typst('a"b\\') == '"a\\"b\\\\"'


def test_words_of_ten_thousand_letters_are_set() -> None:
    word = "W" * 10_000
    table = replace(PAPER.tables[1], title=word, columns=(word,) * 7, rows=((Cell(word, "T2.S1.age"),) * 7,))
    claim = replace(PAPER.verdicts[0], claim=word, working=word, queries=(word,))
    long = replace(
        PAPER, title=word, stamp=word, tables=(table,), verdicts=(claim,), silences=(f"Field {word}: {word}",)
    )
    assert render_pdf(long).startswith(b"%PDF")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_every_page_bears_stamp_and_head(pdf: bytes, tmp_path: Path) -> None:
    tmp_path.joinpath("paper.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "paper.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True)
    pages = done.stdout.split("\f")[:-1]
    assert len(pages) > 2
    for page in pages:
        assert "SIMULATED" in page
        assert f"3:{PAPER.head.hash}" in page


def test_an_empty_paper_is_a_document_with_a_title() -> None:
    names = ("flow", "statements", "tables", "timelines", "silences", "background", "context", "verdicts")
    empty = replace(PAPER, stamp="", **dict.fromkeys((*names, "results", "evidence"), ()))
    assert render_pdf(empty).startswith(b"%PDF")
