"""Endpoints and rates in the paper: in every format, linked to their rows, and said once where nothing is recorded."""

from __future__ import annotations

import io
import re
from functools import cache

import docx
import msgspec
import pytest
from docx.oxml.ns import qn
from tests.support.sample_paper import with_hostile
from tests.support.scored_trial import AFTER, BEFORE, SCORE, paper_of, scored_trial

from firstbreath.cli.study import Study
from firstbreath.paper.blocks import PlotBlock
from firstbreath.paper.document import Paper
from firstbreath.paper.docx import render_docx
from firstbreath.paper.endpoint_block import NOTHING
from firstbreath.paper.figure_files import render_figure_files
from firstbreath.paper.html import render_html
from firstbreath.paper.pdf import render_pdf
from firstbreath.paper.plot_words import describe_plot


@cache
def paper() -> Paper:
    return msgspec.structs.replace(paper_of(scored_trial()), stamp="SIMULATED")


@cache
def page() -> str:
    return render_html(paper())


@cache
def word_document():
    return opened(paper())


def sentences(block: PlotBlock) -> list[str]:
    return ["".join(piece.text for piece in statement.pieces) for statement in block.statements]


def the_endpoint(made: Paper) -> PlotBlock:
    (block,) = made.endpoints
    return block


def test_the_sentences_of_an_endpoint():
    assert sentences(the_endpoint(paper()))[:-1] == [
        "Subjects: 7 of 7 with a value before and after",
        "Before: median 51 points (quartiles 48 to 63)",
        "After: median 40 points (quartiles 29 to 49)",
        "Typical change (Hodges-Lehmann): −15 points; exact limits −18 to −12.5, attained level 95.31 %",
        "Exact p: 0.0156 (2/128), signed-rank test, two-sided; the smallest these values could give is 0.0156 (2/128)",
        "Changed for the better: 7 of 7 that changed (exact limits 59.0 to 100.0 %)",
        "Rank-biserial correlation: −1.00, matched pairs; above zero where more rose",
        "Planned test: Wilcoxon signed-rank test",
    ]


def test_the_last_sentence_is_what_the_change_cannot_show():
    assert sentences(the_endpoint(paper()))[-1].startswith("What this cannot show: ")
    assert "control" in sentences(the_endpoint(paper()))[-1]


def test_every_digit_of_a_sentence_is_a_row():
    for statement in the_endpoint(paper()).statements:
        assert not re.search(r"\d", "".join(piece.text for piece in statement.pieces if not piece.result))


def test_what_is_missing_is_said_with_what_it_could_change():
    block = the_endpoint(paper_of(scored_trial(BEFORE, (*AFTER[:5], "", "80"))))
    said = sentences(block)
    assert "Missing: 0 before and 1 after" in said
    assert [text.partition(":")[0] for text in said if text.startswith("Whatever")] == [
        "Whatever is missing, p",
        "Whatever is missing, typical change",
        "Whatever is missing, for the better",
    ]
    assert block.table.notes == ("N/A: a value is missing; its row says why.",)
    assert [cell.text for cell in block.table.rows[5]] == ["S6", "63", "N/A", "N/A"]


def test_a_plan_without_a_test_says_so():
    small = scored_trial(analysis=SCORE.replace('test = "Wilcoxon signed-rank test"', ""))
    assert "Planned test: none is named in the plan of this analysis" in sentences(the_endpoint(paper_of(small)))


def test_an_endpoint_without_values_says_so_once_and_draws_nothing():
    made = paper_of(scored_trial(("", ""), ("", "")))
    block = the_endpoint(made)
    assert (block.plots, block.table.rows) == ((), ())
    assert sentences(block) == ["Typical change: N/A", "Planned test: Wilcoxon signed-rank test"]
    html = render_html(made)
    said = "No subject has a value before or after (no values, not recorded)"
    assert (html.count(said), html.count('class="one-column"')) == (1, 0)
    assert render_pdf(made).startswith(b"%PDF")
    assert said in "".join(element.text or "" for element in opened(made).element.body.iter(qn("w:t")))


def test_an_endpoint_that_is_not_computed_shows_its_values_alone():
    block = the_endpoint(paper_of(scored_trial(("50", ""), ("", "40"))))
    assert [type(plot).__name__ for plot in block.plots] == ["PairedPlot"]
    assert block.notes == ("No typical change is computed or drawn; its row says why.",)
    assert len(block.table.rows) == 2


def test_the_page_draws_every_figure_and_each_mark_leads_to_its_row():
    html = page()
    ids = set(re.findall(r' id="([^"]+)"', html))
    links = set(re.findall(r'<a xlink:href="#([^"]+)"', html))
    assert links <= ids
    assert {"r-E.score.S1.before", "r-E.score.S1.difference", "r-E.score.typical.lower", "r-S.cough.upper"} <= links
    assert html.count('<svg style="stroke-linejoin') == 3
    assert [html.count(name) for name in ('class="one-column"', 'class="page-wide"')] == [2, 1]


def test_a_tooltip_says_what_a_mark_is():
    html = page()
    for words in (
        "S1 before: 39 points",
        "S1, change: −18 points",
        "median after: 40 points",
        "Fever, upper limit: 57.9 %",
    ):
        assert f"<title>{words}</title>" in html


def test_every_number_of_the_part_leads_to_its_row_and_back():
    html = page()
    for name in ("E.score.p.exact", "E.score.S7.difference", "E.score.caution", "S.fever.lower"):
        assert f'href="#r-{name}"' in html
        assert f'href="#u-{name}">Close' in html


def test_rows_of_an_endpoint_stand_under_its_name():
    html = page()
    assert "<h4>Scan score</h4>" in html


def test_colours_of_the_figures_follow_the_page():
    html = page()
    assert "var(--f-better, #14566b)" in html
    assert html.count("--f-better:") == 2


def opened(made: Paper):
    return docx.Document(io.BytesIO(render_docx(made)))


def test_pictures_of_the_word_document_say_what_they_show():
    pictures = [(p.get("name"), p.get("descr")) for p in word_document().element.body.iter(qn("wp:docPr"))]
    plots = [plot for block in (*paper().endpoints, *paper().rates) for plot in block.plots]
    assert pictures == [("Figure", describe_plot(plot)) for plot in plots]


def test_pictures_have_the_width_they_are_drawn_for():
    widths = [round(shape.width.inches, 2) for shape in word_document().inline_shapes]
    assert widths[:2] == [3.2, 3.2]
    assert 6.5 < widths[2] < 6.8


def test_every_format_has_the_same_bytes_again():
    assert render_html(paper()) == page()
    assert render_pdf(paper()) == render_pdf(paper())
    assert render_docx(paper()) == render_docx(paper())


def test_figures_are_files_beside_the_paper():
    files = render_figure_files(paper())
    names = ["figure-score-paired", "figure-score-differences", "figure-F3"]
    assert list(files) == [f"{name}{ending}" for name in names for ending in (".svg", ".pdf")]
    assert all(content.startswith(b"%PDF" if name.endswith("pdf") else b"<?xml") for name, content in files.items())
    assert b"SIMULATED" in files["figure-F3.svg"]
    assert b"<a " not in files["figure-F3.svg"]
    assert files == render_figure_files(paper())


@pytest.mark.parametrize("text", ["<script>x()</script> ", "\"' onload=x ", "] #panic() $ ", "\x00\u202e"])
def test_hostile_texts_change_nothing_but_words(text: str):
    hostile = with_hostile(paper(), text)
    tags, plain = (set(re.findall(r"<[a-z][a-z0-9]*\b", html)) for html in (render_html(hostile), page()))
    assert tags == plain
    assert render_pdf(hostile).startswith(b"%PDF")
    assert len(opened(hostile).inline_shapes) == 3


def test_the_published_trial_says_that_no_score_is_printed(study):
    read = Study(study)
    made = read.compose(read.door().history.now)
    block = the_endpoint(made)
    assert (block.title, block.plots, made.rates) == ("CT score", (), ())
    why = "no values, no reading of images is recorded"
    assert block.notes == (NOTHING.format(why=why),)
    assert any("prints the medians, 51 and 40 points" in silence for silence in made.silences)
    assert list(render_figure_files(made)) == ["figure-F2A.svg", "figure-F2A.pdf"]


def test_the_command_writes_the_figures_beside_the_paper(cli, study, tmp_path):
    assert cli("paper", study, "--out", tmp_path).code == 0
    assert {"figure-F2A.svg", "figure-F2A.pdf"} <= {path.name for path in tmp_path.iterdir()}
