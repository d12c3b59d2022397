"""The paper of a running trial as people see it: no box of the participant flow lies on another."""

import pytest
from tests.browser.conftest import screen
from tests.support.small_trial import SmallTrial

from firstbreath.events.heads import sign_head
from firstbreath.paper.document import compose_paper
from firstbreath.paper.html import render_html

pytestmark = pytest.mark.chromium

OVERLAPS = """
const boxes = [...document.querySelectorAll('.flow li')].map(it => it.getBoundingClientRect());
return [boxes.length, boxes.flatMap((a, n) => boxes.slice(n + 1).filter(b =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length]
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_flow_of_a_running_trial_has_room_for_everyone(browser, tmp_path, width):
    small = SmallTrial().enrolled("S1")
    small.screen("S2")
    small.screen("S3", age="80")
    small.act("end_participation", "S3", how="screen_failure")
    events = [(event, bytes(32)) for event in small.door.history.events]
    paper = compose_paper(small.trial, events, head=sign_head(bytes(32), small.door.head), version="0")
    page = tmp_path / "paper.html"
    page.write_text(render_html(paper))
    with screen(browser, width):
        browser.get(page.as_uri())
        assert browser.execute_script(OVERLAPS) == [8, 0]
