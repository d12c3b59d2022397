"""Every page that anybody may see, found by following links: no barrier that axe knows, and no violation of the policy.

The pages are those of a simulated trial, in which something of every kind has happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from selenium.webdriver import Chrome
from tests.browser.conftest import screen
from tests.browser.serving import served, sign_in
from tests.browser.test_site_in_chromium import WIDTHS, complaints

from firstbreath.cli.simulate import FIRST_DAY, SEED, simulate_study
from firstbreath.web.accounts.demonstration import PASSWORD
from firstbreath.web.api.urls import urlpatterns as for_programs

pytestmark = pytest.mark.chromium

PEOPLE = {
    "doctor.lin": "investigator",
    "nurse.wang": "nurse",
    "data.xie": "data manager",
    "safety.fang": "safety group",
    "monitor.bai": "monitor",
    "sponsor.jiang": "sponsor",
    "admin.zhou": "administrator",
}
"""Who follows links, in this order: a page is looked at by the first who finds it."""
EXAMPLES = 2
"""How many addresses of one name somebody follows."""
MORE = {"subject": 2, "form": 3}
"""How many addresses of a name are looked at, where one is not enough."""
NO_PAGES = {pattern.name for pattern in for_programs if str(pattern.pattern).startswith("api/")} | {
    *("asset", "health", "record", "paper-file", "sign-out"),
}
"""Addresses that show no page of their own."""
DOORS = ["/programs"]
"""Pages to which no link leads from where somebody begins."""
LOOKS = [("light", 1280), ("light", 390), ("dark", 390), ("dark", 1280)]
LINKS = "return [...new Set([...document.querySelectorAll('a[href]')].map(it => it.href.split('#')[0]))]"
SMALL_PLACES = """
const place = it => it.type === 'radio' || it.type === 'checkbox' ? it.closest('label') || it : it;
return [...document.querySelectorAll('nav a, button, select, input, summary')].filter(it => it.checkVisibility())
  .map(it => [it.tagName, it.name || it.textContent.trim().slice(0, 20), place(it).getBoundingClientRect()])
  .filter(([, , box]) => box.height < 24 || box.width < 24)
  .map(([tag, text, box]) => `${tag} ${text} is ${box.width} by ${box.height} px`)
"""
"""What is pressed and too small for a finger; a box or a dot is as large as the label around it."""
RUN = """
const done = arguments[arguments.length - 1];
const asked = {preload: false, resultTypes: ['violations']};
const shown = it => it.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ');
axe.run(document, asked).then(found => done(found.violations.map(it => `${it.id} (${it.impact}): ${shown(it)}`)),
  broken => done([String(broken)]));
"""


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("simulated") / "trial"
    folder.mkdir()
    simulate_study("mexcovid", folder, seed=SEED, first=FIRST_DAY)
    with served(folder) as site:
        yield site


@pytest.fixture(scope="module")
def looked_at() -> dict[str, list[str]]:
    """The addresses looked at so far, by the name of the page."""
    return {}


def name_of(address: str) -> str:
    """The name of the page at an address, or empty."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def barriers(browser: Chrome) -> list[str]:
    """What axe finds, what is too small to press, what is wider than the screen; in light and dark, wide and narrow."""
    found = []
    browser.execute_script(files("axe_core_python").joinpath("axe.min.js").read_text())
    for scheme, width in LOOKS:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        wrong = [*browser.execute_async_script(RUN), *browser.execute_script(SMALL_PLACES)]
        needed, there = browser.execute_script(WIDTHS)
        wrong += [f"{needed} px of {there}"] if needed > there else []
        found += [f"{scheme} {width}: {each}" for each in wrong]
    return found


def look(browser: Chrome, address: str) -> list[str]:
    """What is wrong with the page that is open: complaints of the browser, then barriers."""
    trouble = [*complaints(browser), *barriers(browser)]
    browser.get_log("browser")
    return [f"{address} {wrong}" for wrong in trouble]


def test_nobody_meets_a_barrier_at_the_door(browser, simulated, looked_at):
    with screen(browser, 1280):
        browser.delete_all_cookies()
        browser.get(simulated + "/sign-in")
        looked_at["sign-in"] = [simulated + "/sign-in"]
        assert look(browser, "/sign-in") == []


@pytest.mark.parametrize("account", PEOPLE)
def test_no_page_has_a_barrier_or_breaks_the_policy(browser, simulated, looked_at, account):
    wrong: list[str] = []
    with screen(browser, 1280):
        sign_in(browser, simulated, account, PASSWORD)
        waiting, visits = [browser.current_url, *(simulated + door for door in DOORS)], Counter[str]()
        met = set(waiting)
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            known = looked_at.setdefault(name, [])
            if visits[name] >= EXAMPLES:
                continue
            visits[name] += 1
            browser.get(address)
            links = [
                link for link in browser.execute_script(LINKS) if leads_to_a_page(link, simulated) and link not in met
            ]
            met.update(links)
            waiting += links
            if address not in known and len(known) < MORE.get(name, 1):
                known.append(address)
                wrong += look(browser, address.removeprefix(simulated))
    assert not wrong, "\n".join(wrong)


def leads_to_a_page(address: str, site: str) -> bool:
    """Whether a link stays on the site and in the present, and shows a page."""
    return address.startswith(site) and "as_of" not in address and name_of(address) not in NO_PAGES


def test_most_pages_were_found_by_following_links(looked_at):
    found = {name for name, known in looked_at.items() if known}
    assert {"sign-in", "overview", "today", "subject", "enter-form", "queries", "log", "event", "me"} <= found
