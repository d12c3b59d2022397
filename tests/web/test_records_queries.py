"""Checks and queries in the browser: one click from a failed check to a query, and its life cycle."""

import re

import pytest
from tests.support.checked_trial import CheckedTrial
from tests.web.sources import SCRIPT, told
from tests.web.working import WorkingSite

ABOUT = {"subject": "S1", "form": "laboratory", "visit": "screening", "field": "wbc", "text": "Which is right?"}


@pytest.fixture
def checked(site):
    """A site whose subject S1 has a laboratory record that fails a check."""
    trial = CheckedTrial()
    trial.screen()
    trial.record("laboratory", "screening", wbc="1.2", lymphocytes="6.1")
    return WorkingSite(trial, site.source.blobs)


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden inputs of the form that is sent to an address."""
    form = re.search(rf'<form action="{action}".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def test_failed_check_becomes_a_query_in_one_click(checked):
    dana = checked.browser("dana")
    sent = fields_of(dana.get("/checks").content.decode(), "/queries/ask")
    assert dana.post("/queries/ask", sent).headers["Location"] == "/queries/1/of/S1"
    assert "query 1, open" in told(dana.get("/checks"))
    assert "More lymphocytes than white blood cells." in told(dana.get("/queries"))


def test_query_goes_round(checked):
    dana, nora = checked.browser("dana"), checked.browser("nora")
    dana.post("/queries/ask", ABOUT)
    assert "Answer" in told(nora.get("/queries/1/of/S1"))
    assert nora.post("/queries/1/answer/S1", {"text": "The second."}).status_code == 303
    assert dana.post("/queries/1/reopen/S1", {"text": "Please correct it."}).status_code == 303
    assert dana.post("/queries/1/close/S1", {"text": ""}).status_code == 303
    page = told(dana.get("/queries/1/of/S1"))
    assert [page.index(word) for word in ("Asked", "Answered", "Asked again", "Closed")] == sorted(
        page.index(word) for word in ("Asked", "Answered", "Asked again", "Closed")
    )
    assert "The second." in page


def test_whoever_may_correct_is_led_to_the_record_that_is_asked_about(checked):
    dana, nora = checked.browser("dana"), checked.browser("nora")
    dana.post("/queries/ask", ABOUT)
    there = 'href="/subjects/S1/forms/laboratory/screening/1/correct"'
    assert there in nora.get("/queries/1/of/S1").content.decode()
    assert there not in dana.get("/queries/1/of/S1").content.decode(), "a data manager corrects nothing"
    dana.post("/queries/ask", {**ABOUT, "visit": "D2"})
    assert "/correct" not in nora.get("/queries/2/of/S1").content.decode(), "what nobody recorded cannot be corrected"


def test_refused_step_keeps_what_was_said(checked):
    dana = checked.browser("dana")
    dana.post("/queries/ask", ABOUT)
    answer = dana.post("/queries/1/reopen/S1", {"text": "Again, please."})
    assert answer.status_code == 409
    assert "Again, please." in answer.content.decode()
    assert "QUERY-002" in told(answer)


def test_nurse_asks_no_query(checked):
    assert checked.browser("nora").post("/queries/ask", ABOUT).status_code == 403


def test_what_somebody_says_is_never_markup(checked):
    dana = checked.browser("dana")
    dana.post("/queries/ask", ABOUT | {"text": SCRIPT})
    for address in ("/queries", "/queries/1/of/S1"):
        assert "<script>hacked" not in dana.get(address).content.decode()


@pytest.mark.parametrize("wrong", ["/queries/9/of/S1", "/queries/1/of/S9", "/queries/1/answer/S9", "/queries/ask"])
def test_what_is_not_there_is_said_to_be_so(checked, wrong):
    assert checked.browser("dana").get(wrong).status_code in (403, 404)
