"""The oxygen timeline as a figure: the same bytes every time, readable in grey, and in words."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import msgspec
import pytest
from PIL import Image
from tests.support.sample_paper import TIMELINE, with_hostile

from firstbreath.paper.figures import render_timeline_png, render_timeline_svg, render_timeline_text
from firstbreath.paper.swimlane_looks import MARKERS, PALETTE, TONES, look_of
from firstbreath.paper.swimmer import Lane, Mark, Stretch, Timeline
from firstbreath.paper.timeline_table import timeline_columns, timeline_lines

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


def svg_of(timeline: Timeline = TIMELINE, **options: bool) -> ET.Element:
    return ET.fromstring(render_timeline_svg(timeline, stamp="SIMULATED", **options))  # noqa: S314


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_the_same_timeline_gives_the_same_bytes() -> None:
    assert render_timeline_svg(TIMELINE) == render_timeline_svg(TIMELINE)
    assert render_timeline_png(TIMELINE, dpi=60) == render_timeline_png(TIMELINE, dpi=60)


def test_a_drawing_names_no_date_and_no_program() -> None:
    assert not re.search(r"<metadata|<dc:date|Matplotlib", render_timeline_svg(TIMELINE))
    with Image.open(io.BytesIO(render_timeline_png(TIMELINE, dpi=60))) as image:
        assert "Software" not in image.info


def test_every_mark_and_stretch_leads_to_its_row() -> None:
    links = {link.get(LINK) for link in svg_of().iter(f"{SVG}a")}
    marks = {f"#r-{mark.result}" for lane in TIMELINE.lanes for mark in lane.marks}
    stretches = {f"#r-{stretch.result}" for lane in TIMELINE.lanes for stretch in lane.stretches}
    assert links == marks | stretches


def test_every_link_has_words_and_stays_out_of_the_keyboards_way() -> None:
    for link in svg_of().iter(f"{SVG}a"):
        assert link.get("tabindex") == "-1"
        assert link.findtext(f"{SVG}title")


def test_the_words_of_a_drawing_are_its_text() -> None:
    words = "".join(svg_of().itertext())
    for expected in ("S1", "Days from first symptom", "Nasal cannula", "Follow-up", "SIMULATED"):
        assert expected in words


def test_letters_can_be_drawn_as_shapes() -> None:
    assert not list(svg_of(text_as_paths=True).iter(f"{SVG}text"))


def test_two_drawings_share_no_id() -> None:
    other = msgspec.structs.replace(TIMELINE, id="F3")
    page = render_timeline_svg(TIMELINE) + render_timeline_svg(other)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_no_style_of_a_drawing_reaches_the_page_around_it() -> None:
    assert "<style" not in render_timeline_svg(TIMELINE)


def test_tones_are_steps_of_grey_and_differ_in_hatch() -> None:
    steps = [lightness(PALETTE[tone]) for tone, _ in TONES]
    assert all(lighter - darker > 0.1 for lighter, darker in pairwise(steps))
    assert len({hatch for _, hatch in TONES}) == len(TONES)


def test_twenty_devices_have_twenty_looks() -> None:
    assert len({(look.tone, look.hatch) for look in map(look_of, range(20))}) == 20


def test_shapes_differ_where_the_fill_does_not() -> None:
    assert len({MARKERS["admission"], MARKERS["dose"], MARKERS["follow_up"]}) == 3


def test_the_figure_in_sentences() -> None:
    assert render_timeline_text(TIMELINE) == (
        "Oxygen, doses and follow-up. Days are counted from first symptom. "
        "S1: admission on day 15; dose given on day 32; dose missed or interrupted on day 33; follow-up on day 51; "
        "High-flow nasal cannula from day 32 to day 34; Nasal cannula from day 34, its end not recorded. "
        "S2: dose given on day 12."
    )


def test_days_in_a_row_are_told_as_a_span() -> None:
    marks = tuple(Mark(day, "dose", "", "") for day in (3, 4, 5))
    assert "dose given on days 3 to 5" in render_timeline_text(Timeline("F", "T", "o", (Lane("S1", marks, ()),), ()))
    apart = tuple(Mark(day, "follow_up", "", "") for day in (3, 9))
    assert "follow-up on days 3 and 9" in render_timeline_text(Timeline("F", "T", "o", (Lane("S1", apart, ()),), ()))


def test_the_table_has_the_days_of_the_drawing() -> None:
    assert timeline_columns(TIMELINE)[:3] == ("Subject", "Admission", "Dose given")
    first = ["".join(cell.text for cell in entry) for entry in timeline_lines(TIMELINE)[0]]
    assert first == [
        "S1",
        "15",
        "32",
        "33",
        "51",
        "High-flow nasal cannula from day 32 to day 34; Nasal cannula from day 34",
    ]
    assert ["".join(cell.text for cell in entry) for entry in timeline_lines(TIMELINE)[1]][-1] == "–"


@pytest.mark.parametrize(
    "lanes",
    [
        (),
        (Lane("S1", (), ()),),
        (Lane("S1", (Mark(-4, "admission", "", "a"), Mark(10**6, "other", "", "b")), ()),),
        tuple(Lane(f"S{n}", (Mark(n, "dose", "", f"r{n}"),), (Stretch(n, n, "air", f"o{n}"),)) for n in range(60)),
    ],
)
def test_any_number_of_lanes_can_be_drawn(lanes: tuple[Lane, ...]) -> None:
    timeline = Timeline("F", "T", "first symptom", lanes, ())
    assert svg_of(timeline).tag == f"{SVG}svg"
    assert render_timeline_png(timeline, dpi=20).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "$\\frac{", "_", "&\"'", "\x00\u202e", "漢字 ", "W" * 10_000]
)
def test_hostile_texts_are_drawn_as_they_stand(text: str) -> None:
    svg = svg_of(with_hostile(TIMELINE, text))
    assert {element.tag for element in svg.iter()} == {element.tag for element in svg_of().iter()}
    if text.isprintable() and len(text) < 8:
        assert f"{text}S1" in "".join(svg.itertext())
