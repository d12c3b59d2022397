"""The paper and its files."""

import json

import pytest
from tests.web.sources import told

STARTS = {"paper.pdf": b"%PDF-", "paper.docx": b"PK\x03\x04", "results.csv": b"id,", "results.json": b"["}


def test_page_frames_the_paper_and_offers_its_files(published):
    page = published.get("/paper").content.decode()
    assert '<iframe class="paper" src="/paper/paper.html" title="The paper">' in page
    for name in STARTS:
        assert f'href="/paper/{name}" download' in page


def test_paper_is_whole_and_runs_nothing(published):
    response = published.get("/paper/paper.html")
    assert response.content.lstrip().lower().startswith(b"<!doctype html>")
    assert "style-src 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert "script-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("name", STARTS)
def test_file_is_sent_to_be_kept(published, name):
    response = published.get(f"/paper/{name}")
    assert response.content.startswith(STARTS[name])
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_paper_of_an_earlier_moment_counts_what_was_known_then(published):
    def enrolled(**query: str) -> str:
        rows = json.loads(published.get("/paper/results.json", query).content)
        return next(row["printed"] for row in rows if row["id"] == "FLOW.enrolled")

    assert enrolled() == "7"
    assert enrolled(as_of="20") == "1"


def test_paper_bears_the_head_of_its_moment(published):
    head = published.get("/health", {"as_of": "20"}).json()["head"]
    assert head.partition(":")[2] in published.get("/paper/paper.html", {"as_of": "20"}).content.decode()


def test_there_is_no_paper_before_there_is_a_protocol(published):
    assert "there is no paper to write" in told(published.get("/paper", {"as_of": "0"}))
    assert published.get("/paper/paper.html", {"as_of": "0"}).status_code == 404


@pytest.mark.parametrize("name", ["paper.exe", "..", "%2e%2e%2fheads.jsonl", "log.sqlite", "PAPER.HTML"])
def test_no_other_file_is_sent(published, name):
    assert published.get(f"/paper/{name}").status_code == 404
