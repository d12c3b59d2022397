"""Plots: drawn from rows alone, readable in grey and in print, nothing on another, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import msgspec
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image
from tests.support.sample_paper import TIMELINE, with_hostile

from firstbreath.paper.drawing import render_figure, render_figure_pdf, render_figure_png, render_figure_svg
from firstbreath.paper.figures import render_timeline_pdf
from firstbreath.paper.plot_differences import draw_differences
from firstbreath.paper.plot_forest import draw_forest
from firstbreath.paper.plot_looks import LEAST, SIGNS, render_tick, shown_code
from firstbreath.paper.plot_paired import draw_paired
from firstbreath.paper.plot_values import ChangePlot, ForestPlot, Marked, PairedPlot, Plot, Rate, Typical
from firstbreath.paper.plot_words import caption_of, describe_plot
from firstbreath.paper.plots import plot_of_endpoint, plots_of_endpoint
from firstbreath.paper.swimlane_looks import PALETTE
from firstbreath.stats.endpoints import endpoint
from firstbreath.stats.refusals import NotComputable

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
BEFORE, AFTER = [39, 48, 50, 51, 61, 63, 79], [21, 29, 37, 40, 47, 49, 63]
MANY = [30 + (n * 17) % 43 for n in range(30)]
LATER = [None if n == 7 else value - (n * 11) % 38 + 9 for n, value in enumerate(MANY)]
EARLY = [None if n == 3 else value for n, value in enumerate(MANY)]


def plots(
    before: list[Any], after: list[Any], *, begin: str = "P", better: Any = "lower", **more: Any
) -> tuple[PairedPlot, ChangePlot]:
    codes = [f"{begin}{n:02}" for n in range(1, len(before) + 1)]
    answer = endpoint(before, after, codes, better=better, unit="points", **more)
    return plots_of_endpoint(answer, id="score", title="CT score")


def share(label: str, k: int, n: int, low: str, high: str) -> Rate:
    def percent(text: str) -> Marked:
        return Marked(Fraction(text), text)

    counts = (Marked(Fraction(k), str(k), f"S.{label}.k"), Marked(Fraction(n), str(n), f"S.{label}.n"))
    return Rate(label, *counts, Marked(Fraction(100 * k, n), f"{100 * k / n:.1f}"), percent(low), percent(high))


def forest(*rates: Rate) -> ForestPlot:
    return ForestPlot(id="F3", title="Adverse events", level="95 %", rates=rates)


SEVEN, THIRTY = plots(BEFORE, AFTER), plots(EARLY, LATER, begin="MEXCOVID-0")
FEW = forest(share("Fever", 1, 7, "0.4", "57.9"), share("Cough", 0, 7, "0.0", "41.0"))
LABELS = ("Fever", "Shortness of breath that began during the inhalation or within an hour", "W" * 90)
MANY_RATES = forest(*(share(f"{LABELS[n % 3]} {n}", n, 30, "2.1", "79.5") for n in range(30)))
DRAWN: dict[str, tuple[Plot, Callable[..., Any]]] = {
    "paired-7": (SEVEN[0], draw_paired),
    "paired-30": (THIRTY[0], draw_paired),
    "differences-7": (SEVEN[1], draw_differences),
    "differences-30": (THIRTY[1], draw_differences),
    "forest-2": (FEW, draw_forest),
    "forest-30": (MANY_RATES, draw_forest),
}
every_plot = pytest.mark.parametrize("name", DRAWN)
one_of_each = pytest.mark.parametrize("name", ["paired-7", "differences-7", "forest-2"])


def texts_of(name: str, stamp: str) -> tuple[Any, list[Text]]:
    """The figure's size in pixels and every text it shows."""
    plot, draw = DRAWN[name]
    figure = draw(plot, stamp=stamp)
    FigureCanvasAgg(figure).draw()
    return figure.bbox, [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


@every_plot
@pytest.mark.parametrize(
    "stamp", ["SIMULATED", "A stamp of a great many words, more than fit on one line of a column " * 2]
)
def test_no_text_lies_on_another_or_leaves_the_figure(name: str, stamp: str) -> None:
    bounds, texts = texts_of(name, stamp)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    apart = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a.x0 < b.x1 - 0.5 and b.x0 < a.x1 - 0.5 and a.y0 < b.y1 - 0.5 and b.y0 < a.y1 - 0.5
    ]
    assert apart == []
    out = [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > bounds.x1 or box.y1 > bounds.y1]
    assert out == []


@one_of_each
def test_no_letter_is_too_small_for_print(name: str) -> None:
    _, texts = texts_of(name, "SIMULATED")
    assert min(text.get_fontsize() for text in texts) >= LEAST == 6.5


@every_plot
def test_a_drawing_is_an_image_with_a_name_and_sentences(name: str) -> None:
    plot, _ = DRAWN[name]
    svg = ET.fromstring(render_figure_svg(plot))  # noqa: S314
    assert (svg.tag, svg.get("role")) == (f"{SVG}svg", "img")
    assert svg.findtext(f"{SVG}title") == plot.title
    assert svg.findtext(f"{SVG}desc") == describe_plot(plot)
    named = str(svg.get("aria-labelledby")).split()
    assert [child.get("id") for child in list(svg)[:2]] == named


@one_of_each
def test_the_same_plot_gives_the_same_bytes(name: str) -> None:
    plot, _ = DRAWN[name]
    for ending, begin in ((".svg", b"<?xml"), (".pdf", b"%PDF")):
        once = render_figure(plot, ending)
        assert once.startswith(begin)
        assert once == render_figure(plot, ending)
    assert render_figure_png(plot, dpi=40) == render_figure_png(plot, dpi=40)


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import hashlib\nfrom tests.unit.paper.test_plots import SEVEN\nfrom firstbreath.paper.drawing import *\n"
        "print(*(hashlib.sha256(render_figure(SEVEN[0], e)).hexdigest() for e in ('.svg', '.pdf', '.png')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [hashlib.sha256(render_figure(SEVEN[0], ending)).hexdigest() for ending in (".svg", ".pdf", ".png")]
    assert done.stdout.split() == here


def test_a_pdf_names_no_date_and_no_program_and_says_its_title() -> None:
    pdf = render_figure_pdf(SEVEN[0])
    assert not re.search(rb"/CreationDate|/ModDate|/Producer|/Creator", pdf)
    assert b"/Title" in pdf
    assert render_timeline_pdf(TIMELINE) == render_timeline_pdf(TIMELINE)
    assert render_timeline_pdf(TIMELINE).startswith(b"%PDF")


def test_a_pdf_has_no_link_that_leads_nowhere() -> None:
    assert b"/URI" not in render_timeline_pdf(TIMELINE)


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\.svg, \.pdf or \.png"):
        render_figure(SEVEN[0], ".gif")


def lightness(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("direction", SIGNS)
def test_a_mark_stands_out_in_grey(direction: str) -> None:
    ink = lightness(PALETTE[SIGNS[direction].colour])
    assert (lightness(PALETTE["ground"]) + 0.05) / (ink + 0.05) >= 4.5


def test_a_direction_is_told_by_dash_marker_and_fill_not_by_colour() -> None:
    told = ("better", "worse", "unchanged")
    assert len({str(SIGNS[name].dash) for name in told}) == 3
    assert len({SIGNS[name].marker for name in (*told, "alone")}) == 4
    assert [SIGNS[name].filled for name in told] == [True, False, False]


@one_of_each
def test_a_print_in_grey_keeps_its_marks(name: str) -> None:
    """The darkest tenth of what is drawn is dark in grey, too."""
    with Image.open(io.BytesIO(render_figure_png(DRAWN[name][0], dpi=90))) as image:
        grey = sorted(image.convert("L").tobytes())
    drawn = [value for value in grey if value < 240]
    assert drawn[len(drawn) // 10] < 110


def dashes(plot: Plot) -> set[str]:
    """Every dash of a line in the colours of a direction."""
    svg = render_figure_svg(plot)
    colours = "|".join(PALETTE[sign.colour] for sign in SIGNS.values())
    return set(re.findall(rf"stroke-dasharray: ([^;]+);[^\"]*stroke: (?:{colours})", svg))


def test_who_got_worse_is_dashed_and_who_did_not_change_dotted() -> None:
    worse, unchanged, better = plots([1], [2])[0], plots([1, 5], [1, 4])[0], plots([2], [1])[0]
    assert dashes(better) == set()
    assert len(dashes(worse)) == 1
    assert dashes(unchanged) != dashes(worse)


def test_the_direction_hoped_for_decides_what_is_better() -> None:
    for better, word in (("lower", "fell: better"), ("higher", "fell: worse"), (None, "fell")):
        svg = render_figure_svg(plots([2, 3], [1, 1], better=better)[0])
        assert f">{word}</text>" in svg


def test_medians_and_codes_are_on_the_figure() -> None:
    svg = render_figure_svg(SEVEN[0])
    for text in ("median 51", "median 40", "CT score (points)"):
        assert f">{text}</text>" in svg
    assert all(svg.count(f">P0{n}</text>") == 2 for n in range(1, 8))


def test_the_typical_change_is_printed_with_its_limits_and_the_level_they_attain() -> None:
    assert ">−15 (−18 to −12.5; 95.31 %)</text>" in render_figure_svg(SEVEN[1])
    assert "attain 95.31 %" in caption_of(SEVEN[1])
    assert ">−2 (no limits)</text>" in render_figure_svg(plots([5, 6], [3, 4])[1])


def test_a_side_without_a_limit_says_so() -> None:
    one_sided = msgspec.structs.replace(
        SEVEN[1], typical=Typical(Marked(Fraction(-15), "−15"), None, Marked(Fraction(-9), "−9"), "97 %")
    )
    assert ">−15 (no limit to −9; 97 %)</text>" in render_figure_svg(one_sided)
    assert "limits no limit to −9, which hold 97 %" in describe_plot(one_sided)


def test_a_forest_prints_its_numbers_at_the_right() -> None:
    svg = render_figure_svg(FEW)
    for text in ("Fever", "1/7", "14.3 (0.4 to 57.9)", "0/7", "0.0 (0.0 to 41.0)", "%, with 95 % limits"):
        assert f">{text}</text>" in svg


def test_figures_in_sentences() -> None:
    assert describe_plot(SEVEN[0]).startswith(
        "CT score, before and after. Median before 51, after 40 points. P01: before 39, after 21, better. P02:"
    )
    assert describe_plot(SEVEN[1]).startswith(
        "CT score, change. Typical change −15, limits −18 to −12.5, which hold 95.31 %. P01: −18 points, better. P02:"
    )
    assert describe_plot(FEW) == (
        "Adverse events. Fever: 1 of 7, 14.3 %, 95 % limits 0.4 to 57.9 %. "
        "Cough: 0 of 7, 0.0 %, 95 % limits 0.0 to 41.0 %."
    )


def test_who_lacks_a_value_is_named_in_the_caption_and_has_no_line() -> None:
    paired, changes = THIRTY
    assert "missing of MEXCOVID-004, MEXCOVID-008: drawn without a line" in caption_of(paired)
    assert len(changes.changes) == 28
    assert "MEXCOVID-004: before no value, after" in describe_plot(paired)


def test_one_figure_can_be_asked_for_by_kind() -> None:
    answer = endpoint(BEFORE, AFTER, [f"P{n}" for n in range(7)])
    assert isinstance(plot_of_endpoint(answer, id="e", title="E"), PairedPlot)
    assert isinstance(plot_of_endpoint(answer, id="e", title="E", kind="differences"), ChangePlot)


def test_a_figure_without_a_trial_leads_nowhere() -> None:
    assert "<a " not in render_figure_svg(SEVEN[0])


def test_two_figures_share_no_id() -> None:
    page = render_figure_svg(SEVEN[0]) + render_figure_svg(SEVEN[1]) + render_figure_svg(FEW)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ([5], [7], {}),
        ([5, 5], [5, 5], {}),
        ([1000000.5, 1000001], [1000000.25, 1000003], {}),
        (["1e-20", "2e-20"], ["2e-20", "3e-20"], {}),
        (["1e200", "-1e299"], ["0", "2"], {}),
        ([1, 2, 3], [4, 5, 6], {"after_ids": ["a", "b", "c"]}),
        (list(range(200)), [(7 * n) % 200 for n in range(200)], {}),
    ],
    ids=["one", "equal", "offset", "tiny", "huge", "unpaired", "two hundred"],
)
def test_whatever_was_measured_can_be_drawn(before: list[Any], after: list[Any], more: dict[str, Any]) -> None:
    from decimal import Decimal

    values = [[Decimal(str(value)) for value in side] for side in (before, after)]
    for plot in plots(*values, **more):
        assert ET.fromstring(render_figure_svg(plot)).tag == f"{SVG}svg"  # noqa: S314


def test_a_value_that_no_axis_can_show_is_refused() -> None:
    from decimal import Decimal

    with pytest.raises(NotComputable, match="no axis can show it"):
        plots([Decimal("1e301"), 2], [1, 2])


@pytest.mark.parametrize("text", ["<script>x()</script>", "$\\frac{&\"'", "\x00\u202e", "漢字", "W" * 5_000])
@one_of_each
def test_hostile_texts_are_drawn_as_they_stand(name: str, text: str) -> None:
    plot, _ = DRAWN[name]
    hostile = with_hostile(plot, text)
    svg = ET.fromstring(render_figure_svg(hostile, stamp=text))  # noqa: S314
    plain = ET.fromstring(render_figure_svg(plot))  # noqa: S314
    assert {element.tag for element in svg.iter()} <= {element.tag for element in plain.iter()}
    assert render_figure_pdf(hostile).startswith(b"%PDF")
    if text.isprintable() and len(text) < 8:
        assert text in "".join(svg.itertext())


def test_a_long_code_keeps_its_end() -> None:
    assert shown_code("S1") == "S1"
    assert shown_code("MEXCOVID-2020-SITE-01-0007").startswith("…")
    assert shown_code("MEXCOVID-2020-SITE-01-0007").endswith("0007")


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (-0.4, "−0.4"), (-20.0, "−20"), (1000000.5, "1000000.5")])
def test_a_tick_has_a_true_minus_sign_and_all_its_digits(value: float, text: str) -> None:
    assert render_tick(value) == text
