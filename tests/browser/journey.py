"""What people do in the journey of a patient: forms filled and sent in Chromium, pictures taken, programs that act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.serving import POLL_S, WAIT_S, sign_in, wait_for_page_after
from tests.support.staffed_trial import PASSWORD

PICTURES = Path(__file__).parents[2] / "out" / "screenshots"
TALLEST_PX = 4_000
FILL = """
const [name, value, within] = arguments;
const found = [...document.querySelectorAll(`${within} [name="${name}"]`)];
for (const it of found) {
  if (it.type === 'radio' || it.type === 'checkbox') it.checked = [].concat(value).includes(it.value);
  else it.value = value;
  it.dispatchEvent(new Event('input', {bubbles: true}));
  it.dispatchEvent(new Event('change', {bubbles: true}));
}
return found.length;
"""
ANSWERED = """
const busy = document.querySelector('[data-inhalation]').dataset.busy;
return busy === 'no' && document.querySelector('[data-kept]').hidden;
"""


class NotDone(Exception):
    """An act asked for by program that was not done: the status of the answer, and the reasons."""

    def __init__(self, status: int, reasons: list[dict[str, str]]) -> None:
        super().__init__(f"{status}: {reasons}")
        self.status = status
        self.codes = [reason["code"] for reason in reasons]


class Journey:
    """A browser that several people use in turn, each in a session of their own."""

    def __init__(self, browser: Chrome, site: str, password: str = PASSWORD) -> None:
        self.password = password
        self.browser = browser
        self.site = site
        self._sessions: dict[str, list[dict[str, Any]]] = {}
        self._tokens: dict[str, str] = {}
        self._numbers, self._pictures = count(1), count(1)
        self.who = ""

    def become(self, account: str) -> None:
        """Go on in somebody's session; the first time they sign in."""
        if account == self.who:
            return
        if account in self._sessions:
            self.browser.delete_all_cookies()
            for cookie in self._sessions[account]:
                self.browser.add_cookie(cookie)
        else:
            sign_in(self.browser, self.site, account, self.password)
            self._sessions[account] = self.browser.get_cookies()
        self.who = account

    def open(self, path: str) -> str:
        """Open a page; what it says."""
        self.browser.get(self.site + path)
        return self.says()

    def says(self) -> str:
        """What the page says, on one line."""
        return " ".join(self.browser.execute_script("return document.getElementById('main').innerText").split())

    def enter(self, entries: Mapping[str, str | tuple[str, ...]], within: str = "main") -> None:
        """Enter values by the names of the inputs, on the page or within a part of it."""
        for name, value in entries.items():
            entered = self.browser.execute_script(
                FILL, name, list(value) if isinstance(value, tuple) else value, within
            )
            assert entered, f"{self.browser.current_url} has no input {name}"

    def press(self, words: str) -> str:
        """Press the button that begins with these words, and wait; what the page after it says."""
        before = self.browser.find_element(By.TAG_NAME, "html")
        self.browser.find_element(By.XPATH, f"//main//button[starts-with(normalize-space(), {words!r})]").click()
        wait_for_page_after(self.browser, before)
        return self.says()

    def follow(self, words: str) -> str:
        """Follow the link of these words; what the page after it says."""
        before = self.browser.find_element(By.TAG_NAME, "html")
        self.browser.find_element(By.XPATH, f"//main//a[normalize-space()={words!r}]").click()
        wait_for_page_after(self.browser, before)
        return self.says()

    def step(self, name: str, entries: Mapping[str, str], button: str = "button:not([type=button])") -> str:
        """Make an entry of an inhalation, and wait until it is answered for; what the page says then."""
        form = f"form[data-entry={name}]"
        self.enter(entries, form)
        self.browser.find_element(By.CSS_SELECTOR, f"{form} {button}").click()
        WebDriverWait(self.browser, WAIT_S, POLL_S).until(lambda chrome: chrome.execute_script(ANSWERED))
        return self.says()

    def sign(self, button: str = "Sign") -> str:
        """Prove who it is as the page asks for it, and sign; what the page after it says."""
        asked = {"sign-account": self.who, "sign-password": self.password, "password": self.password}
        self.enter({name: value for name, value in asked.items() if self.browser.find_elements(By.NAME, name)})
        return self.press(button)

    def fill(self, path: str, filled: Mapping[str, Any], *, occurred: str) -> str:
        """Fill a form of the protocol and save it; what the page after it says."""
        self.open(path)
        entries = {f"field-{name}": value for name, value in filled["values"].items()}
        self.enter(entries | {f"absent-{name}": why for name, why in filled["absent"].items()} | {"occurred": occurred})
        return self.press("Save")

    def picture(self, name: str) -> None:
        """Keep a picture of the page, wide and narrow."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        number = next(self._pictures)
        for width in (390, 1280):
            self._resize(width, 900)
            tall = self.browser.execute_script("return document.documentElement.scrollHeight")
            self._resize(width, min(tall, TALLEST_PX))
            self.browser.save_screenshot(str(PICTURES / f"{number:02}-{name}-{width}.png"))
        self._resize(1280, 900)

    def _resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def ask(self, account: str, act: str, **fields: Any) -> list[str]:
        """Ask for an act by program, with somebody's token; the kinds of the events written.

        Raises `NotDone` with the reasons when it is not done.
        """
        if account not in self._tokens:
            asked = {"account": account, "password": PASSWORD, "name": "journey"}
            self._tokens[account] = self._send("/api/tokens", asked, {})["token"]
        headers = {"Authorization": f"Bearer {self._tokens[account]}", "Idempotency-Key": f"{next(self._numbers)}"}
        done = self._send(f"/api/acts/{act}", fields, headers)
        return [event["body"]["kind"] for event in done["events"]]

    def _send(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        content = {"Content-Type": "application/json"}
        sent = Request(self.site + path, json.dumps(body).encode(), content | headers)  # noqa: S310 -- our own server
        try:
            with urlopen(sent, timeout=WAIT_S) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refused:
            raise NotDone(refused.code, json.load(refused).get("reasons", [])) from None
