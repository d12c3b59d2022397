"""The protocol, drawn."""

import re

from tests.support.small_trial import FILES, SmallTrial
from tests.web.sources import small_client, told


def test_schedule_is_a_table_with_a_header_for_each_visit_and_activity(published):
    page = published.get("/protocol").content.decode()
    grid = re.search(r'<table class="grid">.*?</table>', page, re.DOTALL)[0]
    assert grid.count('<th scope="col">') == 9
    row = re.search(r'<tr><th scope="row">Inhalation</th>(.*?)</tr>', grid, re.DOTALL)[1]
    assert re.findall(r"unseen\">(\w+)<|<td></td>", row) == ["", "due", "due", "due", "due", "due", "", ""]


def test_criteria_keep_their_published_numbers(published):
    page = published.get("/protocol").content.decode()
    assert page.count('<li value="17">') == 1
    assert page.count('<li value="4">') == 2


def test_silence_and_contradiction_are_marked_in_place_and_listed(published):
    page = told(published.get("/protocol"))
    assert "Aerogen Solo, vibrating mesh nebuliser source silent note The nebuliser is named." in page
    assert (
        "the abstract and the conclusions print 2.0e9, twice as much" in page.partition("Where the source is silent")[2]
    )


def test_dose_is_told_in_full(published):
    page = told(published.get("/protocol"))
    assert "2.0 × 10⁸ vesicles 6 ml, in normal saline, over 30 minutes, at 09:00, on trial days 1, 2, 3, 4, 5" in page


def test_gate_shows_what_it_guards(published):
    page = told(published.get("/protocol"))
    assert "G1 guards each enrolment The next patient may be enrolled after" in page
    assert "G2 guards each dose" in page


def test_amendment_names_the_protocol_before_it():
    small = SmallTrial()
    files = FILES | {"protocol.toml": FILES["protocol.toml"].replace("subjects_planned = 4", "subjects_planned = 9")}
    small.screen()
    from firstbreath.trial.commands import AmendProtocol

    small.ask(AmendProtocol(files=files, summary="more"), reason="more are needed")
    site = small_client(small)
    page = told(site.get("/protocol"))
    assert "Protocol in force since event 4" in page
    assert "In force before: the one of event 1 ." in page
    assert "Planned 9 subjects" in page
    assert "Planned 4 subjects" in told(site.get("/protocol", {"as_of": "3"}))


SECOND_ARM = """
[[doses]]
id = "twice"
amount = 4.0e8
unit = "vesicles"
days = [1, 2, 3]
[[arms]]
id = "B"
label = "Twice as much"
dose = "twice"
[consent]
"""


def test_several_doses_are_drawn_as_bars_of_their_share():
    files = FILES | {"protocol.toml": FILES["protocol.toml"].replace("[consent]\n", SECOND_ARM)}
    page = small_client(SmallTrial(files=files)).get("/protocol").content.decode()
    assert '<rect width="500" height="8"/>' in page
    assert '<rect width="1000" height="8"/>' in page


def test_how_an_inhalation_is_watched_is_drawn_with_its_rules(published):
    page = told(published.get("/protocol"))
    assert "How an inhalation is watched" in page
    assert "minutes from the start" in page
    assert "vs_spo2_change" in page
