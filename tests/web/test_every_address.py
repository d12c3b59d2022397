"""What holds for every address, those that do not exist among them."""

from functools import cache

import pytest
from tests.web.addresses import EVERY, PAGES, PLACES, WORKING, WRONG

from firstbreath.web.headers import STRICT
from firstbreath.web.urls import urlpatterns

WRITING = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]


@pytest.fixture(scope="module")
def ask(published):
    """What an address answers: asked for once, and looked at by every test."""
    return cache(published.get)


def test_every_address_of_the_site_is_tried():
    assert {pattern.name for pattern in urlpatterns} == PLACES.keys() | WORKING.keys()


@pytest.mark.parametrize("address", EVERY)
def test_it_answers(ask, address):
    assert ask(address).status_code == 200


@pytest.mark.parametrize("address", [*EVERY, *WRONG])
def test_it_sends_strict_headers(ask, address):
    response = ask(address)
    missing = [name for name in STRICT if name not in response.headers]
    assert missing == []
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", [*EVERY, *WRONG])
def test_nothing_may_run_inline(ask, address):
    policy = ask(address).headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "unsafe-eval" not in policy
    if address != "/paper/paper.html":
        assert "unsafe" not in policy


@pytest.mark.parametrize("address", [*EVERY, *WRONG])
def test_only_the_paper_may_be_framed_and_only_by_this_site(ask, address):
    headers = ask(address).headers
    paper = address == "/paper/paper.html"
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if paper else "DENY")
    assert ("frame-ancestors 'self'" if paper else "frame-ancestors 'none'") in headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", EVERY)
@pytest.mark.parametrize("method", WRITING)
def test_it_refuses_any_method_but_reading(published, address, method):
    response = published.generic(method, address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", EVERY)
def test_head_says_what_get_says_without_a_body(published, ask, address):
    head, get = published.head(address), ask(address)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("address", EVERY)
def test_only_static_files_are_kept_by_the_browser(ask, address):
    kept = ask(address).headers["Cache-Control"]
    assert kept == ("public, max-age=31536000, immutable" if address.startswith("/static/") else "no-store")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_another_host_is_refused(published, host):
    assert published.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_this_machine_is_served_by_each_of_its_names(published, host):
    assert published.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, *WRONG])
def test_page_has_its_landmarks(ask, address):
    page = ask(address).content.decode()
    for part in (
        '<html lang="en">',
        "<title>",
        'href="#main"',
        '<main id="main"',
        "<nav ",
        "<header",
        "<footer",
        "<h1>",
    ):
        assert page.count(part) >= 1, part
    assert page.count("<h1") == 1


@pytest.mark.parametrize("address", [*PAGES, *WRONG])
def test_page_holds_nothing_inline(ask, address):
    page = ask(address).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


@pytest.mark.parametrize("address", PAGES)
def test_page_bears_the_stamp_and_the_head(published, ask, address):
    page = ask(address).content.decode()
    assert '<p class="stamp">REPLAY OF PUBLISHED FACTS</p>' in page
    assert published.get("/health").json()["head"].partition(":")[2] in page
