"""The CT viewer in a real browser: grey levels, sides of the patient, lengths, speed, keys, and what goes wrong."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from tests.browser.conftest import screen
from tests.browser.test_site_in_chromium import complaints
from tests.support.viewer_server import PADDING_HU, SEGMENTS, SPACING_MM, ViewerServer, phantom, served

pytestmark = pytest.mark.chromium

WAIT_S, POLL_S = 30, 0.05
LUNG, MEDIASTINAL = (-600, 1500), (40, 400)
AXIAL, CORONAL, SAGITTAL = (f".viewer-{name} .viewer-image" for name in ("axial", "coronal", "sagittal"))
VIEWER = "const root = document.querySelector('[data-viewer]'), viewer = root.viewer;"
PIXELS = (
    VIEWER
    + """
const [name, places] = arguments, canvas = document.querySelector(`.viewer-${name} .viewer-image`);
const context = canvas.getContext('2d');
return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(places.map((at) => {
  const [x, y] = viewer.placed(name, at);
  return [viewer.shownAt(name, [x, y]), [...context.getImageData(x, y, 1, 1).data].slice(0, 3)];
})))));
"""
)
LISTEN = """
window.heard = [];
for (const name of ['seen', 'measured', 'measurements', 'leave'])
  document.addEventListener(`viewer:${name}`, ({detail}) => window.heard.push([name, detail]));
"""
HEARD = "return window.heard.filter(([name]) => name === arguments[0]).map(([, detail]) => detail)"
LABEL_WIDTH = """
const done = arguments[0], over = document.querySelector('.viewer-axial .viewer-over');
requestAnimationFrame(() => requestAnimationFrame(() => {
  const {data, width} = over.getContext('2d').getImageData(0, 0, over.width, over.height), columns = new Set();
  for (let at = 3; at < data.length; at += 4) if (data[at] === 199) columns.add(((at - 3) / 4) % width);
  done(columns.size);
}));
"""
"""The columns in which something is as clear as the ground of a length: 0.78 of 255."""
WHEEL = """
const canvas = document.querySelector('.viewer-axial .viewer-image'), {viewer} = canvas.closest('[data-viewer]');
viewer.times.length = 0;
let left = arguments[0], by = 120;
return new Promise((done) => requestAnimationFrame(function next() {
  if (!left--) return done([...viewer.times]);
  if (viewer.drawn === 0) by = 120;
  if (viewer.drawn > 58) by = -120;
  canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: by, cancelable: true}));
  requestAnimationFrame(next);
}));
"""


def grey_of(hu: Any, window: tuple[int, int]) -> Any:
    """The grey of DICOM PS3.3 C.11.2.1.2.1, halves rounded up; at or below the padding, black."""
    centre, width = window
    value = ((hu.astype(float) - (centre - 0.5)) / (width - 1) + 0.5) * 255
    grey = np.floor(np.clip(value, 0, 255) + 0.5)
    return np.where(hu <= PADDING_HU, 0, grey).astype(int)


EARLY = "window.early = []; document.addEventListener('viewer:seen', ({ detail }) => early.push(detail.slice))"
"""Hears what is told before a page is there to be asked."""


class Room:
    """The page of the reading room in a browser, and the server it came from."""

    def __init__(self, browser: Chrome, server: ViewerServer) -> None:
        self.browser, self.server = browser, server

    def open(self, *, loaded: bool = True) -> None:
        self.browser.get(self.server.address)
        self.browser.execute_script(LISTEN)
        self.until(lambda: self.browser.execute_script(VIEWER + "return viewer.drawn !== null"))
        if loaded:
            slices = self.server.manifest["slices"]
            self.until(lambda: self.ask("viewer.loaded") == slices)

    def ask(self, what: str) -> Any:
        return self.browser.execute_script(f"{VIEWER} return {what}")

    def do(self, what: str) -> None:
        self.browser.execute_script(f"{VIEWER} {what}")

    def find(self, selector: str):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.find(selector).get_attribute("textContent") or ""

    def until(self, holds: Callable[[], object]) -> None:
        WebDriverWait(self.browser, WAIT_S, POLL_S).until(lambda _: holds())

    def keys(self, *keys: str) -> None:
        """Keys wherever the focus is."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def shifted(self, key: str, times: int) -> None:
        chain = ActionChains(self.browser).key_down(Keys.SHIFT)
        for _ in range(times):
            chain.send_keys(key)
        chain.key_up(Keys.SHIFT).perform()

    def colours(self, view: str, places: list[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
        """Where those pixels are on the screen: the pixel of the image that is shown there, and its colour."""
        return self.browser.execute_script(PIXELS, view, places)

    def check_greys(self, view: str, places: list[tuple[int, int]], pick: Any, window: tuple[int, int]) -> None:
        """Each pixel of the screen has the grey of the voxel it shows: the one meant, or beside it where it is tiny."""
        for meant, (pixel, colour) in zip(places, self.colours(view, places), strict=True):
            assert pixel == pytest.approx(meant, abs=2)
            assert colour == [grey_of(pick(*pixel), window)] * 3, (view, pixel)

    def heard(self, name: str) -> list[Any]:
        return self.browser.execute_script(HEARD, name)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag on the axial slice between two pixels of the screen, counted from the canvas's top left."""
        canvas = self.find(AXIAL)
        half = canvas.size["width"] / 2, canvas.size["height"] / 2
        (x, y), (to_x, to_y) = start, end
        chain = ActionChains(self.browser).move_to_element_with_offset(canvas, round(x - half[0]), round(y - half[1]))
        chain.click_and_hold().move_by_offset(round(to_x - x), round(to_y - y)).release().perform()


@pytest.fixture(scope="module")
def server() -> Iterator[ViewerServer]:
    with served() as running:
        yield running


@pytest.fixture
def desk(browser: Chrome) -> Iterator[Chrome]:
    """A browser with the screen of a workstation, which leaves its page without being asked."""
    with screen(browser, 1280):
        yield browser
        browser.execute_script("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
        browser.get("about:blank")


@pytest.fixture
def room(desk: Chrome, server: ViewerServer) -> Room:
    server.failing, server.draft_status = set(), 200
    server.posted.clear()
    made = Room(desk, server)
    made.open()
    return made


PLACES = [(256, 256), (120, 256), (131, 270), (390, 301), (256, 40), (3, 3), (154, 128), (60, 256), (333, 222)]


class TestGrey:
    @pytest.mark.parametrize(("key", "window"), [("1", LUNG), ("2", MEDIASTINAL)])
    def test_every_checked_pixel_has_the_grey_of_the_formula(self, room, key, window):
        """The window is DICOM's linear one, PS3.3 C.11.2.1.2.1, onto 0 to 255, halves rounded up."""
        for number in (30, 0, 60, 17):
            room.do(f"viewer.slice = {number}")
            room.find(AXIAL).send_keys(key)
            room.check_greys("axial", PLACES, lambda column, row, at=number: phantom()[at, row, column], window)

    def test_magnified_every_pixel_is_the_one_meant(self, room):
        """Where a pixel of the image is wider than one of the screen, its middle shows it and nothing else."""
        room.find(AXIAL).send_keys("+", "+", "+", "+")
        near = [(256, 256), (200, 256), (201, 257), (202, 258), (310, 270), (180, 200)]
        found = room.colours("axial", near)
        assert [tuple(pixel) for pixel, _ in found] == near
        expected = [int(grey_of(phantom()[30, row, column], LUNG)) for column, row in near]
        assert [colour for _, colour in found] == [[grey] * 3 for grey in expected]
        assert len(set(expected)) > 3, "the places differ"

    @pytest.mark.parametrize("window", [(-600, 1500), (40, 400), (0, 1), (-1, 2), (300, 65535), (-500, 7)])
    def test_the_whole_range_of_values_has_the_grey_of_the_formula(self, room, window):
        found = room.browser.execute_async_script(
            "const [centre, width, done] = arguments; import('/static/viewer.js').then(({fillTable}) => {"
            "const table = new Uint32Array(65536); fillTable(table, {centre, width}, -40000); done([...table]); })",
            *window,
        )
        hu = np.arange(65536, dtype=np.uint16).view(np.int16)
        centre, width = window
        low = hu <= centre - 0.5 - (width - 1) / 2
        high = hu > centre - 0.5 + (width - 1) / 2
        between = np.floor(((hu - (centre - 0.5)) / max(1, width - 1) + 0.5) * 255 + 0.5)
        grey = np.select([low, high], [0, 255], between).astype(np.int64)
        assert (np.array(found).astype(np.int64) & 0xFFFFFFFF).tolist() == (0xFF000000 + grey * 0x010101).tolist()

    def test_a_window_is_set_by_its_numbers_and_by_the_right_button(self, room):
        centre = room.find("#viewer-centre")
        centre.clear()
        centre.send_keys("-450")
        assert room.ask("viewer.window") == {"centre": -450, "width": 1500}
        room.check_greys("axial", PLACES, lambda column, row: phantom()[30, row, column], (-450, 1500))
        room.until(lambda: "Free" in room.text(".viewer-bottom-left"))
        room.browser.execute_script(
            "const it = document.querySelector(arguments[0]), box = it.getBoundingClientRect();"
            "it.setPointerCapture = () => {};"
            "for (const [name, x, y] of [['down', 200, 300], ['move', 250, 280], ['up', 250, 280]])"
            "it.dispatchEvent(new PointerEvent('pointer' + name, {button: 2, clientX: box.x + x, clientY: box.y + y}))",
            AXIAL,
        )
        assert room.ask("viewer.window") == {"centre": -490, "width": 1700}

    def test_the_value_under_the_pointer_is_told(self, room):
        room.find(AXIAL).send_keys(*"+++++++")
        at = room.ask("viewer.placed('axial', [220, 270])")
        canvas = room.find(AXIAL)
        x, y = round(at[0] - canvas.size["width"] / 2), round(at[1] - canvas.size["height"] / 2)
        ActionChains(room.browser).move_to_element_with_offset(canvas, x, y).perform()
        assert room.text(".viewer-bottom-right") == f"{phantom()[30, 270, 220]} HU".replace("-", "−")


class TestSides:
    def test_the_patients_right_is_on_the_left_and_is_lettered_so(self, room):
        """The marker of the phantom lies at the front of the patient's right."""
        letters = {edge: room.text(f".viewer-axial .viewer-edge-{edge}") for edge in ("left", "right", "top", "bottom")}
        assert letters == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
        room.keys("2")
        marker = room.ask("viewer.placed('axial', [154, 128])")
        canvas = room.find(AXIAL)
        assert marker[0] < canvas.size["width"] / 2
        assert marker[1] < canvas.size["height"] / 2
        (_, bright), (_, other) = room.colours("axial", [(154, 128), (357, 128)])
        assert bright == [255] * 3
        assert other != bright

    def test_reformats_have_their_own_letters(self, room):
        said = {
            name: [room.text(f".viewer-{name} .viewer-edge-{edge}") for edge in ("left", "right", "top", "bottom")]
            for name in ("coronal", "sagittal")
        }
        assert said == {"coronal": ["R", "L", "H", "F"], "sagittal": ["A", "P", "H", "F"]}

    def test_letters_follow_the_directions_of_the_stack(self, desk):
        """A stack that lies otherwise is lettered as it lies; a tilted one has two letters."""
        tilt = math.radians(20)
        directions = {
            "along_row": [-1, 0, 0],
            "along_column": [0, math.cos(tilt), -math.sin(tilt)],
            "along_stack": [0, -math.sin(tilt), -math.cos(tilt)],
        }
        with served(phantom(5, 64, 64), **directions) as turned:
            other = Room(desk, turned)
            other.open()
            said = [other.text(f".viewer-axial .viewer-edge-{edge}") for edge in ("left", "right", "top", "bottom")]
            assert said == ["L", "R", "AH", "PF"]


class TestReformats:
    def test_coronal_and_sagittal_are_those_of_the_volume(self, room):
        room.do("viewer.crosshair = [140, 250]")
        volume = phantom()
        across = [(column, number) for column in (40, 140, 249, 371) for number in (0, 11, 30, 60)]
        room.check_greys("coronal", across, lambda column, number: volume[number, 250, column], LUNG)
        room.check_greys("sagittal", across, lambda row, number: volume[number, row, 140], LUNG)

    def test_they_are_scaled_by_the_distance_of_the_slices(self, room):
        between, _row, column = SPACING_MM
        (x, y), (to_x, to_y) = (room.ask(f"viewer.placed('coronal', [{at}, {at}])") for at in (0, 60))
        assert (to_y - y) / (to_x - x) == pytest.approx(between / column, rel=0.05)

    def test_a_click_in_a_reformat_moves_slice_and_crosshair(self, room):
        for view, place, crosshair in ((CORONAL, [100, 20], [100, 256]), (SAGITTAL, [300, 45], [100, 300])):
            canvas = room.find(view)
            x, y = room.ask(f"viewer.placed('{view.split(' ')[0][8:]}', {place})")
            offset = round(x - canvas.size["width"] / 2), round(y - canvas.size["height"] / 2)
            ActionChains(room.browser).move_to_element_with_offset(canvas, *offset).click().perform()
            assert room.ask("viewer.slice") == pytest.approx(place[1], abs=1)
            assert room.ask("viewer.crosshair") == pytest.approx(crosshair, abs=5)

    def test_the_crosshair_follows_a_click_in_the_slice(self, room):
        room.find(AXIAL).send_keys("x")
        x, y = room.ask("viewer.placed('axial', [200, 320])")
        room.drag((x, y), (x, y))
        assert room.ask("viewer.crosshair") == pytest.approx([200, 320], abs=1)


class TestCaliper:
    def test_a_known_length_on_unequal_spacing(self, room):
        """What is drawn is measured in mm of the patient, not of the screen."""
        room.find(AXIAL).send_keys("c")
        start, end = (room.ask(f"viewer.placed('axial', {at})") for at in ([150, 200], [230, 330]))
        room.drag(start, end)
        (told,) = room.heard("measured")
        (from_column, from_row), (to_column, to_row) = told["from"], told["to"]
        exact = math.hypot((to_column - from_column) * SPACING_MM[2], (to_row - from_row) * SPACING_MM[1])
        assert told["mm"] == pytest.approx(exact, abs=0.051)
        assert told["from"] == pytest.approx([150, 200], abs=2.5)
        assert told["to"] == pytest.approx([230, 330], abs=2.5)
        assert (told["slice"], told["points"]) == (30, 3)

    @pytest.mark.parametrize(("columns", "mm", "points"), [(11, 9.9, 1), (12, 10.8, 2), (33, 29.7, 2), (34, 30.6, 3)])
    def test_the_keyboard_alone_measures_exactly_and_suggests_the_class(self, room, columns, mm, points):
        room.do("viewer.crosshair = [100, 256]")
        room.find(AXIAL).send_keys("c", "x", Keys.ENTER)
        room.shifted(Keys.ARROW_RIGHT, columns)
        room.keys(Keys.ENTER)
        (told,) = room.heard("measured")
        assert (told["mm"], told["points"]) == (mm, points)
        assert (told["from"], told["to"]) == ([100, 256], [100 + columns, 256])

    def test_lines_are_kept_by_slice_deleted_and_restored(self, room):
        kept = [
            {"slice": 30, "from": [10, 10], "to": [20, 10], "mm": 9.0, "label": "R6"},
            {"slice": 4, "from": [1, 1], "to": [1, 11], "mm": 7.0, "label": ""},
        ]
        room.do(f"viewer.measurements = {json.dumps(kept)}")
        assert room.ask("viewer.measurements") == kept
        room.find(AXIAL).send_keys(Keys.BACKSPACE, Keys.BACKSPACE)
        assert room.ask("viewer.measurements") == kept[1:]
        assert room.heard("measurements") == [{"measurements": kept[1:]}]

    def test_an_end_is_corrected_by_dragging_it(self, room):
        room.do("viewer.measurements = [{slice: 30, from: [100, 256], to: [150, 256], mm: 45}]")
        room.find(AXIAL).send_keys("c")
        start, end = (room.ask(f"viewer.placed('axial', {at})") for at in ([150, 256], [200, 256]))
        room.drag(start, end)
        (line,) = room.ask("viewer.measurements")
        assert line["from"] == [100, 256]
        assert line["mm"] == pytest.approx(90, abs=1)

    def test_a_reformat_says_that_it_is_not_measured_in(self, room):
        """Sizes are axial diameters. A drag there moves the crosshair, with the caliper too, and leaves no line."""
        room.find(AXIAL).send_keys("c")
        room.until(lambda: room.text(".viewer-coronal figcaption") == "Coronal\nmeasure in the slice")
        for view in (CORONAL, SAGITTAL):
            ActionChains(room.browser).drag_and_drop_by_offset(room.find(view), 30, 0).perform()
        assert room.ask("viewer.crosshair") != [256, 256]
        assert room.ask("viewer.measurements") == []
        room.keys(Keys.ESCAPE)
        room.until(lambda: room.text(".viewer-sagittal figcaption") == "Sagittal")


class TestSpeed:
    def test_the_first_slice_is_there_soon_after_the_manifest(self, room):
        (taken,) = room.browser.execute_script(
            "return performance.getEntriesByName('viewer:first-slice').map(({duration}) => duration)"
        )
        assert taken < 500

    def test_scrolling_draws_in_a_few_milliseconds(self, room):
        times = room.browser.execute_script(WHEEL, 120)
        assert len(times) >= 100
        assert np.median(times) < 8

    def test_the_middle_is_asked_for_first_then_its_neighbours(self, desk):
        with served(phantom(21, 64, 64)) as small:
            Room(desk, small).open()
            assert small.served[0] == 10
            assert set(small.served[1:5]) == {11, 9, 12, 8}
            assert sorted(small.served) == list(range(21)), "the one asked for ahead is not asked for again"

    def test_without_a_word_of_the_page_the_first_slice_is_asked_for_all_the_same(self, desk):
        """And where the page named another slice, or it failed, nothing else is shown in its place."""
        for first in ("", "/slices/3"):
            with served(phantom(9, 64, 64)) as small:
                small.first = first
                small.failing = {3}
                room = Room(desk, small)
                room.open(loaded=False)
                room.until(lambda room=room: room.ask("viewer.loaded") == 8)
                room.check_greys("axial", [(20, 30)], lambda column, row: phantom(9, 64, 64)[4, row, column], LUNG)

    def test_reformats_are_drawn_after_the_first_slice(self, desk):
        """They wait for a frame, not for the reader to do something."""
        with served(phantom(1, 64, 64)) as small:
            room = Room(desk, small)
            early = desk.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": EARLY})
            room.open()
            desk.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", early)
            ((_, colour),) = room.colours("coronal", [(20, 0)])
            assert colour == [grey_of(phantom(1, 64, 64)[0, 32, 20], LUNG)] * 3
            room.until(lambda: desk.execute_script("return early") == [0])


class TestKeys:
    def test_the_stack_is_walked_by_keys_and_the_slice_is_told(self, room):
        room.find(AXIAL).send_keys(Keys.HOME)
        for key, number in (
            *((Keys.ARROW_DOWN, 1), (Keys.PAGE_DOWN, 11), (Keys.ARROW_UP, 10), (Keys.PAGE_UP, 0)),
            *((Keys.ARROW_UP, 0), (Keys.END, 60), (Keys.ARROW_DOWN, 60)),
        ):
            room.keys(key)
            assert room.ask("viewer.slice") == number
        room.until(lambda: room.text(".viewer-axial b") == "61 / 61")
        assert "300.0 mm from the first slice" in room.text(".viewer-axial .viewer-top-left")
        assert room.find(AXIAL).get_attribute("role") == "img"
        label = room.find(AXIAL).get_attribute("aria-label")
        assert label == "Axial, slice 61 of 61, Lung window, -600 / 1500"
        room.until(lambda: room.text("[data-viewer] [role=status]") == "Slice 61 of 61, Lung")

    def test_everything_is_reached_by_the_tabulator_and_shows_its_focus(self, room):
        room.browser.execute_script("document.activeElement.blur()")
        names = []
        for _ in range(14):
            room.keys(Keys.TAB)
            names.append(
                room.browser.execute_script(
                    "const it = document.activeElement, style = getComputedStyle(it); return [it.ariaLabel ?? it.id "
                    "?? '', style.outlineStyle, it.textContent]"
                )
            )
        reached = [name or text for name, _, text in names]
        for name in ("Lung", "Mediastinal", "viewer-centre", "viewer-width", "Caliper", "Crosshair", "Smooth"):
            assert name in reached
        for name in ("Zoom out", "Zoom in", "Fit", "Full screen", "Keys and mouse"):
            assert name in reached
        assert any(name.startswith("Axial, slice") for name in reached)
        assert all(line == "solid" for _, line, _ in names)

    def test_zoom_move_and_fit(self, room):
        before = room.ask("viewer.placed('axial', [256, 256])")
        room.find(AXIAL).send_keys("+", "+")
        assert (
            room.ask("viewer.placed('axial', [356, 256])")[0] > room.ask("viewer.placed('axial', [256, 256])")[0] + 120
        )
        room.shifted(Keys.ARROW_RIGHT, 2)
        assert room.ask("viewer.placed('axial', [256, 256])")[0] == pytest.approx(before[0] + 80, abs=2)
        room.keys("r")
        assert room.ask("viewer.placed('axial', [256, 256])") == before

    def test_the_pixel_under_the_wheel_stays_where_it_is(self, room):
        turn = """
        const it = document.querySelector(arguments[0]), box = it.getBoundingClientRect();
        it.dispatchEvent(new WheelEvent('wheel', {deltaY: -120, ctrlKey: true, cancelable: true,
          clientX: box.x + 120, clientY: box.y + 300}));
        """
        before = room.ask("viewer.shownAt('axial', [120, 300])")
        for _ in range(4):
            room.browser.execute_script(turn, AXIAL)
        assert room.ask("viewer.shownAt('axial', [120, 300])") == pytest.approx(before, abs=1)
        assert room.ask("viewer.shownAt('axial', [0, 0])")[0] > 40

    def test_space_and_the_middle_button_move_the_picture(self, room):
        for buttons, space in ((1, False), (0, True)):
            x, y = room.ask("viewer.placed('axial', [256, 256])")
            room.browser.execute_script(
                "const it = document.querySelector(arguments[0]); it.setPointerCapture = () => {};"
                "if (arguments[2]) it.dispatchEvent(new KeyboardEvent('keydown', {key: ' ', bubbles: true}));"
                "for (const [name, x, y] of [['down', 200, 300], ['move', 230, 260], ['up', 230, 260]])"
                "it.dispatchEvent(new PointerEvent('pointer' + name, {button: arguments[1], clientX: x, clientY: y}));"
                "it.dispatchEvent(new KeyboardEvent('keyup', {key: ' ', bubbles: true}));",
                *(AXIAL, buttons, space),
            )
            assert room.ask("viewer.placed('axial', [256, 256])") == [x + 30, y - 40]
            assert room.ask("viewer.slice") == 30

    def test_dragging_goes_through_the_slices(self, room):
        room.drag((200, 300), (200, 332))
        assert 30 < room.ask("viewer.slice") < 50

    def test_keys_stand_in_the_legend(self, room):
        room.find(AXIAL).send_keys("?")
        legend = room.find(".viewer-legend dl")
        assert legend.is_displayed()
        for key in ("PgUp", "1 2", "Backspace", "Shift + arrows", "Enter", "caliper", "full screen"):
            assert key in legend.text
        room.keys(Keys.ESCAPE)
        assert not legend.is_displayed()

    def test_smoothing_is_a_choice(self, room):
        room.find(AXIAL).send_keys("s")
        assert room.find("[aria-keyshortcuts=S]").get_attribute("aria-pressed") == "true"


class TestTrouble:
    def test_a_slice_that_fails_says_so_and_is_asked_for_again(self, desk):
        """No black silence: neither in the slice nor in the reformats, where its line is not a grey."""
        with served(phantom(9, 64, 64)) as small:
            small.failing = {5}
            room = Room(desk, small)
            room.open(loaded=False)
            room.until(lambda: room.ask("viewer.loaded") == 8)
            room.do("viewer.slice = 5")
            room.until(lambda: room.find(".viewer-message").is_displayed())
            assert room.text(".viewer-message p") == "Slice 6 could not be loaded: the server answered 500."
            assert room.text(".viewer-top-right") == "1 not loaded"
            ((_, (red, _, blue)),) = room.colours("coronal", [(20, 5)])
            assert red != blue
            small.failing = set()
            room.find(".viewer-message button").click()
            room.until(lambda: not room.find(".viewer-message").is_displayed())
            room.check_greys("axial", [(20, 30)], lambda column, row: phantom(9, 64, 64)[5, row, column], LUNG)

    def test_half_a_slice_is_no_slice(self, desk):
        with served(phantom(3, 64, 64), rows=128) as small:
            room = Room(desk, small)
            desk.get(small.address)
            room.until(lambda: "bytes" in room.text(".viewer-message p"))
            assert "the answer has 8192 bytes where 16384 are due" in room.text(".viewer-message p")

    def test_a_case_that_is_not_there_says_so(self, desk):
        with served(phantom(3, 64, 64)) as small:
            small.manifest_status = 404
            room = Room(desk, small)
            desk.get(small.address)
            room.until(
                lambda: "could not be loaded: the server answered 404." in room.text("[data-viewer] [role=alert]")
            )
            small.manifest_status = 200
            room.find("[data-viewer] button").click()
            room.until(lambda: room.ask("viewer.loaded") == 3)

    def test_nothing_is_complained_of(self, room):
        room.find(AXIAL).send_keys("x", "c", "s", "2", "+", Keys.END, Keys.HOME, "r", "x", "c", "s")
        assert complaints(room.browser) == []


class TestSeen:
    def test_what_was_looked_at_is_told_and_sent(self, room):
        """A slice is seen when it was shown for 100 ms; one passed by is not."""
        room.until(lambda: len(room.heard("seen")) >= 1 or room.ask("viewer.slice") == 30)
        room.do("viewer.slice = 10; viewer.slice = 11; viewer.slice = 12")
        room.until(lambda: any(told["slice"] == 12 for told in room.heard("seen")))
        assert not {10, 11} & {told["slice"] for told in room.heard("seen")}
        room.browser.execute_script("dispatchEvent(new PageTransitionEvent('pagehide'))")
        room.until(lambda: room.server.posts_to("/seen"))
        _, headers, body = next(post for post in room.server.posted if post[0] == "/seen")
        sent = json.loads(body)
        assert headers["X-CSRFToken"] == "token-of-the-page"
        assert {number for number, _ in sent["seen"]} == {30, 12}
        assert all(ms >= 100 for _, ms in sent["seen"])
        assert sent["viewing"]


class TestScores:
    def focus(self, room: Room, segment: str) -> None:
        room.browser.execute_script("document.getElementById(arguments[0]).focus()", f"segment-{segment}")

    def value(self, room: Room, name: str) -> list[str]:
        script = "return new FormData(document.querySelector('[data-reading]')).getAll(arguments[0])"
        return room.browser.execute_script(script, name)

    def test_single_keys_fill_a_row_and_move_on_when_it_is_whole(self, room):
        """A score that wants a form stays until it has one; a form first, then the score, goes on."""
        self.focus(room, "R1")
        room.keys("2", "g", "p", Keys.ARROW_DOWN, "0", "n", "g", "k", Keys.ARROW_UP, "4")
        scores = [self.value(room, f"score-{segment}") for segment in ("R1", "R2", "R3", "R4")]
        assert scores == [["2"], ["0"], ["4"], []]
        assert self.value(room, "form-R1") == ["ground-glass opacity"]
        assert self.value(room, "shape-R1") == ["patchy"]
        assert self.value(room, "form-R4") == ["ground-glass opacity", "consolidation"]
        assert room.text("[data-left]") == "15 of 18 to go"

    def test_the_map_prints_the_score_and_leads_to_the_row(self, room):
        self.focus(room, "L7_8")
        room.keys("3")
        assert room.text("[data-score-of=L7_8]") == "3"
        assert room.find("[data-region=L7_8]").get_attribute("aria-label") == "L7+8 anteromedial basal: 3"
        room.find("[data-region=R5]").click()
        focused = room.browser.execute_script("return document.activeElement.dataset.segment")
        assert focused == "R5"

    def test_the_map_has_every_segment_and_the_right_lung_on_the_left(self, room):
        boxes = room.browser.execute_script(
            "return [...document.querySelectorAll('[data-lung-map] path[data-segment]')].map((it) => "
            "[it.dataset.segment, it.nextElementSibling.getBoundingClientRect().x])"
        )
        assert {segment for segment, _ in boxes} == set(SEGMENTS)
        right = max(x for segment, x in boxes if segment.startswith("R"))
        assert right < min(x for segment, x in boxes if segment.startswith("L"))

    def test_a_measurement_fills_the_chosen_row_and_only_suggests(self, room):
        self.focus(room, "R6")
        room.keys("v")
        room.do("viewer.crosshair = [100, 256]")
        room.keys("c", "x", Keys.ENTER)
        room.shifted(Keys.ARROW_RIGHT, 20)
        room.keys(Keys.ENTER)
        assert self.value(room, "mm-R6") == ["18.0"]
        assert self.value(room, "score-R6") == []
        assert room.text("[data-suggestion]") == "R6: 18.0 mm suggests 2"
        assert json.loads(self.value(room, "measurements")[0])[0]["mm"] == 18
        room.keys("v", "2")
        assert self.value(room, "score-R6") == ["2"]
        assert room.text("[data-suggestion]") == ""

    def measure(self, room: Room, column: int, row: int) -> None:
        """A line of 9 mm by keys, from that pixel to the right."""
        room.do(f"viewer.crosshair = [{column}, {row}]")
        room.find(AXIAL).send_keys(Keys.ENTER)
        room.shifted(Keys.ARROW_RIGHT, 10)
        room.keys(Keys.ENTER)

    def kept(self, room: Room) -> list[tuple[str, float]]:
        lines = json.loads(self.value(room, "measurements")[0])
        return [(line["segment"], line["mm"]) for line in lines]

    def test_a_line_keeps_the_segment_it_was_drawn_for(self, room):
        """The one that was current; before any is, it is of none, and the page says so."""
        room.find(AXIAL).send_keys("c", "x")
        self.measure(room, 60, 100)
        assert room.text("[data-suggestion]") == "Choose a segment first: then a measurement fills its size."
        for segment, row in (("R6", 200), ("L1_2", 300)):
            self.focus(room, segment)
            assert "Choose" not in room.text("[data-suggestion]")
            self.measure(room, 60, row)
        assert self.kept(room) == [("", 9), ("R6", 9), ("L1_2", 9)]
        assert [line["label"] for line in room.ask("viewer.measurements")] == ["", "R6", "L1+2"]
        room.until(lambda: room.text("[data-viewer] [role=status]") == "L1+2  9.0 mm")

    def test_a_corrected_line_stays_with_its_segment(self, room):
        """Its length goes there too, whichever segment is current by then."""
        self.focus(room, "R6")
        room.find(AXIAL).send_keys("c", "x")
        self.measure(room, 100, 256)
        self.focus(room, "R7")
        start, end = (room.ask(f"viewer.placed('axial', {at})") for at in ([110, 256], [160, 256]))
        room.drag(start, end)
        ((segment, mm),) = self.kept(room)
        assert (segment, mm) == ("R6", pytest.approx(54, abs=1))
        assert self.value(room, "mm-R6") == [f"{mm:.1f}"]
        assert self.value(room, "mm-R7") == [""]

    def test_lines_of_a_draft_are_shown_with_their_segments(self, room):
        """The name stands beside the length: the label of a line of a segment is wider."""
        lines = [{"slice": 30, "from": [60, 150], "to": [90, 150], "mm": 27, "segment": name} for name in ("", "L1_2")]
        widths = []
        for line in lines:
            room.browser.execute_script(
                "document.querySelector('[name=measurements]').value = JSON.stringify([arguments[0]]);"
                "document.dispatchEvent(new Event('viewer:ready'))",
                line,
            )
            widths.append(room.browser.execute_async_script(LABEL_WIDTH))
        assert widths[1] > widths[0] + 20 > 40
        assert [line["label"] for line in room.ask("viewer.measurements")] == ["L1+2"]

    def test_a_draft_is_saved_and_what_fails_is_tried_again(self, room):
        self.focus(room, "R1")
        room.keys("1")
        room.until(lambda: room.text("[data-saved]").startswith("saved "))
        assert b'name="score-R1"' in room.server.posts_to("/draft")[-1]
        room.server.draft_status = 500
        room.keys("3")
        room.until(lambda: room.text("[data-saved]") == "not saved: the server answered 500")
        assert self.value(room, "score-R1") == ["3"]
        unloads = "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
        assert room.browser.execute_script(unloads)
        room.server.draft_status = 200
        room.keys("2")
        room.until(lambda: room.text("[data-saved]").startswith("saved "))
        assert not room.browser.execute_script(unloads)
        assert room.browser.execute_script("return localStorage.length + sessionStorage.length") == 0

    def test_without_scripts_every_input_is_there(self, browser, server):
        with screen(browser, 1280, script=False):
            browser.get(server.address)
            assert "The viewer needs JavaScript." in browser.find_element(By.CSS_SELECTOR, "[data-viewer]").text
            browser.find_element(By.CSS_SELECTOR, "[name=score-R1][value='3']").click()
            assert browser.find_element(By.CSS_SELECTOR, "[name=score-R1][value='3']").is_selected()
