"""Whatever a log says, a page only shows it."""

from urllib.parse import quote

import pytest
from tests.web.sources import SCRIPT, client_of, hostile_source, told

PLACES = [
    *("/", "/protocol", "/paper", "/claims", "/log", "/health", "/?as_of=9"),
    *(f"/log/{seq}" for seq in range(1, 19)),
    *(f"/subjects/{quote(code, safe='')}" for code in (SCRIPT, "../../log\n", "a/b?c#d&e=%2e")),
    f"/log?subject={quote(SCRIPT)}&kind={quote(SCRIPT)}",
    f"/claims?verdict={quote(SCRIPT)}",
    f"/?as_of={quote(SCRIPT)}",
    f"/subjects/{quote('nobody' + SCRIPT, safe='')}",
    f"/paper/{quote(SCRIPT, safe='')}",
    f"/{quote(SCRIPT)}",
]


@pytest.fixture(scope="module")
def hostile():
    return client_of(hostile_source())


@pytest.mark.parametrize("address", PLACES)
def test_it_is_escaped_everywhere(hostile, address):
    response = hostile.get(address)
    page = response.content.decode()
    assert response.status_code in (200, 400, 404)
    assert "<script>hacked" not in page
    assert "<img src=x" not in page
    assert "onerror=hacked=1>" not in page.replace("&gt;", "")
    assert ' "><script' not in page
    assert page != "14", "a template's words are not run"


@pytest.mark.parametrize("address", PLACES)
def test_no_mark_turns_the_text_round(hostile, address):
    assert "\u202e" not in told(hostile.get(address))


def test_pages_show_what_was_said(hostile):
    page = hostile.get(f"/subjects/{quote(SCRIPT, safe='')}").content.decode()
    assert page.count("&lt;script&gt;hacked = 1&lt;/script&gt;") > 30
    assert "⟨U+202E⟩" in page


def test_every_link_of_a_hostile_log_leads_back_to_it(hostile):
    import html
    import re

    page = hostile.get("/").content.decode()
    links = {html.unescape(link) for link in re.findall(r'href="(/subjects/[^"]+)"', page)}
    assert len(links) == 3
    assert {hostile.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    "query", ["a=1&" * 5000, "as_of=" + "9" * 30_000, "page=" + "1" * 30_000, "%ff%fe=%00", "&&&===;;"]
)
def test_huge_and_broken_queries_are_answered(hostile, query):
    for address in ("/", "/log"):
        response = hostile.get(f"{address}?{query}")
        assert response.status_code in (200, 400, 404)
        assert len(response.content) < 60_000


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/static/../../settings.py",
            "/static/x/../../site.css",
            "/static/%2e%2e/%2e%2e/settings.py",
            "/static//etc/passwd",
        ),
        *("/subjects/../../../etc/passwd", "/%00", "/%ff%fe", "/log/1/record/../../../x", "/\\evil"),
    ],
)
def test_no_path_leads_out(hostile, path):
    response = hostile.get(path)
    assert response.status_code in (400, 404)
    assert b"root:" not in response.content
