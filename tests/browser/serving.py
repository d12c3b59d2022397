"""The program itself as people start it: `firstbreath serve` in a process of its own, and browsers signed in to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

WAIT_S, POLL_S = 30, 0.05
HOUSE = Path(__file__).parents[2]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a study that `firstbreath serve` serves; the process ends with the block."""
    command = [sys.executable, "-m", "firstbreath", "serve", str(folder), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(HOUSE / "src"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "http://" in line), "")
        found = re.search(r"http://[^/\s]+", said)
        assert found, said
        try:
            yield found[0]
        finally:
            process.terminate()
            process.wait(WAIT_S)


def wait_for_page_after(browser: Chrome, before: WebElement) -> None:
    """Wait until another page is there, and whole; it is asked while the page changes."""
    wait = WebDriverWait(
        browser, WAIT_S, POLL_S, ignored_exceptions=[WebDriverException]
    )  # asked while the page changes
    wait.until(staleness_of(before))
    wait.until(lambda chrome: chrome.execute_script("return document.readyState") == "complete")


def press(browser: Chrome, button: str) -> None:
    """Press the button of these words, and wait for the page that follows."""
    before = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.XPATH, f"//main//button[normalize-space()={button!r}]").click()
    wait_for_page_after(browser, before)


def sign_in(browser: Chrome, site: str, account: str, password: str) -> None:
    """Sign in as somebody, in a session of their own."""
    browser.get(site + "/sign-in")
    browser.delete_all_cookies()
    browser.get(site + "/sign-in")
    browser.find_element(By.NAME, "account").send_keys(account)
    browser.find_element(By.NAME, "password").send_keys(password)
    press(browser, "Sign in")
