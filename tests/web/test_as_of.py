"""Every page, as it stood at any earlier moment of the log."""

import re

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.addresses import PAGES, PLACES
from tests.web.sources import small_client, told

from firstbreath.events.store import MemoryStore


def first_event(published, subject: str, kind: str) -> int:
    page = published.get("/log", {"subject": subject, "kind": kind}).content.decode()
    return int(re.search(r'href="/log/(\d+)"', page)[1])


def test_enrolment_is_closed_before_the_first_review(published):
    review = first_event(published, "", "review_recorded")
    before, after = (told(published.get("/", {"as_of": seq})) for seq in (review - 1, review))
    assert "Enrolment is closed" in before
    assert "Without a review that says continue: P1." in before
    assert "Enrolment is open" in after


def test_it_is_marked_with_the_event_and_its_time(published):
    page = told(published.get("/", {"as_of": "9"}))
    assert "As it stood after event 9 , written 2022-05-26 00:00:09 UTC." in page
    assert "Later events are not shown." in page
    assert "As it stood" not in told(published.get("/"))


def test_a_time_means_the_last_event_written_by_then(published):
    for time in (
        "2022-05-26T00:00:09Z",
        "2022-05-26T00:00:09.5+00:00",
        "2022-05-26T08:00:09+08:00",
        "2022-05-26 00:00:09",
    ):
        assert "As it stood after event 9 " in told(published.get("/", {"as_of": time})), time


def test_an_unquoted_plus_sign_is_the_zone_of_a_time(published):
    assert "after event 9 " in told(published.get("/?as_of=2022-05-26T08:00:09+08:00"))


def test_a_time_before_the_first_event_is_the_beginning(published):
    page = told(published.get("/", {"as_of": "1999-01-01"}))
    assert "As it stood after the beginning , before the first event." in page
    assert "No trial yet" in page


def test_a_time_to_come_is_the_last_event(published):
    last = published.get("/health").json()["events"]
    assert f"after event {last} " in told(published.get("/", {"as_of": "9999-12-31T23:59:59Z"}))


@pytest.mark.parametrize("address", [address for address in PAGES if "page=2" not in address])
def test_every_link_keeps_the_moment_but_the_one_back_to_now(published, address):
    path, _, query = address.partition("?")
    page = published.get(f"{path}?{query}&as_of=120").content.decode()
    links = [link for link in re.findall(r'(?:href|src)="(/[^"]*)"', page) if not link.startswith("/static/")]
    assert len(links) > 5
    assert [link for link in links if "as_of=120" not in link] == [address.replace("&", "&amp;")]


@pytest.mark.parametrize("address", [a for name in PLACES if name not in ("asset",) for a in PLACES[name]])
@pytest.mark.parametrize("moment", ["0", "1"])
def test_every_page_can_be_asked_as_of_the_beginning(published, address, moment):
    sign = "&" if "?" in address else "?"
    assert published.get(f"{address}{sign}as_of={moment}").status_code in (200, 404)


@pytest.mark.parametrize(
    "moment",
    [
        *(
            "129",
            "99999999999999999999",
            "9" * 5000,
            "-1",
            "1.5",
            "1e3",
            "junk",
            "yesterday",
            "²",
            "١٢",
            "0x10",
            "None",
        ),
        *("2022-13-01", "2022-05-26T25:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "T", "+", "\0"),
        *("<script>", "1 OR 1=1", "../../etc/passwd", "{{ 7 }}", "%s%s%n", "1;2"),
    ],
)
def test_what_is_no_moment_is_said_plainly(published, moment):
    response = published.get("/", {"as_of": moment})
    assert response.status_code == 400
    page = told(response)
    assert "This address cannot be understood" in page
    assert "Name an event from 0 to 128" in page
    assert len(response.content) < 6000


def test_what_is_not_there_yet_is_said_to_be_so(published):
    response = published.get("/subjects/P7", {"as_of": "20"})
    assert response.status_code == 404
    assert "There is no subject P7 after event 20." in told(response)
    assert 'href="/subjects/P7"' in response.content.decode(), "the way back to now"


def test_later_events_are_not_shown(published):
    assert published.get("/log/60", {"as_of": "20"}).status_code == 404
    assert published.get("/log/60/record", {"as_of": "20"}).status_code == 404
    assert "20 events" in told(published.get("/log", {"as_of": "20"}))
    assert "event 21" not in told(published.get("/log/20", {"as_of": "20"})).partition("The log")[0]


def test_the_form_keeps_the_filter_and_works_without_a_script(published):
    page = published.get("/log", {"subject": "P2", "kind": "dose_given"}).content.decode()
    form = re.search(r"<form class=\"rail\".*?</form>", page, re.DOTALL)[0]
    assert 'name="subject" value="P2"' in form
    assert 'name="kind" value="dose_given"' in form
    assert 'action="/log" method="get"' in form
    assert re.search(r'<input id="as-of" name="as_of"', form)
    assert "<button>Show</button>" in form


def test_a_trial_that_has_not_begun_has_every_page():
    from tests.web.sources import MemorySource, client_of

    empty = client_of(MemorySource(MemoryStore()))
    for address in ("/", "/protocol", "/paper", "/claims", "/log", "/health"):
        assert empty.get(address).status_code == 200, address


def test_what_others_append_is_there_at_the_next_request():
    small = SmallTrial()
    site = small_client(small)
    assert "Nobody is enrolled" in told(site.get("/"))
    small.enrolled()
    assert "S1 Enrolled" in told(site.get("/"))
