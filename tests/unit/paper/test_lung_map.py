"""The map of the lungs: from rows alone, nothing before the reads are final, readable in grey, in every format."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from importlib.resources import files
from itertools import combinations, pairwise

import docx
import msgspec
import pytest
from docx.oxml.ns import qn
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from tests.support.read_trial import CHARTER, READ_FILES, SEED, ReadTrial
from tests.support.read_trial import seen as points_of
from tests.support.sample_paper import with_hostile
from tests.support.scored_trial import paper_of
from tests.support.small_trial import is_allowed
from tests.unit.paper.test_plots import lightness
from tests.unit.paper.test_reading_rows import ANALYSIS, REMY, ROSA

from firstbreath.paper.docx import render_docx
from firstbreath.paper.drawing import render_figure, render_figure_svg
from firstbreath.paper.figure_files import render_figure_files
from firstbreath.paper.html import render_html
from firstbreath.paper.lung_shapes import OUTLINES, SHAPES, name_of, trace
from firstbreath.paper.pdf import render_pdf
from firstbreath.paper.plot_looks import LEAST
from firstbreath.paper.plot_lungs import draw_lungs
from firstbreath.paper.plot_scales import shade_of_change, shade_of_score
from firstbreath.paper.plot_values import LungPlot, Marked, SegmentChange
from firstbreath.paper.plot_words import caption_of, describe_plot
from firstbreath.paper.reading_block import compose_reading
from firstbreath.paper.results import compute_results
from firstbreath.paper.swimlane_looks import PALETTE

MEAN_OF = REMY | {"S1.D3.1": points_of(R1=1, R2=0, L3=0)}


def read_trial(charter: str = CHARTER, *, rename: dict[str, str] | None = None, final: bool = True) -> ReadTrial:
    """Three patients read by two; `rename` gives segments other ids."""
    names = rename or {}
    READ_FILES["analysis.toml"] = ANALYSIS
    for old, new in names.items():
        charter = charter.replace(f'id = "{old}"', f'id = "{new}"')
    try:
        trial = ReadTrial(charter=charter.replace('"consensus"', '"mean"'))
    finally:
        del READ_FILES["analysis.toml"]
    for subject in ("S1", "S2", "S3"):
        trial.enrolled(subject)
        trial.review(subject)
    trial.passed("S1", "S2", "S3")
    assert is_allowed(trial.draw())
    for reader, seen in (("rosa", ROSA), ("remy", MEAN_OF)):
        trial.read_all(
            reader,
            {scan: {names.get(one, one): told for one, told in entries.items()} for scan, entries in seen.items()},
        )
    if final:
        assert is_allowed(trial.by("dana", {"act": "unblind_reads", "seeds": [SEED]}))
    return trial


@pytest.fixture(scope="module")
def read() -> ReadTrial:
    return read_trial()


def block_of(trial: ReadTrial):
    rows = {row.id: row for row in compute_results(trial.trial)}
    return next(each for each in compose_reading(trial.trial.protocol, rows) if each.id == "READ.ct.map"), rows


def mark(value: int | str) -> Marked:
    return Marked(Fraction(value), str(value), f"row.{value}")


def change(segment: str, before: str, after: str, *, fell: int, rose: int, patients: int = 12) -> SegmentChange:
    return SegmentChange(
        segment=segment, patients=mark(patients), before=mark(before), after=mark(after), fell=mark(fell),
        rose=mark(rose),
    )  # fmt: skip


WIDE = [change(each, "3.5", "2.5", fell=n % 13, rose=(5 * n) % (13 - n % 13)) for n, each in enumerate(SHAPES)]
FULL = LungPlot(
    id="READ.ct.map", title="CT score", label="CT score", unit="points", lower_is_better=True, largest=4,
    segments=tuple(WIDE),
)  # fmt: skip


class TestRows:
    def test_of_a_charter_that_takes_the_mean_each_segment_is_the_mean_of_the_readers(self, read):
        _, rows = block_of(read)

        def told(segment):
            parts = ("n", "before", "after", "lower", "higher")
            return [rows[f"READ.segment.ct.{segment}.{part}"].value for part in parts]

        # before: R1 2 2 1, R2 3/2 1 0, L3 1 1 2; after: R1 1 0 1, R2 1/2 1 0, L3 0 0 and one not evaluable
        assert told("R1") == ["3", "2", "1", "2", "0"]
        assert told("R2") == ["3", "1", "1/2", "1", "0"]
        assert told("L3") == ["2", "1", "0", "2", "0"]
        assert rows["READ.segment.ct.L3.n"].method.endswith("not evaluable in 1")

    def test_every_number_rests_on_the_signed_reads(self, read):
        _, rows = block_of(read)
        events = read.door.history.events
        for name, row in rows.items():
            if name.startswith("READ.segment."):
                assert {events[seq - 1].kind for seq in row.sources} == {"read_signed"}


class TestFigure:
    def test_nothing_is_drawn_before_the_reads_are_final(self):
        sealed = read_trial(final=False)
        assert not [row.id for row in compute_results(sealed.trial) if row.id.startswith("READ.segment")]
        assert "READ.ct.map" not in [block.id for block in paper_of(sealed).endpoints]

    def test_every_mark_is_a_row(self, read):
        block, rows = block_of(read)
        (plot,) = block.plots
        assert [part.segment for part in plot.segments] == ["R1", "R2", "L3"]
        marks = [mark for part in plot.segments for mark in (part.before, part.after, part.fell, part.rose)]
        assert all(rows[mark.result].printed == mark.printed for mark in marks)
        links = set(re.findall(r'xlink:href="#r-([^"]+)"', render_figure_svg(plot)))
        assert links == {mark.result for mark in marks}

    def test_it_says_in_words_what_it_shows(self, read):
        (plot,) = block_of(read)[0].plots
        assert describe_plot(plot).startswith(
            "CT score by segment of the lungs. R1: median before 2, after 1; fell in 2 and rose in 0 of 3 patients. R2:"
        )
        assert "right (R) is on the left" in caption_of(plot)
        assert "Segments are of 2 to 3 patients" in caption_of(plot)
        assert "Each segment is of 12 patients." in caption_of(FULL)

    def test_a_segment_without_a_place_is_in_the_table_alone(self):
        block, _ = block_of(read_trial(rename={"R2": "lower_lobe"}))
        (plot,) = block.plots
        assert [part.segment for part in plot.segments] == ["R1", "L3"]
        assert [line[0].text for line in block.table.rows] == ["R1", "lower_lobe", "L3"]
        assert "Not on the map: lower_lobe" in describe_plot(plot)
        assert "Not on the map: lower_lobe" in caption_of(plot)

    def test_without_a_known_segment_there_is_no_figure(self):
        trial = read_trial(rename={"R1": "one", "R2": "two", "L3": "three"})
        block, _ = block_of(trial)
        assert (block.plots, len(block.table.rows)) == ((), 3)
        assert "figure-READ-ct-map.svg" not in render_figure_files(paper_of(trial))

    def test_a_segment_that_nobody_could_evaluate_says_so(self):
        none = msgspec.structs.replace(WIDE[0], patients=mark(0), before=None, after=None, fell=mark(0), rose=mark(0))
        svg = render_figure_svg(msgspec.structs.replace(FULL, segments=(none,)))
        assert svg.count(">N/A</text>") == 3

    def test_the_paper_has_it_in_every_format(self, read):
        made = paper_of(read)
        html = render_html(made)
        assert "CT score by segment of the lungs</title>" in html
        assert set(re.findall(r'<a xlink:href="#([^"]+)"', html)) <= set(re.findall(r' id="([^"]+)"', html))
        assert render_pdf(made).startswith(b"%PDF")
        document = docx.Document(io.BytesIO(render_docx(made)))
        told = [picture.get("descr") for picture in document.element.body.iter(qn("wp:docPr"))]
        assert any("R1: median before 2, after 1" in each for each in told)
        assert {"figure-READ-ct-map.svg", "figure-READ-ct-map.pdf"} <= set(render_figure_files(made))

    @pytest.mark.parametrize(("ending", "begin"), [(".svg", b"<?xml"), (".pdf", b"%PDF"), (".png", b"\x89PNG")])
    def test_the_same_map_gives_the_same_bytes(self, ending, begin):
        once = render_figure(FULL, ending)
        assert once.startswith(begin)
        assert once == render_figure(FULL, ending)

    def test_hostile_texts_change_no_tag(self):
        hostile = render_figure_svg(with_hostile(FULL, "<script>x()</script>"), stamp="<b>")
        assert "<script" not in hostile


class TestPrint:
    @pytest.mark.parametrize("stamp", ["", "SIMULATED", "A stamp of a great many words, more than one line " * 2])
    def test_no_text_lies_on_another_or_leaves_the_figure(self, stamp):
        figure = draw_lungs(FULL, stamp=stamp)
        FigureCanvasAgg(figure).draw()
        texts = [text for text in figure.findobj(Text) if text.get_text()]
        assert min(text.get_fontsize() for text in texts) >= LEAST
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
        apart = [
            (one, other)
            for (one, a), (other, b) in combinations(boxes, 2)
            if a.x0 < b.x1 - 0.5 and b.x0 < a.x1 - 0.5 and a.y0 < b.y1 - 3.5 and b.y0 < a.y1 - 3.5
        ]
        assert apart == []
        assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 for _, box in boxes)

    def test_steps_of_a_score_are_steps_of_grey_and_hold_their_letters(self):
        grey = [lightness(PALETTE[f"step-{step}"]) for step in range(5)]
        assert all(lighter > darker * 1.15 for lighter, darker in pairwise(grey))
        named = [name for name in PALETTE if re.match(r"step-|gain-|loss-|even", name)]
        assert all((lightness(PALETTE[name]) + 0.05) / (lightness(PALETTE["ink"]) + 0.05) >= 4.5 for name in named)

    def test_letters_stand_out_on_a_dark_page(self):
        css = files("firstbreath.paper").joinpath("templates", "paper.css").read_text("utf-8")
        dark = dict(re.findall(r"--f-([\w-]+): (#\w{6})", css))
        named = [name for name in PALETTE if re.match(r"step-|gain-|loss-|even", name)]
        assert all((lightness(dark["ink"]) + 0.05) / (lightness(dark[name]) + 0.05) >= 4.5 for name in named)

    @pytest.mark.parametrize(
        ("value", "largest", "shade"),
        [("0", 4, 0), ("1/2", 4, 1), ("1", 4, 1), ("5/2", 4, 3), ("4", 4, 4), ("1", 2, 2), ("2", 2, 4), ("7", 20, 2)],
    )
    def test_a_score_has_the_shade_of_the_next_step_up(self, value, largest, shade):
        assert shade_of_score(Fraction(value), largest) == f"step-{shade}"

    @pytest.mark.parametrize(
        ("share", "lower", "told"),
        [
            ("-1/2", True, ("gain-2", False)),
            ("-1/3", True, ("gain-1", False)),
            ("0", True, ("even", False)),
            ("1/3", True, ("loss-1", True)),
            ("1", True, ("loss-2", True)),
            ("1", False, ("gain-2", False)),
            ("-1", None, ("gain-2", False)),
            ("1", None, ("loss-2", True)),
        ],
    )
    def test_the_side_not_hoped_for_is_hatched(self, share, lower, told):
        shade, hatch = shade_of_change(Fraction(share), lower_is_better=lower)
        assert (shade, bool(hatch)) == told


class TestShapes:
    def test_the_readers_desk_has_the_same_shapes(self):
        drawing = files("firstbreath.web").joinpath("templates", "reading", "lung_map.html").read_text("utf-8")
        found = re.findall(
            r'data-segment="(\w+)"[^>]*? d="([^"]+)"/><text class="lung-name" x="(\d+)" y="(\d+)">', drawing
        )
        assert found == [(name, shape.d, str(shape.x), str(shape.y)) for name, shape in SHAPES.items()]
        assert list(OUTLINES.values()) == re.findall(r'class="lung-outline" d="([^"]+)"', drawing)

    def test_a_path_is_traced_point_by_point(self):
        assert trace("M1 2H5V7Q1 1 2 2Z") == (
            ((1, 2), 1), ((5, 2), 2), ((5, 7), 2), ((1, 1), 3), ((2, 2), 3), ((2, 2), 79),
        )  # fmt: skip

    def test_names_as_they_are_printed(self):
        assert [name_of(each) for each in ("R1", "L1_2", "lower_lobe")] == ["R1", "L1+2", "lower_lobe"]
