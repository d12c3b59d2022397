"""The whole site on the simulated trial: every page that a role is led to answers, and says that it is simulated."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client
from tests.web.working import WorkingSite

from firstbreath.cli.serve import StudySource
from firstbreath.cli.study import Study
from firstbreath.designs.staff import STAFF
from firstbreath.people.rights import ROLES
from firstbreath.web.accounts.demonstration import PASSWORD, list_offered
from firstbreath.web.database import database_at, use_database
from firstbreath.web.site import create_application
from firstbreath.web.source import SOURCE

MOST_PAGES = 250
OF_EACH_KIND = 2
FILES = ("/paper/", "/casebook/")
"""Set as PDF, Word and HTML. Who may have them is tried for every role in `test_permissions`."""
ONE_OF_EACH = {person.role: person.account for person in reversed(STAFF)}


@pytest.fixture(scope="module")
def simulated_copy(simulated, tmp_path_factory):
    import shutil

    return shutil.copytree(simulated, tmp_path_factory.mktemp("walk") / "study")


@pytest.fixture(scope="module")
def source(simulated_copy):
    return StudySource(Study(simulated_copy), writable=True)


@pytest.fixture(scope="module")
def made() -> dict[str, int]:
    """Files that somebody was sent so far."""
    return {}


@pytest.fixture
def anybody(source, simulated_copy) -> Client:
    """A browser at the sign-in page of the simulated trial; its passwords are those that the command set."""
    create_application(source)
    use_database(database_at(simulated_copy / "site.sqlite"))
    return Client(headers={"host": "localhost"}, raise_request_exception=False, **{SOURCE: source})


def links_of(html: str) -> list[str]:
    """The addresses on this site that a page leads to, without anchors."""
    found = (unescape(link).split("#")[0] for link in re.findall(r'href="(/[^"]*)"', html))
    return [link for link in dict.fromkeys(found) if not link.startswith("/static/")]


def kind_of_page(address: str) -> str:
    """What a page is of: its path with every name and number left out."""
    parts = urlsplit(address)
    names = re.sub(r"SIM-\d+|[0-9]+|[a-z]+\.[a-z]+", "*", parts.path)
    return names + ("?" if parts.query else "")


def walk(browser: Client, made: dict[str, int]) -> dict[str, int]:
    """Every page reached from the first one by links, several of each kind, with the status of its answer.

    made  files that another role was sent, which are the same for all: they are not made again
    """
    waiting, answers, seen = ["/", "/me"], {}, {}
    while waiting and len(answers) < MOST_PAGES:
        address = waiting.pop(0)
        kind = kind_of_page(address)
        if address in answers or seen.get(kind, 0) >= OF_EACH_KIND:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        if address in made:
            answers[address] = made[address]
            continue
        answer = browser.get(address)
        answers[address] = answer.status_code
        if answer.status_code == 200 and address.startswith(FILES):
            made[address] = answer.status_code
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            html = answer.content.decode()
            assert "SIMULATED" in html, address
            waiting += links_of(html)
    return answers


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_is_led_to_answers(anybody, made, role):
    """Walking the links from the first page, no page fails or is missing."""
    assert anybody.post("/sign-in", {"account": ONE_OF_EACH[role], "password": PASSWORD}).status_code == 303
    answers = walk(anybody, made)
    assert {address: status for address, status in answers.items() if status not in (200, 302, 303, 403)} == {}
    assert answers["/me"] == 200
    assert len(answers) > 10 or role == "radiologist"  # to whom nothing of the trial is open yet


def test_sign_in_page_offers_an_account_of_every_role(anybody):
    """One tap enters as anybody; the page is stamped before anybody has signed in."""
    html = anybody.get("/sign-in").content.decode()
    offered = re.findall(r'<button name="account" value="([^"]+)"', html)
    assert set(offered) == {person.account for person in STAFF}
    assert "SIMULATED" in html
    password = re.search(r'name="password" value="([^"]+)"', html)[1]
    assert anybody.post("/sign-in", {"account": "nurse.wang", "password": password, "next": "/"}).status_code == 303
    assert "Wang (simulated)" in anybody.get("/").content.decode()


def test_sign_in_page_of_any_other_trial_offers_none(site: WorkingSite):
    """A trial that is not simulated shows no account and no password."""
    html = site.anybody().get("/sign-in").content.decode()
    assert PASSWORD not in html
    assert '<button name="account"' not in html
    assert list_offered(site.trial.trial) == ()


def test_error_pages_are_stamped(anybody):
    """A page that is not there says so under the stamp."""
    assert "SIMULATED" in anybody.get("/nowhere").content.decode()
