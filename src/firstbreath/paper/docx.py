"""The paper as a Word document for co-authors: real headings, tables with repeated headers, numbers that lead to rows.

Name to know: `render_docx`. Never here: a date of today, a file written.
"""

import io

from firstbreath.paper import outline
from firstbreath.paper.document import Paper
from firstbreath.paper.docx_parts import Run, fix_bytes
from firstbreath.paper.docx_sections import WRITERS, Draft, write_heading, write_paragraph
from firstbreath.paper.docx_styles import begin_document
from firstbreath.paper.plain import has_long_word


def render_docx(paper: Paper) -> bytes:
    """The paper as a Word document, the same bytes for the same paper."""
    draft = Draft(
        begin_document(paper),
        paper,
        {row.id: f"row_{n}" for n, row in enumerate(paper.results, 1)},
        {event.seq: f"event_{n}" for n, event in enumerate(paper.evidence, 1)},
    )
    _write_title(draft)
    for section in outline.sections_of(paper):
        write_heading(draft, section.title, 1)
        write_paragraph(draft, (Run(section.lead, "italic"),))
        WRITERS[section.id](draft)
    out = io.BytesIO()
    draft.document.save(out)
    return fix_bytes(out.getvalue())


def _write_title(draft: Draft) -> None:
    write_heading(draft, draft.paper.title, 0)
    write_paragraph(draft, (Run(outline.head_sentence(draft.paper), "italic"),))
    for name, value in outline.facts_of(draft.paper):
        look = "code" if has_long_word(value) else ""
        write_paragraph(draft, (Run(f"{name}: ", "strong"), Run(value, look)), "Facts")
