"""How soon the CT viewer shows a slice in a headless Chromium, and how evenly it scrolls; how fast slices are served.

`viewer:first-slice` is measured in the page, from the moment the manifest is there to the slice drawn; the other figure
begins when the page is asked for, of a server on this machine that has it ready. Scrolling turns the wheel once in each
frame over slices that are loaded. No GPU is used: it is what a plain workstation does at least.
"""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.measure import Measured, Ratio, Result, time_runs

FIRST_MS, FRAME_MS, DRAW_MS = 100, 17.5, 8
SLICES, OPENINGS, WAIT_S = 300, 7, 60
SCROLL = """
const canvas = document.querySelector('.viewer-axial .viewer-image'), {viewer} = canvas.closest('[data-viewer]');
const frames = [], done = arguments[1];
let left = arguments[0], by = 120, last = 0;
viewer.slice = 0;
requestAnimationFrame(function begin() {
  viewer.times.length = 0;
  requestAnimationFrame(function next(now) {
    if (last) frames.push(now - last);
    last = now;
    if (!left--) return done([frames, [...viewer.times]]);
    if (viewer.slice === 0) by = 120;
    if (viewer.slice > 290) by = -120;
    canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: by, cancelable: true}));
    requestAnimationFrame(next);
  });
});
"""
VIEWER = "const {viewer} = document.querySelector('[data-viewer]'); return "
FIRST = """
return performance.getEntriesByName('viewer:first-slice').map((it) => [it.duration, it.startTime + it.duration])
"""


@contextmanager
def browsing(folder: Path) -> Iterator[Any]:
    """A headless Chromium with the screen of a workstation."""
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument("--window-size=1920,1080")
    options.add_argument(f"--user-data-dir={folder / 'chromium'}")
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    chrome = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    chrome.set_script_timeout(WAIT_S)
    try:
        yield chrome
    finally:
        chrome.quit()


def run(folder: Path, scrolled: int) -> Measured:
    """The figures of a stack of 300 slices. scrolled : slices the wheel goes through."""
    if shutil.which("chromedriver") is None:
        return Measured((), lines=("The viewer was not measured: there is no chromedriver.",))
    from tests.support.viewer_server import phantom, served

    with served(phantom(SLICES)) as server:
        packed = [server.pack_slice(number) for number in range(SLICES)]
        result = Result(
            "slices served, 512 x 512, gzip", "slices", SLICES, time_runs(partial(fetch_all, server.address))
        )
        with browsing(folder) as browser:
            first = [open_once(browser, server.address) for _ in range(OPENINGS)]
            loaded_s = wait_until_loaded(browser, server.address)
            frames, draws = browser.execute_async_script(SCROLL, scrolled)
    size = Ratio("kB of a slice of the phantom on the wire", sum(map(len, packed)) / SLICES / 1000)
    return Measured((result,), (*describe_opening(first, loaded_s), *describe_scrolling(frames, draws), size))


def fetch_all(address: str) -> None:
    for number in range(SLICES):
        with urlopen(f"{address}/slices/{number}") as answer:  # noqa: S310 -- our own server
            answer.read()


def open_once(browser: Any, address: str) -> tuple[float, float]:
    """Milliseconds to the first slice drawn on a page opened anew: from the manifest, and from the page's beginning."""
    browser.get("about:blank")
    browser.get(address)
    end = time.monotonic() + WAIT_S
    while not (found := browser.execute_script(FIRST)) and time.monotonic() < end:
        time.sleep(0.02)
    from_manifest, from_page = found[0]
    return float(from_manifest), float(from_page)


def wait_until_loaded(browser: Any, address: str) -> float:
    """Seconds until every slice is in the browser."""
    browser.get("about:blank")
    began = time.perf_counter()
    browser.get(address)
    while browser.execute_script(VIEWER + "viewer.loaded") < SLICES and time.perf_counter() - began < WAIT_S:
        time.sleep(0.05)
    return time.perf_counter() - began


def judge(value: float, limit: float) -> str:
    return f"at most {limit:g}: {'met' if value <= limit else 'MISSED'}"


def describe_opening(opened_ms: list[tuple[float, float]], loaded_s: float) -> tuple[Ratio, ...]:
    first, whole = ([each[n] for each in opened_ms] for n in (0, 1))
    opened = statistics.median(first)
    return (
        Ratio("ms from manifest to first slice, median", opened, judge(opened, FIRST_MS)),
        Ratio("ms from manifest to first slice, slowest", max(first)),
        Ratio("ms from the page asked for to first slice, median", statistics.median(whole)),
        Ratio(f"s until all {SLICES} slices are loaded", loaded_s),
    )


def describe_scrolling(frames: list[float], draws: list[float]) -> tuple[Ratio, ...]:
    frame, drawn = statistics.median(frames), statistics.median(draws)
    return (
        Ratio("ms between frames while scrolling, median", frame, judge(frame, FRAME_MS)),
        Ratio("ms between frames while scrolling, 95th of 100", sorted(frames)[int(len(frames) * 0.95)]),
        Ratio("ms to draw a slice, median", drawn, judge(drawn, DRAW_MS)),
        Ratio("ms to draw a slice, 95th of 100", sorted(draws)[int(len(draws) * 0.95)]),
    )
