"""The inhalation as a nurse has it beside the patient: without a connection, by keyboard alone, narrow and wide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.conftest import screen, serve
from tests.support.inhaled_trial import READY, Bedside
from tests.support.site_database import use_fresh_database
from tests.support.staffed_trial import PASSWORD, StaffedTrial
from tests.web.sources import MemorySource

from firstbreath.events import kinds
from firstbreath.subjects.session import session_state
from firstbreath.web.settings import configure_django

pytestmark = pytest.mark.chromium
PAGE = "/subjects/S1/inhalation/1"
WAIT_S, POLL_S = 20, 0.05
WIDTHS = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SMALL_TARGETS = """
return [...document.querySelectorAll('.inhaling button, .inhaling select, .inhaling .chip, .inhaling input[type=text], \
.inhaling input:not([type])')].filter(it => it.checkVisibility()).map(it => [it.textContent.trim().slice(0, 20), \
it.getBoundingClientRect().height]).filter(([, height]) => height < 56)
"""


SETTLED = "return document.querySelector('[data-inhalation]').dataset.busy !== 'yes'"


class Ward:
    """A trial on a real server, and a browser in which a nurse has its page open."""

    def __init__(self, browser: Chrome, folder: Path) -> None:
        configure_django()
        use_fresh_database(folder)
        self.bedside, self.browser = Bedside.staffed(), browser
        trial = self.bedside.small
        assert isinstance(trial, StaffedTrial)
        self.door = trial.door
        self.address = serve(MemorySource(trial.door.store, door=trial.door))

    def sign_in(self, account: str = "nora") -> None:
        self.browser.delete_all_cookies()
        self.browser.get(f"{self.address}/sign-in")
        self.find("[name=account]").send_keys(account)
        self.find("[name=password]").send_keys(PASSWORD, Keys.ENTER)
        self.until(lambda: "/sign-in" not in self.browser.current_url)

    def open(self) -> None:
        self.browser.get(self.address + PAGE)
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, "[data-ready]"))

    def find(self, selector: str):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def until(self, holds) -> None:
        wait = WebDriverWait(self.browser, WAIT_S, POLL_S, ignored_exceptions=[StaleElementReferenceException])
        wait.until(lambda _: holds())

    def settle(self) -> None:
        """Wait until every entry is answered for and the page shows it."""
        self.until(lambda: self.browser.execute_script(SETTLED))

    def connect(self, *, offline: bool) -> None:
        rate = 0 if offline else -1
        conditions = {"offline": offline, "latency": 0, "downloadThroughput": rate, "uploadThroughput": rate}
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def start(self) -> None:
        self.find("#vial").send_keys(READY["vial"])
        self.find("#device").send_keys(READY["device"])
        self.find("#oxygen").send_keys(READY["oxygen_l_min"])
        self.find("[name=interface][value=mask]").click()
        self.find(".start .go").click()
        self.until(lambda: self.state == "running")
        self.settle()

    def measure(self, when: str, spo2: str) -> None:
        self.find(f"[name='field-vs_when'][value={when}]").click()
        self.find("[name='field-spo2']").send_keys(spo2)
        self.find(".signs .huge").click()

    @property
    def state(self) -> str:
        self.door.refresh()
        return session_state(self.door.history.now.subjects.get("S1"), 1)

    @property
    def waiting(self) -> str:
        return self.find("[data-kept-count]").get_attribute("textContent")

    def kinds(self) -> list[str]:
        self.door.refresh()
        return [event.kind for event in self.door.history.events if event.source.startswith("inhalation")]

    def measured(self) -> list[str]:
        self.door.refresh()
        forms = [event.body for event in self.door.history.events if isinstance(event.body, kinds.FormRecorded)]
        return [str(body.values["spo2"]) for body in forms if "spo2" in body.values]


@pytest.fixture
def ward(browser, tmp_path) -> Iterator[Ward]:
    ward = Ward(browser, tmp_path)
    with screen(browser, 1280):
        ward.sign_in()
        ward.open()
        yield ward
        ward.connect(offline=False)


def test_entries_made_without_a_connection_are_there_once_after_a_reload(ward):
    ward.start()
    ward.connect(offline=True)
    ward.measure("During", "94")
    ward.measure("During", "93")
    ward.find(".tile-pause").click()
    ward.until(lambda: ward.waiting == "3")
    assert "No connection" in ward.find("[data-kept]").text
    assert "Paused" in ward.find("[data-live=clock]").text, "the clock follows what is entered here"
    assert ward.measured() == []
    ward.browser.refresh()
    ward.connect(offline=False)
    ward.open()
    ward.until(lambda: ward.state == "paused")
    ward.until(lambda: ward.waiting == "0")
    assert ward.measured() == ["94", "93"]
    ward.open()
    assert ward.kinds() == ["inhalation_started", "form_recorded", "form_recorded", "inhalation_paused"]


def test_entries_wait_for_the_account_that_made_them(ward):
    ward.start()
    ward.connect(offline=True)
    ward.measure("During", "94")
    ward.until(lambda: ward.waiting == "1")
    ward.browser.delete_all_cookies()
    ward.connect(offline=False)
    ward.until(lambda: "session has ended" in ward.find("[data-kept]").text)
    ward.sign_in("ines")
    ward.open()
    shown = ward.find("main").text
    assert "another account wait" in shown
    assert "94" not in ward.find("[data-kept]").text
    assert ward.measured() == []
    ward.sign_in("nora")
    ward.open()
    ward.until(lambda: ward.measured() == ["94"])


def test_refused_entry_stays_until_it_is_taken_away(ward):
    ward.measure("Before", "950")
    ward.until(lambda: "not possible" in ward.find("[data-refused]").text)
    ward.open()
    assert "not possible" in ward.find("[data-refused]").text
    ward.find("[data-dismiss]").click()
    assert not ward.find("[data-refused]").is_displayed()


def test_stopping_rule_shows_when_saturation_falls(ward):
    ward.measure("Before", "95")
    ward.until(lambda: ward.measured() == ["95"])
    ward.settle()
    ward.start()
    ward.until(lambda: ward.find("[name='field-vs_when'][value=Before]").is_selected() is False)
    ward.find("[name='field-spo2']").send_keys("86")
    assert "LOW" in ward.find(".number-mark").text
    ward.find("[name='field-spo2']").clear()
    ward.measure("During", "86")
    ward.until(lambda: "STOP" in ward.find("[data-live=rules]").text)
    assert "call the investigator" in ward.find("[data-live=rules]").text


def test_half_hour_by_keyboard_alone(ward):
    def press(*keys: str) -> None:
        ActionChains(ward.browser).send_keys(*keys).perform()

    def key(letter: str) -> None:
        ActionChains(ward.browser).key_down(Keys.ALT).send_keys(letter).key_up(Keys.ALT).perform()

    ward.find("#vial").send_keys("V1", Keys.TAB, Keys.TAB)
    press("mesh", Keys.TAB, "6", Keys.TAB, " ", Keys.ENTER)
    ward.until(lambda: ward.state == "running")
    key("v")
    assert ward.browser.switch_to.active_element.get_attribute("name") == "field-spo2"
    key("p")
    ward.until(lambda: ward.state == "paused")
    key("s")
    ward.until(lambda: ward.state == "running")
    key("x")
    ward.until(lambda: ward.state == "stopped")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_and_is_large_enough_for_gloves(ward, width, scheme, tmp_path):
    with screen(ward.browser, width, scheme=scheme):
        ward.open()
        for step in ("ready", "running"):
            if step == "running":
                ward.start()
                ward.until(lambda: ward.find(".tile-pause").is_displayed())
            needed, there = ward.browser.execute_script(WIDTHS)
            assert needed <= there
            assert ward.browser.execute_script(SMALL_TARGETS) == []
            assert ward.browser.save_screenshot(str(tmp_path / f"{step}-{width}-{scheme}.png"))
