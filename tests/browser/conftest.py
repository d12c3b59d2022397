"""A real Chromium at a real server. Without one the tests are skipped, except where CI promises one."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from tests.web.sources import MemorySource, hostile_source

from firstbreath.cli.demo import replay_study
from firstbreath.cli.serve import StudySource
from firstbreath.cli.study import Study
from firstbreath.web.settings import configure_django
from firstbreath.web.site import create_application, run_server

configure_django()

START_S = 60
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--disable-background-networking", "--no-first-run", "--window-size=1280,900"),
)


@pytest.fixture(scope="session")
def programs() -> tuple[str, str]:
    """Where Chromium and its driver are."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop("chromium or chromedriver is not installed")
    return browser, driver


@pytest.fixture(scope="session")
def browser(programs: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = programs[0]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=Service(programs[1]))
    yield chrome
    chrome.quit()


def serve(source: MemorySource | StudySource) -> str:
    """The address of a server of that study, which ends with the tests."""
    addresses: list[str] = []
    listening = threading.Event()

    def say(address: str) -> None:
        addresses.append(address.rstrip("/"))
        listening.set()

    application = create_application(source)
    keywords = {"port": 0, "when_listening": say}
    threading.Thread(target=run_server, args=(application,), kwargs=keywords, daemon=True).start()
    assert listening.wait(START_S)
    return addresses[0]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the published trial."""
    folder = tmp_path_factory.mktemp("studies") / "mexcovid"
    folder.mkdir()
    replay_study("mexcovid", folder)
    return serve(StudySource(Study(folder, read_only=True)))


@pytest.fixture(scope="session")
def hostile_site() -> str:
    """The address of a study whose every text is hostile."""
    return serve(hostile_source())


@contextmanager
def screen(browser: Chrome, width: int, *, scheme: str = "light", script: bool = True) -> Iterator[Chrome]:
    """The browser with a screen of that width, in light or dark, with or without scripts; its log begins empty."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    browser.get_log("browser")
    yield browser
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
