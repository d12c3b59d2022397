"""The figures of the paper as the site shows them: drawn in the page, under its policy, each mark with its row."""

import json
import re

import pytest
from django.test import Client
from tests.support.scored_trial import scored_trial
from tests.web.sources import MemorySource, client_of


@pytest.fixture(scope="module")
def scored() -> Client:
    return client_of(MemorySource(scored_trial().door.store))


def test_paper_of_the_site_draws_endpoint_and_rates(scored):
    page = scored.get("/paper/paper.html").content.decode()
    assert page.count('role="img"') == 3
    assert "0.0156 (2/128)" in page
    assert "Event rates" in page


def test_each_mark_of_a_figure_leads_to_a_row_of_the_page(scored):
    page = scored.get("/paper/paper.html").content.decode()
    targets = set(re.findall(r'<a xlink:href="#([^"]+)"', page))
    assert len(targets) > 20
    assert targets <= set(re.findall(r' id="([^"]+)"', page))


def test_figures_fetch_nothing_and_run_nothing(scored):
    page = scored.get("/paper/paper.html").content.decode()
    assert not re.search(r"<script|<image|<foreignObject|@import|url\((?!#)", page)


def test_rows_of_the_figures_are_among_the_rows(scored):
    rows = {row["id"]: row["printed"] for row in json.loads(scored.get("/paper/results.json").content)}
    assert (rows["E.score.typical.estimate"], rows["S.cough.upper"]) == ("−15", "41.0")


def test_figure_of_an_earlier_moment_shows_who_was_there_then(scored):
    page = scored.get("/paper/paper.html", {"as_of": "25"}).content.decode()
    assert "S3 before: 50 points" in page
    assert "S7 before" not in page


def test_published_trial_says_that_it_has_no_scores(published):
    page = published.get("/paper/paper.html").content.decode()
    assert "no reading of images is recorded): no change is computed, and no figure is drawn." in page
