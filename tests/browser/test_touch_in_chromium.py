"""The CT viewer under fingers and a pen, on the screen of a tablet."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from tests.browser.conftest import screen
from tests.browser.test_site_in_chromium import complaints
from tests.browser.test_viewer_in_chromium import AXIAL, Room
from tests.support.viewer_server import phantom, served

pytestmark = pytest.mark.chromium

FINGER_PX = 44
TABLET = {"width": 1180, "height": 820, "deviceScaleFactor": 2, "mobile": True}
CORNER = """
const canvas = document.querySelector(arguments[0]), {x, y, width} = canvas.getBoundingClientRect();
return [x, y, canvas.width / width];
"""
SIZES = """
return [...document.querySelectorAll(arguments[0])].filter((it) => it.checkVisibility())
  .map((it) => [it.textContent, it.getBoundingClientRect()]).map(([name, {width, height}]) => [name, width, height]);
"""


class Tablet(Room):
    """The viewer under fingers; places are pixels of the axial slice."""

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(map(self.on_page, places))]
        self.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    def on_page(self, place: tuple[float, float]) -> tuple[float, float]:
        x, y = self.placed[place]
        return self.corner[0] + x / self.ratio, self.corner[1] + y / self.ratio

    def swipe(self, *fingers: list[tuple[float, float]]) -> None:
        """Each finger through its places at once; all are as the slice lies when they begin."""
        *self.corner, self.ratio = self.browser.execute_script(CORNER, AXIAL)
        self.placed = {at: self.ask(f"viewer.placed('axial', {[*at]})") for way in fingers for at in way}
        for n, places in enumerate(zip(*fingers, strict=True)):
            self.touch("Move" if n else "Start", *places)
        self.touch("End")


@pytest.fixture(scope="module")
def tablet(browser: Chrome) -> Iterator[Tablet]:
    with served(phantom(21)) as server, screen(browser, TABLET["width"]):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", TABLET)
        browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
        yield Tablet(browser, server)
        browser.execute_script("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
        browser.get("about:blank")
        browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


@pytest.fixture
def room(tablet: Tablet) -> Tablet:
    tablet.browser.execute_script("addEventListener('beforeunload', (it) => it.stopImmediatePropagation(), true)")
    tablet.open()
    return tablet


def test_one_finger_goes_through_the_slices(room):
    room.swipe([(100, 100), (100, 140), (100, 220)])
    assert 10 < room.ask("viewer.slice") <= 20
    assert room.ask("viewer.placed('axial', [100, 100])") == room.placed[100, 100]


def test_two_fingers_zoom_about_their_middle_and_move_the_picture(room):
    """What lay between them lies between them; the slice stays, and the page is not zoomed."""
    room.swipe([(200, 256), (150, 256), (100, 256)], [(300, 256), (350, 256), (400, 256)])
    assert room.ask("viewer.slice") == 10
    (left, _), (right, _) = (room.ask(f"viewer.placed('axial', [{column}, 256])") for column in (200, 300))
    before_left, before_right = room.placed[200, 256][0], room.placed[300, 256][0]
    assert (right - left) / (before_right - before_left) == pytest.approx(3, abs=0.1)
    assert (right + left) / 2 == pytest.approx((before_right + before_left) / 2, abs=4)
    assert room.browser.execute_script("return visualViewport.scale") == 1
    room.swipe([(230, 256), (230, 276)], [(280, 256), (280, 276)])
    assert room.ask("viewer.placed('axial', [230, 256])")[1] == pytest.approx(room.placed[230, 276][1], abs=3)


def test_a_finger_left_after_two_does_nothing(room):
    room.swipe([(200, 256), (150, 256)], [(300, 256), (350, 256)])
    held = room.ask("viewer.placed('axial', [256, 256])")
    room.touch("Start", (200, 256), (300, 256))
    room.touch("End", (200, 256))
    room.touch("Move", (150, 256))
    room.touch("End")
    assert room.ask("viewer.placed('axial', [256, 256])") == pytest.approx(held, abs=2)
    assert room.ask("viewer.slice") == 10


def test_the_caliper_is_drawn_by_a_finger_and_a_wide_one_finds_its_end(room):
    room.find("[aria-label=Caliper]").click()
    room.swipe([(150, 256), (200, 256), (250, 256)])
    (line,) = room.ask("viewer.measurements")
    assert line["mm"] == pytest.approx(90, abs=2)
    room.swipe([(244, 262), (270, 256), (300, 256)])  # beside the end, not on it
    (line,) = room.ask("viewer.measurements")
    assert line["mm"] == pytest.approx(135, abs=8)
    room.find("[aria-label='Delete line']").click()
    assert room.ask("viewer.measurements") == []
    assert not room.find("[aria-label='Delete line']").is_enabled()


def test_a_second_finger_ends_a_line_that_was_begun(room):
    room.find("[aria-label=Caliper]").click()
    room.swipe([(150, 256), (250, 256)], [(350, 256), (300, 256)])
    assert room.ask("viewer.measurements") == []


def test_what_the_system_takes_away_is_no_line(room):
    room.find("[aria-label=Caliper]").click()
    room.swipe([(150, 256), (250, 256)])
    room.touch("Start", (250, 256))
    room.touch("Cancel")
    assert len(room.ask("viewer.measurements")) == 1


def test_a_pen_draws_as_a_mouse_does(room):
    room.find("[aria-label=Caliper]").click()
    room.browser.execute_script(
        "const it = document.querySelector(arguments[0]), box = it.getBoundingClientRect();"
        "const ratio = it.width / box.width; it.setPointerCapture = () => {};"
        "for (const [name, column] of [['down', 150], ['move', 200], ['up', 200]]) {"
        "  const [x, y] = it.closest('[data-viewer]').viewer.placed('axial', [column, 256]);"
        "  it.dispatchEvent(new PointerEvent('pointer' + name,"
        "    {pointerType: 'pen', clientX: box.x + x / ratio, clientY: box.y + y / ratio})); }",
        AXIAL,
    )
    (line,) = room.ask("viewer.measurements")
    assert line["mm"] == pytest.approx(45, abs=1)


def test_every_button_is_as_wide_as_a_finger(room):
    """44 px, as WCAG 2.5.5 asks; a mouse needs less and is given less."""
    small = [each for each in room.browser.execute_script(SIZES, ".viewer button") if min(each[1:]) < FINGER_PX]
    assert small == []
    heights = {size[2] for size in room.browser.execute_script(SIZES, ".reading-choices label, .viewer-bar input")}
    assert min(heights) >= FINGER_PX


def test_the_page_fits_the_tablet_and_nothing_is_complained_of(room):
    assert room.browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert complaints(room.browser) == []
