"""The paper as one HTML file: nothing fetched, nothing hostile let through, every number led back to its events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise, product
from pathlib import Path

import msgspec
import pytest
from tests.support.sample_paper import PAPER, with_hostile

from firstbreath.cli.study import Study
from firstbreath.paper.document import Paper
from firstbreath.paper.html import render_html

TEMPLATES = files("firstbreath.paper") / "templates"
HOSTILE = (
    "<script>x()</script> ",
    "\"' onload=x ",
    "{{ 7 * 7 }}{% raw %}",
    "</style></svg>&lt; ",
    "\x00\u202e\ufffe ",
)


class Page(HTMLParser):
    """The elements of a page in order, and the text in each place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str, tag: str = "") -> list[str]:
        return [str(attrs[name]) for found, attrs in self.tags if name in attrs and tag in ("", found)]


@cache
def page(paper: Paper = PAPER) -> Page:
    return Page(render_html(paper))


def part(html: str, opening: str) -> str:
    """What stands between an opening and the end of its list item."""
    begin = html.index(opening)
    return html[begin : html.index("</li>", begin)]


def test_nothing_is_fetched_and_nothing_runs() -> None:
    html = render_html(PAPER)
    assert not [tag for tag, _ in page().tags if tag in {"script", "link", "img", "iframe", "object", "base"}]
    assert not page().values("src")
    assert not re.search(r"@import|url\((?!#)|https?://(?!www\.w3\.org/)", html)
    assert all(target.startswith("#") for target in page().values("href"))


def test_the_same_paper_gives_the_same_page() -> None:
    assert render_html(PAPER) == render_html(PAPER)


def test_every_id_is_there_once_and_every_link_has_an_end() -> None:
    ids = Counter(page().values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    targets = {target[1:] for name in ("href", "xlink:href") for target in page().values(name)}
    assert targets <= set(ids)


def test_every_number_leads_to_its_row_and_every_row_to_its_events() -> None:
    html = render_html(PAPER)
    for row in PAPER.results:
        shown = part(html, f'<li class="row" id="r-{row.id}"')
        assert row.printed in shown
        assert row.value in shown
        assert row.method in shown
        assert [int(seq) for seq in re.findall(r'href="#e-(\d+)"', shown)] == list(row.sources)
    cells = [cell for line in PAPER.tables[1].rows for cell in line if cell.result]
    for cell in cells:
        assert f'href="#r-{cell.result}">{cell.text}</a>' in html


def test_a_row_leads_back_to_the_place_that_prints_it() -> None:
    html = render_html(PAPER)
    assert 'href="#u-S.age.median">Close' in part(html, 'id="r-S.age.median"')
    assert 'href="#closed">Close' in part(html, 'id="r-EX.S1.doses"')


def test_an_event_says_who_when_where_why_and_its_hash() -> None:
    shown = part(render_html(PAPER), 'id="e-2"')
    for expected in ("A. Nurse, nurse", "2026-01-01T08:02:00Z", "Form 1", "a slip of the pen", PAPER.evidence[1].hash):
        assert expected in shown
    assert 'href="#r-S.age.median"' in shown


def test_a_row_without_events_and_an_unknown_event_break_nothing() -> None:
    lost = msgspec.structs.replace(PAPER, evidence=PAPER.evidence[:1])
    assert 'href="#e-2"' not in render_html(lost)
    assert page(lost).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_change_no_element_of_the_page(text: str) -> None:
    hostile = page(with_hostile(PAPER, text))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in page().tags]
    assert not [name for _, attrs in hostile.tags for name in attrs if name.startswith("on")]


def test_a_hostile_text_is_printed_as_it_stands() -> None:
    assert "<script>alert(1)</script>The working." in page(with_hostile(PAPER, "<script>alert(1)</script>")).text


def test_a_hostile_stamp_does_not_leave_its_string_in_the_style() -> None:
    html = render_html(msgspec.structs.replace(PAPER, stamp='"; } body { display: none } </style><b>'))
    assert "display: none } <" not in html
    assert html.count("</style>") == 1


def test_the_stamp_stands_on_top_and_on_every_printed_page() -> None:
    html = render_html(PAPER)
    assert html.index('<aside class="stamp"') < html.index("<h1")
    assert '@top-left { content: "SIMULATED"; }' in html
    assert '<p class="gutter" aria-hidden="true">SIMULATED</p>' in html


def test_a_real_trial_bears_no_stamp() -> None:
    assert '<aside class="stamp"' not in render_html(msgspec.structs.replace(PAPER, stamp=""))


def test_verdicts_are_counted_in_words_and_differ_in_shape() -> None:
    html = render_html(PAPER)
    assert re.search(r"<strong>2</strong> reproduced", html)
    shapes = re.findall(r'<symbol id="i-v-[^"]+" viewBox="[^"]+">(.*?)</symbol>', html)
    assert len(shapes) == len(set(shapes)) == 5
    assert html.index("The claim c.") < html.index("The claim a.")


def test_the_reason_stands_where_a_dose_is_not_comparable() -> None:
    assert "not comparable<small>the dose is a volume</small>" in render_html(PAPER)


def test_an_empty_paper_is_a_page_with_a_title() -> None:
    names = ("flow", "statements", "tables", "timelines", "silences", "background", "context", "verdicts")
    empty = msgspec.structs.replace(PAPER, **dict.fromkeys((*names, "results", "evidence"), ()))
    assert "A small trial" in page(empty).text
    assert "<section" not in render_html(empty)


def test_a_page_has_its_landmarks_headings_and_scopes() -> None:
    tags = Counter(tag for tag, _ in page().tags)
    assert (tags["main"], tags["nav"], tags["h1"], tags["footer"]) == (1, 1, 1, 1)
    levels = [int(tag[1]) for tag, _ in page().tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page().tags if tag == "th")
    assert all(attrs.get("tabindex") == "0" for _, attrs in page().tags if attrs.get("role") == "region")


def test_no_digit_is_typed_into_a_template() -> None:
    for folder in (TEMPLATES, TEMPLATES / "parts"):
        for template in folder.iterdir():
            if template.name.endswith(".html"):
                text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", template.read_text("utf-8"))
                assert not re.search(r"\d", text), template.name


def schemes() -> Iterator[dict[str, str]]:
    """The colours of the light and of the dark scheme."""
    css = TEMPLATES.joinpath("paper.css").read_text("utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in css.split("@media", 2)[:2])
    yield light
    yield light | dark


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_can_be_read_on_its_ground_in_light_and_dark() -> None:
    texts = ("ink", "quiet", "accent", "reproduced", "contradicted", "not-attainable", "inconsistent", "not-checkable")
    for colours in schemes():
        for text, ground in (*product(texts, ("paper", "card")), ("ink", "wash"), ("stamp-ink", "stamp")):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_the_replayed_trial_is_a_page_of_moderate_size(study: Path) -> None:
    opened = Study(study)
    html = render_html(opened.compose(opened.door().history.now))
    assert len(html.encode()) < 1_500_000
    ids = Counter(Page(html).values("id"))
    assert max(ids.values()) == 1
    assert {target[1:] for target in Page(html).values("href")} <= set(ids)
