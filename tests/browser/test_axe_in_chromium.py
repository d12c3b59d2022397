"""Every page that anybody may see, found by following links: no barrier that axe knows, and no violation of the policy.

The pages are those of a simulated trial, in which something of every kind has happened.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from selenium.webdriver import Chrome
from tests.browser.conftest import screen
from tests.browser.serving import served, sign_in
from tests.browser.test_site_in_chromium import WIDTHS, complaints

from firstbreath.cli.study import Study
from firstbreath.events.decisions import Allowed
from firstbreath.reading.commands import DraftRead
from firstbreath.subjects.commands import OpenScreening
from firstbreath.trial.commands import FileConsentDocument
from firstbreath.trial.door import Door, Request
from firstbreath.web.accounts.demonstration import PASSWORD
from firstbreath.web.accounts.people import PERSON_ACTS
from firstbreath.web.api.urls import urlpatterns as for_programs
from firstbreath.web.urls import urlpatterns

pytestmark = pytest.mark.chromium

PEOPLE = {
    "doctor.lin": "investigator",
    "nurse.wang": "nurse",
    "data.xie": "data manager",
    "safety.fang": "safety group",
    "monitor.bai": "monitor",
    "sponsor.jiang": "sponsor",
    "pharmacist.gao": "pharmacist",
    "admin.zhou": "administrator",
    "radiologist.su": "radiologist",
}
"""Who follows links, in this order: a page is looked at by the first who finds it."""
HUBS = {
    "overview",
    "today",
    "screening",
    "subject",
    "data",
    "queries",
    "packets",
    "adverse-events",
    "people",
    "product",
    "scans",
    "reading",
}
"""Pages that lead on to others: everybody goes through one of each to what nobody has looked at yet."""
MORE = {"subject": 2, "enter-form": 3}
"""How many addresses of a name are looked at, where one is not enough."""
NO_PAGES = {pattern.name for pattern in for_programs if str(pattern.pattern).startswith("api/")} | {
    *("asset", "record", "paper-file", "casebook", "consent-paper", "accountability"),  # files
    *("accountability-log", "destruction", "lot-labels", "shipment-labels", "receipt-photograph"),
    *(
        "task-stack",
        "task-slice",
        "case-stack",
        "case-slice",
        "scan-stack",
        "scan-slice",
        "lung-sheet",
    ),  # for the viewer
    *("scan-report", "store-report", "archive-copy"),  # a file, and its export where there is an archive
    *("health", "check-form"),  # for programs, and for the script of a form
}
"""Addresses that show no page."""
ANSWERS = {
    "sign-out": "every page",
    "language": "every page",
    **dict.fromkeys(("lock", "unlock", "freeze", "unfreeze"), "locks"),
    "inhalation-step": "inhalation",
    "query-answer": "query",
    "query-close": "query",
    "query-reopen": "query",
    "freeze-packet": "packets",
    "prepare-dose": "preparation",
    "cast-vote": "packet",
    "draft-read": "reading-task",
    "judge-scan": "scan",
    "conclude-packet": "packet",
    "forward-serious-event": "adverse-event",
    **{act.replace("_", "-"): "person" for act in PERSON_ACTS},
}
"""Addresses that answer a form of another page, and the page that shows the form."""
ELSEWHERE = {"reading-case", "reads", "judge-mask"}
"""Pages that are there once every scan is read: looked at in `test_reading_in_chromium`."""
DOORS: dict[str, list[str]] = {
    "doctor.lin": ["/programs", "/me/terms", "/consent-texts", "/subjects/SIM-12/consent", "/subjects/SIM-04"],
    "nurse.wang": ["/subjects/SIM-01/inhalation/1", "/strike/92"],
    "pharmacist.gao": [
        *(
            f"/product/do/{act}"
            for act in ("send-shipment", "receive-shipment", "countersign-handover", "thaw-vials", "block-lot")
        ),
        "/product/do/check-preparation?checks=9",
        "/subjects/SIM-07/preparation/1",
    ],
    "sponsor.jiang": ["/product/do/judge-vials", "/product/do/sign-lot-release?lot=SIM-LOT-1"],
    "data.xie": [
        "/queries/ask?subject=SIM-01&form=demographics&visit=screening&field=age",
        *("/scans/order", "/scans/unblind", "/scans/file", "/scans/archive"),
    ],
}
"""Pages to which no link leads from where somebody begins, or none soon."""
LINKS = """
const links = [...document.querySelectorAll('a[href]')].map(it => new URL(it.getAttribute('href'), location).href);
return [...new Set(links.map(it => it.split('#')[0]))];
"""
SMALL_PLACES = """
const place = it => it.type === 'radio' || it.type === 'checkbox' ? it.closest('label') || it : it;
return [...document.querySelectorAll('nav a, button, select, input, summary')].filter(it => it.checkVisibility())
  .map(it => [it.tagName, it.name || it.textContent.trim().slice(0, 20), place(it).getBoundingClientRect()])
  .filter(([, , box]) => box.height < 24 || box.width < 24)
  .map(([tag, text, box]) => `${tag} ${text} is ${box.width} by ${box.height} px`)
"""
"""What is pressed and too small for a finger; a box or a dot is as large as the label around it."""
RUN = """
const [rules, colours, done] = arguments;
const asked = {preload: false, resultTypes: ['violations']};
const shown = it => it.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ');
const under = new Map([[null, '']]);
const paint = it => {
  if (!under.has(it)) {
    const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(it);
    const own = [backgroundColor, backgroundImage, opacity, filter].join() + '/';
    under.set(it, paint(it.parentElement) + (own === 'rgba(0, 0, 0, 0),none,1,none/' ? '' : own));
  }
  return under.get(it);
};
const look = it => {
  const {color, fontSize, fontWeight, textShadow} = getComputedStyle(it);
  const kind = [it.localName, it.className, it.matches(':disabled'), it.getAttribute('aria-disabled')];
  return [...kind, color, fontSize, fontWeight, textShadow, paint(it)].join();
};
const text = it => [...it.childNodes].some(its => its.nodeType === Node.TEXT_NODE && its.data.trim());
const bears = it => it.matches('input, select, textarea') || text(it);
const seen = ({width, height}) => width > 4 && height > 4;
const alike = () => {
  const of = {};
  for (const it of document.body.querySelectorAll('*'))
    if (bears(it) && it.checkVisibility() && seen(it.getBoundingClientRect())) (of[look(it)] ||= []).push(it);
  return Object.values(of).flatMap(every => every.slice(0, 3));
};
(async () => {
  const found = [];
  if (rules) found.push(await axe.run(document, {...asked, rules: {'color-contrast': {enabled: false}}}));
  if (colours) found.push(await axe.run({include: alike()}, {...asked, runOnly: ['color-contrast']}));
  return found.flatMap(each => each.violations).map(it => `${it.id} (${it.impact}): ${shown(it)}`);
})().then(done, broken => done([String(broken)]));
"""
"""Every rule on the whole page; contrast on three of every kind of text whose own look and ground are the same."""
ADVICE = "[DOM] Multiple forms should be contained in their own form elements"
"""Of several passwords in one form: consent is one act, signed by whoever obtained it and by witnesses."""
LOOKS = [("light", 1280, True, True), ("light", 390, True, False), ("dark", 390, False, True)]
"""How a page is looked at, by all rules but of colours, and by those. Colours follow the scheme and not the width."""


@pytest.fixture(scope="module")
def site(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a simulated trial that has gone on."""
    folder = shutil.copytree(simulated, tmp_path_factory.mktemp("looked-at") / "trial")
    go_on(Study(folder))
    with served(folder) as address:
        yield address


def go_on(study: Study) -> None:
    """What the simulation leaves undone: a consent text on file, somebody who has not consented yet, a read begun."""
    door = Door(study.store, lambda: datetime.now(UTC))
    text = FileConsentDocument(version="as approved", language="en", text="What is asked of you.")
    filed = door.act(Request(command=text, actor="sponsor.jiang", role="sponsor"))
    screening = OpenScreening("SIM-12", door.history.now.subjects.all()[0].site)
    opened = door.act(Request(command=screening, actor="nurse.wang", role="nurse"))
    reader = "radiologist.su"
    signed, *_, later, _ = door.history.now.reading.tasks_of(reader)
    begun = DraftRead(task=later.drawn.task, segments=signed.read.segments, seen="1-5")
    drafted = door.act(Request(command=begun, actor=reader, role="radiologist"))
    assert isinstance(drafted.decision, Allowed)
    desk = f"/reading/{later.drawn.task}"
    DOORS[reader] = [desk, f"{desk}/sign", f"/reading/{signed.drawn.task}/void"]
    assert isinstance(filed.decision, Allowed)
    assert isinstance(opened.decision, Allowed)
    study.store.close()


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
    for scheme, width, rules, colours in LOOKS:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        wrong = [*browser.execute_async_script(RUN, rules, colours), *browser.execute_script(SMALL_PLACES)]
        needed, there = browser.execute_script(WIDTHS)
        wrong += [f"{needed} px of {there}"] if needed > there else []
        found += [f"{scheme} {width}: {each}" for each in wrong]
    return found


def look(browser: Chrome, address: str) -> list[str]:
    """What is wrong with the page that is open: complaints of the browser, then barriers."""
    trouble = [*(said for said in complaints(browser) if ADVICE not in said), *barriers(browser)]
    browser.get_log("browser")
    return [f"{address} {wrong}" for wrong in trouble]


def test_nobody_meets_a_barrier_at_the_door(browser, site, looked_at):
    with screen(browser, 1280):
        browser.delete_all_cookies()
        browser.get(site + "/sign-in")
        looked_at["sign-in"] = [site + "/sign-in"]
        assert look(browser, "/sign-in") == []


@pytest.mark.parametrize("account", PEOPLE)
def test_no_page_has_a_barrier_or_breaks_the_policy(browser, site, looked_at, account):
    wrong: list[str] = []
    with screen(browser, 1280):
        sign_in(browser, site, account, PASSWORD)
        doors = [site + door for door in DOORS.get(account, [])]
        waiting, visits = [*doors, browser.current_url], Counter[str]()
        met = set(waiting)
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            known = looked_at.setdefault(name, [])
            wanted = address not in known and len(known) < MORE.get(name, 1)
            if not wanted and (name not in HUBS or visits[name]):
                continue
            visits[name] += 1
            browser.get(address)
            links = [link for link in browser.execute_script(LINKS) if stays(link, site) and link not in met]
            met.update(links)
            wrong += [f"{address} leads to {link}, where nothing is" for link in links if not name_of(link)]
            waiting += [link for link in links if name_of(link) not in NO_PAGES]
            if wanted:
                known.append(address)
                wrong += look(browser, address.removeprefix(site))
    assert not wrong, "\n".join(wrong)


def stays(address: str, site: str) -> bool:
    """Whether a link stays on the site and in the present."""
    return address.startswith(site) and "as_of" not in address


def test_every_page_of_the_site_was_looked_at(looked_at):
    found = {name for name, known in looked_at.items() if known}
    pages = {pattern.name for pattern in urlpatterns} - NO_PAGES - ANSWERS.keys() - ELSEWHERE
    assert sorted(pages - found) == [], "no link leads there: give somebody a door to it, or say why it shows no page"
    assert set(ANSWERS.values()) - found == {"every page"}
