"""The site as people see it: narrow and wide, light and dark, by keyboard, without scripts, and under attack."""

from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import url_contains, url_to_be
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.conftest import screen
from tests.web.sources import SCRIPT

pytestmark = pytest.mark.chromium

PAGES = [
    *("/", "/?as_of=13", "/?as_of=0", "/subjects/P1", "/subjects/P7?as_of=120", "/protocol", "/paper", "/claims"),
    *("/claims?verdict=inconsistent", "/log", "/log?subject=P2&kind=dose_given", "/log/1", "/log/9?as_of=60"),
]
ERRORS = ["/nowhere", "/subjects/nobody", "/?as_of=junk"]
WAIT_S = 20
WIDTHS = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
FOCUSED = """
const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
return {tag: it.tagName, text: it.textContent.trim().slice(0, 40), line: style.outlineStyle,
  width: parseFloat(style.outlineWidth), seen: box.width > 0 && box.height > 0}
"""
SMALL_TARGETS = """
return [...document.querySelectorAll('nav a, button, select, input, summary')].filter(it => it.checkVisibility())
  .map(it => [it.tagName, it.textContent.trim().slice(0, 20), it.getBoundingClientRect()])
  .filter(([, , box]) => box.height < 24 || box.width < 24).map(([tag, text, box]) => `${tag} ${text} ${box.height}`)
"""


def complaints(browser: Chrome) -> list[str]:
    """What the browser logged, but for the status of a page that is meant to be missing."""
    return [
        line["message"]
        for line in browser.get_log("browser")
        if "server responded with a status" not in line["message"]
    ]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", [*PAGES, *ERRORS])
def test_page_fits_the_screen_and_the_browser_has_no_complaint(browser, site, page, width):
    with screen(browser, width):
        browser.get(site + page)
        needed, there = browser.execute_script(WIDTHS)
        assert needed <= there
        assert complaints(browser) == []
        assert browser.execute_script("return document.styleSheets[0].cssRules.length") > 100


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", PAGES)
def test_whatever_is_pressed_is_large_enough(browser, site, page, width):
    with screen(browser, width):
        browser.get(site + page)
        assert browser.execute_script(SMALL_TARGETS) == []


@pytest.mark.parametrize("page", ["/", "/claims", "/log"])
def test_focus_is_seen_wherever_the_keyboard_goes(browser, site, page):
    with screen(browser, 1280):
        browser.get(site + page)
        seen = []
        for _ in range(14):
            browser.switch_to.active_element.send_keys(Keys.TAB)
            seen.append(browser.execute_script(FOCUSED))
    assert seen[0]["text"] == "Skip to the content"
    assert all(it["line"] == "solid" and it["width"] >= 2 and it["seen"] for it in seen), seen
    assert len({it["text"] for it in seen}) > 7


def test_skip_link_leads_past_the_frame(browser, site):
    with screen(browser, 1280):
        browser.get(site + "/log")
        browser.switch_to.active_element.send_keys(Keys.TAB)
        browser.switch_to.active_element.send_keys(Keys.ENTER)
        assert browser.switch_to.active_element.get_attribute("id") == "main"


@pytest.mark.parametrize("width", [1280, 390])
def test_earlier_moment_is_reached_without_scripts(browser, site, width):
    with screen(browser, width, script=False):
        browser.get(site + "/log?subject=P1")
        assert not browser.find_element(By.CSS_SELECTOR, "[data-rail-slider]").is_displayed()
        browser.find_element(By.ID, "as-of").send_keys("9")
        browser.find_element(By.CSS_SELECTOR, ".rail button").click()
        WebDriverWait(browser, WAIT_S).until(url_to_be(site + "/log?subject=P1&as_of=9"))
        assert "As it stood after event 9" in browser.find_element(By.CSS_SELECTOR, ".past-band").text
        browser.find_element(By.LINK_TEXT, "Overview").click()
        assert "Enrolment is closed" in browser.find_element(By.CSS_SELECTOR, ".gate").text
        browser.find_element(By.LINK_TEXT, "Return to now").click()
        WebDriverWait(browser, WAIT_S).until(url_to_be(site + "/"))


def test_slider_leads_to_an_earlier_moment(browser, site):
    with screen(browser, 1280):
        browser.get(site + "/")
        slider = browser.find_element(By.CSS_SELECTOR, "[data-rail-slider]")
        slider.send_keys(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        assert browser.find_element(By.CSS_SELECTOR, "[data-rail-said]").text == "event 2 of 128"
        assert slider.get_attribute("aria-valuetext") == "event 2 of 128"
        assert browser.current_url == site + "/", "a key moves the slider and leaves the page alone"
        browser.find_element(By.CSS_SELECTOR, ".rail button").click()
        WebDriverWait(browser, WAIT_S).until(url_to_be(site + "/?as_of=2"))


def test_slider_let_go_of_shows_the_moment(browser, site):
    from selenium.webdriver import ActionChains

    with screen(browser, 1280):
        browser.get(site + "/")
        slider = browser.find_element(By.CSS_SELECTOR, "[data-rail-slider]")
        ActionChains(browser).move_to_element(slider).click().perform()
        WebDriverWait(browser, WAIT_S).until(url_contains("as_of=6"), "the middle of 128 events")
        assert complaints(browser) == []


def test_dark_is_dark_and_light_is_light(browser, site):
    grounds = {}
    for scheme in ("light", "dark"):
        with screen(browser, 1280, scheme=scheme):
            browser.get(site + "/")
            colour = browser.execute_script("return getComputedStyle(document.documentElement).backgroundColor")
            grounds[scheme] = sum(int(part) for part in colour.strip("rgb()").split(","))
    assert grounds["light"] > 600
    assert grounds["dark"] < 150


def test_paper_is_read_inside_the_site(browser, site):
    with screen(browser, 1280):
        browser.get(site + "/paper")
        browser.switch_to.frame(browser.find_element(By.CSS_SELECTOR, "iframe.paper"))
        assert "pilot trial" in browser.find_element(By.TAG_NAME, "h1").text
        browser.switch_to.default_content()
        assert complaints(browser) == []


@pytest.mark.parametrize(
    "page", ["/", f"/subjects/{quote(SCRIPT, safe='')}", "/log", "/log/3", "/protocol", "/claims", "/paper"]
)
@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_text_runs_nothing_and_stays_on_the_page(browser, hostile_site, page, width):
    with screen(browser, width):
        browser.get(hostile_site + page)
        assert browser.execute_script("return typeof hacked") == "undefined"
        assert complaints(browser) == []
        needed, there = browser.execute_script(WIDTHS)
        assert needed <= there


def test_print_leaves_the_frame_out_and_keeps_the_stamp(browser, site):
    with screen(browser, 1280):
        browser.get(site + "/subjects/P1")
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        shown = {
            name: browser.find_element(By.CSS_SELECTOR, name).is_displayed()
            for name in (".rail", ".mast nav", ".stamp")
        }
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {".rail": False, ".mast nav": False, ".stamp": True}
