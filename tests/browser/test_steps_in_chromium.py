"""A scan filed in Chromium: each step is seen while it is done, and what a broken connection leaves is said."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.cable import Cable, cable_to
from tests.browser.conftest import screen
from tests.browser.journey import Journey
from tests.browser.serving import WAIT_S, served
from tests.browser.test_axe_in_chromium import look
from tests.browser.test_site_in_chromium import complaints

from firstbreath.reading.phantom import build_phantom, render_phantom
from firstbreath.web.accounts.demonstration import PASSWORD

pytestmark = pytest.mark.chromium

STEP = "return document.querySelector('[data-state=now]')?.dataset.step"
VALUE = "return document.querySelector('.steps progress').value"
SAID = "return document.querySelector('[data-steps-said]').textContent"
TROUBLE = "const it = document.querySelector('[data-steps-trouble]'); return it.hidden ? '' : it.textContent.trim()"
PRESSABLE = "return !document.querySelector('main form button').disabled"
SLICES = 80
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}


class Desk(NamedTuple):
    """The data manager at a browser, and the cable to the server."""

    people: Journey
    cable: Cable

    def until(self, script: str, wanted: object = True) -> None:
        wait = WebDriverWait(self.people.browser, WAIT_S, 0.02, ignored_exceptions=[WebDriverException])
        wait.until(lambda chrome: chrome.execute_script(script) == wanted)

    def file(self, scan: Path, visit: str = "screening") -> None:
        self.people.open(f"/scans/file?subject=SIM-11&visit={visit}")
        self.people.browser.find_element(By.ID, "files").send_keys(str(scan))
        self.press()

    def press(self) -> None:
        self.people.browser.find_element(By.XPATH, "//main//button[normalize-space()='File it']").click()

    def says(self) -> str:
        return self.people.browser.execute_script(TROUBLE)


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> Path:
    """A scan that takes some seconds: slices of a usual size, with noise that does not pack."""
    volume = build_phantom(shape=(SLICES, 512, 512), spacing_mm=(4.0, 0.7, 0.7))
    noise = np.random.default_rng(1).integers(0, 60, volume.hounsfield.shape, dtype=np.int16)
    noisy = msgspec.structs.replace(volume, hounsfield=volume.hounsfield + noise)
    path = tmp_path_factory.mktemp("scan") / "scan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, content in enumerate(render_phantom(noisy, "one")):
            archive.writestr(str(number), content)
    return path


@pytest.fixture
def desk(browser, simulated, tmp_path) -> Iterator[Desk]:
    folder = tmp_path / "trial"
    shutil.copytree(simulated, folder)
    with served(folder) as site, cable_to(site) as cable, screen(browser, 1280):
        people = Journey(browser, cable.address, PASSWORD)
        people.become("data.xie")
        yield Desk(people, cable)


def test_every_step_is_seen_and_then_the_scan(desk, scan):
    desk.file(scan)
    for step in ("scrub", "keep"):
        desk.until(STEP, step)
    desk.until(f"{VALUE} > 0.2")
    assert 0.2 < desk.people.browser.execute_script(VALUE) <= 1
    assert "The scan is kept, encrypted" in desk.people.browser.execute_script(SAID)
    assert "Names are removed done" in desk.people.says()
    assert look(desk.people.browser, "steps") == []
    desk.until("return location.pathname", "/scans/SIM-11.screening.1")
    assert f"{SLICES} × 512 × 512" in desk.people.says()
    assert complaints(desk.people.browser) == []


def test_refusal_keeps_what_was_entered_and_chosen(desk, tmp_path):
    (tmp_path / "letter.txt").write_text("no scan")
    desk.file(tmp_path / "letter.txt")
    desk.until("return document.activeElement.classList.contains('refusal')")
    assert "SCAN-001" in desk.people.says()
    assert desk.people.browser.execute_script("return document.getElementById('subject').value") == "SIM-11"
    chosen = "return document.getElementById('files').files[0].name"
    assert desk.people.browser.execute_script(chosen) == "letter.txt"


def test_broken_while_it_is_sent_nothing_is_kept(desk, scan):
    desk.people.browser.execute_cdp_cmd("Network.enable", {})
    desk.people.browser.execute_cdp_cmd("Network.emulateNetworkConditions", SLOW)
    desk.file(scan)
    desk.until(f"{VALUE} > 0.05")
    desk.cable.pull()
    desk.until("return !document.querySelector('[data-steps-trouble]').hidden")
    desk.people.browser.execute_cdp_cmd("Network.disable", {})
    assert "Nothing was kept" in desk.says()
    desk.until(PRESSABLE)
    desk.cable.plug()
    assert "SIM-11.screening.1" not in desk.people.open("/scans") + desk.people.browser.page_source


def test_broken_afterwards_the_server_goes_on_and_the_page_says_so(desk, scan):
    desk.file(scan)
    desk.until(STEP, "scrub")
    desk.cable.pull()
    desk.until("return !document.querySelector('[data-steps-trouble]').hidden")
    assert "look in a minute whether the scan is under Scans" in desk.says()
    desk.until(PRESSABLE)
    desk.cable.plug()
    desk.press()
    desk.until("return Boolean(document.querySelector('.refusal')) || location.pathname.endsWith('.1')")
    desk.people.open("/scans")
    assert "SIM-11.screening.1" in desk.people.browser.page_source
    assert "SIM-11.screening.2" not in desk.people.browser.page_source


def test_without_scripts_the_form_is_sent_as_any_other(desk, scan):
    with screen(desk.people.browser, 1280, script=False):
        desk.people.open("/scans/file?subject=SIM-11&visit=after")
        desk.people.browser.find_element(By.ID, "files").send_keys(str(scan))
        assert "SIM-11, after" in desk.people.press("File it")
