"""The paper as a Word document: real headings, repeated headers, links, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import msgspec
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from tests.support.sample_paper import AT, PAPER, TIMELINE, with_hostile

from firstbreath.paper.docx import render_docx
from firstbreath.paper.figures import render_timeline_text


def opened(made: bytes) -> Any:
    return docx.Document(io.BytesIO(made))


@pytest.fixture(scope="module")
def document() -> Any:
    return opened(render_docx(PAPER))


def texts(document: Any) -> str:
    return "\n".join(element.text or "" for element in document.element.body.iter(qn("w:t")))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_docx(PAPER) == render_docx(PAPER)


def test_no_part_has_a_time_of_its_own(document: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(PAPER))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    latest = AT.replace(minute=3, tzinfo=document.core_properties.created.tzinfo)
    assert document.core_properties.created == document.core_properties.modified == latest


def test_headings_are_headings(document: Any) -> None:
    found = {(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs}
    assert ("Title", PAPER.title) in found
    assert ("Heading 1", "Tables") in found
    assert ("Heading 2", "Patients") in found
    assert ("Heading 3", "The claim c.") in found


def test_the_header_of_every_table_is_repeated_and_rows_stay_whole(document: Any) -> None:
    for table in document.tables:
        first, *rest = table._tbl.tr_lst
        assert first.find(f".//{qn('w:tblHeader')}") is not None
        assert rest
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rest)


def test_every_number_leads_to_its_row(document: Any) -> None:
    marks = {mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))]
    assert len(marks) == len(PAPER.results) + len(PAPER.evidence)
    assert links
    assert set(links) <= marks


def test_bookmarks_have_numbers_of_their_own(document: Any) -> None:
    numbers = [mark.get(qn("w:id")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_the_figure_says_what_it_shows(document: Any) -> None:
    (picture,) = document.element.body.iter(qn("wp:docPr"))
    assert picture.get("title") == TIMELINE.title
    assert picture.get("descr") == render_timeline_text(TIMELINE)


def test_every_section_has_the_stamp_and_the_head(document: Any) -> None:
    header = document.sections[0].header
    assert "SIMULATED" in header.paragraphs[0].text
    assert PAPER.head.hash in header.paragraphs[0].text
    assert all(section.header.is_linked_to_previous for section in list(document.sections)[1:])


def test_wide_tables_lie_on_their_side(document: Any) -> None:
    lying = [section.orientation == WD_ORIENT.LANDSCAPE for section in document.sections]
    assert lying == [False, True, False]


@pytest.mark.parametrize("text", ["<w:p/>&\"' ", "\x00\x0b\u202e\ufffe\ud800 ", "漢字 😀 ", "a\r\nb\tc "])
def test_hostile_texts_stand_as_they_are(text: str) -> None:
    hostile = opened(render_docx(with_hostile(PAPER, text)))
    plain = opened(render_docx(PAPER))
    assert len(hostile.tables) == len(plain.tables)
    assert len(list(hostile.element.body.iter(qn("w:hyperlink")))) == len(
        list(plain.element.body.iter(qn("w:hyperlink")))
    )
    if text.isprintable():
        assert f"{text}The working." in texts(hostile)


def test_words_of_ten_thousand_letters_are_kept() -> None:
    word = "W" * 10_000
    long = msgspec.structs.replace(PAPER, title=word, stamp=word, silences=(f"Field {word}: {word}",))
    assert word in texts(opened(render_docx(long)))


def test_an_empty_paper_is_a_document_with_a_title() -> None:
    names = ("flow", "statements", "tables", "timelines", "silences", "background", "context", "verdicts")
    empty = msgspec.structs.replace(PAPER, stamp="", **dict.fromkeys((*names, "results", "evidence"), ()))
    assert PAPER.title in texts(opened(render_docx(empty)))
